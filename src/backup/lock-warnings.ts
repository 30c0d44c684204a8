import type { PlanRule } from './backup-plans';
import type { RetentionBounds } from '../private/backup-lock-fingerprint';
import type { Warning } from '../synthesis/warnings';

/** A lock as far as it is known at synthesis; `undefined` days are either not given or not known. */
export interface JudgedLock {
  readonly vaultName: string;
  readonly bounds: RetentionBounds;
  /** The bounds that are given, known or not. */
  readonly given: readonly (keyof RetentionBounds)[];
  readonly compliance: boolean;
  /** The rules of the app's backup plans that make recovery points in the vault. */
  rules(): readonly PlanRule[];
}

/** AWS Backup Developer Guide, "Continuous backups and point-in-time recovery": kept for at most so many days. */
const LONGEST_CONTINUOUS = 35;

/** AWS Backup API reference, Lifecycle: at least 1 day of warm storage and 90 days of cold storage. */
const SHORTEST_WITH_COLD_STORAGE = 91;

/** What a lock does that its author may not want. */
export function lockWarnings(lock: JudgedLock): Warning[] {
  return [...ofItself(lock), ...ofJobs(lock)];
}

function ofItself({ vaultName, given, compliance }: JudgedLock): Warning[] {
  const warnings: Warning[] = [];
  if (given.length === 0) {
    warnings.push({
      id: 'backupLockWithoutBounds',
      message:
        'This lock has neither `minRetention` nor `maxRetention`: it keeps recovery points from being deleted before they expire, but lets ' +
        'jobs choose any expiry, one of a day as well as none. Give at least one of the two.',
    });
  }
  if (vaultName === 'Default') {
    warnings.push({
      id: 'backupLockOfDefaultVault',
      message:
        "`vault` is the vault 'Default', into which backups go that name no other vault, also those of other people and services. They cannot " +
        'be deleted either as long as there is the lock, and jobs outside its bounds fail. Use a vault of its own.',
    });
  }
  if (compliance && !given.includes('maxRetentionDays')) {
    warnings.push({
      id: 'backupComplianceWithoutMaxRetention',
      message:
        'This lock in compliance mode has no `maxRetention`: a job may still make a recovery point that never expires, which nobody can ' +
        'delete from the lock date on, and which is billed for ever. Give `maxRetention`.',
    });
  }
  return warnings;
}

/** A job outside the bounds fails; AWS Backup does not trim its retention. */
function ofJobs({ bounds, rules }: JudgedLock): Warning[] {
  const { minRetentionDays: min = 0, maxRetentionDays: max = Infinity } = bounds;
  const noContinuous = min > LONGEST_CONTINUOUS;
  const noCold = max < SHORTEST_WITH_COLD_STORAGE;
  if (min === 0 && max === Infinity) return [];

  const known = rules();
  const continuous = known.filter((rule) => noContinuous && rule.continuous);
  const cold = known.filter((rule) => noCold && rule.cold && !continuous.includes(rule));
  const outside = known.filter((rule) => !continuous.includes(rule) && !cold.includes(rule) && isOutside(rule, min, max));
  return [
    ...continuous.map(({ name }) => ({
      id: 'backupContinuousRuleFails',
      message:
        `\`minRetention\` is ${min} days, but ${name} makes continuous backups, which are kept for at most ${LONGEST_CONTINUOUS} days: all of its ` +
        `jobs will fail. Lower \`minRetention\`, or use another vault for continuous backups.`,
    })),
    ...cold.map(({ name }) => ({
      id: 'backupColdStorageRuleFails',
      message:
        `\`maxRetention\` is ${max} days, but ${name} moves recovery points to cold storage, where they stay for at least 90 days: all of its ` +
        'jobs will fail. Raise `maxRetention`, or drop `moveToColdStorageAfter`.',
    })),
    ...outside.map(({ name, deleteAfterDays }) => ({
      id: 'backupRuleOutsideBounds',
      message:
        `${capitalized(name)} makes recovery points that ${deleteAfterDays === 'never' ? 'never expire' : `expire after ${deleteAfterDays} days`}, outside of ` +
        `${boundsText(bounds)}: all of its jobs will fail. Change the bounds, or the rule's \`deleteAfter\`.`,
    })),
    ...(known.length === 0 ? possibilities(noContinuous && min, noCold && max) : []),
  ];
}

/** The vault may be used by plans of which this app knows nothing. */
function possibilities(min: number | false, max: number | false): Warning[] {
  const warnings: Warning[] = [];
  if (min) {
    warnings.push({
      id: 'backupMinRetentionExcludesContinuous',
      message:
        `\`minRetention\` is ${min} days, and continuous backups are kept for at most ${LONGEST_CONTINUOUS} days: if anything makes them in this vault, its ` +
        'jobs will fail. Make sure that nothing does, or lower `minRetention`.',
    });
  }
  if (max) {
    warnings.push({
      id: 'backupMaxRetentionExcludesColdStorage',
      message:
        `\`maxRetention\` is ${max} days, and cold storage needs at least ${SHORTEST_WITH_COLD_STORAGE}: if anything moves recovery points of this vault ` +
        'there, its jobs will fail. Make sure that nothing does, or raise `maxRetention`.',
    });
  }
  return warnings;
}

function isOutside({ deleteAfterDays }: PlanRule, min: number, max: number): boolean {
  if (deleteAfterDays === undefined) return false;
  const days = deleteAfterDays === 'never' ? Infinity : deleteAfterDays;
  return days < min || days > max;
}

function boundsText({ minRetentionDays, maxRetentionDays }: RetentionBounds): string {
  const parts = [
    minRetentionDays !== undefined && `\`minRetention\` (${minRetentionDays} days)`,
    maxRetentionDays !== undefined && `\`maxRetention\` (${maxRetentionDays} days)`,
  ];
  return parts.filter(Boolean).join(' and ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
