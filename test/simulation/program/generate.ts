import * as fc from 'fast-check';
import { backupCareers, glacierCareers } from './careers';
import { backupSlot, delays, glacierSlot, mostly, sibling } from './contents';
import { BACKUP_HOT, BACKUP_OPERATIONS, COMMON_OPERATIONS, CONSOLE_ACTS, GLACIER_HOT, GLACIER_OPERATIONS, OPERATIONS } from './program';
import type { Program, Step } from './program';
import type { SlotName, TemplateSpec } from './template-spec';
import { troubleOf } from './troubles';
import type { Field } from './troubles';
import { DAY, MINUTE, SECOND } from '../world/sim-clock';

interface Family extends Field {
  /** Which slots a program may use: mostly one, so that runs are short and shrink well. */
  readonly slots: readonly (readonly SlotName[])[];
}

const GLACIER: Family = {
  slots: [['Ledger'], ['Ledger'], ['Ledger'], ['Ledger', 'Audit'], ['Ledger', 'Audit', 'Mail']],
  operations: [...GLACIER_OPERATIONS, ...COMMON_OPERATIONS],
  hot: GLACIER_HOT,
};
const BACKUP: Family = {
  slots: [['Prod'], ['Prod'], ['Prod'], ['Remote'], ['Test'], ['Prod', 'Remote']],
  operations: [...BACKUP_OPERATIONS, ...COMMON_OPERATIONS],
  hot: BACKUP_HOT,
};
const REMOTE: Family = { ...BACKUP, slots: [['Remote']] };
const BOTH: Family = {
  slots: [
    ['Ledger', 'Prod'],
    ['Ledger', 'Audit', 'Mail', 'Prod', 'Test', 'Remote'],
  ],
  operations: OPERATIONS,
  hot: [...GLACIER_HOT, ...BACKUP_HOT],
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

const surroundings = {
  noise: fc.integer({ min: 0, max: 2 ** 31 }),
  skewMs: fc.constantFrom(0, 0, 0, -20 * SECOND, 20 * SECOND),
  switches: fc.record(Object.fromEntries(Object.entries(UNDOCUMENTED).map(([name, values]) => [name, fc.constantFrom(...values)]))),
  found: fc.record({
    ledger: mostly(false, true),
    prodLock: mostly<'none' | 'governance' | 'compliance'>('none', 'governance', 'governance', 'compliance'),
    begun: mostly(false, true),
    isEmpty: fc.boolean(),
  }),
};

const programsOf = (family: Family): fc.Arbitrary<Program> =>
  fc.record({
    ...surroundings,
    slots: fc.constantFrom(...family.slots),
    steps: fc.array(fc.record({ stack: mostly<0 | 1>(0, 0, 0, 1), step: stepOf(family) }), { minLength: 1, maxLength: 6, size: 'max' }),
  });

const careersOf = (
  { slots: [slots = []] }: Family,
  careers: fc.Arbitrary<{ readonly steps: Program['steps']; readonly isFound?: boolean }>,
): fc.Arbitrary<Program> =>
  fc
    .tuple(fc.record(surroundings), careers)
    .map(([{ found, ...rest }, { steps, isFound = false }]) => ({ ...rest, found: { ...found, ledger: isFound }, slots, steps }));

export const programs: fc.Arbitrary<Program> = fc.oneof(
  { weight: 4, arbitrary: careersOf(GLACIER, glacierCareers(GLACIER)) },
  { weight: 4, arbitrary: careersOf(BACKUP, backupCareers(BACKUP)) },
  { weight: 1, arbitrary: careersOf(REMOTE, backupCareers(REMOTE, 'Remote')) },
  { weight: 3, arbitrary: programsOf(GLACIER) },
  { weight: 3, arbitrary: programsOf(BACKUP) },
  { weight: 1, arbitrary: programsOf(BOTH) },
);
