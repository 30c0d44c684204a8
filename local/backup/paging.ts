import { INVENTED, invalidParameter } from './errors';

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; absent on the last one. */
  readonly next: string | undefined;
}

const LONGEST_PAGE = 1000;

/** One page of a list; a token names the item that the page before ended with, in a form that nobody reads. */
export function pageOf<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  { MaxResults: size = LONGEST_PAGE, NextToken }: PageRequest,
): Page<T> {
  if (!Number.isInteger(size) || size < 1 || size > LONGEST_PAGE) throw invalidParameter(INVENTED.invalidPage('MaxResults'));
  const last = NextToken && Buffer.from(NextToken, 'base64url').toString('utf8');
  const found = last ? items.findIndex((item) => idOf(item) === last) : -1;
  if (last && found < 0) throw invalidParameter(INVENTED.invalidPage('NextToken'));
  const rest = items.slice(found + 1);
  const page = rest.slice(0, size);
  return { items: page, next: rest.length > size ? Buffer.from(idOf(page[size - 1]!)).toString('base64url') : undefined };
}
