import { DELETE_ARCHIVE, isTagKey, JudgedPolicy, nameOf, Rule, statementsOf } from './judged-policy';
import type { Finding } from './model';
import { actionsOf } from './vocabulary';
import { conditionHolds, parseOperator } from '../conditions';
import type { Condition, Statement } from '../model';
import { carriesAge, isAgeKey } from '../proof/axes';
import { actionMatches } from '../statement-matching';

/** Conditions that hold where the key is absent, which is not what they look like. */

/** In every request of somebody who has signed in. */
const ALWAYS_PRESENT = /^aws:(currenttime|epochtime|securetransport|principal(arn|account|type)|userid|resourceaccount|requestedregion)$/i;

/** `negated-operator-missing-key` */
export const negatedOperatorRule: Rule = (policy) =>
  statementsOf(policy).flatMap(({ statement, index }) =>
    statement.conditions
      .filter((condition) => holdsUnasked(policy, statement, condition) && !isSaid(policy, index, condition))
      .map((condition) => negated(statement, index, condition)),
  );

/** Whether the condition holds without its key although nothing in it says so, in a request that may lack the key. */
function holdsUnasked(policy: JudgedPolicy, statement: Statement, condition: Condition): boolean {
  const { base, ifExists: lenient } = parseOperator(condition.operator);
  if (base === 'null' || lenient || !mayLack(policy, statement, condition.key)) return false;
  const onKey = statement.conditions.filter(({ key }) => key.toLowerCase() === condition.key.toLowerCase());
  return onKey.every((other) => conditionHolds(other, {}, policy.variables) === true);
}

/** A Deny with exceptions by who calls or where from is a known form, and errs on the safe side. */
function mayLack({ service }: JudgedPolicy, statement: Statement, key: string): boolean {
  if (isAgeKey(key)) return actionsOf(service).some((action) => !carriesAge(action) && actionMatches(statement, action));
  return isTagKey(key) || (statement.effect === 'Allow' && !ALWAYS_PRESENT.test(key));
}

/** Whether another statement of the same effect is about the absence of the key. */
function isSaid({ meant }: JudgedPolicy, index: number, { key }: Condition): boolean {
  return meant.statements.some(
    ({ effect, conditions }, other) =>
      other !== index &&
      effect === meant.statements[index]?.effect &&
      conditions.some(
        (condition) => condition.key.toLowerCase() === key.toLowerCase() && parseOperator(condition.operator).base === 'null',
      ),
  );
}

function negated(statement: Statement, index: number, { operator, key, values }: Condition): Finding {
  const without = isTagKey(key) ? 'a vault without the tag' : 'a request that does not have it';
  return {
    id: 'negated-operator-missing-key',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)}: ${operator} ${key} ${values.map((value) => `"${value}"`).join(' or ')} holds for ${without}, too, which it then ${statement.effect === 'Deny' ? 'denies' : 'allows'}.`,
    remedy: `If that is not meant, add "Null": {"${key}": "false"}; if it is, say so in a statement of its own with "Null": {"${key}": "true"}.`,
  };
}

/** `if-exists` */
export const ifExistsRule: Rule = (policy) =>
  statementsOf(policy).flatMap(({ statement, index }) =>
    statement.conditions
      .filter(({ operator, key }) => parseOperator(operator).ifExists && isDoubtful(statement, key))
      .map((condition) => ifExists(statement, index, condition)),
  );

/** In a Deny, IfExists on what says who calls, or how, is the form that AWS recommends. */
function isDoubtful({ effect }: Statement, key: string): boolean {
  return isAgeKey(key) || isTagKey(key) || (effect === 'Allow' && !ALWAYS_PRESENT.test(key));
}

function ifExists(statement: Statement, index: number, { operator, key }: Condition): Finding {
  const plain = operator.replace(/IfExists$/i, '');
  const harmless = isAgeKey(key) && statement.action?.every((action) => action.toLowerCase() === DELETE_ARCHIVE.toLowerCase());
  const follows = harmless
    ? 'Every request to delete an archive has it, so that IfExists says nothing here; with another action in the statement it would match all of its requests.'
    : `${isTagKey(key) ? 'A vault without the tag' : 'A request without it'} is ${statement.effect === 'Deny' ? 'denied' : 'allowed'}, whatever the rest of the condition says.`;
  return {
    id: 'if-exists',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)}: ${operator} holds where ${key} is absent. ${follows}`,
    remedy: `Write "${plain}".`,
  };
}
