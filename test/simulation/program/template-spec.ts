/** What a random template is made of: plain data, which fast-check can shrink. */

export type GlacierSlotName = 'Ledger' | 'Audit' | 'Mail';
export type BackupSlotName = 'Prod' | 'Test' | 'Remote';

export type SlotName = GlacierSlotName | BackupSlotName;

export interface VaultSpec {
  /** Another name is another vault: CloudFormation replaces the resource. */
  readonly renamed: boolean;
  readonly adopt: boolean;
  /** What becomes of it when it leaves the template. */
  readonly removal: 'Retain' | 'Delete';
  readonly tags: 'none' | 'finance' | 'legal';
  readonly access: 'none' | 'partner' | 'auditor';
  readonly notify: boolean;
}

/** `hold` also denies everyone to change the vault's tags and access policy. */
export type LockPolicyName = 'sevenYears' | 'thirtyDays' | 'hold';

export interface GlacierLockSpec {
  readonly policy: LockPolicyName;
  /** `onward`: completes what the deployment before has initiated, and initiates it otherwise. */
  readonly stage: 'initiate' | 'complete' | 'completeOnceAcknowledged' | 'abort' | 'onward';
  /** `stale`: of another policy; `slip`: mistyped. */
  readonly acknowledge: 'right' | 'none' | 'stale' | 'slip';
}

export interface GlacierSlot {
  /** Absent: the vault is not part of the stack. */
  readonly vault?: VaultSpec;
  readonly lock?: GlacierLockSpec;
}

export interface BackupLockSpec {
  /** `onward`: promotes what the deployment before has locked in governance mode. */
  readonly mode: 'governance' | 'compliance' | 'onward';
  readonly min: 7 | 14;
  readonly max: 35 | 60;
  readonly coolingOff: 3 | 7 | 30;
  readonly acknowledge: 'right' | 'none' | 'stale';
  readonly onRemoval: 'keep' | 'remove';
  readonly allowPoints: boolean;
  /** Locks the other vault instead. */
  readonly moved: boolean;
}

export interface BackupSlot {
  readonly lock?: BackupLockSpec;
  /** `home`: with a variable of IAM's. */
  readonly access?: 'blockDeletion' | 'partner' | 'both' | 'home';
  /** Another construct writes into the access policy of the same vault. */
  readonly beside?: boolean;
}

export interface SiblingSpec {
  readonly fail: '' | 'forward' | 'rollback' | 'delete';
  readonly delayMs: number;
}

export interface TemplateSpec {
  readonly glacier: { readonly [slot in GlacierSlotName]?: GlacierSlot };
  readonly backup: { readonly [slot in BackupSlotName]?: BackupSlot };
  readonly siblings: readonly SiblingSpec[];
  /** Written by another version of the library, which knew fewer properties and one more. */
  readonly otherVersion: boolean;
}
