import { ARN, compliance, governance, ID, LockStory, NOT_MADE } from './backup-lock-story';
import { OWNER } from './fakes/backup-world';
import { awsError, connectionLost } from './fakes/faulty-service';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';
import { BACKUP_LOCK_OWNER_TAG } from '../../src/private/contract';

const DAY = 24 * HOUR;
const PUT = 'PutBackupVaultLockConfiguration';
const DELETE = 'DeleteBackupVaultLockConfiguration';

let story: LockStory;
beforeEach(() => {
  story = new LockStory();
});

const reason = (expected: RegExp) => expect.stringMatching(expected) as string;

describe('from governance to the permanent lock', () => {
  test('the first deployment makes a lock that can be taken away, and hands out the acknowledgement', async () => {
    const response = await story.create(governance());

    expect(response).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: ID,
      Data: {
        ...{ Locked: 'true', Mode: 'governance', LockDate: '', MinRetentionDays: '7', MaxRetentionDays: '35' },
        ...{ Fingerprint: reason(/^sha256:[0-9a-f]{64}$/), Acknowledgement: compliance().Acknowledge },
      },
    });
    expect(story.lock).toEqual({ minRetentionDays: 7, maxRetentionDays: 35 });
    expect(story.world.logs.join()).toContain(compliance().Acknowledge);
  });

  test('the second gives it a lock date, 7 days from then; three days later it still stands, and after seven nobody can change it', async () => {
    await story.create(governance());
    story.world.clock.advance(HOUR);
    const promoted = await story.update(governance(), compliance());
    expect(promoted).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID, Data: { Mode: 'compliance' } });
    const { LockDate = '' } = promoted.Data ?? {};
    expect(LockDate).toMatch(/^2026-03-08T13:00:/);

    story.world.clock.advance(3 * DAY);
    expect(await story.update(compliance(), compliance({ OnRemoval: 'remove' }))).toMatchObject({ Status: 'SUCCESS', Data: { LockDate } });

    story.world.clock.advance(4 * DAY);
    expect(await story.update(compliance(), compliance({ MinRetentionDays: 1 }))).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: ID,
      Reason: reason(new RegExp(`permanent since ${LockDate}.*minimum 7 days, maximum 35 days`)),
    });
    expect(await story.remove(compliance({ OnRemoval: 'remove' }))).toMatchObject({ Status: 'SUCCESS', Reason: reason(/stays in force/) });
    expect(story.lock).toBeDefined();
  });

  test.each([
    ['governance', async () => story.create(governance()), ['TagResource', PUT, 'UntagResource']],
    ['compliance at once', async () => story.create(compliance()), ['TagResource', PUT, 'UntagResource']],
    [
      'promotion',
      async () => (await story.have(governance()), story.update(governance(), compliance())),
      ['TagResource', PUT, 'UntagResource'],
    ],
    [
      'other bounds',
      async () => (await story.have(governance()), story.update(governance(), governance({ MinRetentionDays: 1 }))),
      ['TagResource', PUT, 'UntagResource'],
    ],
    [
      'nothing that counts',
      async () => (await story.have(governance()), story.update(governance({ OnRemoval: 'remove' }), governance())),
      [],
    ],
    [
      'nothing that counts, in the cooling-off',
      async () => (await story.have(compliance()), story.update({ ...compliance(), Unrelated: 1 }, compliance())),
      [],
    ],
    ['keep', async () => (await story.have(governance()), story.remove(governance())), ['UntagResource']],
    ['remove', async () => (await story.have(governance()), story.remove(governance({ OnRemoval: 'remove' }))), [DELETE, 'UntagResource']],
    [
      'the bounds of a template that refuses',
      async () => (await story.have(compliance()), story.update(compliance(), { ...compliance(), MinRetentionDays: 1 })),
      [],
    ],
  ])('writes of "%s"', async (_step, step, writes) => {
    await step();
    expect(story.world.backup.writes).toEqual(writes);
  });

  test('a cooling-off of a hundred years is one, too', async () => {
    const template = compliance({ CoolingOffDays: 36_500 });
    expect(await story.create(template)).toMatchObject({
      Status: 'SUCCESS',
      Data: { Mode: 'compliance', LockDate: reason(/^2126-02-05/) },
    });
    story.world.clock.advance(DAY);
    expect(await story.update({ ...template, Unrelated: 1 }, template)).toMatchObject({ Status: 'SUCCESS' });
    expect(story.world.backup.lockPuts).toHaveLength(1);
  });

  test('a lock date is so many times 24 hours away, whatever the clocks in the streets do', async () => {
    const night = Date.parse('2026-03-28T23:30:00.000Z');
    story = new LockStory(night);
    await story.create(compliance({ CoolingOffDays: 3 }));
    expect(story.lock?.lockDate).toBeGreaterThan(night + 3 * DAY);
    expect(story.lock?.lockDate).toBeLessThan(night + 3 * DAY + MINUTE);
  });
});

