import { compliance, governance, ID, LockStory, LockTemplate } from './backup-lock-story';
import { Event, OWNER } from './fakes/backup-world';
import { connectionLost } from './fakes/faulty-service';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';
import { BACKUP_LOCK_OWNER_TAG } from '../../src/private/contract';

const DAY = 24 * HOUR;
const PUT = 'PutBackupVaultLockConfiguration';
const DELETE = 'DeleteBackupVaultLockConfiguration';
const INVENTED = 'archive-Thing-1ABCDEFGHIJK';
const BARE = { minRetentionDays: 7, maxRetentionDays: 35 };

let story: LockStory;
beforeEach(() => {
  story = new LockStory();
});

const start = async (event: Event) => story.world.start(event);
const wait = async (ms: number) => story.world.clock.run(story.world.clock.sleep(ms));
const answerTo = async <T>(response: Promise<T>) => story.world.clock.run(response);
/** One way, in ms; of all other calls 5. */
function slow(calls: { readonly [operation: string]: number }): void {
  const latency = (operation: string) => calls[operation] ?? 5;
  story.world.backup.latency = latency;
  story.world.stacks.latency = latency;
}
/** The answer that never comes: the process is dead. */
function dieAt(operation: string, when: 'before' | 'after'): void {
  story.world.backup.faults.push({ operation, when, error: 'hang' });
}

describe('the same event twice, side by side', () => {
  test.each([
    ['governance', governance()],
    ['compliance', compliance()],
  ])('Create of %s: both succeed, one lock, one owner, no claim left', async (_mode, template) => {
    const event = story.createEvent(template);
    const responses = await story.world.deliver(event, event);
    expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `${OWNER}/Thing` });
    expect(story.lock).toMatchObject(BARE);
  });

  test('one that reads the tags before the other claims, and the lock after it is there, does not take it for somebody else’s', async () => {
    const event = story.createEvent(compliance());
    const reader = start(event);
    // It has asked for the status of the stack, and for the tags again.
    await wait(57);
    slow({ DescribeBackupVault: 2 * SECOND });
    await wait(5);
    slow({});
    expect(await answerTo(start(event))).toMatchObject({ Status: 'SUCCESS' });
    await answerTo(reader);
    expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `${OWNER}/Thing` });

    expect(await story.remove(compliance(), 'ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
    expect(story.lock).toBeUndefined();
  });

  test('one that has announced itself when the stack has gone on with the answer of another: the vault keeps its owner', async () => {
    story.found(BARE);
    const event = story.createEvent(governance());
    slow({ TagResource: SECOND });
    const late = start(event);
    await wait(1_500);
    slow({});
    expect(await answerTo(start(event))).toMatchObject({ Status: 'SUCCESS' });
    story.world.stacks.stack = { status: 'UPDATE_IN_PROGRESS', lastUpdated: '2026-03-01T12:01:00.000Z' };
    await answerTo(late);
    expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `adopted/${OWNER}/Thing` });
  });

  test('a delivery does not wait for one of the same event that died', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    dieAt(PUT, 'before');
    const event = story.updateEvent(governance(), compliance());
    void start(event);
    await wait(MINUTE);
    const from = story.world.clock.now();
    expect(await answerTo(start(event))).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'compliance' } });
    expect(story.world.clock.now() - from).toBeLessThan(10 * SECOND);
  });

  test.each([
    ['the stack is complete', { status: 'CREATE_COMPLETE' }],
    ['and on its way again', { status: 'UPDATE_IN_PROGRESS', lastUpdated: '2026-03-01T12:01:00.000Z' }],
  ])('one that is slower than CloudFormation, which has heard the other: %s; the lock stays', async (_when, stack) => {
    const event = story.createEvent(compliance());
    const fast = start(event);
    const late = start(event);
    // Both judge before the Put of either.
    slow({ [PUT]: SECOND });
    expect(await answerTo(fast)).toMatchObject({ Status: 'SUCCESS' });
    story.world.stacks.stack = stack;
    await answerTo(late);
    expect(story.lock?.lockDate).toBeDefined();
    expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `${OWNER}/Thing` });
    expect(story.world.backup.count(DELETE)).toBe(0);
  });

  test('promotion: both succeed, and the date of both answers is that of the lock', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    const event = story.updateEvent(governance(), compliance());
    const responses = await story.world.deliver(event, event);
    expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(story.world.backup.lockPuts.length).toBeLessThanOrEqual(2);
    expect(story.lock?.lockDate).toBeLessThan(story.world.clock.now() + 7 * DAY + MINUTE);
  });
});

