import type { TestedStep } from './scenario';
import { standing } from './standing';
import { Court } from '../invariants/court';
import type { Operation } from '../program/play';
import type { CallRecord } from '../world/api';
import { isLasting } from '../world/faults';
import type { Event, Run } from '../world/runs';
import { HOUR, MINUTE, SECOND } from '../world/sim-clock';
import type { SimWorld } from '../world/sim-world';

/** One call of a process. */
export interface HeardCall {
  readonly operation: string;
  /** How many calls of that operation the step has made before. */
  readonly earlier: number;
  readonly by: Run;
}

/** What the step under test asked of a function, and what came of it. */
export interface HeardEvent {
  readonly title: string;
  readonly sentAt: number;
  /** The processes that worked on it, in the order of their beginning. */
  readonly processes: readonly Run[];
  readonly calls: readonly HeardCall[];
  /** Delay after sending -> how everything stood then; absent if a process was at work, or was to begin anew. */
  readonly standings: Map<number, string>;
}

export interface Hearing {
  readonly step: TestedStep;
  /** The step under test is the last of them. */
  readonly steps: number;
  /** Delays after the sending of an event for which the standing is to be noted. */
  readonly delays: readonly number[];
  /** How things stood after steps from which somebody has gone on to the end. */
  readonly ends: Set<string>;
  /** The same in the middle of the step. */
  readonly middles: { readonly known: readonly ReadonlySet<string>[]; readonly found: Set<string> };
}

/** The rest of the program is known. */
export class Adjourned extends Error {}

interface Listening extends HeardEvent {
  readonly processes: Run[];
  readonly calls: HeardCall[];
}

/** Lambda tries as often, and a process sends its answer as often. */
const ATTEMPTS = 3;
const ANSWERS = 5;

/** Judges a program, listens to its step under test, and adjourns after it if it knows how the rest goes. */
export class StepCourt extends Court {
  private readonly heard = new Map<string, Listening>();
  private readonly counts = new Map<string, number>();
  private readonly atWork = new Set<Run>();
  /** Events whose process died, and which Lambda will try again. */
  private readonly waiting = new Set<string>();
  private isListening = false;
  private stepsLeft: number;
  private begunAt = 0;
  private copiesToCome = 0;
  private faultsToCome: number;
  /** Somebody has gone on from here already. */
  isAdjourned = false;

  constructor(
    private readonly world: SimWorld,
    private readonly hearing: Hearing,
  ) {
    super(world);
    this.stepsLeft = hearing.steps;
    this.faultsToCome = hearing.step.faults.length;
  }

  get events(): readonly HeardEvent[] {
    return [...this.heard.values()];
  }

  /** Asked after each step of the program, and then on the way to the end. */
  override get isOver(): boolean {
    if (--this.stepsLeft === 0) this.close();
    return super.isOver;
  }

  override begins(operation: Operation): void {
    const { step } = this.hearing;
    this.isListening = operation.trouble?.faults === step.faults;
    if (this.isListening) this.begunAt = operation.startedAt;
    super.begins(operation);
  }

  override sent(event: Event): void {
    super.sent(event);
    if (!this.isListening) return;
    const { world, hearing, heard } = this;
    const { clock } = world;
    if (heard.size > 0 && this.isCalm && !this.isNew(event)) this.adjourn();
    const title = `${event.RequestType} of ${event.LogicalResourceId}`;
    const listening: Listening = { title, sentAt: clock.now(), processes: [], calls: [], standings: new Map() };
    this.copiesToCome += this.copiesOf(heard.size).length;
    heard.set(event.ResponseURL, listening);
    for (const delay of hearing.delays) clock.at(clock.now() + delay, () => this.noteInTime(listening, delay));
  }

