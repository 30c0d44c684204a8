import { parseOperator } from '../conditions';
import type { Condition } from '../model';
import { ANY_CHARACTER, ANY_TEXT, Pattern, splitPattern, wildcardPattern } from '../pattern';
import { hasSymbol, isSymbol, MADE_UP } from '../symbols';
import { Choice, joinedByColons, Matcher, matcherOf } from './automaton';
import { addressTexts, dateTexts, numberTexts } from './line-cells';
import { textCells } from './text-cells';

/** Cuts one condition key into the values that the conditions on it can tell apart. */

/** The values of the key in a request; `undefined`: the request does not have it. */
export type KeyCell = readonly string[] | undefined;

export interface KeyCells {
  readonly cells: readonly KeyCell[];
  /** Conditions that these cells do not exhaust, and why. */
  readonly inexact: ReadonlyMap<Condition, string>;
}

export type Family = 'text' | 'number' | 'date' | 'address';

/** What AWS sends in these keys, so that a date need not be expected in an address. By lower-case name. */
const KNOWN_KEYS: ReadonlyMap<string, Family | 'boolean'> = new Map(
  Object.entries({
    'glacier:archiveageindays': 'number',
    'aws:multifactorauthage': 'number',
    'aws:currenttime': 'date',
    'aws:epochtime': 'date',
    'aws:tokenissuetime': 'date',
    'aws:sourceip': 'address',
    'aws:vpcsourceip': 'address',
    'aws:securetransport': 'boolean',
    'aws:viaawsservice': 'boolean',
    'aws:multifactorauthpresent': 'boolean',
  } as const),
);
/** In almost every request: a counter-example without one of them would not convince. */
const USUAL_KEYS = ['aws:currenttime', 'aws:epochtime', 'aws:securetransport', 'aws:sourceip'];
/** IAM user guide, "AWS global condition context keys": the keys of several values. */
const MULTIVALUED_KEYS = ['aws:tagkeys', 'aws:principalorgpaths', 'aws:resourceorgpaths', 'aws:principalservicenameslist', 'aws:calledvia'];
const MAX_SINGLE_CELLS_OF_SETS = 6;

const ARN_PARTS = 6;
const VARIABLE = /\$\{(?!Token\[)(?![*?$]\})[^}]*\}/;

export function hasVariable(text: string): boolean {
  return VARIABLE.test(text);
}

/** The kind of value that the operator compares; `undefined` for `Null` and for operators that are not understood. */
export function familyOf(operator: string): Family | undefined {
  const { base } = parseOperator(operator);
  if (/^(string|bool|arn|binary)/.test(base)) return 'text';
  if (base.startsWith('numeric')) return 'number';
  if (base.startsWith('date')) return 'date';
  return base === 'ipaddress' || base === 'notipaddress' ? 'address' : undefined;
}

/** @param variables whether a `${…}` in the condition's values is a policy variable */
export function keyCells(key: string, conditions: readonly { readonly condition: Condition; readonly variables: boolean }[]): KeyCells {
  const name = key.toLowerCase();
  const inexact = new Map<Condition, string>();
  const operators = conditions.map(({ condition }) => condition.operator);
  const known = name === 'aws:epochtime' && mainFamily(operators) === 'number' ? 'number' : KNOWN_KEYS.get(name);
  const family = known === 'boolean' ? 'text' : (known ?? mainFamily(operators));
  for (const { condition, variables } of conditions) {
    const reason = inexactness(condition, variables, family);
    if (reason !== undefined) inexact.set(condition, reason);
  }
  const values = singleValues(family, conditions, known, inexact);
  const sets = isMultivalued(name, conditions, known !== undefined || /^glacier:|^backup:/.test(name));
  const cells = sets ? subsets(values, conditions, inexact) : values.map((value) => [value]);
  return { cells: USUAL_KEYS.includes(name) ? [...cells, undefined] : [undefined, ...cells], inexact };
}

/** Some letters beyond U+00FF have more than two forms, or other ones at the end of a word. Most scripts have no case at all. */
export function hasUnusualCase(text: string): boolean {
  return !hasSymbol(text) && [...text].some((letter) => letter > '\u00ff' && letter.toLowerCase() !== letter.toUpperCase());
}

function mainFamily(operators: readonly string[]): Family {
  const families = operators.map(familyOf);
  // Where kinds meet, text is the one that any value has.
  return families.includes('text') ? 'text' : (families.find((family) => family !== undefined) ?? 'text');
}

function inexactness({ operator, key, values }: Condition, variables: boolean, family: Family): string | undefined {
  const own = familyOf(operator);
  if (own !== undefined && own !== family) return `\`${key}\` is compared in several ways (\`${operator}\` is one of them)`;
  if (variables && values.some(hasVariable)) return `a value of \`${key}\` has a policy variable, which depends on the request`;
  const wild = parseOperator(operator).base.includes('like') || own === 'text';
  if (wild && values.some((value) => hasSymbol(value) && wildcardPattern(value).length > 1)) {
    return `a value of \`${key}\` is only known in part before the deployment`;
  }
  if (parseOperator(operator).base.endsWith('ignorecase') && values.some(hasUnusualCase)) {
    return `\`${operator}\` on \`${key}\` compares letters beyond Latin ones`;
  }
  return /^binary/.test(parseOperator(operator).base) ? `\`${operator}\` compares decoded values` : undefined;
}

