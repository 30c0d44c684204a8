import { Json, Properties } from '../cloudformation/resource-type';

/** Readers for resolved properties. A template may give numbers and booleans as strings; CloudFormation converts them. */
export function textProperty(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw wrongType(name, 'a string', value);
  return String(value);
}

export function requiredText(properties: Properties, name: string): string {
  const value = textProperty(properties, name);
  if (value === undefined || value === '') throw new Error(`The property \`${name}\` is required; give it a value.`);
  return value;
}

export function numberProperty(properties: Properties, name: string): number | undefined {
  const value = textProperty(properties, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw wrongType(name, 'a number', value);
  return number;
}

/** A number in a range. */
export function boundedNumber(properties: Properties, name: string, least: number, most: number): number | undefined {
  const number = numberProperty(properties, name);
  if (number === undefined || (Number.isInteger(number) && number >= least && number <= most)) return number;
  throw new Error(`The property \`${name}\` must be a whole number from ${least} to ${most}, not ${number}.`);
}

export function booleanProperty(properties: Properties, name: string): boolean | undefined {
  const value = textProperty(properties, name)?.toLowerCase();
  if (value === undefined || value === 'true') return value === undefined ? undefined : true;
  if (value === 'false') return false;
  throw wrongType(name, 'true or false', value);
}

export function objectProperty(properties: Properties, name: string): Properties {
  const value = properties[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'an object', value);
  return value;
}

export function listProperty(properties: Properties, name: string): Json[] {
  const value = properties[name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function textList(properties: Properties, name: string): string[] {
  return listProperty(properties, name).map(String);
}

/** `Tags` as a plain record. */
export function tagsOf(properties: Properties): Record<string, string> {
  const pairs = listProperty(properties, 'Tags').map((tag): [string, string] => {
    const { Key, Value } = tag as Properties;
    return [String(Key), String(Value ?? '')];
  });
  return Object.fromEntries(pairs);
}

function wrongType(name: string, wanted: string, value: Json): Error {
  return new Error(`The property \`${name}\` must be ${wanted}, not ${JSON.stringify(value)}.`);
}
