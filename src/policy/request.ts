import { roleArnOfSession } from './principal-arn';

/** Condition keys of a request. Names have no case; an absent key is absent. */
export type RequestContext = { readonly [key: string]: string | readonly string[] };

export type Principal =
  /** A user, the account's root user (`arn:…:iam::<id>:root`), a role, or a role's session. */
  | {
      readonly kind: 'aws';
      readonly arn: string;
      readonly accountId: string;
      /** The role behind a session. @default - told from the session's ARN, which leaves out the role's path */
      readonly roleArn?: string;
    }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' };

export interface EvaluationRequest {
  /** `service:Operation` */
  readonly action: string;
  /** The resource's ARN. */
  readonly resource: string;
  readonly principal: Principal;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  readonly context: RequestContext;
}

/** The key's values, or `undefined` when it is absent. A key with an empty list counts as absent. */
export function contextValue(context: RequestContext, key: string): readonly string[] | undefined {
  const name = key.toLowerCase();
  const value = Object.entries(context).find(([candidate]) => candidate.toLowerCase() === name)?.[1];
  if (typeof value === 'string') return [value];
  return value !== undefined && value.length > 0 ? value : undefined;
}

/** The context with the keys that IAM itself derives from principal and resource; a key that the request brings stays as it is. */
export function fullContext(request: EvaluationRequest): RequestContext {
  const derived = { ...principalKeys(request.principal), 'aws:ResourceAccount': request.resourceAccount };
  const given = new Set(Object.keys(request.context).map((key) => key.toLowerCase()));
  const added = Object.entries(derived).filter(([key]) => !given.has(key.toLowerCase()));
  return { ...Object.fromEntries(added), ...request.context };
}

function principalKeys(principal: Principal): RequestContext {
  switch (principal.kind) {
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous', 'aws:PrincipalAccount': 'anonymous' };
    case 'service':
      return { 'aws:PrincipalServiceName': principal.name, 'aws:PrincipalIsAWSService': 'true' };
    case 'aws':
      return {
        // For a session this is the role, not the session: what a policy author can know beforehand.
        'aws:PrincipalArn': roleArnOf(principal) ?? principal.arn,
        'aws:PrincipalAccount': principal.accountId,
        'aws:PrincipalIsAWSService': 'false',
        ...typeKeys(principal.arn),
      };
  }
}

/** The role of a session or of the role itself. */
export function roleArnOf(principal: Principal): string | undefined {
  return principal.kind === 'aws' ? (principal.roleArn ?? roleArnOfSession(principal.arn)) : undefined;
}

function typeKeys(arn: string): RequestContext {
  const resource = arn.split(':').slice(5).join(':');
  if (resource === 'root') return { 'aws:PrincipalType': 'Account' };
  if (resource.startsWith('user/')) {
    return { 'aws:PrincipalType': 'User', 'aws:username': resource.slice(resource.lastIndexOf('/') + 1) };
  }
  if (resource.startsWith('federated-user/')) return { 'aws:PrincipalType': 'FederatedUser' };
  return { 'aws:PrincipalType': 'AssumedRole' };
}
