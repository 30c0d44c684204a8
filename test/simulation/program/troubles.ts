import * as fc from 'fast-check';
import { mostly } from './contents';
import { FAULT_KINDS } from '../world/faults';
import type { Fault, FaultKind } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';
import { HOUR, MINUTE, SECOND } from '../world/sim-clock';

/** What can go wrong, as fast-check makes it. */

/** Where faults are to hit. */
export interface Field {
  readonly operations: readonly string[];
  /** What locks hang on: half of the faults hit there. */
  readonly hot: readonly string[];
}

/** What is over soon, and must not be noticed. */
export const TRANSIENT: readonly FaultKind[] = [
  ...(['lostBefore', 'lostAfter', 'throttled', 'error500Before', 'error500After'] as const),
  ...(['timeoutBefore', 'timeoutAfter', 'deniedForAMoment', 'stale'] as const),
];
const OUTAGE_TIMES = 12;

const operationOf = ({ operations, hot }: Field) => fc.oneof(fc.constantFrom(...operations), fc.constantFrom(...hot));

const skip = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) });

const transientFault = (field: Field): fc.Arbitrary<Fault> =>
  fc.record({
    operation: operationOf(field),
    kind: fc.constantFrom(...TRANSIENT),
    skip,
    times: fc.integer({ min: 1, max: 2 }),
  });

const anyFault = (field: Field): fc.Arbitrary<Fault> =>
  fc.record({
    operation: operationOf(field),
    kind: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...FAULT_KINDS) }, { weight: 1, arbitrary: fc.constant('hang' as const) }),
    skip,
    times: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 2 }) }, { weight: 2, arbitrary: fc.constant(OUTAGE_TIMES) }),
  });

const denial = ({ hot }: Field): fc.Arbitrary<Fault> =>
  fc.record({
    operation: fc.constantFrom(...hot),
    kind: fc.constant('deniedByPolicy' as const),
    ...{ skip: fc.constant(0), times: fc.constant(1) },
  });

const faultsOf = (field: Field) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(transientFault(field), { minLength: 1, maxLength: 2 }) },
    { weight: 5, arbitrary: fc.array(anyFault(field), { minLength: 1, maxLength: 4 }) },
    { weight: 2, arbitrary: fc.array(denial(field), { minLength: 1, maxLength: 1 }) },
  );

const death = fc.record({ atCall: fc.integer({ min: 0, max: 14 }), when: fc.constantFrom('before' as const, 'after' as const) });
const copyAfter = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 15 * SECOND }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * MINUTE }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * HOUR }) },
);
const delivery: fc.Arbitrary<DeliveryFault> = fc.record({
  event: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) }),
  copies: fc.array(copyAfter, { maxLength: 2 }),
  deaths: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(death, { maxLength: 2 }) }),
  lostAnswers: mostly(0, 1, 3, 5),
  lostAfterwards: fc.boolean(),
});

/** @param haste of how many steps one goes on before all is at rest */
export const troubleOf = (field: Field, haste = 0.2) => ({
  faults: faultsOf(field),
  deliveries: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(delivery, { maxLength: 2 }) }),
  settles: fc.oneof({ weight: 100 * (1 - haste), arbitrary: fc.constant(true) }, { weight: 100 * haste, arbitrary: fc.constant(false) }),
});
