import { Handler, isMadeAgain, newRun, Step } from './frame';
import { lawsAtRest, lawsOfRefusal, lawsOfWrite } from './glacier-lock-laws';
import { abandoned, atRest, gone, outside } from './glacier-lock-surroundings';
import { At, Decide, Intent, Judge, Lock, LockRun, LockState, TEMPLATES, World } from './glacier-lock-world';
import { Broken } from './invariants';
import { Event, Moment, standingFor } from './stack';
import { isOver } from '../../../lambda/cloudformation/stack-phase';
import { LockVerdict } from '../../../lambda/glacier/lock/decide';

type LockStep = Step<World, LockRun>;

export interface Extremes {
  /** An invocation may stall between a look and its next call for as long as the lease of another lasts. */
  readonly stalls?: boolean;
}

/** What `lambda/glacier/lock/work.ts` and `act.ts` do with a verdict: one call after the other, each with or without its answer. */
export class GlacierLockHandler implements Handler<World, LockRun> {
  readonly world: World = { lock: null, record: null, intent: null, settled: 0 };
  readonly judge: Judge;
  readonly outside = outside;
  readonly gone = gone;
  readonly abandoned = abandoned;

  constructor(
    decide: Decide,
    private readonly extremes: Extremes = {},
  ) {
    this.judge = new Judge(decide);
  }

  begin(event: Event, state: LockState): LockRun {
    return {
      ...newRun(event, state),
      at: 'look',
      intent: null,
      lookedTwice: false,
      asked: event.type !== 'Update',
      hasToEnd: event.type === 'Delete',
      idRejected: false,
      verdict: null,
      situation: null,
      former: 0,
      stale: 0,
      id: 0,
      wrote: 0,
      tried: false,
      remembered: 0,
      forgets: null,
      success: true,
    };
  }

  isPastQuestion({ event, at }: LockRun): boolean {
    return event.type === 'Delete' && ['abort', 'forget', 'forgetRecord', 'forgetIntent'].includes(at);
  }

  steps(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    switch (run.at) {
      case 'look':
        return this.look(run, state);
      case 'askPhase': {
        if (!run.situation) return [];
        const phase = standingFor(state.stack, run.event);
        return this.carryOut(this.judge.decide({ ...run.situation, phase }), { ...run, asked: true }, state, `the stack is in ${phase}`);
      }
      case 'claim':
        return this.claim(run, state);
      case 'replace':
        return this.replace(run, state);
      case 'check':
        return [this.check(run, world)];
      case 'ask':
        return [this.ask(run, state)];
      case 'abortFormer':
        return this.abort(run, state, 'initiate');
      case 'initiate':
        return this.initiate(run, state);
      case 'readBack':
        return [this.readBack(run, world)];
      case 'putRecord': {
        const { event, id, former: created, verdict } = run;
        const next = verdict?.do === 'initiate' && verdict.failing ? 'takeBack' : 'release';
        const record = { owner: event.whose, delivery: event.signedAt, id, created };
        const done: LockRun = { ...run, at: next, success: next === 'release', remembered: created };
        return [go('the record is written', { ...world, record }, done)];
      }
      case 'complete':
        return this.complete(run, state);
      case 'abort':
        return this.abort(run, state, run.forgets ? 'forget' : run.intent ? 'release' : 'answer');
      case 'forget':
        return [this.forget(run, state)];
      case 'forgetRecord':
        return [go('the record is removed', { ...world, record: null }, { ...run, at: 'forget' })];
      case 'forgetIntent':
        return [go('the intent is removed', { ...world, intent: null }, { ...run, at: 'answer' })];
      case 'takeBack':
        return this.takeBack(run, state);
      case 'release':
      case 'dropIntent':
        return [go('the intent is removed', { ...world, intent: null }, { ...run, at: 'answer', intent: null })];
      case 'answer':
        return [this.answer(run, state)];
    }
  }

  private look(run: LockRun, state: LockState): readonly LockStep[] {
    const { situation, verdict } = this.judge.look(state.world, run);
    return this.carryOut(verdict, { ...run, situation }, state, 'it looks');
  }

