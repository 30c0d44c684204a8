import { isTooLateToDelete, Standing } from '../../cloudformation/stack-phase';

/**
 * Of a vault's lock. `coolingOff`: it has a lock date that is yet to come. `immutable`: the lock date has passed. A lock date that is so far
 * away that the lock is as good as one in governance mode counts as `governance`, unless the template asks for such a date.
 */
export type LockState = 'none' | 'governance' | 'coolingOff' | 'immutable';

/**
 * What the vault's owner tag says.
 *
 * - `self`: this resource locked the vault
 * - `selfOverGovernance`, `selfOverLockDate`: this resource took over the lock that it found, in governance mode or with a lock date
 * - `other`: another resource did one of these
 * - `nobody`: there is no tag
 */
export type LockOwner = 'self' | 'selfOverGovernance' | 'selfOverLockDate' | 'other' | 'nobody';

/** What an Update changes against the template before; nothing for an Update that means another vault than before. */
export interface Change {
  readonly mode?: 'promotion' | 'demotion';
  readonly coolingOff: boolean;
}

export interface LockSituation {
  /** `Create` also for an Update that means another vault than before. */
  readonly request: 'Create' | 'Update' | 'Delete';
  /** What the template asks for; of no account on Delete. */
  readonly mode: 'governance' | 'compliance';
  /** The acknowledgement names this vault and the fingerprint of the desired bounds. */
  readonly acknowledged: boolean;
  /** What the removed template said; Delete only. */
  readonly onRemoval: 'keep' | 'remove';
  /** The resource's id says that a Create of it has succeeded; Delete only. */
  readonly wasMade: boolean;
  readonly change: Change;

  readonly vault: 'missing' | 'usable' | 'notReady' | 'airGapped';
  readonly lock: LockState;
  /** The lock has the bounds that the template asks for. */
  readonly sameBounds: boolean;
  readonly owner: LockOwner;
  /** An invocation that may still run is changing the lock. */
  readonly busy: boolean;
  /**
   * The lock date against the one that this request would set: `asked` is one that this same request set, delivered earlier or beside
   * this one. Of no account without a lock date.
   */
  readonly date: 'asked' | 'earlier' | 'later';

  /** This invocation, or another delivery of its event, has announced the change, and it has looked at the lock again since. */
  readonly claimed: boolean;
  /** This invocation has put the lock without a lock date, and AWS Backup kept the old one. */
  readonly dateKept: boolean;
  /** Asked for only when it matters: before the claim, and again after it. */
  readonly phase?: Standing | 'unknown';
  /** Looked for only before a lock date is set. */
  readonly pointsWithoutExpiry?: 'none' | 'some';
}

export type LockRefusal =
  | 'vaultMissing'
  | 'vaultNotReady'
  | 'airGapped'
  | 'managedElsewhere'
  | 'notAcknowledged'
  | 'immutable'
  | 'foreignBounds'
  | 'foreignLockDate'
  | 'wouldShorten'
  | 'pointsWithoutExpiry'
  | 'tooLate'
  | 'phaseUnknown'
  | 'ownerUnknown';

export type LockVerdict =
  /** `leftByRollback`: the template asks for a lock date that only a forward deployment sets. */
  | { readonly do: 'nothing'; readonly leftByRollback?: true }
  | { readonly do: 'wait' }
  /** Announce the change to whoever comes beside or after, then look again. */
  | { readonly do: 'claim' }
  | { readonly do: 'askPhase' }
  | { readonly do: 'lookForPoints' }
  /** `date`: the lock date that it sets; `none` asks for a lock in governance mode. On Delete with the bounds that the lock has. */
  | { readonly do: 'put'; readonly date: 'none' | 'coolingOff' | 'farAway' }
  | { readonly do: 'delete' }
  /** Delete only: the lock is left as it is. `tooLate`: another delivery of the request has been answered. */
  | { readonly do: 'forget'; readonly why: 'noLock' | 'immutable' | 'notOurs' | 'kept' | 'tooLate' }
  | { readonly do: 'refuse'; readonly why: LockRefusal };

const NOTHING: LockVerdict = { do: 'nothing' };
const ASK_PHASE: LockVerdict = { do: 'askPhase' };
const LEFT_BY_ROLLBACK: LockVerdict = { do: 'nothing', leftByRollback: true };
const refuse = (why: LockRefusal): LockVerdict => ({ do: 'refuse', why });
const forget = (why: Extract<LockVerdict, { do: 'forget' }>['why']): LockVerdict => ({ do: 'forget', why });

/** All judgement about locks of backup vaults. A refused Update of a stack that rolls back becomes a success that touches nothing. */
export function decideLock(situation: LockSituation): LockVerdict {
  const { request, vault, lock, owner, busy, mode, acknowledged, claimed, phase } = situation;
  if (request === 'Delete') return decideDeletion(situation);
  if (vault === 'missing') return refuse('vaultMissing');
  if (vault === 'airGapped') return refuse('airGapped');
  if (vault === 'notReady') return refuse('vaultNotReady');
  if (lock === 'immutable') return decideImmutable(situation);
  if (mode === 'compliance' && !acknowledged) return refuse('notAcknowledged');
  // On a vault without a lock the tag is what a process left that died, or of a lock that somebody has removed.
  if (owner === 'other' && lock !== 'none') return refuse('managedElsewhere');
  // After the claim: a rollback or a Delete either sees it, and waits, or was there before, and shows in the status.
  if ((busy || claimed) && phase === undefined) return ASK_PHASE;
  if (isOver(phase) || (phase === 'rollback' && request === 'Create')) return refuse('tooLate');
  if (busy) return { do: 'wait' };
  return inTime(decideChange(situation), phase);
}

