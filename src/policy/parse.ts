import { Condition, Effect, PolicyDocument, PolicySyntaxError, PrincipalPattern, Statement } from './model';
import { JsonObject, isObject, readPolicyJson } from './policy-json';
import { statementName } from './statement-name';

export interface ParseOptions {
  /** Every statement must have `Principal` or `NotPrincipal`, as a policy that is attached to a resource must. @default false */
  readonly requirePrincipal?: boolean;
  /** Every statement must have `Resource` or `NotResource`; only a role's trust policy has neither. @default true */
  readonly requireResource?: boolean;
}

const VERSIONS = ['2012-10-17', '2008-10-17'];
const DOCUMENT_KEYS = ['Version', 'Id', 'Statement'];
const STATEMENT_KEYS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
/** The account may be a CDK token, or the mark of one. */
const ACCOUNT_ROOT = /^arn:[^:]*:iam::(\d+|\$\{Token\[[^\]]*\]\}|\uE000[^\uE001]*\uE001):root$/;

/**
 * Reads the JSON text of a resource or identity policy.
 *
 * @throws PolicySyntaxError when the text is no JSON, repeats a key, or is not what IAM's grammar calls a policy
 */
export function parsePolicy(text: string, options: ParseOptions = {}): PolicyDocument {
  return parsePolicyJson(readPolicyJson(text), options);
}

/**
 * The same for JSON that has been read already: whether it repeated a key nobody can tell any more.
 *
 * @throws PolicySyntaxError when it is not what IAM's grammar calls a policy
 */
export function parsePolicyJson(document: unknown, options: ParseOptions = {}): PolicyDocument {
  if (!isObject(document)) throw new PolicySyntaxError('the policy must be a JSON object with `Version` and `Statement`');
  refuseUnknownKeys(document, DOCUMENT_KEYS, 'the policy');
  const { Version: version, Id: id } = document;
  if (version !== undefined && !VERSIONS.includes(version as string)) {
    throw new PolicySyntaxError('the policy\'s `Version` must be "2012-10-17" (or the older "2008-10-17")');
  }
  const raw = document.Statement;
  const list = Array.isArray(raw) ? (raw as unknown[]) : raw === undefined ? [] : [raw];
  if (list.length === 0) throw new PolicySyntaxError('the policy has no `Statement`; give it at least one');
  return {
    ...(version !== undefined && { version: version as string }),
    ...(id !== undefined && { id: stringOf(id, "the policy's `Id`") }),
    statements: list.map((statement, index) => parseStatement(statement, index, options)),
  };
}

function parseStatement(raw: unknown, index: number, options: ParseOptions): Statement {
  const where = statementName(index, isObject(raw) && typeof raw.Sid === 'string' ? raw.Sid : undefined);
  if (!isObject(raw)) throw new PolicySyntaxError(`${where} must be a JSON object`);
  refuseUnknownKeys(raw, STATEMENT_KEYS, where);
  oneOf(raw, 'Action', where, true);
  oneOf(raw, 'Resource', where, options.requireResource ?? true);
  oneOf(raw, 'Principal', where, options.requirePrincipal ?? false);
  return {
    ...(raw.Sid !== undefined && { sid: stringOf(raw.Sid, `the \`Sid\` of ${where}`) }),
    effect: effectOf(raw.Effect, where),
    ...(raw.Principal !== undefined && { principal: principalsOf(raw.Principal, `the \`Principal\` of ${where}`) }),
    ...(raw.NotPrincipal !== undefined && { notPrincipal: principalsOf(raw.NotPrincipal, `the \`NotPrincipal\` of ${where}`) }),
    ...(raw.Action !== undefined && { action: actionsOf(raw.Action, `the \`Action\` of ${where}`) }),
    ...(raw.NotAction !== undefined && { notAction: actionsOf(raw.NotAction, `the \`NotAction\` of ${where}`) }),
    ...(raw.Resource !== undefined && { resource: listOf(raw.Resource, `the \`Resource\` of ${where}`) }),
    ...(raw.NotResource !== undefined && { notResource: listOf(raw.NotResource, `the \`NotResource\` of ${where}`) }),
    conditions: conditionsOf(raw.Condition, where),
  };
}

function effectOf(value: unknown, where: string): Effect {
  if (value === 'Allow' || value === 'Deny') return value;
  throw new PolicySyntaxError(`the \`Effect\` of ${where} must be "Allow" or "Deny"`);
}

