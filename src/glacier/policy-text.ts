import type { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** A policy statement or document as it stands in JSON, tokens and all. */
export interface PolicyJson {
  readonly [element: string]: unknown;
}

/**
 * A document of these statements, each of them for the vault unless it says otherwise.
 *
 * Not left to `iam.PolicyDocument`: it merges statements depending on feature flags, and the reviewed policy must not change with them.
 */
export function vaultPolicy(statements: readonly PolicyJson[], vault: { readonly literalArn: string; readonly attributes: Attributes }) {
  const document = {
    Version: '2012-10-17',
    Statement: statements.map((statement) => withResource(statement, vault.literalArn)),
  };
  return replaceAttributes(document, vault.attributes) as PolicyJson;
}

/** Tokens of the vault's own attributes, and the text that says the same without waiting for the vault. */
export type Attributes = readonly (readonly [token: string, literal: string])[];

export function statementsOf(document: iam.PolicyDocument): PolicyJson[] {
  const json = document.toJSON() as PolicyJson | undefined;
  return (json?.Statement as PolicyJson[] | undefined) ?? [];
}

export function policyToken(stack: Stack, document: PolicyJson): string {
  return stack.toJsonString(document);
}

function withResource(statement: PolicyJson, arn: string): PolicyJson {
  return statement.Resource === undefined && statement.NotResource === undefined ? { ...statement, Resource: arn } : statement;
}

/** A vault that waits for its own attribute would wait for ever. */
function replaceAttributes(value: unknown, attributes: Attributes): unknown {
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
