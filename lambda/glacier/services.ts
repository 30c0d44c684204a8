import { Clock } from '../cloudformation/clock';
import { Stacks } from '../cloudformation/stack-phase';

export interface VaultDescription {
  /** ISO 8601. */
  readonly creationDate: string;
  /** ISO 8601; absent until the first inventory, about a day after the first upload. */
  readonly lastInventoryDate?: string;
  /** As of the last inventory. */
  readonly numberOfArchives: number;
}

export interface Notifications {
  readonly topicArn: string;
  readonly events: readonly string[];
}

export interface LockDescription {
  readonly state: 'InProgress' | 'Locked';
  readonly policy: string;
  /** ISO 8601: when the lock was initiated, also for a completed one. */
  readonly creationDate: string;
  /** ISO 8601; absent once completed. */
  readonly expirationDate?: string;
}

export type Tags = { readonly [key: string]: string };

/**
 * Amazon Glacier, as far as the handlers need it, always for vaults of the caller's account. Rejects with an error whose `name` is
 * Glacier's error code, or as the network does. Every call may be repeated without further effect, but `initiateVaultLock`, which
 * must reach Glacier at most once per call.
 */
export interface Glacier {
  createVault(vaultName: string): Promise<void>;
  describeVault(vaultName: string): Promise<VaultDescription>;
  deleteVault(vaultName: string): Promise<void>;
  setVaultAccessPolicy(vaultName: string, policy: string): Promise<void>;
  getVaultAccessPolicy(vaultName: string): Promise<string>;
  deleteVaultAccessPolicy(vaultName: string): Promise<void>;
  setVaultNotifications(vaultName: string, notifications: Notifications): Promise<void>;
  getVaultNotifications(vaultName: string): Promise<Notifications>;
  deleteVaultNotifications(vaultName: string): Promise<void>;
  /** At most 10 tags. */
  addTagsToVault(vaultName: string, tags: Tags): Promise<void>;
  /** At most 10 keys. */
  removeTagsFromVault(vaultName: string, keys: readonly string[]): Promise<void>;
  listTagsForVault(vaultName: string): Promise<Tags>;
  /** The lock id: shown here once and never again. */
  initiateVaultLock(vaultName: string, policy: string): Promise<string>;
  getVaultLock(vaultName: string): Promise<LockDescription>;
  completeVaultLock(vaultName: string, lockId: string): Promise<void>;
  abortVaultLock(vaultName: string): Promise<void>;
}

/** SSM parameters (SecureString) of the caller's account. */
export interface Parameters {
  get(name: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  /**
   * Resolves to the version that was written: one more than that of the parameter that was there, 1 if there was none.
   *
   * Rejects with `ParameterAlreadyExists` if there is one and `overwrite` is false.
   */
  put(name: string, value: string, overwrite: boolean): Promise<number>;
  /** Rejects with `ParameterNotFound` if there is none. */
  delete(name: string): Promise<void>;
}

/** Everything of the world that the Glacier resources touch. */
export interface Services {
  readonly glacier: Glacier;
  readonly parameters: Parameters;
  readonly stacks: Stacks;
  readonly clock: Clock;
  /** Another string at every call. */
  readonly nonce: () => string;
}
