import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { instrument } from './instrument';
import { addRowsSeen, allRows, rowsOf, rowsSeen } from './rows';
import { bundleSimulation } from '../bundle';
import { readMutants } from '../mutants/mutant';

const ROOT = path.join(__dirname, '..', '..', '..');

describe('the rows of a decide table', () => {
  const TABLE = `
type Verdict = { readonly do: 'nothing' } | { readonly do: 'refuse'; readonly why: string };
const NOTHING: Verdict = { do: 'nothing' };
const refuse = (why: string): Verdict => ({ do: 'refuse', why });
const isLate = (hour: number) => hour > 12;
function decide(hour: number, held: boolean): Verdict {
  if (held) return refuse(isLate(hour) ? 'late' : 'held');
  const other = (): Verdict => (hour > 20 ? refuse('night') : NOTHING);
  return isLate(hour) ? decideLate(hour) : other();
}
function decideLate(hour: number): Verdict {
  return hour === 13 ? NOTHING : refuse('late');
}
`;

  test('are its verdicts, each branch of a condition on its own; not what builds them or passes the question on', () => {
    expect(instrument('decide.ts', TABLE, './rows').rows).toEqual([
      "decide.ts:7 refuse('late')",
      "decide.ts:7 refuse('held')",
      "decide.ts:8 refuse('night')",
      'decide.ts:8 NOTHING',
      'decide.ts:9 other()',
      'decide.ts:12 NOTHING',
      "decide.ts:12 refuse('late')",
    ]);
  });

  test('are noted where they stand: every line keeps its number', () => {
    const lines = instrument('decide.ts', TABLE, './rows').text.split('\n');
    expect(lines).toHaveLength(TABLE.split('\n').length);
    expect(lines[0]).toMatch(/^import \{ rowsOf as __rowsOf \} from "\.\/rows"; const __row = __rowsOf\(\[.*\]\); $/);
    expect(lines[6]).toBe("  if (held) return refuse(isLate(hour) ? __row(0, 'late') : __row(1, 'held'));");
  });

  test.each(['glacier/vault', 'glacier/lock', 'backup/lock', 'backup/access'])('of %s have distinct names', (resource) => {
    const file = `lambda/${resource}/decide.ts`;
    const { rows } = instrument(file, fs.readFileSync(path.join(ROOT, file), 'utf8'), './rows');
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.every((row) => row.startsWith(`${file}:`))).toBe(true);
  });
});

describe('the rows that were seen', () => {
  test('there are none where nothing is instrumented; then those that gave a verdict, here or in another process', () => {
    expect([allRows(), rowsSeen()]).toEqual([[], new Set()]);
    const row = rowsOf(['a:1 wait', 'a:2 go', 'a:3 stop']);
    const verdict = { do: 'go' };
    expect(row(1, verdict)).toBe(verdict);
    expect(rowsSeen()).toEqual(new Set(['a:2 go']));
    addRowsSeen(['a:3 stop', 'a:2 go']);
    expect([allRows(), [...rowsSeen()]]).toEqual([
      ['a:1 wait', 'a:2 go', 'a:3 stop'],
      ['a:2 go', 'a:3 stop'],
    ]);
    expect(() => addRowsSeen(['b:1 wait'])).toThrow('"b:1 wait", which is not in this bundle');
  });
});

describe('a bundle of the simulation', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulation-bundle-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  /** What `Delete` of a lock that this resource initiated comes to, and the rows that were seen. */
  const entry = path.join(folder, 'entry.ts');
  const ENTRY = `
    import { decideLock } from ${JSON.stringify(path.join(ROOT, 'lambda/glacier/lock/decide'))};
    import { allRows, rowsSeen } from ${JSON.stringify(path.join(ROOT, 'test/simulation/decide-rows/rows'))};
    const window = { stage: 'initiate', acknowledged: false, lock: 'InProgress', samePolicy: true, hold: 'known' } as const;
    const more = { startedByThisRequest: false, keptByRollback: false, meantToComplete: false };
    const verdict = decideLock({ request: 'Delete', phase: 'deletion', ...window, ...more });
    console.log(JSON.stringify({ verdict, rows: allRows().length, seen: [...rowsSeen()] }));`;
  const run = async (mutant?: string): Promise<unknown> => {
    fs.writeFileSync(entry, ENTRY);
    const outfile = path.join(folder, 'bundle.js');
    await bundleSimulation({ entry, outfile, mutant: readMutants().find(({ name }) => name === mutant) });
    return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }));
  };

  test('runs the handlers as they are, and tells the rows', async () => {
    const seen = [expect.stringMatching(/^lambda\/glacier\/lock\/decide\.ts:\d+ ABORT$/)];
    expect(await run()).toEqual({ verdict: { do: 'abort' }, rows: expect.any(Number), seen });
  });

  test('runs them with a bug', async () => {
    expect(await run('delete-leaves-the-window-running')).toMatchObject({ verdict: { do: 'forget' } });
  });

  test('a bug in what the simulation does not run is no bug of its', async () => {
    await expect(run('delete-the-lock-before-the-put')).rejects.toThrow(
      'changes lambda/backup/lock/act.ts, which the simulation does not run',
    );
  });
});
