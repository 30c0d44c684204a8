import { Stacks } from '../cloudformation/stack-phase';

export type Tags = { readonly [key: string]: string };

export interface BackupVaultDescription {
  /** `BACKUP_VAULT`, or one of those that cannot be locked like it. */
  readonly vaultType: string;
  /** `AVAILABLE`, `CREATING` or `FAILED`; absent from older answers. */
  readonly vaultState?: string;
  readonly locked: boolean;
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  /** In ms since 1970: from when on nobody can change or remove the lock. Absent: governance mode, or no lock. */
  readonly lockDate?: number;
}

export interface LockSettings {
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  /** Makes it a lock in compliance mode, with a lock date that many days from the moment of the call. */
  readonly changeableForDays?: number;
}

export interface RecoveryPoint {
  readonly arn: string;
  /** Whether AWS Backup will delete it some day. */
  readonly expires: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * AWS Backup of one account and region, as far as the handlers need it. Rejects with an error whose `name` is the service's error code,
 * or as the network does. Every call may be repeated; but a repeated `putLock` with `changeableForDays` moves the lock date.
 */
export interface Backup {
  /** Rejects with AccessDeniedException also for a vault that does not exist. */
  describeVault(vaultName: string): Promise<BackupVaultDescription>;
  listVaultNames(nextToken?: string): Promise<Page<string>>;
  /** Replaces the whole lock: what is left out is no longer enforced. */
  putLock(vaultName: string, settings: LockSettings): Promise<void>;
  deleteLock(vaultName: string): Promise<void>;
  listRecoveryPoints(vaultName: string, nextToken?: string): Promise<Page<RecoveryPoint>>;
  listTags(vaultArn: string): Promise<Tags>;
  addTags(vaultArn: string, tags: Tags): Promise<void>;
  removeTags(vaultArn: string, keys: readonly string[]): Promise<void>;
  getAccessPolicy(vaultName: string): Promise<string>;
  /** Replaces the whole policy. */
  putAccessPolicy(vaultName: string, policy: string): Promise<void>;
  deleteAccessPolicy(vaultName: string): Promise<void>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Everything of the world that the Backup resources touch. */
export interface Services {
  readonly stacks: Stacks;
  /** @param credentials default: the function's own */
  backup(region: string, credentials?: Credentials): Backup;
  /** Resolves to credentials that outlive the invocation. */
  assumeRole(roleArn: string): Promise<Credentials>;
}