describe('a lost answer is not a failure', () => {
  test('Put with ChangeableForDays whose answer is lost: the lock date is not moved a second time', async () => {
    await story.have(governance());
    story.world.backup.faults.push({ operation: PUT, when: 'after', error: connectionLost() });

    const response = await story.update(governance(), compliance());

    expect(response.Status).toBe('SUCCESS');
    expect(story.world.backup.lockPuts).toEqual([{ minRetentionDays: 7, maxRetentionDays: 35, changeableForDays: 7 }]);
    expect(response.Data?.LockDate).toBe(new Date(story.lock?.lockDate ?? 0).toISOString());
  });

  test.each([
    ['minutes', 2 * MINUTE],
    ['hours', 6 * HOUR],
  ])('the same promotion again %s later: the same answer, no second effect', async (_when, ms) => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    const event = story.updateEvent(governance(), compliance());
    const [first] = await story.world.deliver(event);
    story.status = 'UPDATE_COMPLETE';
    story.world.clock.advance(ms);

    expect((await story.world.deliver(event))[0]).toEqual(first);
    expect(story.world.backup.lockPuts).toHaveLength(1);
  });

  test('a promotion whose function died after the Put, delivered again a minute later: the lock date of the first', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    story.world.backup.faults.push({ operation: PUT, when: 'after', error: 'hang' });
    const event = story.updateEvent(governance(), compliance());
    void story.world.start(event);
    await story.world.clock.run(story.world.clock.sleep(MINUTE));
    const { lockDate } = story.lock ?? {};

    const [second] = await story.world.deliver(event);

    expect(second).toMatchObject({ Status: 'SUCCESS', Data: { LockDate: new Date(lockDate ?? 0).toISOString() } });
    expect(story.lock?.lockDate).toBe(lockDate);
  });

  test('DeleteBackupVaultLockConfiguration whose answer is lost, where AWS Backup answers the second one with ResourceNotFoundException', async () => {
    await story.have(governance());
    story.world.backup.deleteWithoutLock = 'notFound';
    story.world.backup.staleReadsMs = 2 * SECOND;
    story.world.backup.faults.push({ operation: DELETE, when: 'after', error: connectionLost() });

    expect(await story.remove(governance({ OnRemoval: 'remove' }))).toMatchObject({ Status: 'SUCCESS', Reason: reason(/is removed/) });
    expect(story.lock).toBeUndefined();
  });
});

