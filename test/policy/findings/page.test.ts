import * as fs from 'node:fs';
import * as path from 'node:path';
import { BAD_POLICIES } from './bad-policies';
import { check } from '../../../local/policy/check';
import { VAULT } from '../published-policies';

const PAGE = fs.readFileSync(path.resolve(__dirname, '../../../docs/policy-findings.md'), 'utf8');
const ROWS = [...PAGE.matchAll(/^\| `([\w-]+)` \| ([^|]+) \|/gm)].map(([, id, severity]): [string, string] => [id!, severity!]);

describe('docs/policy-findings.md', () => {
  test('has every finding once, and no other', () => {
    expect(ROWS.map(([id]) => id).sort()).toEqual([...new Set(BAD_POLICIES.map(({ id }) => id))].sort());
  });

  test.each(ROWS)('%s: %s', (id, said) => {
    const seen = BAD_POLICIES.filter((policy) => policy.id === id).flatMap(({ text, kind = 'lock', vaultArn = VAULT }) =>
      check({ text, kind, vaultArn }).report.findings.filter((finding) => finding.id === id),
    );

    expect([...new Set(seen.map(({ severity }) => severity))].sort()).toEqual([...said.matchAll(/error|warning/g)].map(([word]) => word));
  });
});
