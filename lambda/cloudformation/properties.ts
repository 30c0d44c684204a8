import { Refusal } from './refusal';

/** Every scalar arrives as a string, and `Boolean('false')` is true. */
export function parseBoolean(value: unknown, name: string): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new Refusal(`${name} must be "true" or "false"; it is ${shown(value)}.`);
}

/** A value in an error, short. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
