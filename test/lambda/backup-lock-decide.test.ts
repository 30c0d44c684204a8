import { decideLock, LockOwner, LockSituation, LockState, LockVerdict } from '../../lambda/backup/lock/decide';

const PHASES = ['forward', 'rollback', 'over', 'done', 'superseded', 'deletion', 'unknown'] as const;
type Phase = (typeof PHASES)[number];
const LOCKS: readonly LockState[] = ['none', 'governance', 'coolingOff', 'immutable'];
const OWNERS: readonly LockOwner[] = ['self', 'selfOverGovernance', 'selfOverLockDate', 'other', 'nobody'];
const BOTH = [false, true] as const;

/** Every member with all of its values. What a rule below calls impossible is left out, and so is what is of no account. */
type Values = { readonly [name in keyof LockSituation]: readonly LockSituation[name][] };

const ASKED: readonly Partial<Values>[] = [
  {
    request: ['Delete'],
    onRemoval: ['keep', 'remove'],
    wasMade: BOTH,
    sameBounds: [false],
    claimed: [false],
    pointsWithoutExpiry: [undefined],
  },
  // A Create changes nothing against a template before.
  { request: ['Create'] },
  { request: ['Create'], mode: ['compliance'], acknowledged: BOTH },
  // A promotion is to compliance, a demotion to governance, and only a lock that stays in compliance mode can change its cooling-off.
  { request: ['Update'], change: [{ coolingOff: false }, { mode: 'demotion', coolingOff: false }] },
  {
    request: ['Update'],
    mode: ['compliance'],
    acknowledged: BOTH,
    change: [{ coolingOff: false }, { coolingOff: true }, { mode: 'promotion', coolingOff: false }],
  },
];

const FOUND: readonly Partial<Values>[] = [
  // A missing or air-gapped vault is not looked at any further.
  { vault: ['missing'], lock: ['none'], owner: ['nobody'], busy: [false], claimed: [false], sameBounds: [false] },
  { vault: ['airGapped'], lock: LOCKS, owner: ['nobody'], busy: [false], claimed: [false] },
  // A lock without a date has none to compare.
  { vault: ['usable', 'notReady'], lock: ['none'], sameBounds: [false] },
  { vault: ['usable', 'notReady'], lock: ['governance'] },
  { vault: ['usable', 'notReady'], lock: ['coolingOff', 'immutable'], date: ['asked', 'earlier', 'later'] },
];

const DEFAULTS: Values = {
  request: [],
  mode: ['governance'],
  acknowledged: [false],
  onRemoval: ['keep'],
  wasMade: [false],
  change: [{ coolingOff: false }],
  vault: [],
  lock: [],
  sameBounds: BOTH,
  owner: OWNERS,
  busy: BOTH,
  date: ['asked'],
  claimed: BOTH,
  dateKept: BOTH,
  phase: [undefined, ...PHASES],
  pointsWithoutExpiry: [undefined, 'none', 'some'],
};

function* product(values: Values, names = Object.keys(values) as (keyof Values)[], chosen: object = {}): Generator<LockSituation> {
  const [name, ...others] = names;
  if (name === undefined) yield chosen as LockSituation;
  else for (const value of values[name] as readonly unknown[]) yield* product(values, others, { ...chosen, [name]: value });
}

const SITUATIONS: readonly LockSituation[] = ASKED.flatMap((asked) =>
  FOUND.flatMap((found) => {
    const names = Object.keys(DEFAULTS) as (keyof Values)[];
    const values = Object.fromEntries(names.map((name) => [name, asked[name] ?? found[name] ?? DEFAULTS[name]]));
    return [...product(values as unknown as Values)];
  }),
);

const DECIDED = SITUATIONS.map((situation) => ({ situation, verdict: decideLock(situation) }));
type Case = (typeof DECIDED)[number];
const where = (condition: (one: Case) => boolean) => DECIDED.filter(condition);
const isPut = ({ verdict }: Case, date?: 'none' | 'coolingOff' | 'farAway') =>
  verdict.do === 'put' && (date === undefined || verdict.date === date);
