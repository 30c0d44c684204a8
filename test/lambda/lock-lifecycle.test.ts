import { retain } from './fakes/policies';
import { HOUR, MINUTE } from './fakes/virtual-clock';
import { ARN, Ask, Response, World } from './fakes/world';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';

const POLICY = retain('ledger', 2555);
const OTHER_POLICY = retain('ledger', 30);
const ACKNOWLEDGE = acknowledgementOf('ledger', policyFingerprint(ARN('ledger'), POLICY));
const initiate = { VaultName: 'ledger', Policy: POLICY, Stage: 'initiate' };
const complete = { VaultName: 'ledger', Policy: POLICY, Stage: 'complete', Acknowledge: ACKNOWLEDGE };
const ID = `${ARN('ledger')}/lock-policy`;

let world: World;
beforeEach(() => {
  world = new World();
  world.glacier.put('ledger');
});

const create = async (properties: object = initiate) => world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties });
const updateOf = (old: object, properties: object): Ask => ({
  type: 'Update',
  resource: 'GLACIER_VAULT_LOCK',
  properties,
  old,
  physicalId: ID,
});
async function update(old: object, properties: object, status = 'UPDATE_IN_PROGRESS'): Promise<Response> {
  world.stacks.stack = { status };
  return world.ask(updateOf(old, properties));
}
async function remove(properties: object = initiate, physicalId = ID): Promise<Response> {
  world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
  return world.ask({ type: 'Delete', resource: 'GLACIER_VAULT_LOCK', properties, physicalId });
}
async function locked(): Promise<void> {
  await create();
  world.clock.advance(23 * HOUR);
  await update(initiate, complete);
  world.forgetCalls();
}

describe('from the test window to the permanent lock', () => {
  test('the initiating deployment starts the window and hands out the acknowledgement', async () => {
    const response = await create();

    expect(response).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: ID,
      Data: {
        LockState: 'InProgress',
        LockCreationDate: expect.stringMatching(/^2026-03-01T12:00:00/) as string,
        LockExpirationDate: expect.stringMatching(/^2026-03-02T12:00:00/) as string,
        PolicyFingerprint: policyFingerprint(ARN('ledger'), POLICY),
        Acknowledgement: ACKNOWLEDGE,
      },
    });
    expect(world.logs.join()).toContain(ACKNOWLEDGE);
  });

  test('23 hours later the completing deployment completes that very lock', async () => {
    await create();
    const tested = world.glacier.lockOf('ledger')?.id;
    world.clock.advance(23 * HOUR);

    const response = await update(initiate, complete);

    expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID, Data: { LockState: 'Locked', LockExpirationDate: '' } });
    expect(world.glacier.lockOf('ledger')).toMatchObject({ id: tested, locked: true });
  });

  test('a read that lags behind Complete and Initiate is waited for', async () => {
    const read = world.glacier.getVaultLock.bind(world.glacier);
    const lagging = (operation: string, reads: number, stale: Awaited<ReturnType<typeof read>> | Error) => {
      let left = reads;
      world.glacier.getVaultLock = async (name) => {
        const now = await read(name).catch((error: Error) => error);
        const answer = world.glacier.count(operation) > 0 && left-- > 0 ? stale : now;
        if (answer instanceof Error) throw answer;
        return answer;
      };
    };
    lagging('InitiateVaultLock', 3, Object.assign(new Error(), { name: 'ResourceNotFoundException' }));
    expect(await create()).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
    world.clock.advance(HOUR);
    lagging('CompleteVaultLock', 3, await world.clock.run(read('ledger')));
    expect(await update(initiate, complete)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
    expect(world.glacier.writes).toEqual(['InitiateVaultLock', 'CompleteVaultLock']);
  });

  test.each([
    ['initiate', async () => create(), ['InitiateVaultLock'], ['PutParameter', 'PutParameter', 'DeleteParameter']],
    ['the same again', async () => (await create(), world.forgetCalls(), update({ ...initiate, Sid: 'x' }, initiate)), [], []],
    ['complete', async () => (await create(), world.forgetCalls(), update(initiate, complete)), ['CompleteVaultLock'], []],
    ['complete again', async () => (await locked(), update(complete, complete)), [], []],
    [
      'another policy',
      async () => (await create(), world.forgetCalls(), update(initiate, { ...initiate, Policy: OTHER_POLICY })),
      ['AbortVaultLock', 'InitiateVaultLock'],
      ['PutParameter', 'PutParameter', 'DeleteParameter'],
    ],
    ['delete in progress', async () => (await create(), world.forgetCalls(), remove()), ['AbortVaultLock'], ['DeleteParameter']],
    ['delete locked', async () => (await locked(), remove()), [], ['DeleteParameter']],
  ])('writes of "%s"', async (_step, step, glacier, records) => {
    expect(await step()).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.writes).toEqual(glacier);
    expect(world.parameters.calls.filter((call) => call !== 'GetParameter')).toEqual(records);
  });

  test('reads: one look to judge, one when nobody else may act any more, one after', async () => {
    await create();
    expect(world.glacier.calls).toEqual(['GetVaultLock', 'GetVaultLock', 'InitiateVaultLock', 'GetVaultLock']);
    expect(world.parameters.calls).toEqual(['GetParameter', 'PutParameter', 'PutParameter', 'DeleteParameter']);
    world.forgetCalls();

    await update(initiate, complete);
    expect(world.glacier.calls).toEqual(['GetVaultLock', 'CompleteVaultLock', 'GetVaultLock']);
    expect(world.parameters.calls).toEqual(['GetParameter']);
    expect(world.stacks.calls).toEqual(['DescribeStacks']);
  });
});

