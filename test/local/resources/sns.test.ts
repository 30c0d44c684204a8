import { createQueryService } from '../../../local/protocol/query-protocol';
import { resourceTypes, snsOperations, SNS_XMLNS } from '../../../local/resources';
import { testWorld, TestWorld } from '../test-world';
import { awsRequest } from './aws-request';
import { resourceScope } from './resource-scope';

describe('SNS', () => {
  const topicArn = 'arn:aws:sns:eu-central-1:123456789012:alarms';
  let world: TestWorld;
  beforeEach(async () => {
    world = testWorld();
    await resourceTypes(world)
      .get('AWS::SNS::Topic')
      ?.create({ TopicName: 'alarms' }, resourceScope(world, 'T', 'AWS::SNS::Topic'));
  });

  const call = async (parameters: Record<string, string>) => {
    const service = createQueryService({ names: ['sns'], xmlns: SNS_XMLNS, world, operations: snsOperations(world) });
    const { status, body } = await service.handle(
      awsRequest({ service: 'sns', body: Buffer.from(new URLSearchParams(parameters).toString()) }),
    );
    return { status, body: String(body) };
  };
  const messages = () => world.state.slice<{ messages: object[] }>('sns-messages', () => ({ messages: [] })).messages;

  test('keeps what was published to a topic of a stack', async () => {
    const { status, body } = await call({ Action: 'Publish', TopicArn: topicArn, Message: 'job done', Subject: 'Glacier' });
    expect(status).toBe(200);
    const messageId = /<MessageId>(.+)<\/MessageId>/.exec(body)?.[1];
    expect(messages()).toEqual([{ messageId, topicArn, subject: 'Glacier', message: 'job done', published: Date.parse('2026-01-01') }]);
  });

  test('lists and describes topics', async () => {
    expect((await call({ Action: 'ListTopics' })).body).toContain(`<Topics><member><TopicArn>${topicArn}</TopicArn></member></Topics>`);
    expect((await call({ Action: 'GetTopicAttributes', TopicArn: topicArn })).body).toContain(
      '<entry><key>Owner</key><value>123456789012</value></entry>',
    );
  });

  test('refuses topics that are not there', async () => {
    const { status, body } = await call({ Action: 'Publish', TopicArn: `${topicArn}2`, Message: 'x' });
    expect(status).toBe(404);
    expect(body).toContain('<Code>NotFound</Code>');
    expect(messages()).toEqual([]);
  });
});
