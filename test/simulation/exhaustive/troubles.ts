import type { HeardCall, HeardEvent } from './step-court';
import { canHit, FAULT_KINDS, isRead } from '../world/faults';
import type { Fault, FaultKind } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';
import type { Death, Run } from '../world/runs';

/** What goes wrong once. */
export interface Trouble {
  readonly name: string;
  readonly fault?: Fault;
  readonly delivery?: Partial<DeliveryFault>;
}

export const NO_TROUBLE: Trouble = { name: 'no trouble' };

/** A read that gets lost after its effect has none, and is as good as one that gets lost before. */
const AFTER_EFFECT: readonly FaultKind[] = ['lostAfter', 'error500After', 'timeoutAfter'];
/** The handlers take them for the same (lambda/aws/calls.ts): an attempt without an answer, made again after the same pause. */
const LIKE_LOST: readonly FaultKind[] = ['error500Before', 'error500After'];

/**
 * Without what repeats itself: a process that waits asks the same again and again, and finds the same until somebody else writes. Two such
 * rounds stand for all of them, as an attempt that fails is made again at once.
 */
function withoutWaiting(calls: readonly HeardCall[]): HeardCall[] {
  const rounds = new Map<Run, Map<string, number>>();
  return calls.filter(({ operation, by }) => {
    const ofProcess = rounds.get(by) ?? new Map<string, number>();
    rounds.set(by, ofProcess);
    if (!isRead(operation)) ofProcess.clear();
    const round = (ofProcess.get(operation) ?? 0) + 1;
    ofProcess.set(operation, round);
    return round <= 2;
  });
}

/**
 * The calls of two processes that work in step, without those of the second that are the mirror image of the first's: as long as neither
 * has changed anything, it does not matter which of the two has bad luck.
 */
export function withoutMirrored(calls: readonly HeardCall[], first: Run | undefined): HeardCall[] {
  const apart = new Set<Run>();
  return calls.filter(({ operation, by }) => {
    const isApart = by === first || apart.has(by);
    if (!isRead(operation)) apart.add(by);
    return isApart || !isRead(operation);
  });
}

/** Every fault at each of the calls. @param isRedelivered kinds that mean the same to the handlers stand for each other */
export function faultsAt(calls: readonly HeardCall[], isRedelivered: boolean): Trouble[] {
  return withoutWaiting(calls).flatMap(({ operation, earlier }) =>
    kindsFor(operation, isRedelivered).map((kind) => ({
      name: `${operation} ${kind}, call ${earlier + 1}`,
      fault: { operation, kind, skip: earlier, times: 1 },
    })),
  );
}

function kindsFor(operation: string, isRedelivered: boolean): FaultKind[] {
  const kinds = FAULT_KINDS.filter((kind) => canHit(operation, kind) && !(isRead(operation) && AFTER_EFFECT.includes(kind)));
  return isRedelivered ? kinds.filter((kind) => !LIKE_LOST.includes(kind) && !(isRead(operation) && kind === 'throttled')) : kinds;
}

/** Before the first call and after each: a process that dies right before a call leaves what one leaves that dies right after the last. */
export function deathsIn({ title, processes, calls }: HeardEvent): Trouble[] {
  return deathPoints(processes[0], calls).map(({ death, where }) => ({ name: `${title} dies ${where}`, delivery: { deaths: [death] } }));
}

/** The same, and the next attempt dies there, too. */
export function repeatedDeathsIn({ title, processes, calls }: HeardEvent): Trouble[] {
  return deathPoints(processes[0], calls).map(({ death, where }) => ({
    name: `${title} dies twice ${where}`,
    delivery: { deaths: [death, death] },
  }));
}

function deathPoints(first: Run | undefined, calls: readonly HeardCall[]): { readonly death: Death; readonly where: string }[] {
  const own = calls.filter(({ by }) => by === first);
  const counting = withoutWaiting(own);
  const after = (atCall: number, what: string) => ({
    death: { atCall, when: 'after' as const },
    where: `after call ${atCall + 1} (${what})`,
  });
  return [
    { death: { atCall: 0, when: 'before' as const }, where: 'before its first call' },
    ...own.flatMap((call, atCall) => (counting.includes(call) ? [after(atCall, call.operation)] : [])),
    ...(first ? [after(own.length, 'the answer')] : []),
  ];
}

/** An answer that does not arrive, and one that arrives without its sender learning of it. */
export function lostAnswersOf({ title }: HeardEvent): Trouble[] {
  return [1, 3].flatMap((lostAnswers) =>
    [false, true].map((lostAfterwards) => ({
      name: `${title}, answer ${lostAfterwards ? 'confirmed to nobody' : 'lost'} ${lostAnswers} times`,
      delivery: { lostAnswers, lostAfterwards },
    })),
  );
}
