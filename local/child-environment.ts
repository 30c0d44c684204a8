import * as os from 'node:os';
import { partitionOf } from './server/partition';

/**
 * The environment of a command that runs against the endpoint. Everything that could lead it to a real AWS account is taken out:
 * variables, profiles, configuration files and instance metadata. `--profile` would still lead out of here (the CDK CLI then
 * ignores the endpoint setting), so the files behind it are hidden, too.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv, endpoint: string, accountId: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(parent).filter(([name]) => !/^(AWS_|AMAZON_|CDK_DEFAULT_)/i.test(name)));
  const region = parent.AWS_REGION ?? parent.AWS_DEFAULT_REGION ?? 'us-east-1';
  return {
    ...kept,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // One key id per account and partition: the CDK CLI caches both by key id for ever (~/.cdk/cache/accounts_partitions.json).
    AWS_ACCESS_KEY_ID: `AKIA${accountId}${keySuffix(partitionOf(region))}`,
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_PROXY: [parent.NO_PROXY ?? parent.no_proxy, '127.0.0.1'].filter(Boolean).join(','),
  };
}

/** Four capitals that tell the partitions apart, so that a key id has its 20 characters. */
function keySuffix(partition: string): string {
  return partition === 'aws' ? 'LOCK' : partition.replace(/-/g, '').toUpperCase().slice(-4);
}
