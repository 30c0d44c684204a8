import { dateAgainst, isFarAway } from './observe';
import { RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BackupVaultDescription, LockSettings } from '../services';

export function hasBounds(lock: RetentionBounds, bounds: RetentionBounds): boolean {
  return lock.minRetentionDays === bounds.minRetentionDays && lock.maxRetentionDays === bounds.maxRetentionDays;
}

/** Whether the lock is what was put between two moments (ms since 1970). */
export function isExactly(lock: BackupVaultDescription, settings: LockSettings, from: number, to: number): boolean {
  const { changeableForDays } = settings;
  if (!lock.locked || !hasBounds(lock, settings)) return false;
  // A date that was moved away before may stay, and is as good as none.
  if (changeableForDays === undefined) return lock.lockDate === undefined || isFarAway(lock.lockDate, to);
  return lock.lockDate !== undefined && dateAgainst(lock.lockDate, changeableForDays, { signedAt: from }, to) === 'asked';
}
