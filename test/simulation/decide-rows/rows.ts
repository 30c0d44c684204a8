/**
 * Which rows of the decide tables a process has been through. The rows register themselves in a bundle that `instrument` has prepared; in
 * any other process (under jest, say) there are none.
 */
const names: string[] = [];
const seen: boolean[] = [];

/** Called by instrumented code only. @returns what notes that a row gave its verdict, and hands the verdict on */
export function rowsOf(rows: readonly string[]): <T>(row: number, verdict: T) => T {
  const first = names.length;
  names.push(...rows);
  seen.push(...rows.map(() => false));
  return (row, verdict) => {
    seen[first + row] = true;
    return verdict;
  };
}

/** `lambda/glacier/lock/decide.ts:82 refuse('foreign')`, in the order of the sources. */
export function allRows(): readonly string[] {
  return [...names];
}

/** Those of `allRows` that gave a verdict, here or in a process whose rows were added. `[...rowsSeen()]` is plain JSON. */
export function rowsSeen(): ReadonlySet<string> {
  return new Set(names.filter((_, row) => seen[row]));
}

/** Adds what another process that runs the same bundle has seen. */
export function addRowsSeen(rows: Iterable<string>): void {
  for (const row of rows) {
    const index = names.indexOf(row);
    if (index < 0) throw new Error(`another process has seen the row "${row}", which is not in this bundle: do both run the same one?`);
    seen[index] = true;
  }
}
