import type { PolicyDocument, Principal, RequestContext } from '../../src/policy';

interface Call {
  readonly policies: readonly PolicyDocument[];
  readonly principal: Principal;
  readonly context: RequestContext;
}

/**
 * The caller, once for each role that may be behind it: a session's ARN leaves out the path of its role. What the request gives as
 * `aws:PrincipalArn` settles it; so does a `Principal`, as IAM takes no role there that does not exist, and an account has each name
 * once. Of a role in a condition nobody knows whether it exists.
 */
export function possiblePrincipals({ policies, principal, context }: Call): readonly Principal[] {
  if (principal.kind !== 'aws' || !principal.arn.includes(':assumed-role/')) return [principal];
  const isBehind = roleTest(principal.arn);
  const as = (roles: readonly string[]) => [...new Set(roles)].filter(isBehind).map((roleArn) => ({ ...principal, roleArn }));
  const statements = policies.flatMap((policy) => policy.statements);
  const given = Object.entries(context).filter(([key]) => key.toLowerCase() === 'aws:principalarn');
  const settled = [
    as(given.flatMap(([, value]) => value)),
    as(
      statements.flatMap((statement) =>
        (statement.principal ?? statement.notPrincipal ?? []).flatMap((it) => (it.kind === 'aws' ? it.arn : [])),
      ),
    ),
  ].find((principals) => principals.length > 0);
  return settled ?? [principal, ...as(statements.flatMap(({ conditions }) => conditions.flatMap(({ values }) => values)))];
}

/** Whether an ARN is that of a role with the session's account and name. */
function roleTest(session: string): (arn: string) => boolean {
  const [, partition, , , account, resource = ''] = session.split(':');
  const [beginning, end] = [`arn:${partition}:iam::${account}:role/`, `/${resource.split('/')[1]}`];
  return (arn) => arn.startsWith(beginning) && arn.endsWith(end) && !/[*?$]/.test(arn);
}
