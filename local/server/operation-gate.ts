import type { Clock } from './clock';
import { AwsError } from './service';
import type { AwsRequest } from './service';
import type { Throttle } from './throttle';
import type { OperationGate } from './world';

/** One fault as `/_local/faults` takes it. Exactly one of `error`, `dropConnection` and `delayMs`. */
export interface Fault {
  /** Signing name, or `*`. */
  readonly service: string;
  /** Operation name, or `*`. */
  readonly operation: string;
  /** Before the operation has its effect, or after it (a lost answer). Default: before. */
  readonly when?: 'before' | 'after';
  /** The error code to answer, e.g. `ThrottlingException`. */
  readonly error?: string;
  readonly message?: string;
  /** HTTP status of `error`. Default: by code. */
  readonly status?: number;
  readonly dropConnection?: boolean;
  readonly delayMs?: number;
  /** How many calls it hits. Default: 1. */
  readonly times?: number;
}

/** Thrown through a protocol to the HTTP server, which then closes the socket without an answer. */
export class DroppedConnection extends Error {}

/** One line of the call log. */
export interface Call {
  readonly at: string;
  readonly service: string;
  /** The region that the request was signed for. */
  readonly region: string;
  readonly operation: string;
  readonly caller: string;
  /** `ok`, an error code, or `dropped`. */
  readonly outcome: string;
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 403,
  ExpiredToken: 403,
  ExpiredTokenException: 403,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InternalServerException: 500,
  InvalidClientTokenId: 403,
  InvalidSignatureException: 403,
  NoSuchBucket: 404,
  NoSuchEntity: 404,
  NoSuchKey: 404,
  NotFound: 404,
  PreconditionFailed: 412,
  RequestLimitExceeded: 503,
  RequestTimeoutException: 408,
  ResourceNotFoundException: 404,
  ServiceException: 500,
  // Glacier answers it with 500, not 503: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html
  ServiceUnavailableException: 500,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  TooManyRequestsException: 429,
};

/** Where a service differs: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupVault.html */
const STATUS_BY_SERVICE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  backup: { ResourceNotFoundException: 400 },
};

const LONGEST_LOG = 10_000;

export class FaultGate implements OperationGate {
  private faults: { fault: Fault; left: number }[] = [];
  readonly calls: Call[] = [];

  /** @param throttle @default - as many requests as anybody likes */
  constructor(
    private readonly clock: Clock,
    private readonly throttle?: Throttle,
  ) {}

  /** Replaces the list of faults. */
  setFaults(faults: readonly Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, left: fault.times ?? 1 }));
  }

  /** The faults that have not been used up. */
  get pending(): readonly Fault[] {
    return this.faults.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  async run<T>(request: AwsRequest, operation: string, effect: () => Promise<T> | T): Promise<T> {
    try {
      this.throttle?.admit(request, operation);
      await this.strike(request.service, operation, 'before');
      const result = await effect();
      await this.strike(request.service, operation, 'after');
      this.log(request, operation, 'ok');
      return result;
    } catch (error) {
      this.log(
        request,
        operation,
        error instanceof AwsError ? error.code : error instanceof DroppedConnection ? 'dropped' : 'InternalFailure',
      );
      throw error;
    }
  }

  delay(service: string, operation: string): number {
    return this.take(service, operation, 'before', (fault) => fault.delayMs !== undefined)?.delayMs ?? 0;
  }

  private async strike(service: string, operation: string, when: 'before' | 'after'): Promise<void> {
    const fault = this.take(service, operation, when, () => true);
    if (!fault) return;
    if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.dropConnection) throw new DroppedConnection(`${service}:${operation} dropped by a fault`);
    if (fault.error) {
      throw new AwsError(fault.error, fault.message ?? textOf(fault.error), fault.status ?? statusOf(service, fault.error));
    }
  }

  private take(service: string, operation: string, when: 'before' | 'after', fits: (fault: Fault) => boolean): Fault | undefined {
    const hit = this.faults.find(
      ({ fault }) =>
        (fault.service === '*' || fault.service === service) &&
        (fault.operation === '*' || fault.operation === operation) &&
        (fault.when ?? 'before') === when &&
        fits(fault),
    );
    if (!hit) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.faults = this.faults.filter((other) => other !== hit);
    return hit.fault;
  }

  private log(request: AwsRequest, operation: string, outcome: string): void {
    this.calls.push({
      at: new Date(this.clock.now()).toISOString(),
      service: request.service,
      region: request.region,
      operation,
      caller: request.caller.arn,
      outcome,
    });
    if (this.calls.length > LONGEST_LOG) this.calls.splice(0, this.calls.length - LONGEST_LOG);
  }
}

function statusOf(service: string, code: string): number {
  return STATUS_BY_SERVICE[service]?.[code] ?? STATUS_BY_CODE[code] ?? 400;
}

function textOf(code: string): string {
  if (code === 'ThrottlingException' || code === 'Throttling') return 'Rate exceeded';
  if (code === 'NoLongerSupportedException') {
    return 'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.';
  }
  return `${code} (a fault of the local endpoint)`;
}
