import { Control } from '../../../local/server/control';
import { testWorld } from '../test-world';

function control() {
  const world = testWorld();
  const received: string[] = [];
  let resets = 0;
  const { clock, gate } = world;
  const routes = new Control({
    clock,
    gate,
    faultTargets: () => new Map(Object.entries({ glacier: ['InitiateVaultLock', 'DescribeVault'], iam: ['GetRole'], lambda: ['Invoke'] })),
    summary: () => ({ vaults: [] }),
    receiveResponse: (key, body) => received.push(`${key}: ${body.toString()}`) > 0,
    advanced: () => {},
    reset: () => void (resets += 1),
  });
  const ask = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await routes.handle(method, path, Buffer.from(body === undefined ? '' : JSON.stringify(body)));
    return { status, body: answer ? (JSON.parse(String(answer)) as unknown) : undefined };
  };
  return { ask, world, received, resets: () => resets };
}

describe('the control routes', () => {
  test('health, clock and state', async () => {
    const { ask } = control();
    expect(await ask('GET', '/_local/health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await ask('GET', '/_local/clock')).toEqual({ status: 200, body: { now: '2026-01-01T00:00:00.000Z', offsetSeconds: 0 } });
    expect(await ask('GET', '/_local/state')).toEqual({ status: 200, body: { vaults: [] } });
  });

  test('the clock answers when all that is due by then has happened', async () => {
    const { ask, world } = control();
    let expired = false;
    world.clock.at(world.clock.now() + 86_400_000, async () => {
      await Promise.resolve();
      expired = true;
    });
    expect(await ask('POST', '/_local/clock', { advanceSeconds: 86_400.5 })).toEqual({
      status: 200,
      body: { now: '2026-01-02T00:00:00.500Z', offsetSeconds: 86_400.5 },
    });
    expect(expired).toBe(true);
  });

  test.each([[{}], [{ advanceSeconds: -1 }], [{ advanceSeconds: '5' }], [{ advanceSeconds: 1e15 }], [undefined]])(
    'the clock refuses %j',
    async (body) => {
      const { ask, world } = control();
      expect(await ask('POST', '/_local/clock', body)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('advanceSeconds') },
      });
      expect(world.clock.offset).toBe(0);
    },
  );

  test('faults are replaced as a whole, counted, and checked', async () => {
    const { ask } = control();
    const fault = { service: 'glacier', operation: 'InitiateVaultLock', when: 'after', dropConnection: true, times: 2 };
    expect(await ask('POST', '/_local/faults', [fault])).toEqual({ status: 200, body: { faults: [fault] } });
    expect(await ask('POST', '/_local/faults', [])).toEqual({ status: 200, body: { faults: [] } });
    for (const wrong of [
      { service: 'glacier' },
      [{ service: 'glacier', operation: 'X' }],
      [{ ...fault, error: 'Both' }],
      [{ ...fault, when: 'during' }],
    ]) {
      expect(await ask('POST', '/_local/faults', wrong)).toMatchObject({ status: 400 });
    }
  });

  test.each([
    [
      { service: 'glaceir', operation: '*', error: 'X' },
      '`service` must be a signing name that the local endpoint serves (glacier, iam, lambda) or "*"; got "glaceir".',
    ],
    [
      { service: 'glacier', operation: 'InitiateLock', error: 'X' },
      '`operation` must be one of glacier that the local endpoint knows (InitiateVaultLock, DescribeVault) or "*"; got "InitiateLock".',
    ],
    [{ service: 'glacier', operation: 'grant', delayMs: 1 }, 'got "grant"'],
    [{ service: 'glacier', operation: '*', delayMs: -5 }, '`delayMs` must be a number of milliseconds from 0 to 2147483647; got -5.'],
    [{ service: 'glacier', operation: '*', error: 'X', status: 200 }, '`status` must be an HTTP status from 400 to 599; got 200.'],
  ])('a fault that can never do what it says is refused: %j', async (fault, message) => {
    const { ask, world } = control();
    const possible = { service: 'iam', operation: 'grant', delayMs: 5 };
    expect(await ask('POST', '/_local/faults', [possible, fault])).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) as string },
    });
    expect(world.gate.pending).toEqual([]);
  });

  test.each([
    [{ service: '*', operation: 'AnyOfAnyService', error: 'X' }],
    [{ service: 'glacier', operation: '*', error: 'X', status: 503 }],
    [{ service: 'iam', operation: 'grant', delayMs: 0 }],
    [{ service: 'lambda', operation: 'kill', delayMs: 100 }],
  ])('the fault %j is taken', async (fault) => {
    expect(await control().ask('POST', '/_local/faults', [fault])).toMatchObject({ status: 200 });
  });

  test("takes a custom resource's answer, and answers like S3 even when nobody waits", async () => {
    const { ask, received } = control();
    expect(await ask('PUT', '/_local/responses/arn%3Aaws%7CLock?X-Amz-Signature=1', { Status: 'SUCCESS' })).toEqual({
      status: 200,
      body: undefined,
    });
    expect(received).toEqual(['arn%3Aaws%7CLock: {"Status":"SUCCESS"}']);
  });

  test('reset, and an unknown route', async () => {
    const { ask, resets } = control();
    await ask('POST', '/_local/reset');
    expect(resets()).toBe(1);
    expect(await ask('GET', '/_local/nonsense')).toMatchObject({ status: 404 });
  });
});
