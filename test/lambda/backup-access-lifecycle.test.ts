import { access, ACCESS_ID, allow, block, policyOf, sidsOf, THEIRS } from './fakes/access-policies';
import { BackupWorld, Response } from './fakes/backup-world';
import { awsError } from './fakes/faulty-service';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';

let world: BackupWorld;
beforeEach(() => {
  world = new BackupWorld();
  world.backup.put('prod');
});

const create = async (properties: object) => world.ask({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties });
async function update(old: object, properties: object, status = 'UPDATE_IN_PROGRESS'): Promise<Response> {
  world.stacks.stack = { status };
  return world.ask({ type: 'Update', resource: 'BACKUP_VAULT_ACCESS', properties, old, physicalId: ACCESS_ID });
}
async function remove(properties: object, physicalId = ACCESS_ID): Promise<Response> {
  world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
  return world.ask({ type: 'Delete', resource: 'BACKUP_VAULT_ACCESS', properties, physicalId });
}
const sids = (vault?: string) => sidsOf(world, vault);
const reason = (expected: RegExp) => expect.stringMatching(expected) as string;

describe('create', () => {
  test('merges into the policy that is there, and reads back what it wrote', async () => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
    expect(await create(access(allow('A')))).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: ACCESS_ID,
      Data: { VaultArn: world.backup.arn('prod') },
    });
    expect(sids()).toEqual(['Theirs', 'A']);
    expect(world.backup.calls).toEqual([
      // Once more after the stack was asked what it is doing, and twice after the write.
      ...['DescribeBackupVault', 'GetBackupVaultAccessPolicy', 'GetBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy'],
      ...['GetBackupVaultAccessPolicy', 'GetBackupVaultAccessPolicy'],
    ]);
  });

  test('makes the policy of a vault that has none', async () => {
    expect(await create(access(allow('A'), allow('B')))).toMatchObject({ Status: 'SUCCESS' });
    expect(sids()).toEqual(['A', 'B']);
  });

  test('delivered again, at once or later: same id, no second effect', async () => {
    const event = world.event({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties: access(allow('A')) });
    const [first] = await world.deliver(event);
    world.clock.advance(HOUR);
    expect((await world.deliver(event))[0]).toEqual(first);
    expect(world.backup.writes).toEqual(['PutBackupVaultAccessPolicy']);
  });

  test('a statement of the same Sid that somebody else wrote: refused by name, untouched, also by the Delete that follows', async () => {
    const before = policyOf(THEIRS, allow('A', '999999999999'));
    world.backup.put('prod', { accessPolicy: before });
    const asked = access(allow('A'), allow('B'));
    expect(await create(asked)).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/backup vault prod has other statement "A" already.*another `sid`/),
    });
    expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS', Reason: reason(/statement "A".*somebody has changed it/) });
    expect(world.backup.vaults.get('prod')?.accessPolicy).toBe(before);
    expect(world.backup.writes).toEqual([]);
  });

  test.each(['denied', 'notFound'] as const)('a vault that does not exist (%s): refused, with the way out', async (setting) => {
    world.backup.describeMissingVault = setting;
    expect(await create({ ...access(allow('A')), VaultName: 'gone' })).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/no backup vault gone in region eu-west-1 of account 123456789012/),
    });
  });

  test('a vault that may not be seen is not taken for one that does not exist', async () => {
    world.backup.deniedUntil.set('*', Infinity);
    expect(await create(access(allow('A')))).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/backup:DescribeBackupVault on backup vault prod \(or there is no such vault\) was denied for 60 seconds/),
    });
  });

  test('a vault of another account and region: through its role, whose id names it', async () => {
    const there = world.backupIn('us-east-1', '222222222222');
    there.put('prod', { accessPolicy: policyOf(THEIRS) });
    const RoleArn = 'arn:aws:iam::222222222222:role/vaults';
    const place = { VaultRegion: 'us-east-1', VaultAccount: '222222222222', RoleArn };
    expect(await create({ ...access(allow('A')), ...place })).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'arn:aws:backup:us-east-1:222222222222:backup-vault:prod/access-policy/Thing',
    });
    expect(sidsOf({ backup: there })).toEqual(['Theirs', 'A']);
    expect(sids()).toBeUndefined();
    expect(world.roles.assumed).toEqual([RoleArn]);
  });

  test('a role that may not be assumed', async () => {
    world.roles.deniedUntil.set('AssumeRole', Infinity);
    const asked = { ...access(allow('A')), RoleArn: 'arn:aws:iam::123456789012:role/vaults' };
    expect(await create(asked)).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/sts:AssumeRole on arn:aws:iam::123456789012:role\/vaults was denied/),
    });
    expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS', Reason: reason(/"A" may still be in the access policy/) });
  });

  test('an access policy that is none', async () => {
    world.backup.getAccessPolicy = async () => '{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}';
    expect(await create(access(allow('A')))).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/cannot be merged with: .*"Version" twice/),
    });
    expect(world.backup.writes).toEqual([]);
  });
});

