import type { Json, Properties } from '../cloudformation/resource-type';
import { AwsError } from '../server/service';

/** Reads the properties of a resource: what has the wrong type fails the resource by name. */

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalidProperty(name, 'expected a string');
}

export function requiredText(properties: Properties, name: string): string {
  const value = textOf(properties, name);
  if (value === undefined) throw invalidProperty(name, 'it is required');
  return value;
}

export function listOf(properties: Properties, name: string): string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) throw invalidProperty(name, 'expected a list');
  return value.map((item) => String(item));
}

/** A policy document, which a template holds as an object or as JSON text. */
export function documentText(properties: Properties, name: string): string {
  const value = properties[name];
  if (value === undefined || value === null) throw invalidProperty(name, 'it is required');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function structuresOf(properties: Properties, name: string): Properties[] {
  const value: Json = properties[name] ?? [];
  if (!Array.isArray(value) || !value.every(isStructure)) throw invalidProperty(name, 'expected a list of objects');
  return value;
}

export function tagsOf(properties: Properties): Record<string, string> {
  return Object.fromEntries(structuresOf(properties, 'Tags').map((tag) => [requiredText(tag, 'Key'), textOf(tag, 'Value') ?? '']));
}

function isStructure(value: Json): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalidProperty(name: string, reason: string): AwsError {
  return new AwsError('ValidationError', `Properties validation failed: #/${name}: ${reason}`);
}
