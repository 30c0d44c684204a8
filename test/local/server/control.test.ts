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
