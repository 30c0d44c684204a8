import { FIRST_MOMENT, Model, Move } from './explore';
import { Broken, broken } from './invariants';
import { CloudFormation, Event, isForward, isIdle, isRollback, LONG_AGO, Moment, NO_STACK, Stack, StackMove, Whose } from './stack';

/** One invocation of the function, as far as it has come. */
export interface Run {
  readonly event: Event;
  readonly at: string;
  /** The stack was carrying out the deployment of the event when it began. */
  readonly wanted: boolean;
  /** It has so little time left that it waits for nobody any more. */
  readonly lastMoment: boolean;
}

/** What the laws know of every world. */
export interface Judged {
  /** The event that was fulfilled last, if nothing has happened since to what it asked for. */
  readonly settled: Moment;
}

export interface State<W, R extends Run> {
  readonly now: Moment;
  readonly stack: Stack;
  readonly world: W;
  /** In the order in which they began. */
  readonly runs: readonly R[];
  /** What may still go wrong. */
  readonly left: Left;
}

export interface Left {
  readonly faults: number;
  readonly redeliveries: number;
  readonly acts: number;
}

/** What an invocation can do next; the first one is what it does when all is well. */
export interface Step<W, R extends Run> {
  readonly name: string;
  readonly world: W;
  /** Absent: it has ended. */
  readonly run?: R;
  readonly success?: boolean;
  /** It has changed what a template is about. */
  readonly writes?: boolean;
  readonly broken?: readonly Broken[];
  /** What the service answers is lost, or a refusal that nobody could expect. */
  readonly fault?: boolean;
  /** It is out of time, or nearly: only the one that began first can be. */
  readonly atLast?: boolean;
  /** It may fail here although it is a Delete, or takes a deployment back. */
  readonly excused?: boolean;
}

export interface Handler<W, R extends Run> {
  readonly world: W;
  begin(event: Event, state: State<W, R>): R;
  steps(run: R, state: State<W, R>): readonly Step<W, R>[];
  /** What people do by hand, and time by itself, while nothing runs. */
  outside(state: State<W, R>): readonly { readonly name: string; readonly world: W }[];
  /** What time does to what is left of invocations that have ended. */
  lapses(state: State<W, R>): readonly { readonly name: string; readonly world: W }[];
  /** The stack is gone, and what was its own is that of another. */
  gone(world: W): W;
  /** The template is no longer in force in the stack, and nobody heard of what was to be removed. */
  abandoned(world: W): W;
  /** What the laws make of the death of an invocation. */
  died?(run: R, state: State<W, R>): W;
  /** A Delete that has its answer from the stack, and is about to take something away. */
  isPastQuestion(run: R): boolean;
  /** Without what can make no difference any more. */
  tidy(state: State<W, R>): State<W, R>;
  /** Of a state with nothing running. */
  lawsAtRest(state: State<W, R>, before: State<W, R>): readonly Broken[];
}

/** What is deployed is not bounded: any number of deployments, in any order. */
export interface Bounds {
  readonly templates: readonly string[];
  /** Invocations alive at once. */
  readonly runs: number;
  /** Invocations that die in the middle, answers that get lost, and refusals out of the blue, in all. */
  readonly faults: number;
  /** Deliveries more than one of an event, in all. With two runs they may be side by side. */
  readonly redeliveries: number;
  /** Of people at the console, while nothing is deployed; in all. With none, no time passes between deployments either. */
  readonly acts: number;
  /** An event of before the last one may come again, too. */
  readonly late: boolean;
  /** CloudFormation may give up a Delete of a clean-up, and go on without it. */
  readonly abandons: boolean;
  /** A creation that failed, and was not rolled back, may be tried again. */
  readonly retries: boolean;
}

/** One invocation after the other, one of which may die, nothing late, nobody's hands in it. */
export const NARROW: Omit<Bounds, 'templates'> = {
  runs: 1,
  faults: 1,
  redeliveries: 1,
  acts: 0,
  late: false,
  abandons: false,
  retries: false,
};

const MOST_STEPS = 60;

/** No event is delivered that late, and no lease lasts that long: counting starts again. */
function nextDay<W, R extends Run>(state: State<W, R>, world: W): State<W, R> {
  return { ...state, now: FIRST_MOMENT, world, stack: { ...state.stack, last: null, late: null, deployment: LONG_AGO } };
}

export const older = (whose: Whose): Whose => (whose === 0 ? 1 : 2);

