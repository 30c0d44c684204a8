import { dateAgainst } from './observe';
import { RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BackupVaultDescription, LockSettings } from '../services';

export function hasBounds(lock: RetentionBounds, bounds: RetentionBounds): boolean {
  return lock.minRetentionDays === bounds.minRetentionDays && lock.maxRetentionDays === bounds.maxRetentionDays;
}

/** Whether the lock is what was put between two moments (ms since 1970). */
export function isExactly(lock: BackupVaultDescription, settings: LockSettings, from: number, to: number): boolean {
  const { changeableForDays } = settings;
  if (!lock.locked || !hasBounds(lock, settings)) return false;
  if (changeableForDays === undefined) return lock.lockDate === undefined;
  return lock.lockDate !== undefined && dateAgainst(lock.lockDate, changeableForDays, { signedAt: from }, to) === 'asked';
}
