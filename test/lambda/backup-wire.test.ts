import { BackupClient } from '@aws-sdk/client-backup';
import { HttpStub, rejection } from './fakes/http-stub';
import { assumeRole } from '../../lambda/aws/assume-role';
import { sdkBackup } from '../../lambda/aws/backup-client';
import { kindOf, nameOf } from '../../lambda/aws/errors';
import { partition } from '../../lambda/aws/plain-client';

const stub = new HttpStub();
const { seen } = stub;
beforeAll(async () => stub.start());
afterAll(async () => stub.stop());
beforeEach(() => stub.reset());

const backup = () => sdkBackup('eu-west-1');
const ok = (body: object) => ({ status: 200, body: JSON.stringify(body) });
/** The header names the error; `Code` in the body is a number of AWS Backup’s own. */
const backupError = (name: string, status = 400) => ({
  status,
  headers: { 'x-amzn-errortype': name },
  body: JSON.stringify({ Code: 'ERROR_9101', Message: 'text', Type: 'Client', Context: null }),
});

describe('what the SDK makes of AWS Backup’s errors, and we of the SDK’s', () => {
  test.each([
    ['403, a vault that does not exist or may not be seen', backupError('AccessDeniedException', 403), 'AccessDeniedException', 'denied'],
    ['400 of a thing that does not exist', backupError('ResourceNotFoundException'), 'ResourceNotFoundException', 'notFound'],
    ['400 of an immutable lock', backupError('InvalidRequestException'), 'InvalidRequestException', 'other'],
    ['400 of a value', backupError('InvalidParameterValueException'), 'InvalidParameterValueException', 'other'],
    ['400 throttling', backupError('ThrottlingException'), 'ThrottlingException', 'throttled'],
    ['500 unavailable', backupError('ServiceUnavailableException', 500), 'ServiceUnavailableException', 'unclear'],
    [
      'the name with its namespace',
      backupError('ResourceNotFoundException:http://internal.amazon.com/'),
      'ResourceNotFoundException',
      'notFound',
    ],
    ['without the header only the number is left', { ...backupError(''), headers: {} }, 'ERROR_9101', 'other'],
    ['an HTML page', { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } }, 'SyntaxError', 'unclear'],
  ] as const)('%s', async (_what, answer, name, kind) => {
    stub.reply = answer;
    const error = await rejection(backup().describeVault('prod'));
    expect([nameOf(error), kindOf(error)]).toEqual([name, kind]);
    // The handlers retry, nobody else: a second Put with ChangeableForDays would move the lock date.
    expect(seen).toHaveLength(1);
  });
});

describe('request shapes', () => {
  const ARN = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:prod';
  const TAGGED = '/arn%3Aaws%3Abackup%3Aeu-west-1%3A123456789012%3Abackup-vault%3Aprod';

  test.each<[string, () => Promise<unknown>, string, unknown]>([
    [
      'a lock in governance mode says nothing of ChangeableForDays: that alone makes it one',
      async () => backup().putLock('prod', { minRetentionDays: 7, maxRetentionDays: undefined }),
      'PUT /backup-vaults/prod/vault-lock',
      { MinRetentionDays: 7 },
    ],
    ['a lock without bounds', async () => backup().putLock('prod', {}), 'PUT /backup-vaults/prod/vault-lock', {}],
    [
      'a lock in compliance mode',
      async () => backup().putLock('prod', { minRetentionDays: 7, maxRetentionDays: 36_500, changeableForDays: 3 }),
      'PUT /backup-vaults/prod/vault-lock',
      { MinRetentionDays: 7, MaxRetentionDays: 36_500, ChangeableForDays: 3 },
    ],
    ['DeleteBackupVaultLockConfiguration', async () => backup().deleteLock('prod'), 'DELETE /backup-vaults/prod/vault-lock', undefined],
    [
      'PutBackupVaultAccessPolicy',
      async () => backup().putAccessPolicy('prod', '{"a":1}'),
      'PUT /backup-vaults/prod/access-policy',
      { Policy: '{"a":1}' },
    ],
    [
      'DeleteBackupVaultAccessPolicy',
      async () => backup().deleteAccessPolicy('prod'),
      'DELETE /backup-vaults/prod/access-policy',
      undefined,
    ],
    ['TagResource', async () => backup().addTags(ARN, { k: 'x' }), `POST /tags${TAGGED}`, { Tags: { k: 'x' } }],
    ['UntagResource', async () => backup().removeTags(ARN, ['k']), `POST /untag${TAGGED}`, { TagKeyList: ['k'] }],
  ])('%s', async (_operation, call, line, body) => {
    stub.reply = { status: 200, body: '' };
    await call();
    expect(seen[0]?.line).toBe(line);
    expect(seen[0]?.body ? JSON.parse(seen[0].body) : undefined).toEqual(body);
  });

  test('tags come in pages', async () => {
    stub.replies = [ok({ Tags: { a: '1' }, NextToken: 'n/1' }), ok({ Tags: { b: '2' }, NextToken: null })];
    expect(await backup().listTags(ARN)).toEqual({ a: '1', b: '2' });
    expect(seen.map(({ line }) => line)).toEqual([`GET /tags${TAGGED}`, `GET /tags${TAGGED}?nextToken=n%2F1`]);
  });
});