const isOver = (phase: LockSituation['phase']) => phase === 'over' || phase === 'superseded' || phase === 'deletion';

/** What comes late writes nothing, not even a tag; another delivery of a request that is done has written all there was to write. */
function inTime(verdict: LockVerdict, phase: LockSituation['phase']): LockVerdict {
  const writes = verdict.do === 'claim' || verdict.do === 'put' || verdict.do === 'lookForPoints';
  if (writes && phase === undefined) return ASK_PHASE;
  return writes && (phase === 'done' || phase === 'cleanup') ? refuse('tooLate') : verdict;
}

function decideChange(situation: LockSituation): LockVerdict {
  const { request, lock, owner, mode } = situation;
  if (request === 'Create' && lock !== 'none' && owner === 'nobody') return decideFound(situation);
  return mode === 'governance' ? decideGovernance(situation) : decideCompliance(situation);
}

/** Nobody can change it: it is as the template says, or the template has to change. */
function decideImmutable({ mode, sameBounds, change, acknowledged }: LockSituation): LockVerdict {
  return mode === 'compliance' && sameBounds && acknowledged && !change.coolingOff ? NOTHING : refuse('immutable');
}

/** A lock that somebody else put there is taken over as it is, or not at all: anything else could weaken it unseen. */
function decideFound({ mode, lock, sameBounds }: LockSituation): LockVerdict {
  if (!sameBounds) return refuse('foreignBounds');
  return mode === 'governance' && lock === 'coolingOff' ? refuse('foreignLockDate') : { do: 'claim' };
}

function decideGovernance({ lock, sameBounds, change, dateKept, claimed }: LockSituation): LockVerdict {
  const put = (date: 'none' | 'farAway'): LockVerdict => (claimed ? { do: 'put', date } : { do: 'claim' });
  if (lock !== 'coolingOff') return lock === 'governance' && sameBounds ? NOTHING : put('none');
  // Where AWS Backup keeps the date of a lock that is put without one, it is moved away: to delete the lock first would leave a gap.
  if (dateKept) return put('farAway');
  return change.mode === 'demotion' ? put('none') : refuse('foreignLockDate');
}

function decideCompliance(situation: LockSituation): LockVerdict {
  const { request, lock, sameBounds, change, date, phase } = situation;
  if (lock !== 'coolingOff') return setDate(situation);
  // A lock date that is there stays, unless the template asks for another.
  if (sameBounds && (request === 'Create' || (change.mode !== 'promotion' && !change.coolingOff))) return NOTHING;
  if (sameBounds && date === 'asked') return NOTHING;
  if (date === 'later' && change.mode !== 'promotion') {
    if (phase === undefined) return ASK_PHASE;
    if (phase !== 'rollback') return refuse('wouldShorten');
  }
  return setDate(situation);
}

/** A rollback cannot be told from a late event of the deployment that it takes back; so it never sets a lock date. */
function setDate({ claimed, phase, lock, sameBounds, pointsWithoutExpiry }: LockSituation): LockVerdict {
  if (phase === 'rollback' && lock !== 'none' && sameBounds) return LEFT_BY_ROLLBACK;
  if (!claimed) return { do: 'claim' };
  if (phase === 'rollback') return { do: 'put', date: 'none' };
  if (phase === 'unknown') return refuse('phaseUnknown');
  if (pointsWithoutExpiry === undefined) return { do: 'lookForPoints' };
  return pointsWithoutExpiry === 'some' ? refuse('pointsWithoutExpiry') : { do: 'put', date: 'coolingOff' };
}

function decideDeletion(situation: LockSituation): LockVerdict {
  const { vault, lock, owner, busy, onRemoval, wasMade, phase } = situation;
  if (vault === 'missing') return forget('noLock');
  if (lock === 'immutable') return forget('immutable');
  if (vault === 'airGapped' || owner === 'other') return forget(lock === 'none' ? 'noLock' : 'notOurs');
  if (owner === 'nobody') return decideUnowned(situation);
  // Before waiting, and again at every look: who comes late would wait for a Create that came after it, and take its traces away.
  if (phase === undefined) return ASK_PHASE;
  if (isTooLateToDelete(phase)) return forget('tooLate');
  if (busy) return { do: 'wait' };
  if (lock === 'none') return forget('noLock');
  // What a retried deployment deletes before it makes it again was never made: it is taken back, too.
  if (phase === 'rollback' || (phase === 'forward' && !wasMade)) return decideUndoing(situation);
  if (onRemoval === 'remove') return { do: 'delete' };
  // It may be a rollback, which must not leave a lock behind that becomes permanent by itself.
  return phase === 'unknown' && lock === 'coolingOff' ? refuse('phaseUnknown') : forget('kept');
}

/** A Create that was refused left no tag; or somebody has taken the tag away, and the lock that was to go would become permanent unseen. */
function decideUnowned({ lock, onRemoval, phase, wasMade }: LockSituation): LockVerdict {
  if (lock !== 'coolingOff' || onRemoval === 'keep' || !wasMade) return forget(lock === 'none' ? 'noLock' : 'notOurs');
  if (phase === undefined) return ASK_PHASE;
  return phase === 'cleanup' || phase === 'deletion' ? refuse('ownerUnknown') : forget('notOurs');
}

/** CloudFormation takes a Create back: the vault is left as it was found. */
function decideUndoing({ lock, owner, dateKept }: LockSituation): LockVerdict {
  if (owner === 'self') return { do: 'delete' };
  if (owner === 'selfOverLockDate' || lock === 'governance') return forget('kept');
  return { do: 'put', date: dateKept ? 'farAway' : 'none' };
}
