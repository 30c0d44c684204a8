import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { actionOf, answer, policyOf, principalOf, resourceArnOf, UnusableInput } from './requests';
import type { PolicyRequest } from './requests';
import type { RequestContext } from '../../src/policy';

type Json = { readonly [key: string]: unknown };

const LINES_AT_ONCE = 500;

/**
 * Answers a request a line. A line that cannot be used is answered, too: `unknown`, with an `error`.
 *
 * @returns whether every line could be used
 */
export async function answerLines(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  let usable = true;
  let pending: string[] = [];
  const flush = async () => {
    const text = pending.join('');
    pending = [];
    if (text !== '' && !output.write(text)) await once(output, 'drain');
  };
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const result = answerLine(line);
    usable &&= !('error' in result);
    if (pending.push(`${JSON.stringify(result)}\n`) >= LINES_AT_ONCE) await flush();
  }
  await flush();
  return usable;
}

/** Never throws. */
export function answerLine(line: string): object {
  try {
    return answer(requestOf(line));
  } catch (error) {
    return { decision: 'unknown', statement: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function requestOf(line: string): PolicyRequest {
  const json = objectOf(line);
  const { policies, context = {}, identityAllow = false } = json;
  if (!Array.isArray(policies)) throw new UnusableInput('`policies` must be an array of policy documents');
  if (!isObject(context)) throw new UnusableInput('`context` must be an object of condition keys');
  if (typeof identityAllow !== 'boolean') throw new UnusableInput('`identityAllow` must be true or false');
  return {
    policies: policies.map((policy: unknown, index) => policyOf(policy, `policy ${index}`)),
    vaultArn: resourceArnOf(textOf(json, 'vaultArn')),
    principal: principalOf(textOf(json, 'principal')),
    action: actionOf(textOf(json, 'action')),
    identityAllow,
    context: contextOf(context),
  };
}

function objectOf(line: string): Json {
  try {
    const json: unknown = JSON.parse(line);
    if (isObject(json)) return json;
  } catch {
    // The same as any other line that is no request.
  }
  throw new UnusableInput('the line is not a JSON object');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(json: Json, name: string): string {
  const value = json[name];
  if (typeof value === 'string') return value;
  throw new UnusableInput(`\`${name}\` must be a string`);
}

function contextOf(json: Json): RequestContext {
  const entries = Object.entries(json).flatMap(([key, value]) => contextEntry(key, value));
  // A vault may well have two such tags. Which of them a policy sees, IAM does not say.
  const names = entries.map(([key]) => key.toLowerCase());
  const twice = entries.find((_, index) => names.indexOf(names[index]!) < index);
  if (twice) throw new UnusableInput(`\`context\` has ${twice[0]} twice (its case does not count)`);
  return Object.fromEntries(entries);
}

/** `null` is a key that the request does not have. */
function contextEntry(key: string, value: unknown): [string, string | string[]][] {
  if (value === null) return [];
  return [[key, Array.isArray(value) ? value.map((item) => contextText(key, item)) : contextText(key, value)]];
}

function contextText(key: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UnusableInput(`\`context\` has for ${key} neither a text nor a list of texts`);
}
