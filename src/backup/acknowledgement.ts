import { VAULT_NAME } from '../private/backup-limits';
import { AcknowledgementFormat } from '../synthesis/acknowledgement';

export const LOCK_ACKNOWLEDGEMENT = new AcknowledgementFormat({
  vaultName: VAULT_NAME,
  subject: 'retention',
  wayOut: 'Deploy with `BackupLockMode.governance()`, and copy what that deployment prints.',
});
