import { Token } from 'aws-cdk-lib';
import { OWNER_TAG } from '../private/contract';

/** Amazon Glacier developer guide, "Tagging Amazon S3 Glacier Resources": 50 tags, of which the library's own is one. */
const MAX_TAGS = 49;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 255;

/** What is wrong with the tags of a vault. */
export function tagErrors(tags: { readonly [key: string]: string }): string[] {
  const entries = Object.entries(tags);
  const errors = entries.flatMap(([key, value]) => tagError(key, value));
  if (entries.length > MAX_TAGS) {
    errors.push(
      `A vault must have at most ${MAX_TAGS} tags (Glacier's 50, less '${OWNER_TAG}'), got: ${entries.length}. ` +
        'Remove some, e.g. with `Tags.of(vault).remove(key)`.',
    );
  }
  return errors;
}

function tagError(key: string, value: string): string[] {
  if (!Token.isUnresolved(key) && (key.length < 1 || key.length > MAX_KEY_LENGTH)) {
    return [`The key of a vault's tag must have 1 to ${MAX_KEY_LENGTH} characters, got ${key.length}: '${key}'. Choose another key.`];
  }
  if (/^aws:/i.test(key) || key === OWNER_TAG) {
    return [`The tag key '${key}' is reserved${key === OWNER_TAG ? ' for the library' : ' for AWS'}. Choose another key.`];
  }
  if (!Token.isUnresolved(value) && value.length > MAX_VALUE_LENGTH) {
    return [`The value of a vault's tag must have at most ${MAX_VALUE_LENGTH} characters, got ${value.length} for '${key}'. Shorten it.`];
  }
  return [];
}
