import { createHash } from 'node:crypto';
import { decodeAwsChunked, isAwsChunked } from './aws-chunked';
import { Bucket, BucketStore, ObjectHeaders } from './bucket-store';
import { XmlElement, xmlDocument } from './s3-xml';
import { AwsError, AwsRequest, AwsResponse } from '../server/service';

/** A request in S3's terms. */
export interface S3Request {
  readonly request: AwsRequest;
  readonly store: BucketStore;
  /** '' for the service itself. */
  readonly bucketName: string;
  /** '' for the bucket itself. */
  readonly key: string;
}

export type S3Operation = (s3: S3Request) => AwsResponse;

export function bucketOf(s3: S3Request): Bucket {
  return s3.store.bucket(s3.bucketName, s3.request.region);
}

/** What decides the operation beside method and path; other query parameters are arguments. */
const SUBRESOURCES = new Set(
  (
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataTable metrics ' +
    'notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select session ' +
    'tagging torrent uploads uploadId versioning versions website'
  ).split(' '),
);

/** E.g. `GET bucket ?location`, `PUT object`: the key under which the operation is looked up. */
export function route(s3: S3Request): string {
  const level = s3.bucketName === '' ? 'service' : s3.key === '' ? 'bucket' : 'object';
  const subresource = [...s3.request.query.keys()].find((name) => SUBRESOURCES.has(name));
  const copy = s3.request.headers['x-amz-copy-source'] !== undefined ? ' copy' : '';
  return `${s3.request.method} ${level}${subresource === undefined ? '' : ` ?${subresource}`}${copy}`;
}

export function splitPath(path: string): { bucketName: string; key: string } {
  const [, bucketName = '', key = ''] = /^\/?([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucketName: decodeURIComponent(bucketName), key: decodeURIComponent(key) };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** The content that is being uploaded, unwrapped, and held against the checksum that came with it. */
export function uploadedContent(request: AwsRequest): Buffer {
  const content = isAwsChunked(request.headers) ? decodeAwsChunked(request.body) : request.body;
  const claimed = request.headers['x-amz-checksum-sha256'];
  if (claimed !== undefined && claimed !== createHash('sha256').update(content).digest('base64')) {
    throw new AwsError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  return content;
}

/** The headers of an upload that a download gives back. */
export function objectHeaders(request: AwsRequest): ObjectHeaders {
  const kept = Object.entries(request.headers)
    .filter(
      ([name]) =>
        name.startsWith('x-amz-meta-') || name === 'cache-control' || name === 'content-disposition' || name === 'content-encoding',
    )
    .map(([name, value]): [string, string] => [name, name === 'content-encoding' ? value.replace(/,?\s*aws-chunked\s*,?/, '') : value])
    .filter(([, value]) => value !== '');
  return { contentType: request.headers['content-type'], headers: Object.fromEntries(kept) };
}

export function xmlAnswer(root: string, content: XmlElement): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument(root, content) };
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
