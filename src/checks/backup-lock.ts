import { daysOf, isAbsent, isIntrinsic, isObject, type Days } from './template-value';
import { ResourceTypes } from '../private/contract';

/** CloudFormation's own types of backup vaults. */
export const BACKUP_VAULT = 'AWS::Backup::BackupVault';
export const AIR_GAPPED_VAULT = 'AWS::Backup::LogicallyAirGappedBackupVault';

/** The lock of a backup vault as far as a template tells. */
export interface BackupLock {
  readonly mode: 'governance' | 'compliance' | 'unknown';
  readonly minRetention: Days;
  readonly maxRetention: Days;
}

type Properties = { readonly [name: string]: unknown };

/** The lock that a resource makes, be it a vault with a lock of its own or a lock for itself; `undefined`: it makes none. */
export function backupLockOf(type: string, properties: Properties): BackupLock | undefined {
  switch (type) {
    case BACKUP_VAULT:
      return ofConfiguration(properties.LockConfiguration);
    case AIR_GAPPED_VAULT:
      // AWS Backup Developer Guide, "Logically air-gapped vault": comes with a lock in compliance mode.
      return { mode: 'compliance', ...boundsOf(properties) };
    case ResourceTypes.BACKUP_VAULT_LOCK:
      return { mode: modeOf(properties.Mode), ...boundsOf(properties) };
    default:
      return undefined;
  }
}

function ofConfiguration(configuration: unknown): BackupLock | undefined {
  if (isAbsent(configuration)) return undefined;
  if (!isObject(configuration) || isIntrinsic(configuration)) return { mode: 'unknown', minRetention: 'unknown', maxRetention: 'unknown' };
  const { ChangeableForDays: coolingOff } = configuration;
  const mode = isAbsent(coolingOff) ? 'governance' : isObject(coolingOff) && 'Fn::If' in coolingOff ? 'unknown' : 'compliance';
  return { mode, ...boundsOf(configuration) };
}

function boundsOf({ MinRetentionDays, MaxRetentionDays }: Properties): Pick<BackupLock, 'minRetention' | 'maxRetention'> {
  return { minRetention: daysOf(MinRetentionDays), maxRetention: daysOf(MaxRetentionDays) };
}

function modeOf(mode: unknown): BackupLock['mode'] {
  return mode === 'governance' || mode === 'compliance' ? mode : 'unknown';
}
