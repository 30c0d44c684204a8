import type { Grant } from './grant';

/** What the state slice `iam` holds: plain JSON. Everything is of the endpoint's own account. */

export type EntityKind = 'role' | 'user' | 'group';

/** What roles, users and groups have in common. */
export interface Entity {
  readonly name: string;
  /** `/`, or `/…/`. */
  readonly path: string;
  readonly arn: string;
  /** `AROA…`, `AIDA…`, `AGPA…`: new at every creation, even of the same name. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  inline: { [policyName: string]: Grant };
  /** Managed policies by ARN, with the time (milliseconds since 1970) from which they count. */
  attached: { [policyArn: string]: number };
  boundary?: string;
  tags: { [key: string]: string };
  /** Users only. */
  groups?: string[];
}

export interface Role extends Entity {
  trustPolicy: string;
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly description?: string;
  /** 1 at first; the `n` of `v<n>`. */
  version: number;
  grant: Grant;
}

export interface InstanceProfile {
  readonly name: string;
  readonly arn: string;
  roles: string[];
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly userName: string;
  /** `Active`, `Inactive`, or `Deleted`. */
  status: string;
}

export interface IamState {
  role: { [name: string]: Role };
  user: { [name: string]: Entity };
  group: { [name: string]: Entity };
  managedPolicies: { [arn: string]: ManagedPolicy };
  instanceProfiles: { [name: string]: InstanceProfile };
  accessKeys: { [id: string]: AccessKey };
  /** ARNs (in partition `aws`) of roles and users that were here and have gone: what they left behind has no rights, unlike what was never here. */
  deleted: { [arn: string]: true };
  /** How many ids have been given out. */
  ids: number;
}

export function emptyIam(): IamState {
  return { role: {}, user: {}, group: {}, managedPolicies: {}, instanceProfiles: {}, accessKeys: {}, deleted: {}, ids: 0 };
}
