import { lawsAtRest, lawsOfRefusal, lawsOfWrite } from './backup-lock-laws';
import { abandoned, gone, isSame, outside, withoutEquals } from './backup-lock-surroundings';
import {
  Decide,
  farAway,
  FRESH,
  isNear,
  Judge,
  Lock,
  LockRun,
  LockState,
  Memory,
  Nature,
  ownClaim,
  OwnerTag,
  reversed,
  Template,
  TEMPLATES,
  World,
} from './backup-lock-world';
import { Handler, isMadeAgain, newRun, Step } from './frame';
import { Broken } from './invariants';
import { Event, isRollback, Moment, standingFor, standingWithHistoryFor } from './stack';
import { LockVerdict } from '../../../lambda/backup/lock/decide';

type LockStep = Step<World, LockRun>;

const MOST_CLAIMS = 5;
const remembering = (run: LockRun, memory: Partial<Memory>): LockRun => ({
  ...run,
  at: 'look',
  verdict: null,
  tag: null,
  memory: { ...run.memory, ...memory },
});
const isOwn = ({ owner }: World, { event }: LockRun) => owner?.whose === event.whose;
const isAlone = ({ claims }: World, run: LockRun) => claims.every((claim) => isSame(claim, run) || claim.lapsed);

/** What `lambda/backup/lock/work.ts` and `act.ts` do with a verdict: one call after the other, each with or without its answer. */
export class BackupLockHandler implements Handler<World, LockRun> {
  readonly world: World;
  readonly judge: Judge;
  readonly outside = outside;
  readonly gone = gone;
  readonly abandoned = abandoned;

  constructor(
    decide: Decide,
    private readonly nature: Nature,
  ) {
    this.judge = new Judge(decide);
    const airGapped: Lock = { bounds: 'P', date: null, by: 3, orphan: false };
    this.world = { vault: nature.vault, lock: nature.vault === 'airGapped' ? airGapped : null, owner: null, claims: [], settled: 0 };
  }

  begin(event: Event, state: LockState): LockRun {
    return {
      ...newRun(event, state),
      at: 'look',
      startedAt: state.now,
      memory: FRESH,
      outer: null,
      verdict: null,
      seen: [],
      tag: null,
      success: true,
      looks: 0,
    };
  }

  isPastQuestion({ event, at, memory }: LockRun): boolean {
    return event.type === 'Delete' && (memory.phase !== null || at === 'disown');
  }

  steps(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    switch (run.at) {
      case 'look':
        return this.look(run, state);
      case 'askPhase': {
        const standing = standingWithHistoryFor(state.stack, run.event);
        const { wentForward } = run.memory;
        const phase = wentForward && standing === 'rollback' ? 'over' : standing;
        return [go(`the stack: ${phase}`, world, remembering(run, { phase, wentForward: wentForward || standing === 'forward' }))];
      }
      case 'claim':
        return this.claim(run, state);
      case 'lookForPoints': {
        const points = this.nature.pointsWithoutExpiry ? 'some' : 'none';
        return [go(`points without expiry: ${points}`, world, remembering(run, { points }))];
      }
      case 'put':
        return this.put(run, state);
      case 'delete':
        return this.delete(run, state);
      case 'wanted':
        return this.assertWanted(run, state);
      case 'disown':
        return this.disown(run, state);
      case 'withdraw':
        return this.withdraw(run, state);
      case 'release': {
        const claims = world.claims.filter(
          (claim) => !isSame(claim, run) && !(claim.lapsed && run.seen.some((seen) => isSame(seen, claim))),
        );
        const after = { ...state, world: { ...world, claims } };
        const looksAgain = !run.success && !run.outer && run.looks === 1;
        if (looksAgain) return [go('the claim is removed, and it looks again', after.world, { ...run, at: 'withdraw', seen: [] })];
        return run.outer ? this.fail(run, after, 'the claim is removed') : [this.answer(run, after, 'the claim is removed')];
      }
    }
  }

