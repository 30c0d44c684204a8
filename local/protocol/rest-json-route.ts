import { NormalizedSchema } from '@smithy/core/schema';

/** An operation of the service as its SDK package describes it. */
export interface Route {
  readonly operation: string;
  readonly verb: string;
  readonly segments: readonly string[];
  /** Fixed query parameters, as `operation=add` in `/tags?operation=add`. */
  readonly query: ReadonlyMap<string, string>;
  readonly status: number;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

export interface RouteMatch {
  readonly route: Route;
  /** The path's labels, percent-decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

const OPERATION_SCHEMA = 9;
const LABEL = /^\{([^}+]+)(\+?)\}$/;

/** The routes of all operations among the exports of an SDK client package, the most specific ones first. */
export function routesOf(schemas: Readonly<Record<string, unknown>>): readonly Route[] {
  return Object.values(schemas)
    .filter(isOperation)
    .map(toRoute)
    .sort((a, b) => specificity(b) - specificity(a));
}

/** The names of all operations of the service. */
export function operationNames(schemas: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(schemas)
    .filter(isOperation)
    .map(([, , operation]) => operation);
}

/** Finds the operation that `verb` and `path` (still percent-encoded) ask for. */
export function matchRoute(routes: readonly Route[], verb: string, path: string, query: URLSearchParams): RouteMatch | undefined {
  const segments = segmentsOf(path);
  for (const route of routes) {
    if (route.verb !== verb) continue;
    if (![...route.query].every(([key, value]) => query.get(key) === value)) continue;
    const labels = matchSegments(route.segments, segments);
    if (labels) return { route, labels };
  }
  return undefined;
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

type OperationSchema = readonly [number, string, string, { readonly http: readonly [string, string, number] }, SchemaRef, SchemaRef];

function isOperation(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === OPERATION_SCHEMA && typeof value[3] === 'object';
}

function toRoute([, , operation, { http }, input, output]: OperationSchema): Route {
  const [verb, uri, status] = http;
  const [path = '', query = ''] = uri.split('?', 2);
  return {
    operation,
    verb,
    segments: segmentsOf(path),
    query: new Map(new URLSearchParams(query)),
    status,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  };
}

/** A trailing slash means nothing: SDKs send `/-/vaults/` for an empty label, and some templates end with one. */
function segmentsOf(path: string): readonly string[] {
  return path.replace(/^\//, '').replace(/\/$/, '').split('/');
}

function specificity(route: Route): number {
  return route.segments.filter((segment) => !LABEL.test(segment)).length + route.query.size;
}

function matchSegments(template: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const [, name, greedy] = LABEL.exec(part) ?? [];
    const sent = greedy ? path.slice(index).join('/') : path[index];
    if (!sent) return undefined;
    if (name === undefined) {
      if (part !== sent) return undefined;
      continue;
    }
    const label = decodeSegment(sent);
    if (label === undefined) return undefined;
    labels[name] = label;
    if (greedy) return labels;
  }
  return path.length === template.length ? labels : undefined;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
