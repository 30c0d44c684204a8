import type { Entities } from './entities';

import type { IamStore } from './iam-store';
import type { Entity, EntityKind } from './records';
import { documentText, listOf, requiredText, structuresOf, tagsOf, textOf } from './resource-properties';
import type { Properties, ResourceResult, ResourceScope, ResourceType } from '../cloudformation/resource-type';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';

const LONGEST_NAME: Readonly<Record<EntityKind, number>> = { role: 64, user: 64, group: 128 };
const NAME_PROPERTY: Readonly<Record<EntityKind, string>> = { role: 'RoleName', user: 'UserName', group: 'GroupName' };

/** `AWS::IAM::Role`, `AWS::IAM::User` and `AWS::IAM::Group`: an entity with the policies that its own properties give it. */
export function entityType(kind: EntityKind, store: IamStore): ResourceType {
  const { entities } = store;
  const make = async (properties: Properties, scope: ResourceScope): Promise<ResourceResult> => {
    const name = textOf(properties, NAME_PROPERTY[kind]) ?? scope.generateName(LONGEST_NAME[kind]);
    if (entities.find(kind, name)) throw nameTaken(scope.resourceType, name);
    const path = textOf(properties, 'Path') ?? '/';
    const spec = { name, path, partition: scope.partition };
    const entity = kind === 'role' ? entities.createRole({ ...spec, ...trustOf(properties) }) : entities.create(kind, spec);
    try {
      apply(entities, kind, name, properties, {});
    } catch (error) {
      // Half a role would stand in the way of the next try.
      remove(entities, kind, name, properties);
      throw error;
    }
    return result(entity);
  };
  return {
    create: make,
    update: async (physicalId, properties, previous, scope) => {
      if (isReplaced(kind, physicalId, properties, previous, scope)) return make(properties, scope);
      if (kind === 'role') entities.setTrust(physicalId, trustOf(properties));
      apply(entities, kind, physicalId, properties, previous);
      return result(entities.get(kind, physicalId));
    },
    delete: async (physicalId, properties) => remove(entities, kind, physicalId, properties),
  };
}

export function nameTaken(resourceType: string, name: string): AwsError {
  return new AwsError('AlreadyExists', `Resource of type '${resourceType}' with identifier '${name}' already exists.`, 409);
}

/** A resource with a name of the user's choice cannot be replaced: the new one would need the old one's name. */
export function refuseCustomNameReplacement(name: string): never {
  throw new AwsError(
    'ValidationError',
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
  );
}

function isReplaced(kind: EntityKind, physicalId: string, properties: Properties, previous: Properties, scope: ResourceScope): boolean {
  const name = textOf(properties, NAME_PROPERTY[kind]);
  const renamed = name !== textOf(previous, NAME_PROPERTY[kind]) && name !== physicalId;
  const moved = (textOf(properties, 'Path') ?? '/') !== (textOf(previous, 'Path') ?? '/');
  if (moved && !renamed && name !== undefined) refuseCustomNameReplacement(`${name} (${scope.logicalId})`);
  return renamed || moved;
}

function result({ name, arn, id }: Entity): ResourceResult {
  return { physicalId: name, attributes: id.startsWith('AROA') ? { Arn: arn, RoleId: id } : { Arn: arn } };
}

function trustOf(properties: Properties) {
  const description = textOf(properties, 'Description');
  const duration = textOf(properties, 'MaxSessionDuration');
  return {
    trustPolicy: documentText(properties, 'AssumeRolePolicyDocument'),
    ...(description !== undefined && { description }),
    ...(duration !== undefined && { maxSessionDuration: Number(duration) }),
  };
}

function inlinePolicies(properties: Properties): Map<string, string> {
  const policies = structuresOf(properties, 'Policies');
  return new Map(policies.map((policy) => [requiredText(policy, 'PolicyName'), documentText(policy, 'PolicyDocument')]));
}

/** Gives the entity what the properties ask for, and takes what only the previous ones asked for. What others attached stays. */
function apply(entities: Entities, kind: EntityKind, name: string, properties: Properties, previous: Properties): void {
  const wanted = inlinePolicies(properties);
  const managed = listOf(properties, 'ManagedPolicyArns');
  wanted.forEach((document, policyName) => entities.putPolicy(kind, name, policyName, document));
  managed.forEach((arn) => entities.attach(kind, name, arn));
  detach(entities, kind, name, {
    inline: [...inlinePolicies(previous).keys()].filter((policyName) => !wanted.has(policyName)),
    managed: listOf(previous, 'ManagedPolicyArns').filter((arn) => !managed.includes(arn)),
  });
  if (kind !== 'group') {
    entities.setBoundary(kind, name, textOf(properties, 'PermissionsBoundary'));
    entities.setTags(kind, name, tagsOf(properties));
  }
  if (kind === 'user') entities.setGroups(name, listOf(properties, 'Groups'));
}

function remove(entities: Entities, kind: EntityKind, name: string, properties: Properties): void {
  if (!entities.find(kind, name)) return;
  detach(entities, kind, name, { inline: [...inlinePolicies(properties).keys()], managed: listOf(properties, 'ManagedPolicyArns') });
  entities.delete(kind, name);
}

function detach(
  entities: Entities,
  kind: EntityKind,
  name: string,
  gone: { readonly inline: readonly string[]; readonly managed: readonly string[] },
): void {
  const { inline, attached } = entities.get(kind, name);
  gone.inline.filter((policyName) => lookUp(inline, policyName)).forEach((policyName) => entities.deletePolicy(kind, name, policyName));
  gone.managed.filter((arn) => lookUp(attached, arn) !== undefined).forEach((arn) => entities.detach(kind, name, arn));
}
