import {
  CreateBackupVaultCommand,
  CreateLogicallyAirGappedBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  PutBackupVaultNotificationsCommand,
  StartBackupJobCommand,
  StartCopyJobCommand,
  UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient, Lifecycle, StartBackupJobCommandInput } from '@aws-sdk/client-backup';
import { ACCOUNT, DAY_MS, fileSystem, OTHER_ACCOUNT, refusal, REGION, ROLE, startBackup, vaultArn, volume } from './backup-server';
import type { BackupServer } from './backup-server';
import { estates } from '../../../local/backup/state';
import { createIam } from '../../../local/iam';

const vault = { BackupVaultName: 'ledger' };
let backup: BackupServer;
let client: BackupClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches });
  client = backup.client();
  await client.send(new CreateBackupVaultCommand(vault));
}
afterEach(() => backup.close());

const startJob = (Lifecycle?: Lifecycle, more: Partial<StartBackupJobCommandInput> = {}) =>
  client.send(new StartBackupJobCommand({ ...vault, ResourceArn: fileSystem('fs-1'), IamRoleArn: ROLE, Lifecycle, ...more }));
const jobOf = (BackupJobId: string | undefined) => client.send(new DescribeBackupJobCommand({ BackupJobId }));
const makePoint = async (lifecycle?: Lifecycle) => (await startJob(lifecycle)).RecoveryPointArn!;
const points = async (filter: object = {}, name = 'ledger') => {
  const list = new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: name, ...filter });
  return (await client.send(list)).RecoveryPoints ?? [];
};
const describePoint = (RecoveryPointArn: string) => client.send(new DescribeRecoveryPointCommand({ ...vault, RecoveryPointArn }));
const removePoint = (RecoveryPointArn: string) => client.send(new DeleteRecoveryPointCommand({ ...vault, RecoveryPointArn }));
const changePoint = (RecoveryPointArn: string, change: Lifecycle) =>
  client.send(new UpdateRecoveryPointLifecycleCommand({ ...vault, RecoveryPointArn, Lifecycle: change }));
const lock = (days: object) => client.send(new PutBackupVaultLockConfigurationCommand({ ...vault, ...days }));
const advance = (days: number) => backup.world.clock.advance(days * DAY_MS);

