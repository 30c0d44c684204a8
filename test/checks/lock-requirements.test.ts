import { Annotations, CfnParameter, CfnResource, Duration } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { checked, erroneous, errorsBy, errorsOf, warningIds } from './checked-app';
import { BackupVaultLock, GlacierVault, GlacierVaultLock, RequiredLockMode, VaultLockChecks, VaultLockPolicy } from '../../src';
import { compliance, existingVault, printed } from '../construct-fixtures/backup';
import { aStack, ENV } from '../construct-fixtures/stacks';

const nativeLock = (bounds: Partial<backup.LockConfiguration> = {}): backup.LockConfiguration => ({
  minRetention: Duration.days(7),
  maxRetention: Duration.days(365),
  ...bounds,
});

describe('every lock must keep things long enough', () => {
  const asked = { minimumRetention: Duration.days(30), requireLock: false };

  test.each([
    [29, ['/Archive/Vault/Resource']],
    [30, []],
  ])('a native lock of %d days', (days, expected) => {
    const { stack } = checked(asked);
    new backup.BackupVault(stack, 'Vault', { lockConfiguration: nativeLock({ minRetention: Duration.days(days) }) });

    expect(erroneous(stack)).toEqual(expected);
  });

  test('a BackupVaultLock of an imported vault', () => {
    const { stack } = checked(asked);
    new BackupVaultLock(stack, 'Short', { vault: existingVault(stack, 'one'), minRetention: Duration.days(29) });
    new BackupVaultLock(stack, 'None', { vault: existingVault(stack, 'two'), maxRetention: Duration.days(100) });
    new BackupVaultLock(stack, 'Long', { vault: existingVault(stack, 'three'), minRetention: Duration.days(30) });

    expect(errorsOf(stack)).toEqual({
      '/Archive/Short/Resource': expect.stringMatching(/at least 30 days.*got: 29 days/),
      '/Archive/None/Resource': expect.stringMatching(/at least 30 days.*got: none/),
    });
  });

  test('a Glacier lock is proved, and a counter-example shown', () => {
    const { stack } = checked(asked);
    for (const days of [29, 30]) {
      const vault = new GlacierVault(stack, `Vault${days}`, { vaultName: `ledger-${days}` });
      new GlacierVaultLock(stack, `Lock${days}`, { vault, policy: VaultLockPolicy.retain(Duration.days(days)) });
    }

    expect(errorsOf(stack)).toEqual({
      '/Archive/Lock29/Resource': expect.stringMatching(/is not denied glacier:DeleteArchive on an archive of 29 days/),
    });
  });

  test('so is a bare resource from a template', () => {
    const { stack } = checked(asked);
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'glacier:DeleteArchive',
      Resource: `arn:aws:glacier:${ENV.region}:${ENV.account}:vaults/ledger`,
    };
    const inverted = { ...statement, Condition: { NumericGreaterThan: { 'glacier:ArchiveAgeInDays': '365' } } };
    new CfnResource(stack, 'Lock', {
      type: 'Custom::GlacierVaultLock',
      properties: { VaultName: 'ledger', Stage: 'initiate', Policy: JSON.stringify({ Version: '2012-10-17', Statement: [inverted] }) },
    });

    expect(errorsOf(stack)).toEqual({
      '/Archive/Lock': expect.stringContaining("acknowledgeWarning('cdk-vault-lock:lockMinimumTooShort'"),
    });
    expect(warningIds(stack)).toEqual(['inverted-age']);
  });

  test('a policy that is none keeps nothing', () => {
    const { stack } = checked(asked);
    new CfnResource(stack, 'Lock', { type: 'Custom::GlacierVaultLock', properties: { VaultName: 'ledger', Policy: '{"Version":' } });

    expect(errorsOf(stack)).toEqual({ '/Archive/Lock': expect.stringMatching(/for at least 30 days .* The lock policy is no policy: /) });
  });

  test('what only the deployment knows is an error, too: unknown is never a proof', () => {
    const { stack } = checked({ ...asked, maximumRetention: Duration.days(400) });
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    new backup.CfnBackupVault(stack, 'Native', {
      backupVaultName: 'prod',
      lockConfiguration: { minRetentionDays: days, maxRetentionDays: 365 },
    });
    const vault = new GlacierVault(stack, 'Glacier', { vaultName: 'ledger' });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(days)) });

    expect(errorsOf(stack)).toEqual({
      '/Archive/Native': expect.stringMatching(/only the deployment knows.*cdk-vault-lock:lockRetentionUnknown/),
      '/Archive/Lock/Resource': expect.stringMatching(/cannot be proved.*cdk-vault-lock:lockRetentionUnknown/),
    });
  });

  test('and can be acknowledged', () => {
    const { stack } = checked(asked);
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    const vault = new backup.CfnBackupVault(stack, 'Native', { backupVaultName: 'prod', lockConfiguration: { minRetentionDays: days } });
    Annotations.of(vault).acknowledgeWarning('cdk-vault-lock:lockRetentionUnknown', 'at least 30, by its AllowedValues');

    expect(erroneous(stack)).toEqual([]);
  });

  test('and is no news where nothing is asked', () => {
    const { stack } = checked();
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    new backup.CfnBackupVault(stack, 'Native', { backupVaultName: 'prod', lockConfiguration: { minRetentionDays: days } });

    expect(warningIds(stack)).toEqual([]);
  });
});

