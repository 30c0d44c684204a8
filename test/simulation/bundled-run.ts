import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleSimulation } from './bundle';

/** Bundles an entry of the simulation, which then starts in a moment, and runs it with this command's arguments. */
export async function runBundled(entry: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulation-'));
  try {
    const outfile = path.join(folder, 'simulate.js');
    await bundleSimulation({ entry, outfile });
    const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
