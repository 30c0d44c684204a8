import { Clock } from './clock';

/** One line of JSON in the log. Never a policy, a ResponseURL or a lock id. */
export type Log = (entry: { readonly [key: string]: unknown }) => void;

/** Thrown into work that still runs when the answer has already been given. */
export class InvocationEnded extends Error {}

/**
 * One run of the function. Work that outlives its answer would go on in the next invocation, when the frozen process thaws, with
 * the stack long elsewhere: so everything that waits or calls asks here first.
 */
export class Invocation {
  /** What AWS answered last that was not what was hoped for. */
  trouble?: string;
  private readonly ending = new AbortController();

  /** @param deadline when the answer has to be on its way, in ms since 1970 */
  constructor(
    readonly clock: Clock,
    readonly log: Log,
    readonly random: () => number,
    readonly deadline: number,
  ) {}

  end(): void {
    this.ending.abort();
  }

  get ended(): boolean {
    return this.ending.signal.aborted || this.clock.now() >= this.deadline;
  }

  assertRunning(): void {
    if (this.ended) throw new InvocationEnded('the invocation has been answered');
  }

  async pause(ms: number): Promise<void> {
    this.assertRunning();
    await this.clock.sleep(ms, this.ending.signal);
    this.assertRunning();
  }

  /** Resolves when the deadline comes or the invocation ends, whichever is first. */
  async untilDeadline(): Promise<void> {
    await this.clock.sleep(Math.max(0, this.deadline - this.clock.now()), this.ending.signal);
  }
}