describe('what completes nothing', () => {
  const refusals: readonly [string, object, RegExp][] = [
    ['no acknowledgement', { ...complete, Acknowledge: undefined }, /`acknowledge`.*is missing/],
    ['another vault’s', { ...complete, Acknowledge: ACKNOWLEDGE.replace('ledger', 'diary') }, /is for another vault/],
    ['a stale one', { ...complete, Policy: OTHER_POLICY }, /is stale/],
  ];
  test.each(refusals)('%s', async (_what, properties, reason) => {
    await create();
    const response = await update(initiate, properties);
    expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID, Reason: expect.stringMatching(reason) as string });
    expect(response.Reason).not.toContain('sha256:');
    expect(world.glacier.lockOf('ledger')?.locked).toBe(false);
  });

  test('a policy that was not the one under test', async () => {
    await create({ ...initiate, Policy: OTHER_POLICY });
    expect(await update(initiate, complete)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('another policy under test') as string,
    });
  });

  test.each(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])(
    'a stack that is in %s',
    async (status) => {
      await create();
      expect(await update(initiate, complete, status)).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining('never completes') as string,
      });
      expect(world.glacier.count('CompleteVaultLock')).toBe(0);
    },
  );

  test('a stack that rolls back: the request is answered, and nothing is completed', async () => {
    await create();
    expect(await update(initiate, complete, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'InProgress' },
    });
    expect(world.glacier.count('CompleteVaultLock')).toBe(0);
  });

  test('a late request of an update before the one that runs now', async () => {
    await create();
    const late = world.event(updateOf(initiate, complete));
    world.clock.advance(10 * MINUTE);
    world.stacks.stack = { status: 'UPDATE_IN_PROGRESS', lastUpdated: new Date(world.clock.now()).toISOString() };
    const [response] = await world.deliver(late);
    expect(response).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('late or was taken back') as string });
    expect(world.glacier.count('CompleteVaultLock')).toBe(0);
  });

  test('a stack whose status may not be read', async () => {
    await create();
    world.stacks.deniedUntil.set('*', Infinity);
    expect(await update(initiate, complete)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('DescribeStacks') as string,
    });
  });

  test('a new resource: there can be no tested lock', async () => {
    expect(await create(complete)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('`stage` initiate first') as string });
    expect(world.glacier.writes).toEqual([]);
    expect(world.parameters.record('ledger')).toBeUndefined();
  });
});

