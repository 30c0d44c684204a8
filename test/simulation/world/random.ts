import { createRequire } from 'node:module';

const crypto = createRequire(__filename)('node:crypto') as { randomUUID: () => string };

/** A stream of numbers in [0, 1) that a seed determines (mulberry32). Enough for latencies; nothing here is secret. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes the ids that the endpoint's CloudFormation invents the same in every replay. */
export function seedIds(random: () => number): void {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` as const;
  crypto.randomUUID = uuid;
}
