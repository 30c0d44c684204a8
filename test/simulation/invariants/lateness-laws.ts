import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import type { CallRecord } from '../world/api';
import { isRead } from '../world/faults';
import { MINUTE } from '../world/sim-clock';

/** What was decided upon while the deployment went on may arrive that much later. */
const ON_ITS_WAY_MS = 2 * MINUTE;

/** What takes back, or tidies up after, what the same request has made. */
const TIDYING = ['backup:UntagResource', 'ssm:DeleteParameter'];
/** Both say who does what, and nothing else. */
const ANNOUNCING = ['ssm:PutParameter', 'backup:TagResource'];

/** A request whose stack has begun another operation since is history. */
export class LatenessLaws {
  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  judge({ operation, on, by, error }: CallRecord): void {
    if (error !== undefined || isRead(operation) || operation === 'sts:AssumeRole') return;
    if (TIDYING.includes(operation) || ANNOUNCING.includes(operation)) return;
    const { evidence } = this;
    const sending = evidence.sendingOf(by);
    const { world } = evidence;
    const isHistory = world.operationsOn(by.event.StackId) !== sending.operation;
    const begunAgo = world.clock.now() - (evidence.operation?.startedAt ?? 0);
    // One that has only begun since has no excuse.
    const isOnItsWay = by.startedAt < (evidence.operation?.startedAt ?? 0) && (begunAgo < ON_ITS_WAY_MS || evidence.hasHung(by));
    if (!isHistory || isOnItsWay || evidence.isUntold(by) || evidence.takesBack(by)) return;
    // The rollback, or the deletion of the stack, deletes it, too.
    const isTakenDown = /(ROLLBACK|DELETE)_IN_PROGRESS$/.test(evidence.statusOf(by.event.StackId));
    if (by.event.RequestType === 'Delete' && isTakenDown) return;
    const what = `${by.event.RequestType} of ${by.event.LogicalResourceId}`;
    this.accuse('tooLate', `a late ${what} calls ${operation} on ${on}, and the stack has gone on without it`);
  }
}
