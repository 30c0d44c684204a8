/** How messages call a statement: by its index, as programs that read the JSON do. */
export function statementName(index: number, sid?: string): string {
  return sid ? `Statement[${index}] ("${sid}")` : `Statement[${index}]`;
}
