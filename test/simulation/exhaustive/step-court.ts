import type { TestedStep } from './scenario';
import { standing } from './standing';
import { Court } from '../invariants/court';
import type { Operation } from '../program/play';
import type { CallRecord } from '../world/api';
import type { Event, Run } from '../world/runs';
import { HOUR } from '../world/sim-clock';
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
  /** How things stood after steps from which somebody has gone on to the end already. */
  readonly known: Set<string>;
}

interface Listening extends HeardEvent {
  readonly processes: Run[];
  readonly calls: HeardCall[];
}

/** Lambda tries as often. */
const ATTEMPTS = 3;

/** Judges a program, listens to its step under test, and adjourns after it if it knows how the rest goes. */
export class StepCourt extends Court {
  private readonly heard = new Map<string, Listening>();
  private readonly counts = new Map<string, number>();
  private readonly atWork = new Set<Run>();
  /** Events whose process died, and which Lambda will try again. */
  private readonly waiting = new Set<string>();
  private isListening = false;
  private isKnown = false;
  private stepsLeft: number;

  constructor(
    private readonly world: SimWorld,
    private readonly hearing: Hearing,
  ) {
    super(world);
    this.stepsLeft = hearing.steps;
  }

  get events(): readonly HeardEvent[] {
    return [...this.heard.values()];
  }

  /** Asked after each step of the program, and then on the way to the end. */
  override get isOver(): boolean {
    if (--this.stepsLeft === 0) this.close();
    return this.isKnown || super.isOver;
  }

  override begins(operation: Operation): void {
    this.isListening = operation.trouble?.faults === this.hearing.step.faults;
    super.begins(operation);
  }

  override sent(event: Event): void {
    super.sent(event);
    if (!this.isListening) return;
    const { clock } = this.world;
    const title = `${event.RequestType} of ${event.LogicalResourceId}`;
    const heard: Listening = { title, sentAt: clock.now(), processes: [], calls: [], standings: new Map() };
    this.heard.set(event.ResponseURL, heard);
    for (const delay of this.hearing.delays) clock.at(clock.now() + delay, () => this.noteInTime(heard, delay));
  }

  override started(run?: Run): void {
    super.started();
    if (!run) return;
    this.atWork.add(run);
    this.waiting.delete(run.event.ResponseURL);
    this.heard.get(run.event.ResponseURL)?.processes.push(run);
  }

  override ended(run: Run): void {
    super.ended(run);
    this.atWork.delete(run);
    const heard = this.heard.get(run.event.ResponseURL);
    const isTriedAgain = run.died === undefined || !this.isDone(run);
    if (heard && isTriedAgain && heard.processes.length < ATTEMPTS) this.waiting.add(run.event.ResponseURL);
  }

  override after(call: CallRecord): void {
    super.after(call);
    const { by, operation } = call;
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
    const atTheEnd = standing(world, now + HOUR);
    const { known } = this.hearing;
    this.isKnown = known.has(atTheEnd);
    known.add(atTheEnd);
  }

  private noteInTime(heard: Listening, delay: number): void {
    if (this.stepsLeft > 0) this.note(heard, delay);
  }

  private note({ sentAt, standings }: Listening, delay: number): void {
    const isQuiet = this.atWork.size === 0 && this.waiting.size === 0;
    if (isQuiet) standings.set(delay, standing(this.world, sentAt + delay));
  }
}
