import { GlacierClient } from '@aws-sdk/client-glacier';
import { HttpStub, rejection } from './fakes/http-stub';
import { STACK_ID } from './fakes/world';
import { cloudFormationStacks } from '../../lambda/aws/cloudformation-stacks';
import { kindOf } from '../../lambda/aws/errors';
import { sdkGlacier } from '../../lambda/aws/glacier-client';
import { partition } from '../../lambda/aws/plain-client';
import { ssmParameters } from '../../lambda/aws/ssm-parameters';

const stub = new HttpStub();
const { seen } = stub;
beforeAll(async () => stub.start());
afterAll(async () => stub.stop());
beforeEach(() => stub.reset());

const glacierError = (code: string, status: number) => ({ status, body: JSON.stringify({ code, message: 'text', type: 'Client' }) });

describe('what the SDK makes of Glacier’s errors, and we of the SDK’s (traps 2, 15, 23)', () => {
  test.each([
    ['403 AccessDenied', glacierError('AccessDeniedException', 403), 'denied'],
    ['404', glacierError('ResourceNotFoundException', 404), 'notFound'],
    ['400 throttling', glacierError('ThrottlingException', 400), 'throttled'],
    ['500 unavailable', glacierError('ServiceUnavailableException', 500), 'unclear'],
    ['500 of a kind nobody documented', glacierError('Oops', 500), 'unclear'],
    ['400 no longer supported', glacierError('NoLongerSupportedException', 400), 'unsupported'],
    ['400 invalid', glacierError('InvalidParameterValueException', 400), 'other'],
    ['an HTML page', { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } }, 'unclear'],
    ['an empty 4xx', { status: 403 }, 'other'],
  ] as const)('%s', async (_what, answer, kind) => {
    stub.reply = answer;
    const error = await rejection(sdkGlacier().initiateVaultLock('ledger', '{}'));
    expect(kindOf(error)).toBe(kind);
    // The handlers retry, nobody else: a second Initiate in the dark would lose the lock id (trap 1).
    expect(seen).toHaveLength(1);
  });
});

describe('request shapes (trap 16)', () => {
  test.each<[string, () => Promise<unknown>, string, unknown]>([
    [
      'InitiateVaultLock',
      async () => sdkGlacier().initiateVaultLock('v', '{"a":1}'),
      'POST /-/vaults/v/lock-policy',
      { Policy: '{"a":1}' },
    ],
    ['CompleteVaultLock', async () => sdkGlacier().completeVaultLock('v', 'a/b+c'), 'POST /-/vaults/v/lock-policy/a%2Fb%2Bc', undefined],
    ['AbortVaultLock', async () => sdkGlacier().abortVaultLock('v'), 'DELETE /-/vaults/v/lock-policy', undefined],
    ['SetVaultAccessPolicy', async () => sdkGlacier().setVaultAccessPolicy('v', '{}'), 'PUT /-/vaults/v/access-policy', { Policy: '{}' }],
    ['DeleteVaultAccessPolicy', async () => sdkGlacier().deleteVaultAccessPolicy('v'), 'DELETE /-/vaults/v/access-policy', undefined],
    [
      'SetVaultNotifications',
      async () => sdkGlacier().setVaultNotifications('v', { topicArn: 't', events: ['e'] }),
      'PUT /-/vaults/v/notification-configuration',
      { SNSTopic: 't', Events: ['e'] },
    ],
    [
      'DeleteVaultNotifications',
      async () => sdkGlacier().deleteVaultNotifications('v'),
      'DELETE /-/vaults/v/notification-configuration',
      undefined,
    ],
    [
      'AddTagsToVault',
      async () => sdkGlacier().addTagsToVault('v', { k: 'x' }),
      'POST /-/vaults/v/tags?operation=add',
      { Tags: { k: 'x' } },
    ],
    [
      'RemoveTagsFromVault',
      async () => sdkGlacier().removeTagsFromVault('v', ['k']),
      'POST /-/vaults/v/tags?operation=remove',
      { TagKeys: ['k'] },
    ],
    ['DeleteVault', async () => sdkGlacier().deleteVault('v'), 'DELETE /-/vaults/v', undefined],
  ])('%s', async (_operation, call, line, body) => {
    await call();
    expect(seen[0]?.line).toBe(line);
    expect(seen[0]?.body ? JSON.parse(seen[0].body) : undefined).toEqual(body);
  });
});

test('a fresh vault has no inventory date, and counts of null are none (trap 13)', async () => {
  const fresh = { CreationDate: '2026-03-01T12:00:00.000Z', LastInventoryDate: null, NumberOfArchives: null, SizeInBytes: null };
  stub.reply = { status: 200, body: JSON.stringify(fresh) };
  expect(await sdkGlacier().describeVault('v')).toEqual({
    creationDate: fresh.CreationDate,
    lastInventoryDate: undefined,
    numberOfArchives: 0,
  });
});

test('notifications come back out of the SDK’s wrapper (trap 16)', async () => {
  stub.reply = { status: 200, body: '{"SNSTopic":"t","Events":["e"]}' };
  expect(await sdkGlacier().getVaultNotifications('v')).toEqual({ topicArn: 't', events: ['e'] });
});

