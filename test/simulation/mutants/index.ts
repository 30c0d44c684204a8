/**
 * Whether the simulation would notice: runs it once with each of the deliberate bugs of this folder in the handlers.
 *
 * `npm run simulate:mutants -- [--only NAME] [--write] [--runs N] [--seed S] [--budget-seconds T]`
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { Mutant, readMutants } from './mutant';
import { score, scoreLine, Trial, withTable } from './result';
import { Effort, tryOut } from './trial';

const PAGE = path.join(__dirname, '..', '..', '..', 'docs', 'simulation.md');
const AT_ONCE = 2;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    entry: { type: 'string', default: path.join(__dirname, '..', 'cli.ts') },
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    'budget-seconds': { type: 'string', default: '60' },
  },
});

async function main(): Promise<void> {
  const mutants = chosen(readMutants(), values.only);
  if (values.write && values.only !== undefined) throw new Error('--write needs the results of all mutants: leave --only out');
  const effort: Effort = {
    entry: values.entry,
    runs: Number(values.runs),
    seed: Number(values.seed),
    budgetSeconds: Number(values['budget-seconds']),
  };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mutants-'));
  try {
    await assertSound(effort, folder);
    const trials = await eachOf(mutants, async (mutant) => reported(await tryOut(mutant, effort, folder)));
    console.log(score(trials));
    if (values.write) fs.writeFileSync(PAGE, withTable(fs.readFileSync(PAGE, 'utf8'), trials));
    if (trials.some(({ result }) => result !== 'caught')) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function chosen(mutants: readonly Mutant[], only: string | undefined): readonly Mutant[] {
  const found = mutants.filter(({ name }) => only === undefined || name === only);
  if (found.length === 0) throw new Error(`there is no mutant ${only}; there are ${mutants.map(({ name }) => name).join(', ')}`);
  return found;
}

/** What alarms at handlers without a bug proves nothing when it alarms at one. */
async function assertSound(effort: Effort, folder: string): Promise<void> {
  const trial = reported(await tryOut(undefined, effort, folder));
  if (trial.result !== 'survived') throw new Error(`the simulation does not pass without a bug:\n${trial.output}`);
}

function reported(trial: Trial): Trial {
  console.log(scoreLine(trial));
  if (trial.result === 'broken') console.log(trial.output.slice(-2_000));
  return trial;
}

/** @returns the results in the order of the items, whichever is ready first */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
