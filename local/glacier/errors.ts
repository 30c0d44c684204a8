import { AwsError } from '../server/service';

/** The body of every Glacier error: exactly these three, in this order, and no `x-amzn-errortype` header. */
export function errorBody(error: AwsError): object {
  return { code: error.code, message: error.message, type: error.status >= 500 ? 'Server' : 'Client' };
}

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message, 400);
export const missingParameter = (name: string) =>
  new AwsError('MissingParameterValueException', `Required parameter missing: ${name}`, 400);
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, 404);
export const limitExceeded = (message: string) => new AwsError('LimitExceededException', message, 400);
export const accessDenied = (message: string) => new AwsError('AccessDeniedException', message, 403);

/** Texts of the real service: recorded from it, or printed in its guide or model. */
export const RECORDED = {
  vaultNotFound: (vaultArn: string) => `Vault not found for ARN: ${vaultArn}`,
  noAccessPolicy: (vaultName: string) => `No vault access policy is set for: ${vaultName}`,
  vaultNotEmpty: (vaultArn: string) => `Vault not empty or recently written to: ${vaultArn}`,
  archiveOfAnotherVault: (vaultArn: string) => `Invalid vault name: ${vaultArn}`,
  invalidLockPolicy: 'The specified vault lock policy is invalid. Provide a valid policy.',
  jobNotFound: (jobId: string) => `The job ID was not found: ${jobId}`,
  invalidJobStatus: (status: string) => `The job status code is not valid: ${status}`,
  deniedByRetrievalPolicy: 'InitiateJob request denied by current data retrieval policy.',
  noLongerSupported: 'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
  notAuthorised: (caller: string, operation: string, resource: string) =>
    `User: ${caller} is not authorized to perform: glacier:${operation} on resource: ${resource}`,
} as const;

/** Texts that no recording shows, or not whole. Nobody should compare them. */
export const INVENTED = {
  noNotifications: (vaultName: string) => `No notification configuration is set for vault: ${vaultName}`,
  noLock: (vaultName: string) => `No vault lock policy is set for: ${vaultName}`,
  lockInProgress: (vaultArn: string) => `A vault lock is already in progress for: ${vaultArn}. Abort it before you initiate another one.`,
  locked: (vaultArn: string) => `The vault lock policy is locked and can no longer be changed for: ${vaultArn}`,
  otherLockId: (lockId: string) => `The lock ID is not valid: ${lockId}`,
  invalidAccessPolicy: 'The specified vault access policy is invalid. Provide a valid policy.',
  invalidVaultName: (name: string) => `Invalid vault name: ${name}`,
  tooManyVaults: (limit: number) => `The account has reached its limit of ${limit} vaults in this Region.`,
  invalidLimit: (limit: number, longest: number) => `The limit is not valid: ${limit}. Valid values: 1 to ${longest}.`,
  invalidMarker: (marker: string) => `The marker is not valid: ${marker}`,
  invalidTagKey: (key: string) => `The tag key is not valid: ${key}`,
  invalidTagValue: (key: string) => `The tag value is not valid for key: ${key}`,
  tagsPerCall: (limit: number) => `Specify 1 to ${limit} tags in one request.`,
  tooManyTags: (limit: number) => `A vault can have at most ${limit} tags.`,
  invalidTopic: (topic: string) => `The SNS topic is not valid: ${topic}`,
  invalidEvent: (event: string) => `The notification event is not valid: ${event}`,
  archiveNotFound: (archiveId: string) => `The archive ID was not found: ${archiveId}`,
  uploadNotFound: (uploadId: string) => `The upload ID was not found: ${uploadId}`,
  checksumMismatch: (expected: string, computed: string) => `Checksum mismatch: expected ${expected} server computed ${computed}`,
  invalidContentLength: (length: number) => `Invalid Content-Length: ${length}`,
  invalidDescription: 'The description is not valid: at most 1,024 printable ASCII characters.',
  invalidPartSize: (size: string) => `Invalid part size: ${size}`,
  invalidRange: (range: string) => `Invalid range: ${range}`,
  incompleteUpload: 'The parts of the multipart upload do not make up the archive size.',
  noInventory: (vaultArn: string) => `There is no inventory yet for vault: ${vaultArn}`,
  jobNotDone: (jobId: string) => `The job is not currently available for download: ${jobId}`,
  invalidJob: (what: string, value: string) => `The job's ${what} is not valid: ${value}`,
  invalidRetrievalPolicy: (why: string) => `The data retrieval policy is not valid: ${why}`,
  tooMuchCapacity: (limit: number) => `An account can have at most ${limit} provisioned capacity units.`,
} as const;
