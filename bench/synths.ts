import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ratioOfRuns } from './process';

const ROOT = path.resolve(__dirname, '..');

/** The ratio of wall time of two apps that a file of this folder makes, by its arguments. */
export async function ratioOfSynths(file: string, first: readonly string[], second: readonly string[]): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'synths-'));
  // Two folders deep, so that __dirname leads to assets/ as it does from lib/provider.
  const bundle = path.join(ROOT, 'bench', `out-${process.pid}`, path.basename(file, '.ts') + '.js');
  const esbuild = path.join(ROOT, 'node_modules', '.bin', 'esbuild');
  try {
    execFileSync(
      esbuild,
      [`bench/${file}`, '--bundle', '--platform=node', '--packages=external', `--outfile=${bundle}`, '--log-level=error'],
      { cwd: ROOT },
    );
    const env = { CDK_VALIDATION: 'false', CDK_OUTDIR: path.join(folder, 'cdk.out') };
    return await ratioOfRuns({ args: [bundle, ...first], env }, { args: [bundle, ...second], env }, 9);
  } finally {
    fs.rmSync(path.dirname(bundle), { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
