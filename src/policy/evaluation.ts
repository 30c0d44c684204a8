import { PolicyDocument, Statement } from './model';
import { isRootUser } from './principal-arn';
import type { Reach } from './principals';
import { EvaluationRequest, fullContext, Principal } from './request';
import { matchStatement, StatementMatch } from './statement-matching';
import { and } from './truth';

export type { EvaluationRequest, Principal, RequestContext } from './request';

export interface PolicySet {
  /** The principal's own policies; `administrator`: every action on every resource is allowed. */
  readonly identity: readonly PolicyDocument[] | 'administrator';
  /** Policies attached to the resource, e.g. a vault's access policy and its Vault Lock policy. */
  readonly resource: readonly PolicyDocument[];
  /** The principal's permissions boundary: what it does not allow, the identity policies cannot. @default - none */
  readonly boundary?: readonly PolicyDocument[];
  /**
   * Nothing is allowed unless the resource's policy says so, within the account, too: role trust policies.
   * @default false
   */
  readonly resourceMustAllow?: boolean;
}

export type PolicyKind = 'identity' | 'boundary' | 'resource';

export interface Decision {
  readonly decision: 'allow' | 'explicitDeny' | 'implicitDeny';
  /** Where the deciding statement stands; for an implicit deny, where the missing Allow would have to stand. */
  readonly kind: PolicyKind;
  /** Index of the policy in its list; absent for `administrator` and for an implicit deny. */
  readonly policy?: number;
  /** Index of the statement in its policy. */
  readonly statement?: number;
  /**
   * Condition operators that are not understood and stood in the way: a Deny with one of them was taken as matching, an Allow as
   * not matching. Empty: the decision is what IAM would say.
   */
  readonly unsupported: readonly string[];
}

interface Hit extends StatementMatch {
  readonly kind: PolicyKind;
  readonly policy?: number;
  readonly statement?: number;
}

/**
 * What IAM decides about the request: an explicit Deny anywhere wins; within the account an Allow of the principal's policies (inside
 * its boundary) or of the resource's policy is enough; from another account both must allow. A resource's Allow that only names an
 * account hands the decision to that account's own policies.
 */
export function evaluate(request: EvaluationRequest, policies: PolicySet): Decision {
  return conclude(request, policies, hitsOf(request, policies), 'against');
}

/**
 * The same, and `unknown` where the decision hangs on what cannot be decided: a condition operator that is not understood, a value that
 * cannot be read, a token.
 */
export function evaluateSurely(request: EvaluationRequest, policies: PolicySet): Decision | 'unknown' {
  const hits = hitsOf(request, policies);
  const decision = conclude(request, policies, hits, 'against');
  if ([...hits.denies, ...hits.allows].every(({ applies }) => applies === true)) return decision;
  return conclude(request, policies, hits, 'inFavour').decision === decision.decision ? decision : 'unknown';
}

/** How a statement is taken of which nobody can tell whether it matches: against the request or in its favour. */
type Doubt = 'against' | 'inFavour';

/** The statements that match, or might. */
interface Hits {
  readonly administrator: boolean;
  readonly denies: readonly Hit[];
  readonly allows: readonly Hit[];
}

function hitsOf(request: EvaluationRequest, policies: PolicySet): Hits {
  const complete = { ...request, context: fullContext(request) };
  const identity = identityDocuments(policies, request.principal);
  const documents: [PolicyKind, readonly PolicyDocument[]][] = [
    ['identity', identity === 'administrator' ? [] : identity],
    ['boundary', policies.boundary ?? []],
    ['resource', policies.resource],
  ];
  const hits = (effect: 'Allow' | 'Deny') => documents.flatMap(([kind, list]) => matches(complete, kind, list, effect));
  return { administrator: identity === 'administrator', denies: hits('Deny'), allows: hits('Allow') };
}

function conclude(request: EvaluationRequest, policies: PolicySet, { administrator, denies, allows }: Hits, doubt: Doubt): Decision {
  const sure = denies.find(({ applies }) => applies === true);
  const deny = sure ?? (doubt === 'against' ? denies[0] : undefined);
  if (deny) return decisionOf('explicitDeny', deny);

  const unsupported = [...new Set(allows.flatMap((hit) => hit.unsupported))];
  const certain = allows.filter(({ applies }) => applies === true || doubt === 'inFavour');
  const boundary = policies.boundary === undefined ? WITHOUT_POLICY : certain.find(({ kind }) => kind === 'boundary');
  const own = administrator ? ADMINISTRATOR : certain.find(({ kind }) => kind === 'identity');
  const decision = combine(request, policies, { own, boundary, granted: certain.filter(({ kind }) => kind === 'resource') });
  return { ...decision, unsupported };
}

const ADMINISTRATOR: Hit = { kind: 'identity', applies: true, reach: 'principal', unsupported: [] };
const WITHOUT_POLICY: Hit = { ...ADMINISTRATOR, kind: 'boundary' };

interface Grants {
  readonly own: Hit | undefined;
  readonly boundary: Hit | undefined;
  readonly granted: readonly Hit[];
}

function combine(request: EvaluationRequest, policies: PolicySet, { own, boundary, granted }: Grants): Decision {
  const { principal } = request;
  const granting = (how: Reach) => granted.find(({ reach }) => reach === how);
  const direct = granting('principal') ?? granting('role') ?? granting('perhaps');
  if (principal.kind !== 'aws') return direct ? decisionOf('allow', direct) : implicitDeny('resource');

  const allowedByOwn = own && boundary ? own : undefined;
  const missing = own ? 'boundary' : 'identity';
  if (principal.accountId !== request.resourceAccount) {
    if (granted.length === 0) return implicitDeny(own ? 'resource' : 'identity');
    return allowedByOwn && granted[0] ? decisionOf('allow', granted[0]) : implicitDeny(missing);
  }
  // A grant to the role, unlike one to its session, stays inside the role's boundary.
  if (direct && (direct.reach === 'principal' || boundary)) return decisionOf('allow', direct);
  if (policies.resourceMustAllow && granted.length === 0) return implicitDeny('resource');
  return allowedByOwn ? decisionOf('allow', allowedByOwn) : implicitDeny(missing);
}

/** The root user has no policies of its own and may do everything in its account. */
function identityDocuments({ identity }: PolicySet, principal: Principal): readonly PolicyDocument[] | 'administrator' {
  return principal.kind === 'aws' && isRootUser(principal.arn) ? 'administrator' : identity;
}

function matches(request: EvaluationRequest, kind: PolicyKind, documents: readonly PolicyDocument[], effect: 'Allow' | 'Deny'): Hit[] {
  return documents.flatMap((document, policy) =>
    document.statements.flatMap((statement, index) => {
      if (statement.effect !== effect) return [];
      const match = matchStatement(document, statement, request);
      const applies = meansNobody(kind, statement) ? and([match.applies, 'unknown']) : match.applies;
      return applies === false ? [] : [{ ...match, applies, kind, policy, statement: index }];
    }),
  );
}

/** A resource's policy has to say whom it means. What IAM makes of one that does not, nobody knows. */
function meansNobody(kind: PolicyKind, { principal, notPrincipal }: Statement): boolean {
  return kind === 'resource' && principal === undefined && notPrincipal === undefined;
}

function decisionOf(decision: 'allow' | 'explicitDeny', hit: Hit): Decision {
  const { kind, policy, statement, unsupported } = hit;
  return { decision, kind, ...(policy !== undefined && { policy, statement }), unsupported };
}

function implicitDeny(kind: PolicyKind): Decision {
  return { decision: 'implicitDeny', kind, unsupported: [] };
}
