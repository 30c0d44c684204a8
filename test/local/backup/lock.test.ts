import {
  CreateBackupVaultCommand,
  CreateLogicallyAirGappedBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DescribeBackupVaultCommand,
  ListBackupVaultsCommand,
  PutBackupVaultLockConfigurationCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient } from '@aws-sdk/client-backup';
import { DAY_MS, refusal, startBackup } from './backup-server';
import type { BackupServer } from './backup-server';

interface Days {
  MinRetentionDays?: number;
  MaxRetentionDays?: number;
  ChangeableForDays?: number;
}

let backup: BackupServer;
let client: BackupClient;
const BackupVaultName = 'ledger';

async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches, now: '2026-01-01T20:00:00.000Z' });
  client = backup.client();
  await client.send(new CreateBackupVaultCommand({ BackupVaultName }));
}
afterEach(() => backup.close());

const put = (days: Days) => client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName, ...days }));
const unlock = () => client.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName }));
const days = (count: number) => backup.world.clock.advance(count * DAY_MS);
const shown = async () => {
  const { Locked, MinRetentionDays, MaxRetentionDays, LockDate } = await client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
  return { Locked, MinRetentionDays, MaxRetentionDays, LockDate: LockDate?.toISOString() };
};
const refused = { name: 'InvalidRequestException', status: 400 };

describe('no lock', () => {
  beforeEach(() => given());

  test('a Put without ChangeableForDays makes a governance lock', async () => {
    await put({ MinRetentionDays: 7, MaxRetentionDays: 30 });

    expect(await shown()).toEqual({ Locked: true, MinRetentionDays: 7, MaxRetentionDays: 30, LockDate: undefined });
  });

  test('a Put with it makes a lock that cools off to the hour: 30 days from Jan 1 20:00 is Jan 31 20:00', async () => {
    await put({ ChangeableForDays: 30 });

    expect(await shown()).toMatchObject({ Locked: true, LockDate: '2026-01-31T20:00:00.000Z' });
  });

  test('a Put without anything locks, and bounds nothing', async () => {
    await put({});

    expect(await shown()).toEqual({ Locked: true });
  });

  test('a list of vaults shows the lock, too', async () => {
    await put({ MinRetentionDays: 7, ChangeableForDays: 3 });

    const { BackupVaultList } = await client.send(new ListBackupVaultsCommand({}));

    expect(BackupVaultList).toMatchObject([{ Locked: true, MinRetentionDays: 7, LockDate: new Date('2026-01-04T20:00:00.000Z') }]);
  });

  test('deleting none is 200; backup.deleteWithoutLock=RNF says so instead', async () => {
    expect((await unlock()).$metadata.httpStatusCode).toBe(200);
    await backup.close();
    await given({ 'backup.deleteWithoutLock': 'RNF' });
    expect(await refusal(unlock())).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
  });
});

describe('a governance lock', () => {
  beforeEach(async () => {
    await given();
    await put({ MinRetentionDays: 7, MaxRetentionDays: 30 });
  });

  test('takes other values, and loses those that are left out', async () => {
    await put({ MaxRetentionDays: 60 });

    expect(await shown()).toEqual({ Locked: true, MaxRetentionDays: 60 });
  });

  test('is promoted by ChangeableForDays', async () => {
    await put({ MinRetentionDays: 7, ChangeableForDays: 3 });

    expect(await shown()).toMatchObject({ LockDate: '2026-01-04T20:00:00.000Z' });
  });

  test('is removed, after years, too', async () => {
    await days(3650);
    await unlock();

    expect(await shown()).toEqual({ Locked: false });
  });
});

describe('a lock that cools off', () => {
  beforeEach(async () => {
    await given();
    await put({ MinRetentionDays: 7, ChangeableForDays: 30 });
    await days(10);
  });

  test('counts anew from each Put with ChangeableForDays, later or earlier', async () => {
    await put({ ChangeableForDays: 60 });
    expect(await shown()).toMatchObject({ LockDate: '2026-03-12T20:00:00.000Z' });
    await put({ ChangeableForDays: 3 });
    expect(await shown()).toMatchObject({ LockDate: '2026-01-14T20:00:00.000Z' });
  });

  test('is removed up to its last millisecond, and never after it', async () => {
    await days(20 - 1 / DAY_MS);
    await unlock();
    expect(await shown()).toEqual({ Locked: false });

    await put({ ChangeableForDays: 3 });
    await days(3);

    expect(await refusal(unlock())).toMatchObject(refused);
  });
});

test.each([
  ['keepLockDate', '2026-01-31T20:00:00.000Z'],
  ['clearLockDate', undefined],
])('backup.putInGrace=%s: a Put without ChangeableForDays shows the LockDate %s', async (setting, LockDate) => {
  await given({ 'backup.putInGrace': setting });
  await put({ ChangeableForDays: 30 });

  await put({ MinRetentionDays: 5 });

  expect(await shown()).toEqual({ Locked: true, MinRetentionDays: 5, LockDate });
});

test('backup.omittedRetention=keep: a Put leaves what it does not say', async () => {
  await given({ 'backup.omittedRetention': 'keep' });
  await put({ MinRetentionDays: 7, MaxRetentionDays: 30 });

  await put({ MaxRetentionDays: 60 });
  expect(await shown()).toEqual({ Locked: true, MinRetentionDays: 7, MaxRetentionDays: 60 });
  await put({ MinRetentionDays: 8 });

  expect(await shown()).toEqual({ Locked: true, MinRetentionDays: 8, MaxRetentionDays: 60 });
});

