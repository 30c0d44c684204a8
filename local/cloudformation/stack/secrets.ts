import type { Json, Properties } from '../resource-type';
import type { StackRecord } from './records';
import type { ParameterValue } from '../template/parameters';

/** CloudFormation's mask in events and change sets. */
const MASK = '*****';
/** A shorter secret inside a longer text is more likely to be something else. */
const SHORTEST_INSIDE = 8;

/** What NoEcho hides: parameters, and the attributes of custom resources that ask for it. */
export function secretsOf(stack: StackRecord, parameters: readonly ParameterValue[]): string[] {
  const hidden = Object.values(stack.resources).filter(({ noEcho }) => noEcho);
  return [
    ...parameters.filter(({ noEcho }) => noEcho).map(({ value }) => value),
    ...hidden.flatMap(({ attributes }) => Object.values(attributes).filter((value): value is string => typeof value === 'string')),
  ].filter((secret) => secret !== '');
}

/** `properties` with every secret replaced. */
export function masked(properties: Properties, secrets: readonly string[]): Properties {
  return secrets.length === 0 ? properties : (maskedValue(properties, secrets) as Properties);
}

function maskedValue(value: Json, secrets: readonly string[]): Json {
  if (typeof value === 'string') {
    if (secrets.includes(value)) return MASK;
    return secrets.filter(({ length }) => length >= SHORTEST_INSIDE).reduce((text, secret) => text.replaceAll(secret, MASK), value);
  }
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskedValue(member, secrets)]));
}