describe('Delete beside Create', () => {
  test('it overtakes a Create that has done nothing yet: nothing is made', async () => {
    const create = story.createEvent(compliance());
    story.status = 'ROLLBACK_IN_PROGRESS';
    expect(await answerTo(start(story.deleteEvent(compliance(), INVENTED)))).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: INVENTED,
    });
    expect(await answerTo(start(create))).toMatchObject({ Status: 'FAILED' });
    expect([story.lock, story.tags, story.world.backup.writes]).toEqual([undefined, {}, []]);
  });

  test('it comes while the Create has the Put under way: the Create takes it back, and the Delete finds nothing', async () => {
    slow({ [PUT]: 4 * SECOND });
    const created = start(story.createEvent(compliance()));
    await wait(500);
    story.status = 'ROLLBACK_IN_PROGRESS';
    const deleted = start(story.deleteEvent(compliance(), INVENTED));
    expect(await answerTo(deleted)).toMatchObject({ Status: 'SUCCESS' });
    expect(await answerTo(created)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no longer waiting') as string });
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
  });

  test('the answer to the Create’s own removal is lost, too', async () => {
    slow({ [PUT]: 4 * SECOND });
    const created = start(story.createEvent(compliance()));
    await wait(500);
    story.status = 'ROLLBACK_IN_PROGRESS';
    story.world.backup.faults.push({ operation: DELETE, when: 'before', error: connectionLost(), times: 3 });
    await answerTo(created);
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
  });

  test.each(['before', 'after'] as const)(
    'the Create died %s its Put: the Delete waits until nothing can come any more, and removes what is there',
    async (when) => {
      dieAt(PUT, when);
      void start(story.createEvent(compliance()));
      await wait(10 * SECOND);
      story.status = 'ROLLBACK_IN_PROGRESS';
      const deleted = await answerTo(start(story.deleteEvent(compliance(), INVENTED)));
      expect(deleted.Status).toBe('SUCCESS');
      expect([story.lock, story.tags]).toEqual([undefined, {}]);
    },
  );

  test('another delivery of the Create gives up while one has the Put under way, and that one dies: the Delete still knows whose the lock is', async () => {
    const event = story.createEvent(compliance());
    slow({ [PUT]: 10 * SECOND });
    void start(event);
    await wait(SECOND);
    slow({});
    story.status = 'ROLLBACK_IN_PROGRESS';
    expect(await answerTo(start(event))).toMatchObject({ Status: 'FAILED' });
    story.world.backup.faults.push({ operation: PUT, when: 'after', error: 'hang' });
    await wait(15 * SECOND);
    expect(story.lock?.lockDate).toBeDefined();

    expect(await answerTo(start(story.deleteEvent(compliance(), INVENTED)))).toMatchObject({ Status: 'SUCCESS' });
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
  });

  test('the Create died after its Put, and comes again when the stack rolls back and somebody has changed the lock: the Delete still removes it', async () => {
    dieAt(PUT, 'after');
    const event = story.createEvent(governance());
    void start(event);
    await wait(6 * MINUTE);
    const vault = story.world.backup.vaults.get('prod');
    if (vault) vault.lock = { minRetentionDays: 1 };
    story.status = 'ROLLBACK_IN_PROGRESS';
    expect(await answerTo(start(event))).toMatchObject({ Status: 'FAILED' });
    expect(await answerTo(start(story.deleteEvent(governance(), INVENTED)))).toMatchObject({ Status: 'SUCCESS' });
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
  });

  test('the Put takes four minutes, and the Delete could not wait any longer: the Create takes it back, with all tags gone', async () => {
    slow({ [PUT]: 4 * MINUTE });
    const created = start(story.createEvent(compliance()));
    await wait(SECOND);
    slow({});
    story.status = 'ROLLBACK_IN_PROGRESS';
    expect(await answerTo(start(story.deleteEvent(compliance(), INVENTED)))).toMatchObject({ Status: 'SUCCESS' });
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
    expect(await answerTo(created)).toMatchObject({ Status: 'FAILED' });
    expect(story.world.backup.lockPuts).toHaveLength(1);
    expect([story.lock, story.tags]).toEqual([undefined, {}]);
  });

  test('a Create that comes when the stack is gone leaves no lock and no tag', async () => {
    const event = story.createEvent(compliance());
    story.world.clock.advance(3 * HOUR);
    story.world.stacks.stack = undefined;
    expect(await answerTo(start(event))).toMatchObject({ Status: 'FAILED' });
    expect(story.world.backup.writes).toEqual([]);
  });

  test('nor does one that finds a lock like its own', async () => {
    story.found(BARE);
    const event = story.createEvent(governance());
    story.status = 'ROLLBACK_COMPLETE';
    expect(await answerTo(start(event))).toMatchObject({ Status: 'FAILED' });
    expect(story.world.backup.writes).toEqual([]);
  });
});

