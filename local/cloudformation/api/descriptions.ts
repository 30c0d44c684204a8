import type { Change, EventRecord, ResourceRecord, StackRecord } from '../stack/records';
import type { ParameterValue } from '../template/parameters';

/** CloudFormation's mask for NoEcho parameters. */
const MASKED = '****';

export function describeStack(stack: StackRecord): Record<string, unknown> {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    Description: stack.description,
    Parameters: describeParameters(stack.deployed?.parameters ?? []),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.notificationArns,
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: describeTags(stack.deployed?.tags ?? {}),
    EnableTerminationProtection: stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    LastOperations: stack.operations.slice(-1).map(({ id, type }) => ({ OperationType: type, OperationId: id })),
  };
}

export function summarizeStack(stack: StackRecord): Record<string, unknown> {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    TemplateDescription: stack.description,
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** `ResolvedValue` is given only for SSM parameter types, where it differs from what was asked for. */
export function describeParameters(parameters: readonly ParameterValue[]): unknown[] {
  return parameters.map(({ key, value, resolved, noEcho }) => ({
    ParameterKey: key,
    ParameterValue: noEcho ? MASKED : value,
    ResolvedValue: resolved,
  }));
}

export function describeTags(tags: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function describeResource(stack: StackRecord, resource: ResourceRecord): Record<string, unknown> {
  return {
    StackName: stack.stackName,
    StackId: stack.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: resource.timestamp,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** As DescribeStackResource and ListStackResources name the time. */
export function summarizeResource(resource: ResourceRecord): Record<string, unknown> {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: resource.timestamp,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

export function describeEvent(stack: StackRecord, event: EventRecord): Record<string, unknown> {
  return {
    StackId: stack.stackId,
    EventId: event.eventId,
    StackName: stack.stackName,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.timestamp,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

export function describeChange(change: Change, withValues: boolean): Record<string, unknown> {
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: change.scope,
      Details: change.action === 'Modify' || withValues ? change.details.map((detail) => describeDetail(detail, withValues)) : [],
      ...(withValues ? { BeforeContext: change.before, AfterContext: change.after } : {}),
    },
  };
}

function describeDetail(detail: Change['details'][number], withValues: boolean): Record<string, unknown> {
  return {
    Target: {
      Attribute: detail.attribute,
      Name: detail.name,
      RequiresRecreation: detail.requiresRecreation,
      ...(withValues
        ? {
            Path: detail.name === undefined ? `/${detail.attribute}` : `/${detail.attribute}/${detail.name}`,
            BeforeValue: detail.before,
            AfterValue: detail.after,
            AttributeChangeType: detail.changeType,
          }
        : {}),
    },
    Evaluation: detail.dynamic ? 'Dynamic' : 'Static',
    ChangeSource: 'DirectModification',
  };
}
