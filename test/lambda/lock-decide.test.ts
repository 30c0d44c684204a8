import { decideLock, LockSituation, LockVerdict } from '../../lambda/glacier/lock/decide';

type Row = readonly [given: string, situation: Partial<LockSituation>, verdict: LockVerdict];

const base: LockSituation = {
  request: 'Update',
  stage: 'initiate',
  acknowledged: false,
  lock: 'None',
  samePolicy: false,
  hold: 'foreign',
  startedByThisRequest: false,
  keptByRollback: true,
  meantToComplete: false,
};

const nothing: LockVerdict = { do: 'nothing' };
const start: LockVerdict = { do: 'initiate', abortFirst: false };
const startAnew: LockVerdict = { do: 'initiate', abortFirst: true };
const refuse = (why: Extract<LockVerdict, { do: 'refuse' }>['why']): LockVerdict => ({ do: 'refuse', why });

const none = { lock: 'None' } as const;
const mine = { lock: 'InProgress', hold: 'known', samePolicy: true } as const;
const mineOtherPolicy = { lock: 'InProgress', hold: 'known', samePolicy: false } as const;
const lost = { lock: 'InProgress', hold: 'lost', samePolicy: true } as const;
const busy = { lock: 'InProgress', hold: 'busy', samePolicy: true } as const;
const foreign = { lock: 'InProgress', hold: 'foreign', samePolicy: true } as const;
const locked = { lock: 'Locked', samePolicy: true } as const;
const lockedOther = { lock: 'Locked', samePolicy: false } as const;
const create = { request: 'Create', keptByRollback: false } as const;

function table(stage: Partial<LockSituation>, rows: readonly Row[]): void {
  test.each(rows)('%s', (_given, situation, verdict) => {
    expect(JSON.parse(JSON.stringify(decideLock({ ...base, ...stage, ...situation })))).toEqual(verdict);
  });
}

describe('stage initiate', () => {
  table({ stage: 'initiate' }, [
    ['no lock: start a window', none, start],
    ['no lock, Create: start a window', { ...none, ...create }, start],
    ['somebody is about to initiate: wait', { ...none, hold: 'busy' }, { do: 'wait' }],
    ['in progress, mine, same policy: nothing', mine, nothing],
    ['in progress, mine, Create delivered again: nothing', { ...mine, ...create }, nothing],
    ['in progress, mine, other policy: abort and start anew', mineOtherPolicy, startAnew],
    ['in progress, mine, id lost: abort and start anew', lost, startAnew],
    ['in progress, being worked on: wait', busy, { do: 'wait' }],
    ['in progress, somebody else’s: refuse', foreign, refuse('foreign')],
    ['locked, same policy: nothing', locked, nothing],
    ['locked, other policy: refuse', lockedOther, refuse('lockedWithOtherPolicy')],
    ['locked, other policy, Create: refuse', { ...lockedOther, ...create }, refuse('lockedWithOtherPolicy')],
  ]);
});

describe('stage complete', () => {
  const askPhase: LockVerdict = { do: 'askPhase' };
  table({ stage: 'complete', acknowledged: true }, [
    ['in progress, mine, tested: ask what the stack is doing', mine, askPhase],
    ['… the stack carries out this deployment: complete', { ...mine, phase: 'forward' }, { do: 'complete' }],
    ['… the stack rolls back: refuse', { ...mine, phase: 'rollback' }, refuse('notInDeployment')],
    ['… the stack is doing something else: refuse', { ...mine, phase: 'over' }, refuse('notInDeployment')],
    ['… the stack does not say: refuse', { ...mine, phase: 'unknown' }, refuse('phaseUnknown')],
    ['in progress, started by this very request: refuse', { ...mine, startedByThisRequest: true, phase: 'forward' }, refuse('windowIsNew')],
    ['in progress, another policy was tested: refuse', mineOtherPolicy, refuse('testedPolicyDiffers')],
    ['in progress, id lost: new window and failure', lost, { ...startAnew, failing: 'idLost' }],
    ['in progress, id lost, Create: refuse', { ...lost, ...create }, refuse('nothingToComplete')],
    ['in progress, being worked on: wait', busy, { do: 'wait' }],
    ['in progress, somebody else’s: refuse', foreign, refuse('foreign')],
    ['no lock, Update: new window and failure', none, { ...start, failing: 'windowOver' }],
    ['no lock, Create: refuse', { ...none, ...create }, refuse('nothingToComplete')],
    ['locked, same policy: nothing', locked, nothing],
    ['locked, other policy: refuse', lockedOther, refuse('lockedWithOtherPolicy')],
  ]);

  describe('without a matching acknowledgement', () => {
    table({ stage: 'complete', acknowledged: false }, [
      ['in progress, mine: refuse', { ...mine, phase: 'forward' }, refuse('notAcknowledged')],
      ['no lock: refuse', none, refuse('notAcknowledged')],
      ['somebody else’s: refuse', foreign, refuse('notAcknowledged')],
      ['locked, same policy: nothing, it is done', locked, nothing],
    ]);
  });
});

