import { Request } from './request';

export interface StackDescription {
  readonly status: string;
  /** ISO 8601. */
  readonly created?: string;
  /** ISO 8601; absent until the first update. */
  readonly lastUpdated?: string;
  /** The outermost stack, if this one is nested. */
  readonly rootId?: string;
}

/** What a handler asks CloudFormation. */
export interface Stacks {
  /** `undefined`: there is no such stack. */
  describe(stackId: string): Promise<StackDescription | undefined>;
  /** What a stack had come to when its deletion began; `undefined`: its events do not tell. */
  statusBeforeDeletion(stackId: string): Promise<string | undefined>;
  /** When the stack began to roll back for the last time, ISO 8601; `undefined`: its events do not tell. */
  rollbackBegan(stackId: string): Promise<string | undefined>;
  /** What a resource came to last; `undefined`: the events of the stack do not tell. */
  resourceStatus(stackId: string, logicalId: string): Promise<string | undefined>;
}

/**
 * - `forward`: the stack is carrying out the deployment that this request belongs to
 * - `rollback`: it is taking a deployment back
 * - `over`: it is doing nothing, something else, does not exist, or has gone on without this request, which came too late
 */
export type StackPhase = 'forward' | 'rollback' | 'over';

/**
 * Tells apart what is `over` for a request.
 *
 * - `done`: the deployment that it belongs to has succeeded, or has stopped where it was: so a delivery of it has been answered
 * - `cleanup`: the same, and the stack deletes what it no longer needs
 * - `superseded`: a later deployment has begun
 * - `deletion`: the stack is being deleted
 */
export type Standing = StackPhase | 'done' | 'cleanup' | 'superseded' | 'deletion';

/** A request to make something has come too late. */
export function isOver(standing: Standing | 'unknown' | undefined): boolean {
  return standing === 'deletion' || standing === 'cleanup' || isTooLateToDelete(standing);
}

/** No Delete is waited for any more. */
export function isTooLateToDelete(standing: Standing | 'unknown' | undefined): boolean {
  return standing === 'over' || standing === 'done' || standing === 'superseded';
}

/** `X-Amz-Date` counts whole seconds, `LastUpdatedTime` milliseconds. */
const RESOLUTION_MS = 2_000;

const PHASES: { readonly [status: string]: StackPhase } = {
  CREATE_IN_PROGRESS: 'forward',
  UPDATE_IN_PROGRESS: 'forward',
  IMPORT_IN_PROGRESS: 'forward',
  ROLLBACK_IN_PROGRESS: 'rollback',
  UPDATE_ROLLBACK_IN_PROGRESS: 'rollback',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'rollback',
  IMPORT_ROLLBACK_IN_PROGRESS: 'rollback',
};

/** A deployment without rollback keeps in `*_FAILED` what has succeeded; whoever takes the rest away sends a Delete of its own. */
const DONE = [...['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE', 'CREATE_FAILED', 'UPDATE_FAILED']];

/** A stack that was in one of these states has never been what its template says: its deletion takes a failed creation back. */
const NEVER_COMPLETE = ['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'ROLLBACK_COMPLETE'];

/**
 * Whether a stack is being deleted because a deployment failed: its own creation, or a deployment of the stack that it is nested in.
 * The outermost stack decides.
 */
export async function isTakenBack(stackId: string, { rootId = stackId }: StackDescription, stacks: Stacks): Promise<boolean> {
  const status = rootId === stackId ? 'DELETE_IN_PROGRESS' : (await stacks.describe(rootId))?.status;
  if (status !== 'DELETE_IN_PROGRESS') return PHASES[status ?? ''] === 'rollback';
  return NEVER_COMPLETE.includes((await stacks.statusBeforeDeletion(rootId)) ?? '');
}

export function phaseOf(stack: StackDescription | undefined, request: Pick<Request, 'signedAt'>): StackPhase {
  const phase = PHASES[stack?.status ?? ''] ?? 'over';
  return phase === 'forward' && isOfEarlierDeployment(stack, request) ? 'over' : phase;
}

export function standingOf(stack: StackDescription | undefined, request: Pick<Request, 'signedAt'>): Standing {
  if (stack?.status === 'DELETE_IN_PROGRESS') return 'deletion';
  if (isOfEarlierDeployment(stack, request)) return 'superseded';
  if (stack?.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') return 'cleanup';
  return DONE.includes(stack?.status ?? '') ? 'done' : phaseOf(stack, request);
}

/** Signed before the last update began: a late event of an earlier deployment, which may have been rolled back. */
function isOfEarlierDeployment(stack: StackDescription | undefined, { signedAt }: Pick<Request, 'signedAt'>): boolean {
  return signedAt !== undefined && Boolean(stack?.lastUpdated) && signedAt + RESOLUTION_MS < Date.parse(stack?.lastUpdated ?? '');
}

/** Signed before the rollback began: what is to be taken back, not what takes back. */
export function wentBeforeRollback({ signedAt }: Pick<Request, 'signedAt'>, rollbackBegan: string | undefined): boolean {
  return signedAt !== undefined && rollbackBegan !== undefined && signedAt + RESOLUTION_MS < Date.parse(rollbackBegan);
}

/** A retried deployment deletes what failed, and makes it again: then CloudFormation waits for no Delete any more. */
export function isDeleted(status: string | undefined): boolean {
  return status !== undefined && status !== 'DELETE_IN_PROGRESS' && !status.endsWith('_FAILED');
}
