/**
 * What the constructs write into a template and the handlers read out of it. The one thing that both halves import.
 *
 * These names are stored in every deployed stack, and old shapes come back in rollbacks and deletes for ever: add only, never
 * rename or remove. CloudFormation turns every scalar into a string on its way to the handler, so every property here is one.
 */

/** CloudFormation resource types that this library serves. */
export const ResourceTypes = {
  GLACIER_VAULT: 'Custom::GlacierVault',
  GLACIER_VAULT_LOCK: 'Custom::GlacierVaultLock',
  BACKUP_VAULT_LOCK: 'Custom::BackupVaultLock',
  BACKUP_VAULT_ACCESS: 'Custom::BackupVaultAccess',
} as const;

/** Properties of `Custom::GlacierVault`. */
export interface GlacierVaultProperties {
  readonly VaultName: string;
  /** `'true'`: an existing vault of this name is taken over on purpose. */
  readonly AdoptExisting?: string;
  /** The access policy document as JSON text; absent: none. */
  readonly AccessPolicy?: string;
  /** At most 49: the owner tag is the 50th that a vault can have. */
  readonly Tags?: { readonly [key: string]: string };
  /** Both or neither. */
  readonly NotificationTopicArn?: string;
  readonly NotificationEvents?: readonly string[];
}

/** Attributes (`Fn::GetAtt`) of `Custom::GlacierVault`; `Ref`, the physical id, is the vault's name. */
export const GlacierVaultAttributes = {
  VAULT_ARN: 'VaultArn',
  VAULT_NAME: 'VaultName',
} as const;

/** Values of the `Stage` property of `Custom::GlacierVaultLock`. */
export const LockStages = {
  /** Start the 24 h test window, or keep the one that runs. */
  INITIATE: 'initiate',
  /** Make the tested lock permanent; refused without a matching acknowledgement. */
  COMPLETE: 'complete',
  /** Like `complete` once the acknowledgement matches, like `initiate` until then. */
  COMPLETE_ONCE_ACKNOWLEDGED: 'completeOnceAcknowledged',
  /** Take an in-progress lock away. */
  ABORT: 'abort',
} as const;
export type LockStage = (typeof LockStages)[keyof typeof LockStages];

/** Properties of `Custom::GlacierVaultLock`. */
export interface GlacierVaultLockProperties {
  readonly VaultName: string;
  /** The lock policy document as JSON text. */
  readonly Policy: string;
  /** One of `LockStages`. */
  readonly Stage: string;
  /** The acknowledgement that the user copied from the initiating deployment. */
  readonly Acknowledge?: string;
}

/** Attributes (`Fn::GetAtt`) of `Custom::GlacierVaultLock`; `Ref`, the physical id, is `<vault ARN>/lock-policy`. */
export const GlacierVaultLockAttributes = {
  /** `None`, `InProgress` or `Locked`. */
  LOCK_STATE: 'LockState',
  /** ISO 8601; empty when there is no lock. */
  LOCK_CREATION_DATE: 'LockCreationDate',
  /** ISO 8601; empty unless in progress. */
  LOCK_EXPIRATION_DATE: 'LockExpirationDate',
  /** `sha256:<64 hex digits>` over the vault's ARN and the canonical policy. */
  POLICY_FINGERPRINT: 'PolicyFingerprint',
  /** `<vault name> <fingerprint>`: what has to be given back to complete the lock. */
  ACKNOWLEDGEMENT: 'Acknowledgement',
} as const;

/** The tag on a vault that says which custom resource created it: `<stack name>/<stack uuid>/<logical id>`. */
export const OWNER_TAG = 'cdk-vault-lock/owner';

/**
 * Where the lock id waits between the initiating and the completing deployment: SSM parameters (SecureString) of this prefix and
 * the vault's name. Glacier shows a lock id once and never again.
 */
export const LOCK_RECORD_PREFIX = '/cdk-vault-lock/glacier/';

