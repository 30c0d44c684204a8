import { retain } from './fakes/policies';
import { HOUR, SECOND } from './fakes/virtual-clock';
import { ARN, Ask, OWNER, Response, World } from './fakes/world';
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

describe('a completed lock (traps 3 and 4)', () => {
  beforeEach(locked);

  test('a forward change of its policy fails with the old id and the reason', async () => {
    const response = await update(complete, { ...initiate, Policy: OTHER_POLICY });
    expect(response).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: ID,
      Reason: expect.stringContaining('locked for ever') as string,
    });
    expect(world.glacier.writes).toEqual([]);
  });

  test('a rollback to another policy ends with success, touches nothing, and tells the truth', async () => {
    const response = await update(complete, { ...initiate, Policy: OTHER_POLICY }, 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(response).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'Locked', PolicyFingerprint: policyFingerprint(ARN('ledger'), POLICY) },
    });
    expect(world.glacier.writes).toEqual([]);
  });

  test('the rollback of the deployment that completed it ends with success', async () => {
    expect(await update(complete, initiate, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'Locked' },
    });
  });

  test('stage abort: fails forward, succeeds in a rollback', async () => {
    expect(await update(complete, { ...initiate, Stage: 'abort' })).toMatchObject({ Status: 'FAILED' });
    expect(await update(complete, { ...initiate, Stage: 'abort' }, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
  });

  test('a forward change fails also when the status of the stack cannot be read', async () => {
    world.stacks.deniedUntil.set('*', Infinity);
    expect(await update(complete, { ...initiate, Policy: OTHER_POLICY })).toMatchObject({ Status: 'FAILED' });
  });

  test('the same policy written differently is no change', async () => {
    const spread = JSON.stringify(JSON.parse(POLICY), undefined, 2).replace('"2555"', '2555');
    expect(await update(complete, { ...complete, Policy: spread })).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'Locked' } });
    expect(world.glacier.writes).toEqual([]);
  });

  test('needs no acknowledgement any more', async () => {
    expect(await update(complete, { ...complete, Acknowledge: 'nonsense' })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('Delete forgets it, even if nothing may be called any more but GetVaultLock', async () => {
    world.parameters.deniedUntil.set('*', Infinity);
    const response = await remove(complete);
    expect(response).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('stays in force') as string });
    expect(world.glacier.lockOf('ledger')?.locked).toBe(true);
  });
});

describe('a policy that would protect nothing', () => {
  test.each([
    ['is about another vault', retain('other', 2555), 'Statement[0] can never mean the vault that it is attached to'],
    ['is about the same name in another account', POLICY.replace('123456789012', '999999999999'), 'can never mean the vault'],
    ['retains for no days', retain('ledger', 0), 'Statement[0] denies nothing'],
    ['retains for less than none', retain('ledger', -1), 'Statement[0] denies nothing'],
  ])('%s: refused, and no window is started', async (_what, Policy, reason) => {
    expect(await create({ ...initiate, Policy })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) as string });
    expect(world.glacier.writes).toEqual([]);
  });
});

describe('a call that stays denied', () => {
  test('does not wedge a rollback: it ends, and the attributes say what is there', async () => {
    await create();
    world.glacier.deniedUntil.set('InitiateVaultLock', Infinity);
    expect(await update(initiate, { ...initiate, Policy: OTHER_POLICY })).toMatchObject({ Status: 'FAILED' });
    expect(await update({ ...initiate, Policy: OTHER_POLICY }, initiate, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'None' },
    });
  });

  test('also when not even the lock may be looked at', async () => {
    await create();
    world.glacier.deniedUntil.set('*', Infinity);
    expect(await update(complete, initiate, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS', Data: { LockState: '' } });
  });
});

describe('a window that the rollback would take away again', () => {
  test('is not started, and not promised', async () => {
    await create();
    world.clock.advance(25 * HOUR);
    for (const old of [
      { ...initiate, Policy: OTHER_POLICY },
      { ...initiate, Stage: 'abort' },
    ]) {
      const response = await update(old, complete);
      expect(response).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining('Deploy this `policy` with the `stage` initiate') as string,
      });
    }
    expect(world.glacier.count('InitiateVaultLock')).toBe(1);
  });
});

