import * as fc from 'fast-check';
import { awsError, connectionLost } from './fakes/faulty-service';
import { retain } from './fakes/policies';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';
import { ARN, Event, Response, World } from './fakes/world';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';

const POLICY = retain('ledger', 2555);
const ACKNOWLEDGE = acknowledgementOf('ledger', policyFingerprint(ARN('ledger'), POLICY));
const initiate = { VaultName: 'ledger', Policy: POLICY, Stage: 'initiate' };
const another = { ...initiate, Policy: retain('ledger', 30) };
const complete = { ...initiate, Stage: 'complete', Acknowledge: ACKNOWLEDGE };
const ID = `${ARN('ledger')}/lock-policy`;

let world: World;
beforeEach(() => {
  world = new World();
  world.glacier.put('ledger');
});

const createEvent = () => world.event({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties: initiate });
const updateEvent = (old: object, properties: object) =>
  world.event({ type: 'Update', resource: 'GLACIER_VAULT_LOCK', properties, old, physicalId: ID });
const deleteEvent = (physicalId = ID) => world.event({ type: 'Delete', resource: 'GLACIER_VAULT_LOCK', properties: initiate, physicalId });
const one = async (event: Event): Promise<Response> => (await world.deliver(event))[0] as Response;
/** The record's lock id is that of the lock that is there: it can be completed. */
const isCompletable = () => {
  const lock = world.glacier.lockOf('ledger');
  return lock !== undefined && world.parameters.record('ledger')?.lockId === lock.id;
};

