import { ClaimTag, isImmutable, isNear, Lock, LockRun, LockState, World } from './backup-lock-world';
import { older } from './frame';
import { LONG_AGO } from './stack';

export const isSame = (a: Pick<ClaimTag, 'startedAt'>, b: Pick<ClaimTag, 'startedAt'>) => a.startedAt === b.startedAt;

/** What people do by hand, and time by itself. */
export function outside({ world }: LockState): readonly { readonly name: string; readonly world: World }[] {
  const { lock, owner, vault } = world;
  const given = (to: Lock['by']) => lock && { ...lock, by: to, date: lock.date && { ...lock.date, by: to } };
  const by = (name: string, changed: Partial<World>) => ({ name, world: { ...world, settled: 0, ...changed } });
  if (vault === 'missing') return [by('by hand: the vault is made', { vault: 'usable' })];
  if (vault !== 'usable') return [];
  const near = isNear(lock?.date) ? lock.date : null;
  const tagged = owner
    ? [
        by('by hand: the owner tag is removed', { owner: null, lock: given(3) }),
        by('by hand: the owner tag is changed', { owner: { whose: 2, found: 'none' }, lock: given(3) }),
      ]
    : [];
  const nextDay = by('time: a day passes', {
    lock: lock && near ? { ...lock, date: { ...near, setAt: LONG_AGO, days: near.days - 1 } } : lock,
    claims: [],
  });
  if (isImmutable(lock)) return tagged;
  // The tag says whose it is, whoever put it there.
  const own = owner?.found === 'none' ? owner.whose : 3;
  return [
    ...tagged,
    ...(lock ? [by('by hand: the lock is removed', { lock: null })] : []),
    ...(lock ? [] : [by('by hand: a lock in governance mode', { lock: { bounds: 'P', date: null, by: own, orphan: false } })]),
    ...(lock?.bounds === 'P' ? [by('by hand: other bounds', { lock: { ...lock, bounds: 'Q' } })] : []),
    ...(lock && !near
      ? [
          by('by hand: a lock date in 3 days', {
            lock: { ...lock, date: { setAt: LONG_AGO, days: 3, by: 3, delivery: 0, orphan: false } },
          }),
        ]
      : []),
    ...(near ? [nextDay] : []),
    ...(lock ? [] : [by('by hand: the vault is deleted', { vault: 'missing', owner: null, claims: [] })]),
  ];
}

export function gone({ lock, owner, claims, ...world }: World): World {
  const aged = (by: Lock['by']) => (by === 3 ? by : older(by));
  return {
    ...world,
    lock: lock && { ...lock, by: aged(lock.by), date: lock.date && { ...lock.date, by: aged(lock.date.by) } },
    owner: owner && { ...owner, whose: older(owner.whose) },
    claims,
    settled: 0,
  };
}

/** A later Create finds it as it is, and its rollback leaves it so. */
export function abandoned({ lock, ...world }: World): World {
  return { ...world, lock: lock && { ...lock, orphan: true, date: lock.date && { ...lock.date, orphan: true } } };
}

/** Of the claims that the dead left for one event only the last one counts, and those that have lapsed count for their own event only. */
export function withoutEquals(claims: readonly ClaimTag[], runs: readonly LockRun[]): readonly ClaimTag[] {
  const isDead = (claim: ClaimTag) => runs.every((run) => !isSame(run, claim));
  const isBetween = (a: ClaimTag, b: ClaimTag) => runs.some(({ startedAt }) => startedAt > a.startedAt && startedAt < b.startedAt);
  return claims.filter((claim, index) => {
    if (!isDead(claim)) return true;
    if (claim.lapsed && claim.delivery === 0) return false;
    const isEqual = (other: ClaimTag) => other.delivery === claim.delivery && other.lapsed === claim.lapsed && isDead(other);
    return !claims.some((other, at) => at > index && isEqual(other) && (claim.lapsed || !isBetween(claim, other)));
  });
}
