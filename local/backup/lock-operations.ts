import type { DeleteBackupVaultLockConfigurationInput, PutBackupVaultLockConfigurationInput } from '@aws-sdk/client-backup';
import type { Backup } from './backup';
import { accessDenied, BackupError, INVENTED, invalidParameter, invalidRequest, notFound } from './errors';
import { hasSameRetention, LEAST_CHANGEABLE_DAYS, lockStateOf, LONGEST_RETENTION_DAYS, putLock } from './lock';
import type { LockRequest } from './lock';
import type { Vault } from './state';
import type { AwsRequest } from '../server/service';

export function lockOperations(backup: Backup) {
  return {
    PutBackupVaultLockConfiguration(input: PutBackupVaultLockConfigurationInput, request: AwsRequest) {
      const { vault } = backup.open('PutBackupVaultLockConfiguration', input, request, { context: lockContext(input) });
      refuseOtherTypes(backup, vault);
      checkBounds(input, backup.switched('backup.minRetentionUpperBound') === 'none');
      if (lockStateOf(vault.lock, backup.now()) === 'IMMUTABLE') {
        const accepted = backup.switched('backup.identicalPutWhenImmutable') === 'accept';
        if (vault.lock && accepted && hasSameRetention(vault.lock, input)) return {};
        throw invalidRequest(INVENTED.immutable);
      }
      vault.lock = putLock(vault.lock, input, backup.now(), {
        keepsLockDate: backup.switched('backup.putInGrace') === 'keepLockDate',
        keepsRetention: backup.switched('backup.omittedRetention') === 'keep',
      });
      backup.changed();
      return {};
    },

    DeleteBackupVaultLockConfiguration(input: DeleteBackupVaultLockConfigurationInput, request: AwsRequest) {
      const { vault, arn } = backup.open('DeleteBackupVaultLockConfiguration', input, request);
      refuseOtherTypes(backup, vault);
      const state = lockStateOf(vault.lock, backup.now());
      if (state === 'IMMUTABLE') throw invalidRequest(INVENTED.immutable);
      if (state === 'NONE' && backup.switched('backup.deleteWithoutLock') === 'RNF') throw notFound(INVENTED.notLocked(arn));
      vault.lock = null;
      backup.changed();
      return {};
    },
  };
}

/** Only what was sent: a policy may ask by `Null` whether a key is there. */
function lockContext(input: LockRequest): Record<string, string> {
  const { MinRetentionDays, MaxRetentionDays, ChangeableForDays } = input;
  const sent = Object.entries({ MinRetentionDays, MaxRetentionDays, ChangeableForDays }).filter(([, days]) => days !== undefined);
  return Object.fromEntries(sent.map(([name, days]) => [`backup:${name}`, String(days)]));
}

function refuseOtherTypes(backup: Backup, vault: Vault): void {
  if (vault.type === 'BACKUP_VAULT') return;
  const code = backup.switched('backup.logicallyAirGappedPut');
  const text = INVENTED.otherTypesLock(vault.type);
  throw code === 'AccessDeniedException' ? accessDenied(text) : new BackupError(code, text);
}

function checkBounds(input: LockRequest, minIsUnbounded: boolean): void {
  const { MinRetentionDays: min, MaxRetentionDays: max, ChangeableForDays: changeable } = input;
  checkDays('MinRetentionDays', min, 1, minIsUnbounded ? Infinity : LONGEST_RETENTION_DAYS);
  checkDays('MaxRetentionDays', max, 1, LONGEST_RETENTION_DAYS);
  checkDays('ChangeableForDays', changeable, LEAST_CHANGEABLE_DAYS, LONGEST_RETENTION_DAYS);
  if (min !== undefined && max !== undefined && min > max) throw invalidParameter(INVENTED.minAboveMax);
}

function checkDays(name: string, days: number | undefined, least: number, most: number): void {
  if (days === undefined || (Number.isInteger(days) && days >= least && days <= most)) return;
  throw invalidParameter(most === Infinity ? INVENTED.noUpperBound(name, least) : INVENTED.retentionOutOfRange(name, least, most));
}