/** Of those that a law forbids. */
const broken = (cases: readonly Case[], law: (situation: LockSituation, verdict: LockVerdict) => boolean) =>
  cases.filter(({ situation, verdict }) => !law(situation, verdict));

test('all there is', () => {
  expect(SITUATIONS.length).toBeGreaterThan(300_000);
  expect(new Set(DECIDED.map(({ verdict }) => verdict.do))).toEqual(
    new Set(['nothing', 'wait', 'claim', 'askPhase', 'lookForPoints', 'put', 'delete', 'forget', 'refuse']),
  );
});

describe('rule 1: nothing irreversible without a matching acknowledgement', () => {
  const dated = where((one) => isPut(one, 'coolingOff'));

  test('a lock date is set only for an acknowledged compliance template, announced, in a forward deployment, without endless points', () => {
    expect(dated.length).toBeGreaterThan(0);
    const law = (situation: LockSituation) =>
      situation.request !== 'Delete' &&
      situation.mode === 'compliance' &&
      situation.acknowledged &&
      situation.claimed &&
      situation.phase === 'forward' &&
      situation.pointsWithoutExpiry === 'none' &&
      situation.vault === 'usable';
    expect(broken(dated, law)).toEqual([]);
  });

  test('and only where there is none, or the template asks for another one', () => {
    const law = ({ lock, change, sameBounds }: LockSituation) =>
      lock === 'none' || lock === 'governance' || change.mode === 'promotion' || change.coolingOff || !sameBounds;
    expect(broken(dated, law)).toEqual([]);
  });

  test('it comes closer only with a promotion', () => {
    expect(broken(dated, ({ lock, date, change }) => lock !== 'coolingOff' || date !== 'later' || change.mode === 'promotion')).toEqual([]);
  });

  test('who is not acknowledged gets nothing but reads', () => {
    const cases = where(({ situation }) => situation.request !== 'Delete' && situation.mode === 'compliance' && !situation.acknowledged);
    expect(broken(cases, (_situation, verdict) => verdict.do === 'refuse')).toEqual([]);
  });
});

/** A rollback, or a retry that deletes what was never made. */
const takesBack = ({ phase, wasMade }: LockSituation) => phase === 'rollback' || (phase === 'forward' && !wasMade);

describe('rule 4: no wedge', () => {
  test('nothing but forget, nothing and refuse on a lock that is immutable', () => {
    const cases = where(({ situation }) => situation.lock === 'immutable' && situation.vault !== 'missing');
    expect(broken(cases, (_situation, verdict) => ['nothing', 'refuse', 'forget'].includes(verdict.do))).toEqual([]);
  });

  test('a Delete is refused only where a lock would become permanent unseen: nobody knows whether it is a rollback, or whose the lock is', () => {
    const refused = where(({ situation, verdict }) => situation.request === 'Delete' && verdict.do === 'refuse');
    const law = ({ lock, phase, onRemoval, owner, wasMade }: LockSituation, verdict: LockVerdict) => {
      if (lock !== 'coolingOff' || verdict.do !== 'refuse') return false;
      if (verdict.why === 'phaseUnknown') return phase === 'unknown' && onRemoval === 'keep' && owner !== 'nobody';
      const isHeld = wasMade && owner === 'nobody' && onRemoval === 'remove';
      return verdict.why === 'ownerUnknown' && isHeld && (phase === 'done' || phase === 'deletion');
    };
    expect(refused.length).toBeGreaterThan(0);
    expect(broken(refused, law)).toEqual([]);
  });

  test('a Delete leaves alone what it does not know to be its own', () => {
    const cases = where(({ situation }) => situation.request === 'Delete' && ['nobody', 'other'].includes(situation.owner));
    expect(broken(cases, (_situation, verdict) => ['forget', 'refuse', 'askPhase'].includes(verdict.do))).toEqual([]);
  });

  test('a Delete of what was never made, on a vault that is not tagged as its own, just ends', () => {
    const cases = where(
      ({ situation: { request, wasMade, owner } }) => request === 'Delete' && !wasMade && ['nobody', 'other'].includes(owner),
    );
    expect(cases.length).toBeGreaterThan(0);
    expect(broken(cases, (_situation, verdict) => verdict.do === 'forget')).toEqual([]);
  });

  test('a removal that was not asked for, and one that comes late, leave the lock', () => {
    const kept = where(({ situation }) => situation.request === 'Delete' && !takesBack(situation) && situation.onRemoval === 'keep');
    const late = where(({ situation: { request, phase } }) => request === 'Delete' && (phase === 'over' || phase === 'superseded'));
    expect(broken([...kept, ...late], (_situation, verdict) => verdict.do !== 'delete' && verdict.do !== 'put')).toEqual([]);
  });
});

