import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** One way to start a process. */
export interface Run {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const ROUNDS = 15;

/** As the user's shell has it, but for what leads to AWS. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/**
 * The median of the ratios of wall time, first to second, taken pair by pair in turn: on a machine whose speed drifts, only
 * neighbours in time can be compared.
 */
export async function ratioOfRuns(first: Run, second: Run, rounds = ROUNDS): Promise<number> {
  await wallTime(first);
  await wallTime(second);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ratios.push((await wallTime(first)) / (await wallTime(second)));
  }
  return median(ratios);
}

async function wallTime({ args, env }: Run): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...ENVIRONMENT, ...env },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${String(code)}`);
  return performance.now() - started;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
