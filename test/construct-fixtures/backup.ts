import { Duration, Stack, type Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import { aStack, deployedText, ENV } from './stacks';
import { BackupLockMode, BackupVaultLock, type BackupVaultLockProps } from '../../src';
import { acknowledgementOf, evaluate, parsePolicy, type PolicyDocument } from '../../src/policy';
import { backupLockFingerprint, type RetentionBounds } from '../../src/private/backup-lock-fingerprint';

export const LOCK = 'Custom::BackupVaultLock';
export const ACCESS = 'Custom::BackupVaultAccess';

export function existingVault(stack: Stack, name = 'prod'): backup.IBackupVault {
  return backup.BackupVault.fromBackupVaultName(stack, `Existing-${name}`, name);
}

/** A lock of an existing vault, with bounds that nothing is to be said about. */
export function locked(props: Partial<BackupVaultLockProps> = {}, env: Environment = ENV) {
  const stack = aStack(env);
  const lock = new BackupVaultLock(stack, 'Lock', {
    vault: props.vault ?? existingVault(stack),
    minRetention: Duration.days(7),
    maxRetention: Duration.days(365),
    ...props,
  });
  return { stack, lock };
}

/** An acknowledgement of the right form, for whatever: where the right one is not known, only the handler can tell. */
export const someAcknowledgement = (vaultName = 'prod') => `${vaultName} sha256:${'0'.repeat(64)}`;

/** What the deployment in governance mode prints, for a lock with the bounds of `locked`. */
export function printed(vaultArn = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:prod', bounds: RetentionBounds = BOUNDS): string {
  return acknowledgementOf(vaultArn.split(':')[6] ?? '', backupLockFingerprint(vaultArn, bounds));
}

const BOUNDS = { minRetentionDays: 7, maxRetentionDays: 365 };

export function compliance(coolingOff = Duration.days(7), acknowledge = someAcknowledgement()): BackupLockMode {
  return BackupLockMode.compliance({ coolingOff, acknowledge });
}

/** The policies of the roles of a stack, as they are when it is deployed to `ENV`. */
export function rolePolicies(stack: Stack): PolicyDocument[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies.map(({ Properties }) =>
    parsePolicy(JSON.stringify(deployed((Properties as { PolicyDocument: unknown }).PolicyDocument))),
  );
}

/** What IAM says when the function of the stack makes a call. */
export function decision(stack: Stack, action: string, resource: string, context: Record<string, string | string[]> = {}): string {
  const arn = `arn:aws:sts::${ENV.account}:assumed-role/CdkVaultLockBackupRole/session`;
  return evaluate(
    { action, resource, principal: { kind: 'aws', arn, accountId: ENV.account }, resourceAccount: ENV.account, context },
    { identity: rolePolicies(stack), resource: [] },
  ).decision;
}

function deployed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deployed);
  const names = Object.keys(value);
  if (names.length === 1 && /^(Ref|Fn::\w+)$/.test(names[0] ?? '')) return deployedText(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deployed(item)]));
}
