import * as fc from 'fast-check';
import { awsError, connectionLost } from './fakes/faulty-service';
import { allowUpload, retain } from './fakes/policies';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';
import { ARN, Ask, OWNER, Response, World } from './fakes/world';
import { OWNER_TAG } from '../../src/private/contract';

const POLICY = allowUpload('ledger');
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:topic';
const plain = { VaultName: 'ledger' };
const full = {
  ...plain,
  AccessPolicy: POLICY,
  Tags: { team: 'finance' },
  NotificationTopicArn: TOPIC,
  NotificationEvents: ['ArchiveRetrievalCompleted'],
};

let world: World;
beforeEach(() => {
  world = new World();
});

const create = async (properties: object = plain, more: Partial<Ask> = {}) =>
  world.ask({ type: 'Create', resource: 'GLACIER_VAULT', properties, ...more });
async function update(old: object, properties: object, status = 'UPDATE_IN_PROGRESS'): Promise<Response> {
  world.stacks.stack = { status };
  return world.ask({ type: 'Update', resource: 'GLACIER_VAULT', properties, old, physicalId: 'ledger' });
}
async function remove(properties: object = plain, physicalId = 'ledger'): Promise<Response> {
  world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
  return world.ask({ type: 'Delete', resource: 'GLACIER_VAULT', properties, physicalId });
}
const ledger = () => world.glacier.vaults.get('ledger');

