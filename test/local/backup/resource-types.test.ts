import { startBackup } from './backup-server';
import type { BackupServer } from './backup-server';
import type { Properties } from '../../../local/cloudformation/resource-type';

const VAULT = 'AWS::Backup::BackupVault';
const AIR_GAPPED = 'AWS::Backup::LogicallyAirGappedBackupVault';
const ARN = 'arn:aws:backup:eu-central-1:123456789012:backup-vault:ledger';
const base: Properties = { BackupVaultName: 'ledger' };
const DENY = { Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' };

let backup: BackupServer;
async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches });
}
afterEach(() => backup.close());

const create = (properties: Properties) => backup.type(VAULT).create(properties);
const update = (properties: Properties, previous: Properties) => backup.type(VAULT).update('ledger', properties, previous);
const remove = () => backup.type(VAULT).delete('ledger', base);
const locked = (lock: Properties): Properties => ({ ...base, LockConfiguration: lock });
const days = (count: number) => backup.world.clock.advance(count * 86_400_000);
const lockNow = () => backup.report().find(({ backupVaultName }) => backupVaultName === 'ledger')?.lock;
/** The operations that were called since the last time this was asked. */
const calls = () => backup.world.gate.calls.splice(0).map(({ operation }) => operation);

describe('AWS::Backup::BackupVault', () => {
  test('makes the vault with everything that the template says, by calls of its own', async () => {
    await given();
    const result = await create({
      ...base,
      BackupVaultTags: { team: 'books' },
      AccessPolicy: { Version: '2012-10-17', Statement: [DENY] },
      Notifications: { SNSTopicArn: 'arn:aws:sns:eu-central-1:123456789012:t', BackupVaultEvents: ['BACKUP_JOB_FAILED'] },
      LockConfiguration: { MinRetentionDays: '7', MaxRetentionDays: 30 },
    });

    expect(result).toEqual({ physicalId: 'ledger', attributes: { BackupVaultArn: ARN, BackupVaultName: 'ledger' } });
    expect(backup.report()).toMatchObject([
      { backupVaultName: 'ledger', tags: { team: 'books' }, accessPolicy: true, lock: { state: 'GOVERNANCE', minRetentionDays: 7 } },
    ]);
    expect(calls()).toEqual([
      'CreateBackupVault',
      'PutBackupVaultAccessPolicy',
      'PutBackupVaultNotifications',
      'PutBackupVaultLockConfiguration',
    ]);
  });

  test('does not adopt a vault of that name', async () => {
    await given();
    await create(base);

    await expect(create(base)).rejects.toThrow(
      /^Resource handler returned message: "Backup vault with the same name already exists \(Service: Backup, Status Code: 400, .*AlreadyExistsException\)$/,
    );
  });

  test('wants a minimum in a lock, unlike the API', async () => {
    await given();
    await expect(create(locked({ MaxRetentionDays: 30 }))).rejects.toThrow('required key [MinRetentionDays] not found');
    expect(backup.report()).toEqual([]);
  });

  test('passes any number on, and leaves no vault behind when the service refuses it', async () => {
    await given();
    await expect(create(locked({ MinRetentionDays: 1, ChangeableForDays: 1 }))).rejects.toThrow('InvalidParameterValueException');
    expect(backup.report()).toEqual([]);
  });

  test('changes policy, notifications and tags, and only what has changed', async () => {
    await given();
    const before = {
      ...base,
      BackupVaultTags: { team: 'books', stage: 'test' },
      AccessPolicy: { Version: '2012-10-17', Statement: [DENY] },
    };
    await create(before);
    calls();

    const after = { ...base, BackupVaultTags: { stage: 'live' }, AccessPolicy: before.AccessPolicy };
    await update(after, before);
    expect(calls()).toEqual(['UntagResource', 'TagResource']);
    await update({ ...base, BackupVaultTags: { stage: 'live' } }, after);
    expect(calls()).toEqual(['DeleteBackupVaultAccessPolicy']);

    expect(backup.report()).toMatchObject([{ tags: { stage: 'live' }, accessPolicy: false }]);
  });

  test('starts the cooling-off anew when a bound changes', async () => {
    await given();
    const lock = { MinRetentionDays: 7, ChangeableForDays: 10 };
    await create(locked(lock));
    await days(5);

    await update(locked({ ...lock, MinRetentionDays: 8 }), locked(lock));

    expect(lockNow()).toMatchObject({ state: 'GRACE', minRetentionDays: 8, lockDate: '2026-01-16T00:00:00.000Z' });
  });

  test.each([
    [{ MinRetentionDays: 7 }, 0],
    [{ MinRetentionDays: 7, ChangeableForDays: 10 }, 9],
  ])('unlocks without a word when %j is taken out of the template', async (lock, wait) => {
    await given();
    await create(locked(lock));
    await days(wait);

    await update(base, locked(lock));

    expect(lockNow()).toBeNull();
  });

  test('does not care that somebody else has unlocked the vault before', async () => {
    await given({ 'backup.deleteWithoutLock': 'RNF' });
    await create(locked({ MinRetentionDays: 7 }));
    const authorization = 'AWS4-HMAC-SHA256 Credential=ALICE/20260101/eu-central-1/backup/aws4_request, Signature=0';
    await backup.raw('DELETE', '/backup-vaults/ledger/vault-lock', { headers: { authorization } });

    await update(base, locked({ MinRetentionDays: 7 }));

    expect(lockNow()).toBeNull();
  });

  test.each<[string, Properties]>([
    ['another bound', locked({ MinRetentionDays: 8, ChangeableForDays: 3 })],
    ['no lock', base],
  ])('fails once the lock is immutable, with %s', async (_what, after) => {
    await given();
    const before = locked({ MinRetentionDays: 7, ChangeableForDays: 3 });
    await create(before);
    await days(3);

    await expect(update(after, before)).rejects.toThrow('InvalidRequestException');

    expect(lockNow()).toMatchObject({ state: 'IMMUTABLE', minRetentionDays: 7 });
  });

  test('takes a promotion back by a Put without ChangeableForDays, whatever that does', async () => {
    for (const [setting, state] of [
      ['keepLockDate', 'GRACE'],
      ['clearLockDate', 'GOVERNANCE'],
    ] as const) {
      if (setting === 'clearLockDate') await backup.close();
      await given({ 'backup.putInGrace': setting });
      const [governance, compliance] = [locked({ MinRetentionDays: 7 }), locked({ MinRetentionDays: 7, ChangeableForDays: 3 })];
      await create(governance);
      await update(compliance, governance);

      await update(governance, compliance);

      expect([setting, lockNow()?.state]).toEqual([setting, state]);
    }
  });

  test.each([
    ['no', '2026-01-11T00:00:00.000Z', undefined],
    ['yes', '2026-01-16T00:00:00.000Z', 'InvalidRequestException'],
  ])('backup.nativeRePutsLock=%s: another tag moves LockDate to %s, and later fails with %s', async (setting, lockDate, failure) => {
    await given({ 'backup.nativeRePutsLock': setting });
    const before = locked({ MinRetentionDays: 7, ChangeableForDays: 10 });
    const tagged = (stage: string) => ({ ...before, BackupVaultTags: { stage } });
    await create(before);
    await days(5);

    await update(tagged('test'), before);
    expect(lockNow()).toMatchObject({ lockDate });
    await days(10);

    const late = update(tagged('live'), tagged('test'));
    if (failure) await expect(late).rejects.toThrow(failure);
    else expect((await late).physicalId).toBe('ledger');
  });

  test('is deleted by DeleteBackupVault alone: empty it goes, locked for good or not', async () => {
    await given();
    await create(locked({ MinRetentionDays: 7, ChangeableForDays: 3 }));
    await days(3);
    calls();

    await remove();

    expect(calls()).toEqual(['DeleteBackupVault']);
    expect(backup.report()).toEqual([]);
  });

  test('cannot be deleted with a recovery point in it', async () => {
    await given();
    await create(base);
    const authorization = 'AWS4-HMAC-SHA256 Credential=ALICE/20260101/eu-central-1/backup/aws4_request, Signature=0';
    const job = { BackupVaultName: 'ledger', ResourceArn: 'arn:aws:s3:::books', IamRoleArn: 'arn:aws:iam::123456789012:role/b' };
    await backup.raw('PUT', '/backup-jobs', {
      body: JSON.stringify({ ...job, ResourceArn: 'arn:aws:s3:::books' }),
      headers: { authorization },
    });

    await expect(remove()).rejects.toThrow('Backup vault cannot be deleted because it contains recovery points. (Service: Backup');
  });

  test('is gone when somebody else has deleted it: fine to delete, not to update', async () => {
    await given();

    await remove();

    await expect(update(base, { ...base, BackupVaultTags: {} })).rejects.toThrow(
      "Resource of type 'AWS::Backup::BackupVault' with identifier 'ledger' was not found.",
    );
  });

  test('is replaced by another name, and not by another key under the same name', async () => {
    await given();
    await create(base);

    expect((await update({ BackupVaultName: 'second' }, base)).physicalId).toBe('second');
    await expect(update({ ...base, EncryptionKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1' }, base)).rejects.toThrow(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing',
    );
    expect(backup.report().map(({ backupVaultName }) => backupVaultName)).toEqual(['ledger', 'second']);
  });

  test('is hit by faults like any caller', async () => {
    await given();
    backup.world.gate.setFaults([{ service: 'backup', operation: 'CreateBackupVault', error: 'ThrottlingException' }]);

    await expect(create(base)).rejects.toThrow('Rate exceeded');
  });
});

describe('AWS::Backup::LogicallyAirGappedBackupVault', () => {
  const gapped: Properties = { BackupVaultName: 'gapped', MinRetentionDays: '7', MaxRetentionDays: 30 };

  test('is there when it is AVAILABLE', async () => {
    await given();
    const creation = backup.type(AIR_GAPPED).create(gapped);
    await new Promise(setImmediate);
    expect(backup.report()).toMatchObject([{ vaultState: 'CREATING' }]);

    await backup.world.clock.advance(10_000);

    expect(await creation).toMatchObject({
      physicalId: 'gapped',
      attributes: { VaultState: 'AVAILABLE', VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
    });
  });

  test('has bounds for good, and lets nobody lock it', async () => {
    await given({ 'backup.airGappedSeconds': '0' });
    await backup.type(AIR_GAPPED).create(gapped);

    const change = backup.type(AIR_GAPPED).update('gapped', { ...gapped, MaxRetentionDays: 31 }, gapped);

    await expect(change).rejects.toThrow('custom-named resource requires replacing');
  });

  test('wants both bounds', async () => {
    await given();
    await expect(backup.type(AIR_GAPPED).create({ BackupVaultName: 'gapped', MinRetentionDays: 7 })).rejects.toThrow('MaxRetentionDays');
  });
});

test('plans and selections are recorded with their ids and ARNs', async () => {
  await given();

  const plan = await backup.type('AWS::Backup::BackupPlan').create({ BackupPlan: { BackupPlanName: 'daily', BackupPlanRule: [] } });
  const properties = { BackupPlanId: plan.physicalId, BackupSelection: {} };
  const selection = await backup.type('AWS::Backup::BackupSelection').create(properties);

  expect(plan.attributes).toMatchObject({
    BackupPlanId: plan.physicalId,
    BackupPlanArn: `arn:aws:backup:eu-central-1:123456789012:backup-plan:${plan.physicalId}`,
  });
  expect(selection.attributes).toMatchObject({ Id: selection.physicalId, BackupPlanId: plan.physicalId });
});
