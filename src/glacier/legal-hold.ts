import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { PolicyJson } from './policy-text';
import { arnsOfRolesAndUsers } from './roles-and-users';
import { OWNER_TAG } from '../private/contract';

/** Statements for a hold by tag, and for the right to change tags that the hold hangs on. */
export function legalHoldStatements(tagKey: string, tagValue: string | undefined, administrators: readonly string[]): PolicyJson[] {
  const tag = `glacier:ResourceTag/${tagKey}`;
  return [
    {
      Sid: 'LegalHold',
      Effect: 'Deny',
      Principal: '*',
      Action: 'glacier:DeleteArchive',
      Condition: tagValue === undefined ? { StringLike: { [tag]: '*' } } : { StringEqualsIgnoreCase: { [tag]: tagValue } },
    },
    {
      Sid: 'LegalHoldAdministration',
      Effect: 'Deny',
      Principal: '*',
      Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'],
      // Not the principal's own ARN: a session's request carries the ARN of its role here, whatever the session is called.
      Condition: { ArnNotLike: { 'aws:PrincipalArn': administrators.length === 1 ? administrators[0] : administrators } },
    },
  ];
}

export function requireTagKey(tagKey: string): void {
  if (Token.isUnresolved(tagKey)) {
    throw new Error('`tagKey` must be a literal, got a token: it becomes part of a condition key, which CloudFormation cannot fill in.');
  }
  if (tagKey.length < 1 || tagKey.length > 128) {
    throw new Error(`\`tagKey\` must have 1 to 128 characters, got: '${tagKey}' (${tagKey.length} characters). Choose another key.`);
  }
  // Condition keys have no case.
  if (/^aws:/i.test(tagKey) || tagKey.toLowerCase() === OWNER_TAG) {
    throw new Error(`\`tagKey\` must not be reserved ('aws:…' and '${OWNER_TAG}' are), got: '${tagKey}'. Choose another key.`);
  }
  // https://docs.aws.amazon.com/amazonglacier/latest/dev/tagging.html; a wildcard or variable in a condition key would never mean a tag.
  if (!/^[\p{L}\p{N} _./=+@-]+$/u.test(tagKey)) {
    throw new Error(
      `\`tagKey\` must consist of letters, digits, spaces and _ . / = + - @, got: '${tagKey}'. Glacier takes no other tag: choose another key.`,
    );
  }
}

/** @throws unless a tag can have the value, and it stands for itself in a condition */
export function requireTagValue(tagValue: string | undefined): void {
  if (tagValue === undefined || Token.isUnresolved(tagValue)) return;
  if (tagValue.length > 255 || tagValue.includes('${')) {
    throw new Error(
      `\`tagValue\` must have at most 255 characters and no policy variable, got: '${tagValue}'. Leave it out: then any value holds.`,
    );
  }
}

/** @throws for an empty list */
export function requireSomebody(property: string, administrators: readonly unknown[] | undefined): void {
  if (administrators && administrators.length > 0) return;
  throw new Error(`\`${property}\` must name at least one role or user, got none: nobody could ever set or lift the hold.`);
}

/** @throws unless every administrator is a role or user that a request of theirs can be recognised by */
export function administratorArns(property: string, administrators: readonly iam.IPrincipal[]): string[] {
  requireSomebody(property, administrators);
  return arnsOfRolesAndUsers(property, administrators);
}