describe('the service’s clock counts', () => {
  const refusal = () => awsError('InvalidRequestException', 'Backup vault lock configuration cannot be changed.');
  const inMinutes = (minutes: number) => ({
    minRetentionDays: 7,
    maxRetentionDays: 35,
    lockDate: story.world.clock.now() + minutes * MINUTE,
  });

  test('a minute is left by ours, but AWS Backup says no: it is permanent', async () => {
    story.ours(inMinutes(1));
    story.world.backup.deleteLock = async () => Promise.reject(refusal());
    expect(await story.remove(compliance({ OnRemoval: 'remove' }))).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/nobody can remove it/),
    });

    story.ours(inMinutes(1));
    story.world.backup.putLock = async () => Promise.reject(refusal());
    expect(await story.update(compliance(), compliance({ MinRetentionDays: 14 }))).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/is permanent since 2026-03-01T12:0/),
    });
    expect(await story.update(compliance({ MinRetentionDays: 14 }), compliance(), 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
    });
  });

  test('an hour is left, and AWS Backup says no: that is no matter of clocks, its own words are told', async () => {
    story.ours(inMinutes(60));
    story.world.backup.putLock = async () => Promise.reject(refusal());
    expect(await story.update(compliance(), compliance({ MinRetentionDays: 14 }))).toMatchObject({
      Status: 'FAILED',
      Reason: reason(
        /PutBackupVaultLockConfiguration on backup vault prod failed: InvalidRequestException: Backup vault lock configuration cannot/,
      ),
    });
  });

  test('it is permanent by ours, and AWS Backup would still say yes: nothing is tried', async () => {
    story.ours(inMinutes(-1));
    expect(await story.remove(compliance({ OnRemoval: 'remove' }))).toMatchObject({ Status: 'SUCCESS', Reason: reason(/stays in force/) });
    expect(story.world.backup.count(PUT, DELETE)).toBe(0);
  });
});

describe('what other templates said', () => {
  test('a lock of a template without `OnRemoval` stays', async () => {
    await story.have(governance());
    const { OnRemoval: _, ...older } = governance({ OnRemoval: 'remove' });
    expect(await story.remove(older)).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/as `onRemoval` asks.*delete-backup-vault-lock-configuration/),
    });
    expect(story.lock).toBeDefined();
  });

  test('an Update from a template that would be refused today', async () => {
    await story.have(governance());
    const older = { VaultName: 'prod', Mode: 'Governance', MinRetentionDays: 0, RetentionUnit: 'days' };
    expect(await story.update(older, governance())).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'governance' } });
  });

  test('a rollback to it succeeds, and reports what is there', async () => {
    await story.have(governance());
    const older = { VaultName: 'prod', Mode: 'Governance', MinRetentionDays: 0 };
    expect(await story.update(governance(), older, 'UPDATE_ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/left as it is, so that the rollback can end/),
      Data: { Locked: 'true', MinRetentionDays: '7' },
    });
  });
});

describe('every path gives every attribute', () => {
  const NAMES = ['Acknowledgement', 'Fingerprint', 'LockDate', 'Locked', 'MaxRetentionDays', 'MinRetentionDays', 'Mode'];
  const rollback = 'UPDATE_ROLLBACK_IN_PROGRESS';
  test.each([
    ['create', async () => story.create(governance())],
    ['create without bounds', async () => story.create({ VaultName: 'prod', Mode: 'governance' })],
    [
      'adoption of a permanent lock',
      async () => (story.found({ minRetentionDays: 7, maxRetentionDays: 35, lockDate: 1 }), story.create(compliance())),
    ],
    ['update', async () => (await story.have(governance()), story.update(governance(), compliance()))],
    ['rollback', async () => (await story.have(compliance()), story.update(compliance(), governance(), rollback))],
    ['rollback that is refused', async () => (story.found({ lockDate: 1 }), story.update(compliance(), governance(), rollback))],
    ['rollback without a vault', async () => (story.world.backup.vaults.clear(), story.update(compliance(), governance(), rollback))],
    [
      'rollback that is denied',
      async () => (story.world.backup.deniedUntil.set('*', Infinity), story.update(compliance(), governance(), rollback)),
    ],
    ['rollback to what names no vault', async () => story.update(governance(), { VaultName: '' }, rollback)],
  ])('%s', async (_path, step) => {
    const { Status, Data } = await step();
    expect(Status).toBe('SUCCESS');
    expect(Object.keys(Data ?? {}).sort()).toEqual(NAMES);
  });
});

test('nothing secret is in the logs or the answers', async () => {
  const answers = [await story.create(governance()), await story.update(governance(), compliance()), await story.remove(compliance())];
  story.world.backup.deniedUntil.set('*', Infinity);
  answers.push(await story.create(governance()));
  const said = `${story.world.logs.join()}${JSON.stringify(answers)}`;
  expect(said).not.toMatch(/very-secret|AKIA|ResponseURL|s3\.amazonaws|secret-of-|token-of-|    at /);
});

