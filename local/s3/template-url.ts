import { BucketStore } from './bucket-store';
import { AwsError } from '../server/service';

/**
 * The text that a CloudFormation `TemplateURL` points at. Host and port are not looked at: the endpoint may have listened on another
 * port when the URL was made.
 */
export function readTemplate(store: BucketStore, url: string): string {
  const { bucket, key } = parseObjectUrl(url);
  try {
    return store.readObject(bucket, key).toString('utf8');
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('ValidationError', `S3 error: ${error.message}`);
    throw error;
  }
}

/** Bucket and key of an object URL, path style (`https://host/bucket/key`) or virtual hosted (`https://bucket.s3.region.amazonaws.com/key`). */
export function parseObjectUrl(url: string): { bucket: string; key: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) throw notAnObjectUrl();
  const path = decodeURIComponent(parsed.pathname.slice(1));
  const virtualHost = /^(.+)\.(?:s3[.-].*|localhost)$/.exec(parsed.hostname);
  if (virtualHost?.[1] !== undefined) return { bucket: virtualHost[1], key: path };
  const slash = path.indexOf('/');
  if (slash < 1) throw notAnObjectUrl();
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function notAnObjectUrl(): AwsError {
  return new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
}
