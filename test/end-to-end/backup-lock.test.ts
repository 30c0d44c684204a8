import { DeleteBackupVaultLockConfigurationCommand, DeleteRecoveryPointCommand } from '@aws-sdk/client-backup';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as sns from 'aws-cdk-lib/aws-sns';
import { compliance, DAY, existingVault, inWords, locked, lockDateOf, lockOn, marker, recoveryPoint } from './backup-lock-stack';
import { ACKNOWLEDGEMENT, Deployment } from './deployment';
import { BackupLockMode, BackupLockRemoval, BackupProvider, BackupVaultLock } from '../../src';

jest.setTimeout(120_000);

describe('the lock of a backup vault, deployed by the real CDK CLI', () => {
  let deployment: Deployment;
  beforeEach(async () => (deployment = await Deployment.start('Backups')));
  afterEach(async () => deployment.stop());

  const client = () => deployment.rehearsal.backup;
  const vault = async (name = 'prod') => deployment.rehearsal.backupVault(name);
  const words = async (name = 'prod') => inWords(await vault(name));

  test('unchanged, forced, changed elsewhere, with another function: no call to AWS Backup that writes, whatever the lock’s state', async () => {
    const names = ['reversible', 'dated', 'permanent'];
    for (const name of names) await existingVault(client(), name, { DeleteAfterDays: 35 });
    const three =
      (more: (stack: Stack) => void, memorySize = 256, onRemoval?: BackupLockRemoval) =>
      (stack: Stack) => {
        BackupProvider.configure(stack, { memorySize });
        lockOn(stack, 'reversible', { onRemoval });
        lockOn(stack, 'dated', { onRemoval, mode: compliance(30, { vaultName: 'dated' }) });
        lockOn(stack, 'permanent', { onRemoval, mode: compliance(3, { vaultName: 'permanent' }) });
        more(stack);
      };
    await deployment.succeeds(three(marker('a')));
    await deployment.rehearsal.advance({ days: 4 });
    const seen = async () => Promise.all(names.map(async (name) => [await words(name), lockDateOf(await vault(name))]));
    const before = await seen();
    expect(before.map(([state]) => state)).toEqual(['GOVERNANCE 7..35', 'GRACE 7..35', 'IMMUTABLE 7..35']);
    const from = (await deployment.calls()).length;

    expect(await deployment.succeeds(three(marker('a')))).toContain('(no changes)');
    await deployment.succeeds(three(marker('a')), '--force');
    expect(await deployment.succeeds(three(marker('b'), 512))).toMatch(/UPDATE_COMPLETE .*AWS::SSM::Parameter/);
    const withTopic = (stack: Stack) => {
      marker('b')(stack);
      new sns.Topic(stack, 'Topic');
    };
    expect(await deployment.succeeds(three(withTopic, 512))).toMatch(/CREATE_COMPLETE .*AWS::SNS::Topic/);
    // This one reaches the handler.
    expect(await deployment.succeeds(three(withTopic, 512, BackupLockRemoval.REMOVE))).toMatch(/UPDATE_COMPLETE .*Custom::BackupVaultLock/);

    expect(await deployment.writes(from, 'backup')).toEqual([]);
    expect(await seen()).toEqual(before);
  });

  test('governance, then compliance with what that printed; a lock date that the stack shows; refusals that touch nothing', async () => {
    const point = await existingVault(client(), 'prod', { DeleteAfterDays: 20 });
    const withDate = (mode?: BackupLockMode) =>
      locked({ mode }, (lock) => void new CfnOutput(Stack.of(lock), 'LockDate', { value: lock.lockDate }));
    const acknowledge = ACKNOWLEDGEMENT.exec(await deployment.succeeds(withDate()))![1]!;
    expect(await words()).toBe('GOVERNANCE 7..35');

    const coolingOff = Duration.days(7);
    const from = (await deployment.calls()).length;
    const bounds = { minRetention: Duration.days(8), mode: BackupLockMode.compliance({ coolingOff, acknowledge }) };
    await expect(deployment.deploy(locked(bounds))).rejects.toThrow(/`acknowledge`/);
    expect(await deployment.writes(from, 'backup')).toEqual([]);

    const output = await deployment.succeeds(withDate(BackupLockMode.compliance({ coolingOff, acknowledge })));
    expect(await words()).toBe('GRACE 7..35');
    const { lockDate } = (await vault())!.lock!;
    expect(output).toContain(`LockDate = ${lockDate}`);
    expect(Math.abs(Date.parse(lockDate!) - Date.now() - 7 * DAY)).toBeLessThan(60_000);

    const shorter = locked({ mode: BackupLockMode.compliance({ coolingOff: Duration.days(3), acknowledge }) });
    expect(await deployment.fails(shorter, 'UPDATE_ROLLBACK_COMPLETE')).toContain(
      `has the lock date ${lockDate}; \`coolingOff\` counts from now`,
    );
    expect((await vault())!.lock!.lockDate).toBe(lockDate);
    const ask = { BackupVaultName: 'prod', RecoveryPointArn: point };
    await expect(client().send(new DeleteRecoveryPointCommand(ask))).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('a lock that somebody removed by hand: a deployment without a change to it does not see that, the next change restores it', async () => {
    await existingVault(client());
    await deployment.succeeds(locked());
    await client().send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: 'prod' }));
    await deployment.succeeds(locked({}, marker('a')));
    expect(await words()).toBe('none');

    await deployment.succeeds(locked({ onRemoval: BackupLockRemoval.REMOVE }));
    expect(await words()).toBe('GOVERNANCE 7..35');
  });

  test('a vault of the same stack is made before its lock and goes after it, empty and locked as it is', async () => {
    const both = (days: number) => (stack: Stack) => {
      const own = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'own', removalPolicy: RemovalPolicy.DESTROY });
      new BackupVaultLock(stack, 'Lock', { vault: own, minRetention: Duration.days(days), maxRetention: Duration.days(days) });
    };
    await deployment.succeeds(both(7));
    expect(await words('own')).toBe('GOVERNANCE 7..7');
    await deployment.succeeds(both(14));
    expect(await words('own')).toBe('GOVERNANCE 14..14');
    expect(await deployment.destroy(both(14))).toMatchObject({ exitCode: 0 });
    expect(await words('own')).toBe('no vault');
  });

  test('destroy ends in every state: a lock is kept or removed as `onRemoval` says, and a permanent one is forgotten', async () => {
    const modes: Record<string, (vaultName: string) => BackupLockMode> = {
      reversible: () => BackupLockMode.governance(),
      dated: (vaultName) => compliance(30, { vaultName }),
      permanent: (vaultName) => compliance(3, { vaultName }),
    };
    const locks = Object.entries(modes).flatMap(([state, mode]) => {
      return [BackupLockRemoval.KEEP, BackupLockRemoval.REMOVE].map((onRemoval) => {
        const name = `${state}-${onRemoval}`;
        return { name, props: { onRemoval, mode: mode(name), acknowledgementOutput: false } };
      });
    });
    for (const { name } of locks) await existingVault(client(), name);
    const six = (stack: Stack) => locks.forEach(({ name, props }) => lockOn(stack, name, props));
    await deployment.succeeds(six);
    await deployment.rehearsal.advance({ days: 4 });

    expect(await deployment.destroy(six)).toMatchObject({ exitCode: 0 });
    expect(await deployment.status()).toBe('DELETE_COMPLETE');
    expect(Object.fromEntries(await Promise.all(locks.map(async ({ name }) => [name, await words(name)])))).toEqual({
      'reversible-keep': 'GOVERNANCE 7..35',
      'reversible-remove': 'none',
      'dated-keep': 'GRACE 7..35',
      'dated-remove': 'none',
      'permanent-keep': 'IMMUTABLE 7..35',
      'permanent-remove': 'IMMUTABLE 7..35',
    });
    for (const { name } of locks) expect((await vault(name))!.tags).toEqual({});
    const said = await deployment.rehearsal.logs('Backups');
    expect(said).toMatch(/the lock of backup vault permanent-remove is forgotten by the stack and stays in force/);
    expect(said).toMatch(/To remove it: aws backup delete-backup-vault-lock-configuration --backup-vault-name reversible-keep/);
  });

  test('a recovery point that never expires keeps the lock from becoming permanent, unless that is meant', async () => {
    await existingVault(client());
    await recoveryPoint(client(), 'prod', {});
    await deployment.succeeds(locked());
    const from = (await deployment.calls()).length;
    const output = await deployment.fails(locked({ mode: compliance() }), 'UPDATE_ROLLBACK_COMPLETE');
    expect(output).toContain('holds at least one recovery point that never expires');
    expect(await words()).toBe('GOVERNANCE 7..35');
    expect(await deployment.writes(from, 'backup')).not.toContain('PutBackupVaultLockConfiguration');

    await deployment.succeeds(locked({ mode: compliance(7, { allowRecoveryPointsWithoutExpiry: true }) }));
    expect(await words()).toBe('GRACE 7..35');
  });
});
