import { StoredObject } from './bucket-store';
import { bucketOf, isoTime, objectHeaders, quoted, S3Operation, S3Request, splitPath, uploadedContent, xmlAnswer } from './s3-request';
import { elements, elementTexts } from './s3-xml';
import { AwsError, AwsRequest, AwsResponse } from '../server/service';

/** Operations on single objects and on multipart uploads, by name. */
export const objectOperations: Readonly<Record<string, S3Operation>> = {
  PutObject: (s3) => {
    const bucket = bucketOf(s3);
    if (s3.request.headers['if-none-match'] === '*' && bucket.objects[s3.key] !== undefined) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    const object = s3.store.putObject(bucket, s3.key, uploadedContent(s3.request), objectHeaders(s3.request));
    return { status: 200, headers: { etag: quoted(object.etag) } };
  },
  CopyObject: (s3) => {
    const source = splitPath((s3.request.headers['x-amz-copy-source'] ?? '').replace(/\?versionId=.*$/, ''));
    const original = s3.store.object(source.bucketName, source.key, s3.request.region);
    const headers = s3.request.headers['x-amz-metadata-directive'] === 'REPLACE' ? objectHeaders(s3.request) : original;
    const copy = s3.store.putObject(bucketOf(s3), s3.key, s3.store.content(original.blob), headers);
    return xmlAnswer('CopyObjectResult', { LastModified: isoTime(copy.lastModified), ETag: quoted(copy.etag) });
  },
  GetObject: (s3) => {
    const object = requested(s3);
    return download(object, s3.store.content(object.blob), s3.request);
  },
  HeadObject: (s3) => {
    const object = requested(s3);
    return { status: 200, headers: { ...downloadHeaders(object), 'content-length': String(object.size) } };
  },
  DeleteObject: (s3) => {
    s3.store.deleteObject(bucketOf(s3), s3.key);
    return { status: 204 };
  },
  GetObjectTagging: (s3) => {
    requested(s3);
    return xmlAnswer('Tagging', { TagSet: {} });
  },

  CreateMultipartUpload: (s3) => {
    const uploadId = s3.store.createUpload(bucketOf(s3), s3.key, objectHeaders(s3.request));
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: s3.bucketName, Key: s3.key, UploadId: uploadId });
  },
  UploadPart: (s3) => {
    const partNumber = Number(s3.request.query.get('partNumber'));
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
      throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    }
    const upload = s3.store.upload(bucketOf(s3), requestedUpload(s3));
    const part = s3.store.putPart(upload, partNumber, uploadedContent(s3.request));
    return { status: 200, headers: { etag: quoted(part.etag) } };
  },
  ListParts: (s3) => {
    const { parts } = s3.store.upload(bucketOf(s3), requestedUpload(s3));
    const numbers = Object.keys(parts).map(Number);
    return xmlAnswer('ListPartsResult', {
      Bucket: s3.bucketName,
      Key: s3.key,
      UploadId: requestedUpload(s3),
      IsTruncated: false,
      Part: numbers.map((number) => ({ PartNumber: number, ETag: quoted(parts[number]?.etag ?? ''), Size: parts[number]?.size })),
    });
  },
  CompleteMultipartUpload: (s3) => {
    const parts = elements(s3.request.body.toString('utf8'), 'Part').map((part) => Number(elementTexts(part, 'PartNumber')[0]));
    if (parts.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
    if (parts.some((part, index) => index > 0 && part <= (parts[index - 1] ?? 0))) {
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    }
    const object = s3.store.completeUpload(bucketOf(s3), requestedUpload(s3), parts);
    return xmlAnswer('CompleteMultipartUploadResult', { Bucket: s3.bucketName, Key: s3.key, ETag: quoted(object.etag) });
  },
  AbortMultipartUpload: (s3) => {
    s3.store.dropUpload(bucketOf(s3), requestedUpload(s3));
    return { status: 204 };
  },
};

function requested(s3: S3Request): StoredObject {
  return s3.store.object(s3.bucketName, s3.key, s3.request.region);
}

function requestedUpload(s3: S3Request): string {
  return s3.request.query.get('uploadId') ?? '';
}

function download(object: StoredObject, content: Buffer, request: AwsRequest): AwsResponse {
  const headers = downloadHeaders(object);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (range === null || (range[1] === '' && range[2] === '')) return { status: 200, headers, body: content };
  const [start, end] = resolveRange(range[1] ?? '', range[2] ?? '', content.length);
  if (start >= content.length) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end}/${content.length}` },
    body: content.subarray(start, end + 1),
  };
}

function resolveRange(first: string, last: string, length: number): [number, number] {
  if (first === '') return [Math.max(0, length - Number(last)), length - 1];
  return [Number(first), last === '' ? length - 1 : Math.min(Number(last), length - 1)];
}

function downloadHeaders(object: StoredObject): Record<string, string> {
  return {
    'content-type': object.contentType ?? 'binary/octet-stream',
    etag: quoted(object.etag),
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    ...object.headers,
  };
}