function oneOf(statement: JsonObject, name: string, where: string, required: boolean): void {
  const given = [name, `Not${name}`].filter((key) => statement[key] !== undefined);
  if (given.length === 2) throw new PolicySyntaxError(`${where} has both \`${name}\` and \`Not${name}\`; keep one of them`);
  if (given.length === 0 && required) throw new PolicySyntaxError(`${where} has no \`${name}\``);
}

function actionsOf(value: unknown, what: string): string[] {
  const actions = listOf(value, what);
  const odd = actions.find((action) => action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action));
  if (odd !== undefined) throw new PolicySyntaxError(`${what} holds "${odd}"; an action is "service:Name" or "*"`);
  return actions;
}

function principalsOf(value: unknown, what: string): PrincipalPattern[] {
  if (value === '*') return [{ kind: 'everyone' }];
  if (!isObject(value) || Object.keys(value).length === 0) {
    throw new PolicySyntaxError(`${what} must be "*" or an object such as {"AWS": "<ARN or account id>"}`);
  }
  return Object.entries(value).flatMap(([type, entry]) => listOf(entry, what).map((name) => principalOf(type, name, what)));
}

function principalOf(type: string, name: string, what: string): PrincipalPattern {
  switch (type) {
    case 'AWS':
      return awsPrincipalOf(name, what);
    case 'Service':
      return { kind: 'service', name };
    case 'Federated':
      return { kind: 'federated', provider: name };
    case 'CanonicalUser':
      return { kind: 'canonicalUser', id: name };
    default:
      throw new PolicySyntaxError(`${what} has the key "${type}"; it may have AWS, Service, Federated and CanonicalUser`);
  }
}

function awsPrincipalOf(name: string, what: string): PrincipalPattern {
  if (name === '*') return { kind: 'everyone' };
  // IAM does not expand it either: a Deny that names "role/*" would silently deny nobody.
  if (/[*?]/.test(name)) {
    throw new PolicySyntaxError(`${what} holds "${name}"; a principal has no wildcards, use "*" with a condition on aws:PrincipalArn`);
  }
  const accountId = /^\d+$/.test(name) ? name : ACCOUNT_ROOT.exec(name)?.[1];
  return accountId === undefined ? { kind: 'aws', arn: name } : { kind: 'account', accountId };
}

function conditionsOf(value: unknown, where: string): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicySyntaxError(`the \`Condition\` of ${where} must be an object of operators`);
  refuseSameName(Object.keys(value), `the \`Condition\` of ${where}`);
  return Object.entries(value).flatMap(([operator, block]) => {
    const what = `\`${operator}\` in the \`Condition\` of ${where}`;
    if (!isObject(block)) throw new PolicySyntaxError(`${what} must be an object of condition keys`);
    refuseSameName(Object.keys(block), what);
    return Object.entries(block).map(([key, values]) => ({ operator, key, values: conditionValuesOf(values, `${what}, key "${key}"`) }));
  });
}

function conditionValuesOf(value: unknown, what: string): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean') return String(item);
    if (typeof item === 'number' && Math.abs(item) <= Number.MAX_SAFE_INTEGER) return String(item);
    // Beyond that two different numbers read the same.
    if (typeof item === 'number') throw new PolicySyntaxError(`${what} holds a number beyond 2^53; write it as a string`);
    throw new PolicySyntaxError(`${what} must be a string, a number, a boolean, or an array of these`);
  });
}

function listOf(value: unknown, what: string): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length === 0) throw new PolicySyntaxError(`${what} is empty`);
  return list.map((item) => stringOf(item, what, true));
}

function stringOf(value: unknown, what: string, filled = false): string {
  if (typeof value === 'string' && (!filled || value !== '')) return value;
  throw new PolicySyntaxError(`${what} must be ${filled ? 'a non-empty string or an array of such' : 'a string'}`);
}

function refuseUnknownKeys(value: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new PolicySyntaxError(`${where} has the key "${unknown}"; it may have ${known.join(', ')}`);
}

/** Operators and condition keys have no case: two that differ in case only are the same name twice. */
function refuseSameName(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) throw new PolicySyntaxError(`${what} has "${name}" twice (its case does not count)`);
    seen.add(name.toLowerCase());
  }
}