  private look(before: LockRun, state: LockState): readonly LockStep[] {
    const { world, now } = state;
    const verdict = this.judge.look(world, before, now);
    const run: LockRun = { ...before, seen: world.claims, verdict: null };
    const name = `it looks: ${said(verdict)}`;
    const next = (at: LockRun['at'], more: Partial<LockRun> = {}): LockStep[] => [
      go(name, world, { ...run, at, seen: at === 'disown' ? run.seen : [], ...more }),
    ];
    switch (verdict.do) {
      case 'wait':
        return this.wait(run, state);
      case 'refuse': {
        const broken = run.outer ? [] : lawsOfRefusal(verdict.why, run, state, this.nature);
        if (verdict.why === 'tooLate' && this.isUnwanted(run)) return [{ ...go(name, world, this.takingBack(run)), broken }];
        const excused = verdict.why === 'ownerUnknown';
        return this.fail(run, state, name).map((step) => ({ ...step, broken, excused }));
      }
      case 'claim':
        return next('claim', { tag: this.tagFor(run, world) });
      case 'askPhase':
      case 'lookForPoints':
      case 'delete':
        return next(verdict.do);
      case 'put':
        return next('put', { verdict });
      case 'forget':
        // Left out: in its last moment, or when it finds no lock, a copy of a Delete also forgets what the next Create has written meanwhile.
        if (isMadeAgain(run.event, state)) return this.done(run, state, name);
        if (!isOwn(world, run) || verdict.why === 'tooLate') return this.done(run, state, name);
        if (run.outer && !isAlone(world, run)) return [go(name, world, { ...run, at: 'release' })];
        return next('disown', { verdict });
      case 'nothing':
        if (run.memory.hasToBeWanted) return next('wanted');
        return this.done(run, state, name);
    }
  }

  /** What it was to do is done: by itself, or by what takes it back. */
  private done(run: LockRun, state: LockState, name: string): readonly LockStep[] {
    if (run.outer) return this.fail(run, state, name);
    if (run.event.type === 'Delete' || !run.memory.claimed) return [this.answer(run, state, name)];
    return [go(name, state.world, { ...run, at: 'release' })];
  }

  private fail(run: LockRun, state: LockState, name: string): readonly LockStep[] {
    const failed: LockRun = { ...run, success: false, memory: run.outer ?? run.memory, outer: null, looks: 0 };
    const isAnnounced = run.seen.some(({ delivery }) => delivery === run.event.signedAt);
    if (run.event.type !== 'Delete' && (failed.memory.claimed || isAnnounced)) {
      return [go(name, state.world, { ...failed, at: 'withdraw', verdict: null, seen: [] })];
    }
    return [this.answer(failed, state, name)];
  }

  private wait(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    const [lapse] = this.lapses(state);
    const { phase } = run.memory;
    const asksAgain = run.event.type === 'Delete' && phase !== null;
    const waiting: LockRun = asksAgain ? { ...run, memory: { ...run.memory, phase: null } } : run;
    if (lapse) return [go('it waits until a lease ends', lapse.world, waiting)];
    if (asksAgain && phase !== standingWithHistoryFor(state.stack, run.event)) {
      return [go('it waits until the stack has gone on', world, waiting)];
    }
    const hasToEnd = run.event.type === 'Delete' || run.outer !== null || phase === 'rollback';
    if (hasToEnd) return [{ ...go('it has waited until its last moment', world, { ...waiting, lastMoment: true }), atLast: true }];
    return [{ name: 'its time is up while it waits', world, success: false, atLast: true }];
  }

  /** A tag of its own from before this event is of an earlier life, and says what that found. */
  private tagFor({ event, memory }: LockRun, world: World): OwnerTag | null {
    const { lock, owner, claims } = world;
    const isStale = event.type === 'Create' && claims.every(({ delivery }) => delivery !== event.signedAt);
    if (owner?.whose === event.whose && !isStale) return null;
    return memory.newOwner ?? { whose: event.whose, found: isNear(lock?.date) ? 'coolingOff' : lock ? 'governance' : 'none' };
  }

