import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios';
import { scenarioNamed, surveyOf } from './survey';
import type { Finding, Report } from './survey';
import { INVARIANTS } from '../invariants/catalogue';
import { programText, timeOf } from '../program/story';
import { run } from '../simulate';
import { addSum, emptySum, faultsByKind, pairCoverage } from '../tally';

const USAGE = `exhaustive [--scenario PART] [--workers W] [--in-full] [--quiet]
  --scenario: only scenarios whose name contains it; --in-full: plays what would be merged, too; --quiet: no line for a scenario that holds`;

interface Plan {
  readonly names: readonly string[];
  readonly workers: number;
  readonly inFull: boolean;
  readonly tell: (report: Report) => void;
}

/** Hands out the scenarios one by one, the long ones as they come: there are many more of them than workers. */
async function surveyAll({ names, workers, inFull, tell }: Plan): Promise<Report[]> {
  const waiting = [...names];
  const reports: Report[] = [];
  const employ = async () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(__filename, ['--worker'], { execArgv: ['--enable-source-maps'] });
      const give = () => {
        const name = waiting.shift();
        if (name === undefined) return void child.disconnect();
        child.send({ name, inFull });
      };
      child.on('message', (done: Report) => {
        reports.push(done);
        tell(done);
        give();
      });
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: workers }, employ));
  return reports;
}

function lineOf({ scenario, variants, merged, broken }: Report): string {
  const violations = Object.entries(broken).map(([what, times]) => `\n    ${times} x ${what}`);
  return `${scenario}: ${variants} variants${merged > 0 ? ` (and ${merged} like others)` : ''}${violations.join('')}`;
}

function summary(reports: readonly Report[], seconds: number): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const total = (count: (report: Report) => number) => reports.reduce((all, each) => all + count(each), 0);
  const sum = emptySum();
  for (const each of reports) addSum(sum, each.sum);
  const pairs = pairCoverage(sum);
  const faults = Object.entries(faultsByKind(sum)).map(([kind, times]) => `${kind} ${whole(times ?? 0)}`);
  const violations = total(({ broken }) => Object.values(broken).reduce((all, times) => all + times, 0));
  return [
    `${reports.length} scenarios, ${whole(total(({ variants }) => variants))} variants, ${whole(total(({ merged }) => merged))} more like them, ${whole(violations)} violations`,
    `${whole(sum.calls)} API calls in ${whole(sum.processes)} processes, ${whole(sum.copies)} of them on events delivered again; ${whole(sum.deaths)} ended without an answer`,
    `faults: ${faults.join(', ')}, answers lost ${whole(sum.lostAnswers)}`,
    `API call x fault: ${pairs.seen} of ${pairs.all}`,
    `${Object.keys(INVARIANTS).length} invariants after every step; ${seconds.toFixed(0)} s, ${total(({ cpuSeconds }) => cpuSeconds).toFixed(0)} s of CPU time`,
  ].join('\n');
}

/** The finding as a story that a person can follow. */
async function storyOf({ name, program, invariant }: Finding): Promise<string> {
  const { violations, startedAt, story = [] } = await run(program, { tell: true });
  const broken = violations.map(({ invariant: law, what, at }) => `${timeOf(at - startedAt)}  ${law}: ${what}\n    (${INVARIANTS[law]})`);
  return [name, programText(program), '', ...story, '', ...broken, '', `violated: ${invariant}`].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { scenario: { type: 'string' }, workers: { type: 'string' }, 'in-full': { type: 'boolean' }, quiet: { type: 'boolean' } },
  });
  const workers = Number(values.workers ?? 2);
  const names = SCENARIOS.map(({ name }) => name).filter((name) => name.includes(values.scenario ?? ''));
  if (!Number.isInteger(workers) || workers < 1 || names.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const started = performance.now();
  const tell = (each: Report) => (each.finding || !values.quiet ? console.log(lineOf(each)) : undefined);
  const reports = await surveyAll({ names, workers, inFull: values['in-full'] ?? false, tell });
  console.log(`\n${summary(reports, (performance.now() - started) / 1000)}`);
  const finding = firstOf(reports, names);
  if (finding) console.log(`\n${await storyOf(finding)}`);
  return finding ? 1 : 0;
}

/** The same one every time, whichever worker was faster. */
function firstOf(reports: readonly Report[], names: readonly string[]): Finding | undefined {
  const inOrder = [...reports].sort((one, other) => names.indexOf(one.scenario) - names.indexOf(other.scenario));
  return inOrder.find(({ finding }) => finding)?.finding;
}

if (process.argv[2] === '--worker') {
  // Errors are the daily bread of a simulation; where they came from is asked when one is told.
  Error.stackTraceLimit = 0;
  process.on('message', ({ name, inFull }: { name: string; inFull: boolean }) => {
    surveyOf(scenarioNamed(name), { inFull }).then(
      (done) => process.send?.(done),
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
