import { contextValue, RequestContext } from './request';
import { couldMeet, hasSymbol, isSymbol, unitsOf } from './symbols';
import { Truth } from './truth';

/** One piece of a pattern: a character or symbol that stands for itself, `*` (any text) or `?` (any one character). */
export type Piece = string | typeof ANY_TEXT | typeof ANY_CHARACTER;
export const ANY_TEXT = Symbol('*');
export const ANY_CHARACTER = Symbol('?');

/** A policy's text after its variables have been filled in: what they gave stands for itself, wildcards in it included. */
export type Pattern = readonly Piece[];

/** A CDK token looks like a variable, and is none. */
const VARIABLE = /\$\{(?!Token\[)([^}]*)\}/g;

/** The same few texts of a policy meet request after request. */
const PATTERNS = new Map<string, Pattern>();
const MAX_PATTERNS = 2000;

/** A text with wildcards and without variables, e.g. an action. */
export function wildcardPattern(text: string): Pattern {
  const known = PATTERNS.get(text);
  if (known) return known;
  if (PATTERNS.size >= MAX_PATTERNS) PATTERNS.clear();
  const pattern = newPattern(text);
  PATTERNS.set(text, pattern);
  return pattern;
}

function newPattern(text: string): Pattern {
  return unitsOf(text).map((character) => (character === '*' ? ANY_TEXT : character === '?' ? ANY_CHARACTER : character));
}

/**
 * A text in which `${key}` stands for a value of the request, `${key, 'default'}` for that or a default, and `${*}`, `${?}`, `${$}`
 * for the character itself. `undefined` when a value is absent: such a text matches nothing.
 */
export function variablePattern(text: string, context: RequestContext): Pattern | undefined {
  if (!text.includes('${')) return wildcardPattern(text);
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const value = variableValue(match[1] ?? '', context);
    if (value === undefined) return undefined;
    pieces.push(...wildcardPattern(text.slice(end, match.index)), ...value);
    end = match.index + match[0].length;
  }
  return [...pieces, ...wildcardPattern(text.slice(end))];
}

/** What is known about a pattern before it is compared with anything. */
interface Reading {
  readonly text: string;
  /** What stands before the first wildcard; all of it where there is none. */
  readonly beginning: string;
  readonly isPlain: boolean;
  readonly hasSymbol: boolean;
  /** By the number of parts. */
  readonly parts: Map<number, readonly Pattern[]>;
}

const READINGS = /* @__PURE__ */ new WeakMap<Pattern, Reading>();

function readingOf(pattern: Pattern): Reading {
  const known = READINGS.get(pattern);
  if (known) return known;
  const first = pattern.findIndex((piece) => typeof piece !== 'string');
  const reading: Reading = {
    text: pattern.map((piece) => (typeof piece === 'string' ? piece : (piece.description ?? ''))).join(''),
    beginning: (first < 0 ? pattern : pattern.slice(0, first)).join(''),
    isPlain: first < 0,
    hasSymbol: pattern.some(isSymbol),
    parts: new Map(),
  };
  READINGS.set(pattern, reading);
  return reading;
}

/** The pattern as plain text: for operators that know no wildcards. */
export function patternText(pattern: Pattern): string {
  return readingOf(pattern).text;
}

/** `unknown` where it hangs on the value of a symbol. */
export function meetsPattern(pattern: Pattern, text: string, ignoreCase = false): Truth {
  if (matchesPattern(pattern, text, ignoreCase)) return true;
  if (!readingOf(pattern).hasSymbol && !hasSymbol(text)) return false;
  return couldMeet(pattern, unitsOf(text), ignoreCase) ? 'unknown' : false;
}

/** Whether the text matches whatever the symbols in both stand for. */
export function matchesPattern(pattern: Pattern, text: string, ignoreCase = false): boolean {
  if (!ignoreCase) {
    const { isPlain, beginning } = readingOf(pattern);
    if (isPlain) return text === beginning;
    if (!text.startsWith(beginning)) return false;
  }
  const characters = unitsOf(text);
  const same = (piece: Piece | undefined, character: string | undefined) =>
    (piece === ANY_CHARACTER && !isSymbol(character)) ||
    piece === character ||
    (ignoreCase && typeof piece === 'string' && piece.toLowerCase() === character?.toLowerCase());

  // Linear memory, no regular expression: a policy of many stars must not cost exponential time.
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    if (next < pattern.length && pattern[next] === ANY_TEXT) {
      star = next++;
      starAt = at;
    } else if (next < pattern.length && same(pattern[next], characters[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return pattern.slice(next).every((piece) => piece === ANY_TEXT);
}

/** Splits at the first `count - 1` colons that stand for themselves, as the six parts of an ARN do. */
export function splitPattern(pattern: Pattern, count: number): readonly Pattern[] {
  const { parts } = readingOf(pattern);
  const known = parts.get(count) ?? newParts(pattern, count);
  parts.set(count, known);
  return known;
}

function newParts(pattern: Pattern, count: number): readonly Pattern[] {
  const parts: Piece[][] = [[]];
  for (const piece of pattern) {
    if (piece === ':' && parts.length < count) parts.push([]);
    else parts[parts.length - 1]?.push(piece);
  }
  return parts;
}

function variableValue(variable: string, context: RequestContext): string | undefined {
  if (['*', '?', '$'].includes(variable)) return variable;
  const [, key, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
  if (key === undefined) return undefined;
  const values = contextValue(context, key);
  // A key of several values cannot stand in one text.
  return values?.length === 1 ? values[0] : values === undefined ? fallback : undefined;
}
