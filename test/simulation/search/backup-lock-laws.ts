import { dateMs, isImmutable, isNear, Lock, LockRun, LockState, Nature, TEMPLATES, World } from './backup-lock-world';
import { Broken, brokenOf } from './invariants';
import { isDeployed, isForward } from './stack';
import { LockRefusal } from '../../../lambda/backup/lock/decide';

interface Write {
  readonly call: 'put' | 'delete';
  readonly run: LockRun;
  /** Before it. */
  readonly state: LockState;
  readonly before: Lock | null;
  readonly after: Lock | null;
}

export function lawsOfWrite(write: Write): Broken[] {
  const { call, run, state } = write;
  const isSettled = state.world.settled !== 0 && state.world.settled === run.event.signedAt && !run.outer;
  return [
    ...brokenOf(['noNeedlessWrite', isSettled, `${call} by an event that was fulfilled before`]),
    ...(write.after ? lawsOfPut(write, write.after) : lawsOfDelete(write)),
  ];
}

/** The stack still carries out the deployment of the event. */
function isWanted({ event }: LockRun, { stack }: LockState): boolean {
  return event.whose === 0 && event.forward && isForward(stack) && stack.deployment === event.deployment;
}

function lawsOfPut({ run, state, before }: Write, after: Lock): Broken[] {
  const { event, outer, wanted } = run;
  const [to, from] = [TEMPLATES[event.to], TEMPLATES[event.from]];
  const [was, is] = [isNear(before?.date) ? before.date : null, isNear(after.date) ? after.date : null];
  const isSet = is !== null && is !== was;
  const isPromotion = from?.mode === 'governance' && to?.mode === 'compliance';
  const moves = isSet && was !== null ? dateMs(is) - dateMs(was) : 0;
  const isAsked =
    event.type === 'Update' && (from?.mode !== to?.mode || from?.coolingOff !== to?.coolingOff || from?.bounds !== to?.bounds);
  const isRepair = before?.bounds !== to?.bounds;
  const asUpdate = event.type === 'Update' && before !== null && was !== null;
  return brokenOf(
    [
      'acknowledged',
      isSet && (to?.mode !== 'compliance' || to.acknowledged !== after.bounds),
      `a lock date is set for ${after.bounds} by ${event.to}`,
    ],
    ['lateMakesNothing', isSet && (!wanted || outer !== null), 'a lock date is set by an event that the stack does not wait for'],
    [
      'lateMakesNothing',
      before === null && event.type === 'Create' && !wanted,
      'a lock is put by a Create that the stack does not wait for',
    ],
    ['dateMovesOnlyIfAsked', moves < 0 && !isPromotion, 'a lock date comes closer'],
    ['dateMovesOnlyIfAsked', moves > 0 && was?.delivery !== event.signedAt && !isAsked && !isRepair, 'a lock date moves unasked'],
    ['noGap', asUpdate && is === null && isWanted(run, state) && to?.mode === 'compliance', 'a lock that is to have a lock date loses it'],
    [
      'noGap',
      event.type === 'Update' && after.bounds !== to?.bounds && after.bounds !== from?.bounds,
      'a lock gets bounds that no template asks for',
    ],
    [
      'onlyItsOwn',
      before !== null && before.by === 3 && event.type === 'Create' && run.memory.newOwner !== null && after.bounds !== before.bounds,
      'a lock of somebody else gets other bounds',
    ],
  );
}

function lawsOfDelete({ run, state, before }: Write): Broken[] {
  const { event, outer } = run;
  const { owner } = state.world;
  const isRemoval = event.type === 'Delete' && TEMPLATES[event.to]?.onRemoval === 'remove' && owner?.whose === event.whose;
  const isOwn = before === null || before.by === event.whose;
  return brokenOf(
    ['noGap', event.type === 'Update', 'an update leaves the vault without a lock'],
    ['noGap', event.type === 'Create' && (outer === null || isWanted(run, state)), 'a Create that is still wanted removes the lock'],
    ['onlyItsOwn', !isOwn && !isRemoval, 'a lock is removed that somebody else made'],
  );
}

/** Whether what a refusal says is so. */
export function lawsOfRefusal(why: LockRefusal, run: LockRun, { world, stack }: LockState, nature: Nature): Broken[] {
  const { event } = run;
  const { vault, lock, owner } = world;
  const to = TEMPLATES[event.to];
  const isFound = event.type === 'Create' && lock !== null && owner === null;
  const isDated = isNear(lock?.date);
  const isCurrent = isForward(stack) || stack.status === 'UPDATE_ROLLBACK_IN_PROGRESS';
  const reasons: { readonly [refusal in LockRefusal]: boolean } = {
    vaultMissing: vault === 'missing',
    vaultNotReady: vault === 'notReady',
    airGapped: vault === 'airGapped',
    managedElsewhere: owner !== null && owner.whose !== event.whose && lock !== null,
    notAcknowledged: to?.mode === 'compliance' && to.acknowledged !== to.bounds,
    immutable: isImmutable(lock),
    foreignBounds: isFound && lock.bounds !== to?.bounds,
    foreignLockDate: isDated && to?.mode === 'governance',
    wouldShorten: isDated && to?.mode === 'compliance',
    pointsWithoutExpiry: nature.pointsWithoutExpiry && to?.mode === 'compliance',
    tooLate:
      event.whose !== 0 ||
      (event.forward && !isForward(stack)) ||
      event.deployment !== stack.deployment ||
      !isCurrent ||
      event.type === 'Create' ||
      run.memory.wentForward,
    phaseUnknown: false,
    ownerUnknown: event.type === 'Delete' && event.ofMade && owner === null && isDated,
  };
  return brokenOf(['refusalHasAReason', !reasons[why], `${why} is said by ${event.to} of ${JSON.stringify(world)}`]);
}

/** Of a state with nothing running. */
export function lawsAtRest({ stack, world }: LockState, before: LockState): Broken[] {
  const { lock, owner, claims } = world;
  const isTakenBack =
    !stack.abandoned &&
    !stack.awaiting &&
    (stack.status === 'ROLLBACK_COMPLETE' || (stack.status === 'UPDATE_ROLLBACK_COMPLETE' && stack.template === ''));
  const isLeft =
    !isImmutable(lock) && ((lock?.by === 0 && !lock.orphan) || (isNear(lock?.date) && lock.date.by === 0 && !lock.date.orphan));
  // Who dies leaves its claim, and what it wrote along with it.
  const isTagged = before.stack.awaiting && owner?.whose === 0 && claims.length === 0;
  const isFulfilled = isDeployed(stack, before.stack) && world.settled === stack.last?.signedAt;
  return brokenOf(
    ['nothingLeftByAFailedCreate', isTakenBack && isLeft, `${JSON.stringify(lock)} is left (${stack.status})`],
    ['nothingLeftByAFailedCreate', isTakenBack && isTagged, `the owner tag is left (${stack.status})`],
    ['meansWhatItSays', isFulfilled && !fits(world, stack.template), `${stack.template}: ${JSON.stringify(world)}`],
  );
}

/** What a template asks for is there, and nobody else's. */
function fits({ lock, owner }: World, name: string): boolean {
  const template = TEMPLATES[name];
  if (!lock || lock.bounds !== template?.bounds) return false;
  if (isImmutable(lock)) return template.mode === 'compliance';
  return isNear(lock.date) === (template.mode === 'compliance') && (owner === null || owner.whose === 0);
}
