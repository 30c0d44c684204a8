import { Bounds, NARROW } from './frame';
import { InvariantName } from './invariants';
import { search } from './search';
import { VaultHandler } from './vault-run';
import { Decisions, DECISIONS } from './vault-world';

/** Each to the last state. */
const SPACES: { readonly [name: string]: readonly [Bounds, floor: number] } = {
  'adoption, and a hand at the console': [{ ...NARROW, templates: ['plain', 'adopting'], acts: 1, faults: 0 }, 10_000],
  'access policies, tags and notifications': [{ ...NARROW, templates: ['plain', 'full', 'another policy'] }, 5_000],
  'late events of earlier deployments': [{ ...NARROW, templates: ['plain'], late: true }, 20_000],
  'two invocations at once': [{ ...NARROW, templates: ['full'], runs: 2 }, 10_000],
  'a deployment that is tried again': [{ ...NARROW, templates: ['plain'], runs: 2, retries: true }, 10_000],
};

const given = new Set<string>();

test.each(Object.entries(SPACES))(
  '%s: no reachable state breaks an invariant',
  (_name, [bounds, floor]) => {
    const handler = new VaultHandler(DECISIONS);
    const { stories, states } = search(handler, bounds);
    expect(stories).toEqual([]);
    expect(states).toBeGreaterThan(floor);
    handler.judge.given.forEach((verdict) => given.add(verdict));
  },
  300_000,
);

test('every kind of verdict is given somewhere', () => {
  const kinds = {
    Create: ['createVault', 'addTags', 'setAccessPolicy', 'setNotifications', 'nothing', 'lookAgain', 'refuse taken'],
    Update: [
      ...['addTags', 'removeTags', 'setAccessPolicy', 'deleteAccessPolicy', 'setNotifications', 'deleteNotifications', 'nothing'],
      ...['refuse vanished', 'refuse anothers'],
    ],
    Delete: ['deleteVault', 'keep', 'release'],
  };
  const expected = Object.entries(kinds).flatMap(([request, verdicts]) => verdicts.map((verdict) => `${request} ${verdict}`));
  expect(expected.filter((verdict) => !given.has(verdict))).toEqual([]);
});

describe('a handler that decides wrongly is found out', () => {
  const { put, delete: remove } = DECISIONS;
  const cases: readonly (readonly [string, Partial<Decisions>, InvariantName])[] = [
    ['deletes what it adopted', { delete: (name, _owner, tags) => (tags ? { do: 'deleteVault' } : remove(name, '', tags)) }, 'onlyItsOwn'],
    [
      'adopts without being asked',
      { put: (situation) => put({ ...situation, desired: { ...situation.desired, adoptExisting: true } }) },
      'onlyItsOwn',
    ],
    ['never deletes', { delete: () => ({ do: 'keep', note: '' }) }, 'nothingLeftByAFailedCreate'],
    [
      'writes again what is there',
      {
        put: (situation) =>
          put({ ...situation, observed: situation.observed && { ...situation.observed, tags: {}, accessPolicy: undefined } }),
      },
      'noNeedlessWrite',
    ],
    [
      'makes a vault anew that somebody deleted',
      { put: (situation) => (situation.observed ? put(situation) : put({ ...situation, creating: true })) },
      'lateMakesNothing',
    ],
    ['looks again for ever', { put: (situation) => put({ ...situation, lookedTwice: false }) }, 'everyRequestEnds'],
  ];
  test.each(cases)('one that %s', (_what, changed, invariant) => {
    const bounds = { ...NARROW, templates: ['full', 'adopting'], acts: 1 };
    const { violations } = search(new VaultHandler({ ...DECISIONS, ...changed }), bounds, invariant);
    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found?.path.length).toBeGreaterThan(1);
  });
});
