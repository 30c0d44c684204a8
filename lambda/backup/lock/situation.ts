import { Claim, isBusy } from './claims';
import { Change, LockSituation, LockState } from './decide';
import { dateAgainst, DAY_MS, isFarAway, LOCKABLE, ObservedLock, ownerOf, stateOf } from './observe';
import { LockProperties, readOldLock, readRemoval } from './properties';
import { hasBounds } from './verify';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../../src/private/backup-lock-fingerprint';
import { BackupLockModes } from '../../../src/private/contract';
import { Invocation } from '../../cloudformation/invocation';
import { Request } from '../../cloudformation/request';
import { readPlace } from '../place';
import { BackupVaultDescription } from '../services';

/** What an invocation remembers from one look at the lock to the next. */
export interface Memory extends Pick<LockSituation, 'phase' | 'dateKept' | 'pointsWithoutExpiry'> {
  /** What it has announced, once that could be seen. */
  readonly claim?: Claim;
}

export function situationOf(
  request: Request,
  desired: LockProperties | undefined,
  { vault, tags }: ObservedLock,
  { claim, phase, dateKept, pointsWithoutExpiry }: Memory,
  invocation: Invocation,
): LockSituation {
  const now = invocation.clock.now();
  const own = claim && tags[claim.key] !== undefined ? claim : undefined;
  const { place, mode = 'governance', bounds = {}, coolingOffDays = 0, acknowledge } = desired ?? {};
  return {
    request: request.type === 'Update' && isNewToVault(request) ? 'Create' : request.type,
    mode,
    acknowledged: place !== undefined && acknowledge === acknowledgementOf(place.vaultName, backupLockFingerprint(place.arn, bounds)),
    onRemoval: readRemoval(request.properties),
    wasMade: request.physicalId?.endsWith('/vault-lock') ?? false,
    change: changeIn(request, desired),
    vault: usability(vault),
    lock: lockState(vault, desired, now),
    sameBounds: vault !== undefined && hasBounds(vault, bounds),
    owner: ownerOf(tags, request.owner),
    busy: isBusy(tags, request, own, invocation, request.type === 'Delete' || phase === 'rollback'),
    date: vault?.lockDate === undefined ? 'asked' : dateAgainst(vault.lockDate, coolingOffDays, request, now),
    claimed: own !== undefined,
    dateKept,
    phase,
    pointsWithoutExpiry,
  };
}

/** The template before, if any, was about another vault. */
export function isNewToVault({ type, properties, oldProperties, stack }: Request): boolean {
  return type !== 'Update' || readPlace(oldProperties, stack)?.arn !== readPlace(properties, stack)?.arn;
}

function changeIn(request: Request, { mode, coolingOffDays }: Partial<LockProperties> = {}): Change {
  if (isNewToVault(request)) return { coolingOff: false };
  const old = readOldLock(request.oldProperties);
  if (old.mode !== mode) return { mode: mode === BackupLockModes.COMPLIANCE ? 'promotion' : 'demotion', coolingOff: false };
  return { coolingOff: mode === BackupLockModes.COMPLIANCE && old.coolingOffDays !== coolingOffDays };
}

function lockState(vault: BackupVaultDescription | undefined, desired: LockProperties | undefined, now: number): LockState {
  if (!vault) return 'none';
  const asksForFarAway = isFarAway(now + (desired?.coolingOffDays ?? 0) * DAY_MS, now);
  return vault.lockDate !== undefined && isFarAway(vault.lockDate, now) && !asksForFarAway ? 'governance' : stateOf(vault, now);
}

function usability(vault: BackupVaultDescription | undefined): LockSituation['vault'] {
  if (!vault) return 'missing';
  if (vault.vaultType !== LOCKABLE) return 'airGapped';
  return vault.vaultState === undefined || vault.vaultState === 'AVAILABLE' ? 'usable' : 'notReady';
}