describe('rule 5: no gap', () => {
  test('a lock is deleted on Delete requests only, never somebody else’s, and not beside somebody at work', () => {
    const cases = where(({ verdict }) => verdict.do === 'delete');
    const law = (situation: LockSituation) => {
      const { request, owner, busy, vault, lock, onRemoval } = situation;
      return (
        request === 'Delete' &&
        !['nobody', 'other'].includes(owner) &&
        !busy &&
        vault !== 'airGapped' &&
        (lock === 'governance' || lock === 'coolingOff') &&
        (takesBack(situation) ? owner === 'self' : onRemoval === 'remove')
      );
    };
    expect(cases.length).toBeGreaterThan(0);
    expect(broken(cases, law)).toEqual([]);
  });

  test('a rollback of a Create takes the date off a lock that it found without one, and leaves every other lock that it found', () => {
    const cases = where(
      ({ situation: { request, phase, owner } }) => request === 'Delete' && phase === 'rollback' && owner.startsWith('selfOver'),
    );
    const law = ({ owner, lock }: LockSituation, verdict: LockVerdict) =>
      verdict.do === 'forget' || verdict.do === 'wait' || (verdict.do === 'put' && owner === 'selfOverGovernance' && lock === 'coolingOff');
    expect(broken(cases, law)).toEqual([]);
  });

  test('a lock without owner is taken over as it is or not at all', () => {
    const found = where(
      ({ situation: { request, owner, lock } }) =>
        request === 'Create' && owner === 'nobody' && (lock === 'governance' || lock === 'coolingOff'),
    );
    expect(broken(found, (_situation, verdict) => verdict.do !== 'put' && verdict.do !== 'lookForPoints')).toEqual([]);
    const claimed = where((one) => found.includes(one) && one.verdict.do === 'claim');
    const law = ({ sameBounds, mode, lock }: LockSituation) => sameBounds && !(mode === 'governance' && lock === 'coolingOff');
    expect(broken(claimed, law)).toEqual([]);
  });
});

describe('rule 7: at least once', () => {
  const writes = where((one) => isPut(one) || one.verdict.do === 'delete');

  test('no write beside somebody at work, on a vault that is not ours and locked, not ready, or of another type', () => {
    const law = ({ busy, owner, lock, vault, request }: LockSituation) =>
      !busy &&
      (owner !== 'other' || lock === 'none') &&
      vault !== 'airGapped' &&
      vault !== 'missing' &&
      (vault === 'usable' || request === 'Delete');
    expect(broken(writes, law)).toEqual([]);
  });

  test('no write of a Create or Update that is not announced, or whose stack is not asked since', () => {
    const cases = writes.filter(({ situation }) => situation.request !== 'Delete');
    expect(broken(cases, ({ claimed, phase }) => claimed && phase !== undefined)).toEqual([]);
  });

  test('who comes late writes nothing, not even a tag', () => {
    const late = where(
      ({ situation: { request, phase } }) =>
        (request !== 'Delete' && ['over', 'superseded', 'deletion', 'done'].includes(phase ?? '')) ||
        (request === 'Create' && phase === 'rollback'),
    );
    expect(broken(late, (_situation, verdict) => ['nothing', 'refuse', 'wait'].includes(verdict.do))).toEqual([]);
  });

  test('a second delivery of a request that is done is not a failure', () => {
    const cases = where(
      ({ situation: { request, phase, lock, sameBounds, owner, vault, mode, acknowledged, change, busy } }) =>
        request !== 'Delete' &&
        phase === 'done' &&
        vault === 'usable' &&
        owner === 'self' &&
        sameBounds &&
        !busy &&
        !change.coolingOff &&
        (mode === 'governance'
          ? lock === 'governance'
          : acknowledged && change.mode === undefined && ['coolingOff', 'immutable'].includes(lock)),
    );
    expect(cases.length).toBeGreaterThan(0);
    expect(broken(cases, (_situation, verdict) => verdict.do === 'nothing')).toEqual([]);
  });
});

