/** Parameters of an awsQuery request, flat as they were sent: `Tags.member.1.Key` -> value. */
export type QueryParameters = Readonly<Record<string, string>>;

/** `Name.member.N` -> its values in order. */
export function queryList(parameters: QueryParameters, name: string): string[] {
  return members(parameters, name)
    .map((member) => member[''])
    .filter((value): value is string => value !== undefined);
}

/** `Name.member.N.Field` -> one record of fields per member, in order. */
export function queryStructures(parameters: QueryParameters, name: string): Record<string, string>[] {
  return members(parameters, name);
}

/** `Name.entry.N.key` and `.value` -> a plain record. */
export function queryMap(parameters: QueryParameters, name: string): Record<string, string> {
  return Object.fromEntries(members(parameters, name, 'entry').map((entry) => [entry.key ?? '', entry.value ?? '']));
}

export function queryBoolean(parameters: QueryParameters, name: string): boolean | undefined {
  const value = parameters[name];
  return value === undefined ? undefined : value.toLowerCase() === 'true';
}

function members(parameters: QueryParameters, name: string, element = 'member'): Record<string, string>[] {
  const prefix = `${name}.${element}.`;
  const found = new Map<number, Record<string, string>>();
  for (const [key, value] of Object.entries(parameters)) {
    if (!key.startsWith(prefix)) continue;
    const [index = '', ...field] = key.slice(prefix.length).split('.');
    const position = Number(index);
    if (!Number.isInteger(position)) continue;
    const member = found.get(position) ?? {};
    member[field.join('.')] = value;
    found.set(position, member);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, member]) => member);
}
