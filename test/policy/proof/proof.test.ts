import * as fc from 'fast-check';
import { decide, RawPolicy, Values } from './brute-force';
import { chance, coveringPolicy, policy, requestOf, VAULT } from './random-policies';
import { parsePolicy, retentionOf, explore, deniesDeletionBefore } from '../../../src/policy';
import type { CounterExample, Expectation } from '../../../src/policy';

/** `PROOF_POLICIES=100000 npx jest test/policy/proof/proof` tries more. */
const POLICIES = Number(process.env.PROOF_POLICIES ?? 600);
const REQUESTS_EACH = 60;
const DELETE = 'glacier:DeleteArchive';

const parsed = (raw: readonly RawPolicy[]) => raw.map((document) => parsePolicy(JSON.stringify(document)));
const policies = fc.oneof(
  fc.array(policy, { minLength: 1, maxLength: 2 }),
  coveringPolicy.map((document) => [document]),
);

/** The counter-example as a request of the other evaluation. */
function requestFrom(example: CounterExample) {
  const context: { [key: string]: Values } = {};
  if (example.archiveAgeInDays !== null) context['glacier:ArchiveAgeInDays'] = String(example.archiveAgeInDays);
  for (const [key, value] of Object.entries(example.tags)) if (value !== null) context[`glacier:ResourceTag/${key}`] = value;
  for (const [key, value] of Object.entries(example.context)) if (value !== null) context[key] = value;
  return { principal: example.principal, action: example.action, vaultArn: VAULT, identityAllow: true, context };
}

describe('the retention of random policies', () => {
  test('a proof never has a counter-example, and a counter-example is one', () => {
    const seen = { proven: 0, refuted: 0, unknown: 0 };
    fc.assert(
      fc.property(policies, fc.integer(), (raw, seed) => {
        const { days, proven, counterExample, unknown } = retentionOf(parsed(raw), VAULT);
        seen[proven ? 'proven' : counterExample ? 'refuted' : 'unknown']++;
        expect(proven).toBe(days !== 0);
        if (counterExample) expect([days, decide(raw, requestFrom(counterExample))]).not.toEqual([expect.anything(), 'explicitDeny']);
        else if (!proven) expect(unknown).not.toEqual([]);
        const pick = chance(seed);
        for (let count = 0; count < REQUESTS_EACH; count++) {
          const request = requestOf(pick, DELETE);
          const age = Number(request.context['glacier:ArchiveAgeInDays']);
          if (days !== 'forever' && age > days - 1) continue;
          if (decide(raw, request) !== 'explicitDeny') {
            throw new Error(`${days} days are proven, and this is not denied: ${JSON.stringify(request)}`);
          }
        }
      }),
      { numRuns: POLICIES },
    );
    expect(seen.proven / POLICIES).toBeGreaterThan(0.05);
    expect(seen.refuted / POLICIES).toBeGreaterThan(0.3);
    expect(seen.unknown / POLICIES).toBeLessThan(0.35);
  }, 300_000);

  test('is the longest one: a day more has a counter-example, unless something could not be decided', () => {
    fc.assert(
      fc.property(policies, (raw) => {
        const documents = parsed(raw);
        const { days, unknown } = retentionOf(documents, VAULT);
        if (days === 'forever') return;
        const verdict = deniesDeletionBefore(documents, VAULT, days + 1);
        if (unknown.length === 0) expect(verdict.verdict).toBe('fails');
        else expect(verdict.verdict).not.toBe('holds');
        if (verdict.verdict === 'fails') expect(decide(raw, requestFrom(verdict.counterExample))).not.toBe('explicitDeny');
      }),
      { numRuns: POLICIES },
    );
  }, 300_000);
});

test.each<[Expectation, string]>([
  ['denied', DELETE],
  ['notDenied', 'glacier:UploadArchive'],
  ['notDenied', DELETE],
  ['notAllowed', DELETE],
])(
  '"%s" for %s: no random request speaks against an answer',
  (expectation, action) => {
    const isSo = (raw: readonly RawPolicy[], request: ReturnType<typeof requestFrom>) => {
      const denied = decide(raw, { ...request, identityAllow: true }) === 'explicitDeny';
      if (expectation !== 'notAllowed') return denied === (expectation === 'denied');
      const allows = raw.map((document) => ({ ...document, Statement: document.Statement.filter(({ Effect }) => Effect === 'Allow') }));
      // From another account both sides must allow: then it is the resource's Allow that decides.
      const elsewhere = { ...request, vaultArn: request.vaultArn, identityAllow: true };
      const granted = request.principal.includes('111111111111') ? false : decide(allows, elsewhere) === 'allow';
      return denied || !granted;
    };
    fc.assert(
      fc.property(policies, fc.integer(), (raw, seed) => {
        const verdict = explore({ policies: parsed(raw), vaultArn: VAULT, action, expect: expectation });
        if (verdict.verdict === 'unknown') return;
        if (verdict.verdict === 'fails') {
          const request = requestFrom(verdict.counterExample);
          // Own principals are allowed by their own account anyway: nothing to see from outside.
          const visible = expectation !== 'notAllowed' || !request.principal.includes('111111111111');
          if (visible && isSo(raw, request)) throw new Error(`no counter-example: ${JSON.stringify(verdict.counterExample)}`);
          return;
        }
        const pick = chance(seed);
        for (let count = 0; count < REQUESTS_EACH; count++) {
          const request = { ...requestOf(pick, action), identityAllow: true };
          // Requests for other actions do not carry the age of an archive.
          const context = Object.fromEntries(Object.entries(request.context).filter(([key]) => action === DELETE || !/age/i.test(key)));
          if (!isSo(raw, { ...request, context })) {
            throw new Error(`it is proven, and this speaks against it: ${JSON.stringify({ ...request, context })}`);
          }
        }
      }),
      { numRuns: POLICIES },
    );
  },
  300_000,
);
