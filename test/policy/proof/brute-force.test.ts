import * as fc from 'fast-check';
import { decide, RawRequest } from './brute-force';
import { chance, policy, requestOf } from './random-policies';
import { answer, policyOf, principalOf } from '../../../local/policy/requests';
import type { PolicyDocument } from '../../../src/policy';

/** `POLICY_PAIRS=1000000 npx jest test/policy/proof/brute-force` asks a million. */
const PAIRS = Number(process.env.POLICY_PAIRS ?? 100_000);
const REQUESTS_EACH = 50;

const byEngine = (policies: readonly PolicyDocument[], { principal, ...request }: RawRequest) =>
  answer({ ...request, policies, principal: principalOf(principal) }).decision;

test(`the engine agrees with a second, naive evaluation on ${PAIRS} pairs of policies and requests`, () => {
  const seen = { allow: 0, explicitDeny: 0, implicitDeny: 0, unknown: 0 };
  fc.assert(
    fc.property(fc.array(policy, { minLength: 1, maxLength: 2 }), fc.integer(), (raw, seed) => {
      const parsed = raw.map((document) => policyOf(document, 'policy'));
      const pick = chance(seed);
      for (let count = 0; count < REQUESTS_EACH; count++) {
        const request = requestOf(pick);
        const expected = decide(raw, request);
        seen[expected]++;
        const actual = byEngine(parsed, request);
        if (actual !== expected) throw new Error(`engine: ${actual}, brute force: ${expected}, request: ${JSON.stringify(request)}`);
      }
    }),
    { numRuns: Math.ceil(PAIRS / REQUESTS_EACH) },
  );
  // It would prove little if nearly all requests ended the same way.
  const { unknown, ...decided } = seen;
  expect(Math.min(...Object.values(decided)) / PAIRS).toBeGreaterThan(0.05);
  expect(unknown).toBeGreaterThan(0);
}, 600_000);
