import { randomUUID } from 'node:crypto';
import { boundedNumber, objectProperty, requiredText, tagsOf, textList, textProperty } from './properties';
import { isChanged, refuseReplacementOfNamed } from './recorded-type';
import { Properties, ResourceResult, ResourceScope, ResourceType } from '../cloudformation/resource-type';
import { FunctionCode, FunctionConfiguration, FunctionRecord, FunctionStore } from '../lambda/function-store';
import { BucketStore } from '../s3/bucket-store';
import { AwsError } from '../server/service';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: reserved, and so refused in a function's own settings. */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_INLINE_BYTES = 4 * 1024 * 1024;
const MAX_NAME_LENGTH = 64;

export function lambdaFunctionType(functions: FunctionStore, buckets: BucketStore): ResourceType {
  const create = async (properties: Properties, scope: ResourceScope): Promise<ResourceResult> => {
    const name = textProperty(properties, 'FunctionName') ?? scope.generateName(MAX_NAME_LENGTH);
    if (!/^[A-Za-z0-9-_]{1,64}$/.test(name)) throw new Error(`\`FunctionName\` must be 1 to 64 letters, digits, - or _, not ${name}.`);
    if (functions.find(name, scope.region) !== undefined) throw new Error(`${name} already exists`);
    const code = readCode(functions, buckets, objectProperty(properties, 'Code'));
    const record: FunctionRecord = {
      configuration: configurationOf(name, properties, code, scope, functions),
      reservedConcurrency: boundedNumber(properties, 'ReservedConcurrentExecutions', 0, 1000),
      tags: tagsOf(properties),
      versions: {},
      aliases: {},
      invokeConfigs: {},
      statements: {},
    };
    functions.put(record);
    return result(record);
  };

  return {
    create,
    update: async (physicalId, properties, previous, scope) => {
      if (isChanged(properties, previous, 'PackageType')) {
        refuseReplacementOfNamed(properties, previous, 'FunctionName');
        return create(properties, scope);
      }
      if (isChanged(properties, previous, 'FunctionName')) return create(properties, scope);
      const record = functions.find(physicalId, scope.region);
      if (record === undefined) throw new Error(`Function not found: ${functions.arn(physicalId, scope.region)}`);
      const code = isChanged(properties, previous, 'Code')
        ? readCode(functions, buckets, objectProperty(properties, 'Code'))
        : record.configuration.code;
      record.configuration = configurationOf(physicalId, properties, code, scope, functions);
      record.reservedConcurrency = boundedNumber(properties, 'ReservedConcurrentExecutions', 0, 1000);
      record.tags = tagsOf(properties);
      functions.changed();
      return result(record);
    },
    delete: async (physicalId, _properties, scope) => functions.delete(physicalId, scope.region),
  };
}

/** The bytes of a zip in S3, in the words in which Lambda reports that it cannot get them. */
export function readZip(buckets: BucketStore, content: Properties): Buffer {
  try {
    return buckets.readObject(requiredText(content, 'S3Bucket'), requiredText(content, 'S3Key'));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new Error(`Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`);
  }
}

function readCode(functions: FunctionStore, buckets: BucketStore, code: Properties): FunctionCode {
  const text = textProperty(code, 'ZipFile');
  if (text !== undefined) {
    const content = Buffer.from(text);
    if (content.length > MAX_INLINE_BYTES) {
      throw new Error(`\`Code.ZipFile\` must be at most ${MAX_INLINE_BYTES} bytes, not ${content.length}.`);
    }
    return { kind: 'inline', text, sha256: functions.sha256(content), size: content.length };
  }
  const uri = textProperty(code, 'ImageUri');
  if (uri !== undefined) return { kind: 'image', uri, sha256: functions.sha256(Buffer.from(uri)), size: 0 };
  return { kind: 'zip', ...functions.storeZip(readZip(buckets, code)) };
}

function configurationOf(
  name: string,
  properties: Properties,
  code: FunctionCode,
  scope: ResourceScope,
  functions: FunctionStore,
): FunctionConfiguration {
  return {
    name,
    arn: functions.arn(name, scope.region),
    region: scope.region,
    version: '$LATEST',
    runtime: code.kind === 'image' ? textProperty(properties, 'Runtime') : requiredText(properties, 'Runtime'),
    handler: code.kind === 'image' ? textProperty(properties, 'Handler') : requiredText(properties, 'Handler'),
    roleArn: requiredText(properties, 'Role'),
    description: textProperty(properties, 'Description') ?? '',
    timeout: boundedNumber(properties, 'Timeout', 1, 900) ?? 3,
    memorySize: boundedNumber(properties, 'MemorySize', 128, 10240) ?? 128,
    environment: environmentOf(properties),
    code,
    layers: textList(properties, 'Layers'),
    logGroup: textProperty(objectProperty(properties, 'LoggingConfig'), 'LogGroup') ?? `/aws/lambda/${name}`,
    architectures: properties.Architectures === undefined ? ['x86_64'] : textList(properties, 'Architectures'),
    lastModified: scope.world.clock.now(),
    revisionId: randomUUID(),
  };
}

function environmentOf(properties: Properties): Record<string, string> {
  const variables = objectProperty(objectProperty(properties, 'Environment'), 'Variables');
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) {
    throw new Error(
      'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved ' +
        `keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  return Object.fromEntries(Object.keys(variables).map((name) => [name, textProperty(variables, name) ?? '']));
}

function result({ configuration }: FunctionRecord): ResourceResult {
  return { physicalId: configuration.name, attributes: { Arn: configuration.arn } };
}
