import { bucketOperations } from './bucket-operations';
import { BucketStore } from './bucket-store';
import { objectOperations } from './object-operations';
import { route, S3Operation, S3Request, splitPath } from './s3-request';
import { errorDocument, elements, elementTexts } from './s3-xml';
import { DroppedConnection } from '../server/operation-gate';
import { partitionOf } from '../server/partition';
import { AwsError, AwsRequest, AwsResponse, AwsService } from '../server/service';
import { World } from '../server/world';

/** S3 as the CDK CLI, `aws s3` and CDK's own handlers use it: restXml, path style. */
export function createS3Service(world: World, store: BucketStore = new BucketStore(world)): AwsService {
  const operations = [...Object.values(ROUTES).map(({ operation }) => operation), LIST_OBJECTS_V2];
  return { names: ['s3'], operations, handle: (request) => handle(world, store, request) };
}

interface Route {
  readonly operation: string;
  /** The IAM action, where its name is not the operation's. */
  readonly action?: string;
  /** What runs it, where several operations share an implementation. */
  readonly implementation?: string;
}

const ROUTES: Readonly<Record<string, Route>> = {
  'GET service': { operation: 'ListBuckets', action: 'ListAllMyBuckets' },
  'PUT bucket': { operation: 'CreateBucket' },
  'DELETE bucket': { operation: 'DeleteBucket' },
  'HEAD bucket': { operation: 'HeadBucket', action: 'ListBucket' },
  'GET bucket': { operation: 'ListObjects', action: 'ListBucket' },
  'GET bucket ?location': { operation: 'GetBucketLocation' },
  'GET bucket ?encryption': { operation: 'GetBucketEncryption', action: 'GetEncryptionConfiguration' },
  'GET bucket ?versioning': { operation: 'GetBucketVersioning' },
  'GET bucket ?publicAccessBlock': { operation: 'GetPublicAccessBlock', action: 'GetBucketPublicAccessBlock' },
  'GET bucket ?ownershipControls': { operation: 'GetBucketOwnershipControls' },
  'GET bucket ?tagging': { operation: 'GetBucketTagging' },
  'PUT bucket ?tagging': { operation: 'PutBucketTagging' },
  'GET bucket ?policy': { operation: 'GetBucketPolicy' },
  'PUT bucket ?policy': { operation: 'PutBucketPolicy' },
  'DELETE bucket ?policy': { operation: 'DeleteBucketPolicy' },
  'GET bucket ?lifecycle': { operation: 'GetBucketLifecycleConfiguration', action: 'GetLifecycleConfiguration' },
  'GET bucket ?cors': { operation: 'GetBucketCors', action: 'GetBucketCORS' },
  'GET bucket ?object-lock': { operation: 'GetObjectLockConfiguration', action: 'GetBucketObjectLockConfiguration' },
  'GET bucket ?versions': { operation: 'ListObjectVersions', action: 'ListBucketVersions' },
  'POST bucket ?delete': { operation: 'DeleteObjects', action: 'DeleteObject' },
  'PUT object': { operation: 'PutObject' },
  'PUT object copy': { operation: 'CopyObject', action: 'PutObject' },
  'GET object': { operation: 'GetObject' },
  'HEAD object': { operation: 'HeadObject', action: 'GetObject' },
  'DELETE object': { operation: 'DeleteObject' },
  'GET object ?tagging': { operation: 'GetObjectTagging' },
  'POST object ?uploads': { operation: 'CreateMultipartUpload', action: 'PutObject' },
  'PUT object ?uploadId': { operation: 'UploadPart', action: 'PutObject' },
  'GET object ?uploadId': { operation: 'ListParts', action: 'ListMultipartUploadParts' },
  'POST object ?uploadId': { operation: 'CompleteMultipartUpload', action: 'PutObject' },
  'DELETE object ?uploadId': { operation: 'AbortMultipartUpload' },
};

/** Has the route of `ListObjects`, and a query parameter. */
const LIST_OBJECTS_V2 = 'ListObjectsV2';

const OPERATIONS: Readonly<Record<string, S3Operation>> = { ...bucketOperations, ...objectOperations };

async function handle(world: World, store: BucketStore, request: AwsRequest): Promise<AwsResponse> {
  try {
    const s3: S3Request = { request, store, ...splitPath(request.path) };
    const found = findRoute(s3);
    const implementation = OPERATIONS[found.implementation ?? found.operation];
    if (implementation === undefined) throw notImplemented(found.operation);
    return await world.gate.run(request, found.operation, () => {
      authorise(world, s3, found.action ?? found.operation);
      return implementation(s3);
    });
  } catch (error) {
    if (error instanceof DroppedConnection) throw error;
    if (error instanceof AwsError) return errorAnswer(error, request);
    // Clients of S3 read nothing but XML, not even from a server that is broken.
    console.error(error);
    return errorAnswer(new AwsError('InternalError', error instanceof Error ? error.message : String(error), 500), request);
  }
}

function findRoute(s3: S3Request): Route {
  const name = route(s3);
  const found = ROUTES[name];
  if (found === undefined) throw notImplemented(name);
  const isV2 = found.operation === 'ListObjects' && s3.request.query.get('list-type') === '2';
  return isV2 ? { ...found, operation: LIST_OBJECTS_V2, implementation: 'ListObjects' } : found;
}

function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `s3 ${what} is not implemented by the local endpoint.`, 501);
}

function authorise(world: World, s3: S3Request, action: string): void {
  if (s3.request.caller.roleArn === undefined) return;
  const policy = s3.store.findBucket(s3.bucketName)?.policy;
  for (const resource of resources(s3)) {
    try {
      world.iam.authorise({
        caller: s3.request.caller,
        action: `s3:${action}`,
        resource,
        resourcePolicies: policy === undefined ? undefined : [policy],
        resourceAccount: world.accountId,
        // What the endpoint serves stands for HTTPS: bucket policies commonly refuse everything else.
        context: {
          'aws:SecureTransport': 'true',
          's3:ResourceAccount': world.accountId,
          ...(action === 'ListBucket' && { 's3:prefix': s3.request.query.get('prefix') ?? '' }),
        },
      });
    } catch (error) {
      if (error instanceof AwsError) throw new AwsError('AccessDenied', error.message, error.status);
      throw error;
    }
  }
}

function resources({ request, bucketName, key }: S3Request): string[] {
  if (bucketName === '') return ['*'];
  const bucketArn = `arn:${partitionOf(request.region)}:s3:::${bucketName}`;
  if (key !== '') return [`${bucketArn}/${key}`];
  if (!request.query.has('delete')) return [bucketArn];
  const keys = elements(request.body.toString('utf8'), 'Object').flatMap((object) => elementTexts(object, 'Key'));
  return keys.map((deleted) => `${bucketArn}/${deleted}`);
}

function errorAnswer(error: AwsError, request: AwsRequest): AwsResponse {
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': request.requestId };
  if (request.method === 'HEAD') return { status: error.status, headers };
  return { status: error.status, headers, body: errorDocument(error.code, error.message, request.path, request.requestId) };
}
