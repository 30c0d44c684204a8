/** What can go wrong with one call. */
export const FAULT_KINDS = [
  'lostBefore',
  'lostAfter',
  'throttled',
  'error500Before',
  'error500After',
  'timeoutBefore',
  'timeoutAfter',
  'deniedForAMoment',
  'deniedByPolicy',
  'unsupported',
  'stale',
  'hang',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** `glacier:InitiateVaultLock`, … */
  readonly operation: string;
  readonly kind: FaultKind;
  /** How many calls of the operation are let through before. */
  readonly skip: number;
  /** How many calls it hits; `deniedByPolicy` and `unsupported` last until the faults are lifted. */
  readonly times: number;
}

const READS = /:(Get|List|Describe)/;

export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** What the service has in its answers: Glacier alone closes to new customers; only a read can be stale. */
export function canHit(operation: string, kind: FaultKind): boolean {
  if (kind === 'unsupported') return operation.startsWith('glacier:');
  if (kind === 'stale') return isRead(operation) && !operation.startsWith('cloudformation:');
  return true;
}

function awsError(name: string, message: string, status: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

const TIMEOUT_MS = 10_000;
/** Nearly all the time that a function has; two of them are more. */
const HANG_MS = 270_000;

interface Strike {
  readonly when: 'before' | 'after';
  readonly error: (operation: string) => Error;
  /** How long the caller waits for it. */
  readonly ms?: number;
}

const lost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
/** A proxy's page, much longer than an answer to CloudFormation may be. */
const LONG_TEXT = `Service is not available. ${'<p>Please try again later.</p>'.repeat(400)}`;
const unavailable = () => awsError('ServiceUnavailableException', LONG_TEXT, 500);
const timeout = () => awsError('TimeoutError', 'Connection timed out', 0);
const denied = (operation: string) =>
  awsError(
    'AccessDeniedException',
    `User: arn:aws:sts::123456789012:assumed-role/handler/it is not authorized to perform: ${operation}`,
    403,
  );

const STRIKES: { readonly [kind in Exclude<FaultKind, 'stale'>]: Strike } = {
  lostBefore: { when: 'before', error: lost },
  lostAfter: { when: 'after', error: lost },
  throttled: { when: 'before', error: () => awsError('ThrottlingException', 'Rate exceeded', 400) },
  error500Before: { when: 'before', error: unavailable },
  error500After: { when: 'after', error: unavailable },
  timeoutBefore: { when: 'before', error: timeout, ms: TIMEOUT_MS },
  timeoutAfter: { when: 'after', error: timeout, ms: TIMEOUT_MS },
  deniedForAMoment: { when: 'before', error: denied },
  deniedByPolicy: { when: 'before', error: denied },
  hang: { when: 'before', error: lost, ms: HANG_MS },
  unsupported: { when: 'before', error: () => awsError('NoLongerSupportedException', 'This API is no longer supported', 400) },
};

export function strikeOf(kind: Exclude<FaultKind, 'stale'>): Strike {
  return STRIKES[kind];
}

/** The faults that are still to come. */
export class FaultPlan {
  private pending: { readonly fault: Fault; skip: number; left: number }[] = [];

  /** Replaces the plan. */
  set(faults: readonly Fault[]): void {
    this.pending = faults.map((fault) => ({ fault, skip: fault.skip, left: isLasting(fault.kind) ? Infinity : fault.times }));
  }

  /** The fault that hits this call, used up by one. */
  take(operation: string): FaultKind | undefined {
    for (const each of this.pending) {
      if (each.fault.operation !== operation || each.left <= 0 || !canHit(operation, each.fault.kind)) continue;
      if (each.skip-- > 0) continue;
      each.left--;
      return each.fault.kind;
    }
    return undefined;
  }
}

export function isLasting(kind: FaultKind): boolean {
  return kind === 'deniedByPolicy' || kind === 'unsupported';
}
