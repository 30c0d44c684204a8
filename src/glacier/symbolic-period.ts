import type { PolicyDocument } from '../policy';
import { isAgeKey } from '../policy/proof/axes';

/** A period of which only a deployment knows how many days it has, and the policies as they would be with that many. */
export interface AssumedPeriod {
  readonly days: number;
  readonly policies: readonly PolicyDocument[];
}

/**
 * All the periods that the policies can tell apart. They only compare an archive's age with numbers, so what matters about the period is
 * where it lies between these: one of them, between two, or beyond all.
 *
 * @param symbol what stands in the policies for the number of days
 */
export function assumedPeriods(symbol: string, policies: readonly PolicyDocument[]): AssumedPeriod[] {
  const numbers = [0, ...ageValues(policies).map(Number)].filter((number) => number >= 0);
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const between = sorted.map((number, index) => (number + (sorted[index + 1] ?? number + 2)) / 2);
  const periods = [...sorted, ...between].filter((days) => days > 0);
  return periods.map((days) => ({ days, policies: policies.map((policy) => withPeriod(policy, symbol, String(days))) }));
}

function ageValues(policies: readonly PolicyDocument[]): string[] {
  const conditions = policies.flatMap(({ statements }) => statements.flatMap((statement) => statement.conditions));
  return conditions.filter(({ key }) => isAgeKey(key)).flatMap(({ values }) => values);
}

/** Elsewhere the symbol stays what it is: something of which nobody knows anything. */
function withPeriod(policy: PolicyDocument, symbol: string, days: string): PolicyDocument {
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      conditions: statement.conditions.map((condition) =>
        isAgeKey(condition.key) ? { ...condition, values: condition.values.map((value) => (value === symbol ? days : value)) } : condition,
      ),
    })),
  };
}
