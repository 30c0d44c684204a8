import { alreadyExists, checkIdentityPolicy, checkTrustPolicy, deleteConflict, noSuchEntity, noSuchPolicy } from './errors';
import { rewriteGrant } from './grant';
import { partitionless } from './iam-account';
import type { IamAccount } from './iam-account';
import type { ManagedPolicies } from './managed-policies';
import type { Entity, EntityKind, Role } from './records';
import { lookUp } from '../server/look-up';

export interface EntitySpec {
  readonly name: string;
  /** @default / */
  readonly path?: string;
  /** @default aws */
  readonly partition?: string;
}

export interface TrustSpec {
  readonly trustPolicy: string;
  readonly description?: string;
  /** Seconds. @default 3600 */
  readonly maxSessionDuration?: number;
}

const KINDS: Readonly<Record<EntityKind, { readonly title: string; readonly idPrefix: string }>> = {
  role: { title: 'Role', idPrefix: 'AROA' },
  user: { title: 'User', idPrefix: 'AIDA' },
  group: { title: 'Group', idPrefix: 'AGPA' },
};
const DEFAULT_SESSION_SECONDS = 3600;

/** The account's roles, users and groups, and what is attached to them. Takes nothing that IAM would refuse. */
export class Entities {
  constructor(
    private readonly account: IamAccount,
    private readonly policies: ManagedPolicies,
  ) {}

  find(kind: 'role', name: string): Role | undefined;
  find(kind: EntityKind, name: string): Entity | undefined;
  find(kind: EntityKind, name: string): Entity | undefined {
    return lookUp<Entity>(this.account.data[kind], name);
  }

  /** @throws AwsError NoSuchEntity */
  get(kind: 'role', name: string): Role;
  get(kind: EntityKind, name: string): Entity;
  get(kind: EntityKind, name: string): Entity {
    const entity = this.find(kind, name);
    if (!entity) throw noSuchEntity(kind, name);
    return entity;
  }

  createRole(spec: EntitySpec & TrustSpec): Role {
    checkTrustPolicy(spec.trustPolicy);
    const role: Role = { ...this.newEntity('role', spec), trustPolicy: '', maxSessionDuration: 0 };
    this.account.data.role[role.name] = role;
    this.setTrust(role.name, spec);
    return role;
  }

  setTrust(roleName: string, { trustPolicy, description, maxSessionDuration = DEFAULT_SESSION_SECONDS }: TrustSpec): void {
    checkTrustPolicy(trustPolicy);
    Object.assign(this.get('role', roleName), { trustPolicy, description, maxSessionDuration });
    this.account.changed();
  }

  create(kind: 'user' | 'group', spec: EntitySpec): Entity {
    const entity = this.newEntity(kind, spec);
    this.account.data[kind][entity.name] = entity;
    this.account.changed();
    return entity;
  }

  /** @throws AwsError DeleteConflict while something is attached */
  delete(kind: EntityKind, name: string): void {
    const { arn, inline, attached } = this.get(kind, name);
    if (Object.keys(inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    if (Object.keys(attached).length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    delete this.account.data[kind][name];
    this.account.data.deleted[partitionless(arn)] = true;
    this.account.changed();
  }

  setTags(kind: EntityKind, name: string, tags: Readonly<Record<string, string>>): void {
    this.get(kind, name).tags = { ...tags };
    this.account.changed();
  }

  setBoundary(kind: EntityKind, name: string, policyArn: string | undefined): void {
    if (policyArn !== undefined) this.checkAttachable(policyArn);
    this.get(kind, name).boundary = policyArn;
    this.account.changed();
  }

  setGroups(userName: string, groups: readonly string[]): void {
    groups.forEach((group) => this.get('group', group));
    this.get('user', userName).groups = [...groups];
    this.account.changed();
  }

  putPolicy(kind: EntityKind, name: string, policyName: string, document: string): void {
    checkIdentityPolicy(document);
    const { inline } = this.get(kind, name);
    inline[policyName] = rewriteGrant(lookUp(inline, policyName), document, this.account.now, this.account.delay);
    this.account.changed();
  }

  deletePolicy(kind: EntityKind, name: string, policyName: string): void {
    const { inline } = this.get(kind, name);
    if (!lookUp(inline, policyName)) throw noSuchEntity(`${kind} policy`, policyName);
    delete inline[policyName];
    this.account.changed();
  }

  attach(kind: EntityKind, name: string, policyArn: string): void {
    const { attached } = this.get(kind, name);
    this.checkAttachable(policyArn);
    attached[policyArn] = lookUp(attached, policyArn) ?? this.account.now + this.account.delay();
    this.account.changed();
  }

  detach(kind: EntityKind, name: string, policyArn: string): void {
    const { attached } = this.get(kind, name);
    if (lookUp(attached, policyArn) === undefined) throw noSuchPolicy(policyArn);
    delete attached[policyArn];
    this.account.changed();
  }

  private checkAttachable(policyArn: string): void {
    if (!this.policies.exists(policyArn)) throw noSuchPolicy(policyArn);
  }

  private newEntity(kind: EntityKind, { name, path = '/', partition }: EntitySpec): Entity {
    const taken = Object.keys(this.account.data[kind]).some((other) => other.toLowerCase() === name.toLowerCase());
    if (taken) throw alreadyExists(KINDS[kind].title, name);
    const arn = this.account.arn(`${kind}${path}${name}`, partition);
    delete this.account.data.deleted[partitionless(arn)];
    return {
      name,
      path,
      arn,
      id: this.account.newId(KINDS[kind].idPrefix),
      createdAt: this.account.now,
      inline: {},
      attached: {},
      tags: {},
    };
  }
}
