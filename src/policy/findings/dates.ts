import { DELETE_ARCHIVE, deletionDenies, isDateKey, JudgedPolicy, nameOf, Rule, statementsOf } from './judged-policy';
import type { Finding } from './model';
import { conditionHolds, parseOperator } from '../conditions';
import type { Condition, Statement } from '../model';
import { isAgeKey } from '../proof/axes';
import { dateTexts, numberTexts } from '../proof/line-cells';
import { actionMatches } from '../statement-matching';

/** `expiry-by-date`: what is kept goes by the calendar and not by the age of archives. */
export const expiryByDateRule: Rule = (policy) => [
  ...deletionDenies(policy).flatMap(({ statement, index }) =>
    dateKeysOf(statement).flatMap((key) => (endsBy(policy, statement, key) ? [ending(statement, index, key)] : [])),
  ),
  ...statementsOf(policy).flatMap(({ statement, index }) => {
    if (
      statement.effect !== 'Allow' ||
      !actionMatches(statement, DELETE_ARCHIVE) ||
      statement.conditions.some(({ key }) => isAgeKey(key))
    ) {
      return [];
    }
    return dateKeysOf(statement).flatMap((key) => (beginsBy(policy, statement, key) ? [opening(statement, index, key)] : []));
  }),
];

function dateKeysOf({ conditions }: Statement): string[] {
  return [...new Set(conditions.filter(({ key }) => isDateKey(key)).map(({ key }) => key.toLowerCase()))];
}

/** Whether the conditions on the key hold, at one time for each interval; ascending. */
function truthsOverTime({ variables }: JudgedPolicy, { conditions }: Statement, key: string): boolean[] {
  const onKey = conditions.filter((condition) => condition.key.toLowerCase() === key);
  return timesOf(onKey).map((time) => onKey.every((condition) => conditionHolds(condition, { [key]: time }, variables) === true));
}

function timesOf(conditions: readonly Condition[]): string[] {
  const constants = conditions.flatMap(({ values }) => values);
  return conditions.some(({ operator }) => parseOperator(operator).base.startsWith('numeric'))
    ? numberTexts(constants)
    : dateTexts(constants);
}

function endsBy(policy: JudgedPolicy, statement: Statement, key: string): boolean {
  const truths = truthsOverTime(policy, statement, key);
  return truths.includes(true) && truths[truths.length - 1] === false;
}

function beginsBy(policy: JudgedPolicy, statement: Statement, key: string): boolean {
  const truths = truthsOverTime(policy, statement, key);
  return truths[0] === false && truths[truths.length - 1] === true;
}

function ending(statement: Statement, index: number, key: string): Finding {
  return {
    id: 'expiry-by-date',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)} denies the deletion of archives only until a date (${datesOf(statement, key)}): from then on it protects nothing, not even archives of the day before.`,
    remedy: 'Keep archives by their age: "NumericLessThan": {"glacier:ArchiveAgeInDays": "<days to keep>"}.',
  };
}

function opening(statement: Statement, index: number, key: string): Finding {
  return {
    id: 'expiry-by-date',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)} allows deletion from a date on (${datesOf(statement, key)}), for ever: from then on archives of any age can be deleted, also those of the day before.`,
    remedy: 'Allow by age: "NumericGreaterThanEquals": {"glacier:ArchiveAgeInDays": "<days to keep>"}; or give the permission an end.',
  };
}

function datesOf({ conditions }: Statement, key: string): string {
  return conditions
    .filter((condition) => condition.key.toLowerCase() === key)
    .flatMap(({ values }) => values)
    .join(', ');
}
