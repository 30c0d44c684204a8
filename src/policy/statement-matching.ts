import { conditionHolds } from './conditions';
import { PolicyDocument, Statement } from './model';
import { matchesPattern, meetsPattern, variablePattern, wildcardPattern } from './pattern';
import { principalReach, Reach } from './principals';
import { EvaluationRequest } from './request';
import { and, not, or, Truth } from './truth';

export interface StatementMatch {
  /** Whether action, resource and conditions match; of the principal only that it is not `none`. */
  readonly applies: Truth;
  readonly reach: Reach;
  /** Condition operators that were needed for the answer and are not understood. */
  readonly unsupported: readonly string[];
}

/** How the statement meets the request. The request's context must be complete, see `fullContext`. */
export function matchStatement(document: PolicyDocument, statement: Statement, request: EvaluationRequest): StatementMatch {
  const reach = principalReach(statement, request.principal);
  const variables = hasVariables(document);
  if (reach === 'none' || !actionMatches(statement, request.action)) return { applies: false, reach, unsupported: [] };
  const resource = resourceMatches(statement, request, variables);
  if (resource === false) return { applies: false, reach, unsupported: [] };
  const truths = statement.conditions.map((condition) => ({ condition, truth: conditionHolds(condition, request.context, variables) }));
  const applies = and([reach === 'perhaps' ? 'unknown' : true, resource, ...truths.map(({ truth }) => truth)]);
  const unknown = truths.filter(({ truth }) => truth === 'unknown').map(({ condition }) => condition.operator);
  return { applies, reach, unsupported: applies === 'unknown' ? unknown : [] };
}

/** Whether `${…}` in values are policy variables. */
export function hasVariables({ version }: PolicyDocument): boolean {
  return version === '2012-10-17';
}

/** Whether an action of a policy, with `*` and `?`, means this one. Actions have no case. */
export function namesAction(pattern: string, action: string): boolean {
  return matchesPattern(wildcardPattern(pattern), action, true);
}

/** Whether the statement is about the action, `service:Operation`. */
export function actionMatches({ action, notAction }: Statement, asked: string): boolean {
  const listed = (patterns: readonly string[]) => patterns.some((pattern) => namesAction(pattern, asked));
  return action ? listed(action) : notAction !== undefined && !listed(notAction);
}

/** Whether the statement is about the request's resource. */
export function resourceMatches({ resource, notResource }: Statement, request: EvaluationRequest, variables: boolean): Truth {
  const listed = (patterns: readonly string[]) =>
    or(
      patterns.map((text) => {
        const pattern = variables ? variablePattern(text, request.context) : wildcardPattern(text);
        const meets = pattern !== undefined && meetsPattern(pattern, request.resource);
        return meets && variables && EARLY_VARIABLE.test(text) ? 'unknown' : meets;
      }),
    );
  if (resource) return listed(resource);
  return notResource === undefined || not(listed(notResource));
}

/** Before the fifth colon of an ARN a variable cannot be used, says the IAM user guide. A CDK token looks like one, and is none. */
const EARLY_VARIABLE = /^arn:(?:[^:]*:){0,3}[^:]*\$\{(?!Token\[)/;
