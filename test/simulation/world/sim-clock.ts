import type { Clock as HandlerClock } from '../../../lambda/cloudformation/clock';
import type { Clock as EndpointClock } from '../../../local/server/clock';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void | Promise<void>;
  off: boolean;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One clock for everybody: time passes only when all wait for it. */
export class SimClock implements HandlerClock, EndpointClock {
  readonly start: number;
  private readonly timers: Timer[] = [];
  private made = 0;

  constructor(private time = Date.parse('2026-03-01T12:00:00.000Z')) {
    this.start = time;
  }

  get offset(): number {
    return this.time - this.start;
  }

  now(): number {
    return this.time;
  }

  at(at: number, ring: () => void | Promise<void>): () => void {
    const timer: Timer = { at, order: this.made++, ring, off: false };
    this.insert(timer);
    return () => (timer.off = true);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        signal?.removeEventListener('abort', end);
        callOff();
        resolve();
      };
      const callOff = this.at(this.time + ms, end);
      signal?.addEventListener('abort', end);
    });
  }

  /** Lets time pass, timer by timer, until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const mark = () => (over = true);
    work.then(mark, mark);
    for (;;) {
      await quiet();
      if (over) return work;
      if (!(await this.ringNext(Infinity))) throw new Error('nothing is waited for, and yet the work is not done');
    }
  }

  /** Lets `ms` pass; whatever falls due on the way happens at its time. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    do await quiet();
    while (await this.ringNext(until));
    this.time = Math.max(this.time, until);
  }

  /** Rings the next timer, if it is due by then. */
  private async ringNext(until: number): Promise<boolean> {
    for (;;) {
      const next = this.timers[0];
      if (!next || next.at > until) return false;
      this.removeFirst();
      if (next.off) continue;
      this.time = Math.max(this.time, next.at);
      await next.ring();
      return true;
    }
  }

  // A binary heap: a world of 10,000 vaults has as many timers.

  private insert(timer: Timer): void {
    const { timers } = this;
    let place = timers.push(timer) - 1;
    while (place > 0) {
      const parent = Math.floor((place - 1) / 2);
      if (!isEarlier(timer, timers[parent] as Timer)) break;
      timers[place] = timers[parent] as Timer;
      place = parent;
    }
    timers[place] = timer;
  }

  private removeFirst(): void {
    const { timers } = this;
    const last = timers.pop() as Timer;
    if (timers.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= timers.length) break;
      if (child + 1 < timers.length && isEarlier(timers[child + 1] as Timer, timers[child] as Timer)) child++;
      if (!isEarlier(timers[child] as Timer, last)) break;
      timers[place] = timers[child] as Timer;
      place = child;
    }
    timers[place] = last;
  }
}

function isEarlier(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Resolves when every promise that could go on has gone on. */
async function quiet(): Promise<void> {
  await new Promise(setImmediate);
}
