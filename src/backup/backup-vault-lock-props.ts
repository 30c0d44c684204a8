import type { Duration } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { BackupLockMode } from './backup-lock-mode';

/**
 * What becomes of the lock of a backup vault when the construct or its stack is removed.
 *
 * From the lock date on nobody can remove a lock, so the stack only forgets it. A lock of a deployment that rolls back is always taken
 * away again, as far as that deployment made it.
 */
export enum BackupLockRemoval {
  /**
   * The lock stays on the vault, and the deployment says how to remove it by hand.
   *
   * **A lock in its cooling-off period goes on to become permanent.**
   */
  KEEP = 'keep',

  /** The lock is taken away, unless its lock date has passed: recovery points can be deleted again. */
  REMOVE = 'remove',
}

/**
 * Properties of a `BackupVaultLock`.
 */
export interface BackupVaultLockProps {
  /**
   * The vault to lock: one of this app, or an existing one (`BackupVault.fromBackupVaultName()`, `fromBackupVaultArn()`), also of another
   * region. One of another account takes `role`. A vault has one lock.
   */
  readonly vault: backup.IBackupVault;

  /**
   * Who can take the lock away again.
   *
   * @default BackupLockMode.governance() - whoever has the permission
   */
  readonly mode?: BackupLockMode;

  /**
   * The shortest retention that backup and copy jobs may ask for. Whole days, 1 to 36,500. Jobs that ask for less fail.
   *
   * Recovery points that are there already keep their own expiry, whatever it is.
   *
   * @default - no bound
   */
  readonly minRetention?: Duration;

  /**
   * The longest retention that backup and copy jobs may ask for. Whole days, 1 to 36,500, at least `minRetention`. Jobs that ask for more,
   * or for recovery points that never expire, fail.
   *
   * @default - no bound
   */
  readonly maxRetention?: Duration;

  /**
   * What becomes of the lock when the construct or its stack is removed.
   *
   * @default BackupLockRemoval.KEEP - the lock stays; in its cooling-off period it goes on to become permanent
   */
  readonly onRemoval?: BackupLockRemoval;

  /**
   * The role that the library's Lambda function assumes to reach the vault. It must trust the function's role, and have the permissions
   * of `BackupVaultLock.permissionsOfRole()`; neither is added to it.
   *
   * @default - none: the function calls as itself, which only a vault of the stack's account lets it
   */
  readonly role?: iam.IRole;

  /**
   * Whether the stack has an output with the acknowledgement, so that the deployment prints it.
   *
   * A template takes 200 outputs. Without it, the acknowledgement is in the log of the library's Lambda function.
   *
   * @default true
   */
  readonly acknowledgementOutput?: boolean;
}
