import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { PolicyJson } from './policy-text';
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
  if (/^aws:/i.test(tagKey) || tagKey === OWNER_TAG) {
    throw new Error(`\`tagKey\` must not be reserved ('aws:…' and '${OWNER_TAG}' are), got: '${tagKey}'. Choose another key.`);
  }
}

/** @throws unless every administrator is a role or user that a request of theirs can be recognised by */
export function administratorArns(administrators: readonly iam.IPrincipal[]): string[] {
  if (administrators.length === 0) {
    throw new Error('`administrators` must name at least one role or user, got none: nobody could ever set or lift the hold.');
  }
  return administrators.flatMap(arnsOf);
}

function arnsOf(administrator: iam.IPrincipal): string[] {
  const { principalJson, conditions } = administrator.policyFragment;
  const arns = principalJson.AWS;
  if (arns === undefined || Object.keys(principalJson).length > 1) {
    throw new Error(`\`administrators\` must be roles or users, got: ${administrator.toString()}. Give the role that they work under.`);
  }
  if (Object.keys(conditions).length > 0) {
    throw new Error(
      `\`administrators\` must have no conditions, got: ${administrator.toString()}: a hold cannot carry them. Give the role or user itself.`,
    );
  }
  arns.forEach(requireRoleOrUser);
  return arns;
}

function requireRoleOrUser(arn: string): void {
  if (/^arn:[^:]*:sts:/.test(arn)) {
    throw new Error(`\`administrators\` must be roles or users, got the session '${arn}'. Give its role, which stands for all of its sessions.`);
  }
  const isArn = /^arn:[^:*?]+:iam::[^:*?]+:(role|user)\/./.test(arn);
  if (!Token.isUnresolved(arn) && !isArn) {
    throw new Error(
      `\`administrators\` must be roles or users, got '${arn}': nobody's requests carry this ARN, or everybody's match it. ` +
        'Give their ARNs, e.g. with `iam.Role.fromRoleArn()`.',
    );
  }
}
