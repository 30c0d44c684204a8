import type { Stack } from 'aws-cdk-lib';
import { ArnFormat } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { outermostStackStatements, ownStackStatement } from './function-permissions';
import { COOLING_OFF_DAYS } from '../private/backup-limits';

/** The tags that the handler keeps on a vault. */
const OWN_TAGS = 'cdk-vault-lock/*';

/**
 * Everything the handler calls for locks in governance mode, and nothing that could give a lock a lock date.
 *
 * The statements are the same in every stack and name no vault: a statement per vault would be gone from the role
 * before CloudFormation sends the Delete of a lock that was removed from the template.
 */
export function backupStatements(stack: Stack): iam.PolicyStatement[] {
  return [
    ...backupLockStatements(anyBackupVaultArn(stack)),
    listVaultsStatement(),
    ownStackStatement(),
    ...outermostStackStatements(stack),
  ];
}

/** What locks need on their vaults, except for compliance mode. */
export function backupLockStatements(vaultArn: string): iam.PolicyStatement[] {
  const resources = [vaultArn];
  return [
    new iam.PolicyStatement({
      actions: [
        'backup:DescribeBackupVault',
        'backup:ListRecoveryPointsByBackupVault',
        'backup:ListTags',
        'backup:DeleteBackupVaultLockConfiguration',
      ],
      resources,
    }),
    // A request without ChangeableForDays makes a lock in governance mode; with it, one that becomes permanent.
    new iam.PolicyStatement({
      actions: ['backup:PutBackupVaultLockConfiguration'],
      resources,
      conditions: { Null: { 'backup:ChangeableForDays': 'true' } },
    }),
    new iam.PolicyStatement({
      actions: ['backup:TagResource', 'backup:UntagResource'],
      resources,
      conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': OWN_TAGS } },
    }),
  ];
}

/** What access policies need on their vaults. */
export function backupAccessStatements(vaultArn: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'backup:DescribeBackupVault',
        'backup:GetBackupVaultAccessPolicy',
        'backup:PutBackupVaultAccessPolicy',
        'backup:DeleteBackupVaultAccessPolicy',
      ],
      resources: [vaultArn],
    }),
  ];
}

/** Lets locks become permanent, and not sooner than in so many days: a request without ChangeableForDays does not match. */
export function lockDateStatement(vaultArns: string[], leastDays: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['backup:PutBackupVaultLockConfiguration'],
    resources: vaultArns,
    conditions: { NumericGreaterThanEquals: { 'backup:ChangeableForDays': leastDays } },
  });
}

/**
 * Lets lock dates be moved as far away as they go: a lock that goes back to governance mode may need that, and by then CloudFormation may
 * have dropped it from the vaults that may become permanent.
 */
export function farAwayLockDateStatement(vaultArn: string): iam.PolicyStatement {
  return lockDateStatement([vaultArn], String(COOLING_OFF_DAYS.max));
}

/** AWS Backup answers for a vault that does not exist as for one that is forbidden; only the list tells them apart. */
export function listVaultsStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['backup:ListBackupVaults'], resources: ['*'] });
}

/** All backup vaults of the stack's account in a region, by default in the stack's own; `*`: in all of them. */
export function anyBackupVaultArn(stack: Stack, region?: string): string {
  return stack.formatArn({
    service: 'backup',
    region,
    resource: 'backup-vault',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
