import { LockStage, LockStages } from '../../../src/private/contract';
import { isOver, isTooLateToDelete, Standing } from '../../cloudformation/stack-phase';

/**
 * Whose a lock in progress is.
 *
 * - `known`: this resource initiated it and its lock id is on record
 * - `lost`: this resource initiated it, but nobody has its id any more; it can be aborted, never completed
 * - `busy`: an invocation that may still run is about to do something with the vault's lock
 * - `foreign`: anything else
 */
export type Hold = 'known' | 'lost' | 'busy' | 'foreign';

export interface LockSituation {
  /** `Create` also for an Update that names another vault than before. */
  readonly request: 'Create' | 'Update' | 'Delete';
  /** What the template asks for; of no account on Delete. */
  readonly stage: LockStage;
  /** The acknowledgement names this vault and the fingerprint of the desired policy. */
  readonly acknowledged: boolean;
  readonly lock: 'None' | 'InProgress' | 'Locked';
  /** The lock's policy means the same as the desired one. */
  readonly samePolicy: boolean;
  /** Without a lock: `busy`, or `foreign` for nobody. */
  readonly hold: Hold;
  /** This very request, delivered earlier or beside this one, started the window; or somebody did after it was sent. */
  readonly startedByThisRequest: boolean;
  /** The template before asks for a window of this very policy, so that a rollback keeps the one that is started now. */
  readonly keptByRollback: boolean;
  /** What was given has the form of an acknowledgement, so somebody means to complete a lock. */
  readonly meantToComplete: boolean;
  /** Asked for only when it matters. */
  readonly phase?: Standing | 'unknown';
}

export type LockRefusal =
  | 'foreign'
  | 'lockedWithOtherPolicy'
  | 'lockedForEver'
  | 'notAcknowledged'
  | 'testedPolicyDiffers'
  | 'nothingToComplete'
  | 'windowIsNew'
  | 'notInDeployment'
  | 'tooLate'
  | 'phaseUnknown';

/** Why a new window was started although the lock was to be completed. */
export type NewWindow = 'windowOver' | 'idLost';

export type LockVerdict =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait' }
  | { readonly do: 'askPhase' }
  /** `failing`: the window is started, and the deployment fails, because it asked for more. */
  | { readonly do: 'initiate'; readonly abortFirst: boolean; readonly failing?: NewWindow }
  | { readonly do: 'complete' }
  | { readonly do: 'abort' }
  /** Delete only: the lock is left as it is, whoever's it is. `late`: it may be the one of a later deployment. */
  | { readonly do: 'forget'; readonly late?: true }
  | { readonly do: 'refuse'; readonly why: LockRefusal };

const NOTHING: LockVerdict = { do: 'nothing' };
const WAIT: LockVerdict = { do: 'wait' };
const ABORT: LockVerdict = { do: 'abort' };
const ASK_PHASE: LockVerdict = { do: 'askPhase' };
const FORGET: LockVerdict = { do: 'forget' };
const TOO_LATE: LockVerdict = { do: 'forget', late: true };
const refuse = (why: LockRefusal): LockVerdict => ({ do: 'refuse', why });
const initiate = (failing?: NewWindow): LockVerdict => ({ do: 'initiate', abortFirst: false, failing });
const initiateAnew = (failing?: NewWindow): LockVerdict => ({ do: 'initiate', abortFirst: true, failing });

/** All judgement about locks. A refused Update of a stack that rolls back becomes a success that touches nothing; see `unlessRollback`. */
export function decideLock(situation: LockSituation): LockVerdict {
  const { request, stage, acknowledged, meantToComplete, lock, samePolicy, hold } = situation;
  if (request === 'Delete') return decideDeletion(situation);
  if (lock === 'Locked') {
    if (stage === LockStages.ABORT) return refuse('lockedForEver');
    return samePolicy ? NOTHING : refuse('lockedWithOtherPolicy');
  }
  // A slip in an acknowledgement must not pass for "not yet": its giver would believe in a lock that ends after 24 hours.
  const completing = stage === LockStages.COMPLETE || (stage === LockStages.COMPLETE_ONCE_ACKNOWLEDGED && meantToComplete);
  if (completing && !acknowledged) return refuse('notAcknowledged');
  if (hold === 'busy') return WAIT;
  if (lock === 'InProgress' && hold === 'foreign') return refuse('foreign');
  if (completing) return decideCompletion(situation);
  if (stage === LockStages.ABORT) return lock === 'None' ? NOTHING : decideAbort(situation);
  if (lock === 'None') return initiate();
  return hold === 'known' && samePolicy ? NOTHING : initiateAnew();
}

/** Not locked, acknowledged, and no lock of somebody else's in the way. */
function decideCompletion(situation: LockSituation): LockVerdict {
  const { lock, samePolicy, hold, startedByThisRequest, keptByRollback, phase } = situation;
  // A window that the rollback of this very deployment would take away again must not be promised.
  if (lock === 'None') return keptByRollback ? initiate('windowOver') : refuse('nothingToComplete');
  if (hold === 'lost') return keptByRollback ? initiateAnew('idLost') : refuse('nothingToComplete');
  if (!samePolicy) return refuse('testedPolicyDiffers');
  // Never initiate and complete in one breath: nobody can have tested a lock that this deployment made.
  if (startedByThisRequest) return refuse('windowIsNew');
  switch (phase) {
    case undefined:
      return ASK_PHASE;
    case 'forward':
      return { do: 'complete' };
    case 'unknown':
      return refuse('phaseUnknown');
    default:
      return refuse('notInDeployment');
  }
}

/** A request that comes late would take the window of a later deployment away. */
function decideAbort({ phase }: LockSituation): LockVerdict {
  if (phase === undefined) return ASK_PHASE;
  return isOver(phase) ? refuse('tooLate') : ABORT;
}

function decideDeletion({ lock, hold, phase, startedByThisRequest }: LockSituation): LockVerdict {
  if (lock === 'Locked') return FORGET;
  // Before waiting, and again at every look: who comes late would wait for a Create that came after it, and take its traces away.
  if (phase === undefined) return ASK_PHASE;
  if (isTooLateToDelete(phase)) return TOO_LATE;
  if (hold === 'busy') return WAIT;
  if (lock === 'None' || hold === 'foreign') return FORGET;
  // A retried deployment deletes what failed and makes it again: a window that is newer than the Delete is not the one to be taken away.
  const isNewer = (phase === 'forward' || phase === 'cleanup') && startedByThisRequest;
  return isNewer ? TOO_LATE : ABORT;
}
