import { synthesizedExample } from './synthesized-example';
import { acknowledgementOf } from '../src/policy/fingerprint';
import { backupLockFingerprint } from '../src/private/backup-lock-fingerprint';

function templates(example: string, context: Record<string, string> = {}): Record<string, object> {
  return Object.fromEntries(Object.entries(synthesizedExample(example, context)).map(([file, text]) => [file, masked(text)]));
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
