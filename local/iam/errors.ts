import { parsePolicy, PolicySyntaxError } from '../../src/policy';
import { AwsError } from '../server/service';

/** IAM's own errors, in its words. */

/** @param what e.g. `role`, `role policy` */
export function noSuchEntity(what: string, name: string): AwsError {
  return new AwsError('NoSuchEntity', `The ${what} with name ${name} cannot be found.`, 404);
}

export function noSuchPolicy(arn: string): AwsError {
  return new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, 404);
}

/** @param what e.g. `Role` */
export function alreadyExists(what: string, name: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} with name ${name} already exists.`, 409);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}

/** @throws AwsError MalformedPolicyDocument unless the text may be attached to a role, user or group */
export function checkIdentityPolicy(document: string): void {
  const { statements } = parsed(document, true);
  if (statements.some(({ principal, notPrincipal }) => principal ?? notPrincipal)) {
    throw malformed('Policy document should not specify a principal.');
  }
}

/** @throws AwsError MalformedPolicyDocument unless the text may say who assumes a role */
export function checkTrustPolicy(document: string): void {
  const { statements } = parsed(document, false);
  if (statements.some(({ principal, notPrincipal }) => !principal && !notPrincipal)) {
    throw malformed('AssumeRolepolicy must contain a principal.');
  }
  if (statements.some(({ resource, notResource }) => resource ?? notResource)) throw malformed('Has prohibited field Resource.');
}

function parsed(document: string, requireResource: boolean) {
  try {
    return parsePolicy(document, { requireResource });
  } catch (error) {
    throw error instanceof PolicySyntaxError ? malformed(`Syntax errors in policy: ${error.message}.`) : error;
  }
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}
