import { AwsError } from '../server/service';

/** What the body of an error says beside its message. */
export interface ErrorDetails {
  /** The service's internal number, not the name of the error. */
  readonly Code?: string;
  /** AlreadyExistsException only: who was there first. */
  readonly CreatorRequestId?: string | undefined;
  readonly Arn?: string;
}

export class BackupError extends AwsError {
  constructor(
    code: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(code, message, 400);
  }
}

/** Stands where AWS Backup has a number that no recording shows, so that nobody can take `Code` for the name of the error. */
const UNKNOWN_NUMBER = 'ERROR_0000';

export function errorBody(error: AwsError): object {
  // AWS's front answers these two before Backup has been asked.
  if (error.code === 'AccessDeniedException' || error.code === 'SerializationException') return { Message: error.message };
  const details = error instanceof BackupError ? error.details : {};
  return { Code: UNKNOWN_NUMBER, Message: error.message, ...details, Type: null, Context: null };
}

/** The one place that names the error: the body's `Code` is a number. */
export function errorHeaders(error: AwsError): Readonly<Record<string, string>> {
  return { 'x-amzn-ErrorType': error.code };
}

export const invalidParameter = (message: string) => new BackupError('InvalidParameterValueException', message);
export const missingParameter = (name: string) => new BackupError('MissingParameterValueException', INVENTED.missingParameter(name));
export const invalidRequest = (message: string, details?: ErrorDetails) => new BackupError('InvalidRequestException', message, details);
/** 400, not 404: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupVault.html */
export const notFound = (message: string) => new BackupError('ResourceNotFoundException', message);
export const limitExceeded = (message: string) => new BackupError('LimitExceededException', message);
export const accessDenied = (message: string) => new AwsError('AccessDeniedException', message, 403);

/** Texts of the real service: reported by people who met them. */
export const RECORDED = {
  /** https://github.com/aws/aws-sdk-js/issues/2625: what a missing vault gets, whatever the caller may do. */
  insufficientPrivileges: 'Insufficient privileges to perform this action.',
  /** https://github.com/cloudposse/terraform-aws-backup/issues/31: vault creation without `backup-storage:MountCapsule`. */
  blank: '',
  /** https://github.com/gruntwork-io/cloud-nuke/issues/730 */
  vaultNotEmpty: 'Backup vault cannot be deleted because it contains recovery points.',
  vaultNotEmptyNumber: 'ERROR_9101',
  pointLocked: 'RecoveryPoint cannot be deleted or updated (Backup vault configured with Lock)',
  pointNotFound: 'Cannot find recovery point',
  /** https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/backup/vault_policy.go, which retries on it. */
  invalidPrincipal: 'Provided principal is not valid',
  /** https://github.com/hashicorp/terraform-provider-aws/issues/24960 */
  invalidRetention: 'Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days',
  /** https://github.com/aws/aws-cdk/pull/17602: a plan's rule for continuous backup. */
  continuousWithoutRetention: 'Lifecycle must be specified for backup rule enabled continuous backup',
  continuousInColdStorage: 'MoveToColdStorageAfterDays is unavailable',
  /** https://repost.aws/knowledge-center/backup-resolve-access-denied-error */
  copyDenied: 'Access Denied trying to call AWS Backup service',
} as const;

/** Texts that no recording shows, or not whole. Nobody should compare them. */
export const INVENTED = {
  missingParameter: (name: string) => `Required parameter missing: ${name}`,
  vaultNotFound: (arn: string) => `Backup vault not found: ${arn}`,
  vaultExists: 'Backup vault with the same name already exists',
  invalidVaultName: (name: string) => `The backup vault name is not valid: ${name}. It must match ^[a-zA-Z0-9\\-\\_]{2,50}$`,
  invalidCreatorRequestId: 'CreatorRequestId must have 1 to 50 alphanumeric or -_. characters',
  tooManyVaults: (limit: number) => `The account has reached its limit of ${limit} backup vaults in this Region`,
  automaticVault: 'The automatic backup vault cannot be deleted',
  retentionOutOfRange: (name: string, least: number, most: number) => `${name} must be a whole number of days from ${least} to ${most}`,
  noUpperBound: (name: string, least: number) => `${name} must be a whole number of days, at least ${least}`,
  minAboveMax: 'MinRetentionDays must not be greater than MaxRetentionDays',
  immutable: 'The vault lock configuration is immutable and cannot be changed',
  notLocked: (arn: string) => `There is no vault lock configuration for: ${arn}`,
  otherTypesLock: (type: string) => `The vault lock configuration of a vault of type ${type} cannot be changed`,
  notAirGapped: (arn: string) => `There is no logically air-gapped backup vault: ${arn}`,
  noAccessPolicy: (name: string) => `No access policy is set for backup vault: ${name}`,
  invalidPolicy: 'The policy document is not valid',
  wildcardAction: 'The policy document is not valid: wildcards in Action are not supported',
  policyTooLong: (limit: number) => `The policy document is longer than ${limit} bytes`,
  noNotifications: (name: string) => `No notifications are set for backup vault: ${name}`,
  invalidTopic: (topic: string) => `The SNS topic is not valid: ${topic}`,
  invalidEvent: (event: string) => `The backup vault event is not valid: ${event}`,
  resourceNotFound: (arn: string) => `Resource not found: ${arn}`,
  notTaggable: (arn: string) => `The ARN is not one that AWS Backup can tag: ${arn}`,
  invalidTag: (key: string) => `The tag is not valid: ${key}`,
  tooManyTags: (limit: number) => `A resource can have at most ${limit} tags`,
  invalidPage: (what: string) => `The ${what} is not valid`,
  invalidColdStorage: 'Invalid lifecycle. MoveToColdStorageAfterDays must be a whole number of days, at least 1',
  tooShortInColdStorage: 'Invalid lifecycle. DeleteAfterDays must be at least 90 days greater than MoveToColdStorageAfterDays',
  invalidResource: (arn: string) => `The resource ARN is not valid: ${arn}`,
  shortStartWindow: 'StartWindowMinutes must be at least 60',
  jobIntoOtherType: (type: string) => `A vault of type ${type} takes no backup jobs`,
  continuousRetention: (most: number) => `Invalid lifecycle. DeleteAfterDays of a continuous backup must be from 1 to ${most} days`,
  continuousLifecycle: 'The lifecycle of a continuous recovery point cannot be updated',
  jobNotFound: (id: string) => `Cannot find job: ${id}`,
  vaultGone: (name: string) => `Backup vault not found: ${name}`,
  retentionBelowMin: (min: number) => `The retention period is shorter than the minimum retention period (${min} days) of the locked vault`,
  retentionAboveMax: (max: number) => `The retention period is longer than the maximum retention period (${max} days) of the locked vault`,
} as const;
