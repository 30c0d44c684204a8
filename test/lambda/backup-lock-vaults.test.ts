import { compliance, governance, LockStory, NOT_MADE } from './backup-lock-story';
import { MINUTE, SECOND } from './fakes/virtual-clock';
import { RecoveryPoint } from '../../lambda/backup/services';

const PUT = 'PutBackupVaultLockConfiguration';
const DELETE = 'DeleteBackupVaultLockConfiguration';

let story: LockStory;
beforeEach(() => {
  story = new LockStory();
});

const reason = (expected: RegExp) => expect.stringMatching(expected) as string;
async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const from = story.world.clock.now();
  const result = await work();
  return [result, story.world.clock.now() - from];
}

describe('a vault that does not exist answers like one that is forbidden', () => {
  test.each(['denied', 'notFound'] as const)(
    'missing (%s): not on the list of all vaults, so it is missing; 15 seconds, for one of the same deployment',
    async (answer) => {
      story.world.backup.vaults.delete('prod');
      story.world.backup.describeMissingVault = answer;
      const [response, ms] = await timed(async () => story.create(governance()));
      expect(response).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: NOT_MADE,
        Reason: reason(/^there is no backup vault prod in 123456789012, eu-west-1\. Check the name, the region and the account of `vault`/),
      });
      expect(ms).toBeGreaterThan(15 * SECOND);
      expect(ms).toBeLessThan(30 * SECOND);
    },
  );

  test.each(['denied', 'notFound'] as const)('missing (%s), Delete: SUCCESS', async (answer) => {
    story.world.backup.vaults.delete('prod');
    story.world.backup.describeMissingVault = answer;
    expect(await story.remove(compliance({ OnRemoval: 'remove' }))).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/has no lock to remove/),
    });
  });

  test('ResourceNotFoundException says so itself: the list may be forbidden', async () => {
    story.world.backup.vaults.delete('prod');
    story.world.backup.describeMissingVault = 'notFound';
    story.world.backup.deniedUntil.set('ListBackupVaults', Infinity);
    expect(await story.create(governance())).toMatchObject({ Status: 'FAILED', Reason: reason(/there is no backup vault prod/) });
    expect(await story.remove(governance())).toMatchObject({ Status: 'SUCCESS' });
  });

  test('on the list: it is there and may not be seen; a minute, for a permission of the same deployment', async () => {
    story.world.backup.deniedUntil.set('DescribeBackupVault', Infinity);
    const [response, ms] = await timed(async () => story.create(governance()));
    expect(response).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/^backup:DescribeBackupVault on backup vault prod \(or there is no such vault\) was denied/),
    });
    expect(ms).toBeGreaterThan(MINUTE);
    expect(ms).toBeLessThan(2 * MINUTE);
  });

  test('made by the same deployment, and known everywhere only 10 seconds later', async () => {
    story.world.backup.vaults.delete('prod');
    const created = story.world.start(story.createEvent(governance()));
    await story.world.clock.run(story.world.clock.sleep(10 * SECOND));
    story.world.backup.put('prod');
    expect(await story.world.clock.run(created)).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'governance' } });
  });

  test('it goes away while it is looked at: SUCCESS', async () => {
    await story.have(governance());
    const listTags = story.world.backup.listTags.bind(story.world.backup);
    story.world.backup.listTags = async (arn) => {
      story.world.backup.vaults.delete('prod');
      return listTags(arn);
    };
    expect(await story.remove(governance())).toMatchObject({ Status: 'SUCCESS', Reason: reason(/no lock to remove/) });
  });
});

