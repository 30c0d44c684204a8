import { awsManagedDocument, isAwsManaged } from './aws-managed-policies';
import { alreadyExists, checkIdentityPolicy, deleteConflict, noSuchPolicy } from './errors';
import { documentOf, rewriteGrant } from './grant';

import type { IamAccount } from './iam-account';
import type { ManagedPolicy } from './records';
import { lookUp } from '../server/look-up';

export interface ManagedPolicySpec {
  readonly name: string;
  /** @default / */
  readonly path?: string;
  /** @default aws */
  readonly partition?: string;
  readonly description?: string;
  readonly document: string;
}

/** The account's managed policies, and the AWS managed ones as far as they are known. */
export class ManagedPolicies {
  constructor(private readonly account: IamAccount) {}

  /** A policy of the account; `undefined` for AWS managed ones: they are not kept. */
  find(arn: string): ManagedPolicy | undefined {
    return lookUp(this.account.data.managedPolicies, arn);
  }

  /** Whether the policy may be attached. Any AWS managed policy may: an unknown one grants nothing. */
  exists(arn: string): boolean {
    return isAwsManaged(arn) || this.find(arn) !== undefined;
  }

  /** The document of record, of AWS managed policies, too. @throws AwsError NoSuchEntity */
  document(arn: string): string {
    const policy = this.find(arn);
    const document = policy ? documentOf(policy.grant) : awsManagedDocument(arn);
    if (document === undefined) throw noSuchPolicy(arn);
    return document;
  }

  create(spec: ManagedPolicySpec): ManagedPolicy {
    checkIdentityPolicy(spec.document);
    const { data, now, delay } = this.account;
    const path = spec.path ?? '/';
    if (Object.values(data.managedPolicies).some(({ name }) => name.toLowerCase() === spec.name.toLowerCase())) {
      throw alreadyExists('A policy', spec.name);
    }
    const policy: ManagedPolicy = {
      name: spec.name,
      path,
      arn: this.account.arn(`policy${path}${spec.name}`, spec.partition),
      id: this.account.newId('ANPA'),
      createdAt: now,
      updatedAt: now,
      ...(spec.description !== undefined && { description: spec.description }),
      version: 1,
      grant: rewriteGrant(undefined, spec.document, now, delay),
    };
    data.managedPolicies[policy.arn] = policy;
    this.account.changed();
    return policy;
  }

  rewrite(arn: string, document: string): void {
    checkIdentityPolicy(document);
    const policy = this.find(arn);
    if (!policy) throw noSuchPolicy(arn);
    const { now, delay } = this.account;
    policy.grant = rewriteGrant(policy.grant, document, now, delay);
    policy.version += 1;
    policy.updatedAt = now;
    this.account.changed();
  }

  /** @throws AwsError DeleteConflict while it is attached */
  delete(arn: string): void {
    if (!this.find(arn)) throw noSuchPolicy(arn);
    if (this.attachmentCount(arn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
    delete this.account.data.managedPolicies[arn];
    this.account.changed();
  }

  attachmentCount(arn: string): number {
    const { role, user, group } = this.account.data;
    const all = [role, user, group].flatMap((entities) => Object.values(entities));
    return all.filter(({ attached, boundary }) => lookUp(attached, arn) !== undefined || boundary === arn).length;
  }
}
