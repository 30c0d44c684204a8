import { Refusal } from './refusal';
import { Request } from './request';
import { Outcome } from './serve';
import {
  isDeleted,
  isTakenBack,
  phaseOf,
  StackDescription,
  StackPhase,
  Standing,
  standingOf,
  Stacks,
  wentBeforeRollback,
} from './stack-phase';
import { CallFailed, Calls, Denied, explain } from '../aws/calls';

/** `undefined`: CloudFormation did not say, or the role may not ask. */
export async function askPhase(stacks: Stacks, calls: Calls, request: Request): Promise<StackPhase | undefined> {
  const phase = await ask(stacks, calls, request, phaseOf);
  return phase && (await isGoneOnWithout(phase, stacks, calls, request)) ? 'over' : phase;
}

/** Like `askPhase`, and tells apart why there is nothing to be done any more. */
export async function askStanding(stacks: Stacks, calls: Calls, request: Request): Promise<Standing | undefined> {
  const standing = await ask(stacks, calls, request, standingOf);
  return standing && (await isGoneOnWithout(standing, stacks, calls, request)) ? 'over' : standing;
}

/** Like `askStanding`; a stack that is deleted because a deployment was taken back is in `rollback`. */
export async function askStandingWithHistory(stacks: Stacks, calls: Calls, request: Request): Promise<Standing | undefined> {
  const seen = await ask(stacks, calls, request, (stack) => ({ stack, standing: standingOf(stack, request) }));
  if (!seen?.stack) return seen?.standing;
  const { stack, standing } = seen;
  if (standing === 'deletion') return (await tookBack(stack, stacks, calls, request)) ? 'rollback' : 'deletion';
  return (await isGoneOnWithout(standing, stacks, calls, request)) ? 'over' : standing;
}

/** When the stack was created or last updated, in ms since 1970: later than that nothing of its template has happened. */
export async function lastDeployment(stacks: Stacks, calls: Calls, request: Request): Promise<number | undefined> {
  const moment = await ask(stacks, calls, request, (stack) => stack?.lastUpdated ?? stack?.created);
  return moment === undefined ? undefined : Date.parse(moment);
}

async function ask<T>(
  stacks: Stacks,
  calls: Calls,
  request: Request,
  judge: (stack: StackDescription | undefined, request: Request) => T,
): Promise<T | undefined> {
  const call = { action: 'cloudformation:DescribeStacks', on: `stack ${request.stack.name}` };
  return unlessUntold(async () => judge(await calls.make(call, async () => stacks.describe(request.stack.id)), request));
}

async function tookBack(stack: StackDescription, stacks: Stacks, calls: Calls, request: Request): Promise<boolean> {
  return askEvents(calls, request, async () => isTakenBack(request.stack.id, stack, stacks));
}

/** What the status alone does not show: an Update that is being taken back, and a Delete after which the same deployment has made it anew. */
async function isGoneOnWithout(standing: Standing, stacks: Stacks, calls: Calls, request: Request): Promise<boolean> {
  const { type, signedAt, stack, logicalId } = request;
  if (type === 'Update' && standing === 'rollback' && signedAt !== undefined) {
    return askEvents(calls, request, async () => wentBeforeRollback(request, await stacks.rollbackBegan(stack.id)));
  }
  if (type !== 'Delete' || (standing !== 'forward' && standing !== 'cleanup')) return false;
  return askEvents(calls, request, async () => isDeleted(await stacks.resourceStatus(stack.id, logicalId)));
}

async function askEvents(calls: Calls, request: Request, work: () => Promise<boolean>): Promise<boolean> {
  const call = { action: 'cloudformation:DescribeStackEvents', on: `stack ${request.stack.name}` };
  return (await unlessUntold(async () => calls.make(call, work))) ?? false;
}

async function unlessUntold<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CallFailed || error instanceof Denied) return undefined;
    throw error;
  }
}

/**
 * A rollback always ends: what cannot be restored stays as it is, with SUCCESS and the truth in the attributes, because a refusal
 * here would leave the stack in UPDATE_ROLLBACK_FAILED. CloudFormation does not mark the Update of a rollback, and its old and new
 * properties look like those of a forward Update, so the stack's own status has to tell.
 *
 * If the status cannot be read the refusal stands. A forward change of a completed lock is far likelier than a rollback that finds
 * a policy which it did not complete itself, and a success that did not happen is worse than a stop with a reason: the stack can
 * still be continued (`continue-update-rollback --resources-to-skip`), a lock believed to be there cannot.
 *
 * A call that stays denied cannot be waited for: what denies it is often the lock in progress itself, whose Delete comes only after the
 * rollback. An unanswered call is no judgement and fails in every phase: continuing the rollback later can succeed.
 */
export async function unlessRollback(
  request: Request,
  phase: () => Promise<StackPhase | undefined>,
  work: () => Promise<Outcome>,
  asItIs: (note: string) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    const isGone = error instanceof CallFailed && (error.kind === 'unsupported' || error.kind === 'notFound');
    const final = error instanceof Refusal || error instanceof Denied || isGone;
    if (!final || request.type !== 'Update' || (await phase()) !== 'rollback') throw error;
    return asItIs(`left as it is, so that the rollback can end: ${explain(error)}`);
  }
}
