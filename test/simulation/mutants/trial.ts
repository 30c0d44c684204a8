import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { Mutant } from './mutant';
import { findingOf, Trial } from './result';
import { bundleSimulation } from '../bundle';

export interface Effort {
  /** The simulation's entry point. */
  readonly entry: string;
  readonly runs: number;
  readonly seed: number;
  readonly budgetSeconds: number;
}

/** Beyond its budget, for the start, and for shrinking what it found. */
const PATIENCE_SECONDS = 120;

/** Bundles the simulation and runs it in one process. */
export async function tryOut(mutant: Mutant | undefined, effort: Effort, folder: string): Promise<Trial> {
  const outfile = path.join(folder, `${mutant?.name ?? 'as-it-is'}.js`);
  await bundleSimulation({ entry: effort.entry, outfile, mutant });
  const started = process.hrtime.bigint();
  const { status, output } = await simulate(outfile, effort);
  return { mutant, ...findingOf(status, output, effort.seed), seconds: Number(process.hrtime.bigint() - started) / 1e9, output };
}

async function simulate(bundle: string, { runs, seed, budgetSeconds }: Effort): Promise<{ status: number | null; output: string }> {
  const flags = { runs, seed, workers: 1, 'budget-seconds': budgetSeconds };
  const options = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...options, '--no-shrink'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: (budgetSeconds + PATIENCE_SECONDS) * 1000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