describe('a window that is gone', () => {
  test('ran out: a new one starts, the deployment fails and says so (trap 7)', async () => {
    await create();
    world.clock.advance(25 * HOUR);

    const response = await update(initiate, complete);

    expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(response.Reason).toMatch(
      /NOT locked: the 24 hour window .* ran out at 2026-03-02T12:00.* new test window .* until 2026-03-03T13:00/,
    );
    expect(world.glacier.lockOf('ledger')?.locked).toBe(false);

    // The rollback keeps the new window, and the same acknowledgement completes it later.
    expect(await update(complete, initiate, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
    world.clock.advance(HOUR);
    expect(await update(initiate, complete)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
  });

  test('was aborted by hand', async () => {
    await create();
    await world.clock.run(world.glacier.abortVaultLock('ledger'));
    expect((await update(initiate, complete)).Reason).toContain('was aborted outside of this stack');
  });

  test('the event that started the new window never completes it, delivered again at once or hours later', async () => {
    await create();
    world.clock.advance(25 * HOUR);
    world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
    const event = world.event(updateOf(initiate, complete));
    await world.deliver(event);
    for (const hours of [0, 2]) {
      world.clock.advance(hours * HOUR);
      const [again] = await world.deliver(event);
      expect(again).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('nobody can have tested it') as string });
    }
    expect(world.glacier.count('CompleteVaultLock')).toBe(0);
  });

  test('the same request sent again under another URL does not complete it either', async () => {
    await create();
    world.clock.advance(25 * HOUR);
    world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
    const [first, second] = [world.event(updateOf(initiate, complete)), world.event(updateOf(initiate, complete))];
    world.clock.advance(2_000);
    await world.deliver(first);
    expect((await world.deliver(second))[0]).toMatchObject({ Status: 'FAILED' });
    expect(world.glacier.count('CompleteVaultLock')).toBe(0);
  });

  test('an id that Glacier does not take any more: new window', async () => {
    await create();
    world.glacier.faults.push({
      operation: 'CompleteVaultLock',
      when: 'before',
      error: Object.assign(new Error('not lock-id-1-secret'), { name: 'InvalidParameterValueException' }),
    });
    const response = await update(initiate, complete);
    expect(response).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('lock id of the window in progress was lost') as string,
    });
    expect(JSON.stringify(response) + world.logs.join()).not.toContain('secret');
  });
});

describe('completeOnceAcknowledged', () => {
  const once = { ...initiate, Stage: 'completeOnceAcknowledged' };
  const acknowledged = { ...once, Acknowledge: ACKNOWLEDGE };

  test('a pipeline: the first deployment starts the window, the acknowledged one completes', async () => {
    expect(await create(once)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
    expect(await update(once, acknowledged)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
  });

  test('acknowledged from the beginning: refused, because nothing would ever complete a window that no later change follows', async () => {
    expect(await create(acknowledged)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('no lock in progress') as string,
    });
    expect(world.glacier.writes).toEqual([]);
  });

  test('white space around the acknowledgement does not count, a wrong digit does', async () => {
    await create(once);
    const slip = { ...once, Acknowledge: ACKNOWLEDGE.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) };
    expect(await update(once, slip)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('`acknowledge`') as string });
    expect(await update(once, { ...once, Acknowledge: ` ${ACKNOWLEDGE}\n` })).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'Locked' },
    });
  });

  test('acknowledged after the window ran out: new window and failure', async () => {
    await create(once);
    world.clock.advance(25 * HOUR);
    expect(await update(once, acknowledged)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('NOT locked') as string });
  });
});