describe('rollback', () => {
  const rollBack = async (from: LockTemplate, to: LockTemplate, physicalId = ID) => {
    story.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    return answerTo(start(story.updateEvent(from, to, physicalId)));
  };

  test.each(['before', 'after'] as const)(
    'the promotion died %s its Put, and nobody delivers it again: the rollback ends in time, without a lock date',
    async (when) => {
      await story.have(governance());
      story.status = 'UPDATE_IN_PROGRESS';
      dieAt(PUT, when);
      void start(story.updateEvent(governance(), compliance()));
      await wait(2 * SECOND);
      expect(await rollBack(compliance(), governance())).toMatchObject({ Status: 'SUCCESS' });
      expect(story.lock?.lockDate ?? Infinity).toBeGreaterThan(story.world.clock.now() + 36_000 * DAY);
      expect(story.world.backup.count(DELETE)).toBe(0);
    },
  );

  test('the promotion is still at work: the rollback waits for it, and it takes its own lock date back', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    slow({ [PUT]: 4 * SECOND });
    const promoted = start(story.updateEvent(governance(), compliance()));
    await wait(500);
    expect(await rollBack(compliance(), governance())).toMatchObject({ Status: 'SUCCESS' });
    await answerTo(promoted);
    expect(story.world.logs.join()).toContain('no longer waiting');
    expect(story.lock?.lockDate ?? Infinity).toBeGreaterThan(story.world.clock.now() + 36_000 * DAY);
  });

  test('the update has seen its deployment go forward, and then the rollback: it changes nothing any more', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    slow({ TagResource: 4 * SECOND });
    const updated = start(story.updateEvent(governance(), governance({ MinRetentionDays: 1 })));
    await wait(500);
    expect(await rollBack(governance({ MinRetentionDays: 1 }), governance())).toMatchObject({ Status: 'SUCCESS' });
    await answerTo(updated);
    expect(story.lock).toEqual(BARE);
  });

  test('the update is to another vault, and still at work when another resource fails: what it did there is taken back, too', async () => {
    await story.have(governance());
    const there = story.world.backup.put('test');
    const other = compliance({ VaultName: 'test' });
    story.status = 'UPDATE_IN_PROGRESS';
    const moved = start(story.updateEvent(governance(), other));
    await answerTo(moved);
    expect(there.lock?.lockDate).toBeDefined();

    // CloudFormation did not hear that answer any more: for it the resource is still the lock of `prod`.
    expect(await rollBack(other, governance(), ID)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect([there.lock, there.tags]).toEqual([undefined, {}]);
    expect(story.lock).toEqual(BARE);
  });

  test('the update to another vault was heard: its Delete comes later, so the rollback leaves it alone', async () => {
    await story.have(governance());
    const there = story.world.backup.put('test');
    const other = governance({ VaultName: 'test' });
    const { PhysicalResourceId } = await story.update(governance(), other);
    expect(await rollBack(other, governance(), PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(there.lock).toEqual(BARE);

    expect(await story.remove(other, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', PhysicalResourceId)).toMatchObject({
      Status: 'SUCCESS',
    });
    expect([there.lock, there.tags]).toEqual([undefined, {}]);
  });

  test.each([
    ['a minute', { status: 'ROLLBACK_COMPLETE' }],
    ['an hour', { status: 'DELETE_COMPLETE' }],
  ])('its Delete comes a second time %s later: a lock that it found, and left, is not removed then', async (_when, stack) => {
    story.found(BARE);
    const template = governance({ OnRemoval: 'remove' });
    await story.create(template);
    story.status = 'ROLLBACK_IN_PROGRESS';
    const event = story.deleteEvent(template);
    // Its tags could not be removed.
    story.world.backup.deniedUntil.set('UntagResource', Infinity);
    await answerTo(start(event));
    story.world.backup.deniedUntil.clear();
    story.world.stacks.stack = stack;

    expect(await answerTo(start(event))).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringContaining('no longer waiting') as string,
    });
    expect(story.lock).toEqual(BARE);
  });
});