  private carryOut(verdict: LockVerdict, run: LockRun, state: LockState, what: string): readonly LockStep[] {
    const { world } = state;
    const { lock, record, intent } = world;
    const { event, situation } = run;
    const isOwn = (other: { readonly owner: number } | null) => other?.owner === event.whose;
    const seen = (at: At, more: Partial<LockRun> = {}): LockStep =>
      go(`${what}: ${said(verdict)}`, world, { ...run, at, verdict, situation: null, ...more });
    // What was seen before the stack was asked.
    const former = run.at === 'askPhase' ? run.former : (lock?.created ?? 0);
    switch (verdict.do) {
      case 'askPhase':
        return [{ ...seen('askPhase'), run: { ...run, at: 'askPhase', verdict, situation, id: record?.id ?? 0, former } }];
      case 'wait':
        return this.wait(run, state);
      case 'refuse': {
        if (verdict.why === 'foreign' && !run.lookedTwice) return [seen('look', { lookedTwice: true, verdict: null })];
        const laws = lawsOfRefusal(verdict.why, run, state);
        if (run.intent) return [{ ...seen('takeBack', { success: false }), broken: laws }];
        return [{ ...this.answer({ ...run, success: false }, state, `${what}: ${said(verdict)}`), broken: laws }];
      }
      case 'initiate':
        return [seen('claim', { former: verdict.abortFirst ? former : 0 })];
      case 'complete':
        return [seen('complete', run.at === 'look' ? { id: record?.id ?? 0 } : {})];
      case 'abort':
      case 'forget': {
        const unread = lock?.state === 'Locked';
        const [ownRecord, ownIntent] = [unread || isOwn(record), unread || isOwn(intent)];
        // Left out: in its last moment, or when it finds no lock, a copy of a Delete also forgets what the next Create has written meanwhile.
        const forgetsOwn = event.type === 'Delete' && !isMadeAgain(event, state) && (ownRecord || ownIntent);
        const forgets = forgetsOwn ? { record: ownRecord, intent: ownIntent ? (intent?.startedAt ?? 0) : 0 } : null;
        if (verdict.do === 'forget' && (verdict.late || !forgets)) return [this.answer(run, state, `${what}: forget`)];
        return [seen(verdict.do, { former, forgets })];
      }
      case 'nothing':
        return [run.intent ? seen('release') : this.answer(run, state, `${what}: nothing`)];
    }
  }

  /** Until the other one has ended, or it runs out of time itself. */
  private wait(run: LockRun, { world, runs, now, stack }: LockState): readonly LockStep[] {
    const { intent } = world;
    const { event, hasToEnd } = run;
    const patient: LockRun = { ...run, at: 'look' };
    if (!run.asked) {
      const phase = standingFor(stack, event);
      return [
        go(`somebody else is at work, and the stack is in ${phase}`, world, { ...patient, asked: true, hasToEnd: phase === 'rollback' }),
      ];
    }
    if (run.at !== 'look') return [go('somebody else has claimed', world, patient)];
    if (intent && this.mayLapse(intent, runs)) {
      return [go('it waits until the lease ends', { ...world, intent: { ...intent, lapsedAt: now } }, patient)];
    }
    if (hasToEnd) return [{ ...go('it has waited until its last moment', world, { ...run, lastMoment: true }), atLast: true }];
    return [{ name: 'its time is up while it waits', world, success: false, atLast: true }];
  }

