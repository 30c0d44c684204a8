import * as fc from 'fast-check';
import { BAD_POLICIES } from './bad-policies';
import { GOOD_ACCESS, GOOD_LOCKS } from './good-policies';
import { BACKUP_VAULT } from './written';
import { check, reportText } from '../../../local/policy/check';
import { findHoles, parsePolicy, retentionOf } from '../../../src/policy';
import { policy } from '../proof/random-policies';
import { VAULT } from '../published-policies';

const TEXTS = [...GOOD_LOCKS.map(([, text]) => text), ...GOOD_ACCESS.map(([, text]) => text), ...BAD_POLICIES.map(({ text }) => text)];

const ODD: readonly string[] = [
  '__proto__',
  'constructor',
  '',
  '*',
  '"',
  '{}',
  '[]',
  'null',
  '-1',
  '1e999',
  '${',
  '${Token[',
  '\\u0000',
  '\uE000',
  '\uE000x\uE001',
  ':',
  '/',
];

/** A policy with a piece of it cut out, or something odd put in. */
const damaged = fc
  .tuple(fc.constantFrom(...TEXTS), fc.nat(), fc.nat({ max: 12 }), fc.constantFrom(...ODD))
  .map(([text, at, length, odd]) => {
    const start = at % text.length;
    return text.slice(0, start) + odd + text.slice(start + length);
  });

/** A policy in which one text is another text of it: grammatical, and without sense. */
const shuffled = fc
  .tuple(fc.constantFrom(...TEXTS), fc.nat(), fc.nat(), fc.constantFrom(...ODD, undefined))
  .map(([text, from, to, odd]) => {
    const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
    const target = strings[to % strings.length]!;
    const source = odd === undefined ? strings[from % strings.length]![0] : JSON.stringify(odd);
    return text.slice(0, target.index) + source + text.slice(target.index + target[0].length);
  });

const anyText = fc.oneof(
  damaged,
  shuffled,
  policy.map((document) => JSON.stringify(document)),
  fc.json(),
  fc.string(),
);
const anyVault = fc.constantFrom(
  VAULT,
  BACKUP_VAULT,
  'arn:aws:glacier:::vaults/',
  'arn:x:y:::z',
  VAULT.replace('123456789012', '${Token[AWS.AccountId.7]}'),
);

test('whatever the text is, it is answered, and what is no policy proves nothing', () => {
  fc.assert(
    fc.property(anyText, anyVault, fc.constantFrom('lock', 'access'), (text, vaultArn, kind) => {
      const { report, problem, exitCode } = check({ text, vaultArn, kind });
      expect(reportText(report, { kind, vaultArn })).toMatch(/\n$/);
      expect(exitCode).toBe(report.findings.length > 0 ? 1 : problem === undefined ? 0 : 2);
      if (problem !== undefined) expect(report).toMatchObject({ valid: false, retention: { days: 0, proven: false } });
      for (const { id, statement } of report.findings) {
        expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
        if (report.valid && statement !== null) expect(statement).toBeLessThan(parsePolicy(text).statements.length);
      }
    }),
    { numRuns: 5000 },
  );
});

test('findings follow from the meaning: another way to write the policy has the same', () => {
  const rewritten = (text: string) => {
    const document = parsePolicy(text);
    const statements = document.statements.map((statement) => ({
      ...statement,
      action: statement.action?.map((action) => action.toUpperCase()),
      conditions: [...statement.conditions].reverse().map(({ operator, key, values }) => ({
        operator: operator.toLowerCase(),
        key: /^glacier:archive/i.test(key) ? key.toUpperCase() : key,
        values: [...values, ...values],
      })),
    }));
    return { ...document, statements };
  };
  const holes = (document: ReturnType<typeof parsePolicy>, text: string, kind: 'lock' | 'access', vaultArn: string) =>
    findHoles({ document, text, kind, vaultArn, retention: retentionOf([document], vaultArn) })
      .map(({ id, statement }) => `${id} ${statement}`)
      .sort();
  const legible = BAD_POLICIES.filter(
    ({ text, kind = 'lock', vaultArn = VAULT, what }) =>
      check({ text, kind, vaultArn }).report.valid && what !== 'misspelt, with a wildcard',
  );

  for (const { text, kind = 'lock', vaultArn = VAULT } of legible) {
    expect(holes(rewritten(text), text, kind, vaultArn)).toEqual(holes(parsePolicy(text), text, kind, vaultArn));
  }
});
