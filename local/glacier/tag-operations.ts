import type { AddTagsToVaultInput, ListTagsForVaultInput, RemoveTagsFromVaultInput } from '@aws-sdk/client-glacier';
import { invalidParameter, INVENTED, limitExceeded, missingParameter } from './errors';
import type { Glacier } from './glacier';
import type { AwsRequest } from '../server/service';

/** All three: https://docs.aws.amazon.com/amazonglacier/latest/dev/tagging.html and the pages of the operations. */
const MAX_TAGS = 50;
const MAX_TAGS_PER_CALL = 10;
const TAG_KEY = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]{1,128}$/u;
// The guide's list lacks the colon, but a vault with one in a tag's value has been recorded.
const TAG_VALUE = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]{0,255}$/u;

export function tagOperations(glacier: Glacier) {
  return {
    AddTagsToVault(input: AddTagsToVaultInput, request: AwsRequest) {
      const { vault } = glacier.open('AddTagsToVault', input, request);
      if (!input.Tags) throw missingParameter('Tags');
      const added = Object.entries(input.Tags);
      checkCount(added.length);
      for (const [key, value] of added) checkTag(key, value);
      const tags = { ...vault.tags, ...input.Tags };
      if (Object.keys(tags).length > MAX_TAGS) throw limitExceeded(INVENTED.tooManyTags(MAX_TAGS));
      vault.tags = tags;
      glacier.changed();
      return {};
    },

    RemoveTagsFromVault(input: RemoveTagsFromVaultInput, request: AwsRequest) {
      const { vault } = glacier.open('RemoveTagsFromVault', input, request);
      if (!input.TagKeys) throw missingParameter('TagKeys');
      checkCount(input.TagKeys.length);
      const removed = new Set(input.TagKeys);
      vault.tags = Object.fromEntries(Object.entries(vault.tags).filter(([key]) => !removed.has(key)));
      glacier.changed();
      return {};
    },

    ListTagsForVault(input: ListTagsForVaultInput, request: AwsRequest) {
      const { vault } = glacier.open('ListTagsForVault', input, request);
      return { Tags: { ...vault.tags } };
    },
  };
}

function checkCount(count: number): void {
  if (count < 1 || count > MAX_TAGS_PER_CALL) throw invalidParameter(INVENTED.tagsPerCall(MAX_TAGS_PER_CALL));
}

function checkTag(key: string, value: string): void {
  if (!TAG_KEY.test(key) || key.toLowerCase().startsWith('aws:')) throw invalidParameter(INVENTED.invalidTagKey(key));
  if (!TAG_VALUE.test(value)) throw invalidParameter(INVENTED.invalidTagValue(key));
}
