import type { ProviderOptions } from './provider-options';

export function sameOptions(a: ProviderOptions, b: ProviderOptions): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof ProviderOptions)[]);
  return [...names].every((name) => sameValue(a[name], b[name]));
}

/** Constructs are the same only if identical; lists and plain structures of them are compared member by member. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameValue(a[name], b[name]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}