/** A stack with one resource of ours, its invocations, and the world around them. */
export class Frame<W extends Judged, R extends Run> implements Model<State<W, R>> {
  readonly start: State<W, R>;
  /** The most steps that a request took which was left to itself. */
  longest = 0;
  private readonly cloudFormation: CloudFormation;

  constructor(
    private readonly handler: Handler<W, R>,
    private readonly bounds: Bounds,
  ) {
    const { faults, redeliveries, acts } = bounds;
    this.start = { now: FIRST_MOMENT, stack: NO_STACK, world: handler.world, runs: [], left: { faults, redeliveries, acts } };
    this.cloudFormation = new CloudFormation(bounds.templates, bounds.late, bounds.abandons, bounds.retries);
  }

  moves = (from: State<W, R>): readonly Move<State<W, R>>[] => {
    const state = { ...from, now: from.now + 1 };
    return [...this.stackMoves(state), ...this.deliveries(state), ...this.runMoves(state), ...this.outsideMoves(state)].map((move) =>
      this.judged(move, from),
    );
  };

  private stackMoves(state: State<W, R>): Move<State<W, R>>[] {
    const { stack, now, runs } = state;
    return this.cloudFormation.moves(stack, now, runs.length === 0).map((move) => ({ name: move.name, to: this.after(state, move) }));
  }

  private after(state: State<W, R>, { stack, gone }: StackMove): State<W, R> {
    const { handler } = this;
    const world = stack.abandoned && !state.stack.abandoned ? handler.abandoned(state.world) : state.world;
    if (!gone) return { ...state, stack, world };
    const aged = (event: Event | null) => (event && event.whose === 0 && this.bounds.late ? { ...event, whose: older(event.whose) } : null);
    return {
      ...state,
      stack: { ...stack, last: aged(stack.last), late: aged(stack.late) },
      world: handler.gone(world),
      runs: state.runs.map((run) => ({ ...run, event: { ...run.event, whose: older(run.event.whose) } })),
    };
  }

  private deliveries(state: State<W, R>): Move<State<W, R>>[] {
    const { stack, runs, left } = state;
    const { bounds, handler } = this;
    if (runs.length >= bounds.runs) return [];
    return [stack.last, stack.late].flatMap((event) => {
      if (!event) return [];
      const isFirst = event === stack.last && !stack.delivered;
      if (!isFirst && left.redeliveries === 0) return [];
      const run = handler.begin(event, state);
      const to: State<W, R> = {
        ...state,
        stack: isFirst ? { ...stack, delivered: true } : stack,
        runs: [...runs, run],
        left: isFirst ? left : { ...left, redeliveries: left.redeliveries - 1 },
      };
      return [{ name: `${nameOf(event)} is delivered${isFirst ? '' : ' again, or late'}`, to, broken: this.leftToItself(run, to) }];
    });
  }

  private runMoves(state: State<W, R>): Move<State<W, R>>[] {
    return state.runs.flatMap((run, index) => {
      const others = state.runs.filter((_, other) => other !== index);
      const who = state.runs.length > 1 ? `invocation ${index + 1} (${run.event.type})` : `the invocation (${run.event.type})`;
      const { left } = state;
      const onceMore = { ...left, faults: left.faults - 1 };
      const steps = this.handler.steps(run, state).flatMap((step): Move<State<W, R>>[] => {
        if ((step.fault && left.faults === 0) || (step.atLast && index > 0)) return [];
        const runs = step.run ? state.runs.map((other, at) => (at === index && step.run ? step.run : other)) : others;
        const isAnothers = step.writes && step.world.settled !== run.event.signedAt;
        const world = isAnothers ? { ...step.world, settled: 0 } : step.world;
        const next = { ...state, world, runs, left: step.fault ? onceMore : left };
        const name = `${who}: ${step.name}`;
        const found = [...(step.broken ?? []), ...(step.writes ? lawsOfLateness(run.event, state) : [])];
        if (step.success === undefined) return [{ name, to: next, broken: found }];
        const answered = this.answered(next, run.event, step.success);
        return answered.map((to) => ({ name: `${name}; it answers ${step.success ? 'SUCCESS' : 'FAILED'}`, to, broken: found }));
      });
      if (left.faults === 0) return steps;
      const world = this.handler.died?.(run, state) ?? state.world;
      return [...steps, { name: `${who} dies`, to: { ...state, world, runs: others, left: onceMore } }];
    });
  }

