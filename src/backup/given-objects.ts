/** What is wrong with arguments that TypeScript would not let through. */
import type { Duration } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** @throws for e.g. the name of a vault */
export function requireVault(vault: backup.IBackupVault): void {
  if (hasTexts(vault, ['backupVaultName', 'backupVaultArn'])) return;
  throw new Error(
    `\`vault\` must be an IBackupVault, got: ${shown(vault)}. Refer to an existing vault with \`BackupVault.fromBackupVaultName()\` or ` +
      '`BackupVault.fromBackupVaultArn()`.',
  );
}

/** @throws for e.g. the ARN of a role */
export function requireRole(property: string, role: iam.IRole): void {
  if (hasTexts(role, ['roleArn'])) return;
  throw new Error(`\`${property}\` must be an IRole, got: ${shown(role)}. Refer to an existing role with \`Role.fromRoleArn()\`.`);
}

/** @throws for e.g. a number */
export function requireDuration(property: string, duration: Duration): void {
  if (typeof (duration as Partial<Duration> | undefined)?.toDays === 'function') return;
  throw new Error(`\`${property}\` must be a Duration, got: ${shown(duration)}. Give one, e.g. with \`Duration.days()\`.`);
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
}

export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' && value !== null ? `an object of ${value.constructor?.name ?? 'no class'}` : String(value);
}
