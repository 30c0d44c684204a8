import * as fc from 'fast-check';
import { awsError, connectionLost, Fault } from './fakes/faulty-service';
import { retain } from './fakes/policies';
import { HOUR } from './fakes/virtual-clock';
import { ARN, Ask, World } from './fakes/world';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';

/** Events delivered twice, side by side, over a slow network that loses answers and denies at random. fast-check prints the seed of a failure. */

const POLICY = retain('ledger', 2555);
const initiate = { VaultName: 'ledger', Policy: POLICY, Stage: 'initiate' };
const another = { ...initiate, Policy: retain('ledger', 30) };
const complete = { ...initiate, Stage: 'complete', Acknowledge: acknowledgementOf('ledger', policyFingerprint(ARN('ledger'), POLICY)) };
const ID = `${ARN('ledger')}/lock-policy`;
const lockAsk = (type: Ask['type'], properties: object, old?: object): Ask => ({
  type,
  resource: 'GLACIER_VAULT_LOCK',
  properties,
  old,
  physicalId: ID,
});

const TROUBLES: readonly (() => Error)[] = [
  connectionLost,
  () => awsError('AccessDeniedException', 'not yet', 403),
  () => awsError('ServiceUnavailableException', 'later', 500),
];

function faults(...operations: readonly string[]): fc.Arbitrary<Fault[]> {
  const fault = fc.record({
    operation: fc.constantFrom(...operations),
    when: fc.constantFrom('before' as const, 'after' as const),
    trouble: fc.nat(TROUBLES.length - 1),
    times: fc.integer({ min: 1, max: 3 }),
  });
  const made = fault.map(({ trouble, when, ...rest }) => {
    const error = (TROUBLES[trouble] ?? connectionLost)();
    return { ...rest, error, when: error.name === 'AccessDeniedException' ? 'before' : when } as const;
  });
  return fc.array(made, { maxLength: 4 });
}

const lockFaults = faults(
  ...['GetVaultLock', 'InitiateVaultLock', 'AbortVaultLock', 'GetParameter', 'PutParameter', 'DeleteParameter', 'DescribeStacks'],
);
const vaultFaults = faults('DescribeVault', 'CreateVault', 'AddTagsToVault', 'ListTagsForVault', 'DeleteVault', 'DescribeStacks');
const latencies = fc.infiniteStream(fc.integer({ min: 1, max: 900 }));
const delay = fc.integer({ min: 0, max: 9_000 });

function services(world: World) {
  return [world.glacier, world.parameters, world.stacks];
}

function storm(world: World, list: readonly Fault[], times: fc.Stream<number>): void {
  for (const service of services(world)) {
    service.latency = () => times.next().value as number;
    for (const fault of list) service.faults.push({ ...fault });
  }
}

function calm(world: World): void {
  for (const service of services(world)) service.faults.length = 0;
}

async function later<T>(world: World, ms: number, work: () => Promise<T>): Promise<T> {
  await world.clock.sleep(ms);
  return work();
}

const RUNS = { numRuns: 200 };

test('a lock created twice beside its Delete: the Delete succeeds, and neither lock nor record stays', async () => {
  await fc.assert(
    fc.asyncProperty(lockFaults, latencies, delay, delay, async (list, times, duplicateAfter, deleteAfter) => {
      const world = new World();
      world.glacier.put('ledger');
      storm(world, list, times);
      const create = world.event(lockAsk('Create', initiate));
      const remove = async () => {
        world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
        return world.start(world.event(lockAsk('Delete', initiate)));
      };
      const answers = await world.clock.run(
        Promise.all([
          world.start(create),
          later(world, duplicateAfter, async () => world.start(create)),
          later(world, deleteAfter, remove),
        ]),
      );
      expect(answers[2].Status).toBe('SUCCESS');
      expect(world.glacier.lockOf('ledger')).toBeUndefined();
      expect(world.parameters.stored.size).toBe(0);
    }),
    RUNS,
  );
});

test('a policy changed twice at once: both succeed, the new policy is under test, and its id is on record', async () => {
  await fc.assert(
    fc.asyncProperty(lockFaults, latencies, delay, async (list, times, duplicateAfter) => {
      const world = new World();
      world.glacier.put('ledger');
      await world.ask(lockAsk('Create', initiate));
      storm(world, list, times);
      world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
      const update = world.event(lockAsk('Update', another, initiate));
      const answers = await world.clock.run(
        Promise.all([world.start(update), later(world, duplicateAfter, async () => world.start(update))]),
      );
      expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
      expect(world.glacier.lockOf('ledger')?.policy).toContain('"30"');
      expect(world.parameters.record('ledger')?.lockId).toBe(world.glacier.lockOf('ledger')?.id);
      expect(world.parameters.intent('ledger')).toBeUndefined();
    }),
    RUNS,
  );
});

test('a window that ran out, completed twice at once: both fail, nothing is locked, and the next deployment can complete', async () => {
  await fc.assert(
    fc.asyncProperty(lockFaults, latencies, delay, async (list, times, duplicateAfter) => {
      const world = new World();
      world.glacier.put('ledger');
      await world.ask(lockAsk('Create', initiate));
      world.clock.advance(25 * HOUR);
      storm(world, list, times);
      world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
      const update = world.event(lockAsk('Update', complete, initiate));
      const answers = await world.clock.run(
        Promise.all([world.start(update), later(world, duplicateAfter, async () => world.start(update))]),
      );
      expect(answers.map(({ Status }) => Status)).toEqual(['FAILED', 'FAILED']);
      expect(world.glacier.lockOf('ledger')?.locked).toBe(false);

      calm(world);
      world.clock.advance(HOUR);
      expect(await world.ask(lockAsk('Update', complete, initiate))).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
    }),
    RUNS,
  );
});

test('a vault created twice beside its Delete: the Delete succeeds, and no vault stays', async () => {
  await fc.assert(
    fc.asyncProperty(vaultFaults, latencies, delay, delay, async (list, times, duplicateAfter, deleteAfter) => {
      const world = new World();
      storm(world, list, times);
      const properties = { VaultName: 'ledger', Tags: { team: 'finance' } };
      const create = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties });
      const remove = async () => {
        world.stacks.stack = { status: 'ROLLBACK_IN_PROGRESS' };
        return world.start(world.event({ type: 'Delete', resource: 'GLACIER_VAULT', properties, physicalId: 'archive-Thing-1ABCDEF' }));
      };
      const answers = await world.clock.run(
        Promise.all([
          world.start(create),
          later(world, duplicateAfter, async () => world.start(create)),
          later(world, deleteAfter, remove),
        ]),
      );
      expect(answers[2].Status).toBe('SUCCESS');
      expect([...world.glacier.vaults.keys()]).toEqual([]);
    }),
    RUNS,
  );
});
