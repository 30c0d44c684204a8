import * as fs from 'node:fs';
import * as path from 'node:path';
import { INVARIANTS } from './invariants/catalogue';

const PAGE = path.resolve(__dirname, '..', '..', 'docs', 'simulation.md');
const BETWEEN = /(<!-- invariants -->\n)[^]*(<!-- \/invariants -->)/;

test('docs/simulation.md names every invariant in the words of the rules', () => {
  const rows = Object.entries(INVARIANTS).map(([name, rule]) => `| \`${name}\` | ${rule} |`);
  const table = ['| | |', '| --- | --- |', ...rows].join('\n');
  const page = fs.readFileSync(PAGE, 'utf8');
  const written = page.replace(BETWEEN, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
  if (process.env.UPDATE_DOCS) fs.writeFileSync(PAGE, written);
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(written);
});
