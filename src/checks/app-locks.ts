import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isAbsent } from './template-value';
import { LockStages, ResourceTypes } from '../private/contract';
import { isKnown, knownText } from '../synthesis/known-text';
import { identityOf } from '../synthesis/once-per-app';
import { templateEntry } from '../synthesis/template-entry';

interface AppLock {
  readonly vaultName: string;
  /** `undefined`: by name alone nobody can tell which vault is meant. */
  readonly identity?: string;
  /** The resources that it waits for: among them its vault's, if that is of this app. */
  readonly waitsFor: ReadonlySet<IConstruct>;
}

/** The locks that the constructs of this library make anywhere in an app. To be made when the tree is complete. */
export class AppLocks {
  private readonly locks: readonly AppLock[];

  constructor(root: IConstruct) {
    this.locks = root.node.findAll().filter(isLock).flatMap(read);
  }

  /** Whether there is one for the vault of this resource. */
  public has(vault: CfnResource, name: unknown): boolean {
    const stack = Stack.of(vault);
    const vaultName = knownText(stack, name);
    const identity = isKnown(vaultName) ? identityOf(vault, stack, vaultName) : undefined;
    return this.locks.some(
      (lock) => lock.vaultName === vaultName && (lock.waitsFor.has(vault) || (identity !== undefined && lock.identity === identity)),
    );
  }
}

function isLock(construct: IConstruct): construct is CfnResource {
  if (!CfnResource.isCfnResource(construct)) return false;
  const { cfnResourceType } = construct;
  return cfnResourceType === ResourceTypes.GLACIER_VAULT_LOCK || cfnResourceType === ResourceTypes.BACKUP_VAULT_LOCK;
}

function read(resource: CfnResource): AppLock[] {
  const { VaultName, VaultRegion, VaultAccount, Stage } = templateEntry(resource).Properties ?? {};
  if (Stage === LockStages.ABORT) return [];
  const stack = Stack.of(resource);
  const vaultName = knownText(stack, VaultName);
  const region = partOf(VaultRegion, stack.region);
  const account = partOf(VaultAccount, stack.account);
  const nameable = isKnown(vaultName) && region !== undefined && account !== undefined;
  return [
    {
      vaultName,
      waitsFor: new Set(resource.node.dependencies),
      ...(nameable && { identity: identityOf(resource, { region, account }, vaultName) }),
    },
  ];
}

function partOf(given: unknown, ofStack: string): string | undefined {
  if (isAbsent(given)) return ofStack;
  return typeof given === 'string' ? given : undefined;
}
