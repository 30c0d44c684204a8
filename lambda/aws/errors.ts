/**
 * What an error says about the world. Decided by name, because statuses mislead: Glacier answers 500 for an unavailable service and
 * 400 for throttling.
 *
 * - `throttled`: refused before anything happened
 * - `unclear`: it may or may not have happened (no answer, a broken one, a 5xx)
 * - `denied`: IAM, an SCP, a resource policy, or a vault lock in the wrong state: only the state can tell
 */
export type ErrorKind = 'throttled' | 'unclear' | 'denied' | 'notFound' | 'unsupported' | 'other';

const KINDS: { readonly [name: string]: ErrorKind } = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  TooManyUpdates: 'throttled',
  RequestLimitExceeded: 'throttled',
  ServiceUnavailableException: 'unclear',
  RequestTimeoutException: 'unclear',
  InternalServerError: 'unclear',
  InternalFailure: 'unclear',
  TimeoutError: 'unclear',
  // The SDK could not read the body: a proxy's HTML page.
  SyntaxError: 'unclear',
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  ResourceNotFoundException: 'notFound',
  ParameterNotFound: 'notFound',
  NoLongerSupportedException: 'unsupported',
};

const SOCKET_CODES = ['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];

interface AwsError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export function kindOf(error: unknown): ErrorKind {
  const { name = '', code = '', $metadata } = (error ?? {}) as AwsError;
  const known = KINDS[name];
  if (known) return known;
  if (SOCKET_CODES.includes(code) || ($metadata?.httpStatusCode ?? 0) >= 500) return 'unclear';
  return 'other';
}

export function nameOf(error: unknown): string {
  return (error as AwsError | undefined)?.name ?? 'Error';
}

export function messageOf(error: unknown): string {
  return (error as AwsError | undefined)?.message ?? '';
}
