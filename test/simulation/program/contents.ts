import * as fc from 'fast-check';
import type { BackupSlot, GlacierSlot, SiblingSpec } from './template-spec';
import { MINUTE, SECOND } from '../world/sim-clock';

/** What a template may say, as fast-check makes it. */

export const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: others.length, arbitrary: fc.constantFrom(...others) });

export const vault = fc.record({
  renamed: mostly(false, true),
  adopt: mostly(false, true),
  removal: fc.constantFrom('Delete' as const, 'Retain' as const),
  tags: fc.constantFrom('none' as const, 'finance' as const, 'legal' as const),
  access: fc.constantFrom('none' as const, 'partner' as const, 'auditor' as const),
  notify: mostly(false, true),
});

export const glacierLock = fc.record({
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

export const backupLock = fc.record({
  mode: fc.constantFrom('onward' as const, 'onward' as const, 'governance' as const, 'compliance' as const),
  min: mostly<7 | 14>(7, 14),
  max: mostly<35 | 60>(35, 60),
  coolingOff: fc.constantFrom(3 as const, 7 as const, 30 as const),
  acknowledge: mostly<'right' | 'none' | 'stale'>('right', 'none', 'stale'),
  onRemoval: fc.constantFrom('keep' as const, 'remove' as const),
  allowPoints: mostly(false, true),
  moved: mostly(false, false, false, true),
});

export const backupAccess = fc.constantFrom('blockDeletion' as const, 'partner' as const, 'both' as const, 'home' as const);

const often = <T>(arbitrary: fc.Arbitrary<T>, freq = 5) => fc.option(arbitrary, { nil: undefined, freq });

export const glacierSlot: fc.Arbitrary<GlacierSlot> = fc.record({ vault: often(vault), lock: often(glacierLock) });

export const backupSlot: fc.Arbitrary<BackupSlot> = fc.record({
  lock: often(backupLock),
  access: often(backupAccess, 2),
  beside: mostly(false, false, true),
});

export const delays = fc.oneof(fc.integer({ min: 0, max: 20 * SECOND }), fc.integer({ min: 0, max: 6 * MINUTE }));

export const sibling: fc.Arbitrary<SiblingSpec> = fc.record({
  fail: fc.constantFrom('' as const, '' as const, 'forward' as const, 'forward' as const, 'rollback' as const, 'delete' as const),
  delayMs: delays,
});
