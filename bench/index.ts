/**
 * `npm run bench`: what this library costs, as ratios measured side by side in one run. Exit code 1 if a bound is exceeded.
 * `npm run bench -- --write` also writes docs/performance.md.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { oneCallRatio } from './one-call';
import { judgingLargeOne, judgingTimes } from './policies';
import { ratioOfRuns } from './process';
import { MOST, proofRatio, VAULTS } from './proofs';
import { backupLocks, lockedVaults } from './synthesis';
import { ratioOfSynths } from './synths';

process.env.CDK_VALIDATION = 'false';
const ROOT = path.resolve(__dirname, '..');
const bundleOf = (family: 'glacier' | 'backup') => path.join(ROOT, 'assets', 'lambda', family, 'index.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));

interface Measure {
  readonly what: string;
  readonly bound: number;
  readonly peer: string;
  readonly seen: () => Promise<number> | number;
}

const MEASURES: readonly Measure[] = [
  {
    what: 'Glacier handler bundle, bytes',
    bound: 200_000,
    peer: 'the SDK client alone, as it comes: 480,050',
    seen: () => fs.statSync(bundleOf('glacier')).size,
  },
  {
    what: 'Backup handler bundle, bytes',
    bound: 200_000,
    peer: 'the SDK client alone, as it comes: 510,115',
    seen: () => fs.statSync(bundleOf('backup')).size,
  },
  {
    what: 'load of the Glacier handler / an empty Node process, wall time',
    bound: 1.45,
    peer: 'client required from node_modules: 1.97',
    seen: () => loadRatio('glacier'),
  },
  { what: 'load of the Backup handler / an empty Node process, wall time', bound: 1.45, peer: '-', seen: () => loadRatio('backup') },
  {
    what: 'one handler call (load, one Glacier call, response) / the same through AwsCustomResource',
    bound: 0.75,
    peer: '1',
    seen: oneCallRatio,
  },
  { what: 'resources per locked Glacier vault', bound: 2, peer: 'AwsCustomResource: 6', seen: () => growth('resources') },
  { what: 'resources of a stack besides', bound: 6, peer: 'AwsCustomResource: 2', seen: fixedResources },
  {
    what: 'resources per lock of a backup vault, governance',
    bound: 1,
    peer: 'lockConfiguration of a BackupVault: 0',
    seen: () => growth('resources', backupLocks),
  },
  {
    what: 'template bytes per locked Glacier vault, one-statement policy, with its output',
    bound: 2_000,
    peer: 'AwsCustomResource: 5,840',
    seen: () => growth('bytes'),
  },
  {
    what: 'template bytes per lock of a backup vault, with its output',
    bound: 2_000,
    peer: '-',
    seen: () => growth('bytes', backupLocks),
  },
  {
    what: 'synth of 200 locked Glacier vaults / of 400 bare custom resources on one function',
    bound: 1.2,
    peer: '1',
    seen: async () => ratioOfSynths('synthesis.ts', ['locked', '200'], ['bare', '400']),
  },
  { what: `synth of ${VAULTS} locked Glacier vaults with proofs / without`, bound: MOST, peer: '1', seen: () => proofRatio('plain') },
  {
    what: 'the same with legal holds, access policies and guarantees of the user',
    bound: MOST,
    peer: '1',
    seen: () => proofRatio('full'),
  },
  {
    what: 'judging a policy of the test corpus (parse, proof, findings), median, ms',
    bound: 1,
    peer: '-',
    seen: () => judgingTimes().median,
  },
  { what: 'the slowest of them, ms', bound: 10, peer: '-', seen: () => judgingTimes().worst },
  { what: 'a policy of 15 KB with 55 patterns of roles in three statements, ms', bound: 100, peer: '-', seen: judgingLargeOne },
];

async function loadRatio(family: 'glacier' | 'backup'): Promise<number> {
  const empty = path.join(folder, 'empty.js');
  fs.writeFileSync(empty, '');
  const load = path.join(folder, 'load.js');
  fs.writeFileSync(load, `require(${JSON.stringify(bundleOf(family))});\n`);
  return ratioOfRuns({ args: [load], env: { AWS_REGION: 'us-east-1' } }, { args: [empty] }, 31);
}

/** What the hundredth locked vault adds to a template. */
function growth(of: 'resources' | 'bytes', stack = lockedVaults): number {
  const size = (template: object) =>
    of === 'bytes' ? JSON.stringify(template).length : Object.keys((template as { Resources: object }).Resources).length;
  return size(stack(100)) - size(stack(99));
}

function fixedResources(): number {
  return Object.keys((lockedVaults(1) as { Resources: object }).Resources).length - 2;
}

async function main(): Promise<void> {
  const rows: string[][] = [];
  for (const { what, bound, peer, seen } of MEASURES) {
    const value = await seen();
    const ok = value <= bound;
    const text = Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(2);
    rows.push([what, text, bound.toLocaleString('en-US'), peer, ok ? 'ok' : 'OVER']);
    console.log(`${ok ? 'ok  ' : 'OVER'} ${what}: ${text} (at most ${bound.toLocaleString('en-US')}; ${peer})`);
    if (!ok) process.exitCode = 1;
  }
  if (process.argv.includes('--write')) write(rows);
  fs.rmSync(folder, { recursive: true, force: true });
}

function write(rows: readonly string[][]): void {
  const table = [['what', 'measured', 'at most', 'for comparison', ''], ['---', '---', '---', '---', '---'], ...rows];
  const file = path.join(ROOT, 'docs', 'performance.md');
  const head = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('<!-- table -->')[0]! : '# What it costs\n\n';
  const machine = `Measured with Node ${process.versions.node} on ${os.cpus().length} cores, ${new Date().toISOString().slice(0, 10)}.`;
  fs.writeFileSync(file, `${head}<!-- table -->\n\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n${machine}\n`);
}

void main();