type Conditions = Parameters<typeof keyCells>[1];

function singleValues(family: Family, conditions: Conditions, known: string | undefined, inexact: Map<Condition, string>): string[] {
  const constants = conditions
    .filter(({ condition }) => familyOf(condition.operator) === family)
    .flatMap(({ condition }) => condition.values);
  // Values of other keys, as tags, are whatever people write.
  const unreadable = known === undefined ? ['not-a-value'] : [];
  switch (family) {
    case 'number':
      return [...numberTexts(constants), ...unreadable];
    case 'date':
      return [...dateTexts(constants), ...unreadable];
    case 'address':
      return [...addressTexts(constants), ...unreadable];
    case 'text':
      return known === 'boolean' ? ['true', 'false'] : textValues(conditions, inexact);
  }
}

function textValues(conditions: Conditions, inexact: Map<Condition, string>): string[] {
  const choices = conditions.flatMap(({ condition, variables }) => choicesOf(condition, variables));
  const constants = conditions.flatMap(({ condition }) => condition.values);
  const other = constants.some(hasSymbol) ? `${MADE_UP}other` : 'other';
  const preferred = [other, ...constants.map((text) => text.replace(/\*/g, '').replace(/\?/g, 'x')), ''];
  const { texts, exact } = textCells(choices, { prefix: '', preferred });
  if (!exact) {
    for (const { condition } of conditions) {
      inexact.set(condition, `the values of \`${condition.key}\` have too many patterns to tell apart`);
    }
  }
  return [...texts];
}

/**
 * What a condition on text asks of a value, as patterns that are followed character by character; nothing for other conditions. Which of
 * the patterns it is that matches makes no difference to the condition. Of a symbol it does: it may match by chance.
 */
export function choicesOf({ operator, values }: Condition, variables: boolean): Choice[] {
  const kind = parseOperator(operator).base.replace('not', '');
  const choice = (texts: readonly string[]): Choice => ({
    name: JSON.stringify([kind, variables, ...texts]),
    matchers: texts.flatMap((text) => matchersOf(kind, text, variables)),
  });
  return [choice(values.filter((value) => !hasSymbol(value))), ...values.filter(hasSymbol).map((value) => choice([value]))];
}

/** None for a value of which the operator says the same (or that it cannot be read) whatever it is compared with. */
function matchersOf(kind: string, value: string, variables: boolean): Matcher[] {
  // `${*}`, `${?}` and `${$}` stand for the characters.
  const pattern = escapes(wildcardPattern(value), variables);
  if (kind === 'stringlike') return [matcherOf(pattern)];
  if (kind.startsWith('string')) return [matcherOf(literal(pattern), { ignoreCase: kind.endsWith('ignorecase') })];
  if (kind === 'bool') return /^(true|false)$/i.test(value) ? [matcherOf(literal(pattern), { ignoreCase: true })] : [];
  return kind.startsWith('arn') ? arnMatchers(pattern) : [];
}

function arnMatchers(pattern: Pattern): Matcher[] {
  const parts = splitPattern(pattern, ARN_PARTS);
  if (parts.length === ARN_PARTS) {
    return [joinedByColons(parts.map((part, index) => matcherOf(part, { overColon: index === ARN_PARTS - 1 })))];
  }
  // What is no ARN cannot be compared, but for a symbol that may be one, and for everything.
  return pattern.length === 1 && (pattern[0] === ANY_TEXT || isSymbol(pattern[0])) ? [matcherOf(pattern)] : [];
}

/** Operators without wildcards take these characters for themselves. */
function literal(pattern: Pattern): Pattern {
  return pattern.map((piece) => (piece === ANY_TEXT ? '*' : piece === ANY_CHARACTER ? '?' : piece));
}

function escapes(pattern: Pattern, variables: boolean): Pattern {
  if (!variables) return pattern;
  const result = [...pattern];
  for (let at = 0; at + 3 < result.length; at++) {
    const special = result[at + 2];
    if (result[at] === '$' && result[at + 1] === '{' && result[at + 3] === '}' && typeof special !== 'undefined') {
      const character = special === ANY_TEXT ? '*' : special === ANY_CHARACTER ? '?' : special === '$' ? '$' : undefined;
      if (character !== undefined) result.splice(at, 4, character);
    }
  }
  return result;
}

function isMultivalued(name: string, conditions: Conditions, single: boolean): boolean {
  return !single && (MULTIVALUED_KEYS.includes(name) || conditions.some(({ condition }) => parseOperator(condition.operator).qualifier));
}

/** Every set of values that the conditions can tell apart is a set of single cells. */
function subsets(values: readonly string[], conditions: Conditions, inexact: Map<Condition, string>): string[][] {
  if (values.length > MAX_SINGLE_CELLS_OF_SETS) {
    for (const { condition } of conditions) inexact.set(condition, `\`${condition.key}\` has too many combinations of values`);
    return values.map((value) => [value]);
  }
  const all = values.reduce<string[][]>((sets, value) => [...sets, ...sets.map((set) => [...set, value])], [[]]);
  return all.filter(({ length }) => length > 0).sort((a, b) => a.length - b.length);
}
