import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { bundleSimulation } from './bundle';

/** How many programs are played, other ones each time; a failure prints its seed, and `npm run simulate -- --seed S` replays it. */
const RUNS = 2000;
const WORKERS = 2;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulation-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Bundled it starts in a moment and runs ten times as fast as under jest. @returns what it printed; the error of a failure has it, too */
async function simulate(entry: string, ...options: readonly string[]): Promise<string> {
  const outfile = path.join(folder, `${entry.replaceAll('/', '-')}.js`);
  await bundleSimulation({ entry: path.join(__dirname, entry), outfile });
  const command = ['--enable-source-maps', outfile, '--workers', String(WORKERS), ...options];
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 2 ** 26 }).catch((error: { stdout?: string }) => {
    throw new Error(error.stdout ?? String(error));
  });
  return stdout;
}

test('random programs: every invariant holds after every step', async () => {
  expect(await simulate('cli.ts', '--runs', String(RUNS))).toContain('\n2,000 sequences');
}, 600_000);

test('every call x fault x redelivery of every scenario: every invariant holds after every step', async () => {
  expect(await simulate('exhaustive/cli.ts', '--quiet')).toContain(', 0 violations');
}, 900_000);
