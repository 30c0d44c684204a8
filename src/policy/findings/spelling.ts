/** What a misspelt name was meant to be. */

/** Beyond that many wrong characters two names are two names. */
const MAX_SLIPS = 3;

/** The name that differs least, case aside; `undefined` when none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let most = Math.min(MAX_SLIPS, Math.floor(name.length / 3));
  for (const candidate of names) {
    const count = slips(wanted, candidate.toLowerCase(), most);
    if (count > most || (best !== undefined && count === most)) continue;
    best = candidate;
    most = count;
  }
  return best ?? brokenOff(wanted, names);
}

/** Behind the service's name at least that much has to be there. */
const LEAST_BEGINNING = 5;

/** The only name that begins so. */
function brokenOff(wanted: string, names: readonly string[]): string | undefined {
  const [first, ...others] = names.filter((name) => name.toLowerCase().startsWith(wanted));
  return others.length === 0 && wanted.slice(wanted.indexOf(':') + 1).length >= LEAST_BEGINNING ? first : undefined;
}

/** Characters to insert, delete, replace or swap with their neighbour (Damerau–Levenshtein); more than `most` stands for any more. */
function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = new Array<number>(b.length + 1).fill(most + 1);
    if (i <= most) row[0] = i;
    // Whatever is further from the diagonal has that many slips already.
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : change;
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, change, swap);
    }
    if (row.every((count) => count > most)) return most + 1;
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