/** Where a backup vault is and how the handler gets there; part of the properties of both Backup resources. */
export interface BackupVaultPlace {
  readonly VaultName: string;
  /** Absent: the stack's region. */
  readonly VaultRegion?: string;
  /** Absent: the stack's account. */
  readonly VaultAccount?: string;
  /** ARN of the role that the handler assumes before it touches the vault; absent: it calls as itself. */
  readonly RoleArn?: string;
}

/** Values of the `Mode` property, and of the `Mode` attribute, of `Custom::BackupVaultLock`. */
export const BackupLockModes = {
  /** Attribute only: there is no lock. */
  NONE: 'none',
  /** Can be changed and removed by whoever may. */
  GOVERNANCE: 'governance',
  /** Has a lock date, from which on nobody can change or remove it. */
  COMPLIANCE: 'compliance',
} as const;
export type BackupLockModeName = (typeof BackupLockModes)[keyof typeof BackupLockModes];

/** Values of the `OnRemoval` property of `Custom::BackupVaultLock`. */
export const BackupLockRemovals = {
  /** The lock stays on the vault. */
  KEEP: 'keep',
  /** The lock goes, unless its lock date has passed. */
  REMOVE: 'remove',
} as const;

/** Properties of `Custom::BackupVaultLock`. */
export interface BackupVaultLockProperties extends BackupVaultPlace {
  /** `governance` or `compliance`. */
  readonly Mode: string;
  /** Whole days, 1 to 36,500; absent: no bound. */
  readonly MinRetentionDays?: string;
  /** Whole days, 1 to 36,500; absent: no bound. */
  readonly MaxRetentionDays?: string;
  /** Whole days, 3 to 36,500; compliance only. */
  readonly CoolingOffDays?: string;
  /** The acknowledgement that the user copied from the governance deployment; compliance only. */
  readonly Acknowledge?: string;
  /** `'true'`: recovery points that never expire do not stand in the way; compliance only. */
  readonly AllowPointsWithoutExpiry?: string;
  /** One of `BackupLockRemovals`; absent: keep. */
  readonly OnRemoval?: string;
}

/** Attributes (`Fn::GetAtt`) of `Custom::BackupVaultLock`; `Ref`, the physical id, is `<vault ARN>/vault-lock`. All are texts. */
export const BackupVaultLockAttributes = {
  /** `true` or `false`. */
  LOCKED: 'Locked',
  /** One of `BackupLockModes`. */
  MODE: 'Mode',
  /** ISO 8601; empty in governance mode. */
  LOCK_DATE: 'LockDate',
  /** Empty when there is no bound. */
  MIN_RETENTION_DAYS: 'MinRetentionDays',
  /** Empty when there is no bound. */
  MAX_RETENTION_DAYS: 'MaxRetentionDays',
  /** `sha256:<64 hex digits>` over the vault's ARN and the bounds that the template asks for. */
  FINGERPRINT: 'Fingerprint',
  /** `<vault name> <fingerprint>`: what has to be given back to promote the lock to compliance. */
  ACKNOWLEDGEMENT: 'Acknowledgement',
} as const;

/** Properties of `Custom::BackupVaultAccess`. */
export interface BackupVaultAccessProperties extends BackupVaultPlace {
  /** A JSON list of policy statements, each with a `Sid` of its own; they are merged into the vault's access policy by that. */
  readonly Statements: string;
}

/** Attributes of `Custom::BackupVaultAccess`; `Ref`, the physical id, is `<vault ARN>/access-policy/<logical id>`. */
export const BackupVaultAccessAttributes = {
  VAULT_ARN: 'VaultArn',
} as const;

/**
 * The tag on a backup vault that says which custom resource made its lock: `<stack name>/<stack uuid>/<logical id>`, with `adopted/`
 * before it if the vault was locked already.
 */
export const BACKUP_LOCK_OWNER_TAG = 'cdk-vault-lock/lock-owner';

/**
 * How the tags begin, one per invocation, that say on a backup vault which event is changing its lock, and until when:
 * `<this>/<number> = <delivery> <ms since 1970>`.
 */
export const BACKUP_LOCK_CLAIM_TAG = 'cdk-vault-lock/lock-claim';
