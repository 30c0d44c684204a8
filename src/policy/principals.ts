import { PrincipalPattern, Statement } from './model';
import { isRootUser } from './principal-arn';
import { Principal, roleArnOf } from './request';

/**
 * How a statement reaches a principal.
 * - `account`: only through its account. An Allow of this kind hands the decision to that account: its own policies must allow, too.
 * - `role`: a session, through its role.
 * - `principal`: the very principal, or everyone.
 */
export type Reach = 'none' | 'account' | 'role' | 'principal';

/** How the statement's `Principal` or `NotPrincipal` reaches the principal; a statement with neither reaches its holder. */
export function principalReach(statement: Statement, principal: Principal): Reach {
  if (statement.principal) return strongest(statement.principal.map((pattern) => reach(pattern, principal)));
  if (statement.notPrincipal) return exempts(statement, principal) ? 'none' : 'principal';
  return 'principal';
}

function reach(pattern: PrincipalPattern, principal: Principal): Reach {
  switch (pattern.kind) {
    case 'everyone':
      return 'principal';
    case 'service':
      return principal.kind === 'service' && principal.name === pattern.name ? 'principal' : 'none';
    case 'account':
      if (principal.kind !== 'aws' || principal.accountId !== pattern.accountId) return 'none';
      return isRootUser(principal.arn) ? 'principal' : 'account';
    case 'aws':
      if (principal.kind !== 'aws') return 'none';
      if (principal.arn === pattern.arn) return 'principal';
      return roleArnOf(principal) === pattern.arn ? 'role' : 'none';
    default:
      return 'none';
  }
}

/**
 * A Deny spares a session only if `NotPrincipal` lists the session, its role *and* their account, and a user only with the account
 * (IAM user guide, "AWS JSON policy elements: NotPrincipal"). An Allow is withheld as soon as one of them is listed.
 */
function exempts({ effect, notPrincipal = [] }: Statement, principal: Principal): boolean {
  const listed = notPrincipal.map((pattern) => reach(pattern, principal));
  if (effect === 'Allow') return listed.some((found) => found !== 'none');
  if (notPrincipal.some(({ kind }) => kind === 'everyone')) return true;
  return identityChain(principal).every((link) => listed.includes(link));
}

function identityChain(principal: Principal): Reach[] {
  if (principal.kind !== 'aws' || isRootUser(principal.arn)) return ['principal'];
  const role = roleArnOf(principal);
  return role === undefined || role === principal.arn ? ['principal', 'account'] : ['principal', 'role', 'account'];
}

function strongest(found: readonly Reach[]): Reach {
  const order: readonly Reach[] = ['principal', 'role', 'account'];
  return order.find((candidate) => found.includes(candidate)) ?? 'none';
}
