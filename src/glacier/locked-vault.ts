import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct, IDependable } from 'constructs';
import type { PolicyPlace } from './policy-text';
import { GlacierVault } from './vault';
import { GlacierVaultBase } from './vault-base';
import type { IGlacierVault } from './vault-interface';
import { identityOf, OncePerApp } from '../synthesis/once-per-app';

/** What a lock knows of its vault without waiting for it. */
export interface VaultInPlace extends PolicyPlace {
  readonly literalName: string;
  readonly dependables: IDependable[];
  /** Whether who waits for the vault has waited for the provider of the lock's stack. */
  readonly waitsForProvider: boolean;
  /** The same for two constructs that mean the same vault, as far as that can be known. */
  readonly identity: string;
  /** The vault's access policy as `symbolicText`; `undefined`: there is none, or it is not known here. To be called when the tree is complete. */
  accessPolicy(): string | undefined;
}

/** @throws if the vault is of another account or region than the lock's stack */
export function vaultInPlace(lock: Construct, vault: IGlacierVault): VaultInPlace {
  requireSameEnvironment(lock, vault);
  if (!(vault instanceof GlacierVaultBase)) {
    return {
      literalName: vault.vaultName,
      literalArn: vault.vaultArn,
      attributes: () => [],
      dependables: [vault],
      waitsForProvider: false,
      identity: identityOf(vault, vault.env, vault.vaultName),
      accessPolicy: () => undefined,
    };
  }
  return {
    literalName: vault._literalName,
    literalArn: vault._literalArn,
    attributes: () => (vault instanceof GlacierVault ? vault._attributes : []),
    dependables: vault._dependables,
    waitsForProvider: vault instanceof GlacierVault && Stack.of(vault) === Stack.of(lock),
    identity: identityOf(vault, vault.env, vault._literalName),
    accessPolicy: () => (vault instanceof GlacierVault ? vault._accessPolicyText(Stack.of(lock)) : undefined),
  };
}

const LOCKS = new OncePerApp();

/** @throws if the app already locks this vault */
export function requireOnlyLock(lock: IConstruct, { identity, literalName }: VaultInPlace): void {
  const other = LOCKS.claim(lock, identity);
  if (other) {
    throw new Error(
      `\`vault\` must have one lock, but '${literalName}' is already locked by '${other.node.path}': Glacier keeps a single lock policy per vault. ` +
        'Put all statements into one VaultLockPolicy.',
    );
  }
}

function requireSameEnvironment(lock: Construct, vault: IGlacierVault): void {
  const stack = Stack.of(lock);
  for (const part of ['account', 'region'] as const) {
    const own = stack[part];
    const other = vault.env[part];
    if (own !== other && !Token.isUnresolved(own) && !Token.isUnresolved(other)) {
      throw new Error(
        `\`vault\` must be of the same ${part} as the lock's stack, '${own}', got: '${other}'. Define the lock in a stack of that ${part}.`,
      );
    }
  }
}
