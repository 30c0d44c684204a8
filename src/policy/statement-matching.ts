import { conditionHolds } from './conditions';
import { PolicyDocument, Statement } from './model';
import { matchesPattern, variablePattern, wildcardPattern } from './pattern';
import { principalReach, Reach } from './principals';
import { EvaluationRequest } from './request';
import { and, Truth } from './truth';

export interface StatementMatch {
  /** Whether action, resource and conditions match; principal apart. */
  readonly applies: Truth;
  readonly reach: Reach;
  /** Condition operators that were needed for the answer and are not understood. */
  readonly unsupported: readonly string[];
}

/** How the statement meets the request. The request's context must be complete, see `fullContext`. */
export function matchStatement(document: PolicyDocument, statement: Statement, request: EvaluationRequest): StatementMatch {
  const reach = principalReach(statement, request.principal);
  const variables = document.version === '2012-10-17';
  if (reach === 'none' || !actionMatches(statement, request) || !resourceMatches(statement, request, variables)) {
    return { applies: false, reach, unsupported: [] };
  }
  const truths = statement.conditions.map((condition) => ({ condition, truth: conditionHolds(condition, request.context, variables) }));
  const applies = and(truths.map(({ truth }) => truth));
  const unknown = truths.filter(({ truth }) => truth === 'unknown').map(({ condition }) => condition.operator);
  return { applies, reach, unsupported: applies === 'unknown' ? unknown : [] };
}

function actionMatches({ action, notAction }: Statement, request: EvaluationRequest): boolean {
  const listed = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesPattern(wildcardPattern(pattern), request.action, true));
  return action ? listed(action) : notAction !== undefined && !listed(notAction);
}

function resourceMatches({ resource, notResource }: Statement, request: EvaluationRequest, variables: boolean): boolean {
  const listed = (patterns: readonly string[]) =>
    patterns.some((text) => {
      const pattern = variables ? variablePattern(text, request.context) : wildcardPattern(text);
      return pattern !== undefined && matchesPattern(pattern, request.resource);
    });
  if (resource) return listed(resource);
  return notResource === undefined || !listed(notResource);
}
