import { AccessHandler, Decide } from './access-run';
import { Bounds, NARROW } from './frame';
import { InvariantName } from './invariants';
import { search } from './search';
import { decideAccess } from '../../../lambda/backup/access/decide';

/** Each to the last state. */
const SPACES: { readonly [name: string]: readonly [Bounds, floor: number] } = {
  'statements, and a hand at the console': [{ ...NARROW, templates: ['statement a1', 'statements a1, b1'], acts: 1, faults: 0 }, 10_000],
  'a policy of the old version': [{ ...NARROW, templates: ['statement a1', 'statement a with a variable'], acts: 1, faults: 0 }, 5_000],
  'late events of earlier deployments': [{ ...NARROW, templates: ['statement a1'], late: true, abandons: true }, 20_000],
  'two invocations at once': [{ ...NARROW, templates: ['statement a1', 'statement a2'], runs: 2, abandons: true }, 10_000],
  'a deployment that is tried again': [{ ...NARROW, templates: ['statement a1'], runs: 2, retries: true }, 5_000],
};

const given = new Set<string>();

test.each(Object.entries(SPACES))(
  '%s: no reachable state breaks an invariant',
  (_name, [bounds, floor]) => {
    const handler = new AccessHandler(decideAccess);
    const { stories, states } = search(handler, bounds);
    expect(stories).toEqual([]);
    expect(states).toBeGreaterThan(floor);
    handler.given.forEach((verdict) => given.add(verdict));
  },
  300_000,
);

/** Verdicts that no move leads to, with the reason. */
const UNREACHED = {
  'Delete refuse': 'nothing is desired, so nothing can be taken, and no variable is written',
  'Update deletePolicy': 'a template asks for one statement at least',
};

test('every kind of verdict is given somewhere', () => {
  const expected = [
    ...['Create nothing', 'Create put', 'Create refuse taken', 'Create refuse variables'],
    ...['Update nothing', 'Update put', 'Update refuse variables'],
    ...['Delete nothing', 'Delete nothing left', 'Delete put', 'Delete put left', 'Delete deletePolicy', 'takeBack deletePolicy'],
  ];
  expect(expected.filter((verdict) => !given.has(verdict))).toEqual([]);
  expect([...given].filter((verdict) => Object.keys(UNREACHED).some((kind) => verdict.startsWith(kind)))).toEqual([]);
});

describe('a handler that decides wrongly is found out', () => {
  const cases: readonly (readonly [string, Decide, InvariantName])[] = [
    ['writes over what others wrote', (situation) => decideAccess({ ...situation, observed: undefined }), 'onlyItsOwn'],
    [
      'takes every statement for its own',
      (situation) => decideAccess({ ...situation, old: [...situation.old, ...situation.desired] }),
      'onlyItsOwn',
    ],
    ['removes nothing', ({ old: _, ...situation }) => decideAccess({ ...situation, old: [] }), 'nothingLeftByAFailedCreate'],
    [
      'refuses what nobody has taken',
      (situation) => (situation.observed ? { do: 'refuse', why: 'taken', sids: [] } : decideAccess(situation)),
      'refusalHasAReason',
    ],
  ];
  test.each(cases)('one that %s', (_what, decide, invariant) => {
    const bounds = { ...NARROW, templates: ['statement a1', 'statements a1, b1'], acts: 1 };
    const { violations } = search(new AccessHandler(decide), bounds, invariant);
    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found?.path.length).toBeGreaterThan(1);
  });
});
