import { DELETE_ARCHIVE, deletionDenies, JudgedPolicy, nameOf, Rule, statementsOf } from './judged-policy';
import type { Finding } from './model';
import { meantDays, saidDays } from './round-days';
import { conditionHolds, parseOperator } from '../conditions';
import type { Condition, Statement } from '../model';
import { numberOf } from '../operators';
import { explore, retentionOf } from '../proof';
import { AGE_NAME, isAgeKey } from '../proof/axes';
import { numberCells } from '../proof/line-cells';
import { actionMatches } from '../statement-matching';
import { and } from '../truth';

/** Ages of archives that are the wrong way round, or a day off. */

function ageConditions({ conditions }: Statement): readonly Condition[] {
  return conditions.filter(({ key }) => isAgeKey(key));
}

/** Whether the condition asks for an age with an operator for texts, dates or the like. */
export function comparesNoNumbers({ key, operator }: Condition): boolean {
  return isAgeKey(key) && !/^(numeric|null$)/.test(parseOperator(operator).base);
}

/** The ages at which the statement's conditions on the age hold, one for each interval; ascending. `undefined`: nobody can tell. */
function agesOf(statement: Statement, variables: boolean): readonly { readonly age: number; readonly holds: boolean }[] | undefined {
  const conditions = ageConditions(statement);
  if (conditions.some(comparesNoNumbers)) return undefined;
  const constants = conditions.flatMap(({ values }) => values.map((value) => numberOf(value) ?? Number.NaN));
  const ages = numberCells([0, ...constants], 0).map((age) => ({
    age,
    truth: and(conditions.map((condition) => conditionHolds(condition, { [AGE_NAME]: String(age) }, variables))),
  }));
  return ages.some(({ truth }) => truth === 'unknown') ? undefined : ages.map(({ age, truth }) => ({ age, holds: truth === true }));
}

/** `inverted-age`: old archives are kept and young ones are not, or just the young ones may be deleted. */
export const invertedAgeRule: Rule = (policy) => [...invertedDenies(policy), ...invertedAllows(policy)];

function invertedDenies(policy: JudgedPolicy): Finding[] {
  if (policy.retention.days !== 0) return [];
  const dated = deletionDenies(policy)
    .filter(({ statement }) => ageConditions(statement).length > 0)
    .map((placed) => ({ ...placed, ages: agesOf(placed.statement, policy.variables) ?? [] }));
  if (dated.some(({ ages }) => ages[0]?.holds)) return [];
  return dated.flatMap(({ statement, index, ages }) => {
    const first = ages.find(({ holds }) => holds);
    return first === undefined
      ? []
      : [
          inverted(
            index,
            `${nameOf(statement, index)} denies the deletion of old archives and not of young ones: an archive of 0 days can be deleted, one of ${first.age} days cannot.`,
            'Write "NumericLessThan": {"glacier:ArchiveAgeInDays": "<days to keep>"}: what is denied is the deletion of what is too young.',
          ),
        ];
  });
}

function invertedAllows(policy: JudgedPolicy): Finding[] {
  return statementsOf(policy).flatMap(({ statement, index }) => {
    if (statement.effect !== 'Allow' || ageConditions(statement).length === 0 || !actionMatches(statement, DELETE_ARCHIVE)) return [];
    const ages = agesOf(statement, policy.variables) ?? [];
    const last = ages[ages.length - 1];
    if (!ages[0]?.holds || last === undefined || last.holds || isStopped(policy)) return [];
    const limit = ages.find(({ holds }) => !holds)?.age ?? last.age;
    return [
      inverted(
        index,
        `${nameOf(statement, index)} allows the deletion of young archives and not of old ones: an archive of 0 days can be deleted, one of ${Math.ceil(limit)} days cannot. Nothing denies it.`,
        'To keep archives, deny: "Effect": "Deny" with this condition. To allow the deletion of old ones, write "NumericGreaterThanEquals".',
      ),
    ];
  });
}

/** Whether new archives are kept whatever is allowed. */
function isStopped({ meant, vaultArn }: JudgedPolicy): boolean {
  const verdict = explore({ policies: [meant], vaultArn, action: DELETE_ARCHIVE, expect: 'denied', region: { age: { below: 1 } } });
  return verdict.verdict === 'holds';
}

function inverted(statement: number, message: string, remedy: string): Finding {
  return { id: 'inverted-age', severity: 'error', statement, message, remedy };
}

/** `off-by-one`: archives are kept a day longer or shorter than a round number, or than the statement's name says. */
export const offByOneRule: Rule = (policy) => {
  const dated = deletionDenies(policy).filter(({ statement }) => ageConditions(statement).length > 0);
  if (dated.length === 0) return [];
  const held = daysHeld(policy, dated);
  if (held === undefined) return [];
  return dated.flatMap(({ statement, index }) => {
    const written = ageConditions(statement)
      .flatMap(({ values }) => values.map(numberOf))
      .find((value) => value === held || value === held - 1);
    if (written === undefined) return [];
    const meant = meantDays(held, written, saidDays(statement.sid) ?? saidDays(policy.document.id));
    return meant === undefined ? [] : [offByOne(statement, index, held, meant)];
  });
};

/** What these statements retain by the age alone. */
function daysHeld({ meant, vaultArn }: JudgedPolicy, dated: ReturnType<typeof deletionDenies>): number | undefined {
  const statements = dated.map(({ statement }): Statement => ({
    ...statement,
    principal: [{ kind: 'everyone' }],
    resource: ['*'],
    conditions: ageConditions(statement),
  }));
  const { days } = retentionOf([{ ...meant, statements }], vaultArn);
  return days === 'forever' || days === 0 ? undefined : days;
}

function offByOne(statement: Statement, index: number, held: number, meant: number): Finding {
  const shorter = held < meant;
  return {
    id: 'off-by-one',
    severity: shorter ? 'error' : 'warning',
    statement: index,
    message: `${nameOf(statement, index)} keeps archives for ${held} days, a day ${shorter ? 'less' : 'more'} than ${meant}: ${
      shorter ? `an archive of ${held} days can be deleted` : `an archive of ${meant} days cannot be deleted yet`
    }.`,
    remedy: `To keep archives for ${meant} days write "NumericLessThan": {"glacier:ArchiveAgeInDays": "${meant}"}; if ${held} is meant, "NumericLessThan" with "${held}", and say so: "Sid": "Retain${held}Days".`,
  };
}