describe('stage completeOnceAcknowledged', () => {
  describe('with a matching acknowledgement', () => {
    table({ stage: 'completeOnceAcknowledged', acknowledged: true, meantToComplete: true }, [
      ['in progress, mine, tested: complete', { ...mine, phase: 'forward' }, { do: 'complete' }],
      [
        'in progress, started by this very request: refuse',
        { ...mine, startedByThisRequest: true, phase: 'forward' },
        refuse('windowIsNew'),
      ],
      ['in progress, another policy was tested: refuse', mineOtherPolicy, refuse('testedPolicyDiffers')],
      ['rolling back: refuse', { ...mine, phase: 'rollback' }, refuse('notInDeployment')],
      ['id lost: new window and failure', lost, { ...startAnew, failing: 'idLost' }],
      ['no lock, Create: refuse', { ...none, ...create }, refuse('nothingToComplete')],
      ['no lock, Update, the window ran out: new window and failure', none, { ...start, failing: 'windowOver' }],
      ['no lock, Update, a rollback would abort it: refuse', { ...none, keptByRollback: false }, refuse('nothingToComplete')],
      ['locked, same policy: nothing', locked, nothing],
    ]);
  });

  describe('with one that does not match', () => {
    table({ stage: 'completeOnceAcknowledged', acknowledged: false, meantToComplete: true }, [
      ['no lock: refuse', none, refuse('notAcknowledged')],
      ['in progress, mine: refuse', mine, refuse('notAcknowledged')],
      ['locked, same policy: nothing', locked, nothing],
    ]);
  });

  describe('without one', () => {
    table({ stage: 'completeOnceAcknowledged', acknowledged: false }, [
      ['no lock: start a window', none, start],
      ['in progress, mine, same policy: nothing', mine, nothing],
      ['in progress, mine, other policy: abort and start anew', mineOtherPolicy, startAnew],
      ['somebody else’s: refuse', foreign, refuse('foreign')],
      ['locked, other policy: refuse', lockedOther, refuse('lockedWithOtherPolicy')],
    ]);
  });
});

describe('stage abort', () => {
  table({ stage: 'abort' }, [
    ['no lock: nothing', none, nothing],
    ['in progress, mine: ask what the stack is doing', mine, { do: 'askPhase' }],
    ['… the stack carries out this deployment, or takes one back: abort', { ...mine, phase: 'rollback' }, { do: 'abort' }],
    ['… nobody knows: abort', { ...mine, phase: 'unknown' }, { do: 'abort' }],
    ['… the stack has gone on: refuse', { ...mine, phase: 'superseded' }, refuse('tooLate')],
    ['… it has succeeded, so another delivery was answered: refuse', { ...mine, phase: 'done' }, refuse('tooLate')],
    ['in progress, id lost: ask; abort', { ...lost, phase: 'forward' }, { do: 'abort' }],
    ['in progress, being worked on: wait', busy, { do: 'wait' }],
    ['in progress, somebody else’s: refuse', foreign, refuse('foreign')],
    ['locked: refuse', locked, refuse('lockedForEver')],
  ]);
});

describe('Delete', () => {
  table({ request: 'Delete', stage: 'abort' }, [
    ['ask what the stack is doing, before anything is waited for or forgotten', { ...none, hold: 'busy' }, { do: 'askPhase' }],
    ['no lock: forget', { ...none, phase: 'deletion' }, { do: 'forget' }],
    ['a Create is about to initiate: wait', { ...none, hold: 'busy', phase: 'rollback' }, { do: 'wait' }],
    ['… of a later deployment: leave it', { ...none, hold: 'busy', phase: 'superseded' }, { do: 'forget', late: true }],
    ['in progress, mine: ask what the stack is doing', mine, { do: 'askPhase' }],
    ['… it cleans up, rolls back, is deleted, or nobody knows: abort', { ...mine, phase: 'unknown' }, { do: 'abort' }],
    ['… it has gone on, and the lock may be a later one: leave it', { ...mine, phase: 'superseded' }, { do: 'forget', late: true }],
    [
      '… it goes forward, and the lock is newer than the Delete: leave it',
      { ...mine, phase: 'forward', startedByThisRequest: true },
      { do: 'forget', late: true },
    ],
    ['… it goes forward, and deletes what failed before: abort', { ...mine, phase: 'forward' }, { do: 'abort' }],
    ['in progress, id lost: abort', { ...lost, phase: 'deletion' }, { do: 'abort' }],
    ['in progress, a Create is at work: wait', { ...busy, phase: 'rollback' }, { do: 'wait' }],
    ['in progress, somebody else’s: leave it', { ...foreign, phase: 'deletion' }, { do: 'forget' }],
    ['locked: forget, whatever its policy', lockedOther, { do: 'forget' }],
  ]);
});

test('nothing is ever completed without acknowledgement, known id, equal policy and a stack in deployment', () => {
  const stages = ['initiate', 'complete', 'completeOnceAcknowledged', 'abort'] as const;
  const completions = stages.flatMap((stage) =>
    (['Create', 'Update', 'Delete'] as const).flatMap((request) =>
      (['None', 'InProgress', 'Locked'] as const).flatMap((lock) =>
        (['known', 'lost', 'busy', 'foreign'] as const).flatMap((hold) =>
          ([undefined, 'forward', 'rollback', 'over', 'unknown'] as const).flatMap((phase) =>
            Array.from({ length: 32 }, (_, bits) => {
              const [acknowledged, samePolicy, startedByThisRequest, keptByRollback, meantToComplete] = [1, 2, 4, 8, 16].map(
                (bit) => Math.floor(bits / bit) % 2 === 1,
              ) as [boolean, boolean, boolean, boolean, boolean];
              return { stage, request, lock, hold, phase, acknowledged, samePolicy, startedByThisRequest, keptByRollback, meantToComplete };
            }).filter((situation) => decideLock(situation).do === 'complete'),
          ),
        ),
      ),
    ),
  );
  const facts = completions.map(({ lock, hold, phase, acknowledged, samePolicy, startedByThisRequest }) =>
    JSON.stringify({ lock, hold, phase, acknowledged, samePolicy, startedByThisRequest }),
  );
  expect([...new Set(facts)]).toEqual([
    JSON.stringify({
      lock: 'InProgress',
      hold: 'known',
      phase: 'forward',
      acknowledged: true,
      samePolicy: true,
      startedByThisRequest: false,
    }),
  ]);
});
