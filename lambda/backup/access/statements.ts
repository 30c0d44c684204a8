import { canonicalStatement } from '../../../src/policy/canonical';
import { PolicySyntaxError } from '../../../src/policy/model';
import { parsePolicy } from '../../../src/policy/parse';
import { isObject, JsonObject, readPolicyJson } from '../../../src/policy/policy-json';

/** A statement as it was read, so that it can be written back as it was. */
export interface AccessStatement {
  readonly json: JsonObject;
  /** Empty if it has none. */
  readonly sid: string;
  /** The same for all ways to write the same. */
  readonly meaning: string;
}

/** An access policy as it was read. */
export interface AccessPolicy {
  /** All but the statements. */
  readonly frame: JsonObject;
  readonly statements: readonly AccessStatement[];
}

const VERSION = '2012-10-17';

/** @throws PolicySyntaxError if it is no JSON object, or could not be written back as it is */
export function readAccessPolicy(text: string): AccessPolicy {
  const { Statement: given = [], ...frame } = readPolicyJson(text);
  const list = Array.isArray(given) ? (given as unknown[]) : [given];
  if (!list.every(isObject)) throw new PolicySyntaxError('the policy has a statement that is no JSON object');
  return { frame, statements: list.map(accessStatement) };
}

export function writeAccessPolicy(frame: JsonObject | undefined, statements: readonly AccessStatement[]): string {
  return JSON.stringify({ ...(frame ?? { Version: VERSION }), Statement: statements.map(({ json }) => json) });
}

/** Without such a `Version` IAM takes `${aws:username}` and the like for plain text. */
export function hasVariables({ frame }: AccessPolicy): boolean {
  return frame.Version === VERSION;
}

export function usesVariables({ json }: AccessStatement): boolean {
  return JSON.stringify(json).includes('${');
}

export function accessStatement(json: JsonObject): AccessStatement {
  return { json, sid: typeof json.Sid === 'string' ? json.Sid : '', meaning: meaningOf(json) };
}

/** A statement that is read by a grammar newer than ours means what it says, letter by letter. */
function meaningOf(json: JsonObject): string {
  try {
    const [statement] = parsePolicy(JSON.stringify({ Statement: [json] })).statements;
    if (statement) return canonicalStatement(statement);
  } catch {
    // Below.
  }
  return JSON.stringify(json);
}
