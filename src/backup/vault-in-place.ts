import { ArnFormat, Aws, Stack, Token } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { definitionOf, waitForDefinition } from './defined-vault';
import { requireRole, requireVault } from './given-objects';
import { requireVaultName } from './vault-name';
import type { BackupVaultPlace } from '../private/contract';
import { identityOf } from '../synthesis/once-per-app';

/** What a lock or an access policy knows of its vault without waiting for it. */
export interface VaultInPlace {
  /** The name and the ARN without reference to the vault's resource. */
  readonly literalName: string;
  readonly literalArn: string;
  /** `undefined`: for all that is known, the region of the stack of who uses the vault. */
  readonly otherRegion?: string;
  readonly role?: iam.IRole;
  /** Where the handler finds the vault. */
  readonly properties: BackupVaultPlace;
  /** The vault's resource, if it is known to be of this app. */
  readonly definition?: backup.CfnBackupVault;
  readonly dependables: IDependable[];
  /** The same for two constructs that mean the same vault, as far as that can be known. */
  readonly identity: string;
}

/**
 * @throws if the vault cannot be used: because of its name, or for want of a role in its account
 */
export function vaultInPlace(user: Construct, vault: backup.IBackupVault, role: iam.IRole | undefined): VaultInPlace {
  requireVault(vault);
  if (role !== undefined) requireRole('role', role);
  const stack = Stack.of(user);
  const definition = definitionOf(vault);
  const literalName = definition?.backupVaultName ?? vault.backupVaultName;
  requireVaultName(literalName);
  requireRoleOfAccount(stack, vault, role);
  const identity = identityOf(definition ?? vault, vault.env, literalName);
  const otherRegion = other(vault.env.region, stack.region, Aws.REGION);
  return {
    literalName,
    literalArn: definition ? arnOf(definition, literalName) : vault.backupVaultArn,
    otherRegion,
    role,
    properties: {
      VaultName: literalName,
      VaultRegion: otherRegion,
      VaultAccount: other(vault.env.account, stack.account, Aws.ACCOUNT_ID),
      RoleArn: role?.roleArn,
    },
    definition,
    dependables: [...(definition ? [definition] : [vault, waitForDefinition(user, identity)]), ...(role ? [role] : [])],
    identity,
  };
}

function arnOf(definition: backup.CfnBackupVault, name: string): string {
  return Stack.of(definition).formatArn({
    service: 'backup',
    resource: 'backup-vault',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The part of the vault's place, unless it is the stack's own. */
function other(ofVault: string, ofStack: string, pseudoParameter: string): string | undefined {
  return ofVault === ofStack || ofVault === pseudoParameter ? undefined : ofVault;
}

function requireRoleOfAccount(stack: Stack, vault: backup.IBackupVault, role: iam.IRole | undefined): void {
  const { account } = vault.env;
  if (Token.isUnresolved(account)) return;
  if (!role && !Token.isUnresolved(stack.account) && account !== stack.account) {
    throw new Error(
      `\`role\` must be given for a vault of another account than the stack's, '${stack.account}', got a vault of: '${account}'. ` +
        'Give a role of that account that the function of this stack may assume, or define this construct in a stack of that account.',
    );
  }
  if (role && !Token.isUnresolved(role.env.account) && role.env.account !== account) {
    throw new Error(
      `\`role\` must be of the vault's account, '${account}', got a role of: '${role.env.account}'. Give a role of that account.`,
    );
  }
}
