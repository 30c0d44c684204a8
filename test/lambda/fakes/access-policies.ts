import type { BackupWorld } from './backup-world';

/** A statement as `BackupVaultAccess` writes it. */
export const allow = (sid: string, account = '111111111111') => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: ['backup:CopyIntoBackupVault'],
  Resource: '*',
});

export const block = (sid: string, ...exempt: string[]) => ({
  Sid: sid,
  Effect: 'Deny',
  Principal: '*',
  Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'],
  Resource: '*',
  Condition: { ArnNotEquals: { 'aws:PrincipalArn': exempt } },
});

/** A statement of somebody else. */
export const THEIRS = { Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 'backup:StartCopyJob', Resource: '*' };

export const policyOf = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** Properties of `Custom::BackupVaultAccess`. */
export const access = (...statements: object[]) => ({ VaultName: 'prod', Statements: JSON.stringify(statements) });

export const ACCESS_ID = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:prod/access-policy/Thing';

/** `undefined`: there is no policy. */
export function sidsOf({ backup }: Pick<BackupWorld, 'backup'>, vault = 'prod'): (string | undefined)[] | undefined {
  const policy = backup.vaults.get(vault)?.accessPolicy;
  return policy === undefined ? undefined : (JSON.parse(policy) as { Statement: { Sid?: string }[] }).Statement.map(({ Sid }) => Sid);
}
