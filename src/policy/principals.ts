import { PrincipalPattern, Statement } from './model';
import { isRootUser } from './principal-arn';
import { Principal, roleArnOf } from './request';
import { sameText } from './symbols';
import { Truth } from './truth';

/**
 * How a statement reaches a principal.
 * - `account`: only through its account. An Allow of this kind hands the decision to that account: its own policies must allow, too.
 * - `role`: a session, through its role.
 * - `principal`: the very principal, or everyone.
 * - `perhaps`: it hangs on a value that only a deployment knows.
 */
export type Reach = 'none' | 'perhaps' | 'account' | 'role' | 'principal';

/** How the statement's `Principal` or `NotPrincipal` reaches the principal; a statement with neither reaches its holder. */
export function principalReach(statement: Statement, principal: Principal): Reach {
  if (statement.principal) return strongest(statement.principal.map((pattern) => reach(pattern, principal)));
  if (statement.notPrincipal) return spared(exempts(statement, principal));
  return 'principal';
}

function reach(pattern: PrincipalPattern, principal: Principal): Reach {
  switch (pattern.kind) {
    case 'everyone':
      return 'principal';
    case 'service':
      return principal.kind === 'service' ? reached(sameText(principal.name, pattern.name), 'principal') : 'none';
    case 'account':
      if (principal.kind !== 'aws') return 'none';
      return reached(sameText(principal.accountId, pattern.accountId), isRootUser(principal.arn) ? 'principal' : 'account');
    case 'aws':
      if (principal.kind !== 'aws') return 'none';
      return strongest([
        reached(sameText(principal.arn, pattern.arn), 'principal'),
        reached(roleIs(principal, pattern.arn), 'role'),
        mayComeFrom(pattern.arn, principal.arn) ? 'perhaps' : 'none',
      ]);
    default:
      return 'none';
  }
}

/**
 * A Deny surely spares a session only if `NotPrincipal` lists the session, its role *and* their account, and a user only with the
 * account; without that it "might" deny them, too (IAM user guide, "AWS JSON policy elements: NotPrincipal"). The account alone spares
 * no user: the guide's example lists Bob and his account, and denies everyone but Bob. An Allow is withheld as soon as one of them is
 * listed.
 */
function exempts({ effect, notPrincipal = [] }: Statement, principal: Principal): Truth {
  const listed = notPrincipal.map((pattern) => reach(pattern, principal));
  const certain: readonly Reach[] = listed.filter((found) => found !== 'none' && found !== 'perhaps');
  const otherwise = listed.includes('perhaps') ? 'unknown' : false;
  if (effect === 'Allow') return certain.length > 0 || otherwise;
  if (notPrincipal.some(({ kind }) => kind === 'everyone')) return true;
  const chain = identityChain(principal);
  if (chain.every((link) => certain.includes(link))) return true;
  return chain.some((link) => link !== 'account' && certain.includes(link)) ? 'unknown' : otherwise;
}

/** A federated user's session counts as the IAM user who asked for it, too, and its name does not tell who that was. */
function mayComeFrom(user: string, session: string): boolean {
  const [, partition, accountId] = /^arn:([^:]*):sts::([^:]*):federated-user\//.exec(session) ?? [];
  return partition !== undefined && user.startsWith(`arn:${partition}:iam::${accountId}:user/`);
}

function reached(truth: Truth, how: Reach): Reach {
  return truth === 'unknown' ? 'perhaps' : truth ? how : 'none';
}

function spared(truth: Truth): Reach {
  return truth === 'unknown' ? 'perhaps' : truth ? 'none' : 'principal';
}

function roleIs(principal: Principal, arn: string): Truth {
  const role = roleArnOf(principal);
  return role !== undefined && sameText(role, arn);
}

function identityChain(principal: Principal): Reach[] {
  if (principal.kind !== 'aws' || isRootUser(principal.arn)) return ['principal'];
  const role = roleArnOf(principal);
  return role === undefined || role === principal.arn ? ['principal', 'account'] : ['principal', 'role', 'account'];
}

function strongest(found: readonly Reach[]): Reach {
  const order: readonly Reach[] = ['principal', 'role', 'account', 'perhaps'];
  return order.find((candidate) => found.includes(candidate)) ?? 'none';
}
