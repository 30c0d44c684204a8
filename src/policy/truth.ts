/** Three-valued logic: what an operator that we do not know would say is `unknown`, and stays so until it no longer matters. */
export type Truth = boolean | 'unknown';

export function and(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  return values.includes('unknown') ? 'unknown' : true;
}

export function or(values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes('unknown') ? 'unknown' : false;
}

/** `or` of an answer about each item; no further than to the first `true`. */
export function anyOf<T>(items: readonly T[], ask: (item: T, index: number) => Truth): Truth {
  let result: Truth = false;
  for (const [index, item] of items.entries()) {
    const truth = ask(item, index);
    if (truth === true) return true;
    if (truth === 'unknown') result = truth;
  }
  return result;
}

/** `and` of an answer about each item; no further than to the first `false`. */
export function allOf<T>(items: readonly T[], ask: (item: T, index: number) => Truth): Truth {
  return not(anyOf(items, (item, index) => not(ask(item, index))));
}

export function not(value: Truth): Truth {
  return value === 'unknown' ? value : !value;
}
