import { nameTaken, refuseCustomNameReplacement } from './entity-types';

import type { IamStore } from './iam-store';
import type { EntityKind, ManagedPolicy } from './records';
import { documentText, listOf, requiredText, textOf } from './resource-properties';
import type { Properties, ResourceResult, ResourceType } from '../cloudformation/resource-type';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';

const LONGEST_POLICY_NAME = 128;
const HOLDERS: readonly [property: string, kind: EntityKind][] = [
  ['Roles', 'role'],
  ['Users', 'user'],
  ['Groups', 'group'],
];

interface Holder {
  readonly kind: EntityKind;
  readonly name: string;
}

/** `AWS::IAM::Policy`: one inline policy, written into each of the roles, users and groups that it names. */
export function inlinePolicyType({ entities }: IamStore): ResourceType {
  const put = (properties: Properties): void => {
    const holders = holdersOf(properties);
    if (holders.length === 0) {
      throw new AwsError('ValidationError', 'At least one of [Groups,Roles,Users] must be non-empty.');
    }
    const policyName = requiredText(properties, 'PolicyName');
    holders.forEach(({ kind, name }) => entities.get(kind, name));
    holders.forEach(({ kind, name }) => entities.putPolicy(kind, name, policyName, documentText(properties, 'PolicyDocument')));
  };
  /** Takes the policy from whoever holds it by `previous` and not by `properties`. */
  const withdraw = (previous: Properties, properties: Properties): void => {
    const policyName = requiredText(previous, 'PolicyName');
    const kept = textOf(properties, 'PolicyName') === policyName ? holdersOf(properties) : [];
    for (const { kind, name } of missingFrom(kept, holdersOf(previous))) {
      if (lookUp(entities.find(kind, name)?.inline ?? {}, policyName)) entities.deletePolicy(kind, name, policyName);
    }
  };
  return {
    create: async (properties, scope) => {
      put(properties);
      return { physicalId: scope.generateName(LONGEST_POLICY_NAME) };
    },
    update: async (physicalId, properties, previous) => {
      put(properties);
      withdraw(previous, properties);
      return { physicalId };
    },
    delete: async (_physicalId, properties) => {
      withdraw(properties, {});
    },
  };
}

/** `AWS::IAM::ManagedPolicy`: a policy of its own, attached to the roles, users and groups that it names. */
export function managedPolicyType({ entities, policies }: IamStore): ResourceType {
  const attach = (arn: string, properties: Properties): void =>
    holdersOf(properties).forEach(({ kind, name }) => entities.attach(kind, name, arn));
  const detach = (arn: string, holders: readonly Holder[]): void => {
    for (const { kind, name } of holders) {
      if (lookUp(entities.find(kind, name)?.attached ?? {}, arn) !== undefined) entities.detach(kind, name, arn);
    }
  };
  const result = (policy: ManagedPolicy): ResourceResult => ({
    physicalId: policy.arn,
    attributes: {
      PolicyArn: policy.arn,
      PolicyId: policy.id,
      DefaultVersionId: `v${policy.version}`,
      AttachmentCount: policies.attachmentCount(policy.arn),
      IsAttachable: true,
      CreateDate: new Date(policy.createdAt).toISOString(),
      UpdateDate: new Date(policy.updatedAt).toISOString(),
    },
  });
  const make: ResourceType['create'] = async (properties, scope) => {
    holdersOf(properties).forEach(({ kind, name }) => entities.get(kind, name));
    const name = textOf(properties, 'ManagedPolicyName') ?? scope.generateName(LONGEST_POLICY_NAME);
    const path = textOf(properties, 'Path') ?? '/';
    const arn = `arn:${scope.partition}:iam::${scope.accountId}:policy${path}${name}`;
    if (policies.find(arn)) throw nameTaken(scope.resourceType, arn);
    const description = textOf(properties, 'Description');
    const document = documentText(properties, 'PolicyDocument');
    const policy = policies.create({ name, path, partition: scope.partition, document, ...(description !== undefined && { description }) });
    attach(policy.arn, properties);
    return result(policy);
  };
  return {
    create: make,
    update: async (arn, properties, previous, scope) => {
      const changed = (name: string) => textOf(properties, name) !== textOf(previous, name);
      const renamed = changed('ManagedPolicyName');
      if (renamed || changed('Path') || changed('Description')) {
        const name = textOf(properties, 'ManagedPolicyName');
        if (!renamed && name !== undefined) refuseCustomNameReplacement(name);
        return make(properties, scope);
      }
      const document = documentText(properties, 'PolicyDocument');
      if (document !== documentText(previous, 'PolicyDocument')) policies.rewrite(arn, document);
      attach(arn, properties);
      detach(arn, missingFrom(holdersOf(properties), holdersOf(previous)));
      const policy = policies.find(arn);
      if (!policy) throw new AwsError('NotFound', `Resource of type '${scope.resourceType}' with identifier '${arn}' was not found.`, 404);
      return result(policy);
    },
    delete: async (arn, properties) => {
      detach(arn, holdersOf(properties));
      if (policies.find(arn)) policies.delete(arn);
    },
  };
}

function holdersOf(properties: Properties): Holder[] {
  return HOLDERS.flatMap(([property, kind]) => listOf(properties, property).map((name) => ({ kind, name })));
}

function missingFrom(kept: readonly Holder[], all: readonly Holder[]): Holder[] {
  return all.filter(({ kind, name }) => !kept.some((holder) => holder.kind === kind && holder.name === name));
}
