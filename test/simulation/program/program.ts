import type { BackupSlot, GlacierSlot, SlotName, TemplateSpec } from './template-spec';
import type { Fault } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';

const named = (service: string, ...operations: readonly string[]) => operations.map((name) => `${service}:${name}`);
export const COMMON_OPERATIONS = named('cloudformation', 'DescribeStacks', 'DescribeStackEvents');

/** What the two functions call. */
export const GLACIER_OPERATIONS: readonly string[] = [
  ...named('glacier', 'CreateVault', 'DescribeVault', 'DeleteVault', 'AddTagsToVault', 'RemoveTagsFromVault', 'ListTagsForVault'),
  ...named('glacier', 'SetVaultAccessPolicy', 'GetVaultAccessPolicy', 'DeleteVaultAccessPolicy'),
  ...named('glacier', 'SetVaultNotifications', 'GetVaultNotifications', 'DeleteVaultNotifications'),
  ...named('glacier', 'InitiateVaultLock', 'GetVaultLock', 'CompleteVaultLock', 'AbortVaultLock'),
  ...named('ssm', 'GetParameter', 'PutParameter', 'DeleteParameter'),
];
export const BACKUP_OPERATIONS: readonly string[] = [
  ...named('backup', 'DescribeBackupVault', 'ListBackupVaults', 'ListRecoveryPointsByBackupVault'),
  ...named('backup', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration'),
  ...named('backup', 'ListTags', 'TagResource', 'UntagResource'),
  ...named('backup', 'GetBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'),
  ...named('sts', 'AssumeRole'),
];
/** What locks and vaults hang on. */
export const GLACIER_HOT: readonly string[] = [
  ...named('glacier', 'InitiateVaultLock', 'InitiateVaultLock', 'GetVaultLock', 'CompleteVaultLock', 'CompleteVaultLock', 'AbortVaultLock'),
  ...named('glacier', 'CreateVault', 'DeleteVault', 'AddTagsToVault', 'RemoveTagsFromVault', 'SetVaultAccessPolicy'),
  ...named('ssm', 'GetParameter', 'PutParameter'),
  ...named('cloudformation', 'DescribeStacks', 'DescribeStacks'),
];
export const BACKUP_HOT: readonly string[] = [
  ...named('backup', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration', 'DescribeBackupVault', 'ListTags'),
  ...named('backup', 'TagResource', 'PutBackupVaultAccessPolicy', 'GetBackupVaultAccessPolicy'),
  ...named('backup', 'ListRecoveryPointsByBackupVault'),
  ...named('cloudformation', 'DescribeStacks', 'DescribeStacks'),
];
export const OPERATIONS: readonly string[] = [...GLACIER_OPERATIONS, ...BACKUP_OPERATIONS, ...COMMON_OPERATIONS];

export const CONSOLE_ACTS = [
  ...(['abortsLock', 'completesLock', 'initiatesLock', 'deletesVault', 'retags', 'setsAccessPolicy', 'uploads', 'deletesRecord'] as const),
  'replacesLock',
  ...(['unlocks', 'promotes', 'demotes', 'changesBounds', 'removesTags', 'setsBackupPolicy', 'backsUp'] as const),
  ...(['takesSid', 'changesStatements', 'setsOldPolicy'] as const),
] as const;
export type ConsoleAct = (typeof CONSOLE_ACTS)[number];
export const GLACIER_ACTS: readonly ConsoleAct[] = CONSOLE_ACTS.slice(0, 9);
export const BACKUP_ACTS: readonly ConsoleAct[] = CONSOLE_ACTS.slice(9);

interface Trouble {
  readonly faults: readonly Fault[];
  readonly deliveries: readonly DeliveryFault[];
  /** Waits for everything late before the next step. */
  readonly settles: boolean;
}

export type Step =
  | (Trouble & {
      readonly do: 'deploy';
      readonly template: TemplateSpec;
      readonly onFailure: 'rollback' | 'keep' | 'delete';
      readonly cancelAfterMs?: number;
    })
  /** `rollBack`: of what failed without; `continue`: of a rollback that failed, with what failed skipped or not. */
  | (Trouble & { readonly do: 'delete' | 'rollBack' | 'continue' | 'skip' | 'retry' })
  | { readonly do: 'console'; readonly act: ConsoleAct; readonly slot: number; readonly afterMs: number }
  | { readonly do: 'pass'; readonly ms: number };

export interface Program {
  readonly noise: number;
  readonly skewMs: number;
  readonly switches: Readonly<Record<string, string>>;
  /** Vaults and locks that are there before; `isEmpty`: the ledger; `begun`: a vault that is not ready yet. */
  readonly found: {
    readonly ledger: boolean;
    readonly prodLock: 'none' | 'governance' | 'compliance';
    readonly begun?: boolean;
    readonly isEmpty?: boolean;
  };
  readonly slots: readonly SlotName[];
  /** The stack that each step is about; a second one may want the same vaults. */
  readonly steps: readonly { readonly stack: 0 | 1; readonly step: Step }[];
}

/** What a step's template asks for in the slots that the program uses. */
export function restrictedTo(used: readonly SlotName[], template: TemplateSpec): TemplateSpec {
  const within = <T extends object>(content: T) =>
    Object.fromEntries(Object.entries(content).filter(([name]) => (used as readonly string[]).includes(name))) as T;
  return { ...template, glacier: within(template.glacier), backup: within(template.backup) };
}

/** Resolves `onward` against what is deployed. */
export function goingOn(template: TemplateSpec, deployed: TemplateSpec | undefined): TemplateSpec {
  const map = <T extends object>(
    slots: T,
    resolve: (slot: NonNullable<T[keyof T]>, before: T[keyof T] | undefined) => object,
    before?: T,
  ): T =>
    Object.fromEntries(
      Object.entries(slots).map(([name, slot]) => [name, resolve(slot as NonNullable<T[keyof T]>, before?.[name as keyof T])]),
    ) as T;
  return {
    ...template,
    glacier: map<TemplateSpec['glacier']>(template.glacier, onwardGlacier, deployed?.glacier),
    backup: map<TemplateSpec['backup']>(template.backup, onwardBackup, deployed?.backup),
  };
}

function onwardGlacier(slot: GlacierSlot, before: GlacierSlot | undefined): GlacierSlot {
  if (slot.lock?.stage !== 'onward') return slot;
  const isReady = before?.lock !== undefined && before.lock.stage !== 'abort' && before.lock.policy === slot.lock.policy;
  return { ...slot, lock: { ...slot.lock, stage: isReady ? 'complete' : 'initiate' } };
}

function onwardBackup(slot: BackupSlot, before: BackupSlot | undefined): BackupSlot {
  if (slot.lock?.mode !== 'onward') return slot;
  return { ...slot, lock: { ...slot.lock, mode: before?.lock ? 'compliance' : 'governance' } };
}
