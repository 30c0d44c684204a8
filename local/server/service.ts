/** What every service of the local endpoint is made of: a request that has been routed, a caller, an answer, an error. */

/** Who signed a request, as far as an access key tells. */
export interface Caller {
  readonly accountId: string;
  /** The principal's ARN: a user, or `arn:aws:sts::…:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** The role behind a session: `arn:aws:iam::…:role/<role>`. Absent for a user. */
  readonly roleArn?: string;
}

export interface AwsRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The service's signing name from the credential scope: `glacier`, `cloudformation`, `s3`, … */
  readonly service: string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface AwsService {
  /** The signing names that are routed here. */
  readonly names: readonly string[];
  /** The names of all operations that it knows. */
  readonly operations: readonly string[];
  handle(request: AwsRequest): Promise<AwsResponse>;
}

/** An error that the service answers on purpose; each protocol writes it in its own form. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
    this.name = code;
  }
}

export function json(status: number, body: unknown): AwsResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
