import { createHash } from 'node:crypto';

/** What a Backup vault lock enforces on the jobs of its vault. Days; `undefined`: no bound. */
export interface RetentionBounds {
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
}

/** Names exactly what becomes permanent: `sha256:` and 64 hex digits over the vault's ARN and the bounds. */
export function backupLockFingerprint(vaultArn: string, { minRetentionDays, maxRetentionDays }: RetentionBounds): string {
  const subject = JSON.stringify({ max: maxRetentionDays ?? null, min: minRetentionDays ?? null, vault: vaultArn });
  return `sha256:${createHash('sha256').update(subject, 'utf8').digest('hex')}`;
}
