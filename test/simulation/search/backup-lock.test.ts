import { BackupLockHandler } from './backup-lock-run';
import { Decide, Nature } from './backup-lock-world';
import { Bounds, NARROW } from './frame';
import { InvariantName } from './invariants';
import { search } from './search';
import { decideLock, LockSituation } from '../../../lambda/backup/lock/decide';

const USUAL: Nature = { keepsDate: true, pointsWithoutExpiry: false, vault: 'usable' };
const MODES = ['governance P', 'compliance P in 3 days', 'compliance P in 5 days', 'compliance Q in 3 days'];
const SMALL = { ...NARROW, templates: ['governance P', 'compliance P in 3 days'], acts: 1 };

/** Each to the last state. */
const SPACES: { readonly [name: string]: readonly [Bounds, Partial<Nature>, floor: number] } = {
  'modes, where AWS Backup keeps the date': [{ ...NARROW, templates: MODES, redeliveries: 0, faults: 0 }, {}, 10_000],
  'modes, where AWS Backup clears the date': [{ ...NARROW, templates: MODES, redeliveries: 0, faults: 0 }, { keepsDate: false }, 1_000],
  'acknowledgements that do not match': [
    { ...SMALL, faults: 0, templates: ['governance Q', 'compliance Q in 3 days with the acknowledgement of P'] },
    {},
    1_000,
  ],
  'a hand at the console, and time': [
    { ...SMALL, faults: 0, redeliveries: 0, templates: ['governance P', 'compliance P in 3 days, remove'] },
    {},
    5_000,
  ],
  'a lock date that somebody else sets': [{ ...SMALL, faults: 0, templates: ['governance P', 'governance P, remove'] }, {}, 10_000],
  'recovery points without expiry': [{ ...SMALL, acts: 0 }, { pointsWithoutExpiry: true }, 1_000],
  'a vault that is not ready': [SMALL, { vault: 'notReady' }, 100],
  'a vault that is missing': [{ ...SMALL, faults: 0, redeliveries: 0 }, { vault: 'missing' }, 1_000],
  'an air-gapped vault': [SMALL, { vault: 'airGapped' }, 100],
  'late events of earlier deployments': [{ ...NARROW, templates: ['governance P'], late: true, faults: 0 }, {}, 10_000],
  'two invocations at once': [{ ...NARROW, templates: ['compliance P in 3 days'], runs: 2 }, {}, 30_000],
  'a deployment that is tried again': [{ ...NARROW, templates: ['compliance P in 3 days'], runs: 2, retries: true }, {}, 50_000],
};

const given = new Set<string>();

test.each(Object.entries(SPACES))(
  '%s: no reachable state breaks an invariant',
  (_name, [bounds, nature, floor]) => {
    const handler = new BackupLockHandler(decideLock, { ...USUAL, ...nature });
    const { stories, states } = search(handler, bounds);
    expect(stories).toEqual([]);
    expect(states).toBeGreaterThan(floor);
    handler.judge.given.forEach((verdict) => given.add(verdict));
  },
  300_000,
);

/** Verdicts that no move leads to, with the reason. */
const UNREACHED = { 'refuse phaseUnknown': 'in this model DescribeStacks always answers' };

test('every kind of verdict is given somewhere', () => {
  const kinds = {
    Create: ['nothing', 'wait', 'claim', 'askPhase', 'lookForPoints', 'put none', 'put coolingOff'],
    Update: ['nothing', 'nothing leftByRollback', 'claim', 'askPhase', 'lookForPoints', 'put none', 'put coolingOff', 'put farAway'],
    Delete: ['wait', 'askPhase', 'delete', 'put none', 'put farAway'],
  };
  const forgotten = ['noLock', 'immutable', 'notOurs', 'kept', 'tooLate'].map((why) => `Delete forget ${why}`);
  const refusals = [
    ...[
      'Create refuse vaultMissing',
      'Create refuse airGapped',
      'Create refuse vaultNotReady',
      'Create refuse foreignBounds',
      'Create refuse foreignLockDate',
    ],
    ...['Create refuse pointsWithoutExpiry', 'Create refuse tooLate', 'Update refuse managedElsewhere'],
    ...['Update refuse notAcknowledged', 'Update refuse immutable', 'Update refuse foreignLockDate', 'Update refuse wouldShorten'],
    'Delete refuse ownerUnknown',
  ];
  const expected = Object.entries(kinds).flatMap(([request, verdicts]) => verdicts.map((verdict) => `${request} ${verdict}`));
  expect([...expected, ...forgotten, ...refusals].filter((verdict) => !given.has(verdict))).toEqual([]);
  expect([...given].filter((verdict) => Object.keys(UNREACHED).some((kind) => verdict.endsWith(kind)))).toEqual([]);
});

describe('a handler that decides wrongly is found out', () => {
  const always =
    (changed: Partial<LockSituation>): Decide =>
    (situation) =>
      decideLock({ ...situation, ...changed });
  const when =
    (isMeant: (situation: LockSituation) => boolean, verdict: ReturnType<Decide>): Decide =>
    (situation) =>
      isMeant(situation) && (situation.request === 'Delete' || situation.claimed) ? verdict : decideLock(situation);
  const cases: readonly (readonly [string, Decide, InvariantName, string, Partial<Bounds>])[] = [
    [
      'takes any acknowledgement',
      always({ acknowledged: true }),
      'acknowledged',
      'compliance Q in 3 days with the acknowledgement of P',
      {},
    ],
    ['takes every event for one in time', always({ phase: 'forward' }), 'lateMakesNothing', 'compliance P in 3 days', {}],
    [
      'puts a lock again that is as it should be',
      when(({ lock, mode }) => lock === 'coolingOff' && mode === 'compliance', { do: 'put', date: 'coolingOff' }),
      'everyRequestEnds',
      'compliance P in 3 days',
      {},
    ],
    [
      'deletes a lock to get rid of its date',
      when(({ request, lock }) => request === 'Update' && lock === 'coolingOff', { do: 'delete' }),
      'noGap',
      'compliance P in 3 days',
      {},
    ],
    [
      'waits for nobody',
      (situation) => (decideLock(situation).do === 'wait' ? decideLock({ ...situation, busy: false }) : decideLock(situation)),
      'nothingLeftByAFailedCreate',
      'compliance P in 3 days',
      { runs: 2 },
    ],
    ['takes every lock for its own', always({ owner: 'self' }), 'onlyItsOwn', 'governance Q', { acts: 1 }],
    [
      'keeps the lock of a failed create',
      when(({ request, owner }) => request === 'Delete' && owner === 'self', { do: 'forget', why: 'kept' }),
      'nothingLeftByAFailedCreate',
      'governance P',
      {},
    ],
    ['shortens a cooling-off', always({ date: 'earlier' }), 'dateMovesOnlyIfAsked', 'compliance P in 5 days', {}],
    [
      'refuses to delete',
      when(({ request }) => request === 'Delete', { do: 'refuse', why: 'immutable' }),
      'deleteAndRollbackEnd',
      'governance P',
      {},
    ],
  ];
  test.each(cases)('one that %s', (_what, decide, invariant, template, more) => {
    const bounds = { ...NARROW, ...more, templates: [...new Set(['governance P', 'compliance P in 3 days', template])] };
    const { violations } = search(new BackupLockHandler(decide, USUAL), bounds, invariant);
    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found?.path.length).toBeGreaterThan(1);
  });
});
