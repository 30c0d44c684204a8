import * as fc from 'fast-check';
import type { BackupSlot, GlacierSlot, SiblingSpec, SlotName, TemplateSpec } from './spec';
import { FAULT_KINDS } from '../world/faults';
import type { Fault } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';
import { DAY, HOUR, MINUTE, SECOND } from '../world/sim-clock';

/** Everything that the handlers call. */
export const OPERATIONS: readonly string[] = [
  ...['CreateVault', 'DescribeVault', 'DeleteVault', 'SetVaultAccessPolicy', 'GetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
  ...['SetVaultNotifications', 'GetVaultNotifications', 'DeleteVaultNotifications', 'AddTagsToVault', 'RemoveTagsFromVault'],
  ...['ListTagsForVault', 'InitiateVaultLock', 'GetVaultLock', 'CompleteVaultLock', 'AbortVaultLock'],
]
  .map((name) => `glacier:${name}`)
  .concat(
    ['GetParameter', 'PutParameter', 'DeleteParameter'].map((name) => `ssm:${name}`),
    ['DescribeStacks', 'DescribeStackEvents'].map((name) => `cloudformation:${name}`),
    [
      ...['DescribeBackupVault', 'ListBackupVaults', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration'],
      ...['ListRecoveryPointsByBackupVault', 'ListTags', 'TagResource', 'UntagResource'],
      ...['GetBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
    ].map((name) => `backup:${name}`),
    ['sts:AssumeRole'],
  );

export const CONSOLE_ACTS = [
  ...(['abortsLock', 'completesLock', 'initiatesLock', 'deletesVault', 'retags', 'setsAccessPolicy', 'uploads', 'deletesRecord'] as const),
  ...(['unlocks', 'promotes', 'demotes', 'changesBounds', 'removesTags', 'setsBackupPolicy', 'backsUp'] as const),
] as const;
export type ConsoleAct = (typeof CONSOLE_ACTS)[number];

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
  /** Vaults and locks that are there before. */
  readonly found: { readonly ledger: boolean; readonly prodLock: 'none' | 'governance' | 'compliance' };
  readonly slots: readonly SlotName[];
  /** The stack that each step is about; a second one may want the same vaults. */
  readonly steps: readonly { readonly stack: 0 | 1; readonly step: Step }[];
}

const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: others.length, arbitrary: fc.constantFrom(...others) });

const vault = fc.record({
  renamed: mostly(false, true),
  adopt: mostly(false, true),
  removal: fc.constantFrom('Delete' as const, 'Retain' as const),
  tags: fc.constantFrom('none' as const, 'finance' as const, 'legal' as const),
  access: fc.constantFrom('none' as const, 'partner' as const, 'auditor' as const),
  notify: mostly(false, true),
});

const lock = fc.record({
  policy: mostly<'sevenYears' | 'thirtyDays' | 'hold'>('sevenYears', 'thirtyDays', 'hold'),
  stage: fc.oneof(
    { weight: 3, arbitrary: fc.constant('initiate' as const) },
    { weight: 8, arbitrary: fc.constant('onward' as const) },
    { weight: 2, arbitrary: fc.constant('complete' as const) },
    { weight: 2, arbitrary: fc.constant('completeOnceAcknowledged' as const) },
    { weight: 1, arbitrary: fc.constant('abort' as const) },
  ),
  acknowledge: mostly<'right' | 'none' | 'stale' | 'slip'>('right', 'none', 'stale', 'slip'),
});

const often = <T>(arbitrary: fc.Arbitrary<T>, freq = 5) => fc.option(arbitrary, { nil: undefined, freq });

const glacierSlot: fc.Arbitrary<GlacierSlot> = fc.record({ vault: often(vault), lock: often(lock) });

const backupLock = fc.record({
  mode: fc.constantFrom('onward' as const, 'onward' as const, 'governance' as const, 'compliance' as const),
  min: mostly<7 | 14>(7, 14),
  max: mostly<35 | 60>(35, 60),
  coolingOff: fc.constantFrom(3 as const, 7 as const, 30 as const),
  acknowledge: mostly<'right' | 'none' | 'stale'>('right', 'none', 'stale'),
  onRemoval: fc.constantFrom('keep' as const, 'remove' as const),
  allowPoints: mostly(false, true),
  moved: mostly(false, false, false, true),
});

const backupSlot: fc.Arbitrary<BackupSlot> = fc.record({
  lock: often(backupLock),
  access: fc.option(fc.constantFrom('blockDeletion' as const, 'partner' as const, 'both' as const), { nil: undefined, freq: 1 }),
});

const delays = fc.oneof(fc.integer({ min: 0, max: 20 * SECOND }), fc.integer({ min: 0, max: 6 * MINUTE }));
const sibling: fc.Arbitrary<SiblingSpec> = fc.record({
  fail: fc.constantFrom('' as const, '' as const, 'forward' as const, 'forward' as const, 'rollback' as const, 'delete' as const),
  delayMs: delays,
});

