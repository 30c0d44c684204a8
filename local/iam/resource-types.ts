import { entityType, nameTaken } from './entity-types';
import type { IamStore } from './iam-store';
import { inlinePolicyType, managedPolicyType } from './policy-types';
import type { InstanceProfile } from './records';
import { listOf, requiredText, textOf } from './resource-properties';
import type { ResourceResult, ResourceType } from '../cloudformation/resource-type';

/** The CloudFormation resource types of IAM. */
export function iamResourceTypes(store: IamStore): Map<string, ResourceType> {
  return new Map([
    ['AWS::IAM::Role', entityType('role', store)],
    ['AWS::IAM::User', entityType('user', store)],
    ['AWS::IAM::Group', entityType('group', store)],
    ['AWS::IAM::Policy', inlinePolicyType(store)],
    ['AWS::IAM::ManagedPolicy', managedPolicyType(store)],
    ['AWS::IAM::InstanceProfile', instanceProfileType(store)],
    ['AWS::IAM::AccessKey', accessKeyType(store)],
  ]);
}

function instanceProfileType(store: IamStore): ResourceType {
  const result = ({ name, arn }: InstanceProfile): ResourceResult => ({ physicalId: name, attributes: { Arn: arn } });
  const make: ResourceType['create'] = async (properties, scope) => {
    const name = textOf(properties, 'InstanceProfileName') ?? scope.generateName(128);
    if (store.findInstanceProfile(name)) throw nameTaken(scope.resourceType, name);
    return result(store.createInstanceProfile(name, textOf(properties, 'Path') ?? '/', listOf(properties, 'Roles'), scope.partition));
  };
  return {
    create: make,
    update: async (physicalId, properties, previous, scope) => {
      const replaced = ['InstanceProfileName', 'Path'].some((name) => textOf(properties, name) !== textOf(previous, name));
      if (replaced) return make(properties, scope);
      return result(store.setInstanceProfileRoles(physicalId, listOf(properties, 'Roles')));
    },
    delete: async (physicalId) => store.deleteInstanceProfile(physicalId),
  };
}

function accessKeyType(store: IamStore): ResourceType {
  const make: ResourceType['create'] = async (properties) => {
    const key = store.createAccessKey(requiredText(properties, 'UserName'), textOf(properties, 'Status'));
    return { physicalId: key.id, attributes: { SecretAccessKey: key.secret } };
  };
  return {
    create: make,
    update: async (physicalId, properties, previous, scope) => {
      const replaced = ['UserName', 'Serial'].some((name) => textOf(properties, name) !== textOf(previous, name));
      if (replaced) return make(properties, scope);
      const key = store.setAccessKeyStatus(physicalId, textOf(properties, 'Status') ?? 'Active');
      return { physicalId, attributes: { SecretAccessKey: key.secret } };
    },
    delete: async (physicalId) => store.deleteAccessKey(physicalId),
  };
}
