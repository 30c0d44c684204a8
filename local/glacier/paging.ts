import { invalidParameter, INVENTED } from './errors';

export interface PageRequest {
  readonly limit: number | undefined;
  readonly marker: string | undefined;
  readonly longest: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; null on the last one. */
  readonly marker: string | null;
}

/** One page of a list; markers are the ids of items, and a page starts after the one that its marker names. */
export function pageOf<T>(items: readonly T[], idOf: (item: T) => string, { limit, marker, longest }: PageRequest): Page<T> {
  const size = checkedLimit(limit, longest);
  const found = marker ? items.findIndex((item) => idOf(item) === marker) : -1;
  if (marker && found < 0) throw invalidParameter(INVENTED.invalidMarker(marker));
  const rest = items.slice(found + 1);
  const page = rest.slice(0, size);
  return { items: page, marker: rest.length > size ? idOf(page[size - 1]!) : null };
}

/** @throws AwsError `InvalidParameterValueException` unless the limit is 1 to `longest`. */
export function checkedLimit(limit: number | undefined, longest: number): number {
  if (limit === undefined) return longest;
  if (!Number.isInteger(limit) || limit < 1 || limit > longest) throw invalidParameter(INVENTED.invalidLimit(limit, longest));
  return limit;
}
