import { invalidInput, noSuchEntity, noSuchPolicy } from './errors';
import { documentOf } from './grant';

import type { IamStore } from './iam-store';
import type { Role } from './records';
import type { Operation } from './sts-service';
import { queryStructures } from '../protocol/query-input';
import { lookUp } from '../server/look-up';
import { partitionOf } from '../server/partition';
import type { AwsRequest } from '../server/service';
import { AwsError } from '../server/service';
import type { Authoriser } from '../server/world';

export const IAM_XMLNS = 'https://iam.amazonaws.com/doc/2010-05-08/';

type Parameters = Readonly<Record<string, string>>;

const NAME = /^[\w+=,.@-]+$/;

/** Enough of IAM to make a role by hand, look at it and take it away; results stand for the XML inside `<ActionResult>`. */
export function iamOperations(store: IamStore, authoriser: Authoriser): Record<string, Operation> {
  const operations: Record<string, Operation> = { ...roleOperations(store), ...policyOperations(store) };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Operation] => [
      name,
      (parameters, request) => {
        authorise(authoriser, name, resourceOf(store, parameters, request.region), request);
        return operation(parameters, request);
      },
    ]),
  );
}

function roleOperations({ entities }: IamStore): Record<string, Operation> {
  return {
    CreateRole: (parameters, { region }) => {
      const name = nameOf(parameters, 'RoleName');
      const role = entities.createRole({
        name,
        partition: partitionOf(region),
        ...(parameters.Path !== undefined && { path: parameters.Path }),
        trustPolicy: required(parameters, 'AssumeRolePolicyDocument'),
        ...(parameters.Description !== undefined && { description: parameters.Description }),
        ...(parameters.MaxSessionDuration !== undefined && { maxSessionDuration: Number(parameters.MaxSessionDuration) }),
      });
      const tags = queryStructures(parameters, 'Tags').map(({ Key = '', Value = '' }): [string, string] => [Key, Value]);
      entities.setTags('role', name, Object.fromEntries(tags));
      if (parameters.PermissionsBoundary !== undefined) entities.setBoundary('role', name, parameters.PermissionsBoundary);
      return { Role: roleOutput(role) };
    },
    GetRole: (parameters) => ({ Role: roleOutput(entities.get('role', nameOf(parameters, 'RoleName'))) }),
    UpdateAssumeRolePolicy: (parameters) => {
      const name = nameOf(parameters, 'RoleName');
      entities.setTrust(name, { ...entities.get('role', name), trustPolicy: required(parameters, 'PolicyDocument') });
    },
    DeleteRole: (parameters) => entities.delete('role', nameOf(parameters, 'RoleName')),
    PutRolePolicy: (parameters) =>
      entities.putPolicy('role', nameOf(parameters, 'RoleName'), nameOf(parameters, 'PolicyName'), required(parameters, 'PolicyDocument')),
    GetRolePolicy: (parameters) => {
      const role = entities.get('role', nameOf(parameters, 'RoleName'));
      const policyName = nameOf(parameters, 'PolicyName');
      const grant = lookUp(role.inline, policyName);
      if (!grant) throw noSuchEntity('role policy', policyName);
      return { RoleName: role.name, PolicyName: policyName, PolicyDocument: encodeURIComponent(documentOf(grant)) };
    },
    DeleteRolePolicy: (parameters) => entities.deletePolicy('role', nameOf(parameters, 'RoleName'), nameOf(parameters, 'PolicyName')),
    ListRolePolicies: (parameters) => {
      const { inline } = entities.get('role', nameOf(parameters, 'RoleName'));
      return { PolicyNames: Object.keys(inline), IsTruncated: false };
    },
    AttachRolePolicy: (parameters) => entities.attach('role', nameOf(parameters, 'RoleName'), required(parameters, 'PolicyArn')),
    DetachRolePolicy: (parameters) => entities.detach('role', nameOf(parameters, 'RoleName'), required(parameters, 'PolicyArn')),
    ListAttachedRolePolicies: (parameters) => {
      const { attached } = entities.get('role', nameOf(parameters, 'RoleName'));
      const policies = Object.keys(attached).map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
      return { AttachedPolicies: policies, IsTruncated: false };
    },
  };
}

function policyOperations({ policies }: IamStore): Record<string, (parameters: Parameters) => unknown> {
  return {
    GetPolicy: (parameters) => {
      const arn = required(parameters, 'PolicyArn');
      const policy = policies.find(arn);
      if (!policy && !policies.exists(arn)) throw noSuchPolicy(arn);
      return {
        Policy: {
          PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
          ...(policy && {
            PolicyId: policy.id,
            Path: policy.path,
            CreateDate: isoDate(policy.createdAt),
            UpdateDate: isoDate(policy.updatedAt),
          }),
          Arn: arn,
          DefaultVersionId: `v${policy?.version ?? 1}`,
          AttachmentCount: policies.attachmentCount(arn),
          IsAttachable: true,
        },
      };
    },
    GetPolicyVersion: (parameters) => {
      const arn = required(parameters, 'PolicyArn');
      const wanted = required(parameters, 'VersionId');
      const document = policies.document(arn);
      const current = `v${policies.find(arn)?.version ?? 1}`;
      if (wanted !== current) {
        throw new AwsError('NoSuchEntity', `Policy ${arn} version ${wanted} does not exist or is not attachable.`, 404);
      }
      return { PolicyVersion: { Document: encodeURIComponent(document), VersionId: current, IsDefaultVersion: true } };
    },
  };
}

function roleOutput(role: Role): object {
  const tags = Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: isoDate(role.createdAt),
    // As on AWS: the document is URL-encoded inside the XML, and every client decodes it.
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.boundary !== undefined && {
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
    }),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

/** IAM calls it `AccessDenied`, without `Exception`. */
function authorise(authoriser: Authoriser, operation: string, resource: string, { caller }: AwsRequest): void {
  try {
    authoriser.authorise({ caller, action: `iam:${operation}`, resource });
  } catch (error) {
    throw error instanceof AwsError ? new AwsError('AccessDenied', error.message, error.status) : error;
  }
}

function resourceOf({ entities, accountId }: IamStore, { RoleName, PolicyArn, Path = '/' }: Parameters, region: string): string {
  if (RoleName === undefined) return PolicyArn ?? '*';
  return entities.find('role', RoleName)?.arn ?? `arn:${partitionOf(region)}:iam::${accountId}:role${Path}${RoleName}`;
}

function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '') throw invalidInput(`1 validation error detected: Value at '${name}' must not be null`);
  return value;
}

function nameOf(parameters: Parameters, parameter: string): string {
  const name = required(parameters, parameter);
  if (NAME.test(name)) return name;
  throw invalidInput(
    `The specified value for ${parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
