import { isInNetwork } from './ip-network';
import { meetsPattern, Pattern, patternText, splitPattern } from './pattern';
import { hasSymbol, isSymbol, sameText } from './symbols';
import { allOf, Truth } from './truth';

/** Compares one value of the request with one value of the policy; `unknown` when the policy's value makes no sense here. */
export type Comparison = (actual: string, expected: Pattern) => Truth;

export interface Operator {
  readonly compare: Comparison;
  /** The operator holds when no value of the policy compares, and so also when the key is absent. */
  readonly negated: boolean;
}

const ARN_PARTS = 6;

/** By lower-case name, without `ForAnyValue:`, `ForAllValues:` and `IfExists`. `Null` is none of them: it asks about the key. */
export const OPERATORS: ReadonlyMap<string, Operator> = /* @__PURE__ */ operatorTable();

type Entry = [string, Operator];

function operatorTable(): ReadonlyMap<string, Operator> {
  return new Map([
    ...pair('StringEquals', 'StringNotEquals', (actual, expected) => sameText(actual, patternText(expected))),
    ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', (actual, expected) => sameText(actual, patternText(expected), true)),
    ...pair('StringLike', 'StringNotLike', (actual, expected) => meetsPattern(expected, actual)),
    ...pair(
      'NumericEquals',
      'NumericNotEquals',
      compareNumbers((actual, expected) => actual === expected),
    ),
    ...pair(
      'DateEquals',
      'DateNotEquals',
      compareDates((actual, expected) => actual === expected),
    ),
    ...pair('IpAddress', 'NotIpAddress', compareAddress),
    ...pair('ArnEquals', 'ArnNotEquals', compareArn),
    ...pair('ArnLike', 'ArnNotLike', compareArn),
    ...ordered('LessThan', (actual, expected) => actual < expected),
    ...ordered('LessThanEquals', (actual, expected) => actual <= expected),
    ...ordered('GreaterThan', (actual, expected) => actual > expected),
    ...ordered('GreaterThanEquals', (actual, expected) => actual >= expected),
    single('Bool', compareBoolean),
    single('BinaryEquals', compareBinary),
  ]);
}

function single(name: string, compare: Comparison, negated = false): Entry {
  return [name.toLowerCase(), { compare, negated }];
}

function pair(name: string, negatedName: string, compare: Comparison): Entry[] {
  return [single(name, compare), single(negatedName, compare, true)];
}

function ordered(name: string, compare: (actual: number, expected: number) => boolean): Entry[] {
  return [single(`Numeric${name}`, compareNumbers(compare)), single(`Date${name}`, compareDates(compare))];
}

function compareNumbers(compare: (actual: number, expected: number) => boolean): Comparison {
  return comparison(numberOf, compare);
}

function compareDates(compare: (actual: number, expected: number) => boolean): Comparison {
  return comparison(dateOf, compare);
}

/** A value of the request that cannot be read compares with nothing; one of the policy is the policy's fault and `unknown`. */
function comparison(read: (text: string) => number | undefined, compare: (actual: number, expected: number) => boolean): Comparison {
  return (actualText, expectedPattern) => {
    const expected = read(patternText(expectedPattern));
    if (expected === undefined) return 'unknown';
    if (hasSymbol(actualText)) return 'unknown';
    const actual = read(actualText);
    return actual !== undefined && compare(actual, expected);
  };
}

/** The number that numeric operators read, or `undefined`. */
export function numberOf(text: string): number | undefined {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Milliseconds of an ISO 8601 date (W3C profile) or of seconds since 1970; four digits are a year. */
export function dateOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000;
  const iso = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;
  const time = iso.test(text) && isDay(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** `Date` takes the 30th of February for the 1st of March. */
function isDay(text: string): boolean {
  const [year = 0, month = 1, day = 1] = text.slice(0, 10).split('-').map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function compareBoolean(actual: string, expected: Pattern): Truth {
  const wanted = patternText(expected).toLowerCase();
  if (hasSymbol(actual)) return 'unknown';
  return wanted === 'true' || wanted === 'false' ? actual.toLowerCase() === wanted : 'unknown';
}

function compareBinary(actual: string, expected: Pattern): Truth {
  const decode = (text: string) => (/^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined);
  const wanted = decode(patternText(expected));
  return wanted === undefined ? 'unknown' : decode(actual)?.equals(wanted) === true;
}

function compareAddress(actual: string, expected: Pattern): Truth {
  return hasSymbol(actual) ? 'unknown' : isInNetwork(actual, patternText(expected));
}

/** Each of the six parts is compared by itself, so that a `*` cannot reach over a colon into the next one. */
function compareArn(actual: string, expected: Pattern): Truth {
  const wanted = splitPattern(expected, ARN_PARTS);
  if (wanted.length < ARN_PARTS) return patternText(expected) === '*' || compareSymbol(actual, expected);
  const parts = actual.split(':');
  const given = [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
  const meets = parts.length >= ARN_PARTS && allOf(wanted, (pattern, index) => meetsPattern(pattern, given[index] ?? ''));
  // A symbol may stand for more than one part, and for a whole ARN.
  return meets === false && hasSymbol(actual) && meetsPattern(expected, actual) !== false ? 'unknown' : meets;
}

/** A symbol may stand for a whole ARN. */
function compareSymbol(actual: string, [symbol, ...rest]: Pattern): Truth {
  return typeof symbol === 'string' && isSymbol(symbol) && rest.length === 0 ? sameText(actual, symbol) : 'unknown';
}
