import { Condition } from './model';
import { OPERATORS, Operator } from './operators';
import { Pattern, variablePattern, wildcardPattern } from './pattern';
import { contextValue, RequestContext } from './request';
import { and, anyOf, not, or, Truth } from './truth';

type Qualifier = 'ForAnyValue' | 'ForAllValues';

export interface OperatorName {
  readonly qualifier?: Qualifier;
  readonly base: string;
  readonly ifExists: boolean;
}

/**
 * Whether the condition holds for a request of this context. `unknown`: an operator that this evaluator does not know, or a value
 * of the policy that the operator cannot read.
 *
 * @param variables whether `${…}` in values is filled in (policies of version 2012-10-17)
 */
export function conditionHolds(condition: Condition, context: RequestContext, variables: boolean): Truth {
  const name = parseOperator(condition.operator);
  const actual = contextValue(context, condition.key);
  if (name.base === 'null') return nullHolds(name, condition.values, actual);
  const operator = OPERATORS.get(name.base);
  if (operator === undefined) return 'unknown';
  if (actual === undefined) return holdsWithoutKey(name, operator);
  if (isNullSet(name, actual)) return name.qualifier === 'ForAllValues';
  return valuesHold(name, operator, actual, patternsOf(condition.values, context, variables));
}

const NAMES = /* @__PURE__ */ new Map<string, OperatorName>();
const MAX_NAMES = 500;

/** The parts of an operator's name; `base` in lower case, without the others. */
export function parseOperator(operator: string): OperatorName {
  const known = NAMES.get(operator);
  if (known) return known;
  if (NAMES.size >= MAX_NAMES) NAMES.clear();
  const name = newName(operator);
  NAMES.set(operator, name);
  return name;
}

function newName(operator: string): OperatorName {
  const [, qualifier, rest = ''] = /^(?:(forallvalues|foranyvalue):)?(.*)$/.exec(operator.toLowerCase()) ?? [];
  const ifExists = rest.endsWith('ifexists');
  return {
    ...(qualifier !== undefined && { qualifier: qualifier === 'foranyvalue' ? 'ForAnyValue' : 'ForAllValues' }),
    base: ifExists ? rest.slice(0, -'ifexists'.length) : rest,
    ifExists,
  };
}

function nullHolds(name: OperatorName, values: readonly string[], actual: readonly string[] | undefined): Truth {
  if (name.ifExists || name.qualifier !== undefined) return 'unknown';
  return or(
    values.map((value) => {
      const wanted = value.toLowerCase();
      return wanted === 'true' || wanted === 'false' ? (wanted === 'true') === (actual === undefined) : 'unknown';
    }),
  );
}

/** What qualifiers look for is missing from empty texts, too (IAM user guide, "Single-valued vs. multivalued context keys"). */
function isNullSet({ qualifier }: OperatorName, actual: readonly string[]): boolean {
  return qualifier !== undefined && actual.every((value) => value === '');
}

function holdsWithoutKey({ qualifier, ifExists }: OperatorName, operator: Operator): Truth {
  // The user guide lets every IfExists hold without the key. People who tried it (iam.cloudcopilot.io) saw ForAnyValue take no notice of it.
  if (qualifier === 'ForAnyValue') return ifExists ? 'unknown' : false;
  return qualifier === 'ForAllValues' || ifExists || operator.negated;
}

function valuesHold({ qualifier }: OperatorName, operator: Operator, actual: readonly string[], expected: readonly Pattern[]): Truth {
  const matches = (value: string): Truth => anyOf(expected, (pattern) => operator.compare(value, pattern));
  const holds = (value: string): Truth => (operator.negated ? not(matches(value)) : matches(value));
  if (qualifier === 'ForAllValues') return and(actual.map(holds));
  if (qualifier === 'ForAnyValue') return or(actual.map(holds));
  // Several values without a qualifier are undefined in IAM. This is what a single value gives, and a negated operator stays the
  // opposite of its positive one.
  return operator.negated ? not(or(actual.map(matches))) : or(actual.map(matches));
}

function patternsOf(values: readonly string[], context: RequestContext, variables: boolean): Pattern[] {
  const patterns = values.map((value) => (variables ? variablePattern(value, context) : wildcardPattern(value)));
  return patterns.filter((pattern) => pattern !== undefined);
}
