import * as fc from 'fast-check';
import { VirtualClock } from '../../../local/server/clock';
import { FaultGate } from '../../../local/server/operation-gate';
import { AwsError } from '../../../local/server/service';
import type { AwsRequest, Caller } from '../../../local/server/service';
import { Throttle } from '../../../local/server/throttle';

const FUNCTION: Caller = { accountId: '1', arn: 'arn:aws:sts::1:assumed-role/Provider/fn', roleArn: 'arn:aws:iam::1:role/Provider' };
const CLI: Caller = { accountId: '1', arn: 'arn:aws:iam::1:user/local' };
const CLOUDFORMATION: Caller = {
  accountId: '1',
  arn: 'arn:aws:sts::1:assumed-role/cdk-hnb659fds-cfn-exec-role-1-eu-west-1/AWSCloudFormation',
};

interface Asking {
  readonly service?: string;
  readonly operation?: string;
  readonly region?: string;
  readonly caller?: Caller;
}

/** A limit, and a clock that only `advance` moves. */
function limited(requestsPerSecond: number) {
  const clock = new VirtualClock(() => Date.parse('2026-01-01T00:00:00Z'));
  const throttle = new Throttle(clock, requestsPerSecond);
  const ask = ({ service = 'glacier', operation = 'GetVaultLock', region = 'eu-west-1', caller = FUNCTION }: Asking = {}) => {
    try {
      throttle.admit({ service, region, caller } as AwsRequest, operation);
      return 'admitted';
    } catch (error) {
      const { code, message, status } = error as AwsError;
      return `${status} ${code}: ${message}`;
    }
  };
  const admitted = (times: number, asking?: Asking) =>
    Array.from({ length: times }, () => ask(asking)).filter((answer) => answer === 'admitted').length;
  return { clock, throttle, ask, admitted };
}

describe('Throttle', () => {
  test('ten requests at once are admitted at ten per second, and then one every tenth of a second', async () => {
    const { clock, admitted } = limited(10);
    expect(admitted(30)).toBe(10);
    await clock.advance(99);
    expect(admitted(5)).toBe(0);
    await clock.advance(1);
    expect(admitted(5)).toBe(1);
  });

  test('an idle hour earns no more than the requests of one second', async () => {
    const { clock, admitted } = limited(10);
    await clock.advance(3_600_000);
    expect(admitted(100)).toBe(10);
  });

  test('whatever the pauses, no stretch of time takes more than its share and one second in advance; and nothing is held back', async () => {
    const moments = fc.array(fc.record({ pause: fc.integer({ min: 0, max: 400 }), requests: fc.integer({ min: 0, max: 12 }) }), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 20 }), async (steps, rate) => {
        const { clock, admitted } = limited(rate);
        let [elapsed, taken] = [0, 0];
        for (const { pause, requests } of steps) {
          await clock.advance(pause);
          elapsed += pause;
          const now = admitted(requests);
          taken += now;
          expect(taken).toBeLessThanOrEqual(rate + (elapsed / 1000) * rate + 1e-6);
          // Refused only when the bucket is empty: then a second later it is full again.
          if (now < requests) expect(taken).toBeGreaterThanOrEqual(rate);
        }
      }),
    );
  });

  test('0 is no limit', () => {
    expect(limited(0).admitted(1_000)).toBe(1_000);
  });

  test('every operation, service, region and account has an allowance of its own', () => {
    const { ask, admitted } = limited(2);
    expect(admitted(3)).toBe(2);
    expect(ask({ operation: 'InitiateVaultLock' })).toBe('admitted');
    expect(ask({ service: 'backup' })).toBe('admitted');
    expect(ask({ region: 'eu-west-2' })).toBe('admitted');
    expect(ask({ caller: { ...FUNCTION, accountId: '2' } })).toBe('admitted');
  });

  test('the functions and the CLI share the allowance of their account', () => {
    const { ask, admitted } = limited(3);
    const DescribeStacks = { service: 'cloudformation', operation: 'DescribeStacks' };
    expect(admitted(3, { ...DescribeStacks, caller: FUNCTION })).toBe(3);
    expect(ask({ ...DescribeStacks, caller: CLI })).toBe('400 Throttling: Rate exceeded');
  });

  test("CloudFormation's own handlers are let through", () => {
    const asking = { service: 'backup', operation: 'CreateBackupVault', caller: CLOUDFORMATION };
    expect(limited(1).admitted(5, asking)).toBe(5);
  });

  test.each([
    ['glacier', '400 ThrottlingException: Rate exceeded'],
    ['backup', '400 ThrottlingException: Rate exceeded'],
    ['ssm', '400 ThrottlingException: Rate exceeded'],
    ['cloudformation', '400 Throttling: Rate exceeded'],
    ['sts', '400 Throttling: Rate exceeded'],
    ['s3', '503 SlowDown: Please reduce your request rate.'],
    ['lambda', '429 TooManyRequestsException: Rate Exceeded.'],
    ['ec2', '503 RequestLimitExceeded: Request limit exceeded.'],
  ])('%s says %s', (service, refusal) => {
    const { ask } = limited(1);
    ask({ service });
    expect(ask({ service })).toBe(refusal);
  });

  test('what is refused has no effect, is in the call log, and leaves the faults for later', async () => {
    const { clock, throttle } = limited(1);
    const gate = new FaultGate(clock, throttle);
    const request = { service: 'glacier', region: 'eu-west-1', caller: FUNCTION } as AwsRequest;
    let effects = 0;
    const initiate = async () => gate.run(request, 'InitiateVaultLock', () => (effects += 1));
    await initiate();
    gate.setFaults([{ service: 'glacier', operation: '*', error: 'ServiceUnavailableException' }]);
    await expect(initiate()).rejects.toMatchObject({ code: 'ThrottlingException' });
    expect(effects).toBe(1);
    expect(gate.calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ThrottlingException']);
    expect(gate.pending).toHaveLength(1);
  });
});
