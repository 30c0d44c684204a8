import { newCalls, tally } from './calls';
import type { Call } from './calls';

const FUNCTION = 'arn:aws:sts::123456789012:assumed-role/Load1-CdkVaultLockGlacierRole-1A2B/Load1-CdkVaultLockGlacierHandler-3C4D';
const CLI = 'arn:aws:sts::123456789012:assumed-role/cdk-hnb659fds-deploy-role-123456789012-us-east-1/aws-cdk-someone';

function call(second: number, operation = 'GetVaultLock', outcome = 'ok', caller = FUNCTION): Call {
  const service = operation === 'DescribeStacks' ? 'cloudformation' : 'glacier';
  return { at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), service, operation, caller, outcome };
}

describe('what the call log has more than at the last look', () => {
  test('all of it at the first look', () => {
    expect(newCalls([call(1), call(2)], [])).toHaveLength(2);
  });

  test('nothing when nothing was called', () => {
    const log = [call(1), call(2)];
    expect(newCalls(log, log)).toEqual([]);
  });

  test('of several calls in the same moment, only those that were not there', () => {
    const before = [call(1), call(2, 'First'), call(2, 'Second')];
    expect(newCalls([...before, call(2, 'Third'), call(3)], before).map(({ operation }) => operation)).toEqual(['Third', 'GetVaultLock']);
  });

  test('also when the log has forgotten its oldest lines', () => {
    const before = [call(1), call(2), call(3, 'Last')];
    expect(newCalls([call(3, 'Last'), call(4, 'New')], before).map(({ operation }) => operation)).toEqual(['New']);
  });
});

describe('tally', () => {
  test('counts by operation and kind of caller, throttled calls apart, the busiest first', () => {
    const calls = [
      call(1, 'GetVaultLock'),
      call(1, 'GetVaultLock', 'ThrottlingException'),
      call(2, 'GetVaultLock', 'ResourceNotFoundException'),
      call(2, 'DescribeStacks', 'Throttling'),
      call(2, 'DescribeStacks', 'ok', CLI),
    ];
    expect(tally(calls)).toEqual([
      { by: 'functions', operation: 'glacier:GetVaultLock', answered: 2, throttled: 1 },
      { by: 'functions', operation: 'cloudformation:DescribeStacks', answered: 0, throttled: 1 },
      { by: 'CLI', operation: 'cloudformation:DescribeStacks', answered: 1, throttled: 0 },
    ]);
  });
});