describe('another vault name', () => {
  test('is another resource: the old lock stays until its own Delete, and the new one is not touched by it', async () => {
    await create();
    world.glacier.put('ledger-2');
    const renamed = { ...initiate, VaultName: 'ledger-2', Policy: retain('ledger-2', 2555) };

    const response = await update(initiate, renamed);
    expect(response.PhysicalResourceId).toBe(`${ARN('ledger-2')}/lock-policy`);
    expect(world.glacier.lockOf('ledger')).toBeDefined();

    world.stacks.stack = { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' };
    await remove(initiate, ID);
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
    expect(world.glacier.lockOf('ledger-2')).toBeDefined();
    expect(world.parameters.record('ledger-2')).toMatchObject({ owner: `${OWNER}/Thing` });
  });

  test('a vault that does not exist (trap 15): refused, nothing is left behind', async () => {
    const response = await create({ ...initiate, VaultName: 'nowhere', Policy: retain('nowhere', 2555) });
    expect(response).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no vault nowhere') as string });
    expect(world.parameters.record('nowhere')).toBeUndefined();
  });
});

describe('somebody else’s lock in progress', () => {
  test('is not touched: refused with its times and the command that takes it away (trap 10)', async () => {
    world.glacier.lockByHand('ledger', POLICY);
    const response = await create();
    expect(response.Status).toBe('FAILED');
    expect(response.Reason).toMatch(
      /did not start: since 2026-03-01T12.*until 2026-03-02T12.*aws glacier abort-vault-lock --account-id - --vault-name ledger/,
    );
    expect(world.glacier.writes).toEqual([]);
  });

  test('that goes away in the same moment is no obstacle', async () => {
    world.glacier.lockByHand('ledger', POLICY);
    const running = world.start(world.event({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties: initiate }));
    await world.clock.run(world.clock.sleep(SECOND));
    world.glacier.put('ledger');
    expect(await world.clock.run(running)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
  });

  test('belongs to another resource of the same stack: its logical id is named', async () => {
    await world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties: initiate, logicalId: 'First' });
    expect((await create()).Reason).toContain(`${OWNER}/First`);
  });

  test('is left by a Delete', async () => {
    world.glacier.lockByHand('ledger', POLICY);
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeDefined();
  });

  test('does not keep a rollback from ending', async () => {
    world.glacier.lockByHand('ledger', OTHER_POLICY);
    expect(await update(initiate, initiate, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Data: { LockState: 'InProgress' },
    });
    expect(world.glacier.writes).toEqual([]);
  });
});

describe('a rollback always ends, with every attribute that a template may ask for', () => {
  const NAMES = ['LockState', 'LockCreationDate', 'LockExpirationDate', 'PolicyFingerprint', 'Acknowledgement'];
  test.each<[string, object, () => void]>([
    ['to properties that this version refuses', { VaultName: '', Policy: 'x', Stage: 'y' }, () => undefined],
    ['to a policy that is none', { ...initiate, Policy: '{}' }, () => undefined],
    [
      'in an account that Glacier no longer serves',
      initiate,
      () =>
        world.glacier.faults.push({
          operation: 'GetVaultLock',
          when: 'before',
          error: Object.assign(new Error(), { name: 'NoLongerSupportedException' }),
          times: Infinity,
        }),
    ],
  ])('%s', async (_where, properties, prepare) => {
    prepare();
    const response = await update(initiate, properties, 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(Object.keys(response.Data ?? {})).toEqual(NAMES);
    expect((await update(initiate, properties)).Status).toBe('FAILED');
  });
});

describe('Delete', () => {
  test('of an absent lock, vault or name: success', async () => {
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove({ ...initiate, VaultName: 'nowhere' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove({})).toMatchObject({ Status: 'SUCCESS' });
  });

  test('with the id that CloudFormation invents beside a running Create: takes this resource’s lock away', async () => {
    await create();
    expect(await remove(initiate, 'archive-Thing-1ABCDEFGHIJK')).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'archive-Thing-1ABCDEFGHIJK',
    });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
    expect(world.parameters.record('ledger')).toBeUndefined();
  });

  test('of a lock that may not be aborted: success with a warning (trap 8)', async () => {
    await create();
    world.glacier.deniedUntil.set('AbortVaultLock', Infinity);
    expect(await remove()).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('ends by itself') as string });
  });

  test('in an account that Glacier no longer serves (trap 24)', async () => {
    world.glacier.faults.push({
      operation: 'GetVaultLock',
      when: 'before',
      error: Object.assign(new Error(), { name: 'NoLongerSupportedException' }),
    });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('with properties of another version of this library', async () => {
    await create();
    expect(await remove({ VaultName: 'ledger', SomethingNew: ['a'] })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.glacier.lockOf('ledger')).toBeUndefined();
  });
});

test('stage abort takes the lock away; its record means nothing any more, and goes with the resource', async () => {
  await create();
  const aborted = { ...initiate, Stage: 'abort' };
  expect(await update(initiate, aborted)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'None', LockCreationDate: '' } });
  expect(world.glacier.lockOf('ledger')).toBeUndefined();
  world.clock.advance(SECOND);
  expect(await update(aborted, initiate)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
  expect(await update(initiate, aborted)).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'None' } });
  expect(await remove(aborted)).toMatchObject({ Status: 'SUCCESS' });
  expect(world.parameters.record('ledger')).toBeUndefined();
});