describe('a backup job', () => {
  test('of a made-up resource makes a recovery point with that lifecycle', async () => {
    await given();
    const { BackupJobId, RecoveryPointArn } = await startJob(
      { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 100 },
      { RecoveryPointTags: { team: 'books' } },
    );

    expect(await jobOf(BackupJobId)).toMatchObject({
      State: 'COMPLETED',
      RecoveryPointArn,
      ResourceType: 'EFS',
      VaultLockState: 'UNLOCKED',
    });
    expect(await points()).toMatchObject([
      {
        RecoveryPointArn: expect.stringMatching(/^arn:aws:backup:us-east-1:123456789012:recovery-point:[0-9a-f-]{36}$/),
        ResourceArn: fileSystem('fs-1'),
        Status: 'COMPLETED',
        CreationDate: new Date('2026-01-01'),
        Lifecycle: { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 100 },
        CalculatedLifecycle: { MoveToColdStorageAt: new Date('2026-01-11'), DeleteAt: new Date('2026-04-11') },
      },
    ]);
    expect((await client.send(new ListTagsCommand({ ResourceArn: RecoveryPointArn }))).Tags).toEqual({ team: 'books' });
  });

  test.each<Lifecycle | undefined>([undefined, {}, { DeleteAfterDays: -1 }])(
    'with the lifecycle %j makes one that never expires',
    async (lifecycle) => {
      await given();
      const arn = await makePoint(lifecycle);
      await advance(36_500);

      const { CalculatedLifecycle, Lifecycle: shown } = await describePoint(arn);

      expect([CalculatedLifecycle, shown]).toEqual([{}, {}]);
    },
  );

  test.each<[string, Lifecycle]>([
    ['Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days', { DeleteAfterDays: 0 }],
    ['Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days', { DeleteAfterDays: 36501 }],
    ['at least 90 days greater', { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 99 }],
    ['MoveToColdStorageAfterDays must be', { MoveToColdStorageAfterDays: 0 }],
  ])('is refused: %s', async (message, lifecycle) => {
    await given();
    const answer = await refusal(startJob(lifecycle));
    expect(answer).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    expect(answer.message).toContain(message);
    expect(await points()).toEqual([]);
  });

  test('is the same one when it is started twice with one token', async () => {
    await given();
    const [first, second] = [await startJob({}, { IdempotencyToken: 'once' }), await startJob({}, { IdempotencyToken: 'once' })];

    expect(second.BackupJobId).toBe(first.BackupJobId);
    expect(await points()).toHaveLength(1);
  });

  test('backup.jobSeconds: takes its time, also over a restart', async () => {
    await given({ 'backup.jobSeconds': '60' });
    const { BackupJobId } = await startJob();
    expect((await jobOf(BackupJobId)).State).toBe('RUNNING');
    expect(await points()).toEqual([]);

    backup.restart();
    await backup.world.clock.advance(60_000);

    expect(await jobOf(BackupJobId)).toMatchObject({ State: 'COMPLETED', CompletionDate: new Date('2026-01-01T00:01:00Z') });
    expect(await points()).toHaveLength(1);
  });

  test('of a volume makes a snapshot, whose ARN has a slash, and tells it only when it is done', async () => {
    await given();
    expect((await startJob({}, { ResourceArn: volume('vol-1') })).RecoveryPointArn).toBeUndefined();

    const [{ RecoveryPointArn } = {}] = await points({ ByResourceType: 'EBS' });

    expect(RecoveryPointArn).toMatch(/^arn:aws:ec2:us-east-1::snapshot\/snap-[0-9a-f]{17}$/);
    expect(await describePoint(RecoveryPointArn!)).toMatchObject({ ResourceType: 'EBS', StorageClass: 'WARM' });
    await removePoint(RecoveryPointArn!);
    expect(await points()).toEqual([]);
  });

  test('is found in the list of jobs', async () => {
    await given();
    await startJob();
    await startJob({}, { ResourceArn: volume('vol-1') });
    const list = async (filter: object) =>
      (await client.send(new ListBackupJobsCommand(filter))).BackupJobs?.map(({ ResourceType }) => ResourceType);

    expect(await list({})).toEqual(['EFS', 'EBS']);
    expect(await list({ ByResourceArn: volume('vol-1') })).toEqual(['EBS']);
    expect(await list({ ByState: 'FAILED' })).toEqual([]);
  });

  test('that is not there', async () => {
    await given();
    expect(await refusal(jobOf('1'))).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
  });
});

describe('a backup job into a locked vault', () => {
  test.each<[string, object, Lifecycle | undefined]>([
    ['COMPLETED', { MinRetentionDays: 35 }, { DeleteAfterDays: 35 }],
    ['FAILED', { MinRetentionDays: 35 }, { DeleteAfterDays: 34 }],
    ['COMPLETED', { MinRetentionDays: 35 }, undefined],
    ['COMPLETED', { MaxRetentionDays: 35 }, { DeleteAfterDays: 35 }],
    ['FAILED', { MaxRetentionDays: 35 }, { DeleteAfterDays: 36 }],
    ['FAILED', { MaxRetentionDays: 35 }, undefined],
    ['COMPLETED', {}, undefined],
    ['FAILED', { MinRetentionDays: 35, ChangeableForDays: 3 }, { DeleteAfterDays: 34 }],
  ])('is %s: lock %j, lifecycle %j', async (State, days, lifecycle) => {
    await given();
    await lock(days);

    const { BackupJobId } = await startJob(lifecycle);

    const job = await jobOf(BackupJobId);
    expect(job).toMatchObject({ State, VaultLockState: 'LOCKED' });
    expect(Boolean(job.StatusMessage)).toBe(State === 'FAILED');
    expect(await points()).toHaveLength(State === 'COMPLETED' ? 1 : 0);
  });
});

