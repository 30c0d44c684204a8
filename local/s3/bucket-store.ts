import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../server/service';
import { World } from '../server/world';

export interface StoredObject {
  readonly blob: string;
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly contentType?: string;
  /** `x-amz-meta-…` headers and the other headers that a download gives back. */
  readonly headers: { readonly [name: string]: string };
}

export interface Bucket {
  /** A staging bucket that was made because somebody used it, not because somebody asked for it. */
  unasked?: true;
  readonly region: string;
  readonly created: number;
  tags?: { [key: string]: string };
  policy?: string;
  versioning?: string;
  readonly objects: { [key: string]: StoredObject };
  readonly uploads: { [uploadId: string]: Upload };
}

export interface Upload {
  readonly key: string;
  readonly contentType?: string;
  readonly headers: { readonly [name: string]: string };
  readonly parts: { [partNumber: string]: Part };
}

export interface Part {
  readonly blob: string;
  readonly etag: string;
  readonly size: number;
}

export interface ObjectHeaders {
  readonly contentType?: string;
  readonly headers: { readonly [name: string]: string };
}

/** CDK's staging buckets exist without a bootstrap stack, as if the account were bootstrapped. */
const STAGING_BUCKET = /^cdk-.+-assets-.+$/;

/** The buckets in the state slice `s3`; contents lie in the blob store. */
export class BucketStore {
  constructor(private readonly world: World) {}

  /** The bytes of an object, as Lambda reads its code. */
  readObject(bucket: string, key: string): Buffer {
    return this.content(this.object(bucket, key).blob);
  }

  findBucket(name: string): Bucket | undefined {
    return this.buckets()[name];
  }

  /** The bucket; a staging bucket is made when somebody asks for it. */
  bucket(name: string, region: string): Bucket {
    const bucket = this.findBucket(name);
    if (bucket !== undefined) return bucket;
    if (STAGING_BUCKET.test(name)) return this.add(name, region, true);
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  }

  createBucket(name: string, region: string): Bucket {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
    const existing = this.findBucket(name);
    if (existing?.unasked) {
      // A bootstrap stack that comes later takes over the bucket that earlier deployments used without one.
      delete existing.unasked;
      this.changed();
      return existing;
    }
    if (existing !== undefined) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
      );
    }
    return this.add(name, region);
  }

  deleteBucket(name: string): void {
    const bucket = this.findBucket(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (Object.keys(bucket.objects).length > 0) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    }
    delete this.buckets()[name];
    this.changed();
  }

  bucketNames(): string[] {
    return Object.keys(this.buckets()).sort();
  }

  object(bucketName: string, key: string, region = 'us-east-1'): StoredObject {
    const object = this.bucket(bucketName, region).objects[key];
    if (object === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return object;
  }

  content(blob: string): Buffer {
    const content = this.world.state.blobs.get(blob);
    if (content === undefined) throw new AwsError('InternalError', `The state folder has lost the bytes ${blob}.`, 500);
    return content;
  }

  putObject(bucket: Bucket, key: string, content: Buffer, headers: ObjectHeaders, etag = md5(content)): StoredObject {
    const object: StoredObject = {
      blob: this.putBlob(content),
      size: content.length,
      etag,
      lastModified: this.world.clock.now(),
      contentType: headers.contentType,
      headers: headers.headers,
    };
    this.deleteObject(bucket, key);
    bucket.objects[key] = object;
    this.changed();
    return object;
  }

  deleteObject(bucket: Bucket, key: string): void {
    const object = bucket.objects[key];
    if (object === undefined) return;
    this.world.state.blobs.delete(object.blob);
    delete bucket.objects[key];
    this.changed();
  }

  createUpload(bucket: Bucket, key: string, headers: ObjectHeaders): string {
    const uploadId = randomUUID().replaceAll('-', '');
    bucket.uploads[uploadId] = { key, ...headers, parts: {} };
    this.changed();
    return uploadId;
  }

  upload(bucket: Bucket, uploadId: string): Upload {
    const upload = bucket.uploads[uploadId];
    if (upload === undefined) {
      throw new AwsError(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        404,
      );
    }
    return upload;
  }

  putPart(upload: Upload, partNumber: number, content: Buffer): Part {
    const replaced = upload.parts[partNumber];
    if (replaced !== undefined) this.world.state.blobs.delete(replaced.blob);
    const part: Part = { blob: this.putBlob(content), etag: md5(content), size: content.length };
    upload.parts[partNumber] = part;
    this.changed();
    return part;
  }

  completeUpload(bucket: Bucket, uploadId: string, partNumbers: readonly number[]): StoredObject {
    const upload = this.upload(bucket, uploadId);
    const parts = partNumbers.map((partNumber) => {
      const part = upload.parts[partNumber];
      if (part === undefined) throw new AwsError('InvalidPart', `Part ${partNumber} could not be found.`);
      return part;
    });
    const content = Buffer.concat(parts.map((part) => this.content(part.blob)));
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
    const object = this.putObject(bucket, upload.key, content, upload, `${md5(digests)}-${parts.length}`);
    this.dropUpload(bucket, uploadId);
    return object;
  }

  dropUpload(bucket: Bucket, uploadId: string): void {
    Object.values(this.upload(bucket, uploadId).parts).forEach((part) => this.world.state.blobs.delete(part.blob));
    delete bucket.uploads[uploadId];
    this.changed();
  }

  /** Call after changing a bucket's own settings. */
  changed(): void {
    this.world.state.changed();
  }

  private putBlob(content: Buffer): string {
    const blob = `s3-${randomUUID()}`;
    this.world.state.blobs.put(blob, content);
    return blob;
  }

  private add(name: string, region: string, unasked?: true): Bucket {
    const bucket: Bucket = { region, created: this.world.clock.now(), objects: {}, uploads: {}, unasked };
    this.buckets()[name] = bucket;
    this.changed();
    return bucket;
  }

  private buckets(): { [name: string]: Bucket } {
    return this.world.state.slice<{ buckets: { [name: string]: Bucket } }>('s3', () => ({ buckets: {} })).buckets;
  }
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
