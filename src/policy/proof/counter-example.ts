import { AGE_KEY } from './axes';
import { placedStatements, Placed } from './clauses';
import type { Hole, Inquiry } from './inquiry';
import { PRINCIPAL_KEYS } from './principal-conditions';
import type { CounterExample, Question } from './question';
import { conditionHolds } from '../conditions';
import type { Condition } from '../model';
import { principalReach } from '../principals';
import { contextValue, EvaluationRequest, fullContext, Principal } from '../request';
import { actionMatches, matchStatement, resourceMatches } from '../statement-matching';
import { statementName } from '../statement-name';
import { MADE_UP } from '../symbols';

/** Puts a case that the search found into plain data and plain words. */

const TAG = 'glacier:resourcetag/';

export function counterExampleOf({ question, axes }: Inquiry, hole: Hole): CounterExample {
  const request: EvaluationRequest = {
    action: question.action,
    resource: question.vaultArn,
    principal: hole.principal,
    resourceAccount: question.vaultArn.split(':')[4] ?? '',
    context: hole.context,
  };
  const keys = new Map(Object.keys(hole.context).map((name) => [name.toLowerCase(), name]));
  for (const key of hole.cells.keys()) keys.set(key, axes.byKey.get(key)?.name ?? key);
  const values = [...keys].map(([key, name]) => ({ key, name, value: valueOf(request, key) }));
  const age = valueOf(request, AGE_KEY);
  const culprit = hole.culprit ?? culpritOf(question, request);
  const plain = {
    principal: nameOf(hole.principal),
    action: question.action,
    archiveAgeInDays: typeof age === 'string' ? Number(age) : null,
    tags: Object.fromEntries(
      values.filter(({ key }) => key.startsWith(TAG)).map(({ name, value }) => [name.slice(TAG.length), text(value)]),
    ),
    context: Object.fromEntries(
      values.filter(({ key }) => !key.startsWith(TAG) && key !== AGE_KEY).map(({ name, value }) => [name, value]),
    ),
    policy: culprit?.policy ?? null,
    statement: culprit?.index ?? null,
  };
  return { ...plain, explanation: sentence(plain, question, culprit?.statement.effect === 'Allow', because(question, request, culprit)) };
}

function valueOf({ context }: EvaluationRequest, key: string): string | readonly string[] | null {
  const values = contextValue(context, key)?.map(unmarked);
  return values === undefined ? null : values.length === 1 ? (values[0] ?? null) : values;
}

/** A tag has one value. */
function text(value: string | readonly string[] | null): string | null {
  return typeof value === 'string' || value === null ? value : value.join(', ');
}

function nameOf(principal: Principal): string {
  const name = principal.kind === 'aws' ? principal.arn : principal.kind === 'service' ? principal.name : 'anonymous';
  return unmarked(name);
}

/** Without the mark of names that are made up. */
function unmarked(name: string): string {
  return name.split(MADE_UP).join('');
}

/** The statement that lets the request through, or the one that comes nearest to denying it. */
function culpritOf(question: Question, request: EvaluationRequest): Placed | undefined {
  const placed = placedStatements(question.policies).filter(({ statement }) => actionMatches(statement, request.action));
  const complete = { ...request, context: fullContext(request) };
  const allow = placed.find(
    ({ document, statement }) => statement.effect === 'Allow' && matchStatement(document, statement, complete).applies === true,
  );
  const denies = placed.filter(({ statement }) => statement.effect === 'Deny');
  const here = denies.find(({ statement, variables }) => resourceMatches(statement, complete, variables) !== false);
  return allow ?? here ?? denies[0];
}

function because(question: Question, request: EvaluationRequest, culprit: Placed | undefined): string {
  const policy = culprit && policyNameOf(question, culprit.policy);
  if (culprit === undefined || policy === null) return 'no statement denies it';
  const name = `${statementName(culprit.index, culprit.statement.sid)}${policy === undefined ? '' : ` of ${policy}`}`;
  const { expect } = question;
  if (expect === 'notDenied') return `${name} denies it`;
  if (culprit.statement.effect === 'Allow') return `${name} allows it and no statement denies it`;
  return `${name} does not deny it, because ${whyNot(culprit, { ...request, context: fullContext(request) })}`;
}

function policyNameOf({ policies, policyNames }: Question, index: number): string | null | undefined {
  return policyNames ? policyNames[index] : policies.length > 1 ? `policy ${index}` : undefined;
}

function whyNot({ statement, variables }: Placed, request: EvaluationRequest): string {
  if (resourceMatches(statement, request, variables) === false) return `its resource is not ${request.resource}`;
  if (principalReach(statement, request.principal) === 'none') {
    return statement.notPrincipal ? 'its `NotPrincipal` spares them' : 'its `Principal` does not mean them';
  }
  const failing = statement.conditions.find((condition) => conditionHolds(condition, request.context, variables) === false);
  return failing === undefined ? 'it does not apply' : `its condition ${conditionText(failing)} does not hold`;
}

function conditionText({ operator, key, values }: Condition): string {
  return `${operator} ${key} ${values.map((value) => `"${value}"`).join(' or ')}`;
}

function sentence(plain: Omit<CounterExample, 'explanation'>, { expect }: Question, allowed: boolean, reason: string): string {
  const { principal, action, archiveAgeInDays: age, tags, context } = plain;
  const details = [
    ...Object.entries(tags).map(([key, value]) =>
      value === null ? `without the tag ${key}` : `while the vault's tag ${key} is "${value}"`,
    ),
    ...Object.entries(context)
      .filter(([key]) => !PRINCIPAL_KEYS.has(key.toLowerCase()))
      .map(([key, value]) => (value === null ? `without ${key} in the request` : `with ${key} ${JSON.stringify(value)}`)),
  ];
  const who = principal === 'anonymous' ? 'An anonymous caller' : principal;
  const can = expect === 'notDenied' ? 'is denied' : allowed ? 'can call' : 'is not denied';
  const archive = age === null ? '' : ` on an archive of ${age} ${age === 1 ? 'day' : 'days'}`;
  return `${who} ${can} ${action}${archive}${details.length > 0 ? `, ${details.join(', ')}` : ''}: ${reason}.`;
}
