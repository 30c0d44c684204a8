import { PolicySyntaxError } from './model';

export type JsonObject = { readonly [key: string]: unknown };

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The text as a JSON object.
 *
 * @throws PolicySyntaxError when it is none, or repeats a key: `JSON.parse` keeps the last of two equal keys, another parser the
 * first, so that the document that is reviewed need not be the document that is enforced
 */
export function readPolicyJson(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PolicySyntaxError('the policy is not JSON; pass the document itself as JSON text');
  }
  if (!isObject(value)) throw new PolicySyntaxError('the policy must be a JSON object with `Version` and `Statement`');
  refuseDuplicateKeys(text);
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseDuplicateKeys(json: string): void {
  const open: (Set<string> | undefined)[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') addKey(open[open.length - 1], JSON.parse(text ?? '""') as string);
    text = token.startsWith('"') ? token : undefined;
  }
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) throw new PolicySyntaxError(`the policy has the key "${key}" twice in one object; keep one of them`);
  keys?.add(key);
}
