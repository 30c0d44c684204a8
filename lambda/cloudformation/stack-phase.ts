import { Request } from './request';

export interface StackDescription {
  readonly status: string;
  /** ISO 8601; absent until the first update. */
  readonly lastUpdated?: string;
}

/** The one thing that a handler asks CloudFormation. */
export interface Stacks {
  /** `undefined`: there is no such stack. */
  describe(stackId: string): Promise<StackDescription | undefined>;
}

/**
 * - `forward`: the stack is carrying out the deployment that this request belongs to
 * - `rollback`: it is taking a deployment back
 * - `over`: it is doing nothing, something else, or does not exist; a request to make something came too late
 */
export type StackPhase = 'forward' | 'rollback' | 'over';

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

export function phaseOf(stack: StackDescription | undefined, request: Pick<Request, 'signedAt'>): StackPhase {
  const phase = PHASES[stack?.status ?? ''] ?? 'over';
  if (phase !== 'forward' || request.signedAt === undefined || !stack?.lastUpdated) return phase;
  // Signed before the running update began: a late event of an earlier deployment, which may have been rolled back.
  return request.signedAt + RESOLUTION_MS < Date.parse(stack.lastUpdated) ? 'over' : phase;
}
