import type { Duration } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { LOCK_ACKNOWLEDGEMENT } from './acknowledgement';
import { wholeDays } from './days';
import { shown } from './given-objects';
import { COOLING_OFF_DAYS } from '../private/backup-limits';
import { BackupLockModes } from '../private/contract';
import type { Acknowledgement } from '../synthesis/acknowledgement';

/**
 * What it takes to let the lock of a backup vault become permanent.
 */
export interface BackupLockCompliance {
  /**
   * How long the lock can still be changed and taken away, counted from the deployment that puts it into compliance mode. Whole days, 3
   * to 36,500 (AWS Backup API reference, PutBackupVaultLockConfiguration).
   *
   * Its end is the lock date. Another value moves a lock date that is still to come, counted from the deployment that brings it; one that
   * would bring the date forward is refused: deploy `governance()` first, which takes the date away. Nothing moves a date that has passed.
   */
  readonly coolingOff: Duration;

  /**
   * The acknowledgement that the deployment in governance mode printed: `<vault name> sha256:<64 hex digits>`.
   *
   * It goes stale when `minRetention` or `maxRetention`, the vault, the account or the region changes.
   */
  readonly acknowledge: string;

  /**
   * Whether the lock may become permanent although the vault has recovery points that never expire.
   *
   * From the lock date on nobody can delete them or give them an expiry: they are kept, and billed, for ever.
   *
   * @default false - the deployment fails and names one of them
   */
  readonly allowRecoveryPointsWithoutExpiry?: boolean;
}

/**
 * Who can take the lock of a backup vault away again.
 *
 * As long as there is a lock, nobody can delete a recovery point of the vault or change its lifecycle, in either mode.
 *
 * | mode | no lock yet | governance | compliance, before the lock date | compliance, from the lock date on |
 * | --- | --- | --- | --- | --- |
 * | `governance()` | makes a lock that can be taken away | stays; the bounds may change | loses its lock date, and stays | fails: nobody can change it |
 * | `compliance(…)` | makes a lock that becomes permanent | becomes permanent at the lock date | stays; a longer `coolingOff` moves the lock date | stays, if the bounds are the same |
 */
export class BackupLockMode {
  /**
   * The lock can be changed and taken away at any time by whoever has the permission.
   *
   * The deployment prints the acknowledgement that compliance mode takes.
   */
  public static governance(): BackupLockMode {
    return new BackupLockMode(BackupLockModes.GOVERNANCE);
  }

  /**
   * The lock becomes permanent after a cooling-off period. **From the lock date on nobody can take it back, AWS included.**
   *
   * Without a matching acknowledgement the deployment fails and the lock stays as it is. Keep the mode once the lock is permanent; it
   * does nothing more.
   *
   * @param compliance the cooling-off period, and what was printed by the deployment in governance mode
   * @throws if the cooling-off period is out of range, or that is no acknowledgement
   */
  public static compliance(compliance: BackupLockCompliance): BackupLockMode {
    const { acknowledge, coolingOff, allowRecoveryPointsWithoutExpiry = false } = requireCompliance(compliance);
    return new BackupLockMode(BackupLockModes.COMPLIANCE, {
      coolingOffDays: wholeDays('coolingOff', coolingOff, COOLING_OFF_DAYS),
      acknowledge,
      acknowledgement: Token.isUnresolved(acknowledge) ? undefined : LOCK_ACKNOWLEDGEMENT.parse(acknowledge),
      allowPointsWithoutExpiry: allowRecoveryPointsWithoutExpiry,
    });
  }

  private constructor(
    /** @internal */
    public readonly _mode: 'governance' | 'compliance',
    /** @internal */
    public readonly _compliance?: ComplianceRequest,
  ) {}
}

/** @throws without an argument, which TypeScript would not let through */
function requireCompliance(compliance: BackupLockCompliance): BackupLockCompliance {
  if (typeof (compliance as unknown) === 'object' && (compliance as unknown) !== null) return compliance;
  throw new Error(`\`compliance\` must be given, with \`coolingOff\` and \`acknowledge\`, got: ${shown(compliance)}.`);
}

/** `BackupLockCompliance` as far as it is judged. */
export interface ComplianceRequest {
  readonly coolingOffDays: number;
  readonly acknowledge: string;
  /** What was acknowledged, where that is known. */
  readonly acknowledgement?: Acknowledgement;
  readonly allowPointsWithoutExpiry: boolean;
}
