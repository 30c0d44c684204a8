import type { BackupLock } from './backup-lock';
import type { Days } from './template-value';
import type { Warning } from '../synthesis/warnings';

/** What is asked of every lock. */
export interface Requirements {
  readonly minimumDays?: number;
  readonly maximumDays?: number;
  readonly mode?: 'governance' | 'compliance';
}

/** Requirements that are not met, or of which nobody knows before the deployment. */
export type Shortfall = readonly Warning[];

export const UNKNOWN_RETENTION = 'lockRetentionUnknown';
export const TOO_SHORT = 'lockMinimumTooShort';

/** Holds a backup vault's lock against what is asked. */
export function backupShortfall({ mode, minRetention, maxRetention }: BackupLock, asked: Requirements): Shortfall {
  return [
    ...(asked.minimumDays === undefined ? [] : minimum(minRetention, asked.minimumDays)),
    ...(asked.maximumDays === undefined ? [] : maximum(maxRetention, asked.maximumDays)),
    ...(asked.mode === undefined ? [] : ofMode(mode, asked.mode)),
  ];
}

export const MET: Shortfall = [];

export function failing(id: string, message: string): Shortfall {
  return [{ id, message }];
}

function minimum(given: Days, asked: number): Shortfall {
  if (given === 'unknown') return failing(UNKNOWN_RETENTION, unknownRetention('shortest', 'at least', asked, 'minimumRetention'));
  if (given !== 'none' && given >= asked) return MET;
  return failing(
    TOO_SHORT,
    `The shortest retention of this lock must be at least ${inDays(asked)} (\`minimumRetention\` of VaultLockChecks), got: ${given === 'none' ? 'none' : inDays(given)}. ` +
      'Jobs may make recovery points that can be deleted sooner. Raise the shortest retention of the lock.',
  );
}

function maximum(given: Days, asked: number): Shortfall {
  if (given === 'unknown') return failing(UNKNOWN_RETENTION, unknownRetention('longest', 'at most', asked, 'maximumRetention'));
  if (given !== 'none' && given <= asked) return MET;
  return failing(
    'lockMaximumTooLong',
    `The longest retention of this lock must be at most ${inDays(asked)} (\`maximumRetention\` of VaultLockChecks), got: ${given === 'none' ? 'none' : inDays(given)}. ` +
      'Jobs may make recovery points that nobody can delete for longer than that. Lower the longest retention of the lock.',
  );
}

function ofMode(given: BackupLock['mode'], asked: 'governance' | 'compliance'): Shortfall {
  if (given === asked) return MET;
  if (given === 'unknown') {
    return failing(
      'lockModeUnknown',
      `This lock must be in ${asked} mode (\`mode\` of VaultLockChecks), and only the deployment knows in which it is.`,
    );
  }
  return failing(
    'lockModeDiffers',
    `This lock must be in ${asked} mode (\`mode\` of VaultLockChecks), got: ${given}. ` +
      (asked === 'compliance'
        ? 'Whoever has the permission can take it away. Give it a cooling-off period, after which it is permanent: `BackupLockMode.compliance()`, or ' +
          '`changeableFor` of a BackupVault.'
        : 'It becomes permanent at its lock date. Use `BackupLockMode.governance()`, or leave out `changeableFor` of the BackupVault.'),
  );
}

function unknownRetention(which: string, bound: string, asked: number, property: string): string {
  return (
    `The ${which} retention of this lock must be ${bound} ${inDays(asked)} (\`${property}\` of VaultLockChecks), and only the deployment knows what it is. ` +
    'Give a number that is known when the app is synthesized.'
  );
}

/** For messages. */
export function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
