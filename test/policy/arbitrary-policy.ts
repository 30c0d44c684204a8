import * as fc from 'fast-check';

/** Random policies, and random other ways to write the same policy. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const ACCOUNT_ROOT = /^arn:aws:iam::(\d{12}):root$/;

const accountId = fc.constantFrom('111111111111', '222222222222', '999999999999');
const awsPrincipal = fc.oneof(
  accountId,
  accountId.map((id) => `arn:aws:iam::${id}:root`),
  accountId.map((id) => `arn:aws:iam::${id}:role/path/App`),
  fc.constant('*'),
);
const principal = fc.oneof(
  fc.constant('*' as Json),
  fc.record({ AWS: fc.array(awsPrincipal, { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Json>,
  fc.constant({ Service: 'glacier.amazonaws.com' } as Json),
);
const action = fc.constantFrom('glacier:DeleteArchive', 'glacier:Delete*', 'glacier:UploadArchive', '*');
const resource = fc.constantFrom('arn:aws:glacier:us-west-2:111111111111:vaults/Ledger', 'arn:aws:glacier:*:*:vaults/*', '*');
const operator = fc.constantFrom('NumericLessThan', 'StringLike', 'ForAnyValue:StringEquals', 'BoolIfExists');
const key = fc.constantFrom('glacier:ArchiveAgeInDays', 'glacier:ResourceTag/LegalHold', 'aws:PrincipalArn');
const value = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom('true', 'True', '', '365', '3.65'));
const condition = fc.dictionary(operator, fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 3 }), { minKeys: 1 }));

const statement = fc
  .record(
    {
      Sid: fc.string({ maxLength: 5 }),
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: principal,
      Action: fc.array(action, { minLength: 1, maxLength: 3 }),
      Resource: fc.array(resource, { minLength: 1, maxLength: 3 }),
      Condition: condition,
    },
    { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
  )
  .map((record) => ({ ...record }) as JsonObject);

export interface Policy extends JsonObject {
  Statement: JsonObject[];
}

export const policy: fc.Arbitrary<Policy> = fc
  .record(
    { Version: fc.constant('2012-10-17'), Id: fc.string({ maxLength: 5 }), Statement: fc.array(statement, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ['Version', 'Statement'] },
  )
  .map((record) => ({ ...record }));

/** Chooses among the ways to write one thing: 0 to `choices - 1`. */
export type Choice = (choices: number) => number;

/** The same policy in other words, as chosen. */
export function rewrite(document: Policy, choose: Choice): string {
  const statements = shuffle(document.Statement, choose).map((item) => rewriteStatement(item, choose));
  const written = statements.length === 1 && choose(2) ? statements[0] : statements;
  return JSON.stringify(shuffleKeys({ ...document, Statement: written as Json }, choose), null, choose(3));
}

function rewriteStatement(source: JsonObject, choose: Choice): JsonObject {
  const rewritten: JsonObject = { ...source };
  rewritten.Action = rewriteList(source.Action as string[], choose, (text) => recase(text, choose));
  rewritten.Resource = rewriteList(source.Resource as string[], choose, (text) => text);
  rewritten.Principal = rewritePrincipal(source.Principal as Json, choose);
  if (source.Condition !== undefined) rewritten.Condition = rewriteCondition(source.Condition as JsonObject, choose);
  else if (choose(2)) rewritten.Condition = {};
  return shuffleKeys(rewritten, choose);
}

function rewritePrincipal(source: Json, choose: Choice): Json {
  if (source === '*') return choose(2) ? '*' : { AWS: choose(2) ? '*' : ['*'] };
  const { AWS: names } = source as { AWS?: string[] };
  if (names === undefined) return { Service: choose(2) ? 'glacier.amazonaws.com' : ['glacier.amazonaws.com'] };
  return { AWS: rewriteList(names, choose, (name) => otherAccountForm(name, choose)) };
}

function otherAccountForm(name: string, choose: Choice): string {
  const id = ACCOUNT_ROOT.exec(name)?.[1] ?? (/^\d{12}$/.test(name) ? name : undefined);
  return id === undefined ? name : choose(2) ? id : `arn:aws:iam::${id}:root`;
}

function rewriteCondition(source: JsonObject, choose: Choice): JsonObject {
  const operators = Object.entries(source).map(([name, block]): [string, Json] => {
    const keys = Object.entries(block as JsonObject).map(([conditionKey, values]): [string, Json] => [
      recase(conditionKey, choose),
      rewriteList(values as Json[], choose, (item) => (choose(2) ? String(item as string) : item)),
    ]);
    return [recase(name, choose), shuffleKeys(Object.fromEntries(keys), choose)];
  });
  return shuffleKeys(Object.fromEntries(operators), choose);
}

/** Another order, perhaps an entry twice, and perhaps no array around a single entry. */
function rewriteList<T extends Json>(list: readonly T[], choose: Choice, change: (item: T) => Json): Json {
  const twice = choose(2) ? [...list, ...list.slice(0, 1)] : [...list];
  const changed = shuffle(twice, choose).map(change);
  return changed.length === 1 && choose(2) ? (changed[0] ?? null) : changed;
}

function shuffleKeys(source: JsonObject, choose: Choice): JsonObject {
  return Object.fromEntries(shuffle(Object.entries(source), choose));
}

function shuffle<T>(list: readonly T[], choose: Choice): T[] {
  const shuffled: T[] = [];
  for (const item of list) shuffled.splice(choose(shuffled.length + 1), 0, item);
  return shuffled;
}

function recase(text: string, choose: Choice): string {
  return choose(2) ? text : choose(2) ? text.toLowerCase() : text.toUpperCase();
}
