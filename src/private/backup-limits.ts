/**
 * AWS Backup API reference, PutBackupVaultLockConfiguration: MinRetentionDays is at least 1, MaxRetentionDays at most 36500 (about 100
 * years), ChangeableForDays 3 to 36500. For MinRetentionDays no upper bound is given; more than the longest retention makes no sense.
 */
export const RETENTION_DAYS = { min: 1, max: 36_500 } as const;
export const COOLING_OFF_DAYS = { min: 3, max: 36_500 } as const;

/**
 * The source of a regular expression, for the whole name. AWS Backup API reference, PutBackupVaultLockConfiguration and
 * PutBackupVaultAccessPolicy: BackupVaultName. Vaults with other names, such as aws/efs/automatic-backup-vault, can only be described.
 */
export const VAULT_NAME = '[a-zA-Z0-9_-]{2,50}';
