import { numberProperty, requiredText, tagsOf, textProperty } from './properties';
import { isChanged, recordedType } from './recorded-type';
import { ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { logGroupArn, LogStore } from '../logs/log-store';

/** Log groups and streams are alive; filters and policies are only recorded. */
export function logTypes(logs: LogStore): ResourceTypes {
  return new Map([
    ['AWS::Logs::LogGroup', logGroupType(logs)],
    ['AWS::Logs::LogStream', logStreamType(logs)],
    ['AWS::Logs::MetricFilter', recordedType({ nameProperty: 'FilterName', replaceOn: ['LogGroupName'] })],
    ['AWS::Logs::SubscriptionFilter', recordedType({ nameProperty: 'FilterName', replaceOn: ['LogGroupName'] })],
    ['AWS::Logs::ResourcePolicy', recordedType({ nameProperty: 'PolicyName' })],
  ]);
}

function logGroupType(logs: LogStore): ResourceType {
  const create: ResourceType['create'] = async (properties, scope) => {
    const name = textProperty(properties, 'LogGroupName') ?? scope.generateName();
    if (logs.find(scope.region, name) !== undefined) {
      throw new Error(`Resource of type 'AWS::Logs::LogGroup' with identifier '{"/properties/LogGroupName":"${name}"}' already exists.`);
    }
    logs.create(scope.region, name);
    logs.setRetention(scope.region, name, numberProperty(properties, 'RetentionInDays'));
    logs.setTags(scope.region, name, tagsOf(properties));
    return { physicalId: name, attributes: { Arn: logGroupArn(name, scope.region, scope.accountId) } };
  };
  return {
    create,
    update: async (physicalId, properties, previous, scope) => {
      if (isChanged(properties, previous, 'LogGroupName')) return create(properties, scope);
      logs.setRetention(scope.region, physicalId, numberProperty(properties, 'RetentionInDays'));
      logs.setTags(scope.region, physicalId, tagsOf(properties));
      return { physicalId, attributes: { Arn: logGroupArn(physicalId, scope.region, scope.accountId) } };
    },
    delete: async (physicalId, _properties, scope) => {
      if (logs.find(scope.region, physicalId) !== undefined) logs.delete(scope.region, physicalId);
    },
  };
}

function logStreamType(logs: LogStore): ResourceType {
  const create: ResourceType['create'] = async (properties, scope) => {
    const name = textProperty(properties, 'LogStreamName') ?? scope.generateName();
    logs.createStream(scope.region, requiredText(properties, 'LogGroupName'), name);
    return { physicalId: name };
  };
  return {
    create,
    update: async (_physicalId, properties, _previous, scope) => create(properties, scope),
    delete: async (physicalId, properties, scope) => {
      delete logs.find(scope.region, requiredText(properties, 'LogGroupName'))?.streams[physicalId];
    },
  };
}