describe('a principal that is not known yet', () => {
  const unknown = (times: number) =>
    world.backup.faults.push({
      operation: 'PutBackupVaultAccessPolicy',
      when: 'before',
      error: awsError('InvalidParameterValueException', 'Provided principal is not valid'),
      times,
    });

  test('is waited for', async () => {
    unknown(5);
    expect(await create(access(allow('A')))).toMatchObject({ Status: 'SUCCESS' });
    expect(sids()).toEqual(['A']);
  });

  test('is refused after a minute, and the refusal thinks of the statements of others, too', async () => {
    unknown(Infinity);
    const started = world.clock.now();
    expect(await create(access(allow('A')))).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/for 60 seconds a principal in it was not valid.*statement "A", or by a statement that was there before/),
    });
    expect(world.clock.now() - started).toBeLessThan(2 * MINUTE);
  });

  test('does not hold up a Delete', async () => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS, allow('A')) });
    unknown(Infinity);
    expect(await remove(access(allow('A')))).toMatchObject({ Status: 'SUCCESS', Reason: reason(/"A" may still be in the access policy/) });
  });
});

describe('update', () => {
  const old = access(allow('A'), allow('B'));
  beforeEach(async () => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
    await create(old);
    world.forgetCalls();
  });

  test('nothing changed but the way it is written: no write, and no waiting', async () => {
    const started = world.clock.now();
    const spread = { ...old, Statements: JSON.stringify(JSON.parse(old.Statements), undefined, 2) };
    expect(await update(old, spread)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
    expect(world.backup.writes).toEqual([]);
    expect(world.clock.now() - started).toBeLessThanOrEqual(2 * SECOND);
  });

  test('all changes at once are one Put, and the rollback is one, too', async () => {
    const changed = access(allow('C'), allow('A', '222222222222'));
    expect(await update(old, changed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
    expect(sids()).toEqual(['Theirs', 'A', 'C']);
    expect(world.backup.writes).toEqual(['PutBackupVaultAccessPolicy']);
    expect(await update(changed, old, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
    expect(sids()).toEqual(['Theirs', 'A', 'B']);
    expect(world.backup.writes).toHaveLength(2);
  });

  test('another vault: the statements are there before CloudFormation deletes them here', async () => {
    world.backup.put('other');
    const moved = { ...old, VaultName: 'other' };
    const there = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:other/access-policy/Thing';
    expect(await update(old, moved)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: there });
    expect(sids('other')).toEqual(['A', 'B']);
    expect(sids()).toEqual(['Theirs', 'A', 'B']);
    expect(await update(moved, old, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
    expect(await remove(moved, there)).toMatchObject({ Status: 'SUCCESS' });
    expect(sids('other')).toBeUndefined();
    expect(sids()).toEqual(['Theirs', 'A', 'B']);
  });

  test('a new way to the same vault is no other vault', async () => {
    const through = { ...old, VaultRegion: 'eu-west-1', VaultAccount: '123456789012', RoleArn: 'arn:aws:iam::123456789012:role/vaults' };
    expect(await update(old, through)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
    expect(world.backup.writes).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['the vault is gone', () => world.backup.vaults.delete('prod')],
    ['the write is denied', () => world.backup.deniedUntil.set('PutBackupVaultAccessPolicy', Infinity)],
    ['the policy is of the old version', () => world.backup.put('prod', { accessPolicy: JSON.stringify({ Statement: [THEIRS] }) })],
  ])('%s: forward it fails with the old id, and a rollback ends', async (_what, happens) => {
    happens();
    const changed = access({ ...block('C', 'x'), Condition: { StringEquals: { 'aws:username': '${aws:PrincipalTag/a}' } } });
    expect(await update(old, changed)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ACCESS_ID });
    expect(await update(old, changed, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: ACCESS_ID,
      Data: { VaultArn: world.backup.arn('prod') },
      Reason: reason(/left as it is, so that the rollback can end/),
    });
  });

  test('old properties of a shape that is no longer written', async () => {
    expect(await update({ VaultName: 'prod', Statements: [{ Sid: 'A' }], Gone: 'x' }, old)).toMatchObject({ Status: 'SUCCESS' });
    expect(await update({ ...old, Statements: '{broken' }, old)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.backup.writes).toEqual([]);
  });
});

describe('delete', () => {
  const asked = access(allow('A'), allow('B'));

  test('takes out what is ours, and leaves the rest', async () => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
    await create(asked);
    expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
    expect(sids()).toEqual(['Theirs']);
  });

  test.each(['succeeds', 'notFound'] as const)(
    'the last statements take the policy with them, also delivered twice (%s)',
    async (setting) => {
      world.backup.deleteWithoutPolicy = setting;
      await create(asked);
      const event = world.event({ type: 'Delete', resource: 'BACKUP_VAULT_ACCESS', properties: asked, physicalId: ACCESS_ID });
      world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
      const answers = await world.deliver(event, event);
      expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
      expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS' });
      expect(sids()).toBeUndefined();
      expect(world.backup.count('PutBackupVaultAccessPolicy')).toBe(1);
    },
  );

  test('one that somebody has edited is left, with a note', async () => {
    await create(asked);
    const vault = world.backup.vaults.get('prod');
    if (vault) vault.accessPolicy = policyOf(allow('A', '333333333333'), allow('B'));
    expect(await remove(asked)).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/statement "A" in the access policy of backup vault prod: left as found/),
    });
    expect(sids()).toEqual(['A']);
  });

  test.each<[string, () => void]>([
    ['there is no vault', () => world.backup.vaults.delete('prod')],
    ['there is no policy', () => world.backup.put('prod')],
    ['all is denied', () => world.backup.deniedUntil.set('*', Infinity)],
    ['only the write is denied', () => world.backup.deniedUntil.set('PutBackupVaultAccessPolicy', Infinity)],
    ['the policy is broken', () => (world.backup.getAccessPolicy = async () => 'broken')],
  ])('%s: ends all the same', async (_what, happens) => {
    world.backup.put('prod', { accessPolicy: policyOf(THEIRS, allow('A'), allow('B')) });
    happens();
    expect(await remove(asked)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ACCESS_ID });
  });

  test('of a Create that named no vault, or no statements', async () => {
    for (const properties of [{}, { VaultName: 'a/b', Statements: asked.Statements }, { VaultName: 'prod', Statements: 'broken' }]) {
      expect(await remove(properties, 'Thing-not-created')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Thing-not-created' });
    }
    expect(world.backup.calls).toEqual([]);
  });

  describe('when our own statement denies putting the policy', () => {
    const HANDLER = 'arn:aws:iam::123456789012:role/handler';
    const ours = access(block('Block', HANDLER));

    test('the function is exempt, and takes it out again', async () => {
      world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
      expect(await create(ours)).toMatchObject({ Status: 'SUCCESS' });
      expect(await remove(ours)).toMatchObject({ Status: 'SUCCESS' });
      expect(sids()).toEqual(['Theirs']);
    });

    test('another function role, a policy with statements of others: stays, and the note says how to get rid of it', async () => {
      world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
      await create(ours);
      world.backup.caller = 'arn:aws:iam::123456789012:role/another';
      expect(await remove(ours)).toMatchObject({
        Status: 'SUCCESS',
        Reason: reason(/statement "Block" may still be.*PutBackupVaultAccessPolicy.*was denied.*only a principal that it exempts can/),
      });
      expect(sids()).toEqual(['Theirs', 'Block']);
    });

    test('another function role, and nothing else in the policy: it goes as a whole, which is not denied', async () => {
      await create(ours);
      world.backup.caller = 'arn:aws:iam::123456789012:role/another';
      const { Status, Reason } = await remove(ours);
      expect([Status, Reason]).toEqual(['SUCCESS', undefined]);
      expect(sids()).toBeUndefined();
    });
  });
});

test('nothing of a policy but its Sids is logged', async () => {
  world.backup.put('prod', { accessPolicy: policyOf(THEIRS) });
  await create(access(allow('A')));
  await update(access(allow('A')), access(allow('A', '222222222222')));
  await remove(access(allow('A', '222222222222')));
  const log = world.logs.join('\n');
  expect(log).toContain('"A"');
  for (const part of ['Effect', 'CopyIntoBackupVault', '222222222222', 'Statement"', 'very-secret']) expect(log).not.toContain(part);
});
