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
