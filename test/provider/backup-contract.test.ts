/**
 * Names that are stored in every deployed stack with backup vaults. A change here breaks those stacks. Nothing in this file may ever be
 * changed, only added to.
 */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupLockMode, BackupProvider, BackupVaultAccess, BackupVaultLock } from '../../src';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';
import {
  BACKUP_LOCK_CLAIM_TAG,
  BACKUP_LOCK_OWNER_TAG,
  BackupLockModes,
  BackupLockRemovals,
  BackupVaultLockAttributes,
  ResourceTypes,
} from '../../src/private/contract';

/** A lock and an access policy of a vault of the stack's own place, and the same through a role somewhere else. */
function everything(): Stack {
  const stack = new Stack(undefined, 'Archive');
  const own = backup.BackupVault.fromBackupVaultName(stack, 'Own', 'own');
  const far = backup.BackupVault.fromBackupVaultArn(stack, 'Far', 'arn:aws:backup:us-east-1:222222222222:backup-vault:far');
  const abroad = backup.BackupVault.fromBackupVaultArn(stack, 'Abroad', stack.formatArn({ ...ABROAD, region: 'us-east-1' }));
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::222222222222:role/locker');
  const mode = BackupLockMode.compliance({
    coolingOff: Duration.days(7),
    acknowledge: `own sha256:${'0'.repeat(64)}`,
    allowRecoveryPointsWithoutExpiry: true,
  });
  const bounds = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };
  new BackupVaultLock(stack, 'Lock', { vault: own, mode, ...bounds });
  new BackupVaultLock(stack, 'LockFar', { vault: far, role, ...bounds });
  new BackupVaultLock(stack, 'LockAbroad', { vault: abroad, ...bounds });
  new BackupVaultAccess(stack, 'Access', { vault: own }).blockRecoveryPointDeletion();
  new BackupVaultAccess(stack, 'AccessFar', { vault: far, role }).blockRecoveryPointDeletion();
  new BackupVaultAccess(stack, 'AccessAbroad', { vault: abroad }).blockRecoveryPointDeletion();
  return stack;
}

const ABROAD = { service: 'backup', resource: 'backup-vault', resourceName: 'abroad', arnFormat: ArnFormat.COLON_RESOURCE_NAME };

const template = Template.fromStack(everything());

test('the logical ids of locks, access policies and outputs come from their paths', () => {
  expect(Object.keys(template.findResources('Custom::BackupVaultLock'))).toEqual(['LockCE124363', 'LockFarB1D73683', 'LockAbroad80222FFD']);
  expect(Object.keys(template.findResources('Custom::BackupVaultAccess'))).toEqual([
    'Access9901B1FF',
    'AccessFar651DAE6A',
    'AccessAbroadD024CF5E',
  ]);
  expect(Object.keys(template.findOutputs('*'))[0]).toBe('LockAcknowledgement355F7F8F');
});

test('the resources of the provider have fixed logical ids', () => {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  const types = Object.entries(Resources).map(([id, { Type }]) => [id, Type]);

  expect(Object.fromEntries(types.filter(([id]) => id?.startsWith('CdkVaultLock')))).toEqual({
    CdkVaultLockBackupHandler: 'AWS::Lambda::Function',
    CdkVaultLockBackupDelivery: 'AWS::Lambda::EventInvokeConfig',
    CdkVaultLockBackupRole: 'AWS::IAM::Role',
    CdkVaultLockBackupRoleDefaultPolicy6788E7AA: 'AWS::IAM::Policy',
    CdkVaultLockBackupLogs: 'AWS::Logs::LogGroup',
    CdkVaultLockBackupCompliancePermission: 'AWS::IAM::Policy',
    CdkVaultLockBackupAccessPoliciesPermission: 'AWS::IAM::Policy',
    CdkVaultLockBackupLocksInuseast1Permission: 'AWS::IAM::Policy',
    CdkVaultLockBackupAccessPoliciesInuseast1Permission: 'AWS::IAM::Policy',
    CdkVaultLockBackupAssumePermission79910b1b9d25: 'AWS::IAM::Policy',
  });
});

test('the ServiceToken depends on neither options nor the order of constructs', () => {
  const stack = new Stack();
  BackupProvider.configure(stack, { memorySize: 512, reservedConcurrentExecutions: 1 });
  new BackupVaultAccess(stack, 'Access', {
    vault: backup.BackupVault.fromBackupVaultName(stack, 'Own', 'own'),
  }).blockRecoveryPointDeletion();
  const serviceToken = { 'Fn::GetAtt': ['CdkVaultLockBackupHandler', 'Arn'] };

  Template.fromStack(stack).hasResourceProperties('Custom::BackupVaultAccess', { ServiceToken: serviceToken });
  template.hasResourceProperties('Custom::BackupVaultAccess', { ServiceToken: serviceToken });
  template.hasResourceProperties('Custom::BackupVaultLock', { ServiceToken: serviceToken });
});

test('the names of all properties', () => {
  const namesOf = (type: string) => {
    const resources = Object.values(template.findResources(type)) as { Properties: object }[];
    return [...new Set(resources.flatMap(({ Properties }) => Object.keys(Properties)))].sort();
  };
  const place = ['RoleArn', 'ServiceTimeout', 'ServiceToken', 'VaultAccount', 'VaultName', 'VaultRegion'];

  expect(namesOf('Custom::BackupVaultAccess')).toEqual([...place, 'Statements'].sort());
  expect(namesOf('Custom::BackupVaultLock')).toEqual(
    [
      ...place,
      ...['Acknowledge', 'AllowPointsWithoutExpiry', 'CoolingOffDays', 'MaxRetentionDays', 'MinRetentionDays', 'Mode', 'OnRemoval'],
    ].sort(),
  );
});

test('the words that both halves use', () => {
  expect(ResourceTypes).toMatchObject({ BACKUP_VAULT_LOCK: 'Custom::BackupVaultLock', BACKUP_VAULT_ACCESS: 'Custom::BackupVaultAccess' });
  expect(BackupLockModes).toMatchObject({ NONE: 'none', GOVERNANCE: 'governance', COMPLIANCE: 'compliance' });
  expect(BackupLockRemovals).toMatchObject({ KEEP: 'keep', REMOVE: 'remove' });
  expect(BackupVaultLockAttributes).toMatchObject({
    LOCKED: 'Locked',
    MODE: 'Mode',
    LOCK_DATE: 'LockDate',
    MIN_RETENTION_DAYS: 'MinRetentionDays',
    MAX_RETENTION_DAYS: 'MaxRetentionDays',
    FINGERPRINT: 'Fingerprint',
    ACKNOWLEDGEMENT: 'Acknowledgement',
  });
  expect(BACKUP_LOCK_OWNER_TAG).toBe('cdk-vault-lock/lock-owner');
  expect(BACKUP_LOCK_CLAIM_TAG).toBe('cdk-vault-lock/lock-claim');
});

test('the fingerprint of a lock that was acknowledged once is the same for ever', () => {
  const vaultArn = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:prod';

  expect(backupLockFingerprint(vaultArn, { minRetentionDays: 7, maxRetentionDays: 365 })).toBe(
    'sha256:954ce2e01a017ff4fd8fd45d3890656771ac4f4b4dab7005c025ffc925e39624',
  );
  expect(backupLockFingerprint(vaultArn, {})).toBe('sha256:53fd8a6ba0cfb5d0108d6748ce92a08c2aa69dc5e81d77600b85475555161c08');
});