describe('the same event twice', () => {
  test('after success: same id, no second effect', async () => {
    const event = createEvent();
    const [first, second] = [await one(event), await one(event)];
    expect(second).toEqual(first);
    expect(world.glacier.count('InitiateVaultLock')).toBe(1);
  });

  test('side by side, whatever the network does: both succeed, one lock, its id on record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 400 })), async (latencies) => {
        world = new World();
        world.glacier.put('ledger');
        for (const service of [world.glacier, world.parameters, world.stacks]) service.latency = () => latencies.next().value as number;
        const event = createEvent();
        const responses = await world.deliver(event, event);
        expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
        expect(world.glacier.count('InitiateVaultLock')).toBe(1);
        expect(isCompletable()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('a change of policy side by side: the new policy, its id on record, no failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 400 })), async (latencies) => {
        world = new World();
        world.glacier.put('ledger');
        await one(createEvent());
        for (const service of [world.glacier, world.parameters, world.stacks]) service.latency = () => latencies.next().value as number;
        const event = updateEvent(initiate, another);
        const responses = await world.deliver(event, event);
        expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
        expect(world.glacier.lockOf('ledger')?.policy).toContain('"30"');
        expect(isCompletable()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('one that is overtaken between its judgement and its claim looks again, and finds nothing to do', async () => {
    let puts = 0;
    world.parameters.latency = (operation) => (operation === 'PutParameter' && ++puts === 1 ? 20 * SECOND : 5);
    const event = createEvent();
    const overtaken = world.start(event);
    await world.clock.run(world.clock.sleep(100));
    const overtaking = world.start(event);
    expect((await world.clock.run(Promise.all([overtaken, overtaking]))).map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(world.glacier.writes).toEqual(['InitiateVaultLock']);
    expect(isCompletable()).toBe(true);
  });

  test('completing side by side: both succeed', async () => {
    await one(createEvent());
    world.clock.advance(HOUR);
    const event = updateEvent(initiate, complete);
    const responses = await world.deliver(event, event);
    expect(responses.map(({ Data }) => Data?.LockState)).toEqual(['Locked', 'Locked']);
  });
});

describe('Delete beside Create', () => {
  test('whenever it comes and whatever the network does: no lock and no record stay', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 400 })), fc.integer({ min: 0, max: 4000 }), async (latencies, later) => {
        world = new World();
        world.glacier.put('ledger');
        for (const service of [world.glacier, world.parameters, world.stacks]) service.latency = () => latencies.next().value as number;
        const remove = async () => {
          await world.clock.sleep(later);
          // CloudFormation says so before it sends the Delete, with an id of its own making.
          world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
          return world.start(deleteEvent('archive-Thing-1ABCDEFGHIJK'));
        };
        const [, deleted] = await world.clock.run(Promise.all([world.start(createEvent()), remove()]));
        expect(deleted.Status).toBe('SUCCESS');
        expect(world.glacier.lockOf('ledger')).toBeUndefined();
        expect(world.parameters.stored.size).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('that looked when Initiate was under way, and again when all traces of the Create were gone', async () => {
    world.glacier.latency = (operation) => (operation === 'InitiateVaultLock' ? SECOND : 5);
    const created = world.start(createEvent());
    await world.clock.run(world.clock.sleep(60));
    expect(world.stacks.calls).toEqual(['DescribeStacks']);
    world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
    let reads = 0;
    world.parameters.latency = (operation) => (operation === 'GetParameter' && ++reads === 1 ? 5 * SECOND : 5);
    await world.clock.run(Promise.all([created, world.start(deleteEvent())]));
    expect(world.glacier.count('InitiateVaultLock')).toBe(1);
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
  });

  test('a Create that comes after everything is over makes nothing', async () => {
    const event = createEvent();
    world.stacks.stack = { status: 'ROLLBACK_COMPLETE' };
    expect(await one(event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('came too late') as string });
    world.stacks.stack = undefined;
    expect(await one(event)).toMatchObject({ Status: 'FAILED' });
    expect(world.glacier.writes).toEqual([]);
    expect(world.parameters.stored.size).toBe(0);
  });

  test('a late Update that finds its deployment over leaves the tested lock and its id as they were', async () => {
    await one(createEvent());
    world.stacks.stack = { status: 'UPDATE_ROLLBACK_COMPLETE' };
    expect(await one(updateEvent(initiate, another))).toMatchObject({ Status: 'FAILED' });
    expect(world.glacier.lockOf('ledger')?.policy).toContain('2555');
    expect(isCompletable()).toBe(true);
    // Nor does it keep the next deployment waiting.
    expect(world.parameters.intent('ledger')).toBeUndefined();
  });
});

describe('lost answers', () => {
  test('of Initiate: the lock without an id is aborted and initiated anew (trap 1)', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'after', error: connectionLost() });
    expect(await one(createEvent())).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
    expect(world.glacier.writes).toEqual(['InitiateVaultLock', 'AbortVaultLock', 'InitiateVaultLock']);
    expect(isCompletable()).toBe(true);
  });

  const operations = ['GetVaultLock', 'InitiateVaultLock', 'GetParameter', 'PutParameter', 'DescribeStacks'];
  const errors: readonly [string, () => Error][] = [
    ['a dropped connection', connectionLost],
    ['500 ServiceUnavailable (trap 23)', () => awsError('ServiceUnavailableException', 'try again', 500)],
    ['an HTML page', () => awsError('SyntaxError', 'Unexpected token <', 502)],
    ['400 Rate exceeded (trap 23)', () => awsError('ThrottlingException', 'Rate exceeded')],
  ];
  const cases = operations.flatMap((operation) => errors.map(([name, error]) => [operation, name, error] as const));
  describe.each(['before', 'after'] as const)('%s the effect', (when) => {
    const possible = cases.filter(([, name]) => when === 'before' || !name.startsWith('400'));
    test.each(possible)('%s answers with %s, twice', async (operation, _name, error) => {
      for (const service of [world.glacier, world.parameters, world.stacks]) {
        service.faults.push({ operation, when, error: error(), times: 2 });
      }
      expect(await one(createEvent())).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
      expect(isCompletable()).toBe(true);
    });
  });

  test.each(['before', 'after'] as const)('of Complete and Abort, %s the effect', async (when) => {
    await one(createEvent());
    world.clock.advance(HOUR);
    world.glacier.faults.push({ operation: 'CompleteVaultLock', when, error: connectionLost(), times: 2 });
    expect(await one(updateEvent(initiate, complete))).toMatchObject({ Data: { LockState: 'Locked' } });

    world.glacier.put('ledger');
    await one(createEvent());
    world.clock.advance(HOUR);
    world.glacier.faults.push({ operation: 'AbortVaultLock', when, error: connectionLost(), times: 2 });
    expect(await one(deleteEvent())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
  });

  test('a service that never recovers: failed, and nothing half-made stays', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'before', error: connectionLost(), times: Infinity });
    expect(await one(createEvent())).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(world.parameters.stored.size).toBe(0);
  });
});

