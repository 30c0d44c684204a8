import * as path from 'node:path';
import { tally } from './calls';
import type { Call } from './calls';
import { slowestResource, stackProblems } from './convergence';
import type { StackEvent } from './convergence';
import { namesOf, stackNames } from './fleet';
import type { Fleet } from './fleet';
import type { LoadEndpoint } from './load-endpoint';
import type { Memory } from './memory';

/** One run of the CDK CLI over a fleet. */
export interface Phase {
  readonly what: 'create' | 'update' | 'destroy';
  /** Of the CDK CLI. */
  readonly command: readonly string[];
  /** What every stack has to come to. */
  readonly status: string;
  /** The retention that every lock has to have then; absent: no vault is left. */
  readonly days?: number;
}

export interface Report {
  readonly phase: Phase;
  readonly seconds: number;
  readonly calls: readonly Call[];
  readonly memory: Memory;
  readonly slowest: { readonly logicalId: string; readonly seconds: number };
  readonly problems: readonly string[];
}

/** Calls of fewer than so many in the whole run are not worth a line. */
const FEW = 20;

/** @param now in ms since 1970, as the endpoint's clock, which nobody moves here */
export async function runPhase(endpoint: LoadEndpoint, fleet: Fleet, phase: Phase, now: () => number): Promise<Report> {
  await endpoint.takeCalls();
  endpoint.memory.take();
  const started = now();
  const run = await endpoint.cdk(...phase.command);
  const seconds = (now() - started) / 1000;
  const calls = await endpoint.takeCalls();
  const memory = endpoint.memory.take();
  const events = new Map<string, StackEvent[]>();
  const problems = run.exitCode === 0 ? [] : [`cdk ended with exit code ${run.exitCode}: ${run.output.slice(-4_000)}`];
  const { stacks } = await endpoint.state();
  for (const name of stackNames(fleet)) {
    const stack = stacks.filter(({ stackName }) => stackName === name).at(-1) as { stackId: string; status: string } | undefined;
    const all = stack ? await endpoint.events(stack.stackId) : [];
    const own = all.filter(({ at }) => Date.parse(at) >= started);
    events.set(name, own);
    problems.push(...stackProblems(name, phase.status, stack?.status ?? 'missing', own));
  }
  problems.push(...(await vaultProblems(endpoint, fleet, phase)));
  const slowest = [...events].map(([name, own]) => slowestResource(own, name)).sort((a, b) => b.seconds - a.seconds)[0]!;
  return { phase, seconds, calls, memory, slowest, problems };
}

async function vaultProblems(endpoint: LoadEndpoint, fleet: Fleet, { days }: Phase): Promise<string[]> {
  if (days !== undefined) return fleet.kind.problems(endpoint, namesOf(fleet), days);
  const left = await fleet.kind.vaultsLeft(endpoint);
  return left === 0 ? [] : [`${left} vaults are left`];
}

/** The figures of a run, as lines of text. */
export function linesOf({ phase, seconds, calls, memory, slowest, problems }: Report, vaults: number): string[] {
  const tallies = tally(calls);
  const sum = (by: 'functions' | 'CLI', of: 'answered' | 'throttled') =>
    tallies.filter((entry) => entry.by === by).reduce((total, entry) => total + entry[of], 0);
  const rows = tallies
    .filter(({ answered, throttled }) => answered + throttled >= FEW)
    .map(({ by, operation, answered, throttled }) => [by, operation, (answered / vaults).toFixed(2), String(answered), String(throttled)]);
  return [
    `${phase.what}: cdk ${phase.command.map((word) => path.basename(word)).join(' ')}`,
    `  ${problems.length === 0 ? 'converged' : `NOT AS WANTED: ${problems.length} findings`} in ${seconds.toFixed(0)} s`,
    `  functions: ${sum('functions', 'answered')} calls answered (${(sum('functions', 'answered') / vaults).toFixed(1)} per vault), ` +
      `${sum('functions', 'throttled')} throttled and tried again; CLI: ${sum('CLI', 'answered')} and ${sum('CLI', 'throttled')}`,
    `  slowest resource: ${slowest.logicalId} ${slowest.seconds.toFixed(0)} s`,
    `  memory: endpoint ${memory.endpointMb.toFixed(0)} MB, ${memory.functions} functions at once ${memory.functionsMb.toFixed(0)} MB`,
    ...table([['by', 'operation', 'per vault', 'answered', 'throttled'], ...rows]).map((line) => `  ${line}`),
    ...problems.slice(0, 20).map((problem) => `  ✗ ${problem}`),
  ];
}

export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
