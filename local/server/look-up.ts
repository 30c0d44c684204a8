/** By a name that a request brought: `constructor` is a name like any other, and none of ours. */
export function lookUp<T>(record: Readonly<Record<string, T>>, name: string | undefined): T | undefined {
  return name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