describe('parameters of SSM', () => {
  test('are written encrypted', async () => {
    stub.reply = { status: 200, body: '{"Version":3}' };
    expect(await ssmParameters().put('/a/b', 'text', true)).toBe(3);
    expect(seen[0]?.headers).toMatchObject({ 'x-amz-target': 'AmazonSSM.PutParameter', 'content-type': 'application/x-amz-json-1.1' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ Name: '/a/b', Value: 'text', Type: 'SecureString', Overwrite: true });
  });

  test('come back with their version', async () => {
    stub.reply = { status: 200, body: JSON.stringify({ Parameter: { Value: 'text', Version: 2 } }) };
    expect(await ssmParameters().get('/a/b')).toEqual({ value: 'text', version: 2 });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ Name: '/a/b', WithDecryption: true });
  });

  test('absent, existing and denied are told by the code, with or without the service’s prefix', async () => {
    stub.reply = { status: 400, body: '{"__type":"ParameterNotFound"}' };
    expect(await ssmParameters().get('/a/b')).toBeUndefined();
    stub.reply = { status: 400, body: '{"__type":"com.amazonaws.ssm#ParameterAlreadyExists","message":"m"}' };
    await expect(ssmParameters().put('/a/b', 'text', false)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    stub.reply = { status: 400, body: '{"__type":"AccessDeniedException","Message":"no"}' };
    await expect(ssmParameters().delete('/a/b')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a page of HTML and a dropped connection are unclear', async () => {
    for (const answer of [{ status: 502, body: '<html>' }, 'drop'] as const) {
      stub.reply = answer;
      const error = await rejection(ssmParameters().get('/a/b'));
      expect(kindOf(error)).toBe('unclear');
    }
  });
});

describe('the status of the stack', () => {
  const xml = (members: string) =>
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${members}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

  test('is read out of the XML', async () => {
    stub.reply = {
      status: 200,
      body: xml(
        '<StackName>s</StackName><LastUpdatedTime>2026-03-01T12:00:00Z</LastUpdatedTime>\n<StackStatus>UPDATE_IN_PROGRESS</StackStatus>',
      ),
    };
    expect(await cloudFormationStacks().describe(STACK_ID)).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
      lastUpdated: '2026-03-01T12:00:00Z',
    });
    expect(new URLSearchParams(seen[0]?.body).get('StackName')).toBe(STACK_ID);
  });

  test('of a stack that does not exist is none; a denial is a denial', async () => {
    stub.reply = {
      status: 400,
      body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>',
    };
    expect(await cloudFormationStacks().describe(STACK_ID)).toBeUndefined();
    stub.reply = { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>' };
    const error = await rejection(cloudFormationStacks().describe(STACK_ID));
    expect(kindOf(error)).toBe('denied');
  });

  test('before its deletion is the last that it came to itself, whatever became of its resources', async () => {
    const event = (id: string, status: string) =>
      `<member><StackId>${STACK_ID}</StackId><PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus></member>`;
    const page = (...events: string[]) =>
      `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>${events.join('')}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`;
    stub.reply = {
      status: 200,
      body: page(
        event('vault', 'DELETE_COMPLETE'),
        event(STACK_ID, 'DELETE_IN_PROGRESS'),
        event('vault', 'CREATE_COMPLETE'),
        event(STACK_ID, 'ROLLBACK_FAILED'),
        event(STACK_ID, 'CREATE_IN_PROGRESS'),
      ),
    };

    expect(await cloudFormationStacks().statusBeforeDeletion(STACK_ID)).toBe('ROLLBACK_FAILED');
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toMatchObject({ Action: 'DescribeStackEvents', StackName: STACK_ID });
  });

  test('tells when its last rollback began, and what a resource has come to, also when a stack resource has its name', async () => {
    const event = (physicalId: string, logicalId: string, status: string, at: string) =>
      `<member><PhysicalResourceId>${physicalId}</PhysicalResourceId><LogicalResourceId>${logicalId}</LogicalResourceId>` +
      `<ResourceStatus>${status}</ResourceStatus><Timestamp>${at}</Timestamp></member>`;
    const events = [
      event(STACK_ID, 'Lock', 'UPDATE_ROLLBACK_COMPLETE', '2026-03-01T12:00:09.000Z'),
      event('vault', 'Lock', 'UPDATE_COMPLETE', '2026-03-01T12:00:08.000Z'),
      event(STACK_ID, 'Lock', 'UPDATE_ROLLBACK_IN_PROGRESS', '2026-03-01T12:00:07.000Z'),
      event('vault', 'Lock', 'UPDATE_IN_PROGRESS', '2026-03-01T12:00:06.000Z'),
    ];
    const body = `<DescribeStackEventsResponse><StackEvents>${events.join('')}</StackEvents></DescribeStackEventsResponse>`;
    stub.reply = { status: 200, body };

    expect(await cloudFormationStacks().rollbackBegan(STACK_ID)).toBe('2026-03-01T12:00:07.000Z');
    expect(await cloudFormationStacks().resourceStatus(STACK_ID, 'Lock')).toBe('UPDATE_COMPLETE');
    expect(await cloudFormationStacks().resourceStatus(STACK_ID, 'Other')).toBeUndefined();
  });
});

test.each([
  'us-east-1',
  'af-south-1',
  'me-south-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
])('the hosts of %s are those that the SDK’s own table gives (trap 25)', (region) => {
  const { url } = new GlacierClient({ region }).config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
  expect(url.hostname).toBe(`glacier.${region}.${partition(region).dnsSuffix}`);
});
