import { Annotations, Duration, NestedStack, RemovalPolicy, type Environment, type Stack } from 'aws-cdk-lib';
import * as assertions from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { checked as checkedApp, warningIds, warningsBy } from './checked-app';
import { BackupVaultAccess, BackupVaultLock, GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../src';
import { existingVault } from '../construct-fixtures/backup';
import { aStack, ENV } from '../construct-fixtures/stacks';

/** What is judged in any case. */
const checked = (env?: Environment) => checkedApp({ requireLock: false }, env);

const LOCK: backup.LockConfiguration = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };

const deny = (actions: string[], sparing?: string) =>
  new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions,
    resources: ['*'],
    ...(sparing !== undefined && { conditions: { ArnNotLike: { 'aws:PrincipalArn': sparing } } }),
  });

const DELETION = ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'];
const WRITING = 'backup:PutBackupVaultAccessPolicy';

describe('the access policy of a backup vault', () => {
  const withPolicy = (statement: iam.PolicyStatement, env?: Environment) => {
    const { stack } = checked(env);
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' }).addToAccessPolicy(statement);
    return warningIds(stack);
  };

  test('that forbids manual deletion and spares who deploys is fine', () => {
    const deployer = `arn:aws:iam::${ENV.account}:role/cdk-hnb659fds-cfn-exec-role-${ENV.account}-${ENV.region}`;
    expect(withPolicy(deny([...DELETION, WRITING], deployer))).toEqual([]);
    expect(withPolicy(deny([...DELETION, WRITING], 'arn:aws:iam::*:role/cdk-hnb659fds-cfn-exec-role-*'), {})).toEqual([]);
  });

  test('that forbids deletion, and not to replace itself, is incomplete: what the CDK itself writes', () => {
    const { stack } = checked();
    new backup.BackupVault(stack, 'Vault', { blockRecoveryPointDeletion: true });
    expect(warningsBy(stack)).toEqual([['/Archive/Vault/Resource', 'deny-incomplete']]);
  });

  test('that shuts out everybody is found once', () => {
    expect(withPolicy(deny([...DELETION, WRITING]))).toEqual(['deny-too-broad']);
  });

  test.each([
    ['of a known account', ENV],
    ['of whatever account', {}],
  ])('that spares somebody else shuts out who deploys a stack %s', (_, env) => {
    expect(withPolicy(deny([...DELETION, WRITING], `arn:aws:iam::${ENV.account}:role/administrator`), env)).toEqual([
      'accessPolicyShutsOutDeployer',
    ]);
  });

  test('of a vault in a nested stack is deployed by the same role', () => {
    const { stack } = checked();
    const vault = new backup.BackupVault(new NestedStack(stack, 'Nested'), 'Vault', { backupVaultName: 'prod' });
    vault.addToAccessPolicy(deny([...DELETION, WRITING], `arn:aws:iam::${ENV.account}:role/administrator`));
    expect(warningsBy(stack)).toEqual([['/Archive/Nested/Vault/Resource', 'accessPolicyShutsOutDeployer']]);
  });

  test('that is public is found, and so is one that means nothing', () => {
    const allow = { principals: [new iam.AnyPrincipal()], actions: ['backup:CopyIntoBackupVault'], resources: ['*'] };
    expect(withPolicy(new iam.PolicyStatement(allow))).toEqual(['public-access']);
    expect(withPolicy(new iam.PolicyStatement({ ...allow, conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-example' } } }))).toEqual(
      [],
    );
    const forTheVault = new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: DELETION,
      resources: [`arn:aws:backup:${ENV.region}:${ENV.account}:backup-vault:prod`],
    });
    expect(withPolicy(forTheVault)).toContain('wrong-resource');
  });

  test('written by a BackupVaultAccess is judged, too', () => {
    const { stack } = checked();
    const statements = [new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['backup:CopyIntoBackupVault'] })];
    new BackupVaultAccess(stack, 'Public', { vault: existingVault(stack), statements });
    new BackupVaultAccess(stack, 'Blocking', { vault: existingVault(stack, 'other') }).blockRecoveryPointDeletion();
    expect(warningsBy(stack)).toEqual([['/Archive/Public/Resource', 'public-access']]);
  });

  test('is silent once it is acknowledged', () => {
    const { stack } = checked();
    const vault = new backup.BackupVault(stack, 'Vault', { blockRecoveryPointDeletion: true });
    Annotations.of(vault).acknowledgeWarning('cdk-vault-lock:deny-incomplete', 'writing the policy is denied by an SCP');
    expect(warningIds(stack)).toEqual([]);
  });
});

