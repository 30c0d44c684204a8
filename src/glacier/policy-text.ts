import type { Stack } from 'aws-cdk-lib';
import { Aws, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** A policy statement or document as it stands in JSON, tokens and all. */
export interface PolicyJson {
  readonly [element: string]: unknown;
}

/** Where a policy is attached. */
export interface PolicyPlace {
  /** The vault's ARN without reference to the vault's resource. */
  readonly literalArn: string;
  /** Tokens of the vault's own attributes, and the text that says the same without waiting for the vault. */
  attributes(): readonly (readonly [token: string, literal: string])[];
}

/**
 * A document of these statements, each of them for the vault unless it says otherwise.
 *
 * Not left to `iam.PolicyDocument`: it merges statements depending on feature flags, and the reviewed policy must not change with them.
 */
export function vaultPolicy(statements: readonly PolicyJson[], { literalArn }: PolicyPlace): PolicyJson {
  return { Version: '2012-10-17', Statement: statements.map((statement) => withResource(statement, literalArn)) };
}

export function statementsOf(document: iam.PolicyDocument): PolicyJson[] {
  const json = document.toJSON() as PolicyJson | undefined;
  return (json?.Statement as PolicyJson[] | undefined) ?? [];
}

/** Text, or what CloudFormation makes the text from. */
export type PolicyProperty = string | { readonly 'Fn::Sub': string };

/** The document as the value of a property of the vault, or of what depends on it. */
export function policyProperty(stack: Stack, document: PolicyJson, place: PolicyPlace): string {
  return stack.toJsonString(replaceAttributes(document, place.attributes()));
}

const PSEUDO_PARAMETERS = [
  [Aws.PARTITION, '${AWS::Partition}'],
  [Aws.REGION, '${AWS::Region}'],
  [Aws.ACCOUNT_ID, '${AWS::AccountId}'],
] as const;

/**
 * The same for a document of plain strings. Where these hold no tokens but the pseudo parameters of an ARN, the value is one `Fn::Sub`:
 * a third shorter in the template and far cheaper to synthesize than the general form, which counts with hundreds of locks.
 */
export function plainPolicyProperty(stack: Stack, document: PolicyJson, place: PolicyPlace): PolicyProperty {
  const escaped = JSON.stringify(document).replace(/\$\{(?!Token\[)/g, '${!');
  const text = PSEUDO_PARAMETERS.reduce((result, [token, variable]) => result.split(token).join(variable), escaped);
  return Token.isUnresolved(text) ? policyProperty(stack, document, place) : { 'Fn::Sub': text };
}

function withResource(statement: PolicyJson, arn: string): PolicyJson {
  return statement.Resource === undefined && statement.NotResource === undefined ? { ...statement, Resource: arn } : statement;
}

/** A vault that waits for its own attribute would wait for ever. */
function replaceAttributes(value: unknown, attributes: ReturnType<PolicyPlace['attributes']>): unknown {
  if (typeof value === 'string') {
    return attributes.reduce((text, [token, literal]) => text.split(token).join(literal), value);
  }
  if (Array.isArray(value)) return value.map((item) => replaceAttributes(item, attributes));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceAttributes(item, attributes)]));
}

function isPlainObject(value: unknown): value is PolicyJson {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
