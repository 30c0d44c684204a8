import { createHash } from 'node:crypto';
import { ownerOf, parseStackId, Stack } from './owner';

export type Properties = { readonly [name: string]: unknown };
export type RequestType = 'Create' | 'Update' | 'Delete';

/** What CloudFormation asks for. The ResponseURL is not in it: whoever holds that may answer, so it stays with the responder. */
export interface Request {
  readonly type: RequestType;
  readonly resourceType: string;
  readonly stack: Stack;
  readonly logicalId: string;
  /** Names this resource of this stack, in at most 247 characters; see `ownerOf`. */
  readonly owner: string;
  /** Absent on Create only. On Delete it may be one that CloudFormation invented. */
  readonly physicalId?: string;
  readonly properties: Properties;
  readonly oldProperties: Properties;
  /**
   * The same for every delivery of one event, different for every other event. Not the RequestId: CloudFormation uses that again
   * when a failed deployment is retried.
   */
  readonly delivery: string;
  /** When CloudFormation signed the ResponseURL, in ms since 1970; `undefined` if the URL does not tell. */
  readonly signedAt?: number;
}

/** The members of an event that have to be echoed, and the address of the answer. */
export interface Envelope {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
}

const SIGNATURE_LIFETIME_MS = 7_200_000;

export function parseRequest(event: Envelope & Properties): Request {
  const type = event.RequestType;
  if (type !== 'Create' && type !== 'Update' && type !== 'Delete') throw new Error(`RequestType "${String(type)}" is not known`);
  const stack = parseStackId(event.StackId);
  return {
    type,
    resourceType: String(event.ResourceType),
    stack,
    logicalId: event.LogicalResourceId,
    owner: ownerOf(stack, event.LogicalResourceId),
    physicalId: event.PhysicalResourceId || undefined,
    properties: objectOf(event.ResourceProperties),
    oldProperties: objectOf(event.OldResourceProperties),
    delivery: createHash('sha256').update(event.ResponseURL).digest('hex').slice(0, 16),
    signedAt: signedAt(event.ResponseURL),
  };
}

/** Reads signature version 4 (`X-Amz-Date`) and version 2 (`Expires`, two hours ahead in every recorded event). */
export function signedAt(responseUrl: string): number | undefined {
  const query = new URL(responseUrl).searchParams;
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  if (date) {
    const [year, month, day, hour, minute, second] = date.slice(1).map(Number) as [number, number, number, number, number, number];
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  const expires = query.get('Expires') ?? '';
  return /^\d+$/.test(expires) ? Number(expires) * 1000 - SIGNATURE_LIFETIME_MS : undefined;
}

function objectOf(value: unknown): Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}
