import * as path from 'node:path';
import { FunctionConfiguration } from './function-store';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface EnvironmentProps {
  readonly configuration: FunctionConfiguration;
  readonly credentials: Credentials;
  readonly endpoint: string;
  readonly logStream: string;
  readonly taskRoot: string;
  readonly runtimeFolder: string;
  readonly home: string;
  readonly modulePath: readonly string[];
}

/**
 * The whole environment of a function: Lambda's own variables
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and the function's. Nothing comes from this process.
 */
export function functionEnvironment(props: EnvironmentProps): Record<string, string> {
  const { configuration, credentials } = props;
  return {
    ...configuration.environment,
    AWS_REGION: configuration.region,
    AWS_DEFAULT_REGION: configuration.region,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: props.logStream,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime ?? ''}`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: props.taskRoot,
    LAMBDA_RUNTIME_DIR: props.runtimeFolder,
    _HANDLER: configuration.handler ?? '',
    TZ: configuration.environment.TZ ?? ':UTC',
    LANG: configuration.environment.LANG ?? 'en_US.UTF-8',
    PATH: configuration.environment.PATH ?? [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter),
    NODE_PATH: configuration.environment.NODE_PATH ?? props.modulePath.join(path.delimiter),
    HOME: props.home,
    // Not Lambda's: what keeps a rehearsal on this machine.
    AWS_ENDPOINT_URL: props.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    npm_config_offline: 'true',
    // The Node.js of this machine says nothing about the runtime that the function will have on AWS.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
