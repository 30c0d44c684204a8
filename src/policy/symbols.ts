import { Truth } from './truth';

/**
 * What stands in a text for a value that only a deployment knows: a CDK token (`${Token[…]}`), or the mark that synthesis puts in its
 * place (between U+E000 and U+E001). Equal texts are the same value; of different ones nobody can tell.
 */
const SYMBOL = /\$\{Token\[[^\]]*\]\}|\uE000[^\uE001]*\uE001/g;

/** Stands in a name that a proof makes up to be nobody's yet: no symbol can turn out to be that name. */
export const MADE_UP = '\uE002';

export function hasSymbol(text: string): boolean {
  return text.includes('${Token[') || text.includes('\uE000');
}

/** One character, or one whole symbol, each. */
export function unitsOf(text: string): string[] {
  if (!hasSymbol(text)) return [...text];
  const units: string[] = [];
  let end = 0;
  for (const match of text.matchAll(SYMBOL)) {
    units.push(...text.slice(end, match.index), match[0]);
    end = match.index + match[0].length;
  }
  return [...units, ...text.slice(end)];
}

/** A unit of more than one code point is a symbol. */
export function isSymbol(unit: unknown): boolean {
  return typeof unit === 'string' && unit.length > 2;
}

/** Whether both texts are the same value. */
export function sameText(a: string, b: string, ignoreCase = false): Truth {
  if (a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase())) return true;
  if (!hasSymbol(a) && !hasSymbol(b)) return false;
  return couldMeet(unitsOf(a), unitsOf(b), ignoreCase) ? 'unknown' : false;
}

/** A unit of a text or, as a `symbol`, a wildcard named `*` or `?`. */
type Unit = string | symbol;

/** Whether there are values of the symbols, and texts for the wildcards, that make both the same. */
export function couldMeet(a: readonly Unit[], b: readonly Unit[], ignoreCase = false): boolean {
  // Row by row from the end: whether the rest of `a` from i on can meet the rest of `b` from j on.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const [x, y] = [a[i], b[j]];
      row[j] =
        (x === undefined && y === undefined) ||
        (x !== undefined && isMany(x) && ((below[j] ?? false) || (y !== undefined && takes(x, y) && (row[j + 1] ?? false)))) ||
        (y !== undefined && isMany(y) && ((row[j + 1] ?? false) || (x !== undefined && takes(y, x) && (below[j] ?? false)))) ||
        (x !== undefined && y !== undefined && sameUnit(x, y, ignoreCase) && (below[j + 1] ?? false));
    }
    below = row;
  }
  return below[0] ?? false;
}

function isMany(unit: Unit): boolean {
  return typeof unit === 'symbol' ? unit.description === '*' : isSymbol(unit);
}

function takes(many: Unit, unit: Unit): boolean {
  return typeof many === 'symbol' || unit !== MADE_UP;
}

function sameUnit(a: Unit, b: Unit, ignoreCase: boolean): boolean {
  if (typeof a === 'symbol' || typeof b === 'symbol') return true;
  return a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase());
}
