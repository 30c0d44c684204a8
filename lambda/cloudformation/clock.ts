import { setTimeout as delay } from 'node:timers/promises';

/** Time as the handlers see it, so that tests can run a day in a moment. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};