  private answered(state: State<W, R>, event: Event, success: boolean): State<W, R>[] {
    const { stack, now } = state;
    if (!isAwaited(event, stack)) return [state];
    return this.cloudFormation.answered(stack, now, success).map((move) => this.withoutTwin(this.after(state, move), event));
  }

  /**
   * Left out, because nothing that the handler could ask would tell: two copies of one Delete at the same time in a deployment that is tried
   * again, both past their question to the stack, when CloudFormation takes the answer of one and sends the next Create.
   */
  private withoutTwin(state: State<W, R>, event: Event): State<W, R> {
    const { stack, runs } = state;
    if (event.type !== 'Delete' || stack.last?.type !== 'Create') return state;
    return { ...state, runs: runs.filter((run) => run.event.signedAt !== event.signedAt || !this.handler.isPastQuestion(run)) };
  }

  private outsideMoves(state: State<W, R>): Move<State<W, R>>[] {
    const lapses = this.handler.lapses(state);
    const { left, runs, stack } = state;
    const outside = this.bounds.acts > 0 && runs.length === 0 && isIdle(stack) ? this.handler.outside(state) : [];
    return [
      ...lapses.map(({ name, world }) => ({ name, to: { ...state, world } })),
      ...outside.flatMap(({ name, world }) => {
        if (name.startsWith('time:')) return [{ name, to: nextDay(state, world) }];
        return left.acts === 0 ? [] : [{ name, to: { ...state, world, left: { ...left, acts: left.acts - 1 } } }];
      }),
    ];
  }

  private judged({ name, to, broken: found = [] }: Move<State<W, R>>, from: State<W, R>): Move<State<W, R>> {
    const atRest = to.runs.length === 0 ? this.handler.lawsAtRest(to, from) : [];
    return { name, to: this.handler.tidy(to), broken: [...found, ...atRest] };
  }

  /** From every state that a request can find, it comes to an end; and as it has to, if it is a Delete or takes a deployment back. */
  private leftToItself(run: R, from: State<W, R>): Broken[] {
    const hasToSucceed = run.event.type === 'Delete' || (run.event === from.stack.last && !run.event.forward && isRollback(from.stack));
    const names: string[] = [];
    let [state, current] = [{ ...from, runs: [] as readonly R[] }, run];
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      state = { ...state, now: state.now + 1, runs: [current] };
      const [lapse] = steps > 0 && current.at === 'look' ? this.handler.lapses(state) : [];
      if (lapse) state = { ...state, now: state.now + 1, world: lapse.world };
      const [step] = this.handler.steps(current, state);
      if (!step) break;
      names.push(step.name);
      state = { ...state, world: step.world };
      if (!step.run) {
        this.longest = Math.max(this.longest, names.length);
        if (step.success || step.excused || !hasToSucceed) return [];
        return [broken('deleteAndRollbackEnd', `left to itself, it goes: ${names.join('; ')}`)];
      }
      current = step.run;
    }
    return [broken('everyRequestEnds', `left to itself, it goes: ${names.slice(-12).join('; ')}, …`)];
  }
}

function nameOf({ type, to, from, whose }: Event): string {
  const what = type === 'Update' ? `the Update from ${from} to ${to}` : `the ${type} of ${to}`;
  return `${what}${whose === 0 ? '' : ' of the stack before'}`;
}

export function isAwaited({ whose, signedAt }: Event, { awaiting, last }: Stack): boolean {
  return awaiting && last?.signedAt === signedAt && whose === 0;
}

/** A Create that came after this Delete is at work; or will be, because the deployment of both is tried again. */
export function isMadeAgain({ type, signedAt, deployment }: Event, { stack, runs }: State<unknown, Run>): boolean {
  const isNext = (other: Event | null) => type === 'Delete' && other?.type === 'Create' && other.signedAt > signedAt;
  return runs.some(({ event }) => isNext(event)) || (isNext(stack.last) && stack.last?.deployment === deployment);
}

/** What is being taken back may go by the hands of whoever comes first. */
function lawsOfLateness({ type, signedAt }: Event, { stack, world }: State<Judged, Run>): readonly Broken[] {
  const isLate = world.settled > signedAt && !isRollback(stack) && stack.status !== 'DELETE_IN_PROGRESS';
  return isLate ? [broken('lateMakesNothing', `an earlier ${type} changes what a later event was fulfilled with`)] : [];
}

export function newRun(event: Event, { stack }: State<unknown, Run>): Omit<Run, 'at'> {
  const wanted = event.forward && event.whose === 0 && isForward(stack) && stack.deployment === event.deployment;
  return { event, wanted, lastMoment: false };
}
