import { Bucket, StoredObject } from './bucket-store';

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly maxKeys: number;
  /** Only what sorts behind it; '' for all. */
  readonly after: string;
}

export interface Listing {
  readonly objects: readonly (readonly [key: string, object: StoredObject])[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** Where the next page goes on. */
  readonly last: string;
}

/** One page of a bucket's keys in S3's order; keys with the delimiter behind the prefix are rolled up. */
export function listObjects(bucket: Bucket, request: ListRequest): Listing {
  const objects: [string, StoredObject][] = [];
  const prefixes = new Set<string>();
  let last = '';
  for (const [key, object] of sortedEntries(bucket)) {
    const commonPrefix = rolledUp(key, request);
    const position = commonPrefix ?? key;
    if (!key.startsWith(request.prefix) || position <= request.after) continue;
    if (commonPrefix !== undefined && prefixes.has(commonPrefix)) continue;
    if (objects.length + prefixes.size >= request.maxKeys) {
      return { objects, prefixes: [...prefixes], truncated: request.maxKeys > 0, last };
    }
    if (commonPrefix !== undefined) prefixes.add(commonPrefix);
    else objects.push([key, object]);
    last = position;
  }
  return { objects, prefixes: [...prefixes], truncated: false, last };
}

function sortedEntries(bucket: Bucket): [string, StoredObject][] {
  return Object.entries(bucket.objects).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function rolledUp(key: string, { prefix, delimiter }: ListRequest): string | undefined {
  if (!delimiter || !key.startsWith(prefix)) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}
