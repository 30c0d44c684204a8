import type { Condition, PolicyDocument, Statement } from '../policy';

/** Principals that a question is not about, by patterns of their ARNs. */

/** A statement that counts their requests as denied. */
export function deniedToSpared(patterns: readonly string[]): Statement {
  return {
    effect: 'Deny',
    principal: [{ kind: 'everyone' }],
    action: ['*'],
    resource: ['*'],
    conditions: [{ operator: 'ArnLike', key: 'aws:PrincipalArn', values: patterns }],
  };
}

/**
 * The policy as it is for everybody else: nobody of these matches one of the patterns, so that a comparison with them says nothing. This
 * is so even where parts of a pattern are only known after the deployment, and nobody can tell whom it means.
 */
export function forAllButSpared(document: PolicyDocument, patterns: readonly string[]): PolicyDocument {
  const left = (condition: Condition) =>
    comparesArns(condition) ? { ...condition, values: condition.values.filter((value) => !patterns.includes(value)) } : condition;
  return {
    ...document,
    statements: document.statements.map((statement) => ({ ...statement, conditions: statement.conditions.map(left) })),
  };
}

/** All of them compare in the same way; operators for strings read a pattern in another one. */
function comparesArns({ operator, key }: Condition): boolean {
  return key.toLowerCase() === 'aws:principalarn' && /^(for(any|all)values?:)?arn(not)?(like|equals)(ifexists)?$/i.test(operator);
}
