import { Token } from 'aws-cdk-lib';
import { VAULT_NAME } from '../private/backup-limits';

/** @throws if no vault of this name can be locked or have an access policy; a token is left to the handler */
export function requireVaultName(name: string): void {
  if (Token.isUnresolved(name) || new RegExp(`^${VAULT_NAME}$`).test(name)) return;
  throw new Error(
    "`vault` must have a name of 2 to 50 characters out of A-Z, a-z, 0-9, '_' and '-': AWS Backup takes no other for a lock or an access policy, " +
      `got: '${name}' (${name.length} characters). Use another vault; vaults that AWS made itself, such as 'aws/efs/automatic-backup-vault', have names that cannot be used.`,
  );
}
