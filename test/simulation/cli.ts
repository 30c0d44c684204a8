import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { addRowsSeen, rowsSeen } from './decide-rows/rows';
import { simulateFleet } from './fleet-cli';
import { INVARIANTS } from './invariants/catalogue';
import type { Finding } from './simulate';
import { replay, run, simulate, storyOf } from './simulate';
import { STORIES } from './stories/stories';
import type { Coverage, Sum } from './tally';
import { addSum, emptySum, faultsByKind, pairCoverage, rowCoverage } from './tally';

const YEAR_MS = 365.25 * 24 * 3_600_000;
/** Seeds are handed out in such portions. */
const PORTION = 200;
const GREATEST_SEED = 2 ** 31 - PORTION;

const USAGE = `simulate [--runs N] [--seed S] [--workers W] [--budget-seconds T] [--no-shrink]
  --vaults N deploys so many vaults over stacks, throttled.
  --seed S alone replays one run and tells its story; with --runs it is the first of N seeds. Without it they begin at random.`;

interface Portion {
  readonly from: number;
  readonly count: number;
  readonly shrinks: boolean;
  readonly isFirst: boolean;
}

interface Report {
  readonly sum: Sum;
  readonly rows: readonly string[];
  readonly finding?: Finding;
}

/** A worker plays the seeds that it is given, until one breaks an invariant; the first one also what broke one before. */
async function work({ from, count, shrinks, isFirst }: Portion): Promise<Report> {
  const sum = emptySum();
  let finding = isFirst ? await retold(from, sum) : undefined;
  for (let seed = from; seed < from + count && !finding; seed++) finding = await simulate(seed, { sum, shrinks });
  return { sum, rows: [...rowsSeen()], finding };
}

async function retold(seed: number, sum: Sum): Promise<Finding | undefined> {
  for (const { program } of STORIES) {
    const [violation] = (await run(program, { sum })).violations;
    if (violation) return { seed, invariant: violation.invariant, program };
  }
  return undefined;
}

interface Plan {
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  readonly until: number;
  readonly shrinks: boolean;
}

interface Total {
  readonly sum: Sum;
  readonly finding?: Finding;
  readonly seconds: number;
}

async function simulateAll({ seed, runs, workers, until, shrinks }: Plan): Promise<Total> {
  const sum = emptySum();
  const started = performance.now();
  let next = seed;
  let finding: Finding | undefined;
  const isOver = () => next >= seed + runs || finding !== undefined || Date.now() >= until;
  const employ = async () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(__filename, ['--worker'], { execArgv: ['--enable-source-maps'] });
      const give = () => {
        if (isOver()) return void child.disconnect();
        const count = Math.min(PORTION, seed + runs - next);
        child.send({ from: next, count, shrinks, isFirst: next === seed });
        next += count;
      };
      child.on('message', (report: Report) => {
        addSum(sum, report.sum);
        addRowsSeen(report.rows);
        finding ??= report.finding;
        give();
      });
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: workers }, employ));
  return { sum, finding, seconds: (performance.now() - started) / 1000 };
}

function coverageText(what: string, { seen, all, missing }: Coverage): string {
  const percent = all === 0 ? 100 : Math.floor((100 * seen) / all);
  const rest = missing.length === 0 ? '' : `, missing:\n    ${missing.slice(0, 40).join('\n    ')}`;
  return `${what}: ${seen} of ${all} (${percent} %)${rest}`;
}

function summary({ sum, seconds }: Total): string {
  const { runs, calls, operations, virtualMs, processes, deaths, copies, lostAnswers } = sum;
  const whole = (value: number) => value.toLocaleString('en');
  const faults = Object.entries(faultsByKind(sum)).map(([kind, times]) => `${kind} ${whole(times ?? 0)}`);
  return [
    `${whole(runs)} sequences, ${whole(operations)} operations on stacks, ${whole(Math.round(virtualMs / YEAR_MS))} virtual years`,
    `${whole(processes)} processes, ${whole(copies)} of them on events delivered again; ${whole(deaths)} ended without an answer`,
    `${whole(calls)} API calls; faults: ${faults.join(', ')}, answers lost ${whole(lostAnswers)}`,
    coverageText('rows of the decide tables', rowCoverage()),
    coverageText('API call x fault', pairCoverage(sum)),
    `${Object.keys(INVARIANTS).length} invariants held after every step; ${seconds.toFixed(0)} s, ${((1000 * seconds) / runs).toFixed(2)} ms each`,
  ].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      'budget-seconds': { type: 'string' },
      'no-shrink': { type: 'boolean' },
      vaults: { type: 'string' },
    },
  });
  const number = (text: string | undefined, fallback: number) => (text === undefined ? fallback : Number(text));
  const seed = number(values.seed, Math.floor(Math.random() * GREATEST_SEED));
  const [runs, workers, budget] = [number(values.runs, 2000), number(values.workers, 2), number(values['budget-seconds'], Infinity)];
  if (![seed, runs, workers].every((value) => Number.isInteger(value) && value >= 0) || workers < 1) {
    console.error(USAGE);
    return 2;
  }
  if (values.vaults !== undefined) return simulateFleet(Number(values.vaults), seed);
  if (values.seed !== undefined && values.runs === undefined) return replayed(seed);
  console.log(`seeds ${seed} to ${seed + runs - 1}`);
  const total = await simulateAll({ seed, runs, workers, until: Date.now() + budget * 1000, shrinks: !values['no-shrink'] });
  if (total.finding) console.log(await storyOf(total.finding));
  else console.log(summary(total));
  return total.finding ? 1 : 0;
}

async function replayed(seed: number): Promise<number> {
  const { text, violations } = await replay(seed);
  console.log(text);
  if (violations.length === 0) return 0;
  const finding = await simulate(seed);
  if (finding) console.log(`\n${await storyOf(finding)}`);
  return 1;
}

if (process.argv[2] === '--worker') {
  // Errors are the daily bread of a simulation; where they came from is asked when one is told.
  Error.stackTraceLimit = 0;
  process.on('message', (portion: Portion) => {
    work(portion).then(
      (report) => process.send?.(report),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
} else {
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error);
      process.exitCode = error instanceof TypeError ? 2 : 1;
    },
  );
}
