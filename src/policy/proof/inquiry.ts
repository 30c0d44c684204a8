import { AGE_KEY, AGE_NAME, Axes, axesOf, carriesAge } from './axes';
import { canConcern, clauseOf, placedStatements, Placed, PlacedClause, undecidable } from './clauses';
import { isOneOf, principalCells, withoutPrincipals } from './principal-cells';
import type { Expectation, Question, Region, Undecided } from './question';
import { Budget, callersOf, Doubt, findCase, Found, Goal } from './search';
import { evaluateSurely } from '../evaluation';
import type { PolicyDocument } from '../model';
import { roleArnOfSession } from '../principal-arn';
import { fullContext, Principal, RequestContext } from '../request';
import { matchStatement } from '../statement-matching';

/** A question made ready: the statements that can concern it, the principals and the axes, all cut into cells. */
export interface Inquiry {
  readonly question: Question;
  readonly region: Region;
  readonly principals: readonly Principal[];
  readonly axes: Axes;
  readonly denies: readonly PlacedClause[];
  readonly allows: readonly PlacedClause[];
  /** Any of them speaks against what is expected. */
  readonly goals: readonly OpenGoal[];
  readonly budget: Budget;
}

/** Some hundred times what an ordinary policy needs; a fraction of a second. */
const MAX_CELLS = 50_000;

export function inquire(question: Question): Inquiry {
  const { policies, vaultArn, action, expect, region = {} } = question;
  const concerned = placedStatements(policies).filter((placed) => canConcern(placed, action, vaultArn));
  // Whether a Deny stops the request does not hang on what is allowed.
  const judged = concerned.filter(({ statement }) => expect === 'notAllowed' || statement.effect === 'Deny');
  const restricted = region.principals;
  const except = restricted && 'except' in restricted ? restricted.except : [];
  const cells = principalCells(vaultArn, judged, except);
  const relevant = judged.map((placed) => ({ ...placed, statement: withoutPrincipals(placed.statement, except) }));
  const principals =
    restricted && 'only' in restricted ? restricted.only : cells.principals.filter((principal) => !isOneOf(principal, except));
  // Given principals are cells by themselves: nothing about them is left open.
  const exactCells = { principals, inexact: restricted && 'only' in restricted ? new Map<never, string>() : cells.inexact };
  const axes = axesOf(relevant, action, region);
  const clauses = relevant.map((placed) => clauseOf(placed, vaultArn, exactCells, axes));
  const denies = clauses.filter(({ placed }) => placed.statement.effect === 'Deny');
  const allows = clauses.filter(({ placed }) => placed.statement.effect === 'Allow');
  const goals = goalsOf(expect, denies, allows, principals.length);
  return { question, region, principals, axes, denies, allows, goals, budget: new Budget(MAX_CELLS) };
}

/** A case against what is expected, and the statement that lets it happen; none for a missing Deny. */
export interface Hole extends Found {
  readonly context: RequestContext;
  readonly culprit?: Placed;
}

export interface Outcome {
  /** A case that the evaluator, too, decides against the expectation. */
  readonly hole?: Hole;
  /** Whether such a case cannot be ruled out. */
  readonly possible: boolean;
}

/** Looks for a case against the expectation. @param fixed by axis, the only cell to look at */
export function findHole(inquiry: Inquiry, fixed: ReadonlyMap<string, number> = new Map()): Outcome {
  const { goals } = inquiry;
  const find = (doubt: Doubt, goal: OpenGoal) => findCase(goal, doubt, inquiry.principals, inquiry.axes, inquiry.budget, fixed);
  const open = goals.filter((goal) => goal.matching.some(({ inexact }) => inexact !== undefined) || find('possible', goal) !== undefined);
  if (open.length === 0) return { possible: inquiry.budget.exceeded };
  for (const goal of open) {
    const found = find('sure', goal);
    if (!found) continue;
    const hole = { ...found, context: contextOf(inquiry, found), ...(goal.matching[0] && { culprit: goal.matching[0].placed }) };
    if (isHole(inquiry, hole)) return { hole, possible: true };
  }
  return { possible: true };
}

interface OpenGoal extends Goal {
  readonly matching: readonly PlacedClause[];
}

function goalsOf(expect: Expectation, denies: readonly PlacedClause[], allows: readonly PlacedClause[], principals: number): OpenGoal[] {
  const goal = (matching: readonly PlacedClause[], notMatching: readonly PlacedClause[]): OpenGoal => ({
    matching,
    notMatching,
    callers: callersOf(matching, notMatching, principals),
  });
  switch (expect) {
    case 'denied':
      return [goal([], denies)];
    case 'notDenied':
      return denies.map((deny) => goal([deny], []));
    case 'notAllowed':
      return allows.map((allow) => goal([allow], denies));
  }
}

function contextOf({ axes, region, question }: Inquiry, { cells, principal }: Found): RequestContext {
  const chosen = [...cells].flatMap(([key, index]): [string, string | readonly string[]][] => {
    const { name, cells: values } = axes.byKey.get(key)!;
    const value = values[index];
    return value === undefined ? [] : [[name, value.length === 1 ? value[0]! : value]];
  });
  const given = [
    ...Object.entries(region.tags ?? {}).map(([key, value]): [string, string | readonly string[] | null] => [
      `glacier:ResourceTag/${key}`,
      value,
    ]),
    ...Object.entries(region.context ?? {}),
  ].flatMap(([key, value]): [string, string | readonly string[]][] =>
    value === null || cells.has(key.toLowerCase()) ? [] : [[key, value]],
  );
  // Where no statement asks for the age it is any age: the youngest of the region.
  const age: [string, string][] = carriesAge(question.action) && !cells.has(AGE_KEY) ? [[AGE_NAME, String(region.age?.from ?? 0)]] : [];
  return Object.fromEntries([...roleOf(principal), ...age, ...chosen, ...given]);
}

/** The key that tells a session's role where the session's ARN does not: it leaves out the role's path. */
function roleOf(principal: Principal): [string, string][] {
  if (principal.kind !== 'aws' || principal.roleArn === undefined || principal.roleArn === principal.arn) return [];
  return principal.roleArn === roleArnOfSession(principal.arn) ? [] : [['aws:PrincipalArn', principal.roleArn]];
}

/** The evaluator has the last word: what it does not decide so is no counter-example. */
function isHole({ question }: Inquiry, { principal, context, culprit }: Hole): boolean {
  const { policies, vaultArn, action, expect } = question;
  const request = { action, resource: vaultArn, principal, resourceAccount: vaultArn.split(':')[4] ?? '', context };
  const decision = evaluateSurely(request, { identity: 'administrator', resource: policies.map(onlyDenies) });
  const denied = decision === 'unknown' ? 'unknown' : decision.decision === 'explicitDeny';
  if (expect === 'notDenied') return denied === true;
  if (denied !== false || culprit === undefined) return denied === false;
  return matchStatement(culprit.document, culprit.statement, { ...request, context: fullContext(request) }).applies === true;
}

function onlyDenies(document: PolicyDocument): PolicyDocument {
  return { ...document, statements: document.statements.filter(({ effect }) => effect === 'Deny') };
}

/** Statements that stand in the way of an answer, and why. */
export function undecided({ question, denies, allows }: Inquiry): Undecided[] {
  return [...denies, ...allows].flatMap(({ placed, inexact }) => {
    const reason = undecidable(placed, question.vaultArn) ?? inexact;
    return reason === undefined ? [] : [{ policy: placed.policy, statement: placed.index, reason }];
  });
}
