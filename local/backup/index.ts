export { createBackup } from './service';
export type { BackupOptions, BackupParts } from './service';
export type { Publish } from './backup';
export { backupState } from './report';
export type { BackupVaultReport } from './report';
export { BACKUP_SWITCHES } from './switches';
export type { BackupSwitch } from './switches';
