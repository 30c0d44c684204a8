import { Clock } from './clock';
import { Invocation, InvocationEnded, Log } from './invocation';
import { Refusal } from './refusal';
import { Envelope, parseRequest, Properties, Request } from './request';
import { Answer, Put, responseBody, send } from './response';
import { explain } from '../aws/calls';

/** What a resource reports when the request is fulfilled. */
export interface Outcome {
  readonly physicalId: string;
  readonly data?: { readonly [attribute: string]: string };
  /** Something that the person who deploys should know although all went well. */
  readonly note?: string;
}

/** One resource type. */
export interface Resource {
  handle(request: Request, invocation: Invocation): Promise<Outcome>;
  /** The id of what a Create would make, `undefined` if the properties do not tell. Must not throw. */
  physicalIdOf(request: Request): string | undefined;
}

export interface Surroundings {
  readonly resources: { readonly [resourceType: string]: Resource };
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly put: Put;
  /** How long the function may still run, in ms. */
  readonly remainingMs: number;
  /** How long before that the answer is sent whatever happens. @default 5000 */
  readonly marginMs?: number;
}

/** Answers CloudFormation exactly once per invocation, and always before the function's time is up. */
export async function serve(event: Envelope & Properties, surroundings: Surroundings): Promise<void> {
  const { clock, log, random, put, remainingMs, marginMs = 5_000 } = surroundings;
  const invocation = new Invocation(clock, log, random, clock.now() + Math.max(0, remainingMs - marginMs));
  const answer = await answerTo(event, surroundings, invocation);
  invocation.end();
  log({ answer: answer.status, physicalId: answer.physicalId, reason: answer.reason, data: answer.data });
  await send(put, event.ResponseURL, responseBody(event, answer), clock, random);
}

async function answerTo(event: Envelope & Properties, { resources }: Surroundings, invocation: Invocation): Promise<Answer> {
  let failedId = event.PhysicalResourceId || `${event.LogicalResourceId}-not-created`;
  try {
    const request = parseRequest(event);
    const { type, resourceType, owner, delivery } = request;
    invocation.log({ request: type, resourceType, owner, delivery });
    const resource = resources[resourceType];
    if (!resource) throw new Refusal(`this function does not serve the resource type ${resourceType}`);
    // A failed Update or Delete that answered with another id would make CloudFormation delete what has that id.
    failedId = request.physicalId ?? resource.physicalIdOf(request) ?? failedId;
    const outcome = await Promise.race([resource.handle(request, invocation), late(invocation)]);
    return { status: 'SUCCESS', physicalId: outcome.physicalId, data: outcome.data, reason: outcome.note };
  } catch (error) {
    return { status: 'FAILED', physicalId: failedId, reason: error instanceof InvocationEnded ? tooLate(invocation) : explain(error) };
  }
}

function tooLate({ trouble }: Invocation): string {
  return (
    `not finished within the time that the function has${trouble ? ` (last trouble: ${trouble})` : ''}. Nothing irreversible is left ` +
    'half-done. Deploy again; if it happens again, give the function a longer timeout.'
  );
}

async function late(invocation: Invocation): Promise<never> {
  await invocation.untilDeadline();
  throw new InvocationEnded('the time is up');
}
