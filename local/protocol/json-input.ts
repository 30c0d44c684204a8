import { JsonInput } from './json-protocol';
import { AwsError } from '../server/service';

/** The string member `name`; a missing one or another type is the caller's mistake. */
export function requiredString(input: JsonInput, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined) {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function optionalString(input: JsonInput, name: string): string | undefined {
  return optional(input, name, 'string') as string | undefined;
}

export function optionalNumber(input: JsonInput, name: string): number | undefined {
  return optional(input, name, 'number') as number | undefined;
}

export function optionalBoolean(input: JsonInput, name: string): boolean | undefined {
  return optional(input, name, 'boolean') as boolean | undefined;
}

export function stringList(input: JsonInput, name: string): string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw new AwsError('SerializationException', `\`${name}\` must be a list of strings.`);
  }
  return value as string[];
}

function optional(input: JsonInput, name: string, type: 'string' | 'number' | 'boolean'): unknown {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw new AwsError('SerializationException', `\`${name}\` must be a ${type}, not a ${typeof value}.`);
  return value;
}