describe('create', () => {
  test('makes the vault with all that belongs to it, and reads back what it wrote', async () => {
    expect(await create(full)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'ledger',
      Data: { VaultArn: ARN('ledger'), VaultName: 'ledger' },
    });
    expect(ledger()).toMatchObject({
      tags: { team: 'finance', [OWNER_TAG]: `${OWNER}/Thing` },
      notifications: { topicArn: TOPIC, events: ['ArchiveRetrievalCompleted'] },
    });
    expect(world.glacier.calls).toEqual([
      ...['DescribeVault', 'CreateVault', 'ListTagsForVault', 'AddTagsToVault', 'SetVaultAccessPolicy', 'SetVaultNotifications'],
      ...['ListTagsForVault', 'GetVaultAccessPolicy', 'GetVaultNotifications'],
    ]);
  });

  test('delivered again, at once or later: same id, no second effect', async () => {
    const event = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: full });
    await world.deliver(event);
    const writes = world.glacier.writes.length;
    world.clock.advance(HOUR);
    expect((await world.deliver(event))[0]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger' });
    expect(world.glacier.writes).toHaveLength(writes);
  });

  test('two deliveries side by side both succeed', async () => {
    const event = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: full });
    const responses = await world.deliver(event, event);
    expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('a process that died between CreateVault and its tags: the vault is taken by the event that comes again', async () => {
    const event = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: plain });
    world.clock.advance(SECOND);
    world.glacier.put('ledger');
    world.clock.advance(MINUTE);
    expect((await world.deliver(event))[0]).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()?.tags[OWNER_TAG]).toBe(`${OWNER}/Thing`);
  });

  test('a vault of somebody else (trap 10): refused, untouched, and the Delete that follows leaves it', async () => {
    world.glacier.put('ledger', { tags: { [OWNER_TAG]: 'theirs/uuid/Vault' } });
    world.clock.advance(HOUR);
    expect(await create()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'ledger',
      Reason: expect.stringContaining('theirs/uuid/Vault') as string,
    });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()?.tags).toEqual({ [OWNER_TAG]: 'theirs/uuid/Vault' });
  });

  test('adoptExisting takes a vault over, keeps what it has, and never deletes it', async () => {
    world.glacier.put('ledger', { accessPolicy: POLICY, tags: { LegalHold: 'true' } });
    expect(await create({ ...plain, AdoptExisting: true })).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()).toMatchObject({ accessPolicy: POLICY, tags: { LegalHold: 'true', [OWNER_TAG]: `adopted/${OWNER}/Thing` } });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('adopted') as string });
    expect(ledger()).toBeDefined();
  });

  test('a failure after CreateVault takes the vault back', async () => {
    world.glacier.faults.push({
      operation: 'SetVaultAccessPolicy',
      when: 'before',
      error: awsError('InvalidParameterValueException', 'bad principal'),
    });
    expect(await create(full)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('glacier:SetVaultAccessPolicy on vault ledger failed') as string,
    });
    expect(ledger()).toBeUndefined();
  });

  test('beside its own Delete: the vault goes again', async () => {
    const created = world.start(world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: plain }));
    world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
    const deleted = world.start(
      world.event({ type: 'Delete', resource: 'GLACIER_VAULT', properties: plain, physicalId: 'archive-Thing-1ABCDEFG' }),
    );
    await world.clock.run(Promise.all([created, deleted]));
    expect(ledger()).toBeUndefined();
  });

  test('beside its own Delete, after which the role loses its permissions: whatever the network does, no vault stays', async () => {
    const latencies = fc.infiniteStream(fc.integer({ min: 1, max: 1_500 }));
    await fc.assert(
      fc.asyncProperty(latencies, fc.integer({ min: 0, max: 8_000 }), async (latency, later) => {
        world = new World();
        for (const service of [world.glacier, world.stacks]) service.latency = () => latency.next().value as number;
        const overtake = async () => {
          await world.clock.sleep(later);
          world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
          const event = { type: 'Delete', resource: 'GLACIER_VAULT', properties: plain, physicalId: 'archive-Thing-1ABCDEFG' } as const;
          expect(await world.start(world.event(event))).toMatchObject({ Status: 'SUCCESS' });
          world.glacier.deniedUntil.set('*', Infinity);
        };
        const created = world.start(world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: plain }));
        await world.clock.run(Promise.all([created, overtake()]));
        expect(ledger()).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('two resources that ask for one name at the same time: one gets it, the other is refused and touches nothing', async () => {
    const latencies = fc.infiniteStream(fc.constant(5));
    await fc.assert(
      fc.asyncProperty(latencies, fc.integer({ min: 0, max: 60 }), async (latency, later) => {
        world = new World();
        world.glacier.latency = () => latency.next().value as number;
        const ask = (logicalId: string) => world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: plain, logicalId });
        const second = async () => {
          await world.clock.sleep(later);
          return world.start(ask('Second'));
        };
        const answers = await world.clock.run(Promise.all([world.start(ask('First')), second()]));
        const winners = ['First', 'Second'].filter((_, at) => answers[at]!.Status === 'SUCCESS');
        expect(winners.length).toBeLessThanOrEqual(1);
        if (winners.length === 1) expect(ledger()?.tags[OWNER_TAG]).toBe(`${OWNER}/${winners[0]}`);
      }),
      { numRuns: 100 },
    );
  });

  test('60 seconds without the grant', async () => {
    world.glacier.deniedUntil.set('CreateVault', world.clock.now() + 50 * SECOND);
    expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('an SCP that denies: named action and vault, nothing left', async () => {
    world.glacier.deniedUntil.set('SetVaultAccessPolicy', Infinity);
    const { Status, Reason } = await create(full);
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(/glacier:SetVaultAccessPolicy on vault ledger was denied for 60 seconds.*service control policy/);
    expect(Reason).not.toContain('Statement');
    expect(ledger()).toBeUndefined();
  });

  test('an account that Glacier does not serve (trap 24): who it is for, and what to use instead', async () => {
    world.glacier.faults.push({ operation: 'DescribeVault', when: 'before', error: awsError('NoLongerSupportedException') });
    expect(await create()).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/2025-12-15.*S3 Object Lock|2025-12-15.*Object Lock/) as string,
    });
  });

  test('47 tags go in chunks of 10 (trap 21), and aws: tags do not go at all', async () => {
    const tags = Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`tag-${index}`, String(index)]));
    expect(await create({ ...plain, Tags: { ...tags, 'aws:cloudformation:stack-name': 'archive' } })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.count('AddTagsToVault')).toBe(5);
    expect(Object.keys(ledger()?.tags ?? {})).toHaveLength(48);
  });

  test.each(['before', 'after'] as const)('every call fails twice, %s its effect', async (when) => {
    for (const operation of ['DescribeVault', 'CreateVault', 'AddTagsToVault', 'SetVaultAccessPolicy', 'GetVaultAccessPolicy']) {
      world.glacier.faults.push({ operation, when, error: connectionLost(), times: 2 });
    }
    expect(await create(full)).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()).toMatchObject({ tags: { team: 'finance' } });
  });

  test('an access policy that does not come back as set (trap 9 is no difference, another principal is)', async () => {
    world.glacier.getVaultAccessPolicy = async () => allowUpload('ledger', '666666666666');
    expect(await create(full)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GetVaultAccessPolicy returns another') as string,
    });
  });
});

