import { COOLING_OFF_DAYS, RETENTION_DAYS } from '../../../src/private/backup-limits';
import { RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BackupLockModes, BackupLockRemovals, BackupVaultLockProperties } from '../../../src/private/contract';
import { Stack } from '../../cloudformation/owner';
import { parseBoolean, shown } from '../../cloudformation/properties';
import { Refusal } from '../../cloudformation/refusal';
import { Properties } from '../../cloudformation/request';
import { parsePlace, Place } from '../place';

export interface LockProperties {
  readonly place: Place;
  readonly mode: 'governance' | 'compliance';
  readonly bounds: RetentionBounds;
  /** Compliance only. */
  readonly coolingOffDays?: number;
  readonly acknowledge?: string;
  readonly allowPointsWithoutExpiry: boolean;
  readonly onRemoval: 'keep' | 'remove';
}

type Given = Partial<Record<keyof BackupVaultLockProperties, unknown>>;

/** @throws Refusal */
export function parseLockProperties(properties: Properties, stack: Stack): LockProperties {
  const given = properties as Given;
  const place = parsePlace(properties, stack);
  const minRetentionDays = parseDays(given.MinRetentionDays, '`minRetention`', RETENTION_DAYS);
  const maxRetentionDays = parseDays(given.MaxRetentionDays, '`maxRetention`', RETENTION_DAYS);
  if (minRetentionDays !== undefined && maxRetentionDays !== undefined && minRetentionDays > maxRetentionDays) {
    throw new Refusal(`\`minRetention\` (${minRetentionDays} days) must not be longer than \`maxRetention\` (${maxRetentionDays} days).`);
  }
  return {
    place,
    bounds: { minRetentionDays, maxRetentionDays },
    onRemoval: readRemoval(properties),
    ...parseMode(given),
  };
}

function parseMode(given: Given): Pick<LockProperties, 'mode' | 'coolingOffDays' | 'acknowledge' | 'allowPointsWithoutExpiry'> {
  const { GOVERNANCE, COMPLIANCE } = BackupLockModes;
  const mode = given.Mode;
  if (mode !== GOVERNANCE && mode !== COMPLIANCE) {
    throw new Refusal(`\`mode\` must be ${GOVERNANCE} or ${COMPLIANCE}; it is ${shown(mode)}.`);
  }
  if (mode === GOVERNANCE) return { mode, allowPointsWithoutExpiry: false };
  const coolingOffDays = parseDays(given.CoolingOffDays, '`coolingOff`', COOLING_OFF_DAYS);
  if (coolingOffDays === undefined) throw new Refusal('`coolingOff` is missing: a lock in compliance mode needs one of 3 days or more.');
  return {
    mode,
    coolingOffDays,
    // Copied by people: what stands around it does not count.
    acknowledge: given.Acknowledge ? String(given.Acknowledge).trim() : undefined,
    allowPointsWithoutExpiry: parseBoolean(given.AllowPointsWithoutExpiry, '`allowRecoveryPointsWithoutExpiry`'),
  };
}

/** What an earlier template said, read without judging. */
export function readOldLock(properties: Properties): Pick<LockProperties, 'bounds' | 'coolingOffDays'> & { readonly mode?: unknown } {
  const { Mode, MinRetentionDays, MaxRetentionDays, CoolingOffDays } = properties as Given;
  return {
    mode: Mode,
    bounds: { minRetentionDays: readDays(MinRetentionDays), maxRetentionDays: readDays(MaxRetentionDays) },
    coolingOffDays: readDays(CoolingOffDays),
  };
}

/** Anything but a plain `remove` keeps the lock. */
export function readRemoval({ OnRemoval }: Properties): 'keep' | 'remove' {
  return OnRemoval === BackupLockRemovals.REMOVE ? BackupLockRemovals.REMOVE : BackupLockRemovals.KEEP;
}

function parseDays(value: unknown, name: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  if (value === undefined || value === '') return undefined;
  const days = readDays(value);
  if (days !== undefined && days >= min && days <= max) return days;
  throw new Refusal(`${name} must be a whole number of days from ${min} to ${max}; it is ${shown(value)}.`);
}

function readDays(value: unknown): number | undefined {
  return /^\d{1,9}$/.test(String(value)) ? Number(value) : undefined;
}