describe('an immutable lock', () => {
  const immutable = async (switches: Record<string, string> = {}) => {
    await given(switches);
    await put({ MinRetentionDays: 7, ChangeableForDays: 3 });
    await days(3);
  };

  test.each<Days>([{}, { MinRetentionDays: 7 }, { MinRetentionDays: 8 }, { MinRetentionDays: 7, ChangeableForDays: 3 }])(
    'refuses the Put %j',
    async (request) => {
      await immutable();

      expect(await refusal(put(request))).toMatchObject(refused);
      expect(await shown()).toMatchObject({ MinRetentionDays: 7, LockDate: '2026-01-04T20:00:00.000Z' });
    },
  );

  test('refuses its removal, after a restart, too', async () => {
    await immutable();
    backup.restart();

    expect(await refusal(unlock())).toMatchObject(refused);
  });

  test('backup.identicalPutWhenImmutable=accept: the same values are accepted and change nothing', async () => {
    await immutable({ 'backup.identicalPutWhenImmutable': 'accept' });

    await put({ MinRetentionDays: 7, ChangeableForDays: 100 });

    expect(await shown()).toMatchObject({ MinRetentionDays: 7, LockDate: '2026-01-04T20:00:00.000Z' });
    expect(await refusal(put({ MinRetentionDays: 8 }))).toMatchObject(refused);
    expect(await refusal(unlock())).toMatchObject(refused);
  });
});

describe('bounds', () => {
  test.each<Days>([
    { MinRetentionDays: 1, MaxRetentionDays: 36500 },
    { MinRetentionDays: 30, MaxRetentionDays: 30 },
    { MinRetentionDays: 36500 },
    { ChangeableForDays: 36500 },
  ])('%j is in them', async (request) => {
    await given();
    expect((await put(request)).$metadata.httpStatusCode).toBe(200);
  });

  test.each<Days>([
    { MinRetentionDays: 0 },
    { MinRetentionDays: 36501 },
    { MaxRetentionDays: 0 },
    { MaxRetentionDays: 36501 },
    { MinRetentionDays: 31, MaxRetentionDays: 30 },
    { ChangeableForDays: 0 },
    { ChangeableForDays: 2 },
    { ChangeableForDays: 36501 },
    { ChangeableForDays: 3.5 },
  ])('%j is not, and leaves the vault as it was', async (request) => {
    await given();
    expect(await refusal(put(request))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    expect(await shown()).toEqual({ Locked: false });
  });

  test('backup.minRetentionUpperBound=none: any minimum, as long as there is no maximum', async () => {
    await given({ 'backup.minRetentionUpperBound': 'none' });

    await put({ MinRetentionDays: 100_000 });

    expect(await shown()).toEqual({ Locked: true, MinRetentionDays: 100_000 });
    expect(await refusal(put({ MinRetentionDays: 100_000, MaxRetentionDays: 36500 }))).toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});

describe('a logically air-gapped vault', () => {
  const lag = { BackupVaultName: 'gapped', MinRetentionDays: 7, MaxRetentionDays: 30 };
  const create = (more: object = {}) => client.send(new CreateLogicallyAirGappedBackupVaultCommand({ ...lag, ...more }));
  const describeVault = () => client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'gapped' }));

  test('is CREATING for a while, and locked from the start', async () => {
    await given();
    expect((await create()).VaultState).toBe('CREATING');
    expect((await describeVault()).VaultState).toBe('CREATING');

    await backup.world.clock.advance(10_000);

    expect(await describeVault()).toMatchObject({
      VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
      VaultState: 'AVAILABLE',
      EncryptionKeyType: 'AWS_OWNED_KMS_KEY',
      Locked: true,
      MinRetentionDays: 7,
      MaxRetentionDays: 30,
      LockDate: new Date('2026-01-01T20:00:00.000Z'),
    });
    expect(backup.report()).toMatchObject([{}, { backupVaultName: 'gapped', lock: { state: 'IMMUTABLE' } }]);
  });

  test.each([
    ['InvalidRequestException', 400],
    ['InvalidParameterValueException', 400],
    ['AccessDeniedException', 403],
  ])('backup.logicallyAirGappedPut=%s: its lock is not to be changed', async (name, status) => {
    await given({ 'backup.logicallyAirGappedPut': name, 'backup.airGappedLockDate': 'absent' });
    await create();
    const vault = { BackupVaultName: 'gapped' };

    expect(await refusal(client.send(new PutBackupVaultLockConfigurationCommand(vault)))).toMatchObject({ name, status });
    expect(await refusal(client.send(new DeleteBackupVaultLockConfigurationCommand(vault)))).toMatchObject({ name, status });
    expect((await describeVault()).LockDate).toBeUndefined();
  });

  test.each([{ MinRetentionDays: 6 }, { MinRetentionDays: 31 }, { MaxRetentionDays: 36501 }])('is not made with %j', async (change) => {
    await given();
    expect(await refusal(create(change))).toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test('is not made without both bounds', async () => {
    await given();
    for (const body of ['{"MinRetentionDays":7}', '{"MaxRetentionDays":7}']) {
      const { headers, status } = await backup.raw('PUT', '/logically-air-gapped-backup-vaults/gapped', { body });
      expect([headers['x-amzn-errortype'], status]).toEqual(['MissingParameterValueException', 400]);
    }
  });
});
