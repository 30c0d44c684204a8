import { Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * @param property what the principals were given as, for messages
 * @throws unless every principal is a role or user that a request of theirs can be recognised by
 */
export function arnsOfRolesAndUsers(property: string, principals: readonly iam.IPrincipal[]): string[] {
  if (!Array.isArray(principals)) throw new Error(`\`${property}\` must be a list of roles and users, got: ${shown(principals)}.`);
  return principals.flatMap((principal) => arnsOf(property, principal));
}

/** @throws for a pattern: what is said of one principal cannot be said of whoever matches */
export function requireNoPattern(property: string, arn: string): void {
  if (Token.isUnresolved(arn) || !/[*?]/.test(arn)) return;
  throw new Error(`\`${property}\` must be one role or user, got the pattern '${arn}'. Say it of each of them.`);
}

function arnsOf(property: string, principal: iam.IPrincipal): string[] {
  // TypeScript would not let it through.
  if (typeof (principal as Partial<iam.IPrincipal> | undefined)?.policyFragment !== 'object') {
    throw new Error(
      `\`${property}\` must be roles or users, got: ${shown(principal)}. Give a role or user, or an ARN with \`new iam.ArnPrincipal()\`.`,
    );
  }
  if (principal instanceof iam.Group) {
    throw new Error(
      `\`${property}\` must be roles or users, got the group '${principal.node.path}': no request is made by a group. Give its users.`,
    );
  }
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

/** @throws unless requests carry the ARN, as far as it is known */
export function requireRoleOrUser(property: string, arn: string): void {
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

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' && value !== null ? `an object of ${value.constructor?.name ?? 'no class'}` : String(value);
}
