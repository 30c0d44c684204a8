import { Condition, PolicyDocument, PrincipalPattern, Statement } from './model';
import { ParseOptions, parsePolicy } from './parse';
import { readPolicyJson } from './policy-json';

/**
 * The most that a vault access or Vault Lock policy may have: "20 KB" in the Glacier API reference (InitiateVaultLock,
 * SetVaultAccessPolicy). Whether bytes or characters are counted, before or after minifying, is not documented; UTF-8 bytes of
 * the minified document is the reading that no service can find too large.
 */
export const MAX_POLICY_BYTES = 20_480;

/** Bytes (UTF-8) of the document without white space, to be held against `MAX_POLICY_BYTES`. @throws PolicySyntaxError */
export function policySize(text: string): number {
  return Buffer.byteLength(JSON.stringify(readPolicyJson(text)), 'utf8');
}

/**
 * One JSON text for all ways to write the same policy. Services rewrite a policy on its way back (Glacier minifies it and turns
 * one-element arrays into scalars), so texts cannot be compared. Gone are: white space, order of keys, statements and list entries,
 * repeated list entries, scalar or one-element array, number or boolean instead of string in conditions, case of actions, condition
 * operators and condition keys, an empty `Condition`, account id or root ARN as a principal, and `"*"` or `{"AWS": "*"}`: those two
 * mean the same in a policy that is attached to a resource (IAM user guide, "AWS JSON policy elements: Principal").
 *
 * `Sid` and `Id` stay: they are what a reviewer reads. Everything else that differs is a difference.
 *
 * @throws PolicySyntaxError
 */
export function canonicalPolicy(text: string, options?: ParseOptions): string {
  return canonicalDocument(parsePolicy(text, options));
}

/** The canonical text of a document that has been parsed; see `canonicalPolicy`. */
export function canonicalDocument({ version, id, statements }: PolicyDocument): string {
  return objectText({
    Id: id === undefined ? undefined : JSON.stringify(id),
    Statement: `[${statements.map(canonicalStatement).sort().join(',')}]`,
    Version: version === undefined ? undefined : JSON.stringify(version),
  });
}

/** The canonical text of one statement; see `canonicalPolicy`. */
export function canonicalStatement(statement: Statement): string {
  return objectText({
    Action: lowerCaseSet(statement.action),
    Condition: conditionText(statement.conditions),
    Effect: JSON.stringify(statement.effect),
    NotAction: lowerCaseSet(statement.notAction),
    NotPrincipal: principalText(statement.notPrincipal),
    NotResource: setText(statement.notResource),
    Principal: principalText(statement.principal),
    Resource: setText(statement.resource),
    Sid: statement.sid === undefined ? undefined : JSON.stringify(statement.sid),
  });
}

/** Whether both texts say the same; `false` when either is no policy. */
export function samePolicy(a: string, b: string): boolean {
  try {
    return canonicalPolicy(a) === canonicalPolicy(b);
  } catch {
    return false;
  }
}

function objectText(members: { readonly [key: string]: string | undefined }): string {
  const present = Object.entries(members).filter(([, text]) => text !== undefined);
  return `{${present.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

function setText(values: readonly string[] | undefined): string | undefined {
  return values && JSON.stringify([...new Set(values)].sort());
}

function lowerCaseSet(values: readonly string[] | undefined): string | undefined {
  return setText(values?.map((value) => value.toLowerCase()));
}

function principalText(patterns: readonly PrincipalPattern[] | undefined): string | undefined {
  if (!patterns) return undefined;
  const of = (...kinds: readonly PrincipalPattern['kind'][]) => {
    const names = patterns.filter((pattern) => kinds.includes(pattern.kind)).map(principalName);
    return names.length > 0 ? setText(names) : undefined;
  };
  return objectText({
    AWS: of('everyone', 'account', 'aws'),
    CanonicalUser: of('canonicalUser'),
    Federated: of('federated'),
    Service: of('service'),
  });
}

function principalName(pattern: PrincipalPattern): string {
  switch (pattern.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return pattern.accountId;
    case 'aws':
      return pattern.arn;
    case 'service':
      return pattern.name;
    case 'federated':
      return pattern.provider;
    case 'canonicalUser':
      return pattern.id;
  }
}

function conditionText(conditions: readonly Condition[]): string | undefined {
  if (conditions.length === 0) return undefined;
  const operators = [...new Set(conditions.map(({ operator }) => operator.toLowerCase()))].sort();
  return objectText(Object.fromEntries(operators.map((operator) => [operator, keysText(conditions, operator)])));
}

function keysText(conditions: readonly Condition[], operator: string): string {
  const lines = conditions
    .filter((condition) => condition.operator.toLowerCase() === operator)
    .map(({ key, values }): [string, string | undefined] => [key.toLowerCase(), setText(values)]);
  return objectText(Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1))));
}
