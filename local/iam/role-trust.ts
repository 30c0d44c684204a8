import type { IamStore } from './iam-store';
import { evaluate, parsePolicy } from '../../src/policy';

/** Whether the role's trust policy lets the service assume it; any service may assume a role that was never created here. */
export function isTrusted(store: IamStore, roleArn: string, service: string): boolean {
  const role = store.roleOf(roleArn);
  if (!role) return !store.wasDeleted(roleArn);
  const request = {
    action: 'sts:AssumeRole',
    resource: roleArn,
    principal: { kind: 'service', name: service } as const,
    resourceAccount: store.accountId,
    context: {},
  };
  const resource = [parsePolicy(role.trustPolicy, { requireResource: false })];
  return evaluate(request, { identity: [], resource }).decision === 'allow';
}