describe('what comes back', () => {
  test('a lock in its cooling-off: dates are seconds since 1970', async () => {
    const lock = { Locked: true, MinRetentionDays: 7, MaxRetentionDays: 365, LockDate: 1_772_625_600.087 };
    stub.reply = ok({ BackupVaultName: 'prod', VaultType: 'BACKUP_VAULT', VaultState: 'AVAILABLE', ...lock });
    expect(await backup().describeVault('prod')).toEqual({
      vaultType: 'BACKUP_VAULT',
      vaultState: 'AVAILABLE',
      locked: true,
      minRetentionDays: 7,
      maxRetentionDays: 365,
      lockDate: Date.parse('2026-03-04T12:00:00.087Z'),
    });
    expect(seen[0]?.line).toBe('GET /backup-vaults/prod');
  });

  test('an unlocked vault, described as briefly as AWS Backup ever did', async () => {
    stub.reply = ok({ BackupVaultName: 'prod', Locked: null, LockDate: null, MinRetentionDays: null });
    expect(await backup().describeVault('prod')).toEqual({ vaultType: 'BACKUP_VAULT', locked: false });
  });

  test('recovery points that expire and such that never do, page by page', async () => {
    const point = (id: string, more: object) => ({ RecoveryPointArn: `arn:aws:backup:eu-west-1:1:recovery-point:${id}`, ...more });
    stub.replies = [
      ok({
        RecoveryPoints: [
          point('a', { CalculatedLifecycle: { DeleteAt: 1_772_625_600 } }),
          point('b', { Lifecycle: { DeleteAfterDays: 35 } }),
        ],
        NextToken: 'more',
      }),
      ok({
        RecoveryPoints: [
          point('c', { Lifecycle: { DeleteAfterDays: -1 } }),
          point('d', { Lifecycle: { MoveToColdStorageAfterDays: 30 }, CalculatedLifecycle: { MoveToColdStorageAt: 1_772_625_600 } }),
          point('e', { Lifecycle: {}, CalculatedLifecycle: {} }),
          point('f', {}),
        ],
      }),
    ];
    const first = await backup().listRecoveryPoints('prod');
    const second = await backup().listRecoveryPoints('prod', first.nextToken);
    expect([...first.items, ...second.items].map(({ arn, expires }) => [arn.slice(-1), expires])).toEqual([
      ...[
        ['a', true],
        ['b', true],
      ],
      ...[
        ['c', false],
        ['d', false],
        ['e', false],
        ['f', false],
      ],
    ]);
    expect(second.nextToken).toBeUndefined();
    expect(seen[1]?.line).toBe('GET /backup-vaults/prod/recovery-points?nextToken=more');
  });

  test('the names of vaults, page by page', async () => {
    stub.reply = ok({ BackupVaultList: [{ BackupVaultName: 'Default' }, { BackupVaultName: 'prod' }], NextToken: 'more' });
    expect(await backup().listVaultNames('before')).toEqual({ items: ['Default', 'prod'], nextToken: 'more' });
    expect(seen[0]?.line).toBe('GET /backup-vaults?nextToken=before');
  });

  test('an access policy is a text within the text', async () => {
    stub.reply = ok({ BackupVaultName: 'prod', Policy: '{"Version":"2012-10-17"}' });
    expect(await backup().getAccessPolicy('prod')).toBe('{"Version":"2012-10-17"}');
  });
});

describe('who calls, and where', () => {
  const answer = (members: string) => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${members}</AssumeRoleResult></AssumeRoleResponse>`,
  });
  const ROLE = 'arn:aws:iam::222222222222:role/lock-vaults';

  test('the function itself, in the region of the vault', async () => {
    stub.reply = ok({});
    await sdkBackup('ap-southeast-2').describeVault('prod');
    expect(seen[0]?.headers.authorization).toMatch(/Credential=AKIAEXAMPLE\/\d{8}\/ap-southeast-2\/backup\/aws4_request/);
    expect(seen[0]?.headers).not.toHaveProperty('x-amz-security-token');
  });

  test('a role in another account: assumed by the function where it runs, and its session token is signed', async () => {
    stub.reply = answer(
      '<AssumedRoleUser><Arn>arn:aws:sts::222222222222:assumed-role/lock-vaults/cdk-vault-lock</Arn></AssumedRoleUser><Credentials>' +
        '<AccessKeyId>ASIAOTHER</AccessKeyId><SecretAccessKey>a+b/c=</SecretAccessKey><SessionToken>tok/en+==</SessionToken>' +
        '<Expiration>2026-03-01T12:15:00Z</Expiration></Credentials>',
    );
    const credentials = await assumeRole(ROLE);
    expect(credentials).toEqual({ accessKeyId: 'ASIAOTHER', secretAccessKey: 'a+b/c=', sessionToken: 'tok/en+==' });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'cdk-vault-lock',
      DurationSeconds: '900',
    });
    expect(seen[0]?.headers.authorization).toMatch(/Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request/);

    stub.reply = ok({});
    await sdkBackup('us-east-1', credentials).describeVault('prod');
    expect(seen[1]?.headers.authorization).toMatch(
      /Credential=ASIAOTHER\/\d{8}\/us-east-1\/backup\/aws4_request, SignedHeaders=[^,]*x-amz-security-token/,
    );
    expect(seen[1]?.headers['x-amz-security-token']).toBe('tok/en+==');
  });

  test('a role that may not be assumed is a denial; an answer without credentials is unclear', async () => {
    const message = 'User: x is not authorized to perform: sts:AssumeRole';
    stub.reply = {
      ...answer(''),
      status: 403,
      body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`,
    };
    const denied = await rejection(assumeRole(ROLE));
    expect(denied).toMatchObject({ name: 'AccessDenied', message });
    expect(kindOf(denied)).toBe('denied');
    stub.reply = { status: 200, body: '<html>Log in to this network</html>' };
    expect(kindOf(await rejection(assumeRole(ROLE)))).toBe('unclear');
  });
});

test.each([
  'eu-west-1',
  'mx-central-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
])('the hosts of %s are those that the SDK’s own table gives', (region) => {
  const { url } = new BackupClient({ region }).config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
  expect(url.hostname).toBe(`backup.${region}.${partition(region).dnsSuffix}`);
});