describe('a process that dies', () => {
  test.each([
    ['before Initiate', 'DescribeStacks', 'before'],
    ['after Initiate', 'InitiateVaultLock', 'after'],
    ['before the id is written down', 'PutParameter', 'before'],
  ] as const)('%s: the event that is delivered again waits for its time to be over, then starts anew', async (_when, operation, when) => {
    const event = createEvent();
    const fault = { operation, when, error: 'hang' } as const;
    const dying = world.start(event).catch(() => undefined);
    if (operation === 'PutParameter') await world.clock.run(world.clock.sleep(55));
    for (const service of [world.glacier, world.parameters, world.stacks]) service.faults.push({ ...fault });
    await world.clock.run(world.clock.sleep(MINUTE));
    for (const service of [world.glacier, world.parameters, world.stacks]) service.faults.length = 0;

    const started = world.clock.now();
    // A request that was under way when the time ran out has 20 seconds to arrive.
    expect(world.parameters.intent('ledger')?.leaseUntil).toBe(started - MINUTE - (operation === 'PutParameter' ? 55 : 0) + 315 * SECOND);
    expect(await one(event)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
    expect(world.clock.now() - started).toBeGreaterThan(3 * MINUTE);
    expect(world.glacier.count('InitiateVaultLock')).toBe(operation === 'DescribeStacks' ? 1 : 2);
    expect(isCompletable()).toBe(true);
    await world.clock.run(dying);
  });

  test('two that take over from it at once: one goes on', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'after', error: 'hang' });
    const event = createEvent();
    const dying = world.start(event);
    await world.clock.run(world.clock.sleep(6 * MINUTE));
    const responses = await world.deliver(event, event);
    expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(world.glacier.writes).toEqual(['InitiateVaultLock', 'AbortVaultLock', 'InitiateVaultLock']);
    expect(isCompletable()).toBe(true);
    await world.clock.run(dying);
  });

  test('and another that dies when about to abort the lock without id: the third still knows whose it is', async () => {
    const event = createEvent();
    for (const [operation, when] of [
      ['InitiateVaultLock', 'after'],
      ['AbortVaultLock', 'before'],
    ] as const) {
      world.glacier.faults.push({ operation, when, error: 'hang' });
      await one(event);
      await world.clock.run(world.clock.sleep(6 * MINUTE));
    }
    expect(await one(event)).toMatchObject({ Status: 'SUCCESS' });
    expect(isCompletable()).toBe(true);
  });

  test('and a late request that is refused: it neither aborts the lock without id nor forgets whose it is', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'after', error: 'hang' });
    const event = createEvent();
    await one(event);
    await world.clock.run(world.clock.sleep(6 * MINUTE));
    world.stacks.stack = { status: 'CREATE_COMPLETE' };
    expect(await one(event)).toMatchObject({ Status: 'FAILED' });
    expect(world.glacier.count('AbortVaultLock')).toBe(0);
    await world.clock.run(world.clock.sleep(6 * MINUTE));
    world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
    expect(await one(deleteEvent())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
  });

  test('between the abort of the old lock and the new one', async () => {
    await one(createEvent());
    world.glacier.faults.push({ operation: 'AbortVaultLock', when: 'after', error: 'hang' });
    const event = updateEvent(initiate, another);
    const dying = world.start(event);
    await world.clock.run(world.clock.sleep(MINUTE));
    expect(await one(event)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
    expect(isCompletable()).toBe(true);
    await world.clock.run(dying);
  });

  test('a Delete that began right after it ends in time, and takes its lock away', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'after', error: 'hang' });
    const dying = world.start(createEvent());
    await world.clock.run(world.clock.sleep(SECOND));
    world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
    expect(await one(deleteEvent())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
    expect(world.parameters.stored.size).toBe(0);
    await world.clock.run(dying);
  });

  test('a Delete takes its lock away as well', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'after', error: 'hang' });
    const dying = world.start(createEvent());
    await world.clock.run(world.clock.sleep(MINUTE));
    world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
    expect(await one(deleteEvent())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
    await world.clock.run(dying);
  });
});

