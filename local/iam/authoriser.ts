import type { IamAccountOptions } from './iam-account';
import { IamStore } from './iam-store';
import { evaluate, parsePolicy } from '../../src/policy';
import type { Decision, EvaluationRequest, PolicyKind, PolicySet, Principal, RequestContext } from '../../src/policy';
import type { Clock } from '../server/clock';
import { AwsError } from '../server/service';
import type { Caller } from '../server/service';
import type { AccessRequest, Authoriser } from '../server/world';

/**
 * Decides as IAM does. Whoever this account does not know (a user, a role that was never created here, a role of another account) is
 * an administrator of its own account; what was deleted has no rights left; resource policies bind everyone.
 */
export function createAuthoriser(options: IamAccountOptions): Authoriser {
  const store = new IamStore(options);
  return {
    authorise(access) {
      const decision = decide(store, options.clock, access);
      if (decision.decision !== 'allow') throw accessDenied(access, decision);
    },
  };
}

/** What IAM decides about the request now. */
export function decide(store: IamStore, clock: Clock, access: AccessRequest, resourceMustAllow = false): Decision {
  const request = evaluationRequest(store, clock, access);
  const resource = (access.resourcePolicies ?? []).map((text) => parsePolicy(text, { requireResource: false }));
  return evaluate(request, { ...principalPolicies(store, access.caller, request), resource, resourceMustAllow });
}

export function principalOf(caller: Caller): Principal {
  const { arn, accountId, roleArn } = caller;
  return { kind: 'aws', arn, accountId, ...(roleArn !== undefined && { roleArn }) };
}

function evaluationRequest(store: IamStore, clock: Clock, access: AccessRequest): EvaluationRequest {
  const { caller, action, resource, resourceAccount = caller.accountId } = access;
  const context = { ...requestKeys(clock, resource), ...tagKeys(knownEntity(store, caller)?.tags), ...access.context };
  return { action, resource, principal: principalOf(caller), resourceAccount, context };
}

function principalPolicies(store: IamStore, caller: Caller, request: EvaluationRequest): Pick<PolicySet, 'identity' | 'boundary'> {
  const entity = knownEntity(store, caller);
  if (!entity) return { identity: store.wasDeleted(caller.roleArn ?? caller.arn) ? [] : 'administrator' };
  const boundary = store.boundary(entity, request);
  return { identity: store.identityPolicies(entity, request), ...(boundary && { boundary }) };
}

function knownEntity(store: IamStore, caller: Caller) {
  if (caller.accountId !== store.accountId) return undefined;
  return caller.roleArn === undefined ? store.userOf(caller.arn) : store.roleOf(caller.roleArn);
}

function requestKeys(clock: Clock, resource: string): RequestContext {
  const region = resource.split(':')[3] ?? '';
  return {
    'aws:CurrentTime': new Date(clock.now()).toISOString(),
    'aws:EpochTime': String(Math.floor(clock.now() / 1000)),
    // The endpoint stands for AWS's, which is asked by TLS: a policy that insists on it must not shut a rehearsal out.
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:ViaAWSService': 'false',
    ...(region !== '' && { 'aws:RequestedRegion': region }),
  };
}

function tagKeys(tags: Readonly<Record<string, string>> = {}): RequestContext {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

const POLICY_NAME: Readonly<Record<PolicyKind, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  resource: 'resource-based policy',
};

/** The refusal in AWS's words. */
export function accessDenied({ caller, action, resource }: AccessRequest, decision: Decision, code = 'AccessDeniedException'): AwsError {
  const name = POLICY_NAME[decision.kind];
  const reason =
    decision.decision === 'explicitDeny'
      ? `with an explicit deny in ${decision.kind === 'identity' ? 'an' : 'a'} ${name}`
      : `because no ${name} allows the ${action} action`;
  const operators = decision.unsupported.join(', ');
  const remark = operators === '' ? '' : ` (the local endpoint does not know the condition ${operators} and takes it against the request)`;
  return new AwsError(code, `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}${remark}`, 403);
}
