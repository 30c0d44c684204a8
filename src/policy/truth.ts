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

export function not(value: Truth): Truth {
  return value === 'unknown' ? value : !value;
}
