/**
 * `npm run load`: stacks as big as CloudFormation takes them, deployed, changed and destroyed by the real CDK CLI on a local endpoint
 * that throttles. Exit code 1 if a quota is exceeded, a resource fails on the way, or a lock is not what its template says.
 * `npm run load -- backup-240` runs only what is named. docs/load.md says what there is and what the figures mean.
 */
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { BACKUP, GLACIER, synthesize, templates } from './fleet';
import type { Fleet } from './fleet';
import { exceeded, usageOf } from './limits';
import { LoadEndpoint } from './load-endpoint';
import { linesOf, runPhase, table } from './phase';
import type { Phase } from './phase';

process.env.CDK_VALIDATION = 'false';

const SWITCHES = { 'server.requestsPerSecond': '10', 'lambda.concurrency': '50' };
const [FIRST_DAYS, THEN_DAYS] = [2_555, 3_650];

interface Run extends Fleet {
  readonly what: string;
  /** How many stacks the CLI deploys at a time. */
  readonly concurrency: number;
}

const RUNS: Readonly<Record<string, Run>> = {
  'glacier-240': { what: '240 Glacier vaults with locks in one stack', kind: GLACIER, stacks: 1, vaultsPerStack: 240, concurrency: 1 },
  'glacier-450': { what: '450 over two stacks, one after the other', kind: GLACIER, stacks: 2, vaultsPerStack: 225, concurrency: 1 },
  'glacier-450-at-once': { what: '450 over two stacks at once', kind: GLACIER, stacks: 2, vaultsPerStack: 225, concurrency: 2 },
  'backup-300': {
    what: '300 backup vaults with locks, as many as an account has, over two stacks at once',
    kind: BACKUP,
    stacks: 2,
    vaultsPerStack: 150,
    concurrency: 2,
  },
  'backup-240': { what: '240 backup vaults with locks in one stack', kind: BACKUP, stacks: 1, vaultsPerStack: 240, concurrency: 1 },
};

/** Unless others are named. */
const USUAL = ['glacier-240', 'glacier-450'];

const print = (...lines: readonly string[]) => lines.forEach((line) => process.stdout.write(`${line}\n`));

function phases(first: string, then: string, concurrency: number): Phase[] {
  const at = ['--all', '--concurrency', String(concurrency)];
  const deploy = (assembly: string) => ['deploy', ...at, '--require-approval', 'never', '--app', assembly];
  return [
    { what: 'create', command: deploy(first), status: 'CREATE_COMPLETE', days: FIRST_DAYS },
    { what: 'update', command: deploy(then), status: 'UPDATE_COMPLETE', days: THEN_DAYS },
    { what: 'destroy', command: ['destroy', ...at, '--force', '--app', then], status: 'DELETE_COMPLETE' },
  ];
}

/** @returns whether all went as it should */
async function carryOut(run: Run): Promise<boolean> {
  print(
    '',
    `${run.what} (${Object.entries(SWITCHES)
      .map((entry) => entry.join('='))
      .join(', ')})`,
  );
  const endpoint = await LoadEndpoint.start(SWITCHES);
  try {
    const assembly = (name: string, days: number) => synthesize(run, days, path.join(endpoint.folder, name));
    const [first, then] = [assembly('first', FIRST_DAYS), assembly('then', THEN_DAYS)];
    const usages = templates(run, first).map(usageOf);
    print(...table(usages[0]!.map(({ what, seen, most }) => [what, seen.toLocaleString('en-US'), `of ${most.toLocaleString('en-US')}`])));
    if (usages.flatMap(exceeded).length > 0) return false;
    let well = true;
    for (const phase of phases(first, then, run.concurrency)) {
      const report = await runPhase(endpoint, run, phase, () => performance.timeOrigin + performance.now());
      print(...linesOf(report, run.stacks * run.vaultsPerStack));
      well &&= report.problems.length === 0;
    }
    return well;
  } finally {
    await endpoint.stop();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(RUNS, name));
  if (unknown !== undefined) {
    throw new Error(`\`${unknown}\` must be one of ${Object.keys(RUNS).join(', ')}. Name none for ${USUAL.join(' and ')}.`);
  }
  for (const name of names.length > 0 ? names : USUAL) {
    if (!(await carryOut(RUNS[name]!))) process.exitCode = 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
