import { createRequire } from 'node:module';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const crypto = createRequire(__filename)('node:crypto') as { randomUUID: () => string };

/** A stream of numbers in [0, 1) that a seed determines. */
export function randomFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
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