describe('changes beside each other', () => {
  test('claims of processes that died are cleared away by the next one that has the vault to itself', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    dieAt(PUT, 'before');
    void start(story.updateEvent(governance(), governance({ MinRetentionDays: 1 })));
    await wait(10 * MINUTE);
    expect(Object.keys(story.tags)).toHaveLength(2);

    await story.update(governance(), governance({ MinRetentionDays: 2 }));
    expect(story.tags).toEqual({ [BACKUP_LOCK_OWNER_TAG]: `${OWNER}/Thing` });
  });

  test('a late update and the rollback announce themselves at once: they go one after the other', async () => {
    story.ours({ minRetentionDays: 14, maxRetentionDays: 35 });
    story.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const late = story.updateEvent(governance(), governance({ MinRetentionDays: 1 }));
    const from = story.world.clock.now();
    const first = start(late);
    await wait(10);
    const rollback = start(story.updateEvent(governance({ MinRetentionDays: 1 }), governance()));
    const responses = await answerTo(Promise.all([first, rollback]));
    expect(responses.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(story.world.clock.now() - from).toBeLessThan(MINUTE);
  });

  test('somebody takes the tags away while a change is under way: it is announced anew', async () => {
    await story.have(governance());
    story.status = 'UPDATE_IN_PROGRESS';
    slow({ DescribeStacks: SECOND });
    const updated = start(story.updateEvent(governance(), compliance()));
    await wait(2_500);
    const vault = story.world.backup.vaults.get('prod');
    if (vault) vault.tags = {};
    expect(await answerTo(updated)).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'compliance' } });
    expect(Object.keys(story.tags)).toEqual([BACKUP_LOCK_OWNER_TAG]);
  });

  test('two stacks lock the same vault at once: one of them is refused', async () => {
    const stackId = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/other/ffffffff-0000-1111-2222-333344445555';
    const ask = { type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties: governance() } as const;
    const responses = await story.world.deliver(story.world.event(ask), story.world.event({ ...ask, stackId }));
    expect(responses.map(({ Status }) => Status).sort()).toEqual(['FAILED', 'SUCCESS']);
    expect(story.lock).toEqual(BARE);
  });
});
