import { Lock, LockRun, LockState, TEMPLATES, World } from './glacier-lock-world';
import { Broken, brokenOf } from './invariants';
import { isDeployed, isForward, isIdle } from './stack';
import { LockRefusal } from '../../../lambda/glacier/lock/decide';

interface Write {
  readonly call: 'initiate' | 'abort' | 'complete';
  readonly run: LockRun;
  /** Before it. */
  readonly state: LockState;
  /** The lock that it is about. */
  readonly lock: Lock;
}

export function lawsOfWrite({ call, run, state, lock }: Write): Broken[] {
  const { event, wanted } = run;
  const template = TEMPLATES[event.to];
  const isSettled = state.world.settled !== 0 && state.world.settled === event.signedAt;
  const needless = ['noNeedlessWrite', isSettled && lock.state !== 'Locked', `${call} by an event that was fulfilled before`] as const;
  switch (call) {
    case 'complete':
      return lock.state === 'Locked'
        ? []
        : brokenOf(
            ['acknowledged', template?.acknowledged !== lock.policy, `${lock.policy} is completed by ${event.to}`],
            ['lateMakesNothing', !wanted, 'a lock is completed by an event that the stack does not wait for'],
            ['completesTheTestedLock', lock.by !== event.whose, 'a lock is completed that the resource did not initiate'],
            ['completesTheTestedLock', lock.policy !== template?.policy, 'a lock of another policy is completed'],
            ['neverInOneBreath', lock.deployment === event.deployment, 'a lock is completed by the deployment that initiated it'],
            needless,
          );
    case 'abort':
      return brokenOf(
        ['onlyItsOwn', lock.by !== event.whose, `a lock is aborted that ${lock.by === 3 ? 'somebody else' : 'another stack'} initiated`],
        needless,
      );
    case 'initiate':
      return brokenOf(
        ['lateMakesNothing', event.type === 'Create' && !wanted, 'a lock is initiated by a Create that the stack does not wait for'],
        needless,
      );
  }
}

/** Whether what a refusal says is so. */
export function lawsOfRefusal(why: LockRefusal, { event }: LockRun, { world, stack }: LockState): Broken[] {
  const { lock, record } = world;
  const template = TEMPLATES[event.to];
  const inProgress = lock?.state === 'InProgress';
  const reasons: { readonly [refusal in LockRefusal]: boolean } = {
    foreign: inProgress && lock.by !== event.whose,
    lockedWithOtherPolicy: lock?.state === 'Locked' && lock.policy !== template?.policy,
    lockedForEver: lock?.state === 'Locked' && template?.stage === 'abort',
    notAcknowledged: template?.acknowledged !== template?.policy,
    testedPolicyDiffers: inProgress && lock.policy !== template?.policy,
    nothingToComplete: !lock || record?.id !== lock.created,
    windowIsNew: inProgress && lock.created > event.signedAt,
    notInDeployment:
      !event.forward || event.deployment !== stack.deployment || !stack.status.endsWith('ATE_IN_PROGRESS') || event.whose !== 0,
    tooLate:
      event.whose !== 0 ||
      (event.forward && !isForward(stack)) ||
      event.deployment !== stack.deployment ||
      !stack.status.endsWith('IN_PROGRESS'),
    phaseUnknown: false,
  };
  return brokenOf(['refusalHasAReason', !reasons[why], `${why} is said of ${JSON.stringify(lock)}`]);
}

/** Of a state with nothing running. */
export function lawsAtRest({ stack, world }: LockState, before: LockState): Broken[] {
  const { lock } = world;
  const isOut = stack.template === '' && isIdle(stack) && !['CREATE_FAILED', 'ROLLBACK_FAILED'].includes(stack.status);
  const isOwn = lock?.by === (stack.status === 'NONE' ? 1 : 0) && lock.state === 'InProgress' && !lock.orphan;
  const isFulfilled = isDeployed(stack, before.stack) && world.settled === stack.last?.signedAt;
  return brokenOf(
    ['nothingLeftByAFailedCreate', isOut && isOwn, `a lock is left in progress (${stack.status})`],
    ['meansWhatItSays', isFulfilled && !fits(world, stack.template), `${stack.template}: ${JSON.stringify(world)}`],
  );
}

/** What a template asks for is there; a lock in progress is there only if its id is, too. */
function fits({ lock, record }: World, name: string): boolean {
  const { stage, policy, acknowledged } = TEMPLATES[name] ?? { stage: 'abort', policy: 'A' };
  if (stage === 'abort') return lock === null;
  if (lock?.policy !== policy) return false;
  if (lock.state === 'Locked') return true;
  const completes = stage === 'complete' || (stage === 'completeOnceAcknowledged' && acknowledged === policy);
  return !completes && record?.id === lock.created && record.created === lock.created;
}
