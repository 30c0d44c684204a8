import { randomBytes, randomUUID } from 'node:crypto';
import { requiredText, textProperty } from './properties';
import { RecordedResource, recordedType } from './recorded-type';
import { ResourceScope, ResourceTypes } from '../cloudformation/resource-type';

/** Types of many services that are only recorded: nothing stands behind their ids and attributes. */
export function recordedTypes(): ResourceTypes {
  return new Map([
    ...messagingTypes(),
    ...observabilityTypes(),
    ...storageTypes(),
    [
      'AWS::KMS::Key',
      recordedType({
        generate: () => randomUUID(),
        attributes: ({ name, scope }) => ({ KeyId: name, Arn: arn(scope, 'kms', `key/${name}`) }),
      }),
    ],
    ['AWS::KMS::Alias', recordedType({ nameProperty: 'AliasName' })],
    ['AWS::StepFunctions::StateMachine', stateMachine()],
  ]);
}

function messagingTypes(): ResourceTypes {
  const queueUrl = ({ name, scope }: Pick<RecordedResource, 'name' | 'scope'>) =>
    `https://sqs.${scope.region}.amazonaws.com/${scope.accountId}/${name}`;
  const fifo = (scope: ResourceScope, enabled: unknown) =>
    String(enabled) === 'true' ? `${scope.generateName(75)}.fifo` : scope.generateName(80);
  return new Map([
    [
      'AWS::SNS::Topic',
      recordedType({
        nameProperty: 'TopicName',
        generate: (scope, { FifoTopic }) => fifo(scope, FifoTopic),
        ref: ({ name, scope }) => arn(scope, 'sns', name),
        attributes: ({ name, physicalId }) => ({ TopicName: name, TopicArn: physicalId }),
        replaceOn: ['FifoTopic'],
      }),
    ],
    ['AWS::SNS::TopicPolicy', recordedType({})],
    [
      'AWS::SNS::Subscription',
      recordedType({
        generate: (_scope, properties) => `${requiredText(properties, 'TopicArn')}:${randomUUID()}`,
        attributes: ({ name }) => ({ Arn: name }),
        replaceOn: ['TopicArn', 'Protocol', 'Endpoint'],
      }),
    ],
    [
      'AWS::SQS::Queue',
      recordedType({
        nameProperty: 'QueueName',
        generate: (scope, { FifoQueue }) => fifo(scope, FifoQueue),
        ref: queueUrl,
        attributes: ({ name, scope, physicalId }) => ({ Arn: arn(scope, 'sqs', name), QueueName: name, QueueUrl: physicalId }),
        replaceOn: ['FifoQueue'],
      }),
    ],
    ['AWS::SQS::QueuePolicy', recordedType({})],
    [
      'AWS::Events::Rule',
      recordedType({
        nameProperty: 'Name',
        generate: (scope) => scope.generateName(64),
        attributes: ({ name, scope, properties }) => {
          const bus = textProperty(properties, 'EventBusName') ?? 'default';
          return { Arn: arn(scope, 'events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`) };
        },
        replaceOn: ['EventBusName'],
      }),
    ],
    [
      'AWS::Events::EventBus',
      recordedType({
        nameProperty: 'Name',
        attributes: ({ name, scope }) => ({ Name: name, Arn: arn(scope, 'events', `event-bus/${name}`) }),
      }),
    ],
  ]);
}

function observabilityTypes(): ResourceTypes {
  return new Map([
    [
      'AWS::CloudWatch::Alarm',
      recordedType({ nameProperty: 'AlarmName', attributes: ({ name, scope }) => ({ Arn: arn(scope, 'cloudwatch', `alarm:${name}`) }) }),
    ],
    ['AWS::CloudWatch::Dashboard', recordedType({ nameProperty: 'DashboardName' })],
  ]);
}

function storageTypes(): ResourceTypes {
  return new Map([
    [
      'AWS::ECR::Repository',
      recordedType({
        nameProperty: 'RepositoryName',
        generate: (scope) => scope.generateName(256).toLowerCase(),
        attributes: ({ name, scope }) => ({
          Arn: arn(scope, 'ecr', `repository/${name}`),
          RepositoryUri: `${scope.accountId}.dkr.ecr.${scope.region}.amazonaws.com/${name}`,
        }),
      }),
    ],
    [
      'AWS::DynamoDB::Table',
      recordedType({
        nameProperty: 'TableName',
        attributes: ({ name, scope, properties }) => ({
          Arn: arn(scope, 'dynamodb', `table/${name}`),
          ...(properties.StreamSpecification !== undefined && {
            StreamArn: arn(scope, 'dynamodb', `table/${name}/stream/${new Date(scope.world.clock.now()).toISOString().slice(0, 23)}`),
          }),
        }),
        replaceOn: ['KeySchema'],
      }),
    ],
    [
      'AWS::SecretsManager::Secret',
      recordedType({
        nameProperty: 'Name',
        generate: (scope) => scope.generateName(),
        ref: ({ name, scope }) => arn(scope, 'secretsmanager', `secret:${name}-${randomBytes(3).toString('hex')}`),
        attributes: ({ physicalId }) => ({ Id: physicalId }),
      }),
    ],
  ]);
}

function stateMachine() {
  return recordedType({
    nameProperty: 'StateMachineName',
    generate: (scope) => scope.generateName(80),
    ref: ({ name, scope }) => arn(scope, 'states', `stateMachine:${name}`),
    attributes: ({ name, physicalId }) => ({ Arn: physicalId, Name: name, StateMachineRevisionId: 'INITIAL' }),
    replaceOn: ['StateMachineType'],
  });
}

function arn({ partition, region, accountId }: ResourceScope, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
