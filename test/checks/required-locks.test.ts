import { Annotations, App, Aspects, CfnParameter, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { checked, erroneous, errorsOf, warningIds } from './checked-app';
import {
  BackupVaultLock,
  GlacierVault,
  GlacierVaultLock,
  RequiredLockMode,
  VaultLockChecks,
  VaultLockPolicy,
  VaultLockStage,
} from '../../src';
import { existingVault } from '../construct-fixtures/backup';
import { aStack, ENV } from '../construct-fixtures/stacks';

describe('every vault must have a lock', () => {
  test('a native backup vault without one is an error that says what to do', () => {
    const { stack } = checked();
    new backup.BackupVault(stack, 'Vault');

    expect(errorsOf(stack)).toEqual({
      '/Archive/Vault/Resource': expect.stringMatching(/must have a lock.*BackupVaultLock.*lockConfiguration/),
    });
  });

  test('a lock of its own will do', () => {
    const { stack } = checked();
    new backup.BackupVault(stack, 'L2', { lockConfiguration: { minRetention: Duration.days(7), maxRetention: Duration.days(365) } });
    new backup.CfnBackupVault(stack, 'L1', { backupVaultName: 'l1', lockConfiguration: { minRetentionDays: 7, maxRetentionDays: 365 } });

    expect(erroneous(stack)).toEqual([]);
    expect(warningIds(stack)).toEqual([]);
  });

  test('so will one by an override', () => {
    const { stack } = checked();
    const vault = new backup.CfnBackupVault(stack, 'L1', { backupVaultName: 'l1' });
    vault.addPropertyOverride('LockConfiguration', { MinRetentionDays: 7 });

    expect(erroneous(stack)).toEqual([]);
  });

  test('a lock that CloudFormation is told to leave out is none', () => {
    const { stack } = checked();
    const vault = new backup.CfnBackupVault(stack, 'L1', { backupVaultName: 'l1' });
    vault.addPropertyOverride('LockConfiguration', { Ref: 'AWS::NoValue' });

    expect(erroneous(stack)).toEqual(['/Archive/L1']);
  });

  test('a BackupVaultLock of the same stack will do, whatever it calls the vault', () => {
    const { stack } = checked();
    new BackupVaultLock(stack, 'Lock', { vault: new backup.BackupVault(stack, 'Vault'), minRetention: Duration.days(7) });
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const byToken = new backup.BackupVault(stack, 'ByToken', { backupVaultName: name });
    new BackupVaultLock(stack, 'LockByToken', { vault: byToken, minRetention: Duration.days(7) });
    new BackupVaultLock(stack, 'LockByName', { vault: existingVault(stack, 'named'), minRetention: Duration.days(7) });
    new backup.CfnBackupVault(stack, 'Named', { backupVaultName: 'named' });

    expect(erroneous(stack)).toEqual([]);
  });

  test.each([
    ['of a known account and region', ENV],
    ['of whatever account and region', {}],
  ])('so will one of another stack %s', (_, env) => {
    const { app, stack } = checked({}, env);
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new BackupVaultLock(aStack(env, app, 'Locks'), 'Lock', { vault, minRetention: Duration.days(7) });

    expect(erroneous(stack)).toEqual([]);
  });

  test('so will one of another stack that only says the name, of the same account and region', () => {
    const { app, stack } = checked();
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    const other = aStack(ENV, app, 'Other');
    new BackupVaultLock(other, 'Lock', { vault: existingVault(other), minRetention: Duration.days(7) });

    expect(erroneous(stack)).toEqual([]);
  });

  test('a lock of a vault of the same name elsewhere will not', () => {
    const { app, stack } = checked();
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    const elsewhere = aStack({ ...ENV, region: 'us-east-1' }, app, 'Elsewhere');
    new BackupVaultLock(elsewhere, 'Lock', { vault: existingVault(elsewhere), minRetention: Duration.days(7) });

    expect(erroneous(stack)).toEqual(['/Archive/Vault/Resource']);
  });

  test('nor does a name say which vault is meant where nobody knows the account', () => {
    const { app, stack } = checked({}, {});
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    const other = aStack({}, app, 'Other');
    new BackupVaultLock(other, 'Lock', { vault: existingVault(other), minRetention: Duration.days(7) });

    expect(erroneous(stack)).toEqual(['/Archive/Vault/Resource']);
  });

  test('a logically air-gapped vault has one always', () => {
    const { stack } = checked({ mode: RequiredLockMode.COMPLIANCE, minimumRetention: Duration.days(7) });
    new backup.CfnLogicallyAirGappedBackupVault(stack, 'AirGapped', { backupVaultName: 'gap', minRetentionDays: 7, maxRetentionDays: 35 });

    expect(erroneous(stack)).toEqual([]);
  });

  test('a Glacier vault needs a GlacierVaultLock that is not being aborted', () => {
    const { stack } = checked();
    const vault = (id: string) => new GlacierVault(stack, id, { vaultName: id });
    const policy = VaultLockPolicy.retain(Duration.days(30));
    vault('open');
    new GlacierVaultLock(stack, 'Lock', { vault: vault('locked'), policy });
    new GlacierVaultLock(stack, 'Aborting', { vault: vault('aborted'), policy, stage: VaultLockStage.abort() });

    expect(erroneous(stack)).toEqual(['/Archive/open/Resource', '/Archive/aborted/Resource']);
  });

  test('vaults of nested stacks and of all stacks of the app are judged', () => {
    const { app, stack } = checked();
    const nested = new NestedStack(stack, 'Nested');
    new backup.BackupVault(nested, 'Open');
    new GlacierVaultLock(stack, 'Lock', {
      vault: new GlacierVault(nested, 'Locked', { vaultName: 'ledger' }),
      policy: VaultLockPolicy.retain(Duration.days(30)),
    });
    const second = aStack(ENV, app, 'Second');
    new GlacierVault(second, 'Open');

    expect(erroneous(stack)).toEqual(['/Archive/Nested/Open/Resource']);
    expect(erroneous(second)).toEqual(['/Second/Open/Resource']);
  });

  test('checks of a Stage judge what is in it', () => {
    const stage = new Stage(new App(), 'Prod', { env: ENV });
    Aspects.of(stage).add(new VaultLockChecks());
    const stack = new Stack(stage, 'Archive');
    new backup.BackupVault(stack, 'Vault');

    expect(erroneous(stack)).toEqual(['/Prod/Archive/Vault/Resource']);
  });

  test('a Stage that the checks of the app do not reach needs its own, or a reason', () => {
    const { app } = checked();
    const stage = new Stage(app, 'Prod', { env: ENV });
    new backup.BackupVault(new Stack(stage, 'Archive'), 'Vault');
    new Stack(new Stage(app, 'Empty'), 'Archive');
    expect(() => app.synth()).toThrow(
      /The stage 'Prod' has vaults or locks that nobody checks(?![^]*Empty)[^]*acknowledgeWarning\('cdk-vault-lock:stageWithoutChecks'/,
    );

    Annotations.of(stage).acknowledgeWarning('cdk-vault-lock:stageWithoutChecks', 'a playground');
    expect(() => app.synth()).not.toThrow();
  });

  test('a Stage with checks of its own is fine', () => {
    const { app } = checked();
    const stage = new Stage(app, 'Prod', { env: ENV });
    Aspects.of(stage).add(new VaultLockChecks({ requireLock: false }));
    new backup.BackupVault(new Stack(stage, 'Archive'), 'Vault');

    expect(() => app.synth()).not.toThrow();
  });

  test('or one whose stacks have them', () => {
    const { app } = checked();
    const inside = new Stack(new Stage(app, 'Prod', { env: ENV }), 'Archive');
    Aspects.of(inside).add(new VaultLockChecks({ requireLock: false }));
    new backup.BackupVault(inside, 'Vault');

    expect(() => app.synth()).not.toThrow();
  });

  test('unless nobody asks for it', () => {
    const { stack } = checked({ requireLock: false });
    new backup.BackupVault(stack, 'Vault');
    new GlacierVault(stack, 'Glacier');

    expect(erroneous(stack)).toEqual([]);
  });

  test('an exception is made by acknowledging it, with everything below; the others are told once', () => {
    const { stack } = checked();
    const vault = new backup.BackupVault(stack, 'Scratch');
    new backup.BackupVault(stack, 'Vault');
    Annotations.of(vault).acknowledgeWarning('cdk-vault-lock:vaultWithoutLock', 'holds nothing that counts');

    expect(erroneous(stack)).toEqual(['/Archive/Vault/Resource']);
    expect(warningIds(stack)).toEqual([]);
  });

  test('what another aspect still changes counts', () => {
    const { app, stack } = checked();
    const vault = new backup.CfnBackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    Aspects.of(app).add({
      visit: (node) => node === vault && vault.addPropertyOverride('LockConfiguration.MinRetentionDays', 7),
    });

    expect(erroneous(stack)).toEqual([]);
  });
});
