import {
  CreateBackupVaultCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  ListRecoveryPointsByBackupVaultCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
  UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient, Lifecycle } from '@aws-sdk/client-backup';
import { refusal, ROLE, startBackup } from './backup-server';
import type { BackupServer } from './backup-server';

const vault = { BackupVaultName: 'ledger' };
let backup: BackupServer;
let client: BackupClient;
beforeEach(async () => {
  backup = await startBackup();
  client = backup.client();
  await client.send(new CreateBackupVaultCommand(vault));
});
afterEach(() => backup.close());

const start = (lifecycle?: Lifecycle) =>
  client.send(
    new StartBackupJobCommand({
      ...vault,
      ResourceArn: 'arn:aws:s3:::ledger-files',
      IamRoleArn: ROLE,
      Lifecycle: lifecycle,
      BackupOptions: { LocalContinuousBackup: 'enabled' },
    }),
  );
const stateOf = async (BackupJobId: string | undefined) => (await client.send(new DescribeBackupJobCommand({ BackupJobId }))).State;
const points = async () => (await client.send(new ListRecoveryPointsByBackupVaultCommand(vault))).RecoveryPoints ?? [];

test('makes a recovery point that is AVAILABLE and says in its ARN what it is', async () => {
  const { BackupJobId } = await start({ DeleteAfterDays: 35 });

  expect(await stateOf(BackupJobId)).toBe('COMPLETED');
  expect(await points()).toMatchObject([
    {
      RecoveryPointArn: expect.stringMatching(
        /^arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:ledger-files-[0-9a-f]{8}$/,
      ) as string,
      Status: 'AVAILABLE',
      ResourceType: 'S3',
      Lifecycle: { DeleteAfterDays: 35 },
    },
  ]);
});

test.each<[string, Lifecycle | undefined]>([
  ['Lifecycle must be specified for backup rule enabled continuous backup', undefined],
  ['MoveToColdStorageAfterDays is unavailable', { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 35 }],
  ['from 1 to 35 days', { DeleteAfterDays: 36 }],
  ['from 1 to 35 days', { DeleteAfterDays: -1 }],
])('is refused: %s', async (message, lifecycle) => {
  const answer = await refusal(start(lifecycle));

  expect(answer).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
  expect(answer.message).toContain(message);
  expect(await points()).toEqual([]);
});

test('its lifecycle is not to be changed, but it may be deleted', async () => {
  await start({ DeleteAfterDays: 35 });
  const [{ RecoveryPointArn } = {}] = await points();
  const change = new UpdateRecoveryPointLifecycleCommand({ ...vault, RecoveryPointArn, Lifecycle: { DeleteAfterDays: 7 } });

  expect(await refusal(client.send(change))).toMatchObject({ name: 'InvalidRequestException', status: 400 });
  await client.send(new DeleteRecoveryPointCommand({ ...vault, RecoveryPointArn }));

  expect(await points()).toEqual([]);
});

test.each([
  [35, 'COMPLETED'],
  [36, 'FAILED'],
])('a vault whose lock asks for %i days makes the longest one end %s', async (MinRetentionDays, state) => {
  await client.send(new PutBackupVaultLockConfigurationCommand({ ...vault, MinRetentionDays }));

  expect(await stateOf((await start({ DeleteAfterDays: 35 })).BackupJobId)).toBe(state);
});
