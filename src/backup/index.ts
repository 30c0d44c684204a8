export { BackupLockMode, type BackupLockCompliance } from './backup-lock-mode';
export * from './backup-vault-access';
export * from './backup-vault-lock';
export * from './backup-vault-lock-props';
