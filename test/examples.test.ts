import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { acknowledgementOf } from '../src/policy/fingerprint';
import { backupLockFingerprint } from '../src/private/backup-lock-fingerprint';

const ROOT = path.resolve(__dirname, '..');
const TSX = path.join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');

/** Synthesizes an example as the CLI would, and returns its templates by stack. */
function templates(example: string, context: Record<string, string> = {}): Record<string, object> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'example-'));
  try {
    execFileSync(process.execPath, [TSX, '--tsconfig', '../tsconfig.json', 'app.ts'], {
      cwd: path.join(ROOT, 'examples', example),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        CDK_DEFAULT_ACCOUNT: '123456789012',
        CDK_DEFAULT_REGION: 'us-east-1',
        CDK_VALIDATION: 'false',
      },
    });
    const files = fs.readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    return Object.fromEntries(files.map((file) => [file, masked(fs.readFileSync(path.join(outdir, file), 'utf8'))]));
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** An asset's hash changes with every change of a handler; a snapshot is about the template. */
function masked(template: string): object {
  return JSON.parse(template.replace(/[0-9a-f]{64}\.zip/g, '<asset>.zip')) as object;
}

describe('examples synthesize to what users have deployed', () => {
  test('glacier-ledger, first deployment: a test window', () => {
    expect(templates('glacier-ledger')).toMatchSnapshot();
  }, 60_000);

  test('glacier-ledger without its lock', () => {
    expect(templates('glacier-ledger', { lock: 'removed' })).toMatchSnapshot();
  }, 60_000);

  test('a stale acknowledgement is refused at synth, without the right one being told', () => {
    const stale = { acknowledge: `ledger sha256:${'0'.repeat(64)}` };
    expect(() => templates('glacier-ledger', stale)).toThrow(/acknowledge/);
    expect(() => templates('glacier-ledger', stale)).not.toThrow(/sha256:(?!0{64})[0-9a-f]{64}/);
  }, 60_000);

  test('backup-vault-lock, first deployment: governance mode', () => {
    expect(templates('backup-vault-lock')).toMatchSnapshot();
  }, 60_000);

  test('backup-vault-lock with an acknowledgement: compliance mode, and the permission for it', () => {
    const vaultArn = 'arn:aws:backup:us-east-1:123456789012:backup-vault:prod';
    const fingerprint = backupLockFingerprint(vaultArn, { minRetentionDays: 7, maxRetentionDays: 365 });
    expect(templates('backup-vault-lock', { acknowledge: acknowledgementOf('prod', fingerprint) })).toMatchSnapshot();
  }, 60_000);

  test('backup-vault-lock with a stale acknowledgement is refused at synth, without the right one being told', () => {
    const stale = { acknowledge: `prod sha256:${'0'.repeat(64)}` };
    expect(() => templates('backup-vault-lock', stale)).toThrow(/acknowledge/);
    expect(() => templates('backup-vault-lock', stale)).not.toThrow(/sha256:(?!0{64})[0-9a-f]{64}/);
  }, 60_000);
});
