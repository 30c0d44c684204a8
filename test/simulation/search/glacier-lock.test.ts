import { Bounds, NARROW } from './frame';
import { Extremes, GlacierLockHandler } from './glacier-lock-run';
import { Decide, TEMPLATES } from './glacier-lock-world';
import { search } from './search';
import { decideLock, LockSituation } from '../../../lambda/glacier/lock/decide';

/** Each to the last state. */
const SPACES: { readonly [name: string]: readonly [Bounds, floor: number, Extremes?] } = {
  'policies and stages': [
    {
      ...NARROW,
      templates: ['initiate A', 'initiate B', 'complete A', 'complete B with the acknowledgement of A', 'abort A'],
    },
    20_000,
  ],
  'a hand at the console': [{ ...NARROW, templates: ['initiate A', 'complete A'], acts: 1 }, 15_000],
  'completing once acknowledged': [
    {
      ...NARROW,
      faults: 0,
      templates: [
        'once acknowledged A, not yet',
        'once acknowledged A',
        'once acknowledged A with the acknowledgement of B',
        'complete A unacknowledged',
      ],
    },
    2_000,
  ],
  'late events of earlier deployments': [{ ...NARROW, templates: ['initiate A'], late: true, faults: 0 }, 5_000],
  'two invocations at once': [{ ...NARROW, templates: ['initiate A', 'complete A'], runs: 2 }, 20_000],
  'one that stalls': [{ ...NARROW, templates: ['initiate A'], runs: 2 }, 15_000, { stalls: true }],
  'a deployment that is tried again': [{ ...NARROW, templates: ['initiate A'], runs: 2, retries: true }, 30_000],
};

const given = new Set<string>();

test.each(Object.entries(SPACES))(
  '%s: no reachable state breaks an invariant',
  (_name, [bounds, floor, extremes]) => {
    const handler = new GlacierLockHandler(decideLock, extremes);
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
    Create: ['nothing', 'wait', 'initiate', 'initiate anew', 'refuse foreign', 'refuse notAcknowledged', 'refuse nothingToComplete'],
    Update: [
      ...['nothing', 'wait', 'askPhase', 'initiate', 'initiate windowOver', 'initiate anew', 'initiate anew idLost', 'complete', 'abort'],
      ...['refuse foreign', 'refuse lockedWithOtherPolicy', 'refuse lockedForEver', 'refuse notAcknowledged', 'refuse testedPolicyDiffers'],
      ...['refuse nothingToComplete', 'refuse windowIsNew', 'refuse notInDeployment', 'refuse tooLate'],
    ],
    Delete: ['wait', 'askPhase', 'abort', 'forget', 'forget late'],
  };
  const expected = Object.entries(kinds).flatMap(([request, verdicts]) => verdicts.map((verdict) => `${request} ${verdict}`));
  expect(expected.filter((verdict) => !given.has(verdict))).toEqual([]);
  expect([...given].filter((verdict) => Object.keys(UNREACHED).some((kind) => verdict.endsWith(kind)))).toEqual([]);
});

describe('a handler that decides wrongly is found out', () => {
  const always =
    (changed: Partial<LockSituation>): Decide =>
    (situation) =>
      decideLock({ ...situation, ...changed });
  const completing = { ...NARROW, templates: ['initiate A', 'complete A'] };
  test.each([
    ['takes any acknowledgement', always({ acknowledged: true }), 'acknowledged', Object.keys(TEMPLATES).slice(0, 4), {}],
    ['trusts every event to be in time', always({ phase: 'forward' }), 'lateMakesNothing', completing.templates, { late: true }],
    ['does not ask who started the window', always({ startedByThisRequest: false }), 'neverInOneBreath', completing.templates, { acts: 1 }],
    [
      'waits for nobody',
      (situation: LockSituation) =>
        decideLock(situation).do === 'wait' ? decideLock({ ...situation, hold: 'foreign' }) : decideLock(situation),
      'nothingLeftByAFailedCreate',
      ['initiate A'],
      { runs: 2 },
    ],
    ['takes every lock for its own', always({ hold: 'known' }), 'onlyItsOwn', ['initiate A', 'initiate B'], { acts: 1 }],
    [
      'never takes anything away',
      (situation: LockSituation) => (decideLock(situation).do === 'abort' ? ({ do: 'forget' } as const) : decideLock(situation)),
      'nothingLeftByAFailedCreate',
      ['initiate A'],
      {},
    ],
    [
      'refuses a completed lock also what it is',
      (situation: LockSituation) =>
        situation.lock === 'Locked' ? ({ do: 'refuse', why: 'lockedWithOtherPolicy' } as const) : decideLock(situation),
      'deleteAndRollbackEnd',
      completing.templates,
      {},
    ],
  ] as const)('one that %s', (_what, decide, invariant, templates, more) => {
    const { violations } = search(new GlacierLockHandler(decide), { ...completing, ...more, templates }, invariant);
    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found?.path.length).toBeGreaterThan(1);
  });
});
