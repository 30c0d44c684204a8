import type { Duration } from 'aws-cdk-lib';
import { Token, Tokenization } from 'aws-cdk-lib';
import { requireDuration } from './given-objects';

/**
 * Whole days; a number that is known at deployment only is passed on and judged by the handler.
 *
 * @throws if they are out of range, no whole days, or no duration at all
 */
export function wholeDays(property: string, duration: Duration, { min, max }: { readonly min: number; readonly max: number }): number {
  requireDuration(property, duration);
  if (duration.isUnresolved()) return unresolvedDays(property, duration);
  const days = duration.toDays({ integral: false });
  if (!Number.isInteger(days) || days < min || days > max) {
    throw new Error(
      `\`${property}\` must be whole days, ${min} to ${max}, which is what AWS Backup takes, got: ${duration.toHumanString()}. ` +
        'Choose another duration, e.g. with `Duration.days()`.',
    );
  }
  return days;
}

/** The days as the text that CloudFormation would make of them anyway. */
export function daysText(days: number | undefined): string | undefined {
  return days === undefined ? undefined : Tokenization.stringifyNumber(days);
}

export function knownDays(days: number | undefined): number | undefined {
  return Token.isUnresolved(days) ? undefined : days;
}

function unresolvedDays(property: string, duration: Duration): number {
  try {
    return duration.toDays();
  } catch {
    throw new Error(
      `\`${property}\` must be given in days if its value is known at deployment only, got: ${duration.unitLabel()}. Use \`Duration.days(token)\`.`,
    );
  }
}
