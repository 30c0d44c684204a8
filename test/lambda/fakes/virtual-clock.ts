import { Clock } from '../../../lambda/cloudformation/clock';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Time that passes only when everybody waits for it. */
export class VirtualClock implements Clock {
  private timers: Timer[] = [];

  constructor(private time = Date.parse('2026-03-01T12:00:00.000Z')) {}

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const ring = () => {
        signal?.removeEventListener('abort', ring);
        this.timers = this.timers.filter((other) => other !== timer);
        resolve();
      };
      const timer = { at: this.time + ms, ring };
      this.timers.push(timer);
      signal?.addEventListener('abort', ring);
    });
  }

  /** Lets time pass, timer by timer, until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const mark = () => (done = true);
    work.then(mark, mark);
    for (;;) {
      await new Promise(setImmediate);
      if (done) return work;
      this.ringNext();
    }
  }

  /** Moves the clock without anybody waiting. */
  advance(ms: number): void {
    this.time += ms;
  }

  private ringNext(): void {
    const next = this.timers.reduce<Timer | undefined>((first, timer) => (first && first.at <= timer.at ? first : timer), undefined);
    if (!next) throw new Error('nothing is waited for, and yet the work is not done');
    this.time = Math.max(this.time, next.at);
    next.ring();
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
