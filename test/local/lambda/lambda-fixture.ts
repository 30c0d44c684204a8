import { strToU8, zipSync } from 'fflate';
import type { Json, Properties } from '../../../local/cloudformation/resource-type';
import { createLambda, Lambda, LambdaOptions } from '../../../local/lambda';
import { LogStore } from '../../../local/logs/log-store';
import { resourceTypes } from '../../../local/resources';
import { BucketStore } from '../../../local/s3/bucket-store';
import { resourceScope } from '../resources/resource-scope';
import { testWorld, TestWorld } from '../test-world';

export const REGION = 'eu-central-1';

export interface LambdaFixture {
  readonly world: TestWorld;
  readonly lambda: Lambda;
  /** Deploys a function; `Code` may be left out when `files` are given, which become its zip. */
  deploy(name: string, files: Record<string, string>, properties?: Properties): Promise<void>;
  /** Delivers an event as CloudFormation does. */
  invoke(name: string, event?: Json): Promise<{ functionError?: string; payload: unknown; logTail: string }>;
  /** All messages in the function's log group, in order. */
  log(group: string): string[];
}

export function lambdaFixture(worldOptions: Parameters<typeof testWorld>[0] = {}, options: Partial<LambdaOptions> = {}): LambdaFixture {
  const world = testWorld(worldOptions);
  const credentialsForRole = (roleArn: string, sessionName: string) => ({
    accessKeyId: 'ASIATEST',
    secretAccessKey: 'test',
    sessionToken: `${roleArn}#${sessionName}`,
  });
  const lambda = createLambda(world, { credentialsForRole, ...options });
  const buckets = new BucketStore(world);
  return {
    world,
    lambda,
    deploy: async (name, files, properties = {}) => {
      const bucket = buckets.bucket('cdk-test-assets-123456789012-eu-central-1', REGION);
      const zip = zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, strToU8(text)])));
      buckets.putObject(bucket, `${name}.zip`, Buffer.from(zip), { headers: {} });
      const type = resourceTypes(world).get('AWS::Lambda::Function');
      await type?.create(
        {
          FunctionName: name,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::123456789012:role/worker',
          Timeout: 10,
          Code: { S3Bucket: 'cdk-test-assets-123456789012-eu-central-1', S3Key: `${name}.zip` },
          ...properties,
        },
        resourceScope(world, name, 'AWS::Lambda::Function'),
      );
    },
    invoke: async (name, event = {}) => {
      const { functionError, payload, logTail } = await lambda.invoker.invoke(name, event, { region: REGION });
      return { functionError, payload: JSON.parse(payload) as unknown, logTail };
    },
    log: (group) => Object.values(new LogStore(world).find(REGION, group)?.streams ?? {}).flatMap((s) => s.events.map((e) => e.message)),
  };
}