describe('a recovery point', () => {
  /** What the endpoint's state really holds. */
  const kept = () => estates(backup.world)[`${ACCOUNT}/${REGION}`]?.vaults.ledger?.recoveryPoints;

  test('gets another lifecycle, counted from its creation', async () => {
    await given();
    const arn = await makePoint();
    await advance(10);

    expect(await changePoint(arn, { DeleteAfterDays: 30 })).toMatchObject({
      BackupVaultArn: vaultArn('ledger'),
      RecoveryPointArn: arn,
      Lifecycle: { DeleteAfterDays: 30 },
      CalculatedLifecycle: { DeleteAt: new Date('2026-01-31') },
    });
    await advance(20);

    expect(await points()).toEqual([]);
  });

  test('is cold for as long as its lifecycle says', async () => {
    await given();
    const arn = await makePoint({ MoveToColdStorageAfterDays: 10 });
    expect((await describePoint(arn)).StorageClass).toBe('WARM');
    await advance(10);
    expect((await describePoint(arn)).StorageClass).toBe('COLD');
  });

  test('expires on its day, and not a millisecond before, without anybody asking', async () => {
    await given();
    await makePoint({ DeleteAfterDays: 30 });

    await backup.world.clock.advance(30 * DAY_MS - 1);
    expect(backup.report()).toMatchObject([{ recoveryPoints: 1 }]);
    await backup.world.clock.advance(1);

    expect(backup.report()).toMatchObject([{ recoveryPoints: 0 }]);
    expect(kept()).toEqual({});
  });

  test('expires in a vault that is locked for good, too', async () => {
    await given();
    await makePoint({ DeleteAfterDays: 30 });
    await lock({ MinRetentionDays: 60, ChangeableForDays: 3 });

    await advance(29);
    expect(await points()).toHaveLength(1);
    await advance(1);

    expect(await points()).toEqual([]);
  });

  test('expires after a restart, too, without anybody asking', async () => {
    await given();
    await makePoint({ DeleteAfterDays: 30 });
    backup.restart();

    await advance(30);

    expect(kept()).toEqual({});
  });

  test('that is not there is not found, one in a vault that is not there is forbidden', async () => {
    await given();
    const RecoveryPointArn = `arn:aws:backup:${REGION}:${ACCOUNT}:recovery-point:1`;

    expect(await refusal(removePoint(RecoveryPointArn))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Cannot find recovery point',
      status: 400,
    });
    const elsewhere = new DescribeRecoveryPointCommand({ BackupVaultName: 'missing', RecoveryPointArn });
    expect(await refusal(client.send(elsewhere))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  });

  test('is found by resource and by date, in pages', async () => {
    await given();
    await makePoint();
    await advance(1);
    await startJob({}, { ResourceArn: volume('vol-1') });

    expect(await points({ ByResourceArn: fileSystem('fs-1') })).toHaveLength(1);
    expect(await points({ ByCreatedAfter: new Date('2026-01-01T12:00:00Z') })).toMatchObject([{ ResourceType: 'EBS' }]);
    expect(await points({ ByCreatedBefore: new Date('2026-01-01T12:00:00Z') })).toMatchObject([{ ResourceType: 'EFS' }]);
    const first = await client.send(new ListRecoveryPointsByBackupVaultCommand({ ...vault, MaxResults: 1 }));
    expect(await points({ NextToken: first.NextToken })).toMatchObject([{ ResourceType: 'EBS' }]);
  });
});

describe.each([
  ['governance', {}, 0],
  ['cooling off', { ChangeableForDays: 3 }, 0],
  ['immutable', { ChangeableForDays: 3 }, 3],
])('a recovery point in a vault whose lock is %s', (_mode, days, wait) => {
  const refused = {
    name: 'InvalidRequestException',
    message: 'RecoveryPoint cannot be deleted or updated (Backup vault configured with Lock)',
    status: 400,
  };

  test('cannot be deleted or changed, not even by what was there before the lock', async () => {
    await given();
    const arn = await makePoint();
    await lock(days);
    await advance(wait);

    expect(await refusal(removePoint(arn))).toEqual(refused);
    expect(await refusal(changePoint(arn, { DeleteAfterDays: 36500 }))).toEqual(refused);
    expect(await points()).toHaveLength(1);
  });
});

test('a lock that is removed lets recovery points go', async () => {
  await given();
  const arn = await makePoint();
  await lock({});
  await client.send(new DeleteBackupVaultLockConfigurationCommand(vault));

  expect((await removePoint(arn)).$metadata.httpStatusCode).toBe(200);
});