describe('update', () => {
  beforeEach(async () => {
    await create(full);
    world.forgetCalls();
  });

  test('nothing changed but the way it is written: no write', async () => {
    const spread = JSON.stringify(JSON.parse(POLICY), undefined, 4);
    expect(await update(full, { ...full, AccessPolicy: spread })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger' });
    expect(world.glacier.writes).toEqual([]);
  });

  test('each change makes its own write and no other', async () => {
    const changes: readonly [object, string][] = [
      [{ ...full, AccessPolicy: allowUpload('ledger', '111111111111') }, 'SetVaultAccessPolicy'],
      [{ ...full, AccessPolicy: undefined }, 'DeleteVaultAccessPolicy'],
      [{ ...full, Tags: { team: 'legal' } }, 'AddTagsToVault'],
      [{ ...full, Tags: {} }, 'RemoveTagsFromVault'],
      [{ ...full, NotificationEvents: ['InventoryRetrievalCompleted'] }, 'SetVaultNotifications'],
      [{ ...full, NotificationTopicArn: undefined, NotificationEvents: undefined }, 'DeleteVaultNotifications'],
    ];
    for (const [changed, write] of changes) {
      expect(await update(full, changed)).toMatchObject({ Status: 'SUCCESS' });
      expect(world.glacier.writes).toEqual([write]);
      // And its rollback restores what was there.
      expect(await update(changed, full, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
      world.forgetCalls();
    }
    expect(ledger()).toMatchObject({ tags: { team: 'finance' }, notifications: { topicArn: TOPIC } });
  });

  test('a new name makes a new vault and leaves the old one; rolled back, the old id returns', async () => {
    const renamed = { ...full, VaultName: 'ledger-2', AccessPolicy: allowUpload('ledger-2') };
    expect(await update(full, renamed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger-2' });
    expect([...world.glacier.vaults.keys()]).toEqual(['ledger', 'ledger-2']);

    expect(await update(renamed, full, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger' });
    expect(await remove(renamed, 'ledger-2')).toMatchObject({ Status: 'SUCCESS' });
    expect([...world.glacier.vaults.keys()]).toEqual(['ledger']);
  });

  test('a new name that fails leaves nothing of the new vault and answers with the old id', async () => {
    world.glacier.deniedUntil.set('SetVaultAccessPolicy', Infinity);
    expect(await update(full, { ...full, VaultName: 'ledger-2' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'ledger' });
    expect([...world.glacier.vaults.keys()]).toEqual(['ledger']);
  });

  test('a vault that somebody deleted is not silently replaced by an empty one, and a rollback still ends', async () => {
    world.glacier.vaults.delete('ledger');
    const changed = { ...full, Tags: {} };
    expect(await update(full, changed)).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'ledger',
      Reason: expect.stringContaining('deleted outside') as string,
    });
    expect(await update(changed, full, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger' });
    expect(world.glacier.writes).toEqual([]);
  });

  test('a vault that goes away while its rollback writes to it does not keep the rollback from ending', async () => {
    const changed = { ...full, Tags: { team: 'legal' } };
    await update(full, changed);
    world.glacier.faults.push({ operation: 'AddTagsToVault', when: 'before', error: awsError('ResourceNotFoundException', 'gone', 404) });
    expect(await update(changed, full, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringContaining('left as it is, so that the rollback can end') as string,
    });
  });

  test('old properties of a shape that is no longer written', async () => {
    expect(await update({ VaultName: 'ledger', Tags: ['a'], AccessPolicy: '{broken', Gone: { a: 1 } }, full)).toMatchObject({
      Status: 'SUCCESS',
    });
  });

  test('a foreign tag, such as a legal hold, is never touched', async () => {
    (ledger()?.tags ?? {}).LegalHold = 'true';
    await update(full, { ...full, Tags: { other: 'x' } });
    expect(ledger()?.tags).toMatchObject({ LegalHold: 'true', other: 'x' });
  });
});

describe('delete', () => {
  test('of this resource’s empty vault', async () => {
    await create();
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()).toBeUndefined();
  });

  test('of one that holds archives, or was written to (traps 12 and 13): kept, and the stack goes on', async () => {
    await create();
    Object.assign(ledger() ?? {}, { dirty: true });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('is kept: it is not empty') as string });
    expect(ledger()).toBeDefined();
  });

  test('of one that is locked for ever and empty (trap 14)', async () => {
    await create();
    world.glacier.lockByHand('ledger', retain('ledger', 1)).locked = true;
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()).toBeUndefined();
  });

  test('of nothing: an absent vault, a name that never was one, the id of a Create that failed', async () => {
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    for (const VaultName of ['', '.', '..', 'a/b', undefined]) {
      expect(await remove({ VaultName }, 'Thing-not-created')).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: 'Thing-not-created',
      });
    }
    expect(world.glacier.writes).toEqual([]);
  });

  test('of the old vault after a change of name does not touch the new one', async () => {
    await create();
    await update(plain, { VaultName: 'ledger-2' });
    await remove(plain, 'ledger');
    expect([...world.glacier.vaults.keys()]).toEqual(['ledger-2']);
  });

  test('that is denied, or in an account that is no longer served: never wedges', async () => {
    await create();
    world.glacier.deniedUntil.set('*', world.clock.now() + 2 * MINUTE);
    expect(await remove()).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('is kept') as string });
    world.clock.advance(HOUR);
    world.glacier.faults.push({ operation: 'ListTagsForVault', when: 'before', error: awsError('NoLongerSupportedException') });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('by another stack of the same name: the vault stays', async () => {
    await create();
    const stackId = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/archive/ffffffff-0000-1111-2222-333344445555';
    world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
    expect(await world.ask({ type: 'Delete', resource: 'GLACIER_VAULT', properties: plain, stackId })).toMatchObject({ Status: 'SUCCESS' });
    expect(ledger()).toBeDefined();
  });
});
