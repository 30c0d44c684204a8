import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { LocalEndpoint } from '../../local/endpoint';

const ACCOUNT = '123456789012';
const START = { port: 0, accountId: ACCOUNT, switches: {} };

let stateFolder: string;
beforeEach(() => (stateFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'endpoint-'))));
afterEach(() => fs.rmSync(stateFolder, { recursive: true, force: true }));

interface Keys {
  readonly id: string;
  readonly token?: string;
}

/** Clients of one endpoint, by region. */
function clients(endpoint: LocalEndpoint) {
  const send = async (service: string, region: string, body: string, headers: Record<string, string>, { id, token }: Keys) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${id}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const signed = { ...headers, authorization, ...(token !== undefined && { 'x-amz-security-token': token }) };
    const answer = await fetch(endpoint.url, { method: 'POST', body, headers: signed });
    return { status: answer.status, text: await answer.text() };
  };
  const administrator: Keys = { id: 'AKIAIOSFODNN7EXAMPLE' };
  return {
    query: async (service: string, region: string, parameters: Record<string, string>) =>
      send(service, region, new URLSearchParams(parameters).toString(), {}, administrator),
    ssm: async (region: string, operation: string, input: object, keys = administrator) =>
      send('ssm', region, JSON.stringify(input), { 'x-amz-target': `AmazonSSM.${operation}` }, keys),
  };
}

function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

/** A role that may read the parameters of its own stack's region and account, and nothing else. */
const READER = {
  Resources: {
    Reader: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'Reader',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
              Action: 'sts:AssumeRole',
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'Read',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'ssm:GetParameter',
                  Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/lock-id' },
                },
              ],
            },
          },
        ],
      },
    },
  },
  Outputs: { Role: { Value: { 'Fn::GetAtt': ['Reader', 'Arn'] } } },
};

describe('LocalEndpoint', () => {
  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-east-1', 'aws'],
  ])('in %s a role may do what its statements on arn:%s:… allow, and no more', async (region, partition) => {
    const endpoint = await LocalEndpoint.start({ ...START, stateFolder });
    try {
      const { query, ssm } = clients(endpoint);
      for (const Name of ['lock-id', 'other']) await ssm(region, 'PutParameter', { Name, Type: 'String', Value: 'x' });
      const stack = { StackName: 'Reader', TemplateBody: JSON.stringify(READER), 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' };
      const created = await query('cloudformation', region, { Action: 'CreateStack', ...stack });
      expect(element(created.text, 'StackId')).toContain(`arn:${partition}:cloudformation:${region}:${ACCOUNT}:stack/Reader/`);
      // The endpoint keeps the answer back until the stack has reached its end.
      let described = '';
      do described = (await query('cloudformation', region, { Action: 'DescribeStacks', StackName: 'Reader' })).text;
      while (element(described, 'StackStatus') === 'CREATE_IN_PROGRESS');
      const roleArn = element(described, 'OutputValue');
      expect(roleArn).toBe(`arn:${partition}:iam::${ACCOUNT}:role/Reader`);

      const assumed = (await query('sts', region, { Action: 'AssumeRole', RoleArn: roleArn, RoleSessionName: 'reader' })).text;
      expect(element(assumed, 'Arn')).toBe(`arn:${partition}:sts::${ACCOUNT}:assumed-role/Reader/reader`);
      const keys = { id: element(assumed, 'AccessKeyId'), token: element(assumed, 'SessionToken') };
      expect(await ssm(region, 'GetParameter', { Name: 'lock-id' }, keys)).toMatchObject({
        status: 200,
        text: expect.stringContaining(`"ARN":"arn:${partition}:ssm:${region}:${ACCOUNT}:parameter/lock-id"`) as string,
      });
      expect(await ssm(region, 'GetParameter', { Name: 'other' }, keys)).toMatchObject({
        text: expect.stringContaining('AccessDeniedException') as string,
      });
    } finally {
      await endpoint.stop();
    }
  });

  test('a request without a signature gets 400 MissingAuthenticationTokenException, as from Glacier', async () => {
    const endpoint = await LocalEndpoint.start({ ...START, stateFolder });
    try {
      const answer = await fetch(`${endpoint.url}/-/vaults`);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        {
          code: 'MissingAuthenticationTokenException',
          message: expect.stringContaining('Missing Authentication Token') as string,
          type: 'Client',
        },
      ]);
    } finally {
      await endpoint.stop();
    }
  });

  test('knows which services and operations a fault may name', async () => {
    const endpoint = await LocalEndpoint.start({ ...START, stateFolder });
    try {
      const set = async (service: string, operation: string) => {
        const body = JSON.stringify([{ service, operation, delayMs: 1 }]);
        return (await fetch(`${endpoint.url}/_local/faults`, { method: 'POST', body })).status;
      };
      const possible = [
        ['glacier', 'CompleteVaultLock'],
        ['backup', 'PutBackupVaultLockConfiguration'],
        ['s3', 'ListObjectsV2'],
        ['ssm', 'GetParameter'],
        ['lambda', 'Invoke'],
        ['lambda', 'kill'],
        ['iam', 'grant'],
        ['cloudformation', 'duplicate'],
        ['cloudtrail', 'LookupEvents'],
        ['*', '*'],
      ] as const;
      for (const [service, operation] of possible) {
        expect([service, operation, await set(service, operation)]).toEqual([service, operation, 200]);
      }
      const impossible = [
        ['glacier', 'CompleteLock'],
        ['Glacier', '*'],
        ['dynamodb', 'PutItem'],
      ] as const;
      for (const [service, operation] of impossible) {
        expect([service, operation, await set(service, operation)]).toEqual([service, operation, 400]);
      }
    } finally {
      await endpoint.stop();
    }
  });

  test.each([
    [
      { 'lambda.concurency': '5' },
      /^`lambda\.concurency` must be one of the switches backup\..*, cloudformation\.rollbackOrder, glacier\..*, lambda\.concurrency, lambda\.retryDelayMs, server\.requestsPerSecond\.$/,
    ],
    [{ 'glacier.jobSecond': '5' }, /^`glacier\.jobSecond` must be one of the switches /],
    [{ constructor: 'x' }, /^`constructor` must be one of the switches /],
    [{ 'lambda.concurrency': '0' }, /^`lambda\.concurrency` must be a whole number from 1, but is "0"\. Leave it out for 10\.$/],
    [
      { 'server.requestsPerSecond': '2.5' },
      /^`server\.requestsPerSecond` must be a whole number from 0, but is "2\.5"\. Leave it out for 0\.$/,
    ],
    [{ 'lambda.retryDelayMs': '-1' }, /^`lambda\.retryDelayMs` must be a whole number from 0, but is "-1"\. Leave it out for 100\.$/],
    [{ 'cloudformation.rollbackOrder': 'sideways' }, /^`cloudformation\.rollbackOrder` must be backward or forward, but is "sideways"\./],
  ])('refuses the switch %j before it touches the state folder', async (switches, message) => {
    await expect(LocalEndpoint.start({ ...START, stateFolder, switches: { ...switches } })).rejects.toThrow(message);
    expect(fs.readdirSync(stateFolder)).toEqual([]);
  });

  test('says which port is taken and how to get another one, and gives the state folder back', async () => {
    const other = http.createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(LocalEndpoint.start({ ...START, stateFolder, port })).rejects.toThrow(
      `\`--port\` ${port} is taken by another process; \`--port 0\` picks a free one.`,
    );
    expect(fs.existsSync(path.join(stateFolder, 'process'))).toBe(false);
    await new Promise((resolve) => other.close(resolve));
  });
});
