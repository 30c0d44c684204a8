import { BACKUP_LOCK_CLAIM_TAG } from '../../../src/private/contract';
import { Invocation } from '../../cloudformation/invocation';
import { leaseEnd, leaseTime } from '../../cloudformation/lease';
import { Request } from '../../cloudformation/request';
import { Tags } from '../services';

/** The announcement of one invocation that it changes the lock of a vault. */
export interface Claim {
  /** Of its tag. */
  readonly key: string;
  readonly delivery: string;
  /** From then on nothing that the invocation began can still happen; in ms since 1970. */
  readonly until: number;
}

export function claimOf({ delivery }: Request, invocation: Invocation): Claim {
  const until = leaseEnd(invocation);
  const nonce = Math.floor(invocation.random() * 2 ** 32).toString(16);
  return { key: `${BACKUP_LOCK_CLAIM_TAG}/${until}-${nonce}`, delivery, until };
}

export function claimTag({ key, delivery, until }: Claim): Tags {
  return { [key]: `${delivery} ${until}` };
}

export function claimsIn(tags: Tags): Claim[] {
  const entries = Object.entries(tags).filter(([key]) => key.startsWith(BACKUP_LOCK_CLAIM_TAG));
  return entries.map(([key, value]) => ({ key, delivery: value.split(' ')[0] ?? '', until: Number(value.split(' ')[1]) }));
}

/**
 * Whether another event's invocation, which may still run, changes the lock first: of two that have announced it, the one that ends first.
 * A duplicate of this event has the same in mind.
 *
 * @param own what this invocation has announced, if it has
 */
export function isBusy(tags: Tags, { delivery }: Request, own: Claim | undefined, invocation: Invocation, hasToEnd: boolean): boolean {
  const now = leaseTime(hasToEnd, invocation);
  return claimsIn(tags).some((claim) => claim.delivery !== delivery && now < claim.until && (!own || isBefore(claim, own)));
}

function isBefore(a: Claim, b: Claim): boolean {
  return a.until < b.until || (a.until === b.until && a.key < b.key);
}

/** What is left of invocations that died. */
export function isDead({ until }: Claim, { clock }: Invocation): boolean {
  return until < clock.now();
}
