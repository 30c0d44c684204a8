import { glacierLockProblems, slowestResource, stackProblems } from './convergence';
import type { StackEvent } from './convergence';

const ARN = 'arn:aws:glacier:us-east-1:123456789012:vaults/load1-007';

function event(logicalId: string, status: string, second = 0, reason = ''): StackEvent {
  return { logicalId, status, reason, at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() };
}

function lock(days: number | string, statement: object = {}, state = 'InProgress') {
  const Condition = { NumericLessThan: { 'glacier:ArchiveAgeInDays': days } };
  const retain = { Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: ARN, Condition };
  return { state, policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...retain, ...statement }] }) };
}

describe('a lock is what its template says', () => {
  test('in progress, for this vault, for so many days, as a number or as a text', () => {
    expect(glacierLockProblems(ARN, 2_555, lock(2_555))).toEqual([]);
    expect(glacierLockProblems(ARN, 2_555, lock('2555'))).toEqual([]);
  });

  test.each([
    ['no lock', undefined, 'has no lock'],
    ['a completed lock', lock(2_555, {}, 'Locked'), 'is Locked, not InProgress'],
    ['the period before the update', lock(365), 'has another policy'],
    ['the policy of another vault', lock(2_555, { Resource: `${ARN}8` }), 'has another policy'],
    ['a policy that allows', lock(2_555, { Effect: 'Allow' }), 'has another policy'],
    ['no policy', { state: 'InProgress' }, 'has another policy'],
  ])('%s is a problem', (_, found, problem) => {
    expect(glacierLockProblems(ARN, 2_555, found)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('a stack has come to its end without a failure', () => {
  test('a stack that ended well is no problem', () => {
    expect(stackProblems('Load1', 'CREATE_COMPLETE', 'CREATE_COMPLETE', [event('Lock7', 'CREATE_COMPLETE')])).toEqual([]);
  });

  test('a resource that failed on the way is one, even if the stack ended well', () => {
    const failed = event('Lock7', 'DELETE_FAILED', 0, 'not finished within the time that the function has');
    expect(stackProblems('Load1', 'DELETE_COMPLETE', 'DELETE_COMPLETE', [failed])).toEqual([
      'Load1: Lock7 DELETE_FAILED: not finished within the time that the function has',
    ]);
  });

  test('so is another status, and a rollback', () => {
    const events = [event('Load1', 'UPDATE_ROLLBACK_IN_PROGRESS'), event('Load1', 'UPDATE_ROLLBACK_COMPLETE')];
    expect(stackProblems('Load1', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', events)).toHaveLength(3);
  });
});

test('the slowest resource is found from first sign to last, whatever the order of the events; the stack itself does not count', () => {
  const events = [
    event('Load1', 'CREATE_IN_PROGRESS', 0),
    event('Vault', 'CREATE_IN_PROGRESS', 1),
    event('Lock', 'CREATE_IN_PROGRESS', 5),
    event('Vault', 'CREATE_COMPLETE', 9),
    event('Lock', 'CREATE_IN_PROGRESS', 16),
    event('Lock', 'CREATE_COMPLETE', 17),
    event('Load1', 'CREATE_COMPLETE', 30),
  ];
  expect(slowestResource([...events].reverse(), 'Load1')).toEqual({ logicalId: 'Lock', seconds: 12 });
});
