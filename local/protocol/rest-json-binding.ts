import type { NormalizedSchema } from '@smithy/core/schema';
import { decodeJson, decodeText, encodeJson, encodeStruct, encodeText, jsonName } from './rest-json-codec';
import type { RouteMatch, Route } from './rest-json-route';
import { AwsError } from '../server/service';
import type { AwsRequest, AwsResponse } from '../server/service';

/** Headers and body of an answer. */
type Content = Pick<AwsResponse, 'headers' | 'body'>;

const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * Gathers an operation's input from the path, the query, the headers and the body. A streaming payload is the body's bytes as they came.
 *
 * @throws AwsError `SerializationException` when the body is not what the model says.
 */
export function readInput({ route, labels }: RouteMatch, request: AwsRequest): object {
  if (route.input.isUnitSchema()) return {};
  const input: Record<string, unknown> = {};
  let body: Readonly<Record<string, unknown>> | undefined;
  for (const [name, member] of route.input.structIterator()) {
    const bound = readBound(name, member, route, labels, request);
    const value = bound ? bound.value : decodeJson(member, (body ??= parseBody(request.body))[jsonName(name, member)]);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

/** Spreads an operation's output over status, headers and body. */
export function writeOutput(route: Route, output: object): AwsResponse {
  if (route.output.isUnitSchema()) return { status: route.status };
  const headers: Record<string, string> = {};
  let status = route.status;
  let payload: Content | undefined;
  for (const [name, member] of route.output.structIterator()) {
    const traits = member.getMergedTraits();
    const value: unknown = (output as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === null) continue;
    if (traits.httpHeader) headers[traits.httpHeader as string] = encodeText(member, value, 'header');
    else if (traits.httpPrefixHeaders) writePrefixed(headers, traits.httpPrefixHeaders as string, value);
    else if (traits.httpResponseCode) status = value as number;
    else if (traits.httpPayload) payload = writePayload(member, value);
  }
  // 204 and 304 have no body by definition; every other structure is written, an empty one as `{}`.
  const content = status === 204 || status === 304 ? {} : (payload ?? writeBody(route, output));
  return { status, headers: { ...content.headers, ...headers }, body: content.body };
}

function writePrefixed(headers: Record<string, string>, prefix: string, values: object): void {
  for (const [key, value] of Object.entries(values)) headers[prefix + key] = String(value);
}

function writeBody(route: Route, output: object): Content {
  const encoded = encodeStruct(route.output, output, (member) => !isBound(member));
  return { headers: JSON_TYPE, body: JSON.stringify(encoded) };
}

function writePayload(member: NormalizedSchema, value: unknown): Content {
  if (value instanceof Uint8Array) return { headers: { 'Content-Type': 'application/octet-stream' }, body: Buffer.from(value) };
  if (typeof value === 'string') return { headers: { 'Content-Type': 'text/plain' }, body: value };
  return { headers: JSON_TYPE, body: JSON.stringify(encodeJson(member, value)) };
}

function isBound(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits();
  return Boolean(traits.httpHeader || traits.httpPrefixHeaders || traits.httpResponseCode || traits.httpPayload);
}

/** The value of a member that is not part of a JSON body; undefined when it is part of one. */
function readBound(
  name: string,
  member: NormalizedSchema,
  route: Route,
  labels: RouteMatch['labels'],
  request: AwsRequest,
): { readonly value: unknown } | undefined {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return { value: decodeText(member, labels[name] ?? '') };
  if (traits.httpQuery) return { value: readQuery(member, request.query.getAll(traits.httpQuery as string)) };
  if (traits.httpQueryParams) return { value: readQueryRest(route, request.query) };
  if (traits.httpPrefixHeaders) return { value: readPrefixed(traits.httpPrefixHeaders as string, request.headers) };
  if (traits.httpHeader) {
    const header = request.headers[(traits.httpHeader as string).toLowerCase()];
    return { value: header === undefined ? undefined : decodeText(member, header) };
  }
  return traits.httpPayload ? { value: readPayload(member, request.body) } : undefined;
}

function readQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  if (member.isListSchema()) return values.length > 0 ? values.map((value) => decodeText(member.getValueSchema(), value)) : undefined;
  const [value] = values;
  // SDKs and the AWS CLI send `?limit=` for an empty string; services take it as not given.
  return value ? decodeText(member, value) : undefined;
}

function readQueryRest(route: Route, query: URLSearchParams): object {
  return Object.fromEntries([...query].filter(([key]) => !route.query.has(key)));
}

function readPrefixed(prefix: string, headers: AwsRequest['headers']): object {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix.toLowerCase()));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), headers[name]]));
}

function readPayload(member: NormalizedSchema, body: Buffer): unknown {
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return body.toString('utf8');
  return body.length === 0 ? undefined : decodeJson(member, parseBody(body));
}

function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', error instanceof Error ? error.message : String(error));
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw new AwsError('SerializationException', 'Expected null or start of structure');
}
