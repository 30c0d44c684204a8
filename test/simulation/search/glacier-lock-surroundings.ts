import { older } from './frame';
import { Lock, LockState, Policy, World } from './glacier-lock-world';
import { Moment } from './stack';

/** What people do by hand, and time by itself. */
export function outside({ world, now }: LockState): readonly { readonly name: string; readonly world: World }[] {
  const { lock, intent } = world;
  const by = (name: string, changed: Lock | null) => ({ name, world: { ...world, lock: changed, settled: 0 } });
  if (!lock) {
    // Before the lease of a dead invocation ends, nobody can tell whose a lock of its policy is.
    const isLookalike = (policy: Policy) => intent?.policy === policy && !intent.lapsedAt;
    return (['A', 'B'] as const)
      .filter((policy) => !isLookalike(policy))
      .map((policy) =>
        by(`by hand: initiate ${policy}`, { state: 'InProgress', policy, created: now, by: 3, deployment: 0, orphan: false }),
      );
  }
  if (lock.state === 'Locked') return [];
  const passed = { ...world, lock: null, settled: 0, intent: intent && { ...intent, lapsedAt: intent.lapsedAt || now } };
  return [
    by('by hand: abort', null),
    ...(lock.by === 3 ? [by('by hand: complete', { ...lock, state: 'Locked' })] : []),
    { name: 'time: 24 hours', world: passed },
  ];
}

export function gone({ lock, record, intent }: World): World {
  return {
    lock: lock && { ...lock, by: lock.by === 3 ? 3 : older(lock.by), deployment: 0 },
    record: record && { ...record, owner: older(record.owner) },
    intent: intent && { ...intent, owner: older(intent.owner) },
    settled: 0,
  };
}

export function abandoned(world: World): World {
  return { ...world, lock: world.lock && { ...world.lock, orphan: true } };
}

/** Nothing remembers the locks of before, and nobody looks at the records of a completed one; those of two stacks ago are nobody's. */
export function atRest(world: World, now: Moment): World {
  const { lock, record, intent } = world;
  if (lock?.state === 'Locked') return { ...world, lock: { ...lock, created: 0, by: 2, orphan: false }, record: null, intent: null };
  const isOfLock = record?.id === lock?.created || record?.created === lock?.created;
  const isAfter = !lock || (intent?.startedAt ?? 0) <= lock.created;
  const isBefore = !lock || (intent?.lapsedAt ?? 0) >= lock.created;
  return {
    ...world,
    record: record && record.owner < 2 && lock && isOfLock ? record : null,
    intent:
      intent && intent.owner < 2
        ? {
            ...intent,
            startedAt: isAfter ? 0 : intent.startedAt,
            lapsedAt: intent.lapsedAt && isBefore ? now : intent.lapsedAt,
            aborts: intent.aborts === lock?.created ? intent.aborts : 0,
          }
        : null,
  };
}
