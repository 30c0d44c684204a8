import type { Properties } from '../resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const MAX_ANSWER_BYTES = 4096;
const MAX_PHYSICAL_ID = 1024;

/** A custom resource's answer, judged: `failure` is the status reason. */
export interface Answer {
  readonly physicalId?: string;
  readonly data: Properties;
  readonly noEcho: boolean;
  readonly failure?: string;
  /** The function could not be called at all, so there is nothing to take back. */
  readonly undelivered?: boolean;
}

/** What an answer must repeat from its request. */
export interface Expected {
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalId: string;
}

export function judgeAnswer(body: Buffer, expected: Expected): Answer {
  if (body.length > MAX_ANSWER_BYTES) return failed('Response object is too long.');
  const answer = parsed(body);
  if (!answer) return failed('Invalid Response object: it is not a JSON object.');
  const echo = { StackId: expected.stackId, RequestId: expected.requestId, LogicalResourceId: expected.logicalId };
  const wrong = Object.entries(echo).find(([name, value]) => answer[name] !== value);
  if (wrong) return failed(`Invalid Response object: Value of property ${wrong[0]} does not match that of the request.`);
  const { Status: status, PhysicalResourceId: physicalId, Data: data, Reason: reason } = answer;
  if (status !== 'SUCCESS' && status !== 'FAILED') {
    return failed('Invalid Response object: Value of property Status must be SUCCESS or FAILED.');
  }
  if (physicalId !== undefined && typeof physicalId !== 'string') {
    return failed('Invalid Response object: Value of property PhysicalResourceId must be of type String');
  }
  // An empty id hides the reason of a failure as well.
  if (physicalId === '' || (physicalId ?? '').length > MAX_PHYSICAL_ID) return failed('Invalid PhysicalResourceId');
  if (status === 'FAILED') {
    const message = `Received response status [FAILED] from custom resource. Message returned: ${String(reason ?? '')} (RequestId: ${expected.requestId})`;
    return { ...failed(message), ...(physicalId === undefined ? {} : { physicalId }) };
  }
  if (physicalId === undefined) return failed('Invalid PhysicalResourceId');
  if (data !== undefined && data !== null && (typeof data !== 'object' || Array.isArray(data))) {
    return failed('Invalid Response object: Value of property Data must be an object');
  }
  return { physicalId, data: (data ?? {}) as Properties, noEcho: answer.NoEcho === true || answer.NoEcho === 'true' };
}

function failed(failure: string): Answer {
  return { data: {}, noEcho: false, failure };
}

function parsed(body: Buffer): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
