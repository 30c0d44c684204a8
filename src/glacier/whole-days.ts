import type { Duration } from 'aws-cdk-lib';
import { Token, Tokenization } from 'aws-cdk-lib';

/**
 * As text: Glacier's own examples have numbers as strings, and CloudFormation would make them so.
 *
 * @throws if the period of that property is no whole number of days, or none at all
 */
export function wholeDays(property: string, period: Duration): string {
  const days = daysOf(period);
  if (days === undefined && (period as Partial<Duration> | undefined)?.isUnresolved?.()) {
    throw new Error(
      `\`${property}\` must be given in days if its value is known at deployment only, got: ${period.unitLabel()}. Use \`Duration.days(token)\`.`,
    );
  }
  if (days !== undefined && Token.isUnresolved(days)) return Tokenization.stringifyNumber(days);
  if (days === undefined || days < 1) {
    throw new Error(
      `\`${property}\` must be at least 1 day and a whole number of days, because Glacier counts the age of archives in days, got: ${String(period)}. Use \`Duration.days()\`.`,
    );
  }
  return String(days);
}

function daysOf(period: Duration): number | undefined {
  try {
    return period.toDays();
  } catch {
    return undefined;
  }
}