  private claim(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, now } = state;
    if (run.intent) return [go('its claim stands', world, { ...run, at: 'ask' })];
    if (!world.intent) {
      const intent = this.intentOf(run, now);
      return [go('it claims', { ...world, intent }, { ...run, at: 'check', intent, wrote: now })];
    }
    if (!world.intent.lapsedAt && !(run.hasToEnd && run.lastMoment)) return this.wait(run, state);
    if (!isAsBefore(world, run)) return [go('the lock is another one now', world, { ...run, at: 'look', former: 0 })];
    return [go('the intent that is there is of a dead invocation', world, { ...run, at: 'replace', stale: world.intent.startedAt })];
  }

  /** Of those that write over the same intent, the one whose version is the next has claimed; the others have written all the same. */
  private replace(run: LockRun, { world, now }: LockState): readonly LockStep[] {
    const intent = this.intentOf(run, now);
    const wrote = { ...run, wrote: now, stale: 0 };
    const isNext = !world.intent || world.intent.startedAt === run.stale;
    if (isNext) return [go('it claims', { ...world, intent }, { ...wrote, at: 'check', intent })];
    return [go('somebody else has claimed before', { ...world, intent }, { ...wrote, at: 'look', former: 0 })];
  }

  private intentOf({ event, former }: LockRun, now: Moment): Intent {
    const { policy } = TEMPLATES[event.to] ?? { policy: 'A' };
    return { owner: event.whose, policy, startedAt: now, lapsedAt: 0, claim: now, delivery: event.signedAt, aborts: former };
  }

  private check(run: LockRun, world: World): LockStep {
    if (!isAsBefore(world, run)) return go('the lock is another one now', world, { ...run, at: 'look', former: 0 });
    return go('the lock is as before', world, { ...run, at: 'ask' });
  }

  private ask(run: LockRun, { world, stack }: LockState): LockStep {
    const phase = standingFor(stack, run.event);
    const isLate = isOver(phase) || (phase === 'rollback' && run.event.type === 'Create');
    if (isLate) return go(`the stack is in ${phase}: too late`, world, { ...run, at: 'takeBack', success: false });
    return go(`the stack is in ${phase}`, world, { ...run, at: run.former ? 'abortFormer' : 'initiate' });
  }

  private abort(run: LockRun, state: LockState, at: At): readonly LockStep[] {
    const { world } = state;
    const { lock } = world;
    if (lock?.state === 'Locked') return [go('AbortVaultLock is denied: the lock is completed', world, { ...run, at: 'look', former: 0 })];
    const after: World = { ...world, lock: null };
    const effect = { writes: lock !== null, broken: lock ? lawsOfWrite({ call: 'abort', run, state, lock }) : [] };
    return [
      { ...go('AbortVaultLock', after, { ...run, at }), ...effect },
      { ...go('AbortVaultLock, and the answer is lost', after, { ...run, at: 'look', former: 0 }), ...effect, fault: true },
    ];
  }

  private initiate(before: LockRun, state: LockState): readonly LockStep[] {
    const { world, now, stack } = state;
    const run: LockRun = { ...before, tried: true };
    if (world.lock) return [go('InitiateVaultLock is denied: there is a lock', world, { ...run, at: 'look', former: 0 })];
    const { policy } = TEMPLATES[run.event.to] ?? { policy: 'A' };
    const lock: Lock = { state: 'InProgress', policy, created: now, by: run.event.whose, deployment: stack.deployment, orphan: false };
    const after: World = { ...world, lock };
    const effect = { writes: true, broken: lawsOfWrite({ call: 'initiate', run, state, lock }) };
    return [
      { ...go('InitiateVaultLock', after, { ...run, at: 'readBack', id: now }), ...effect },
      { ...go('InitiateVaultLock, and the answer is lost', after, { ...run, at: 'look', former: 0 }), ...effect, fault: true },
      { ...go('InitiateVaultLock is refused: the policy is invalid', world, { ...run, at: 'takeBack', success: false }), fault: true },
    ];
  }

  private readBack(run: LockRun, world: World): LockStep {
    const { lock } = world;
    const isNew = lock?.state === 'InProgress' && lock.policy === TEMPLATES[run.event.to]?.policy && lock.created !== run.former;
    if (!isNew) return go('GetVaultLock does not show it', world, { ...run, at: 'takeBack', success: false });
    return go('GetVaultLock shows it', world, { ...run, at: 'putRecord', former: lock.created });
  }

  private complete(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    const { lock } = world;
    if (!lock) return [go('CompleteVaultLock: there is none', world, { ...run, at: 'look' })];
    if (lock.created !== run.id) {
      const isRejected = lock.state === 'InProgress';
      return [go('CompleteVaultLock: another lock id', world, { ...run, at: 'look', idRejected: isRejected })];
    }
    const after: World = { ...world, lock: { ...lock, state: 'Locked' } };
    const effect = { writes: lock.state !== 'Locked', broken: lawsOfWrite({ call: 'complete', run, state, lock }) };
    return [
      { ...go('CompleteVaultLock', after, { ...run, at: 'release' }), ...effect },
      { ...go('CompleteVaultLock, and the answer is lost', after, { ...run, at: 'look' }), ...effect, fault: true },
    ];
  }

  /** Read again: a request that came after this one may have written its own meanwhile. */
  private forget(run: LockRun, state: LockState): LockStep {
    const { lock, record, intent } = state.world;
    const { event, forgets, former, lastMoment } = run;
    const unread = lock?.state === 'Locked';
    const isSpent = unread || record?.created === former || record?.created !== lock?.created;
    if (forgets?.record && record?.owner === event.whose && isSpent) {
      const rest: LockRun = { ...run, at: 'forgetRecord', forgets: { ...forgets, record: false } };
      return go('the record is of a lock that is gone', state.world, rest);
    }
    const isDead = intent?.owner === event.whose && (intent.lapsedAt !== 0 || lastMoment);
    if (forgets?.intent && isDead && (unread || intent.startedAt === forgets.intent)) {
      return go('the intent is of an invocation that is gone', state.world, { ...run, at: 'forgetIntent', forgets: null });
    }
    return this.answer(run, state);
  }

  /** Of a request that failed: what it made goes again. */
  private takeBack(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    const { lock } = world;
    const { intent } = run;
    if (!intent) return [this.answer(run, state)];
    const hasTraces = run.tried || intent.aborts !== 0;
    const isLost = lock?.state === 'InProgress' && this.judge.look(world, run).situation.hold === 'lost';
    if (!hasTraces || !isLost || lock.created === run.remembered) {
      return [go('nothing is left to take back', world, { ...run, at: 'dropIntent' })];
    }
    if (lock.created === intent.aborts) return [go('the lock before is still there', world, { ...run, at: 'answer' })];
    return this.abort(run, state, 'takeBack').map((step) => ({ ...step, run: { ...run, at: 'takeBack' } }));
  }

  private answer({ event, success }: LockRun, state: LockState, name = 'it is done'): LockStep {
    if (success) {
      const settles = event.type !== 'Delete' && state.runs.length === 1;
      return { name, world: settles ? { ...state.world, settled: event.signedAt } : state.world, success };
    }
    const isLeft = event.type === 'Update' && standingFor(state.stack, event) === 'rollback';
    return { name: isLeft ? `${name}; left as it is, for the rollback` : name, world: state.world, success: isLeft };
  }

  lapses({ world, runs, now }: LockState): readonly { readonly name: string; readonly world: World }[] {
    const { intent } = world;
    if (!intent || !this.mayLapse(intent, runs)) return [];
    return [{ name: 'the lease of a dead invocation ends', world: { ...world, intent: { ...intent, lapsedAt: now } } }];
  }

  /**
   * Its writer is dead, and so is whoever took so long since.
   *
   * Left out: of two that replace the intent of a dead invocation the slower one writes over that of the faster one, which is in force; and
   * then the lease that everybody sees is its own, and may end before the work of the other does.
   */
  private mayLapse(intent: Intent, runs: readonly LockRun[]): boolean {
    const isInForce = runs.some((run) => run.intent !== null);
    return !intent.lapsedAt && !isInForce && !isAtWork(intent, runs) && (this.extremes.stalls || runs.every(({ at }) => at === 'look'));
  }

  tidy(state: LockState): LockState {
    const { stack, runs, now } = state;
    const events = [stack.last, stack.late, ...runs.map(({ event }) => event)];
    const deliverable = (moment: Moment) => (events.some((event) => event?.signedAt === moment) ? moment : 0);
    const { lock, record, intent, settled } = runs.length === 0 ? atRest(state.world, now) : state.world;
    return {
      ...state,
      world: {
        lock: lock && { ...lock, deployment: lock.deployment === stack.deployment ? lock.deployment : 0 },
        record: record && { ...record, delivery: deliverable(record.delivery) },
        intent: intent && {
          ...intent,
          claim: isAtWork(intent, runs) ? intent.claim : 0,
          delivery: deliverable(intent.delivery),
        },
        settled: deliverable(settled),
      },
    };
  }

  lawsAtRest(state: LockState, before: LockState): Broken[] {
    return lawsAtRest(state, before);
  }
}

/** Who wrote it still runs. */
function isAtWork({ claim }: Intent, runs: readonly LockRun[]): boolean {
  return claim !== 0 && runs.some(({ wrote }) => wrote === claim);
}

function isAsBefore({ lock }: World, { former }: LockRun): boolean {
  return (lock?.created ?? 0) === former && lock?.state !== 'Locked';
}

function go(name: string, world: World, run: LockRun): LockStep {
  return { name, world: world, run };
}

function said(verdict: { readonly do: string; readonly why?: string; readonly abortFirst?: boolean }): string {
  return [verdict.do, verdict.abortFirst ? 'anew' : '', verdict.why].filter(Boolean).join(' ');
}
