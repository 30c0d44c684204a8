import { familyOf, hasUnusualCase, hasVariable } from './key-cells';
import { parseOperator } from '../conditions';
import type { Condition } from '../model';

/** Conditions on who calls, and which of them can be cut into cases. */

/** Condition keys that follow from principal and resource (`fullContext`); they are no axis of their own. By lower-case name. */
export const PRINCIPAL_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:username',
  'aws:resourceaccount',
]);

export interface PrincipalCondition {
  readonly condition: Condition;
  readonly variables: boolean;
  readonly key: string;
}

/** Whether more names than those that are written match, and so have to be made up. */
export function isOpen(condition: Condition): boolean {
  return isWild(condition) || ignoresCase(condition);
}

export function ignoresCase({ operator }: Condition): boolean {
  return parseOperator(operator).base.endsWith('ignorecase');
}

function isWild({ operator, values }: Condition): boolean {
  return (
    /^(stringnotlike|stringlike|arn)/.test(parseOperator(operator).base) && values.some((value) => /[*?]/.test(value) && value !== '*')
  );
}

/** Conditions whose cells are not among those that are built. */
export function inexactConditions(conditions: readonly PrincipalCondition[], wildArns: boolean): Map<Condition, string> {
  const inexact = new Map<Condition, string>();
  for (const { condition, variables, key } of conditions) {
    const reason = inexactness(condition, variables, key, wildArns);
    if (reason !== undefined) inexact.set(condition, reason);
  }
  return inexact;
}

/** Of these the evaluator's own answer for each principal is all there is: the key has few values. */
const FINITE_KEYS = ['aws:principaltype', 'aws:principalisawsservice', 'aws:resourceaccount'];

function inexactness(condition: Condition, variables: boolean, key: string, wildArns: boolean): string | undefined {
  const { operator, values } = condition;
  const { base } = parseOperator(operator);
  if (variables && values.some(hasVariable)) return `a value of \`${condition.key}\` has a policy variable, which depends on the request`;
  if (base === 'null' || FINITE_KEYS.includes(key)) return undefined;
  if (familyOf(operator) !== 'text' || base.startsWith('binary')) return `\`${operator}\` on \`${condition.key}\` cannot be cut into cases`;
  if (ignoresCase(condition) && (key === 'aws:username' || values.some(hasUnusualCase))) {
    return `\`${operator}\` on \`${condition.key}\` cannot be cut into cases`;
  }
  if (key === 'aws:principalarn' && values.some(hasPartialAccount)) {
    return `a value of \`${condition.key}\` has a wildcard where the account stands`;
  }
  if (key === 'aws:principalaccount' && isWild(condition)) return `\`${condition.key}\` has wildcards in an account id`;
  if (key === 'aws:username' && (isWild(condition) || wildArns)) return `\`${condition.key}\` cannot be cut into cases beside wildcards`;
  return undefined;
}

/** Accounts are cut by name only: a pattern must name one, or mean all, or say nothing that digits could match. */
function hasPartialAccount(pattern: string): boolean {
  if (!/[*?]/.test(pattern) || !/\d/.test(pattern)) return false;
  const parts = pattern.split(':');
  const plain = parts.length >= 6 && parts.slice(0, 4).every((part, index) => !/[*?]/.test(part) || (part === '*' && index === 1));
  return !(plain && (parts[4] === '*' || !/[*?]/.test(parts[4] ?? '')));
}
