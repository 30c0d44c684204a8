import { Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * @param property what the principals were given as, for messages
 * @throws unless every principal is a role or user that a request of theirs can be recognised by
 */
export function arnsOfRolesAndUsers(property: string, principals: readonly iam.IPrincipal[]): string[] {
  return principals.flatMap((principal) => arnsOf(property, principal));
}

function arnsOf(property: string, principal: iam.IPrincipal): string[] {
  const { principalJson, conditions } = principal.policyFragment;
  const arns = principalJson.AWS;
  // An account's ARN is that of its root user here: it would mean nobody else of the account.
  if (arns === undefined || principal instanceof iam.AccountPrincipal || Object.keys(principalJson).length > 1) {
    throw new Error(`\`${property}\` must be roles or users, got: ${principal.toString()}. Give the role that they work under.`);
  }
  if (Object.keys(conditions).length > 0) {
    throw new Error(
      `\`${property}\` must have no conditions, got: ${principal.toString()}: they would not be looked at. Give the role or user itself.`,
    );
  }
  arns.forEach((arn) => requireRoleOrUser(property, arn));
  return arns;
}

function requireRoleOrUser(property: string, arn: string): void {
  const shape = knownShape(arn);
  if (shape === undefined) return;
  if (/^arn:[^:]*:sts:/.test(shape)) {
    throw new Error(
      `\`${property}\` must be roles or users, got the session '${arn}'. Give its role, which stands for all of its sessions.`,
    );
  }
  // A name that begins with a wildcard means everybody of the account.
  if (!/^arn:[^:*?]+:iam::[^:*?]+:(role|user)\/[^*?\s]\S*$/.test(shape)) {
    throw new Error(
      `\`${property}\` must be roles or users, got '${arn}': nobody's requests carry this ARN, or everybody's match it. ` +
        'Give their ARNs, e.g. with `iam.Role.fromRoleArn()`.',
    );
  }
}

/** The ARN with something harmless for its tokens; undefined when there is nothing else to go by. */
function knownShape(arn: string): string | undefined {
  if (!Token.isUnresolved(arn)) return arn;
  if (!arn.startsWith('arn:')) return undefined;
  return Tokenization.reverseString(arn).tokens.reduce<string>((shape, token) => shape.replace(Token.asString(token), 'x'), arn);
}
