import { AcknowledgementFormat } from '../synthesis/acknowledgement';

export const LOCK_ACKNOWLEDGEMENT = new AcknowledgementFormat({
  vaultName: '[A-Za-z0-9_.-]{1,255}',
  subject: 'policy',
  wayOut: 'Deploy with `VaultLockStage.initiate()`, test the lock, and copy what that deployment prints.',
});
