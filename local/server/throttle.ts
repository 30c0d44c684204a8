import type { Clock } from './clock';
import { AwsError } from './service';
import type { AwsRequest } from './service';

/** In what words each service, by signing name, says that it was asked too often. */
const REFUSALS: Readonly<Record<string, readonly [code: string, message: string, status: number]>> = {
  cloudformation: ['Throttling', 'Rate exceeded', 400],
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  ec2: ['RequestLimitExceeded', 'Request limit exceeded.', 503],
  iam: ['Throttling', 'Rate exceeded', 400],
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
  lambda: ['TooManyRequestsException', 'Rate Exceeded.', 429],
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
  s3: ['SlowDown', 'Please reduce your request rate.', 503],
  sns: ['Throttled', 'Rate exceeded', 429],
  sts: ['Throttling', 'Rate exceeded', 400],
};
/** Glacier (https://github.com/aws/aws-sdk-js/issues/1749), AWS Backup, Systems Manager, CloudWatch Logs, CloudTrail. */
const REFUSAL = ['ThrottlingException', 'Rate exceeded', 400] as const;

/** CloudFormation retries what its own handlers are refused in this way; those of the endpoint ask only once. */
const OWN_HANDLERS = /\/AWSCloudFormation$/;

interface Bucket {
  tokens: number;
  /** When they were counted, in ms since 1970. */
  countedAt: number;
}

/**
 * A limit on requests, as AWS has them: one for each operation of a service in a region, for all callers of an account together. It is a
 * token bucket that holds the requests of one second, so that many may come at once after a pause.
 */
export class Throttle {
  private readonly buckets = new Map<string, Bucket>();

  /** @param requestsPerSecond 0: no limit */
  constructor(
    private readonly clock: Clock,
    private readonly requestsPerSecond: number,
  ) {}

  /** @throws AwsError in the service's own words when the limit is exceeded; such a request costs nothing */
  admit({ caller, region, service }: AwsRequest, operation: string): void {
    if (this.requestsPerSecond === 0 || OWN_HANDLERS.test(caller.arn)) return;
    const bucket = this.refilled(`${caller.accountId}/${region}/${service}/${operation}`);
    if (bucket.tokens < 1) throw new AwsError(...(REFUSALS[service] ?? REFUSAL));
    bucket.tokens -= 1;
  }

  private refilled(key: string): Bucket {
    const now = this.clock.now();
    const bucket = this.buckets.get(key) ?? { tokens: this.requestsPerSecond, countedAt: now };
    const earned = (Math.max(0, now - bucket.countedAt) / 1000) * this.requestsPerSecond;
    bucket.tokens = Math.min(this.requestsPerSecond, bucket.tokens + earned);
    bucket.countedAt = now;
    this.buckets.set(key, bucket);
    return bucket;
  }
}