test('a topic hears of the events that it was set up for', async () => {
  await given();
  const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:backups`;
  await client.send(
    new PutBackupVaultNotificationsCommand({
      ...vault,
      SNSTopicArn: topic,
      BackupVaultEvents: ['BACKUP_JOB_FAILED', 'RECOVERY_POINT_MODIFIED'],
    }),
  );
  const arn = await makePoint();
  expect(backup.published).toEqual([]);

  await removePoint(arn);
  await lock({ MaxRetentionDays: 1 });
  const { BackupJobId } = await startJob();

  expect(backup.published).toEqual([
    `${topic}: An AWS Backup recovery point was deleted. Recovery point ARN: ${arn}`,
    `${topic}: An AWS Backup job failed. Resource ARN : ${fileSystem('fs-1')}. BackupJob ID : ${BackupJobId}`,
  ]);
});

describe('a copy job', () => {
  const copy = async (arn: string, destination: string, lifecycle?: Lifecycle) => {
    const start = new StartCopyJobCommand({
      RecoveryPointArn: arn,
      SourceBackupVaultName: 'ledger',
      DestinationBackupVaultArn: destination,
      IamRoleArn: ROLE,
      Lifecycle: lifecycle,
    });
    const { CopyJobId } = await client.send(start);
    return (await client.send(new DescribeCopyJobCommand({ CopyJobId }))).CopyJob;
  };

  test('keeps the expiry of the source, unless it is given one', async () => {
    await given();
    await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'second' }));
    const arn = await makePoint({ DeleteAfterDays: 30 });

    for (const lifecycle of [undefined, { DeleteAfterDays: -1 }, { DeleteAfterDays: 60 }]) {
      expect(await copy(arn, vaultArn('second'), lifecycle)).toMatchObject({ State: 'COMPLETED', SourceRecoveryPointArn: arn });
    }

    const copies = await points({}, 'second');
    expect(copies.map(({ Lifecycle: shown }) => shown?.DeleteAfterDays).sort()).toEqual([30, 30, 60]);
    expect(copies[0]?.SourceBackupVaultArn).toBe(vaultArn('ledger'));
  });

  test('fails when the expiry of the source is too short for the lock of the destination', async () => {
    await given();
    await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'second' }));
    await client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'second', MinRetentionDays: 60 }));
    const arn = await makePoint({ DeleteAfterDays: 30 });

    expect(await copy(arn, vaultArn('second'))).toMatchObject({ State: 'FAILED', StatusMessage: expect.stringContaining('60 days') });
    expect(await points({}, 'second')).toEqual([]);
  });

  test('is the only way into a logically air-gapped vault, from which nothing is deleted', async () => {
    await given();
    const gapped = { BackupVaultName: 'gapped', MinRetentionDays: 7, MaxRetentionDays: 30 };
    await client.send(new CreateLogicallyAirGappedBackupVaultCommand(gapped));
    const arn = await makePoint({ DeleteAfterDays: 30 });
    expect(await refusal(startJob({}, { BackupVaultName: 'gapped' }))).toMatchObject({ name: 'InvalidRequestException' });
    expect(await copy(arn, vaultArn('gapped'))).toMatchObject({ State: 'FAILED' });

    await backup.world.clock.advance(10_000);

    const done = await copy(arn, vaultArn('gapped'));
    expect(done).toMatchObject({ State: 'COMPLETED' });
    const remove = new DeleteRecoveryPointCommand({ BackupVaultName: 'gapped', RecoveryPointArn: done?.DestinationRecoveryPointArn });
    expect(await refusal(client.send(remove))).toMatchObject({ name: 'InvalidRequestException' });
  });

  test("goes into another account's vault if its policy lets it", async () => {
    await given();
    const { accountId, state, clock } = backup.world;
    backup.world.iam = createIam({ accountId, state, clock, delay: () => 0 }).authoriser;
    const stranger = backup.client('STRANGER');
    await stranger.send(new CreateBackupVaultCommand({ BackupVaultName: 'theirs' }));
    const destination = vaultArn('theirs', OTHER_ACCOUNT);
    const arn = await makePoint();

    expect(await copy(arn, destination)).toMatchObject({
      State: 'FAILED',
      StatusMessage: 'Access Denied trying to call AWS Backup service',
    });
    const Statement = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'backup:CopyIntoBackupVault', Resource: '*' };
    await stranger.send(
      new PutBackupVaultAccessPolicyCommand({ BackupVaultName: 'theirs', Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );

    expect(await copy(arn, destination)).toMatchObject({ State: 'COMPLETED' });
    const theirs = await stranger.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'theirs' }));
    expect(theirs.RecoveryPoints).toMatchObject([{ SourceBackupVaultArn: vaultArn('ledger') }]);
  });
});
