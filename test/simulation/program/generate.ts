import * as fc from 'fast-check';
import { BACKUP_OPERATIONS, COMMON_OPERATIONS, CONSOLE_ACTS, GLACIER_OPERATIONS, OPERATIONS } from './program';
import type { Program, Step } from './program';
import type { BackupSlot, GlacierSlot, SiblingSpec, SlotName, TemplateSpec } from './spec';
import { FAULT_KINDS } from '../world/faults';
import type { Fault } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';
import { DAY, HOUR, MINUTE, SECOND } from '../world/sim-clock';

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
  access: fc.option(fc.constantFrom('blockDeletion' as const, 'partner' as const, 'both' as const), { nil: undefined, freq: 2 }),
});

const delays = fc.oneof(fc.integer({ min: 0, max: 20 * SECOND }), fc.integer({ min: 0, max: 6 * MINUTE }));
const sibling: fc.Arbitrary<SiblingSpec> = fc.record({
  fail: fc.constantFrom('' as const, '' as const, 'forward' as const, 'forward' as const, 'rollback' as const, 'delete' as const),
  delayMs: delays,
});

interface Family {
  /** Which slots a program may use: mostly one, so that runs are short and shrink well. */
  readonly slots: readonly (readonly SlotName[])[];
  /** What can go wrong there. */
  readonly operations: readonly string[];
}

const GLACIER: Family = {
  slots: [['Ledger'], ['Ledger'], ['Ledger'], ['Ledger', 'Audit'], ['Ledger', 'Audit', 'Mail']],
  operations: [...GLACIER_OPERATIONS, ...COMMON_OPERATIONS],
};
const BACKUP: Family = {
  slots: [['Prod'], ['Prod'], ['Prod'], ['Remote'], ['Test'], ['Prod', 'Remote']],
  operations: [...BACKUP_OPERATIONS, ...COMMON_OPERATIONS],
};
const BOTH: Family = {
  slots: [
    ['Ledger', 'Prod'],
    ['Ledger', 'Audit', 'Mail', 'Prod', 'Test', 'Remote'],
  ],
  operations: OPERATIONS,
};

function templatesOf({ slots }: Family): fc.Arbitrary<TemplateSpec> {
  const used = new Set(slots.flat());
  const pick = <T extends object>(content: T) =>
    Object.fromEntries(Object.entries(content).filter(([name]) => used.has(name as SlotName))) as T;
  return fc.record({
    glacier: fc.record(pick({ Ledger: glacierSlot, Audit: glacierSlot, Mail: glacierSlot })),
    backup: fc.record(pick({ Prod: backupSlot, Test: backupSlot, Remote: backupSlot })),
    siblings: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(sibling, { minLength: 1, maxLength: 2 }) },
    ),
    otherVersion: mostly(false, false, false, true),
  });
}

const faultOf = ({ operations }: Family): fc.Arbitrary<Fault> =>
  fc.record({
    operation: fc.constantFrom(...operations),
    kind: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...FAULT_KINDS) }, { weight: 1, arbitrary: fc.constant('lostAfter' as const) }),
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

const troubleOf = (family: Family) => ({
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(faultOf(family), { maxLength: 4 }) }),
  deliveries: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(delivery, { maxLength: 2 }) }),
  settles: mostly(true, false, false),
});

const stepOf = (family: Family): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        ...{ do: fc.constant('deploy' as const), template: templatesOf(family), ...troubleOf(family) },
        onFailure: fc.oneof(
          { weight: 6, arbitrary: fc.constant('rollback' as const) },
          { weight: 2, arbitrary: fc.constant('keep' as const) },
          { weight: 1, arbitrary: fc.constant('delete' as const) },
        ),
        cancelAfterMs: fc.option(delays, { nil: undefined, freq: 2 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('delete' as const, 'rollBack' as const, 'continue' as const, 'skip' as const, 'retry' as const),
        ...troubleOf(family),
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

const programsOf = (family: Family): fc.Arbitrary<Program> =>
  fc.record({
    noise: fc.integer({ min: 0, max: 2 ** 31 }),
    skewMs: fc.constantFrom(0, 0, 0, -20 * SECOND, 20 * SECOND),
    switches: fc.record(Object.fromEntries(Object.entries(UNDOCUMENTED).map(([name, values]) => [name, fc.constantFrom(...values)]))),
    found: fc.record({
      ledger: mostly(false, true),
      prodLock: mostly<'none' | 'governance' | 'compliance'>('none', 'governance', 'compliance'),
    }),
    slots: fc.constantFrom(...family.slots),
    steps: fc.array(fc.record({ stack: mostly<0 | 1>(0, 0, 0, 1), step: stepOf(family) }), { minLength: 1, maxLength: 7, size: 'max' }),
  });

export const programs: fc.Arbitrary<Program> = fc.oneof(
  { weight: 5, arbitrary: programsOf(GLACIER) },
  { weight: 5, arbitrary: programsOf(BACKUP) },
  { weight: 2, arbitrary: programsOf(BOTH) },
);
