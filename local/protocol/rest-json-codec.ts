import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../server/service';

/** The numbers that the SDK's schemas use for the formats of a timestamp. */
const DATE_TIME = 5;
const HTTP_DATE = 6;
const EPOCH_SECONDS = 7;

/** How a timestamp without a format of its own is written at a place of the message. */
export type TimestampPlace = 'body' | 'header' | 'query';
const DEFAULT_FORMAT: Readonly<Record<TimestampPlace, number>> = { body: EPOCH_SECONDS, header: HTTP_DATE, query: DATE_TIME };

/**
 * Reads a value of a JSON body. Stricter than the SDK's own codec, which is made for answers that can be trusted: a service refuses a
 * number where its model has a string.
 *
 * @throws AwsError `SerializationException`
 */
export function decodeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isDocumentSchema()) return value;
  if (schema.isStructSchema()) return decodeStruct(schema, asObject(value));
  if (schema.isMapSchema()) {
    const entries = Object.entries(asObject(value)).map(([key, item]) => [key, decodeJson(schema.getValueSchema(), item)]);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw serialization('Expected list or null');
    return value.map((item) => decodeJson(schema.getValueSchema(), item)).filter((item) => item !== undefined);
  }
  return decodeScalar(schema, value);
}

/** Writes a value of a JSON body. Unlike the SDK's codec it keeps nulls and the order of the members: both can be seen on the wire. */
export function encodeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined || schema.isDocumentSchema()) return value;
  if (value instanceof Date) return encodeTimestamp(schema, value, 'body');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((item) => encodeJson(schema.getValueSchema(), item));
  if (typeof value !== 'object') return value;
  if (schema.isMapSchema()) return mapValues(value, (item) => encodeJson(schema.getValueSchema(), item));
  return encodeStruct(schema, value, () => true);
}

/** The members of a structure that `wanted` picks, under their JSON names. */
export function encodeStruct(schema: NormalizedSchema, value: object, wanted: (member: NormalizedSchema) => boolean): object {
  const encoded: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const member = schema.getMemberSchema(name);
    if (item !== undefined && wanted(member)) encoded[jsonName(name, member)] = encodeJson(member, item);
  }
  return encoded;
}

export function jsonName(name: string, member: NormalizedSchema): string {
  return (member.getMergedTraits().jsonName as string | undefined) ?? name;
}

/** Reads a value from a label, a query parameter or a header. */
export function decodeText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === '' || Number.isNaN(number)) throw serialization(`STRING_VALUE can not be converted to a Number: ${text}`);
    return number;
  }
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isTimestampSchema()) return parseTimestamp(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (schema.isListSchema()) return text.split(',').map((item) => decodeText(schema.getValueSchema(), item.trim()));
  return text;
}

/** Writes a value for a header. */
export function encodeText(schema: NormalizedSchema, value: unknown, place: TimestampPlace): string {
  if (value instanceof Date) return String(encodeTimestamp(schema, value, place));
  if (Array.isArray(value)) return value.map((item) => encodeText(schema.getValueSchema(), item, place)).join(', ');
  return String(value);
}

function decodeStruct(schema: NormalizedSchema, record: Readonly<Record<string, unknown>>): object {
  const decoded: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = decodeJson(member, record[jsonName(name, member)]);
    if (item !== undefined) decoded[name] = item;
  }
  return decoded;
}

function decodeScalar(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return parseTimestamp(value);
  if (schema.isBlobSchema()) return Buffer.from(expectType(value, 'string', 'a Blob'), 'base64');
  if (schema.isBooleanSchema()) return expectType(value, 'boolean', 'a Boolean');
  if (schema.isStringSchema()) return expectType(value, 'string', 'a String');
  return expectType(value, 'number', 'a Number');
}

function expectType<T extends 'string' | 'boolean' | 'number'>(value: unknown, type: T, name: string) {
  if (typeof value === type) return value as T extends 'string' ? string : T extends 'number' ? number : boolean;
  if (typeof value === 'object') throw serialization('Start of structure or map found where not expected.');
  throw serialization(`${(typeof value).toUpperCase()}_VALUE can not be converted to ${name}`);
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw serialization('Expected null or start of structure');
}

function parseTimestamp(value: unknown): Date {
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw serialization(`Unable to parse timestamp: ${String(value)}`);
  return date;
}

function encodeTimestamp(schema: NormalizedSchema, value: Date, place: TimestampPlace): string | number {
  const own = schema.isTimestampSchema() ? (schema.getSchema() as number) : 0;
  const format = own >= DATE_TIME ? own : DEFAULT_FORMAT[place];
  if (format === DATE_TIME) return value.toISOString();
  return format === HTTP_DATE ? value.toUTCString() : value.getTime() / 1000;
}

function mapValues(record: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function serialization(message: string): AwsError {
  return new AwsError('SerializationException', message, 400);
}