test('rule 6: what is as the template says, and was not asked to change, is not touched, announced or asked about', () => {
  const cases = where(
    ({ situation: { request, vault, lock, sameBounds, owner, mode, acknowledged, change, busy, claimed, phase } }) =>
      request === 'Update' &&
      vault === 'usable' &&
      owner === 'self' &&
      sameBounds &&
      !busy &&
      !claimed &&
      phase === undefined &&
      change.mode === undefined &&
      !change.coolingOff &&
      (mode === 'governance' ? lock === 'governance' : acknowledged && (lock === 'coolingOff' || lock === 'immutable')),
  );
  expect(cases.length).toBeGreaterThan(0);
  expect(broken(cases, (_situation, verdict) => verdict.do === 'nothing')).toEqual([]);
});

test('success means what the template says', () => {
  const cases = where(({ situation, verdict }) => situation.request !== 'Delete' && verdict.do === 'nothing' && !verdict.leftByRollback);
  const law = ({ mode, lock, sameBounds }: LockSituation) =>
    sameBounds && (mode === 'governance' ? lock === 'governance' : lock === 'coolingOff' || lock === 'immutable');
  expect(broken(cases, law)).toEqual([]);
});

describe('it ends', () => {
  /** What the world makes of a verdict, with the stack in one phase and AWS Backup of one kind; `undefined`: the work is over. */
  function next(situation: LockSituation, verdict: LockVerdict, phase: Phase, keepsDate: boolean): LockSituation | undefined {
    switch (verdict.do) {
      case 'wait':
        return { ...situation, busy: false };
      case 'claim':
        return {
          ...situation,
          claimed: true,
          phase: undefined,
          owner: situation.owner === 'nobody' ? ownerBy(situation.lock) : situation.owner,
        };
      case 'askPhase':
        return { ...situation, phase };
      case 'lookForPoints':
        return { ...situation, pointsWithoutExpiry: 'none' };
      case 'put': {
        if (verdict.date === 'coolingOff') return { ...situation, lock: 'coolingOff', date: 'asked', sameBounds: true };
        const isKept = verdict.date === 'none' && keepsDate && situation.lock === 'coolingOff';
        return isKept ? { ...situation, sameBounds: true, dateKept: true } : { ...situation, lock: 'governance', sameBounds: true };
      }
      case 'delete':
        return { ...situation, lock: 'none' };
      default:
        return undefined;
    }
  }
  const ownerBy = (lock: LockState): LockOwner =>
    lock === 'none' ? 'self' : lock === 'governance' ? 'selfOverGovernance' : 'selfOverLockDate';

  test.each(PHASES.flatMap((phase) => BOTH.map((keepsDate) => [phase, keepsDate] as const)))(
    'in phase %s, dates kept: %s',
    (phase, keepsDate) => {
      const endless = SITUATIONS.filter((first) => {
        // An invocation begins without a claim, and knows nothing.
        if (first.claimed || first.phase !== undefined || first.pointsWithoutExpiry !== undefined || first.dateKept) return false;
        let situation: LockSituation | undefined = first;
        for (let rounds = 0; situation && rounds < 12; rounds++) situation = next(situation, decideLock(situation), phase, keepsDate);
        return situation !== undefined;
      });
      expect(endless).toEqual([]);
    },
  );
});
