import {
  CreateLogicallyAirGappedBackupVaultCommand,
  CreateRestoreAccessBackupVaultCommand,
  DeleteBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DescribeBackupVaultCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient } from '@aws-sdk/client-backup';
import { fileSystem, refusal, ROLE, startBackup, vaultArn } from './backup-server';
import type { BackupServer } from './backup-server';

const vault = { BackupVaultName: 'opened' };
const source = { SourceBackupVaultArn: vaultArn('gapped') };
let backup: BackupServer;
let client: BackupClient;
beforeEach(async () => {
  backup = await startBackup();
  client = backup.client();
  const gapped = { BackupVaultName: 'gapped', MinRetentionDays: 7, MaxRetentionDays: 30 };
  await client.send(new CreateLogicallyAirGappedBackupVaultCommand(gapped));
});
afterEach(() => backup.close());

const create = (more: object = {}) => client.send(new CreateRestoreAccessBackupVaultCommand({ ...vault, ...source, ...more }));
const describeVault = (BackupVaultName: string) => client.send(new DescribeBackupVaultCommand({ BackupVaultName }));

test('a restore access vault opens a logically air-gapped one after a while, and is not locked', async () => {
  expect(await create()).toMatchObject({
    RestoreAccessBackupVaultArn: vaultArn('opened'),
    RestoreAccessBackupVaultName: 'opened',
    VaultState: 'CREATING',
  });

  await backup.world.clock.advance(10_000);

  expect(await describeVault('opened')).toMatchObject({
    ...source,
    VaultType: 'RESTORE_ACCESS_BACKUP_VAULT',
    VaultState: 'AVAILABLE',
    Locked: false,
  });
});

test('it gets a name if it is given none', async () => {
  const { RestoreAccessBackupVaultName: name = '' } = await create({ BackupVaultName: undefined });

  expect(name).toMatch(/^restore-access-[0-9a-f]{8}$/);
  expect((await describeVault(name)).VaultType).toBe('RESTORE_ACCESS_BACKUP_VAULT');
});

test.each([undefined, vaultArn('missing'), 'gapped'])('it is not made for %s', async (SourceBackupVaultArn) => {
  const name = SourceBackupVaultArn === undefined ? 'MissingParameterValueException' : 'InvalidParameterValueException';
  const body = JSON.stringify({ ...vault, SourceBackupVaultArn });
  const { status, headers } = await backup.raw('PUT', '/restore-access-backup-vaults', { body });

  expect([status, headers['x-amzn-errortype']]).toEqual([400, name]);
});

test('it takes neither a lock nor a backup, and can be deleted', async () => {
  await create();
  const refused = { name: 'InvalidRequestException', status: 400 };
  const job = new StartBackupJobCommand({ ...vault, ResourceArn: fileSystem('fs-1'), IamRoleArn: ROLE });

  expect(await refusal(client.send(new PutBackupVaultLockConfigurationCommand(vault)))).toMatchObject(refused);
  expect(await refusal(client.send(new DeleteBackupVaultLockConfigurationCommand(vault)))).toMatchObject(refused);
  expect(await refusal(client.send(job))).toMatchObject(refused);
  await client.send(new DeleteBackupVaultCommand(vault));

  expect(await refusal(describeVault('opened'))).toMatchObject({ status: 403 });
});
