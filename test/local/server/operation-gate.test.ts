import { DroppedConnection, FaultGate } from '../../../local/server/operation-gate';
import type { AwsRequest } from '../../../local/server/service';
import { testWorld } from '../test-world';

const request = {
  service: 'glacier',
  region: 'eu-central-1',
  caller: { accountId: '1', arn: 'arn:aws:iam::1:user/local' },
} as unknown as AwsRequest;

function gateWithCounter() {
  const gate: FaultGate = testWorld().gate;
  let effects = 0;
  const call = (operation = 'InitiateVaultLock') => gate.run(request, operation, () => (effects += 1));
  return { gate, call, effects: () => effects };
}

describe('FaultGate', () => {
  test('without faults an operation just runs, and is logged', async () => {
    const { gate, call, effects } = gateWithCounter();
    await call();
    expect(effects()).toBe(1);
    expect(gate.calls).toMatchObject([
      { service: 'glacier', region: 'eu-central-1', operation: 'InitiateVaultLock', outcome: 'ok', caller: 'arn:aws:iam::1:user/local' },
    ]);
  });

  test('an error before the effect leaves nothing done', async () => {
    const { gate, call, effects } = gateWithCounter();
    gate.setFaults([{ service: 'glacier', operation: 'InitiateVaultLock', error: 'ThrottlingException' }]);
    await expect(call()).rejects.toMatchObject({ code: 'ThrottlingException', message: 'Rate exceeded', status: 400 });
    expect(effects()).toBe(0);
  });

  test('an error after the effect is a lost answer: it has been done', async () => {
    const { gate, call, effects } = gateWithCounter();
    gate.setFaults([{ service: 'glacier', operation: 'InitiateVaultLock', when: 'after', dropConnection: true }]);
    await expect(call()).rejects.toBeInstanceOf(DroppedConnection);
    expect(effects()).toBe(1);
    expect(gate.calls).toMatchObject([{ outcome: 'dropped' }]);
  });

  test('a fault hits as many calls as it says and only the operation it names', async () => {
    const { gate, call, effects } = gateWithCounter();
    gate.setFaults([{ service: '*', operation: 'InitiateVaultLock', error: 'ServiceUnavailableException', times: 2 }]);
    await expect(call()).rejects.toMatchObject({ status: 500 });
    await call('AbortVaultLock');
    await expect(call()).rejects.toMatchObject({ status: 500 });
    await call();
    expect(effects()).toBe(2);
    expect(gate.pending).toEqual([]);
  });

  test.each([
    ['SlowDown', 503],
    ['InternalError', 500],
    ['TooManyRequestsException', 429],
    ['RequestLimitExceeded', 503],
    ['AccessDenied', 403],
    ['SomeCodeOfTheUsersOwn', 400],
  ])('the error %s comes with status %i unless the fault says another one', async (error, status) => {
    const { gate, call } = gateWithCounter();
    gate.setFaults([
      { service: 'glacier', operation: '*', error },
      { service: 'glacier', operation: '*', error, status: 418 },
    ]);
    await expect(call()).rejects.toMatchObject({ code: error, status });
    await expect(call()).rejects.toMatchObject({ code: error, status: 418 });
  });

  test('ResourceNotFoundException is a 404 of Glacier and a 400 of AWS Backup', async () => {
    const { gate, call } = gateWithCounter();
    gate.setFaults([{ service: '*', operation: '*', error: 'ResourceNotFoundException', times: 2 }]);
    await expect(call()).rejects.toMatchObject({ status: 404 });
    await expect(gate.run({ ...request, service: 'backup' }, 'DescribeBackupVault', () => undefined)).rejects.toMatchObject({
      status: 400,
    });
  });

  test('a delay that nothing calls for is asked for by name and used up', () => {
    const { gate } = gateWithCounter();
    gate.setFaults([{ service: 'iam', operation: 'grant', delayMs: 5_000 }]);
    expect(gate.delay('lambda', 'kill')).toBe(0);
    expect(gate.delay('iam', 'grant')).toBe(5_000);
    expect(gate.delay('iam', 'grant')).toBe(0);
  });
});
