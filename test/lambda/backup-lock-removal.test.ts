import { compliance, governance, ID, LockStory, NOT_MADE } from './backup-lock-story';
import { BackupWorld } from './fakes/backup-world';
import { HOUR } from './fakes/virtual-clock';

const DAY = 24 * HOUR;
const ROOT = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/parent/0a1b2c3d-9999-1111-2222-333344445555';

function sixDaysLeft({ world }: { world: BackupWorld }) {
  return { minRetentionDays: 7, maxRetentionDays: 35, lockDate: world.clock.now() + 6 * DAY };
}

/** The Delete of a lock in compliance mode, with `onRemoval` keep, while the stack is being deleted. */
async function deletion(story: LockStory, template = compliance(), physicalId = ID) {
  return story.world.ask({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties: template, physicalId });
}

describe('a stack that is deleted because something failed leaves no lock that becomes permanent', () => {
  test.each(['CREATE_FAILED', 'ROLLBACK_FAILED', 'ROLLBACK_COMPLETE', 'CREATE_IN_PROGRESS'])('its creation ended in %s', async (status) => {
    const story = new LockStory();
    story.ours(sixDaysLeft(story));
    story.status = 'DELETE_IN_PROGRESS';
    story.world.stacks.beforeDeletion = status;

    expect(await deletion(story)).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('is removed') as string });
    expect(story.lock).toBeUndefined();
    expect(story.tags).toEqual({});
  });

  test.each(['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'])(
    'the stack that it is nested in is %s',
    async (status) => {
      const story = new LockStory();
      story.ours(sixDaysLeft(story));
      story.world.stacks.stack = { status: 'DELETE_IN_PROGRESS', rootId: ROOT };
      story.world.stacks.root = { status };

      expect((await deletion(story)).Status).toBe('SUCCESS');
      expect(story.lock).toBeUndefined();
    },
  );
});

describe('a stack that is deleted by its user keeps the lock, as `onRemoval` says', () => {
  test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])('after %s', async (status) => {
    const story = new LockStory();
    story.ours(sixDaysLeft(story));
    story.status = 'DELETE_IN_PROGRESS';
    story.world.stacks.beforeDeletion = status;

    expect(await deletion(story)).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringContaining('It becomes permanent at') as string,
    });
    expect(story.lock).toBeDefined();
  });

  test('a nested one that its parent has dropped', async () => {
    const story = new LockStory();
    story.ours(sixDaysLeft(story));
    story.world.stacks.stack = { status: 'DELETE_IN_PROGRESS', rootId: ROOT };
    story.world.stacks.root = { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' };

    expect((await deletion(story)).Reason).toContain('stays in force');
    expect(story.lock).toBeDefined();
  });

  test('also if the events of the stack may not be seen', async () => {
    const story = new LockStory();
    story.ours(sixDaysLeft(story));
    story.status = 'DELETE_IN_PROGRESS';
    story.world.stacks.deniedUntil.set('DescribeStackEvents', Infinity);

    expect((await deletion(story)).Reason).toContain('stays in force');
  });
});

describe('a vault that nobody may look at any more, with a lock that was to be removed', () => {
  const denied = (created: string) => {
    const story = new LockStory();
    story.ours(sixDaysLeft(story));
    story.world.stacks.stack = { status: 'DELETE_IN_PROGRESS', created };
    story.world.backup.deniedUntil.set('*', Infinity);
    return story;
  };

  test('whose cooling-off may not be over: the Delete fails', async () => {
    const { Status, Reason } = await deletion(denied('2026-02-27T12:00:00Z'), compliance({ OnRemoval: 'remove' }));
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('may be in its cooling-off');
  });

  test('whose cooling-off must be over, because nothing was deployed for longer: the Delete ends', async () => {
    const { Status, Reason } = await deletion(denied('2026-02-20T12:00:00Z'), compliance({ OnRemoval: 'remove' }));
    expect(Status).toBe('SUCCESS');
    expect(Reason).toContain('is left as it is');
  });
});

describe('a lock whose owner tag somebody has taken away', () => {
  test('that was to be removed in its cooling-off: the Delete fails, because the lock would become permanent unseen', async () => {
    const story = new LockStory();
    story.found(sixDaysLeft(story));
    story.status = 'DELETE_IN_PROGRESS';

    const { Status, Reason } = await deletion(story, compliance({ OnRemoval: 'remove' }));
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('cdk-vault-lock/lock-owner');
    expect(Reason).toContain('aws backup delete-backup-vault-lock-configuration --backup-vault-name prod --region eu-west-1');
    expect(story.lock).toBeDefined();
  });

  test('after a Create that was refused, in a deployment without rollback: it was never ours, and is left', async () => {
    const story = new LockStory();
    story.found(sixDaysLeft(story));
    story.status = 'DELETE_IN_PROGRESS';
    const { Status } = await deletion(story, compliance({ OnRemoval: 'remove' }), NOT_MADE);
    expect(Status).toBe('SUCCESS');
    expect(story.lock).toBeDefined();
  });

  test('in governance mode, or in a rollback, where a refused create has left no tag: it is left, with a note', async () => {
    const story = new LockStory();
    story.found({ minRetentionDays: 7, maxRetentionDays: 35 });
    story.status = 'DELETE_IN_PROGRESS';
    expect(await deletion(story, governance({ OnRemoval: 'remove' }))).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringContaining('no tag cdk-vault-lock/lock-owner') as string,
    });

    story.found(sixDaysLeft(story));
    story.status = 'ROLLBACK_IN_PROGRESS';
    expect((await deletion(story, compliance({ OnRemoval: 'remove' }))).Status).toBe('SUCCESS');
    expect(story.lock).toBeDefined();
  });
});
