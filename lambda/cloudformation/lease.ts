import { Invocation } from './invocation';

/** A request that was on its way when the time ran out may still arrive. */
const LEASE_GRACE_MS = 20_000;
/** What a request that has to end needs for its last calls, which may be slow. */
const LAST_MOMENT_MS = 90_000;

/** From then on nothing that this invocation began can still happen; in ms since 1970. */
export function leaseEnd({ deadline }: Invocation): number {
  return deadline + LEASE_GRACE_MS;
}

/**
 * The time to hold the leases of others against.
 *
 * @param hasToEnd a Delete, or what takes a deployment back: what began before it and has not shown up by its last moment is dead, or will
 * see that the stack is not waiting for it
 */
export function leaseTime(hasToEnd: boolean, invocation: Invocation): number {
  return hasToEnd && isLastMoment(invocation) ? Infinity : invocation.clock.now();
}

/** A request that has to end cannot wait any longer. */
export function isLastMoment({ clock, deadline }: Invocation): boolean {
  return deadline - clock.now() < LAST_MOMENT_MS;
}
