/** The endpoint's clock: real time plus whatever has been advanced. Everything that the endpoint does asks it for the time. */
export interface Clock {
  /** How far ahead of its base the clock is, in milliseconds. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `task` when the clock reaches `at` (milliseconds since 1970); returns a function that calls it off. */
  at(at: number, task: () => void | Promise<void>): () => void;
}

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

/** setTimeout takes at most 2^31 - 1 ms; a later task is looked at again when the timer fires. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A clock that runs with its base and can be moved forward; tasks that fall due on the way run at their own time, in order. */
export class VirtualClock implements Clock {
  private tasks: Task[] = [];
  private made = 0;
  private timer?: NodeJS.Timeout;
  private ahead: number;

  /** @param base real time by default; a constant makes a clock that only `advance` moves. */
  constructor(
    private readonly base: () => number = Date.now,
    offset = 0,
  ) {
    this.ahead = offset;
  }

  get offset(): number {
    return this.ahead;
  }

  now(): number {
    return this.base() + this.ahead;
  }

  at(at: number, run: () => void | Promise<void>): () => void {
    const task: Task = { at, order: this.made++, run };
    this.tasks.push(task);
    this.tasks.sort((a, b) => a.at - b.at || a.order - b.order);
    this.wind();
    return () => {
      this.tasks = this.tasks.filter((other) => other !== task);
      this.wind();
    };
  }

  /** Moves the clock and resolves when everything that was due by then has happened. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.now() + milliseconds;
    await this.runDue(until);
    this.ahead += Math.max(0, until - this.now());
    this.wind();
  }

  /** No more timers; tasks that are not due yet stay undone. */
  stop(): void {
    clearTimeout(this.timer);
    this.tasks = [];
  }

  private async runDue(until: number): Promise<void> {
    for (;;) {
      const next = this.tasks[0];
      if (!next || next.at > until) return;
      this.tasks.shift();
      this.ahead += Math.max(0, next.at - this.now());
      await next.run();
    }
  }

  private wind(): void {
    clearTimeout(this.timer);
    const next = this.tasks[0];
    if (!next) return;
    this.timer = setTimeout(
      () => void this.runDue(this.now()).then(() => this.wind()),
      Math.min(Math.max(0, next.at - this.now()), LONGEST_TIMER),
    );
    this.timer.unref();
  }
}