  private claim(run: LockRun, { world }: LockState): readonly LockStep[] {
    const { memory, tag } = run;
    if (memory.claims === MOST_CLAIMS) return [go('it has claimed too often', world, { ...run, at: 'withdraw', success: false })];
    const own = ownClaim(run);
    const tagged: World = {
      ...world,
      owner: tag ?? world.owner,
      claims: [...world.claims.filter((claim) => !isSame(claim, own)), own].sort((a, b) => a.startedAt - b.startedAt),
    };
    const phase = run.outer ? memory.phase : null;
    const newOwner = tag ?? memory.newOwner;
    return [go('it claims', tagged, remembering(run, { claimed: true, claims: memory.claims + 1, newOwner, phase }))];
  }

  private put(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, now } = state;
    const { verdict, memory, event, outer } = run;
    if (verdict?.do !== 'put') return [];
    const request = outer ? reversed(event) : event;
    const template: Template | undefined = request.type === 'Delete' ? undefined : TEMPLATES[request.to];
    const { lock } = world;
    const dated = { none: undefined, coolingOff: template?.coolingOff, farAway }[verdict.date];
    const set = dated === undefined ? null : { setAt: now, days: dated, by: event.whose, delivery: event.signedAt, orphan: false };
    const date = set ?? (this.nature.keepsDate ? (lock?.date ?? null) : null);
    const after: Lock = {
      bounds: template?.bounds ?? lock?.bounds ?? 'P',
      date,
      by: lock ? lock.by : event.whose,
      orphan: lock?.orphan ?? false,
    };
    const hasToBeWanted = memory.hasToBeWanted || (!outer && (verdict.date === 'coolingOff' || memory.newOwner !== null));
    const effect = { writes: true, broken: lawsOfWrite({ call: 'put', run, state, before: lock, after }) };
    const put = { ...world, lock: after };
    const name = `PutBackupVaultLockConfiguration, ${verdict.date === 'none' ? 'no lock date' : `lock date ${verdict.date}`}`;
    return [
      {
        ...go(name, put, remembering(run, { hasToBeWanted, dateKept: memory.dateKept || (verdict.date === 'none' && date !== null) })),
        ...effect,
      },
      { ...go(`${name}, and the answer is lost`, put, remembering(run, { hasToBeWanted })), ...effect, fault: true },
    ];
  }

  private delete(run: LockRun, state: LockState): readonly LockStep[] {
    const { world } = state;
    const effect = { writes: true, broken: lawsOfWrite({ call: 'delete', run, state, before: world.lock, after: null }) };
    return [{ ...go('DeleteBackupVaultLockConfiguration', { ...world, lock: null }, remembering(run, {})), ...effect }];
  }

  private assertWanted(run: LockRun, state: LockState): readonly LockStep[] {
    const phase = standingWithHistoryFor(state.stack, run.event);
    const asked: LockRun = { ...run, memory: { ...run.memory, phase: run.memory.phase } };
    if (this.isUnwanted(run, phase)) return [go(`the stack: ${phase}, it is not wanted any more`, state.world, this.takingBack(asked))];
    return this.done(asked, state, `the stack: ${phase}, it is still wanted`);
  }

  private isUnwanted({ memory, outer }: LockRun, phase = memory.phase): boolean {
    return !outer && memory.hasToBeWanted && (phase === 'rollback' || phase === 'over' || phase === 'deletion');
  }

  private takingBack(run: LockRun): LockRun {
    const { memory } = run;
    return { ...run, at: 'look', verdict: null, seen: [], outer: memory, memory: { ...FRESH, phase: 'rollback', claimed: memory.claimed } };
  }

  private disown(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, stack } = state;
    const { verdict, event } = run;
    // What is kept on purpose is nobody's from here on.
    const isGivenUp =
      event.type === 'Delete' && verdict?.do === 'forget' && verdict.why === 'kept' && !isRollback(stack) && !stack.neverComplete;
    const lock =
      isGivenUp && world.lock
        ? { ...world.lock, by: 3 as const, date: world.lock.date && { ...world.lock.date, by: 3 as const } }
        : world.lock;
    const claims = world.claims.filter((claim) => !run.seen.some((seen) => isSame(seen, claim)));
    const after = { ...state, world: { ...world, lock, claims, owner: isOwn(world, run) ? null : world.owner } };
    if (run.outer) return this.fail(run, after, 'the tags are removed');
    return [this.answer(run, after, 'the tags are removed')];
  }

  /** Twice: of two that withdraw at the same time each would leave it to the other. */
  private withdraw(run: LockRun, state: LockState): readonly LockStep[] {
    const { world, now } = state;
    const { event, memory, looks } = run;
    const phase = memory.phase ?? standingWithHistoryFor(state.stack, event);
    if (looks === 0 && ['forward', 'done', 'cleanup', 'superseded'].includes(phase)) {
      return [go(`the stack: ${phase}, it withdraws`, world, { ...run, at: 'release' })];
    }
    const seen: LockRun = { ...run, seen: world.claims, looks: looks + 1 };
    const wroteOwner = event.type === 'Create' || memory.newOwner !== null;
    const isUndone = wroteOwner && isOwn(world, run) && this.judge.look(world, this.takingBack(run), now, false).do === 'forget';
    if (!isUndone) return [go('it withdraws, and something is left', world, { ...seen, at: 'release', looks: 2 })];
    if (isAlone(world, run)) return [go('it withdraws', world, { ...seen, at: 'disown' })];
    return [go('it withdraws, and another is there', world, { ...seen, at: 'release' })];
  }

  private answer({ event, success }: LockRun, state: LockState, name: string): LockStep {
    if (success) {
      const settles = event.type !== 'Delete' && state.runs.length === 1;
      return { name, world: settles ? { ...state.world, settled: event.signedAt } : state.world, success };
    }
    const isLeft = event.type === 'Update' && standingFor(state.stack, event) === 'rollback';
    return { name: isLeft ? `${name}; left as it is, for the rollback` : name, world: state.world, success: isLeft };
  }

  /** Who wrote a claim is dead, and so is whoever took so long since. */
  lapses({ world, runs }: LockState): readonly { readonly name: string; readonly world: World }[] {
    const dead = world.claims.find((claim) => !claim.lapsed && runs.every((run) => !isSame(run, claim)));
    if (!dead || runs.some(({ at }) => at !== 'look')) return [];
    const claims = world.claims.map((claim) => (claim === dead ? { ...claim, lapsed: true } : claim));
    return [{ name: 'the lease of a dead invocation ends', world: { ...world, claims } }];
  }

  tidy(state: LockState): LockState {
    const { world, stack, runs } = state;
    const events = [stack.last, stack.late, ...runs.map(({ event }) => event)];
    const deliverable = (moment: Moment) => (events.some((event) => event?.signedAt === moment) ? moment : 0);
    const { lock, claims } = world;
    const date = lock?.date;
    return {
      ...state,
      world: {
        vault: world.vault,
        lock: lock && { ...lock, date: date ? { ...date, delivery: deliverable(date.delivery) } : null },
        owner: world.owner,
        claims: withoutEquals(
          claims.map((claim) => ({ ...claim, delivery: deliverable(claim.delivery) })),
          runs,
        ),
        settled: deliverable(world.settled),
      },
    };
  }

  lawsAtRest(state: LockState, before: LockState): Broken[] {
    return lawsAtRest(state, before);
  }
}

function go(name: string, world: World, run: LockRun): LockStep {
  return { name, world, run };
}

function said(verdict: LockVerdict): string {
  const { why, date } = { why: undefined, date: undefined, ...verdict };
  return [verdict.do, why, date].filter(Boolean).join(' ');
}