/** All six slots; a program uses some of them. */
const templates: fc.Arbitrary<TemplateSpec> = fc
  .record({
    glacier: fc.record({ Ledger: glacierSlot, Audit: glacierSlot, Mail: glacierSlot }),
    backup: fc.record({ Prod: backupSlot, Test: backupSlot, Remote: backupSlot }),
    siblings: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(sibling, { minLength: 1, maxLength: 2 }) }),
    otherVersion: mostly(false, false, false, true),
  });

/** Mostly one slot, so that runs are short and shrink well; sometimes all six. */
const slots: fc.Arbitrary<readonly SlotName[]> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom<readonly SlotName[]>(['Ledger'], ['Prod']) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<readonly SlotName[]>(['Ledger', 'Prod'], ['Ledger', 'Audit'], ['Prod', 'Remote'], ['Test'], ['Remote']),
  },
  { weight: 1, arbitrary: fc.constant<readonly SlotName[]>(['Ledger', 'Audit', 'Mail', 'Prod', 'Test', 'Remote']) },
);

const fault: fc.Arbitrary<Fault> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...FAULT_KINDS) },
    { weight: 1, arbitrary: fc.constant('lostAfter' as const) },
  ),
  skip: fc.integer({ min: 0, max: 2 }),
  times: fc.integer({ min: 1, max: 2 }),
});

const death = fc.record({ atCall: fc.integer({ min: 0, max: 14 }), when: fc.constantFrom('before' as const, 'after' as const) });
const copyAfter = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 15 * SECOND }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 * MINUTE }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * HOUR }) },
);
const delivery: fc.Arbitrary<DeliveryFault> = fc.record({
  event: fc.integer({ min: 0, max: 3 }),
  copies: fc.array(copyAfter, { maxLength: 2 }),
  deaths: fc.array(death, { maxLength: 2 }),
  lostAnswers: mostly(0, 1, 3),
  lostAfterwards: fc.boolean(),
});

const trouble = {
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(fault, { maxLength: 4 }) }),
  deliveries: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(delivery, { maxLength: 2 }) }),
  settles: mostly(true, false, false),
};

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      ...{ do: fc.constant('deploy' as const), template: templates, ...trouble },
      onFailure: fc.oneof(
        { weight: 6, arbitrary: fc.constant('rollback' as const) },
        { weight: 2, arbitrary: fc.constant('keep' as const) },
        { weight: 1, arbitrary: fc.constant('delete' as const) },
      ),
      cancelAfterMs: fc.option(delays, { nil: undefined, freq: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('delete' as const, 'rollBack' as const, 'continue' as const, 'skip' as const, 'retry' as const),
      ...trouble,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('console' as const), act: fc.constantFrom(...CONSOLE_ACTS), slot: fc.integer({ min: 0, max: 2 }) },
      afterMs: fc.integer({ min: 0, max: 20 * SECOND }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(10 * SECOND, 10 * MINUTE, DAY - MINUTE, DAY, 3 * DAY, 40 * DAY, 3650 * DAY),
    }),
  },
);

/** Behaviour that AWS does not document, under each of which everything has to hold. */
const UNDOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'glacier.initiateOnLocked': ['400', '403'],
  'glacier.deleteMissingVault': ['204', '404'],
  'glacier.completeWithoutLock': ['400', '404'],
  'glacier.deleteVaultInProgress': ['204', '403'],
  'backup.putInGrace': ['keepLockDate', 'clearLockDate'],
  'backup.omittedRetention': ['clear', 'keep'],
  'backup.identicalPutWhenImmutable': ['refuse', 'accept'],
  'backup.deleteWithoutLock': ['200', 'RNF'],
  'backup.missingVault': ['403', '400'],
  'backup.policyReadBack': ['sent', 'minified'],
  'cloudformation.rollbackOrder': ['backward', 'forward'],
};

export const programs: fc.Arbitrary<Program> = fc.record({
  noise: fc.integer({ min: 0, max: 2 ** 31 }),
  skewMs: fc.constantFrom(0, 0, 0, -20 * SECOND, 20 * SECOND),
  switches: fc.record(Object.fromEntries(Object.entries(UNDOCUMENTED).map(([name, values]) => [name, fc.constantFrom(...values)]))),
  found: fc.record({ ledger: mostly(false, true), prodLock: mostly<'none' | 'governance' | 'compliance'>('none', 'governance', 'compliance') }),
  slots,
  steps: fc.array(fc.record({ stack: mostly<0 | 1>(0, 0, 0, 1), step }), { minLength: 1, maxLength: 7, size: 'max' }),
});

/** What a step's template asks for in the slots that the program uses. */
export function restrictedTo(used: readonly SlotName[], template: TemplateSpec): TemplateSpec {
  const within = <T extends object>(content: T) =>
    Object.fromEntries(Object.entries(content).filter(([name]) => (used as readonly string[]).includes(name))) as T;
  return { ...template, glacier: within(template.glacier), backup: within(template.backup) };
}

/** Resolves `onward` against what is deployed. */
export function goingOn(template: TemplateSpec, deployed: TemplateSpec | undefined): TemplateSpec {
  const map = <T extends object>(slots: T, resolve: (slot: NonNullable<T[keyof T]>, before: T[keyof T] | undefined) => object, before?: T): T =>
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
