import * as fc from 'fast-check';
import { chance, policy, VAULT } from './random-policies';
import { answerLine } from '../../../local/policy/batch';
import { check } from '../../../local/policy/check';

/** Text that is nearly a policy: cut off, with other values, other keys, or other types in places. */

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  '*',
  'deny',
  [],
  {},
  [[]],
  [null],
  { AWS: [] },
  '\u0000',
  '${',
  '${Token[',
  '__proto__',
];

/** The value with something odd in one place. */
function broken(value: unknown, pick: (choices: number) => number): unknown {
  if (typeof value !== 'object' || value === null || pick(6) === 0) return ODD_VALUES[pick(ODD_VALUES.length)];
  if (Array.isArray(value)) {
    const at = pick(value.length + 1);
    return value.map((item: unknown, index) => (index === at ? broken(item, pick) : item));
  }
  const entries = Object.entries(value);
  const at = pick(entries.length + 1);
  const changed = entries.map(([key, item], index): [string, unknown] => {
    if (index !== at) return [key, item];
    return pick(8) === 0 ? [`${key}s`, item] : [key, broken(item, pick)];
  });
  return Object.fromEntries(changed);
}

const nearlyPolicy = fc.tuple(policy, fc.integer(), fc.integer({ min: 0, max: 3 })).map(([document, seed, how]) => {
  const pick = chance(seed);
  const text = JSON.stringify(how === 0 ? document : broken(document, pick));
  return how === 1 ? text.slice(0, pick(text.length)) : how === 2 ? text.replace(/"/, pick(2) ? "'" : '') : text;
});

describe('a malformed document', () => {
  test('is never an exception and never a proof', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: nearlyPolicy }, fc.json(), fc.string()), (text) => {
        const { report, problem, exitCode } = check({ kind: 'lock', text, vaultArn: VAULT });
        expect(report.valid).toBe(problem === undefined);
        if (!report.valid) expect({ retention: report.retention, exitCode }).toMatchObject({ retention: { days: 0, proven: false } });
        if (!report.valid) expect(exitCode).not.toBe(0);
      }),
      { numRuns: 5000 },
    );
  });

  test('as a line of a batch is answered, too', () => {
    const line = fc.oneof(
      fc.tuple(policy, fc.integer()).map(([document, seed]) => {
        const request = {
          policies: [document],
          vaultArn: VAULT,
          principal: 'anonymous',
          action: 'glacier:DeleteArchive',
          context: { 'a:b': 'c' },
        };
        return JSON.stringify(broken(request, chance(seed)));
      }),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(line, (text) => {
        expect(['allow', 'explicitDeny', 'implicitDeny', 'unknown']).toContain((answerLine(text) as { decision: string }).decision);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['deeply nested', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['deeply nested in a statement', `{"Statement":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['a very long string', `{"Id":"${'x'.repeat(3_000_000)}","Statement":[]}`],
    ['a key of the prototype', '{"__proto__":{"Statement":[]},"Statement":[]}'],
    ['nothing', ''],
  ])('%s', (_what, text) => {
    expect(check({ kind: 'lock', text, vaultArn: VAULT })).toMatchObject({
      exitCode: 2,
      report: { valid: false, retention: { days: 0, proven: false } },
    });
  });
});