describe('AccessDenied is not believed at once (trap 2)', () => {
  test.each(['GetVaultLock', 'InitiateVaultLock', 'PutParameter', 'GetParameter', 'DescribeStacks'])(
    'the grant for %s of the same deployment arrives after 40 seconds',
    async (operation) => {
      for (const service of [world.glacier, world.parameters, world.stacks]) {
        service.deniedUntil.set(operation, world.clock.now() + 40 * SECOND);
      }
      expect(await one(createEvent())).toMatchObject({ Status: 'SUCCESS' });
      expect(isCompletable()).toBe(true);
    },
  );

  test('the grant for Complete arrives late', async () => {
    await one(createEvent());
    world.glacier.deniedUntil.set('CompleteVaultLock', world.clock.now() + HOUR + 30 * SECOND);
    world.clock.advance(HOUR);
    expect(await one(updateEvent(initiate, complete))).toMatchObject({ Data: { LockState: 'Locked' } });
  });

  test.each(['InitiateVaultLock', 'PutParameter'])(
    'a denial of %s that stays names action and vault, and leaves nothing',
    async (operation) => {
      for (const service of [world.glacier, world.parameters]) service.deniedUntil.set(operation, Infinity);
      const { Status, Reason } = await one(createEvent());
      expect(Status).toBe('FAILED');
      expect(Reason).toMatch(new RegExp(`:${operation} on .*vault ledger was denied.*service control policy`));
      expect(world.glacier.lockOf('ledger')).toBeUndefined();
      expect(world.parameters.stored.size).toBe(0);
    },
  );

  test('trying Initiate again does not write the intent again', async () => {
    world.glacier.deniedUntil.set('InitiateVaultLock', world.clock.now() + 30 * SECOND);
    await one(createEvent());
    expect(world.glacier.count('InitiateVaultLock')).toBeGreaterThan(3);
    expect(world.parameters.count('PutParameter')).toBe(2);
  });

  test('a denial that comes after Initiate: the lock is taken back', async () => {
    const event = createEvent();
    const running = world.start(event);
    await world.clock.run(world.clock.sleep(35));
    world.parameters.deniedUntil.set('PutParameter', Infinity);
    expect(await world.clock.run(running)).toMatchObject({ Status: 'FAILED' });
    expect(world.glacier.count('InitiateVaultLock')).toBe(1);
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
    expect(world.parameters.stored.size).toBe(0);
  });

  test('of Complete, when a duplicate has just completed it: success', async () => {
    await one(createEvent());
    world.clock.advance(HOUR);
    const lock = world.glacier.lockOf('ledger');
    world.glacier.deniedUntil.set('CompleteVaultLock', Infinity);
    const running = world.start(updateEvent(initiate, complete));
    await world.clock.run(world.clock.sleep(5 * SECOND));
    Object.assign(lock ?? {}, { locked: true });
    expect(await world.clock.run(running)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
  });
});

test('work that is still running when the time is up changes nothing afterwards', async () => {
  await one(createEvent());
  world.clock.advance(HOUR);
  world.stacks.latency = () => 40 * SECOND;
  const [response] = await world.clock.run(Promise.all([world.start(updateEvent(initiate, complete), 30 * SECOND)]));
  expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
  await world.clock.run(world.clock.sleep(HOUR));
  expect(world.glacier.count('CompleteVaultLock')).toBe(0);
});
