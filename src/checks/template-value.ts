import type { Stack } from 'aws-cdk-lib';
import { knownText } from '../synthesis/known-text';

/** Of a number that a template may leave out, or leave to the deployment. */
export type Days = number | 'none' | 'unknown';

/** Whether a property is as good as left out. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && value.Ref === 'AWS::NoValue');
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether CloudFormation makes something else of it. */
export function isIntrinsic(value: unknown): boolean {
  const [name, ...others] = isObject(value) ? Object.keys(value) : [];
  return name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

export function daysOf(value: unknown): Days {
  if (isAbsent(value) || value === '') return 'none';
  const days = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isFinite(days) ? days : 'unknown';
}

/**
 * A policy of a template as JSON text, with marks for what is not known (see `knownText`); `undefined`: nobody can read it yet.
 *
 * @param begin what text begins with that can be read
 */
export function policyTextOf(stack: Stack, value: unknown, begin = '{'): string | undefined {
  if (typeof value === 'string') return value;
  if (isIntrinsic(value)) {
    const text = knownText(stack, value);
    return text.trimStart().startsWith(begin) ? text : undefined;
  }
  return JSON.stringify(withMarks(stack, value));
}

/** JSON keeps a mark as it is. */
function withMarks(stack: Stack, value: unknown): unknown {
  if (isIntrinsic(value)) return knownText(stack, value);
  if (Array.isArray(value)) return value.map((item) => withMarks(stack, item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withMarks(stack, item)]));
}
