/** A vault's lock configuration; null: not set. */
export interface VaultLock {
  readonly minRetentionDays: number | null;
  readonly maxRetentionDays: number | null;
  /** Milliseconds since 1970 from which nobody can change it any more; null: governance mode. */
  readonly lockDate: number | null;
}

export type LockState = 'NONE' | 'GOVERNANCE' | 'GRACE' | 'IMMUTABLE';

/** The members of PutBackupVaultLockConfiguration. */
export interface LockRequest {
  readonly MinRetentionDays?: number | undefined;
  readonly MaxRetentionDays?: number | undefined;
  readonly ChangeableForDays?: number | undefined;
}

/** What AWS leaves open about a Put. */
export interface PutRules {
  /** Without ChangeableForDays, a lock that is cooling off goes on doing so. */
  readonly keepsLockDate: boolean;
  /** Without a minimum or maximum, the lock keeps its own. */
  readonly keepsRetention: boolean;
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html */
export const LONGEST_RETENTION_DAYS = 36_500;
export const LEAST_CHANGEABLE_DAYS = 3;

export function lockStateOf(lock: VaultLock | null, now: number): LockState {
  if (!lock) return 'NONE';
  if (lock.lockDate === null) return 'GOVERNANCE';
  return now < lock.lockDate ? 'GRACE' : 'IMMUTABLE';
}

/** The lock after a Put that is let through. */
export function putLock(lock: VaultLock | null, request: LockRequest, now: number, rules: PutRules): VaultLock {
  const kept = rules.keepsRetention ? lock : null;
  const { ChangeableForDays: days } = request;
  const lockDate = days === undefined ? (rules.keepsLockDate && lock ? lock.lockDate : null) : now + days * DAY_MS;
  return {
    minRetentionDays: request.MinRetentionDays ?? kept?.minRetentionDays ?? null,
    maxRetentionDays: request.MaxRetentionDays ?? kept?.maxRetentionDays ?? null,
    lockDate,
  };
}

export function hasSameRetention(lock: VaultLock, request: LockRequest): boolean {
  return lock.minRetentionDays === (request.MinRetentionDays ?? null) && lock.maxRetentionDays === (request.MaxRetentionDays ?? null);
}
