import type { DeleteArchiveInput, UploadArchiveInput } from '@aws-sdk/client-glacier';
import { invalidParameter, INVENTED, missingParameter, RECORDED } from './errors';
import type { Glacier, OpenVault, VaultPlace } from './glacier';
import { newId } from './identifiers';
import { archiveBlob } from './state';
import type { Archive } from './state';
import { sha256, treeHash } from './tree-hash';
import { lookUp } from '../server/look-up';
import type { AwsRequest } from '../server/service';

/** At most 1,024 characters of printable ASCII: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-post.html */
const DESCRIPTION = /^[\x20-\x7e]{0,1024}$/;

export function archiveOperations(glacier: Glacier) {
  return {
    UploadArchive(input: UploadArchiveInput, request: AwsRequest) {
      const at = glacier.open('UploadArchive', input, request);
      const description = checkedDescription(input.archiveDescription);
      const { body } = request;
      if (body.length === 0) throw invalidParameter(INVENTED.invalidContentLength(0));
      checkContentHash(request);
      checkTreeHash(input.checksum, treeHash(body));
      return storeArchive(glacier, at, body, description);
    },

    DeleteArchive(input: DeleteArchiveInput, request: AwsRequest) {
      const at = glacier.open('DeleteArchive', input, request, input.archiveId);
      const archive = lookUp(at.vault.archives, input.archiveId);
      if (archive) removeArchive(glacier, at, archive);
      else checkNotElsewhere(at, input.archiveId);
      return {};
    },
  };
}

/** What the operations that make an archive answer. */
export interface ArchiveCreation {
  readonly location: string;
  readonly checksum: string;
  readonly archiveId: string;
}

export function storeArchive(glacier: Glacier, at: OpenVault, content: Buffer, description: string): ArchiveCreation {
  const { vault } = at;
  const now = glacier.now();
  const id = newId('archive');
  glacier.world.state.blobs.put(archiveBlob(id), content);
  vault.archives[id] = { id, description, created: now, size: content.length, treeHash: treeHash(content) };
  vault.firstWrite ??= now;
  vault.lastWrite = now;
  glacier.changed();
  return creationOf(at, vault.archives[id]);
}

export function creationOf(at: VaultPlace, { id, treeHash: checksum }: Archive): ArchiveCreation {
  return { location: `${at.path}/archives/${id}`, checksum, archiveId: id };
}

/** Both kinds of upload and the jobs have the same rule. @throws AwsError `InvalidParameterValueException` */
export function checkedDescription(description: string | undefined): string {
  if (description !== undefined && !DESCRIPTION.test(description)) throw invalidParameter(INVENTED.invalidDescription);
  return description ?? '';
}

export function checkTreeHash(expected: string | undefined, computed: string): void {
  if (!expected) throw missingParameter('x-amz-sha256-tree-hash');
  if (expected.toLowerCase() !== computed) throw invalidParameter(INVENTED.checksumMismatch(expected, computed));
}

/** The linear hash of the body, which every SDK sends beside the tree hash. */
export function checkContentHash({ headers, body }: AwsRequest): void {
  const expected = headers['x-amz-content-sha256'];
  const computed = sha256(body).toString('hex');
  if (expected && /^[0-9a-f]{64}$/i.test(expected) && expected.toLowerCase() !== computed) {
    throw invalidParameter(INVENTED.checksumMismatch(expected, computed));
  }
}

function removeArchive(glacier: Glacier, { vault }: OpenVault, { id }: Archive): void {
  delete vault.archives[id];
  vault.lastWrite = glacier.now();
  glacier.world.state.blobs.delete(archiveBlob(id));
  glacier.changed();
}

/** Deleting again is fine, deleting through the wrong vault is not. */
function checkNotElsewhere(at: OpenVault, archiveId: string | undefined): void {
  const elsewhere = Object.values(at.estate.vaults).some((other) => lookUp(other.archives, archiveId));
  if (elsewhere) throw invalidParameter(RECORDED.archiveOfAnotherVault(at.arn));
}
