import { Handler, newRun, older, Step } from './frame';
import { lawsAtRest, lawsOfRefusal, lawsOfWrite } from './glacier-lock-laws';
import { At, Decide, Intent, Judge, Lock, LockRun, LockState, Policy, TEMPLATES, World } from './glacier-lock-world';
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
      forgets: [],
      success: true,
    };
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
        return this.check(run, state);
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
        return [go('the record is written', { ...world, record }, { ...run, at: next, success: next === 'release' })];
      }
      case 'complete':
        return this.complete(run, state);
      case 'abort':
        return this.abort(run, state, 'forget');
      case 'forget':
        return [this.forget(run, state)];
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
    const seen = (at: At, more: Partial<LockRun> = {}): LockStep =>
      go(`${what}: ${said(verdict)}`, world, { ...run, at, verdict, situation: null, ...more });
    const former = lock?.created ?? 0;
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
        const forgets: LockRun['forgets'][number][] = [];
        if (record?.owner === event.whose) forgets.push({ what: 'record', of: record.created });
        if (intent?.owner === event.whose && (intent.lapsedAt || run.lastMoment)) forgets.push({ what: 'intent', of: intent.startedAt });
        if (verdict.do === 'forget' && (verdict.late || forgets.length === 0)) return [this.answer(run, state, `${what}: forget`)];
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
    if (hasToEnd && runs[0]?.event === event) return [go('it has waited until its last moment', world, { ...run, lastMoment: true })];
    return hasToEnd ? [] : [{ name: 'its time is up while it waits', world, success: false }];
  }

  private claim(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, now } = state;
    const { former } = run;
    if (run.intent) return [go('its claim stands', world, { ...run, at: 'check' })];
    if (!world.intent) {
      const intent = this.intentOf(run, now);
      return [go('it claims', { ...world, intent }, { ...run, at: 'check', intent })];
    }
    if (!world.intent.lapsedAt && !(run.hasToEnd && run.lastMoment)) return this.wait(run, state);
    if ((world.lock?.created ?? 0) !== former) return [go('the lock is another one now', world, { ...run, at: 'look', former: 0 })];
    return [go('the intent that is there is of a dead invocation', world, { ...run, at: 'replace', stale: world.intent.startedAt })];
  }

  /** Of those that write over the same intent, the one whose version is the next has claimed; the others have written all the same. */
  private replace(run: LockRun, { world, now }: LockState): readonly LockStep[] {
    const intent = this.intentOf(run, now);
    const isNext = !world.intent || world.intent.startedAt === run.stale;
    if (isNext) return [go('it claims', { ...world, intent }, { ...run, at: 'check', intent, stale: 0 })];
    return [go('somebody else has claimed before', { ...world, intent }, { ...run, at: 'look', former: 0, stale: 0 })];
  }

  private intentOf({ event, former }: LockRun, now: Moment): Intent {
    const { policy } = TEMPLATES[event.to] ?? { policy: 'A' };
    return { owner: event.whose, policy, startedAt: now, lapsedAt: 0, claim: now, delivery: event.signedAt, aborts: former };
  }

  private check(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    if ((world.lock?.created ?? 0) !== run.former) return [go('the lock is another one now', world, { ...run, at: 'look', former: 0 })];
    const phase = standingFor(state.stack, run.event);
    if (isOver(phase) || (phase === 'rollback' && run.event.type === 'Create')) {
      return [go(`the stack is in ${phase}: too late`, world, { ...run, at: 'takeBack', success: false })];
    }
    return [go(`the stack is in ${phase}`, world, { ...run, at: run.former ? 'abortFormer' : 'initiate' })];
  }

  private abort(run: LockRun, state: LockState, at: At): readonly LockStep[] {
    const { world } = state;
    const { lock } = world;
    if (lock?.state === 'Locked') return [go('AbortVaultLock is denied: the lock is completed', world, { ...run, at: 'look', former: 0 })];
    const after: World = { ...world, lock: null };
    const effect = { writes: lock !== null, broken: lock ? lawsOfWrite({ call: 'abort', run, state, lock }) : [] };
    return [
      { ...go('AbortVaultLock', after, { ...run, at }), ...effect },
      { ...go('AbortVaultLock, and the answer is lost', after, { ...run, at: 'look', former: 0 }), ...effect },
    ];
  }

  private initiate(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, now, stack } = state;
    if (world.lock) return [go('InitiateVaultLock is denied: there is a lock', world, { ...run, at: 'look', former: 0 })];
    const { policy } = TEMPLATES[run.event.to] ?? { policy: 'A' };
    const lock: Lock = { state: 'InProgress', policy, created: now, by: run.event.whose, deployment: stack.deployment, orphan: false };
    const after: World = { ...world, lock };
    const effect = { writes: true, broken: lawsOfWrite({ call: 'initiate', run, state, lock }) };
    return [
      { ...go('InitiateVaultLock', after, { ...run, at: 'readBack', id: now }), ...effect },
      { ...go('InitiateVaultLock, and the answer is lost', after, { ...run, at: 'look', former: 0 }), ...effect },
      go('InitiateVaultLock is refused: the policy is invalid', world, { ...run, at: 'takeBack', success: false }),
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
      { ...go('CompleteVaultLock, and the answer is lost', after, { ...run, at: 'look' }), ...effect },
    ];
  }

  private forget(run: LockRun, state: LockState): LockStep {
    const [first, ...forgets] = run.forgets;
    if (!first) return this.answer(run, state);
    const { what, of } = first;
    const { record, intent } = state.world;
    if (of !== (what === 'record' ? record?.created : intent?.startedAt)) {
      return go(`the ${what} is another one now`, state.world, { ...run, forgets });
    }
    return go(`the ${what} is removed`, { ...state.world, [what]: null }, { ...run, forgets });
  }

  /** Of a request that failed: what it made goes again. */
  private takeBack(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    const { lock } = world;
    if (!run.intent) return [this.answer(run, state)];
    if (lock?.state !== 'InProgress' || this.judge.look(world, run).situation.hold !== 'lost') {
      return [go('nothing is left to take back', world, { ...run, at: 'dropIntent' })];
    }
    if (lock.created === run.intent.aborts) return [go('the lock before is still there', world, { ...run, at: 'answer' })];
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

  outside({ world, now }: LockState): readonly { readonly name: string; readonly world: World }[] {
    const { lock, intent } = world;
    const by = (name: string, changed: Lock | null) => ({ name, world: { ...world, lock: changed, settled: 0 } });
    if (!lock) {
      // Before the lease of a dead invocation ends, nobody can tell whose a lock of its policy is.
      const isLookalike = (policy: Policy) => intent?.policy === policy && !intent.lapsedAt;
      return (['A', 'B'] as const)
        .filter((policy) => !isLookalike(policy))
        .map((policy) =>
          by(`by hand: initiate ${policy}`, { state: 'InProgress', policy, created: now, by: 3, deployment: 0, orphan: false }),
        );
    }
    if (lock.state === 'Locked') return [];
    const passed = { ...world, lock: null, settled: 0, intent: intent && { ...intent, lapsedAt: intent.lapsedAt || now } };
    return [
      by('by hand: abort', null),
      ...(lock.by === 3 ? [by('by hand: complete', { ...lock, state: 'Locked' })] : []),
      { name: 'time: 24 hours', world: passed },
    ];
  }

  lapses({ world, runs, now }: LockState): readonly { readonly name: string; readonly world: World }[] {
    const { intent } = world;
    if (!intent || !this.mayLapse(intent, runs)) return [];
    return [{ name: 'the lease of a dead invocation ends', world: { ...world, intent: { ...intent, lapsedAt: now } } }];
  }

  /** Its writer is dead, and so is whoever took so long since. */
  private mayLapse({ lapsedAt, claim }: Intent, runs: readonly LockRun[]): boolean {
    return !lapsedAt && runs.every(({ at, intent }) => intent?.claim !== claim && (this.extremes.stalls || at === 'look'));
  }

  gone({ lock, record, intent }: World): World {
    return {
      lock: lock && { ...lock, by: lock.by === 3 ? 3 : older(lock.by), deployment: 0 },
      record: record && { ...record, owner: older(record.owner) },
      intent: intent && { ...intent, owner: older(intent.owner) },
      settled: 0,
    };
  }

  abandoned(world: World): World {
    return { ...world, lock: world.lock && { ...world.lock, orphan: true } };
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
          claim: runs.some((run) => run.intent?.claim === intent.claim) ? intent.claim : 0,
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

/** Nothing remembers the locks of before, and nobody looks at the records of a completed one; those of two stacks ago are nobody's. */
function atRest(world: World, now: Moment): World {
  const { lock, record, intent } = world;
  if (lock?.state === 'Locked') return { ...world, lock: { ...lock, created: 0, by: 2, orphan: false }, record: null, intent: null };
  const isOfLock = record?.id === lock?.created || record?.created === lock?.created;
  const isAfter = !lock || (intent?.startedAt ?? 0) <= lock.created;
  const isBefore = !lock || (intent?.lapsedAt ?? 0) >= lock.created;
  return {
    ...world,
    record: record && record.owner < 2 && lock && isOfLock ? record : null,
    intent:
      intent && intent.owner < 2
        ? {
            ...intent,
            startedAt: isAfter ? 0 : intent.startedAt,
            lapsedAt: intent.lapsedAt && isBefore ? now : intent.lapsedAt,
            aborts: intent.aborts === lock?.created ? intent.aborts : 0,
          }
        : null,
  };
}

function go(name: string, world: World, run: LockRun): LockStep {
  return { name, world: world, run };
}

function said(verdict: { readonly do: string; readonly why?: string; readonly abortFirst?: boolean }): string {
  return [verdict.do, verdict.abortFirst ? 'anew' : '', verdict.why].filter(Boolean).join(' ');
}
