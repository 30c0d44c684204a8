import type { Lifecycle } from './lifecycle';
import type { VaultLock } from './lock';
import type { World } from '../server/world';

export type VaultType = 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' | 'RESTORE_ACCESS_BACKUP_VAULT';

export interface VaultNotifications {
  readonly topic: string;
  readonly events: readonly string[];
}

/** Times are milliseconds since 1970. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly iamRoleArn: string;
  readonly created: number;
  readonly completed: number;
  /** The vault of which it is a copy. */
  readonly sourceVaultArn: string | null;
  /** For restores to a point in time. */
  readonly continuous: boolean;
  lifecycle: Lifecycle;
  tags: { [key: string]: string };
}

export interface Vault {
  readonly name: string;
  readonly type: VaultType;
  readonly created: number;
  /** Until then it is CREATING. */
  readonly available: number;
  readonly creatorRequestId: string | null;
  /** The logically air-gapped vault that a restore access vault opens. */
  readonly sourceVaultArn: string | null;
  readonly encryptionKeyArn: string;
  /** Null for the key that AWS manages: the model has no value for it. */
  readonly encryptionKeyType: 'AWS_OWNED_KMS_KEY' | 'CUSTOMER_MANAGED_KMS_KEY' | null;
  lock: VaultLock | null;
  accessPolicy: string | null;
  notifications: VaultNotifications | null;
  tags: { [key: string]: string };
  readonly recoveryPoints: { [arn: string]: RecoveryPoint };
}

interface Job {
  readonly id: string;
  readonly token: string | null;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly iamRoleArn: string;
  readonly lifecycle: Lifecycle;
  readonly continuous: boolean;
  readonly tags: { readonly [key: string]: string };
  /** The point that it makes if it succeeds. */
  readonly recoveryPointArn: string;
  readonly created: number;
  readonly due: number;
  state: 'RUNNING' | 'COMPLETED' | 'FAILED';
  message: string | null;
}

export interface BackupJob extends Job {
  readonly vaultName: string;
}

export interface CopyJob extends Job {
  readonly sourceVaultName: string;
  readonly sourcePointArn: string;
  readonly destinationVaultArn: string;
}

/** What one account has in one region. */
export interface Estate {
  readonly vaults: { [name: string]: Vault };
  readonly backupJobs: { [id: string]: BackupJob };
  readonly copyJobs: { [id: string]: CopyJob };
}

/** Asked for anew each time, because a reset of the endpoint replaces the state. */
export function estates(world: Pick<World, 'state'>): { [accountAndRegion: string]: Estate } {
  return world.state.slice<{ [accountAndRegion: string]: Estate }>('backup', () => ({}));
}

/** For members that are absent from an answer rather than null. */
export const dateOf = (time: number | null) => (time === null ? undefined : new Date(time));
export const isoDate = (time: number) => new Date(time).toISOString();
