import { randomUUID } from 'node:crypto';
import { recordsOf } from './recorded-type';
import { QueryOperation } from '../protocol/query-protocol';
import { XmlMap } from '../protocol/xml';
import { AwsError, AwsRequest } from '../server/service';
import { World } from '../server/world';

export const SNS_XMLNS = 'http://sns.amazonaws.com/doc/2010-03-31/';

export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly published: number;
}

/** So many of the latest messages are kept. */
const MAX_MESSAGES = 1000;

/** Records a message of another service (a finished job, say) or of a caller; nobody is subscribed here. */
export function publish(world: World, topicArn: string, message: string, subject?: string): string {
  const { messages } = world.state.slice<{ messages: PublishedMessage[] }>('sns-messages', () => ({ messages: [] }));
  const messageId = randomUUID();
  messages.push({ messageId, topicArn, subject, message, published: world.clock.now() });
  messages.splice(0, Math.max(0, messages.length - MAX_MESSAGES));
  world.state.changed();
  return messageId;
}

export function snsOperations(world: World): Record<string, QueryOperation> {
  const authorise = (request: AwsRequest, operation: string, resource: string) => {
    if (request.caller.roleArn === undefined) return;
    world.iam.authorise({ caller: request.caller, action: `sns:${operation}`, resource });
  };
  const topic = (topicArn: string | undefined) => {
    const record = recordsOf(world, 'AWS::SNS::Topic')[topicArn ?? ''];
    if (topicArn === undefined || record === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return { topicArn, record };
  };
  return {
    ListTopics: (_parameters, request) => {
      authorise(request, 'ListTopics', '*');
      const topics = Object.entries(recordsOf(world, 'AWS::SNS::Topic')).filter(([, { region }]) => region === request.region);
      return { Topics: topics.map(([topicArn]) => ({ TopicArn: topicArn })) };
    },
    GetTopicAttributes: (parameters, request) => {
      const { topicArn, record } = topic(parameters.TopicArn);
      authorise(request, 'GetTopicAttributes', topicArn);
      const attributes = { TopicArn: topicArn, Owner: world.accountId, DisplayName: String(record.properties.DisplayName ?? '') };
      return { Attributes: new XmlMap(attributes) };
    },
    Publish: (parameters, request) => {
      const { topicArn } = topic(parameters.TopicArn ?? parameters.TargetArn);
      authorise(request, 'Publish', topicArn);
      if (!parameters.Message) throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
      return { MessageId: publish(world, topicArn, parameters.Message, parameters.Subject) };
    },
  };
}
