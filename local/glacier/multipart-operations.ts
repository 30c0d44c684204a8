import type {
  AbortMultipartUploadInput,
  CompleteMultipartUploadInput,
  InitiateMultipartUploadInput,
  ListMultipartUploadsInput,
  ListPartsInput,
  UploadMultipartPartInput,
} from '@aws-sdk/client-glacier';
import { checkContentHash, checkedDescription, checkTreeHash, creationOf, storeArchive } from './archive-operations';
import { invalidParameter, INVENTED, missingParameter, notFound } from './errors';
import type { Glacier, OpenVault } from './glacier';
import { newId } from './identifiers';
import { pageOf } from './paging';
import { isoDate, partBlob } from './state';
import type { MultipartUpload } from './state';
import { treeHash } from './tree-hash';
import { lookUp } from '../server/look-up';
import type { AwsRequest } from '../server/service';

/** All of these: https://docs.aws.amazon.com/amazonglacier/latest/dev/uploading-archive-mpu.html */
const SMALLEST_PART = 1024 * 1024;
const LARGEST_PART = 4 * 1024 * 1024 * 1024;
const MAX_PARTS = 10_000;
const LONGEST_PAGE = 50;

export function multipartOperations(glacier: Glacier) {
  return {
    InitiateMultipartUpload(input: InitiateMultipartUploadInput, request: AwsRequest) {
      const at = glacier.open('InitiateMultipartUpload', input, request);
      const description = checkedDescription(input.archiveDescription);
      const partSize = checkedPartSize(input.partSize);
      const id = newId('upload');
      at.vault.uploads[id] = { id, description, partSize, created: glacier.now(), parts: {} };
      glacier.changed();
      return { location: `${at.path}/multipart-uploads/${id}`, uploadId: id };
    },

    UploadMultipartPart(input: UploadMultipartPartInput, request: AwsRequest) {
      const { vault } = glacier.open('UploadMultipartPart', input, request);
      const upload = uploadOf(vault.uploads, input.uploadId);
      const { body } = request;
      const start = checkedStart(input.range, upload, body.length);
      checkContentHash(request);
      const checksum = treeHash(body);
      checkTreeHash(input.checksum, checksum);
      glacier.world.state.blobs.put(partBlob(upload.id, start), body);
      upload.parts[start] = { size: body.length, treeHash: checksum };
      glacier.changed();
      return { checksum };
    },

    CompleteMultipartUpload(input: CompleteMultipartUploadInput, request: AwsRequest) {
      const at = glacier.open('CompleteMultipartUpload', input, request);
      const { vault } = at;
      const made = lookUp(vault.archives, lookUp(vault.completedUploads, input.uploadId));
      if (made) return creationOf(at, made);
      const upload = uploadOf(vault.uploads, input.uploadId);
      const content = assemble(glacier, upload);
      if (content.length === 0 || String(content.length) !== input.archiveSize) throw invalidParameter(INVENTED.incompleteUpload);
      checkTreeHash(input.checksum, treeHash(content));
      const creation = storeArchive(glacier, at, content, upload.description);
      vault.completedUploads[upload.id] = creation.archiveId;
      discard(glacier, at, upload);
      return creation;
    },

    AbortMultipartUpload(input: AbortMultipartUploadInput, request: AwsRequest) {
      const at = glacier.open('AbortMultipartUpload', input, request);
      const upload = lookUp(at.vault.uploads, input.uploadId);
      // Idempotent, so an upload that is not there (any more) is no error.
      if (upload) discard(glacier, at, upload);
      return {};
    },

    ListMultipartUploads(input: ListMultipartUploadsInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('ListMultipartUploads', input, request);
      const page = pageOf(Object.values(vault.uploads), ({ id }) => id, {
        limit: input.limit,
        marker: input.marker,
        longest: LONGEST_PAGE,
      });
      return { Marker: page.marker, UploadsList: page.items.map((upload) => uploadDescription(upload, arn)) };
    },

    ListParts(input: ListPartsInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('ListParts', input, request);
      const upload = uploadOf(vault.uploads, input.uploadId);
      const parts = partsOf(upload).map(({ start, size, treeHash: hash }) => ({
        RangeInBytes: `${start}-${start + size - 1}`,
        SHA256TreeHash: hash,
      }));
      const page = pageOf(parts, ({ RangeInBytes }) => RangeInBytes, { limit: input.limit, marker: input.marker, longest: LONGEST_PAGE });
      return { ...uploadDescription(upload, arn), Marker: page.marker, Parts: page.items };
    },
  };
}

function uploadOf(uploads: Readonly<Record<string, MultipartUpload>>, uploadId: string | undefined): MultipartUpload {
  const upload = lookUp(uploads, uploadId);
  if (!upload) throw notFound(INVENTED.uploadNotFound(uploadId ?? ''));
  return upload;
}

function checkedPartSize(sent: string | undefined): number {
  if (!sent) throw missingParameter('x-amz-part-size');
  const size = Number(sent);
  const isPowerOfTwo = Number.isInteger(Math.log2(size));
  if (!isPowerOfTwo || size < SMALLEST_PART || size > LARGEST_PART) throw invalidParameter(INVENTED.invalidPartSize(sent));
  return size;
}

/** The first byte of a part that fits: a multiple of the part size, as long as it says, no longer than a part. */
function checkedStart(range: string | undefined, upload: MultipartUpload, length: number): number {
  if (!range) throw missingParameter('Content-Range');
  const [, first, last] = /^bytes (\d+)-(\d+)\/\*$/.exec(range) ?? [];
  const start = Number(first);
  const isWhole = Number(last) - start + 1 === length && length > 0 && length <= upload.partSize;
  if (first === undefined || !isWhole || start % upload.partSize !== 0 || start / upload.partSize >= MAX_PARTS) {
    throw invalidParameter(INVENTED.invalidRange(range));
  }
  return start;
}

function partsOf({ parts }: MultipartUpload) {
  return Object.entries(parts)
    .map(([start, part]) => ({ start: Number(start), ...part }))
    .sort((a, b) => a.start - b.start);
}

/** The archive's bytes. @throws AwsError `InvalidParameterValueException` when a part is missing in between. */
function assemble(glacier: Glacier, upload: MultipartUpload): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (const { start } of partsOf(upload)) {
    const chunk = glacier.world.state.blobs.get(partBlob(upload.id, start));
    if (start !== length || !chunk) throw invalidParameter(INVENTED.incompleteUpload);
    chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

function discard(glacier: Glacier, { vault }: OpenVault, upload: MultipartUpload): void {
  for (const { start } of partsOf(upload)) glacier.world.state.blobs.delete(partBlob(upload.id, start));
  delete vault.uploads[upload.id];
  glacier.changed();
}

function uploadDescription(upload: MultipartUpload, arn: string) {
  return {
    ArchiveDescription: upload.description,
    CreationDate: isoDate(upload.created),
    MultipartUploadId: upload.id,
    PartSizeInBytes: upload.partSize,
    VaultARN: arn,
  };
}
