/** A policy as services give it back: one-element arrays come back as scalars, and white space is gone. */
export function normalised(policy: string): string {
  return JSON.stringify(JSON.parse(policy), (key, value: unknown) =>
    Array.isArray(value) && value.length === 1 && key !== 'Statement' ? (value[0] as unknown) : value,
  );
}
