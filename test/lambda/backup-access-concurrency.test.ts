import * as fc from 'fast-check';
import { access, ACCESS_ID, allow, policyOf, sidsOf, THEIRS } from './fakes/access-policies';
import { BackupWorld, Response } from './fakes/backup-world';
import { connectionLost } from './fakes/faulty-service';
import { HOUR, SECOND } from './fakes/virtual-clock';

let world: BackupWorld;
beforeEach(() => {
  world = new BackupWorld();
  world.backup.put('prod');
});

const create = async (properties: object) => world.ask({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties });
async function update(old: object, properties: object): Promise<Response> {
  world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
  return world.ask({ type: 'Update', resource: 'BACKUP_VAULT_ACCESS', properties, old, physicalId: ACCESS_ID });
}
async function remove(properties: object): Promise<Response> {
  world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
  return world.ask({ type: 'Delete', resource: 'BACKUP_VAULT_ACCESS', properties, physicalId: ACCESS_ID });
}
const sids = () => sidsOf(world);
const reason = (expected: RegExp) => expect.stringMatching(expected) as string;

describe('late', () => {
  test.each([
    ['Create', 'CREATE_COMPLETE'],
    ['Create', 'ROLLBACK_IN_PROGRESS'],
    ['Update', 'UPDATE_COMPLETE'],
    ['Update', 'DELETE_IN_PROGRESS'],
  ] as const)('a %s that finds the stack in %s writes nothing', async (type, status) => {
    world.stacks.stack = { status };
    const asked = {
      type,
      resource: 'BACKUP_VAULT_ACCESS',
      properties: access(allow('A')),
      old: access(allow('B')),
      physicalId: ACCESS_ID,
    } as const;
    expect(await world.ask(asked)).toMatchObject({ Status: 'FAILED', Reason: reason(/no longer waiting/) });
    expect(world.backup.writes).toEqual([]);
  });

  test('an Update that is being rolled back does not write against the Update of the rollback', async () => {
    const [a, b] = [access(allow('A')), access(allow('A', '222222222222'))];
    await create(a);
    world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
    const forward = world.start(
      world.event({ type: 'Update', resource: 'BACKUP_VAULT_ACCESS', properties: b, old: a, physicalId: ACCESS_ID }),
    );
    const takeBack = async () => {
      await world.clock.sleep(2 * SECOND);
      world.stacks.stack = { status: 'UPDATE_ROLLBACK_IN_PROGRESS' };
      return world.start(world.event({ type: 'Update', resource: 'BACKUP_VAULT_ACCESS', properties: a, old: b, physicalId: ACCESS_ID }));
    };
    const [, restored] = await world.clock.run(Promise.all([forward, takeBack()]));
    expect(restored).toMatchObject({ Status: 'SUCCESS' });
    expect(world.backup.vaults.get('prod')?.accessPolicy).toContain('111111111111');
    // Of the Create, the Update and its rollback.
    expect(world.backup.count('PutBackupVaultAccessPolicy')).toBe(3);
  });

  test('a write that is on its way while the Delete looks and finds nothing: the Create takes it back', async () => {
    world.backup.latency = (operation) => (operation === 'PutBackupVaultAccessPolicy' ? 20 * SECOND : 5);
    const asked = { resource: 'BACKUP_VAULT_ACCESS', properties: access(allow('A')) } as const;
    const created = world.start(world.event({ type: 'Create', ...asked }));
    const overtake = async () => {
      await world.clock.sleep(SECOND);
      world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
      return world.start(world.event({ type: 'Delete', ...asked, physicalId: 'archive-Thing-1ABCDEFG' }));
    };
    const [late, deleted] = await world.clock.run(Promise.all([created, overtake()]));
    expect([late.Status, deleted.Status]).toEqual(['FAILED', 'SUCCESS']);
    expect(sids()).toBeUndefined();
  });

  test('beside its own Delete, after which the role loses its permissions: whatever the network does, no statement stays', async () => {
    const latencies = fc.infiniteStream(fc.integer({ min: 1, max: 1_000 }));
    await fc.assert(
      fc.asyncProperty(latencies, fc.integer({ min: 0, max: 12_000 }), async (latency, later) => {
        world = new BackupWorld();
        world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
        for (const service of [world.backup, world.stacks]) service.latency = () => latency.next().value as number;
        const asked = { resource: 'BACKUP_VAULT_ACCESS', properties: access(allow('A')) } as const;
        const overtake = async () => {
          await world.clock.sleep(later);
          world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
          const event = world.event({ type: 'Delete', ...asked, physicalId: 'archive-Thing-1ABCDEFG' });
          expect(await world.start(event)).toMatchObject({ Status: 'SUCCESS' });
          world.backup.deniedUntil.set('*', Infinity);
        };
        await world.clock.run(Promise.all([world.start(world.event({ type: 'Create', ...asked })), overtake()]));
        expect(sids()).toEqual(['Theirs']);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the network', () => {
  test.each(['before', 'after'] as const)('every call fails twice, %s its effect', async (when) => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
    for (const operation of ['DescribeBackupVault', 'GetBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy']) {
      world.backup.faults.push({ operation, when, error: connectionLost(), times: 2 });
    }
    const asked = access(allow('A'));
    expect(await create(asked)).toMatchObject({ Status: 'SUCCESS' });
    expect(sids()).toEqual(['Theirs', 'A']);
    world.backup.faults.push({ operation: 'PutBackupVaultAccessPolicy', when, error: connectionLost(), times: 2 });
    expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS' });
    expect(sids()).toEqual(['Theirs']);
  });

  test('a permission that arrives late', async () => {
    world.backup.deniedUntil.set('PutBackupVaultAccessPolicy', world.clock.now() + 40 * SECOND);
    expect(await create(access(allow('A')))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('reads that lag behind do not lead to a second write', async () => {
    await create(access(allow('A')));
    world.clock.advance(HOUR);
    world.forgetCalls();
    world.backup.staleReadsMs = 5 * SECOND;
    expect(await update(access(allow('A')), access(allow('A', '222222222222')))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.backup.writes).toEqual(['PutBackupVaultAccessPolicy']);
  });

  test('something that writes over ours every time is named', async () => {
    const put = world.backup.putAccessPolicy.bind(world.backup);
    world.backup.putAccessPolicy = async (name) => put(name, policyOf({ ...THEIRS, Sid: `Theirs${world.backup.writes.length}` }));
    expect(await create(access(allow('A')))).toMatchObject({ Status: 'FAILED', Reason: reason(/does not stay as it was written/) });
  });

  test('writers at once, whatever the network does: all statements are there, and those of others, too', async () => {
    const latencies = fc.infiniteStream(fc.integer({ min: 1, max: 700 }));
    await fc.assert(
      fc.asyncProperty(latencies, fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 3 }), async (latency, delays) => {
        world = new BackupWorld();
        world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
        world.backup.latency = () => latency.next().value as number;
        const writers = [0, ...delays].map(async (delay, index) => {
          await world.clock.sleep(delay);
          const properties = access(allow(`Writer${index}`));
          return world.start(world.event({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties, logicalId: `W${index}` }));
        });
        const answers = await world.clock.run(Promise.all(writers));
        expect(answers.map(({ Status }) => Status)).toEqual(answers.map(() => 'SUCCESS'));
        expect(sids()?.sort()).toEqual(['Theirs', ...answers.map((_, index) => `Writer${index}`)]);
      }),
      { numRuns: 100 },
    );
  });

  test('two deliveries of one event side by side both succeed', async () => {
    const event = world.event({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties: access(allow('A')) });
    const answers = await world.deliver(event, event);
    expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(sids()).toEqual(['A']);
  });
});
