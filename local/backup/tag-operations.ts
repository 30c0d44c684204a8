import type { ListTagsInput, TagResourceInput, UntagResourceInput } from '@aws-sdk/client-backup';
import type { Access, Backup } from './backup';
import { INVENTED, invalidParameter, limitExceeded, missingParameter, notFound } from './errors';
import { pageOf } from './paging';
import type { Estate, Vault } from './state';
import { lookUp } from '../server/look-up';
import type { AwsRequest } from '../server/service';

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html */
const MAX_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const VAULT_RESOURCE = 'backup-vault:';

/** What carries tags, and the vault whose policy guards it. */
interface Tagged {
  readonly owner: { tags: { [key: string]: string } };
  readonly vault: Vault;
}

export function tagOperations(backup: Backup) {
  const open = (operation: string, arn: string | undefined, request: AwsRequest, context: Access['context'] = {}): Tagged['owner'] => {
    if (!arn) throw missingParameter('ResourceArn');
    const { estate } = backup.placeOf(request.caller.accountId, request.region);
    const found = taggedIn(estate, arn, request);
    backup.authorise(`backup:${operation}`, request, { resource: arn, context }, found?.vault);
    if (!arn.startsWith('arn:') || arn.split(':')[2] !== 'backup') throw invalidParameter(INVENTED.notTaggable(arn));
    if (!found) throw notFound(INVENTED.resourceNotFound(arn));
    return found.owner;
  };
  return {
    TagResource(input: TagResourceInput, request: AwsRequest) {
      const owner = open('TagResource', input.ResourceArn, request, requestTags(input.Tags));
      if (!input.Tags) throw missingParameter('Tags');
      checkTags(input.Tags);
      const tags = { ...owner.tags, ...input.Tags };
      if (Object.keys(tags).length > MAX_TAGS) throw limitExceeded(INVENTED.tooManyTags(MAX_TAGS));
      owner.tags = tags;
      backup.changed();
      return {};
    },

    UntagResource(input: UntagResourceInput, request: AwsRequest) {
      const owner = open('UntagResource', input.ResourceArn, request, requestTagKeys(input.TagKeyList));
      if (!input.TagKeyList) throw missingParameter('TagKeyList');
      const removed = new Set(input.TagKeyList);
      owner.tags = Object.fromEntries(Object.entries(owner.tags).filter(([key]) => !removed.has(key)));
      backup.changed();
      return {};
    },

    ListTags(input: ListTagsInput, request: AwsRequest) {
      const owner = open('ListTags', input.ResourceArn, request);
      const { items, next } = pageOf(Object.entries(owner.tags), ([key]) => key, input);
      return { Tags: Object.fromEntries(items), NextToken: next };
    },
  };
}

/** @throws AwsError `InvalidParameterValueException` or `LimitExceededException` */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > MAX_TAGS) throw limitExceeded(INVENTED.tooManyTags(MAX_TAGS));
  for (const [key, value] of Object.entries(tags)) {
    const isOwn = !key.toLowerCase().startsWith('aws:');
    if (key === '' || key.length > LONGEST_KEY || value.length > LONGEST_VALUE || !isOwn) throw invalidParameter(INVENTED.invalidTag(key));
  }
}

/** The condition keys of a request that brings tags. */
export function requestTags(tags: Readonly<Record<string, string>> = {}): Access['context'] {
  const values = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...requestTagKeys(Object.keys(tags)), ...(Object.fromEntries(values) as Record<string, string>) };
}

function requestTagKeys(keys: readonly string[] = []): Access['context'] {
  return keys.length === 0 ? {} : { 'aws:TagKeys': keys };
}

function taggedIn(estate: Estate, arn: string, { caller, region }: AwsRequest): Tagged | undefined {
  const [, , , place, account, ...resource] = arn.split(':');
  if (place !== region || account !== caller.accountId) return undefined;
  const name = resource.join(':');
  if (name.startsWith(VAULT_RESOURCE)) {
    const vault = lookUp(estate.vaults, name.slice(VAULT_RESOURCE.length));
    return vault && { owner: vault, vault };
  }
  const vault = Object.values(estate.vaults).find(({ recoveryPoints }) => Object.hasOwn(recoveryPoints, arn));
  return vault && { owner: vault.recoveryPoints[arn]!, vault };
}