describe('permissions', () => {
  test.each([PUT, 'TagResource', 'ListTags', 'DescribeBackupVault'])(
    '%s is denied for 20 seconds, as long as IAM takes: SUCCESS',
    async (operation) => {
      story.world.backup.deniedUntil.set(operation, story.world.clock.now() + 20 * SECOND);
      expect(await story.create(governance())).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'governance' } });
    },
  );

  test.each([PUT, 'TagResource', 'ListTags'])(
    '%s is denied for good: the reason names it, and the Delete that follows leaves nothing',
    async (operation) => {
      story.world.backup.deniedUntil.set(operation, Infinity);
      expect(await story.create(governance())).toMatchObject({
        Status: 'FAILED',
        Reason: reason(new RegExp(`^backup:${operation} on backup vault prod was denied`)),
      });
      expect(story.lock).toBeUndefined();
      story.world.backup.deniedUntil.clear();
      await story.remove(governance(), 'ROLLBACK_IN_PROGRESS', NOT_MADE);
      expect([story.lock, story.tags]).toEqual([undefined, {}]);
    },
  );

  test('tags cannot be removed: the lock is there, and the deployment succeeds', async () => {
    story.world.backup.deniedUntil.set('UntagResource', Infinity);
    expect(await story.create(governance())).toMatchObject({ Status: 'SUCCESS' });
  });

  test('a rollback that is denied ends', async () => {
    await story.have(compliance());
    story.world.backup.deniedUntil.set(PUT, Infinity);
    expect(await story.update(compliance(), governance(), 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/left as it is, so that the rollback can end: backup:PutBackupVaultLockConfiguration/),
      Data: { Mode: 'compliance' },
    });
  });

  test.each([
    ['governance', governance({ OnRemoval: 'remove' }), 'DELETE_IN_PROGRESS', 'SUCCESS'],
    ['compliance that was to be kept', compliance(), 'DELETE_IN_PROGRESS', 'SUCCESS'],
    ['compliance that was to be removed', compliance({ OnRemoval: 'remove' }), 'DELETE_IN_PROGRESS', 'FAILED'],
    ['compliance that is rolled back', compliance(), 'ROLLBACK_IN_PROGRESS', 'FAILED'],
  ])('a Delete of %s that may do nothing', async (_what, template, status, expected) => {
    await story.have(template);
    story.world.backup.deniedUntil.set('*', Infinity);
    const response = await story.remove(template, status);
    expect(response.Status).toBe(expected);
    expect(response.Reason).toMatch(expected === 'FAILED' ? /becomes permanent by itself/ : /is left as it is: backup:Describe/);
  });

  test('the status of the stack cannot be read: no lock date; governance works', async () => {
    story.world.stacks.deniedUntil.set('*', Infinity);
    expect(await story.create(compliance())).toMatchObject({ Status: 'FAILED', Reason: reason(/cloudformation:DescribeStacks/) });
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
    expect(await story.create(governance())).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('vaults that cannot be locked', () => {
  test.each(['LOGICALLY_AIR_GAPPED_BACKUP_VAULT', 'RESTORE_ACCESS_BACKUP_VAULT'] as const)('%s', async (type) => {
    story.world.backup.put('prod', { type, lock: { minRetentionDays: 7, maxRetentionDays: 35, lockDate: 1 } });
    expect(await story.create(governance())).toMatchObject({
      Status: 'FAILED',
      Reason: reason(new RegExp(`of the type ${type}.*Remove the BackupVaultLock`)),
    });
    expect(await story.remove(governance({ OnRemoval: 'remove' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(story.world.backup.writes).toEqual([]);
  });

  test.each(['CREATING', 'FAILED'] as const)('one in the state %s', async (state) => {
    story.world.backup.put('prod', { state });
    expect(await story.create(governance())).toMatchObject({
      Status: 'FAILED',
      Reason: reason(new RegExp(`in the state ${state}; only one that is AVAILABLE`)),
    });
    expect(story.world.backup.writes).toEqual([]);
  });
});

describe('recovery points that never expire', () => {
  const points = (count: number, endless?: number): RecoveryPoint[] =>
    Array.from({ length: count }, (_, index) => ({ arn: `arn:aws:ec2:eu-west-1::snapshot/snap-${index}`, expires: index !== endless }));

  test('on page 3 of 3: refused by ARN, and the Delete that follows leaves nothing', async () => {
    story.world.backup.put('prod', { points: points(250, 249) });
    expect(await story.create(compliance())).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/never expires \(arn:aws:ec2:eu-west-1::snapshot\/snap-249\).*`allowRecoveryPointsWithoutExpiry: true`/),
    });
    expect(story.world.backup.count('ListRecoveryPointsByBackupVault')).toBe(3);
    expect(story.lock).toBeUndefined();
    await story.remove(compliance(), 'ROLLBACK_IN_PROGRESS', NOT_MADE);
    expect(story.tags).toEqual({});
  });

  test('a promotion is refused, and the governance lock stays as it was', async () => {
    await story.have(governance());
    story.world.backup.vaults.get('prod')?.points.push(...points(1, 0));
    expect(await story.update(governance(), compliance())).toMatchObject({ Status: 'FAILED', Reason: reason(/snap-0/) });
    expect(story.lock).toEqual({ minRetentionDays: 7, maxRetentionDays: 35 });
    expect(story.tags).toEqual({ 'cdk-vault-lock/lock-owner': reason(/\/Thing$/) });
  });

  test('allowed by the template: they are not even looked for', async () => {
    story.world.backup.put('prod', { points: points(3, 1) });
    expect(await story.create(compliance({ AllowPointsWithoutExpiry: true }))).toMatchObject({ Status: 'SUCCESS' });
    expect(story.world.backup.count('ListRecoveryPointsByBackupVault')).toBe(0);
  });

  test('in governance mode, and all with an expiry: no matter', async () => {
    story.world.backup.put('prod', { points: points(250) });
    expect(await story.create(compliance())).toMatchObject({ Status: 'SUCCESS' });
    story.world.backup.put('prod', { points: points(1, 0) });
    expect(await story.create(governance())).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('a vault of another region, and of another account', () => {
  const RoleArn = 'arn:aws:iam::222222222222:role/vaults';
  const place = { VaultRegion: 'us-east-1', VaultAccount: '222222222222', RoleArn };
  const THERE = 'arn:aws:backup:us-east-1:222222222222:backup-vault:prod/vault-lock';

  test('locked, tagged and unlocked there, through the role', async () => {
    const there = story.world.backupIn('us-east-1', '222222222222');
    there.put('prod');

    const response = await story.create(compliance(place));

    expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: THERE, Data: { Mode: 'compliance' } });
    expect(there.lockOf('prod')?.lockDate).toBeDefined();
    expect(Object.keys(there.vaults.get('prod')?.tags ?? {})).toEqual(['cdk-vault-lock/lock-owner']);
    expect(story.world.roles.assumed).toEqual([RoleArn]);

    expect(await story.remove(compliance({ ...place, OnRemoval: 'remove' }), 'DELETE_IN_PROGRESS', THERE)).toMatchObject({
      Status: 'SUCCESS',
    });
    expect([there.lockOf('prod'), there.vaults.get('prod')?.tags]).toEqual([undefined, {}]);
    expect(story.world.backup.calls).toEqual([]);
  });

  test('the acknowledgement of the vault at home does not count there', async () => {
    story.world.backupIn('us-east-1', '222222222222').put('prod');
    const { Acknowledge } = compliance();
    expect(await story.create(compliance({ ...place, Acknowledge }))).toMatchObject({ Status: 'FAILED', Reason: reason(/is stale/) });
  });

  describe('the role cannot be assumed', () => {
    beforeEach(() => {
      story.world.roles.deniedUntil.set('AssumeRole', Infinity);
    });

    test('create: FAILED, with the role', async () => {
      expect(await story.create(governance(place))).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: NOT_MADE,
        Reason: reason(/^sts:AssumeRole on arn:aws:iam::222222222222:role\/vaults was denied for 60 seconds/),
      });
    });

    test.each([
      ['governance', governance({ ...place, OnRemoval: 'remove' }), 'SUCCESS'],
      ['compliance that was to be removed', compliance({ ...place, OnRemoval: 'remove' }), 'FAILED'],
    ])('Delete of %s', async (_what, template, expected) => {
      const response = await story.remove(template, 'DELETE_IN_PROGRESS', THERE);
      expect(response).toMatchObject({
        Status: expected,
        PhysicalResourceId: THERE,
        Reason: reason(/sts:AssumeRole on arn:aws:iam::222222222222:role\/vaults/),
      });
    });
  });

  test('a role that may be assumed 20 seconds later', async () => {
    story.world.backupIn('us-east-1', '222222222222').put('prod');
    story.world.roles.deniedUntil.set('AssumeRole', story.world.clock.now() + 20 * SECOND);
    expect(await story.create(governance(place))).toMatchObject({ Status: 'SUCCESS' });
  });
});

test('an answer in time: nothing ever answers', async () => {
  story.world.backup.faults.push({ operation: 'DescribeBackupVault', when: 'before', error: 'hang' });
  const [response, ms] = await timed(async () => story.create(governance()));
  expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOT_MADE, Reason: reason(/not finished within the time/) });
  expect(ms).toBeLessThan(5 * MINUTE);
  expect(story.world.backup.count(PUT, DELETE)).toBe(0);
});