  override started(run?: Run): void {
    super.started();
    if (!run) return;
    this.atWork.add(run);
    const { ResponseURL } = run.event;
    const heard = this.heard.get(ResponseURL);
    const isFirst = heard?.processes.length === 0;
    const copies = this.copiesOf([...this.heard.keys()].indexOf(ResponseURL));
    if (heard && !isFirst && copies.includes(run.startedAt - heard.sentAt)) this.copiesToCome--;
    else this.waiting.delete(ResponseURL);
    heard?.processes.push(run);
  }

  override ended(run: Run): void {
    super.ended(run);
    this.atWork.delete(run);
    const { length = 0 } = this.heard.get(run.event.ResponseURL)?.processes ?? [];
    if (!isDone(run) && length < ATTEMPTS) this.waiting.add(run.event.ResponseURL);
  }

  override after(call: CallRecord): void {
    super.after(call);
    const { by, operation, fault } = call;
    if (fault && !isLasting(fault)) this.faultsToCome--;
    const heard = this.heard.get(by.event.ResponseURL);
    if (!heard) return;
    const earlier = this.counts.get(operation) ?? 0;
    this.counts.set(operation, earlier + 1);
    heard.calls.push({ operation, earlier, by });
  }

  /** The step is over, and nothing of it goes on. */
  private close(): void {
    const { world } = this;
    const now = world.clock.now();
    for (const heard of this.heard.values()) {
      for (const delay of this.hearing.delays) if (heard.sentAt + delay > now) this.note(heard, delay);
    }
    const { ends } = this.hearing;
    const atTheEnd = standing(world, now + HOUR);
    if (ends.has(atTheEnd)) this.adjourn();
    ends.add(atTheEnd);
  }

  /** No process is at work, and none is to begin anew. */
  private get isQuiet(): boolean {
    return this.atWork.size === 0 && this.waiting.size === 0;
  }

  /** And no trouble is to come. */
  private get isCalm(): boolean {
    const { deliveries } = this.hearing.step;
    const isOver = deliveries.every(({ event }) => event < this.heard.size);
    return this.isQuiet && isOver && this.copiesToCome === 0 && this.faultsToCome === 0;
  }

  /** Nobody has been here when this event was sent. */
  private isNew({ RequestType, LogicalResourceId }: Event): boolean {
    const { world, hearing, begunAt } = this;
    const { known, found } = hearing.middles;
    const now = world.clock.now();
    const passed = Math.round((now - begunAt) / grainOf(hearing.step));
    const here = `${RequestType} ${LogicalResourceId} ${passed} ${standing(world, now)}`;
    const isNew = !known.some((each) => each.has(here));
    if (isNew) found.add(here);
    return isNew;
  }

  private adjourn(): void {
    const { clock } = this.world;
    this.isAdjourned = true;
    clock.at(clock.now(), () => {
      throw new Adjourned('the rest is known');
    });
  }

  private copiesOf(event: number): readonly number[] {
    return this.hearing.step.deliveries.find((each) => each.event === event)?.copies ?? [];
  }

  private noteInTime(heard: Listening, delay: number): void {
    if (this.stepsLeft > 0) this.note(heard, delay);
  }

  private note({ sentAt, standings }: Listening, delay: number): void {
    if (this.isQuiet) standings.set(delay, standing(this.world, sentAt + delay));
  }
}

/** How exactly it counts when something happens: a sibling that fails early may meet a process of ours at any of its calls. */
function grainOf(step: TestedStep): number {
  if (step.do !== 'deploy') return 10 * SECOND;
  const moments = [step.cancelAfterMs ?? 0, ...step.template.siblings.map(({ delayMs }) => delayMs)];
  return moments.some((ms) => ms > 0 && ms < MINUTE) ? 1 : 10 * SECOND;
}

/** Or else Lambda tries it again: it died, did not answer, or nobody took any of its answers. */
function isDone({ death, calls, answers, answerWasLost }: Run): boolean {
  const isDead = death !== undefined && calls > death.atCall;
  return !isDead && answers.length > 0 && !(answerWasLost && answers.length >= ANSWERS);
}