test('a Glacier construct that judges itself is not judged twice', () => {
  const { stack } = checked();
  const vault = new GlacierVault(stack, 'Vault', { vaultName: 'ledger' });
  vault.addToAccessPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['glacier:ListJobs'] }));
  new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(30)) });
  expect(warningsBy(stack)).toEqual([['/Archive/Vault', 'publicAccessPolicy']]);
});

describe('the key of a locked vault', () => {
  const vaultWithKey = (stack: Stack, encryptionKey: kms.IKey, lockConfiguration?: backup.LockConfiguration) =>
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', encryptionKey, lockConfiguration });

  test('must not go with its stack, and the warning says how soon it would', () => {
    const { stack } = checked();
    const key = new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY, pendingWindow: Duration.days(7) });
    vaultWithKey(stack, key, LOCK);
    assertions.Annotations.fromStack(stack).hasWarning(
      '/Archive/Vault/Resource',
      assertions.Match.stringLikeRegexp("key 'Archive/Key/Resource' is deleted with its stack .* 7 days later"),
    );
  });

  test('is kept by the CDK unless it is told otherwise, and is not by CloudFormation', () => {
    const kept = checked().stack;
    vaultWithKey(kept, new kms.Key(kept, 'Key'), LOCK);
    expect(warningIds(kept)).toEqual([]);

    const { stack } = checked();
    const key = new kms.CfnKey(stack, 'Key', {});
    new backup.CfnBackupVault(stack, 'Vault', {
      backupVaultName: 'prod',
      encryptionKeyArn: key.attrArn,
      lockConfiguration: { minRetentionDays: 7, maxRetentionDays: 365 },
    });
    expect(warningIds(stack)).toEqual(['lockedVaultKeyDeletable']);
  });

  test('is judged also where a BackupVaultLock locks the vault, and the key is in another stack', () => {
    const { app, stack } = checked();
    const key = new kms.Key(aStack(ENV, app, 'Keys'), 'Key', { removalPolicy: RemovalPolicy.DESTROY });
    const vault = vaultWithKey(stack, key);
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });
    expect(warningsBy(stack)).toEqual([['/Archive/Vault/Resource', 'lockedVaultKeyDeletable']]);
  });

  test('is nobody’s business without a lock, or where the app does not define it', () => {
    const { stack } = checked();
    vaultWithKey(stack, new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }));
    new backup.BackupVault(stack, 'Imported', {
      lockConfiguration: LOCK,
      encryptionKey: kms.Key.fromKeyArn(stack, 'ImportedKey', `arn:aws:kms:${ENV.region}:${ENV.account}:key/1`),
    });
    expect(warningIds(stack)).toEqual([]);
  });
});

describe('a backup plan for a vault with a lock of its own', () => {
  const planned = (lockConfiguration: backup.LockConfiguration, rule: backup.BackupPlanRuleProps) => {
    const { app, stack } = checked();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', lockConfiguration });
    new backup.BackupPlan(aStack(ENV, app, 'Plans'), 'Plan', { backupVault: vault }).addRule(new backup.BackupPlanRule(rule));
    return warningIds(stack);
  };

  test('whose recovery points expire outside of the bounds fails', () => {
    expect(planned(LOCK, { deleteAfter: Duration.days(6) })).toEqual(['backupRuleOutsideBounds']);
    expect(planned(LOCK, { deleteAfter: Duration.days(7) })).toEqual([]);
    expect(planned(LOCK, { deleteAfter: Duration.days(365) })).toEqual([]);
    expect(planned(LOCK, { deleteAfter: Duration.days(366) })).toEqual(['backupRuleOutsideBounds']);
    expect(planned(LOCK, {})).toEqual(['backupRuleOutsideBounds']);
  });

  test('that moves them to cold storage, or backs up continuously, needs bounds that allow it', () => {
    const until90: backup.LockConfiguration = { ...LOCK, maxRetention: Duration.days(90) };
    expect(planned(until90, { moveToColdStorageAfter: Duration.days(1), deleteAfter: Duration.days(91) })).toEqual([
      'backupColdStorageRuleFails',
    ]);
    const from36: backup.LockConfiguration = { ...LOCK, minRetention: Duration.days(36) };
    expect(planned(from36, { enableContinuousBackup: true, deleteAfter: Duration.days(35) })).toEqual(['backupContinuousRuleFails']);
  });
});

test('a native lock in compliance mode without a longest retention is warned about, as one of our own', () => {
  const { stack } = checked();
  new backup.BackupVault(stack, 'Vault', { lockConfiguration: { minRetention: Duration.days(7), changeableFor: Duration.days(3) } });
  expect(warningsBy(stack)).toEqual([['/Archive/Vault/Resource', 'backupComplianceWithoutMaxRetention']]);
});