describe('whose lock is it', () => {
  test('one that another stack manages is left alone, and so is its tag', async () => {
    story.found({ minRetentionDays: 7, maxRetentionDays: 35 }, { [BACKUP_LOCK_OWNER_TAG]: 'other/uuid/Lock' });
    expect(await story.create(governance())).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: NOT_MADE,
      Reason: reason(/managed by another resource: other\/uuid\/Lock.*If that stack is gone, remove the tag cdk-vault-lock\/lock-owner/),
    });
    expect(await story.remove(governance({ OnRemoval: 'remove' }))).toMatchObject({
      Status: 'SUCCESS',
      Reason: reason(/no tag cdk-vault-lock\/lock-owner says/),
    });
    expect(story.world.backup.writes).toEqual([]);
  });

  const dated = { minRetentionDays: 7, maxRetentionDays: 35, lockDate: Date.parse('2026-03-21T12:00:00.000Z') };
  const bare = { minRetentionDays: 7, maxRetentionDays: 35 };
  const rollingBack = 'ROLLBACK_IN_PROGRESS';

  test.each([
    ['governance over governance', bare, governance(), bare, 'adopted/'],
    ['compliance over compliance', dated, compliance(), dated, 'dated/'],
  ])(
    '%s: taken over as it is; a rollback leaves it; a removal that asks for it takes it away',
    async (_which, found, template, after, mark) => {
      story.found(found);
      expect(await story.create(template)).toMatchObject({ Status: 'SUCCESS' });
      expect(story.lock).toEqual(after);
      expect(story.world.backup.count(PUT)).toBe(0);
      expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `${mark}${OWNER}/Thing` });

      expect(await story.remove(template, rollingBack)).toMatchObject({ Status: 'SUCCESS', Reason: reason(/stays in force/) });
      expect([story.lock, story.tags]).toEqual([after, {}]);

      await story.create(template);
      expect(await story.remove({ ...template, OnRemoval: 'remove' })).toMatchObject({ Status: 'SUCCESS', Reason: reason(/is removed/) });
      expect(story.lock).toBeUndefined();
    },
  );

  test.each(['keepsDate', 'clearsDate'] as const)(
    'compliance over governance, where AWS Backup %s: a rollback takes the date off again',
    async (date) => {
      story.world.backup.putWithoutChangeableDaysInGrace = date;
      story.found(bare);
      await story.create(compliance());
      expect(story.lock?.lockDate).toBeDefined();

      expect(await story.remove(compliance(), rollingBack)).toMatchObject({ Status: 'SUCCESS' });
      expect(story.world.backup.count(DELETE)).toBe(0);
      const years = ((story.lock?.lockDate ?? Infinity) - story.world.clock.now()) / DAY / 365;
      expect(years).toBeGreaterThan(99);
    },
  );

  test('governance over a lock date of somebody else: refused, because it would take the date away', async () => {
    story.found(dated);
    expect(await story.create(governance())).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/lock date that this stack did not set.*`mode` governance/),
    });
    expect(story.lock).toEqual(dated);
  });

  test('compliance over a lock whose date was moved a hundred years away: it gets the date that the template asks for', async () => {
    story.found({ ...bare, lockDate: story.world.clock.now() + 36_500 * DAY });
    expect(await story.create(compliance())).toMatchObject({ Status: 'SUCCESS', Data: { LockDate: reason(/^2026-03-08/) } });
  });

  test('other bounds: refused, with what is there', async () => {
    story.found({ minRetentionDays: 1, maxRetentionDays: 35 });
    expect(await story.create(governance())).toMatchObject({
      Status: 'FAILED',
      Reason: reason(/minimum 1 days, maximum 35 days.*`minRetention`/),
    });
  });
});

test('the ARN of the story is the vault’s', () => {
  expect(story.world.backup.arn('prod')).toBe(ARN);
});
