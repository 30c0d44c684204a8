import { randomUUID } from 'node:crypto';
import { lambdaFunctionType, readZip } from './lambda-function-type';
import { boundedNumber, objectProperty, requiredText, textProperty } from './properties';
import { isChanged, recordedType } from './recorded-type';
import { Json, Properties, ResourceScope, ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { FunctionRecord, FunctionStore, InvokeConfig } from '../lambda/function-store';
import { BucketStore } from '../s3/bucket-store';

/** Everything about Lambda is alive, except for event source mappings and function URLs, which are only recorded. */
export function lambdaTypes(functions: FunctionStore, buckets: BucketStore): ResourceTypes {
  return new Map([
    ['AWS::Lambda::Function', lambdaFunctionType(functions, buckets)],
    ['AWS::Lambda::Version', versionType(functions)],
    ['AWS::Lambda::Alias', aliasType(functions)],
    ['AWS::Lambda::Permission', permissionType(functions)],
    ['AWS::Lambda::EventInvokeConfig', invokeConfigType(functions)],
    ['AWS::Lambda::LayerVersion', layerVersionType(functions, buckets)],
    ['AWS::Lambda::Url', urlType()],
    [
      'AWS::Lambda::EventSourceMapping',
      recordedType({ generate: () => randomUUID(), attributes: ({ name }) => ({ Id: name }), replaceOn: ['EventSourceArn'] }),
    ],
  ]);
}

function versionType(functions: FunctionStore): ResourceType {
  const create: ResourceType['create'] = async (properties, scope) => {
    const record = recordOf(functions, properties, scope);
    const { arn, version } = functions.publishVersion(record);
    return { physicalId: `${arn}:${version}`, attributes: { Version: version, FunctionArn: `${arn}:${version}` } };
  };
  return {
    create,
    update: async (_physicalId, properties, _previous, scope) => create(properties, scope),
    delete: async (physicalId, properties, scope) => {
      delete findRecord(functions, properties, scope)?.versions[lastPart(physicalId)];
      functions.changed();
    },
  };
}

function aliasType(functions: FunctionStore): ResourceType {
  const set = (properties: Properties, scope: ResourceScope) => {
    const { configuration, aliases, versions } = recordOf(functions, properties, scope);
    const version = requiredText(properties, 'FunctionVersion');
    if (version !== '$LATEST' && versions[version] === undefined) throw new Error(`Function not found: ${configuration.arn}:${version}`);
    const name = requiredText(properties, 'Name');
    aliases[name] = version;
    functions.changed();
    return { physicalId: `${configuration.arn}:${name}`, attributes: { AliasArn: `${configuration.arn}:${name}` } };
  };
  return {
    create: async (properties, scope) => {
      const name = requiredText(properties, 'Name');
      if (recordOf(functions, properties, scope).aliases[name] !== undefined) throw new Error(`Alias ${name} already exists`);
      return set(properties, scope);
    },
    update: async (_physicalId, properties, _previous, scope) => set(properties, scope),
    delete: async (physicalId, properties, scope) => {
      delete findRecord(functions, properties, scope)?.aliases[lastPart(physicalId)];
      functions.changed();
    },
  };
}

function permissionType(functions: FunctionStore): ResourceType {
  const create: ResourceType['create'] = async (properties, scope) => {
    const record = recordOf(functions, properties, scope);
    const physicalId = scope.generateName(100);
    record.statements[physicalId] = statement(physicalId, record.configuration.arn, properties);
    functions.changed();
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    create,
    update: async (_physicalId, properties, _previous, scope) => create(properties, scope),
    delete: async (physicalId, properties, scope) => {
      delete findRecord(functions, properties, scope)?.statements[physicalId];
      functions.changed();
    },
  };
}

function statement(id: string, functionArn: string, properties: Properties): object {
  const principal = requiredText(properties, 'Principal');
  const sourceArn = textProperty(properties, 'SourceArn');
  const sourceAccount = textProperty(properties, 'SourceAccount');
  const condition = {
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principalOf(principal, functionArn),
    Action: requiredText(properties, 'Action'),
    Resource: functionArn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** An account stands for its root user, in the function's partition. */
function principalOf(principal: string, functionArn: string): Json {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${functionArn.split(':')[1]}:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function invokeConfigType(functions: FunctionStore): ResourceType {
  const configs = (properties: Properties, scope: ResourceScope) => recordOf(functions, properties, scope).invokeConfigs;
  const qualifier = (properties: Properties) => requiredText(properties, 'Qualifier');
  const create: ResourceType['create'] = async (properties, scope) => {
    const invokeConfigs = configs(properties, scope);
    if (invokeConfigs[qualifier(properties)] !== undefined) {
      throw new Error(
        `The function ${requiredText(properties, 'FunctionName')} already has an EventInvokeConfig for ${qualifier(properties)}`,
      );
    }
    invokeConfigs[qualifier(properties)] = invokeConfig(properties);
    functions.changed();
    return { physicalId: scope.generateName() };
  };
  return {
    create,
    update: async (physicalId, properties, previous, scope) => {
      if (isChanged(properties, previous, 'FunctionName') || isChanged(properties, previous, 'Qualifier')) return create(properties, scope);
      configs(properties, scope)[qualifier(properties)] = invokeConfig(properties);
      functions.changed();
      return { physicalId };
    },
    delete: async (_physicalId, properties, scope) => {
      delete findRecord(functions, properties, scope)?.invokeConfigs[qualifier(properties)];
      functions.changed();
    },
  };
}

function invokeConfig(properties: Properties): InvokeConfig {
  return {
    maximumRetryAttempts: boundedNumber(properties, 'MaximumRetryAttempts', 0, 2),
    maximumEventAgeInSeconds: boundedNumber(properties, 'MaximumEventAgeInSeconds', 60, 21600),
  };
}

function layerVersionType(functions: FunctionStore, buckets: BucketStore): ResourceType {
  const create: ResourceType['create'] = async (properties, scope) => {
    const name = textProperty(properties, 'LayerName') ?? scope.generateName(64);
    const arn = functions.addLayerVersion(name, scope.region, readZip(buckets, objectProperty(properties, 'Content')));
    return { physicalId: arn, attributes: { LayerVersionArn: arn } };
  };
  return {
    create,
    update: async (_physicalId, properties, _previous, scope) => create(properties, scope),
    delete: async (physicalId) => functions.deleteLayerVersion(physicalId),
  };
}

function urlType(): ResourceType {
  return recordedType({
    generate: (_scope, properties) => requiredText(properties, 'TargetFunctionArn'),
    attributes: ({ name, scope }) => ({
      FunctionArn: name,
      FunctionUrl: `https://${Buffer.from(name).toString('hex').slice(-32)}.lambda-url.${scope.region}.on.aws/`,
    }),
    replaceOn: ['TargetFunctionArn', 'Qualifier'],
  });
}

function recordOf(functions: FunctionStore, properties: Properties, scope: ResourceScope): FunctionRecord {
  return functions.resolve(requiredText(properties, 'FunctionName'), scope.region).record;
}

/** The function may be gone already when what belongs to it is deleted. */
function findRecord(functions: FunctionStore, properties: Properties, scope: ResourceScope): FunctionRecord | undefined {
  const name = /(?:function:)?([A-Za-z0-9-_]+)(?::[^:]+)?$/.exec(requiredText(properties, 'FunctionName'))?.[1] ?? '';
  return functions.find(requiredText(properties, 'FunctionName'), scope.region) ?? functions.find(name, scope.region);
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
