import { listObjects, ListRequest } from './list-objects';
import { bucketOf, isoTime, quoted, S3Operation, S3Request, xmlAnswer } from './s3-request';
import { elements, elementTexts, xmlDocument } from './s3-xml';
import { AwsError, AwsResponse } from '../server/service';

/** Operations on the service and on whole buckets, by name. */
export const bucketOperations: Readonly<Record<string, S3Operation>> = {
  ListBuckets: ({ store }) =>
    xmlAnswer('ListAllMyBucketsResult', {
      Buckets: { Bucket: store.bucketNames().map((name) => ({ Name: name, CreationDate: isoTime(store.findBucket(name)?.created ?? 0) })) },
    }),

  CreateBucket: ({ store, bucketName, request }) => {
    store.createBucket(bucketName, request.region);
    return { status: 200, headers: { location: `/${bucketName}` } };
  },
  DeleteBucket: ({ store, bucketName }) => {
    store.deleteBucket(bucketName);
    return { status: 204 };
  },
  HeadBucket: (s3) => ({ status: 200, headers: { 'x-amz-bucket-region': bucketOf(s3).region } }),

  GetBucketLocation: (s3) => {
    const { region } = bucketOf(s3);
    const content = region === 'us-east-1' ? '' : region;
    const document = xmlDocument('LocationConstraint', {}).replace('></LocationConstraint>', `>${content}</LocationConstraint>`);
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: document };
  },
  GetBucketEncryption: (s3) => {
    bucketOf(s3);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false };
    return xmlAnswer('ServerSideEncryptionConfiguration', { Rule: rule });
  },
  GetBucketVersioning: (s3) => xmlAnswer('VersioningConfiguration', { Status: bucketOf(s3).versioning }),
  GetPublicAccessBlock: (s3) => {
    bucketOf(s3);
    const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    return xmlAnswer('PublicAccessBlockConfiguration', blocked);
  },
  GetBucketOwnershipControls: (s3) => {
    bucketOf(s3);
    return xmlAnswer('OwnershipControls', { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } });
  },

  GetBucketTagging: (s3) => {
    const { tags } = bucketOf(s3);
    if (tags === undefined) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
    return xmlAnswer('Tagging', { TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } });
  },
  PutBucketTagging: (s3) => {
    const tags = elements(s3.request.body.toString('utf8'), 'Tag').map((tag): [string, string] => [
      elementTexts(tag, 'Key')[0] ?? '',
      elementTexts(tag, 'Value')[0] ?? '',
    ]);
    bucketOf(s3).tags = Object.fromEntries(tags);
    s3.store.changed();
    return { status: 204 };
  },
  GetBucketPolicy: (s3) => {
    const { policy } = bucketOf(s3);
    if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: policy };
  },
  PutBucketPolicy: (s3) => {
    bucketOf(s3).policy = s3.request.body.toString('utf8');
    s3.store.changed();
    return { status: 204 };
  },
  DeleteBucketPolicy: (s3) => {
    delete bucketOf(s3).policy;
    s3.store.changed();
    return { status: 204 };
  },
  GetBucketLifecycleConfiguration: (s3) => absent(s3, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
  GetBucketCors: (s3) => absent(s3, 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  GetObjectLockConfiguration: (s3) =>
    absent(s3, 'ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),

  ListObjects: (s3) => list(s3, s3.request.query.get('list-type') === '2'),
  ListObjectVersions: (s3) => {
    const listed = listObjects(bucketOf(s3), { ...listRequest(s3), after: s3.request.query.get('key-marker') ?? '' });
    return xmlAnswer('ListVersionsResult', {
      Name: s3.bucketName,
      IsTruncated: listed.truncated,
      NextKeyMarker: listed.truncated ? listed.last : undefined,
      NextVersionIdMarker: listed.truncated ? 'null' : undefined,
      Version: listed.objects.map(([key, object]) => ({ ...contents(key, object), VersionId: 'null', IsLatest: true })),
      CommonPrefixes: listed.prefixes.map((Prefix) => ({ Prefix })),
    });
  },
  DeleteObjects: (s3) => {
    const bucket = bucketOf(s3);
    const body = s3.request.body.toString('utf8');
    const keys = elements(body, 'Object').flatMap((object) => elementTexts(object, 'Key'));
    keys.forEach((key) => s3.store.deleteObject(bucket, key));
    const quiet = elementTexts(body, 'Quiet')[0] === 'true';
    return xmlAnswer('DeleteResult', { Deleted: quiet ? [] : keys.map((Key) => ({ Key })) });
  },
};

function absent(s3: S3Request, code: string, message: string): AwsResponse {
  bucketOf(s3);
  throw new AwsError(code, message, 404);
}

function list(s3: S3Request, v2: boolean): AwsResponse {
  const { query } = s3.request;
  const token = query.get('continuation-token');
  const after = token !== null ? Buffer.from(token, 'base64').toString('utf8') : query.get(v2 ? 'start-after' : 'marker');
  const request = { ...listRequest(s3), after: after ?? '' };
  const listed = listObjects(bucketOf(s3), request);
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;
  return xmlAnswer('ListBucketResult', {
    Name: s3.bucketName,
    Prefix: encode(request.prefix),
    Delimiter: request.delimiter,
    MaxKeys: request.maxKeys,
    EncodingType: query.get('encoding-type') ?? undefined,
    KeyCount: v2 ? listed.objects.length + listed.prefixes.length : undefined,
    IsTruncated: listed.truncated,
    NextContinuationToken: v2 && listed.truncated ? Buffer.from(listed.last).toString('base64') : undefined,
    NextMarker: !v2 && listed.truncated ? encode(listed.last) : undefined,
    Contents: listed.objects.map(([key, object]) => contents(encode(key), object)),
    CommonPrefixes: listed.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

function listRequest({ request: { query } }: S3Request): Omit<ListRequest, 'after'> {
  const maxKeys = Number(query.get('max-keys') ?? 1000);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? undefined,
    maxKeys: Number.isInteger(maxKeys) ? maxKeys : 1000,
  };
}

function contents(key: string, object: { lastModified: number; etag: string; size: number }) {
  return { Key: key, LastModified: isoTime(object.lastModified), ETag: quoted(object.etag), Size: object.size, StorageClass: 'STANDARD' };
}
