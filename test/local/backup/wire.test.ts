import * as fs from 'node:fs';
import * as path from 'node:path';
import { BackupServiceException, DescribeBackupVaultCommand, InvalidRequestException } from '@aws-sdk/client-backup';
import { startBackup, vaultArn } from './backup-server';
import type { BackupServer } from './backup-server';
import { BACKUP_SWITCHES } from '../../../local/backup';
import type { Call } from '../../../local/server/operation-gate';

describe('the wire format', () => {
  let backup: BackupServer;
  beforeEach(async () => (backup = await startBackup({ now: '2018-01-26T00:22:10.087Z' })));
  afterEach(() => backup.close());

  const create = (name: string) => backup.raw('PUT', `/backup-vaults/${name}`, { body: '{}' });
  const lock = (body: string) => backup.raw('PUT', '/backup-vaults/ledger/vault-lock', { body });

  test('dates are numbers: seconds since 1970, with milliseconds', async () => {
    const created = await create('ledger');
    await lock('{"ChangeableForDays":3}');

    expect(created.body).toBe(`{"BackupVaultName":"ledger","BackupVaultArn":"${vaultArn('ledger')}","CreationDate":1516926130.087}`);
    expect(JSON.parse((await backup.raw('GET', '/backup-vaults/ledger')).body)).toMatchObject({ LockDate: 1517185330.087 });
  });

  test('a lock that is put or deleted is answered with nothing', async () => {
    await create('ledger');

    for (const response of [await lock('{}'), await backup.raw('DELETE', '/backup-vaults/ledger/vault-lock')]) {
      expect([response.status, response.body, response.headers['content-length']]).toEqual([200, '', '0']);
    }
  });

  test('an error has its name in a header, and a number where SDKs would look for it', async () => {
    await create('ledger');
    await lock('{"ChangeableForDays":3}');
    await backup.world.clock.advance(3 * 86_400_000);

    const response = await lock('{}');

    expect(response.status).toBe(400);
    expect(response.headers['x-amzn-errortype']).toBe('InvalidRequestException');
    expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    const body = JSON.parse(response.body) as { Message: string };
    expect(body).toEqual({ Code: 'ERROR_0000', Message: body.Message, Type: null, Context: null });
    expect(body.Message).not.toBe('');
  });

  test('the SDK makes a class of a known error, and of a denial only a name', async () => {
    await create('ledger');
    backup.world.gate.setFaults([{ service: 'backup', operation: 'DescribeBackupVault', error: 'InvalidRequestException' }]);
    const describeVault = (BackupVaultName: string) =>
      backup
        .client()
        .send(new DescribeBackupVaultCommand({ BackupVaultName }))
        .catch((error: unknown) => error);

    expect(await describeVault('ledger')).toBeInstanceOf(InvalidRequestException);
    const denial = await describeVault('missing');
    expect(denial).toBeInstanceOf(BackupServiceException);
    expect((denial as Error).name).toBe('AccessDeniedException');
  });

  test('a denial has a message and nothing else', async () => {
    const response = await backup.raw('GET', '/backup-vaults/missing');

    expect([response.status, response.headers['x-amzn-errortype'], response.body]).toEqual([
      403,
      'AccessDeniedException',
      '{"Message":"Insufficient privileges to perform this action."}',
    ]);
  });

  test.each(['/backup-vaults', '/backup-vaults/', '/backup-vaults?nextToken=&maxResults=', '/backup-vaults/?maxResults=10'])(
    'GET %s lists the vaults: SDKs differ in the last slash',
    async (where) => {
      await create('ledger');

      expect(JSON.parse((await backup.raw('GET', where)).body)).toMatchObject({ BackupVaultList: [{ BackupVaultName: 'ledger' }] });
    },
  );

  test.each([
    `/tags/${vaultArn('ledger')}`,
    `/tags/${vaultArn('ledger')}/`,
    `/tags/${encodeURIComponent(vaultArn('ledger'))}`,
    `/tags/${encodeURIComponent(vaultArn('ledger'))}/`,
  ])('GET %s lists the tags: an ARN may be encoded', async (where) => {
    await backup.raw('PUT', '/backup-vaults/ledger', { body: '{"BackupVaultTags":{"team":"books"}}' });

    expect((await backup.raw('GET', where)).body).toBe('{"Tags":{"team":"books"}}');
  });

  test('a recovery point with a slash in its ARN is one label', async () => {
    await create('ledger');
    const job = {
      BackupVaultName: 'ledger',
      ResourceArn: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1',
      IamRoleArn: 'arn:aws:iam::1:role/x',
    };
    await backup.raw('PUT', '/backup-jobs/', { body: JSON.stringify(job) });
    const list = await backup.raw('GET', '/backup-vaults/ledger/recovery-points/');
    const [point] = (JSON.parse(list.body) as { RecoveryPoints: { RecoveryPointArn: string }[] }).RecoveryPoints;

    const where = `/backup-vaults/ledger/recovery-points/${encodeURIComponent(point!.RecoveryPointArn)}`;

    expect((await backup.raw('GET', where)).status).toBe(200);
    expect((await backup.raw('DELETE', where)).status).toBe(200);
    expect((await backup.raw('GET', where)).status).toBe(400);
  });

  test('tags are removed by POST', async () => {
    await backup.raw('PUT', '/backup-vaults/ledger', { body: '{"BackupVaultTags":{"team":"books"}}' });

    const removed = await backup.raw('POST', `/untag/${vaultArn('ledger')}`, { body: '{"TagKeyList":["team"]}' });

    expect([removed.status, removed.body]).toEqual([200, '']);
    expect((await backup.raw('GET', `/tags/${vaultArn('ledger')}`)).body).toBe('{"Tags":{}}');
  });

  test.each(['{"MinRetentionDays":"7"}', '[]', '{'])('the body %s is a SerializationException', async (body) => {
    await create('ledger');

    const response = await lock(body);

    expect([response.status, response.headers['x-amzn-errortype']]).toEqual([400, 'SerializationException']);
  });

  test('an operation that is not here is answered with 501, one that nobody knows with 404', async () => {
    const unwritten = await backup.raw('GET', '/backup/plans');
    const unknown = await backup.raw('GET', '/vaults');

    expect([unwritten.status, unwritten.headers['x-amzn-errortype']]).toEqual([501, 'NotImplemented']);
    expect([unknown.status, unknown.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException']);
  });

  test('every call reaches the call log under its operation', async () => {
    await create('ledger');
    await lock('{}');
    await lock('{"MinRetentionDays":0}');

    expect(backup.world.gate.calls.map(({ service, operation, outcome }) => [service, operation, outcome])).toEqual([
      ['backup', 'CreateBackupVault', 'ok'],
      ['backup', 'PutBackupVaultLockConfiguration', 'ok'],
      ['backup', 'PutBackupVaultLockConfiguration', 'InvalidParameterValueException'],
    ]);
  });

  test('the call log tells what only reads by its name: Describe…, Get…, List…', async () => {
    await create('ledger');
    const { length } = backup.world.gate.calls;
    await backup.raw('GET', '/backup-vaults/ledger');
    await backup.raw('GET', '/backup-vaults/ledger/access-policy');
    await backup.raw('GET', '/backup-vaults/ledger/recovery-points/');
    await lock('{}');
    await backup.raw('POST', `/tags/${vaultArn('ledger')}`, { body: '{"Tags":{"team":"books"}}' });
    await backup.raw('DELETE', '/backup-vaults/ledger/vault-lock');

    const log = (JSON.parse((await backup.raw('GET', '/_local/calls')).body) as { calls: Call[] }).calls.slice(length);

    expect(log.every(({ service, region }) => service === 'backup' && region === 'us-east-1')).toBe(true);
    const [reads, writes] = [true, false].map((reading) =>
      log.filter(({ operation }) => /^(Describe|Get|List)/.test(operation) === reading).map(({ operation }) => operation),
    );
    expect(reads).toEqual(['DescribeBackupVault', 'GetBackupVaultAccessPolicy', 'ListRecoveryPointsByBackupVault']);
    expect(writes).toEqual(['PutBackupVaultLockConfiguration', 'TagResource', 'DeleteBackupVaultLockConfiguration']);
  });

  test('GET /_local/state shows each vault and the state of its lock', async () => {
    await backup.raw('PUT', '/backup-vaults/ledger', { body: '{"BackupVaultTags":{"team":"books"}}' });
    await backup.raw('PUT', '/backup-vaults/ledger/vault-lock', { body: '{"MinRetentionDays":7,"ChangeableForDays":3}' });
    const state = async () => (JSON.parse((await backup.raw('GET', '/_local/state')).body) as { backupVaults: object[] }).backupVaults;
    const vault = {
      account: '123456789012',
      region: 'us-east-1',
      backupVaultName: 'ledger',
      vaultType: 'BACKUP_VAULT',
      vaultState: 'AVAILABLE',
      created: '2018-01-26T00:22:10.087Z',
      recoveryPoints: 0,
      accessPolicy: false,
      lock: { state: 'GRACE', minRetentionDays: 7, maxRetentionDays: null, lockDate: '2018-01-29T00:22:10.087Z' },
      tags: { team: 'books' },
    };

    expect(await state()).toEqual([vault]);
    await backup.world.clock.advance(3 * 86_400_000);
    expect(await state()).toEqual([{ ...vault, lock: { ...vault.lock, state: 'IMMUTABLE' } }]);
  });

  test('an answer that a fault drops leaves its effect', async () => {
    await create('ledger');
    backup.world.gate.setFaults([{ service: 'backup', operation: 'PutBackupVaultLockConfiguration', when: 'after', dropConnection: true }]);

    await expect(lock('{"MinRetentionDays":7}')).rejects.toThrow();

    expect(backup.report()).toMatchObject([{ lock: { state: 'GOVERNANCE', minRetentionDays: 7 } }]);
  });
});

test('a switch that does not exist, or has no such setting, is refused by name', async () => {
  await expect(startBackup({ switches: { 'backup.putInGraze': 'keepLockDate' } })).rejects.toThrow('`backup.putInGraze` must be one of');
  await expect(startBackup({ switches: { 'backup.putInGrace': 'keep' } })).rejects.toThrow(
    '`backup.putInGrace` must be keepLockDate or clearLockDate, but is "keep"',
  );
  await expect(startBackup({ switches: { 'backup.jobSeconds': '-1' } })).rejects.toThrow(
    '`backup.jobSeconds` must be a whole number from 0',
  );
});

test('docs/local-backup.md has every switch with its settings, its default and what it decides, and no other', () => {
  const page = fs.readFileSync(path.join(__dirname, '../../../docs/local-backup.md'), 'utf8');

  const rows = [...page.matchAll(/^\| `(backup\.\w+)` +\| (.+?) +\| `([^`]+)` +\| (.+?) +\|$/gm)].map((match) => match.slice(1, 5));

  expect(rows).toEqual(
    Object.entries(BACKUP_SWITCHES).map(([name, { values, default: setting, doc }]) => [
      name,
      values === 'number' ? 'a whole number' : values.map((value) => `\`${value}\``).join(', '),
      setting,
      doc,
    ]),
  );
});
