import { CreateLogicallyAirGappedBackupVaultCommand, DeleteBackupVaultLockConfigurationCommand } from '@aws-sdk/client-backup';
import { Duration } from 'aws-cdk-lib';
import { compliance, existingVault, failsAfter, inWords, locked } from './backup-lock-stack';
import { Deployment } from './deployment';
import { BackupLockRemoval } from '../../src';

jest.setTimeout(120_000);

describe('a lock in trouble, deployed by the real CDK CLI', () => {
  let deployment: Deployment;
  beforeEach(async () => (deployment = await Deployment.start('Backups')));
  afterEach(async () => deployment.stop());

  const vault = async () => deployment.rehearsal.backupVault('prod');
  const puts = async () => (await deployment.writes(0, 'backup')).filter((write) => write.startsWith('PutBackupVaultLockConfiguration'));

  test('after the lock date a change is refused with reason and date, and every rollback ends', async () => {
    await existingVault(deployment.rehearsal.backup);
    const mode = compliance(3);
    await deployment.succeeds(locked({ mode }));
    await deployment.rehearsal.advance({ days: 3, hours: 1 });
    const { lockDate } = (await vault())!.lock!;
    const changes = [{ mode: compliance(3, { minDays: 5 }), minRetention: Duration.days(5) }, {}, { mode: compliance(30) }];
    for (const change of changes) {
      const output = await deployment.fails(locked(change), 'UPDATE_ROLLBACK_COMPLETE');
      expect(output).toContain(`is permanent since ${lockDate} (minimum 7 days, maximum 35 days)`);
    }
    await deployment.fails(locked({ mode, onRemoval: BackupLockRemoval.REMOVE }, failsAfter), 'UPDATE_ROLLBACK_COMPLETE');
    expect(await puts()).toHaveLength(1);

    await deployment.succeeds(locked({ mode }));
    expect(await deployment.destroy(locked({ mode }))).toMatchObject({ exitCode: 0 });
    expect((await vault())!.lock).toMatchObject({ state: 'IMMUTABLE', lockDate });
  });

  test('a logically air-gapped vault is refused without a call that writes', async () => {
    const airGapped = { BackupVaultName: 'prod', MinRetentionDays: 7, MaxRetentionDays: 35 };
    await deployment.rehearsal.backup.send(new CreateLogicallyAirGappedBackupVaultCommand(airGapped));
    await deployment.rehearsal.advance({ hours: 1 });
    const from = (await deployment.calls()).length;
    const output = await deployment.fails(locked(), 'ROLLBACK_COMPLETE');
    expect(output).toContain('is of the type LOGICALLY_AIR_GAPPED_BACKUP_VAULT, whose lock is set when the vault is made');
    expect(await deployment.writes(from, 'backup')).toEqual([]);
  });

  test.each([
    ['a lost answer', { operation: 'PutBackupVaultLockConfiguration', when: 'after', dropConnection: true }],
    ['throttling, thrice', { operation: 'PutBackupVaultLockConfiguration', error: 'ThrottlingException', times: 3 }],
    ['an error of the server', { operation: 'PutBackupVaultLockConfiguration', error: 'ServiceUnavailableException' }],
    [
      'an error of the server after it did its work',
      { operation: 'PutBackupVaultLockConfiguration', when: 'after', error: 'InternalError' },
    ],
  ])('%s to the Put that sets the lock date: it is set, and once', async (_title, fault) => {
    await existingVault(deployment.rehearsal.backup);
    await deployment.succeeds(locked());
    const before = (await puts()).length;
    await deployment.faults({ service: 'backup', ...fault });
    await deployment.succeeds(locked({ mode: compliance() }));
    expect(inWords(await vault())).toBe('GRACE 7..35');
    const made = (await puts()).slice(before);
    const arrived = 'when' in fault ? made : made.filter((put) => put === 'PutBackupVaultLockConfiguration');
    expect(arrived).toHaveLength(1);
  });

  test('events that are delivered twice, and permissions that arrive late: one Put each, and the lock date of the first', async () => {
    await existingVault(deployment.rehearsal.backup);
    const twice = { service: 'cloudformation', operation: 'duplicate', delayMs: 200, times: 2 };
    await deployment.faults(twice, { service: 'iam', operation: 'grant', delayMs: 1_500, times: 20 });
    await deployment.succeeds(locked({ mode: compliance() }));
    expect((await puts()).filter((put) => put === 'PutBackupVaultLockConfiguration')).toHaveLength(1);
    const { lockDate } = (await vault())!.lock!;
    await deployment.faults(twice);
    await deployment.succeeds(locked({ mode: compliance(), onRemoval: BackupLockRemoval.REMOVE }));
    expect((await vault())!.lock!.lockDate).toBe(lockDate);
  });

  test('throttling of everything slows a deployment down, and a removal, and changes neither', async () => {
    await existingVault(deployment.rehearsal.backup);
    const throttling = { service: 'backup', operation: '*', error: 'ThrottlingException', times: 4 };
    await deployment.faults(throttling);
    const build = locked({ onRemoval: BackupLockRemoval.REMOVE });
    await deployment.succeeds(build);
    expect(inWords(await vault())).toBe('GOVERNANCE 7..35');
    await deployment.faults(throttling, {
      service: 'backup',
      operation: 'DeleteBackupVaultLockConfiguration',
      when: 'after',
      dropConnection: true,
    });
    expect(await deployment.destroy(build)).toMatchObject({ exitCode: 0 });
    expect(await vault()).toMatchObject({ lock: null, tags: {} });
    const ask = { BackupVaultName: 'prod' };
    await expect(deployment.rehearsal.backup.send(new DeleteBackupVaultLockConfigurationCommand(ask))).resolves.toBeDefined();
  });
});
