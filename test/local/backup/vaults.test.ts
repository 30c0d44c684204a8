import {
  AlreadyExistsException,
  CreateBackupVaultCommand,
  DeleteBackupVaultCommand,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  InvalidRequestException,
  ListBackupVaultsCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient } from '@aws-sdk/client-backup';
import { fileSystem, refusal, ROLE, startBackup, vaultArn } from './backup-server';
import type { BackupServer } from './backup-server';

let backup: BackupServer;
let client: BackupClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches });
  client = backup.client();
}
beforeEach(() => given());
afterEach(() => backup.close());

const create = (BackupVaultName: string, CreatorRequestId?: string) =>
  client.send(new CreateBackupVaultCommand({ BackupVaultName, CreatorRequestId }));
const describeVault = (BackupVaultName: string) => client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
const remove = (BackupVaultName: string) => client.send(new DeleteBackupVaultCommand({ BackupVaultName }));
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a vault', () => {
  test('is described with what it has, and without what it lacks', async () => {
    const created = await create('ledger', 'first');

    expect(created).toMatchObject({ BackupVaultName: 'ledger', BackupVaultArn: vaultArn('ledger'), CreationDate: new Date('2026-01-01') });
    const { $metadata, ...described } = await describeVault('ledger');
    expect($metadata.httpStatusCode).toBe(200);
    expect(described).toEqual({
      BackupVaultName: 'ledger',
      BackupVaultArn: vaultArn('ledger'),
      VaultType: 'BACKUP_VAULT',
      VaultState: 'AVAILABLE',
      EncryptionKeyArn: expect.stringMatching(/^arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36}$/) as string,
      CreationDate: new Date('2026-01-01'),
      CreatorRequestId: 'first',
      NumberOfRecoveryPoints: 0,
      Locked: false,
    });
  });

  test('is made once by a request that comes twice', async () => {
    const first = await create('ledger', 'first');
    await backup.world.clock.advance(1000);

    const second = await create('ledger', 'first');

    expect(second.CreationDate).toEqual(first.CreationDate);
  });

  test('is not made by another request, which learns who was first', async () => {
    await create('ledger', 'first');

    const error = await failure(create('ledger', 'second'));

    expect(error).toBeInstanceOf(AlreadyExistsException);
    expect(error).toMatchObject({ CreatorRequestId: 'first', Arn: vaultArn('ledger'), $metadata: { httpStatusCode: 400 } });
  });

  test('keeps the key that it was given', async () => {
    const EncryptionKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/1';
    await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'ledger', EncryptionKeyArn }));

    expect(await describeVault('ledger')).toMatchObject({ EncryptionKeyArn, EncryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY' });
  });

  test('is deleted when it is empty, locked or not', async () => {
    await create('ledger');
    await client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'ledger', ChangeableForDays: 3 }));
    await backup.world.clock.advance(4 * 86_400_000);

    await remove('ledger');

    expect(backup.report()).toEqual([]);
  });

  test('is not deleted while it has recovery points: the recorded number and text', async () => {
    await create('ledger');
    await client.send(new StartBackupJobCommand({ BackupVaultName: 'ledger', ResourceArn: fileSystem('fs-1'), IamRoleArn: ROLE }));

    const error = await failure(remove('ledger'));

    expect(error).toBeInstanceOf(InvalidRequestException);
    expect(error).toMatchObject({ Code: 'ERROR_9101', message: 'Backup vault cannot be deleted because it contains recovery points.' });
  });

  test.each(['a', 'x'.repeat(51), 'with space', 'dotted.name', 'Ünicode'])('cannot be called %s', async (name) => {
    expect(await refusal(create(name))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
  });

  test('belongs to its Region', async () => {
    await create('ledger');

    const authorization = 'AWS4-HMAC-SHA256 Credential=ALICE/20260101/eu-west-1/backup/aws4_request, Signature=0';
    const elsewhere = await backup.raw('GET', '/backup-vaults', { headers: { authorization } });

    expect(JSON.parse(elsewhere.body)).toEqual({ BackupVaultList: [] });
  });

  test('is one of at most 300', async () => {
    for (let index = 0; index < 300; index += 1) await backup.raw('PUT', `/backup-vaults/vault-${index}`, { body: '{}' });

    expect(await refusal(create('one-more'))).toMatchObject({ name: 'LimitExceededException', status: 400 });
  });
});

describe('a list of vaults', () => {
  test('comes in pages, by name', async () => {
    for (const name of ['c', 'a', 'b'].map((letter) => `vault-${letter}`)) await create(name);

    const first = await client.send(new ListBackupVaultsCommand({ MaxResults: 2 }));
    const second = await client.send(new ListBackupVaultsCommand({ MaxResults: 2, NextToken: first.NextToken }));

    expect(first.BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName)).toEqual(['vault-a', 'vault-b']);
    expect(second.BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName)).toEqual(['vault-c']);
    expect(second.NextToken).toBeUndefined();
  });

  test.each([{ MaxResults: 0 }, { MaxResults: 1001 }, { NextToken: 'elsewhere' }])('refuses the page %j', async (page) => {
    expect(await refusal(client.send(new ListBackupVaultsCommand(page)))).toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('a vault that is not there', () => {
  const calls = (): [string, Promise<unknown>][] => [
    ['describe', describeVault('missing')],
    ['delete', remove('missing')],
    ['policy', client.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName: 'missing' }))],
  ];
  const lock = () => client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'missing' }));

  test('cannot be told from one that is forbidden', async () => {
    for (const [what, call] of [...calls(), ['lock', lock()] as const]) {
      expect([what, await refusal(call)]).toEqual([
        what,
        { name: 'AccessDeniedException', message: 'Insufficient privileges to perform this action.', status: 403 },
      ]);
    }
  });

  test('backup.missingVault=400: ResourceNotFoundException, but not for the lock', async () => {
    await backup.close();
    await given({ 'backup.missingVault': '400' });

    for (const [, call] of calls()) expect(await refusal(call)).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
    expect(await refusal(lock())).toMatchObject({ name: 'AccessDeniedException' });
  });

  test('backup.lockMissingVault=400: ResourceNotFoundException for the lock alone', async () => {
    await backup.close();
    await given({ 'backup.lockMissingVault': '400' });

    expect(await refusal(lock())).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
    expect(await refusal(describeVault('missing'))).toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('backup.automaticEfsVault=present', () => {
  beforeEach(async () => {
    await backup.close();
    await given({ 'backup.automaticEfsVault': 'present' });
  });
  const name = 'aws/efs/automatic-backup-vault';

  test('can be described, with slashes in its name', async () => {
    expect((await describeVault(name)).BackupVaultArn).toBe(vaultArn(name));
  });

  test('can neither be locked nor deleted', async () => {
    const lock = client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: name, MinRetentionDays: 1 }));
    expect(await refusal(lock)).toMatchObject({ name: 'InvalidParameterValueException' });
    expect(await refusal(remove(name))).toMatchObject({ name: 'InvalidRequestException' });
  });
});