describe('other things that can be asked of locks of backup vaults', () => {
  test('a longest retention', () => {
    const { stack } = checked({ maximumRetention: Duration.days(365) });
    new backup.BackupVault(stack, 'Fine', { lockConfiguration: nativeLock() });
    new backup.BackupVault(stack, 'Long', { lockConfiguration: nativeLock({ maxRetention: Duration.days(366) }) });
    new backup.BackupVault(stack, 'None', { lockConfiguration: nativeLock({ maxRetention: undefined }) });

    expect(erroneous(stack)).toEqual(['/Archive/Long/Resource', '/Archive/None/Resource']);
  });

  test('compliance mode', () => {
    const { stack } = checked({ mode: RequiredLockMode.COMPLIANCE });
    new backup.BackupVault(stack, 'Native', { lockConfiguration: nativeLock({ changeableFor: Duration.days(3) }) });
    new backup.BackupVault(stack, 'NativeGovernance', { lockConfiguration: nativeLock() });
    const lock = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };
    new BackupVaultLock(stack, 'Own', { ...lock, vault: existingVault(stack), mode: compliance(Duration.days(3), printed()) });
    new BackupVaultLock(stack, 'OwnGovernance', { ...lock, vault: existingVault(stack, 'other') });

    expect(erroneous(stack)).toEqual(['/Archive/NativeGovernance/Resource', '/Archive/OwnGovernance/Resource']);
  });

  test('governance mode: nothing becomes permanent by mistake', () => {
    const { stack } = checked({ mode: RequiredLockMode.GOVERNANCE });
    new backup.BackupVault(stack, 'Native', { lockConfiguration: nativeLock({ changeableFor: Duration.days(3) }) });
    new backup.BackupVault(stack, 'NativeGovernance', { lockConfiguration: nativeLock() });

    expect(errorsOf(stack)).toEqual({ '/Archive/Native/Resource': expect.stringMatching(/must be in governance mode.*got: compliance/) });
  });

  test('a mode that hangs on a condition is not known to be the right one', () => {
    const { stack } = checked({ mode: RequiredLockMode.COMPLIANCE });
    const vault = new backup.CfnBackupVault(stack, 'Native', {
      backupVaultName: 'prod',
      lockConfiguration: { minRetentionDays: 7, maxRetentionDays: 9 },
    });
    vault.addPropertyOverride('LockConfiguration.ChangeableForDays', { 'Fn::If': ['IsProd', 3, { Ref: 'AWS::NoValue' }] });

    expect(errorsOf(stack)).toEqual({ '/Archive/Native': expect.stringContaining('cdk-vault-lock:lockModeUnknown') });
    expect(warningIds(stack)).toEqual(['backupMaxRetentionExcludesColdStorage']);
  });
});

test('what only CloudFormation can read is not taken to be as it should', () => {
  const { stack } = checked({ minimumRetention: Duration.days(30), mode: RequiredLockMode.GOVERNANCE });
  const either = (one: unknown) => ({ 'Fn::If': ['IsProd', one, { Ref: 'AWS::NoValue' }] });
  const vault = new backup.CfnBackupVault(stack, 'Native', { backupVaultName: 'prod' });
  for (const property of ['BackupVaultName', 'LockConfiguration', 'AccessPolicy', 'EncryptionKeyArn']) {
    vault.addPropertyOverride(property, either('something'));
  }
  for (const type of ['GlacierVault', 'GlacierVaultLock', 'BackupVaultLock', 'BackupVaultAccess']) {
    const properties = Object.fromEntries(['VaultName', 'Policy', 'AccessPolicy', 'Statements', 'Mode'].map((name) => [name, either('{')]));
    new CfnResource(stack, type, { type: `Custom::${type}`, properties });
  }

  expect(errorsBy(stack)).toEqual([
    ['/Archive/Native', 'lockRetentionUnknown'],
    ['/Archive/Native', 'lockModeUnknown'],
    ['/Archive/GlacierVault', 'vaultWithoutLock'],
    ['/Archive/GlacierVaultLock', 'lockRetentionUnknown'],
    ['/Archive/BackupVaultLock', 'lockMinimumTooShort'],
    ['/Archive/BackupVaultLock', 'lockModeUnknown'],
  ]);
  expect(warningIds(stack)).toEqual(['policyNotJudged', 'policyNotJudged', 'policyNotJudged', 'policyNotJudged']);
});

describe('what is asked is judged itself', () => {
  test.each([
    [{ minimumRetention: Duration.hours(36) }, /`minimumRetention` must be whole days/],
    [{ mode: 'strict' as RequiredLockMode }, /^`mode` must be a RequiredLockMode, got: strict\. Use/],
    [{ maximumRetention: Duration.days(0) }, /`maximumRetention` must be whole days, 1 to 36500/],
    [
      { minimumRetention: Duration.days(2), maximumRetention: Duration.days(1) },
      /`maximumRetention` must be at least `minimumRetention`, 2 days, got: 1 day:/,
    ],
  ])('%j', (props, message) => {
    expect(() => new VaultLockChecks(props)).toThrow(message);
  });

  test('a token is no number of days', () => {
    const days = new CfnParameter(aStack(), 'Days', { type: 'Number' }).valueAsNumber;
    expect(() => new VaultLockChecks({ minimumRetention: Duration.days(days) })).toThrow(/`minimumRetention` must be known/);
  });
});
