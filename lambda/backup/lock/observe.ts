import { LockOwner, LockState } from './decide';
import { COOLING_OFF_DAYS } from '../../../src/private/backup-limits';
import { BACKUP_LOCK_OWNER_TAG } from '../../../src/private/contract';
import { Request } from '../../cloudformation/request';
import { BackupVaultDescription, Tags } from '../services';
import { BackupVault } from '../vault';

export interface ObservedLock {
  /** `undefined`: there is no such vault. */
  readonly vault?: BackupVaultDescription;
  readonly tags: Tags;
}

/**
 * The tags before the lock: once there is no claim, every change that was announced has happened, and none that is announced later will
 * find the stack waiting for it. A lock without an owner is looked at again: another delivery may have claimed the vault, and locked it, in
 * between.
 */
export async function observeLock(vault: BackupVault): Promise<ObservedLock> {
  const first = await vault.find();
  if (!first || first.vaultType !== LOCKABLE) return { vault: first, tags: {} };
  let tags = await vault.tags();
  for (;;) {
    const seen = { tags, vault: await vault.describe() };
    if (!seen.vault.locked || tags[BACKUP_LOCK_OWNER_TAG] !== undefined) return seen;
    tags = await vault.tags();
    if (tags[BACKUP_LOCK_OWNER_TAG] === undefined) return seen;
  }
}

export const LOCKABLE = 'BACKUP_VAULT';

/** @param now in ms since 1970 */
export function stateOf({ locked, lockDate }: BackupVaultDescription, now: number): LockState {
  if (!locked) return 'none';
  if (lockDate === undefined) return 'governance';
  return lockDate <= now ? 'immutable' : 'coolingOff';
}

/** How the owner tag begins that a resource writes which finds a lock. */
const FOUND: { readonly [state in LockState]: string } = { none: '', governance: 'adopted/', coolingOff: 'dated/', immutable: 'dated/' };

export function ownerOf(tags: Tags, owner: string): LockOwner {
  const tag = tags[BACKUP_LOCK_OWNER_TAG];
  if (tag === undefined) return 'nobody';
  if (tag === owner) return 'self';
  if (tag === FOUND.governance + owner) return 'selfOverGovernance';
  return tag === FOUND.coolingOff + owner ? 'selfOverLockDate' : 'other';
}

/** What says whose the lock is, from a resource that is new to the vault. */
export function ownerTag({ owner }: Request, found: LockState): Tags {
  return { [BACKUP_LOCK_OWNER_TAG]: FOUND[found] + owner };
}

export const DAY_MS = 86_400_000;
/** AWS Backup's clock and the function's need not agree. */
const SKEW_MS = 60_000;
/** When the URL of an event does not tell its age: as long as such a URL is valid. */
const EVENT_LIFETIME_MS = 7_200_000;

export function dateAgainst(
  lockDate: number,
  coolingOffDays: number,
  { signedAt }: Pick<Request, 'signedAt'>,
  now: number,
): 'asked' | 'earlier' | 'later' {
  const period = coolingOffDays * DAY_MS;
  if (lockDate > now + period + SKEW_MS) return 'later';
  return lockDate < (signedAt ?? now - EVENT_LIFETIME_MS) + period - SKEW_MS ? 'earlier' : 'asked';
}

export const FARTHEST_DAYS = COOLING_OFF_DAYS.max;

export function isFarAway(lockDate: number, now: number): boolean {
  return lockDate - now > (FARTHEST_DAYS / 2) * DAY_MS;
}
