import * as crypto from 'node:crypto';
import { alreadyExists, inBrackets, namedStack, required } from './context';
import type { Api, ApiOperations } from './context';
import { describeChange, describeParameters, describeTags } from './descriptions';
import { checkPaused, checkUpdatable, previewOf, startCreate, startUpdate } from './stack-operations';
import { acknowledged, checkStackName, wantedBy } from './wanted';
import { queryBoolean, queryList } from '../../protocol/query-input';
import type { QueryParameters } from '../../protocol/query-input';
import { AwsError } from '../../server/service';
import type { AwsRequest } from '../../server/service';
import type { Preview } from '../stack/preview';
import type { ChangeSetRecord, Deployment, StackRecord } from '../stack/records';
import type { OnFailure } from '../stack/stack-life';
import { validationError } from '../template/model';

const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

export function changeSetOperations(api: Api): ApiOperations {
  return {
    CreateChangeSet: (parameters, request) => createChangeSet(api, parameters, request),
    DescribeChangeSet: (parameters, request) => {
      const changeSet = namedChangeSet(api, parameters, request);
      return describe(api, changeSet, queryBoolean(parameters, 'IncludePropertyValues') ?? false);
    },
    ExecuteChangeSet: (parameters, request) => executeChangeSet(api, parameters, request),
    DeleteChangeSet: (parameters, request) => {
      const changeSet = findChangeSet(api, parameters, request);
      if (changeSet) delete api.store.state.changeSets[changeSet.id];
      api.store.changed();
      return {};
    },
    ListChangeSets: (parameters, request) => {
      const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
      return {
        Summaries: api.store
          .changeSetsOf(stack.stackId)
          .filter(isOpen)
          .map((changeSet) => summary(stack, changeSet)),
      };
    },
  };
}

async function createChangeSet(api: Api, parameters: QueryParameters, request: AwsRequest): Promise<unknown> {
  const name = required(parameters, 'ChangeSetName');
  const stackName = required(parameters, 'StackName');
  const type = parameters.ChangeSetType ?? 'UPDATE';
  if (type !== 'CREATE' && type !== 'UPDATE') {
    throw validationError(`ChangeSetType ${type} is not supported by the local endpoint; use CREATE or UPDATE.`);
  }
  // ImportExistingResources is let pass, as `cdk bootstrap` asks for it: a resource that is there already fails its creation and says so.
  const existing = api.store.find(stackName, request.region);
  const same = existing && openChangeSet(api, existing, name);
  if (same && parameters.ClientToken !== undefined && same.clientToken === parameters.ClientToken) {
    return { Id: same.id, StackId: same.stackId };
  }
  if (same) throw alreadyExists(`ChangeSet ${name} already exists`);
  if (type === 'UPDATE' && !existing) throw validationError(`Stack [${stackName}] does not exist`);
  if (type === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(`Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`);
  }
  if (type === 'UPDATE' && existing) checkUpdatable(existing);
  const deployment = api.deployments.make(existing ?? { region: request.region }, await wantedBy(api, parameters, existing));
  const capabilities = acknowledged(parameters, api.store.template(deployment.template));
  const stack = existing ?? reviewStack(api, stackName, request);
  try {
    const changeSet = record(api, { parameters, name, type, stack, deployment, capabilities, preview: previewOf(api, stack, deployment) });
    return { Id: changeSet.id, StackId: stack.stackId };
  } catch (error) {
    if (!existing) api.store.remove(stack);
    throw error;
  }
}

function reviewStack(api: Api, stackName: string, request: AwsRequest): StackRecord {
  checkStackName(stackName);
  const stack = api.store.newStack({ stackName, region: request.region });
  api.events.stack(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return stack;
}

interface NewChangeSet {
  readonly parameters: QueryParameters;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly stack: StackRecord;
  readonly deployment: Deployment;
  readonly capabilities: string[];
  readonly preview: Preview;
}

function record(api: Api, { parameters, name, type, stack, deployment, capabilities, preview }: NewChangeSet): ChangeSetRecord {
  const { partition, accountId } = api.store.environmentOf(stack.region);
  const empty = type === 'UPDATE' && !preview.anything;
  const changeSet: ChangeSetRecord = {
    id: `arn:${partition}:cloudformation:${stack.region}:${accountId}:changeSet/${name}/${crypto.randomUUID()}`,
    name,
    stackId: stack.stackId,
    type,
    createdAt: new Date(api.world.clock.now()).toISOString(),
    deployment,
    description: parameters.Description,
    clientToken: parameters.ClientToken,
    capabilities,
    notificationArns: queryList(parameters, 'NotificationARNs'),
    roleArn: parameters.RoleARN,
    includeNestedStacks: queryBoolean(parameters, 'IncludeNestedStacks') ?? false,
    onStackFailure: parameters.OnStackFailure,
    status: empty ? 'FAILED' : 'CREATE_COMPLETE',
    ...(empty ? { statusReason: NO_CHANGES } : {}),
    executionStatus: empty ? 'UNAVAILABLE' : 'AVAILABLE',
    changes: preview.changes,
  };
  api.store.state.changeSets[changeSet.id] = changeSet;
  api.store.changed();
  return changeSet;
}

function executeChangeSet(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const changeSet = namedChangeSet(api, parameters, request);
  const token = parameters.ClientRequestToken;
  if (token !== undefined && changeSet.executionToken === token) return {};
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.executionStatus !== 'AVAILABLE') throw badStatus(changeSet);
  const stack = api.store.get(changeSet.stackId);
  const disableRollback = queryBoolean(parameters, 'DisableRollback') ?? changeSet.onStackFailure === 'DO_NOTHING';
  if (changeSet.type === 'UPDATE') {
    checkUpdatable(stack);
    checkPaused(stack, disableRollback);
  }
  // The others were made for a stack that will no longer be the same.
  for (const { id } of api.store.changeSetsOf(stack.stackId)) if (id !== changeSet.id) delete api.store.state.changeSets[id];
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  changeSet.executionToken = token;
  stack.roleArn = changeSet.roleArn ?? stack.roleArn;
  stack.capabilities = changeSet.capabilities;
  stack.notificationArns = changeSet.notificationArns;
  if (changeSet.type === 'CREATE') {
    const onFailure = disableRollback ? 'DO_NOTHING' : ((changeSet.onStackFailure as OnFailure | undefined) ?? 'ROLLBACK');
    startCreate(api, stack, changeSet.deployment, onFailure, request, token);
  } else {
    startUpdate(api, stack, changeSet.deployment, disableRollback, request, token);
  }
  return {};
}

function describe(api: Api, changeSet: ChangeSetRecord, withValues: boolean): unknown {
  const stack = api.store.get(changeSet.stackId);
  return {
    ...summary(stack, changeSet),
    Parameters: describeParameters(changeSet.deployment.parameters),
    NotificationARNs: changeSet.notificationArns,
    RollbackConfiguration: {},
    Capabilities: changeSet.capabilities,
    Tags: describeTags(changeSet.deployment.tags),
    Changes: changeSet.changes.map((change) => describeChange(change, withValues)),
    OnStackFailure: changeSet.onStackFailure,
  };
}

function summary(stack: StackRecord, changeSet: ChangeSetRecord): Record<string, unknown> {
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.stackId,
    StackName: stack.stackName,
    Description: changeSet.description,
    CreationTime: changeSet.createdAt,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    IncludeNestedStacks: changeSet.includeNestedStacks,
  };
}

function namedChangeSet(api: Api, parameters: QueryParameters, request: AwsRequest): ChangeSetRecord {
  const changeSet = findChangeSet(api, parameters, request);
  if (!changeSet) throw new AwsError('ChangeSetNotFound', `ChangeSet [${parameters.ChangeSetName}] does not exist`, 404);
  return changeSet;
}

/** By ARN, or by name within a stack. One that has been executed is found only by its ARN. */
export function findChangeSet(api: Api, parameters: QueryParameters, request: AwsRequest): ChangeSetRecord | undefined {
  const name = required(parameters, 'ChangeSetName');
  if (name.startsWith('arn:')) return api.store.state.changeSets[name];
  return openChangeSet(api, namedStack(api, parameters.StackName, request, inBrackets), name);
}

function openChangeSet(api: Api, stack: StackRecord, name: string): ChangeSetRecord | undefined {
  return api.store.changeSetsOf(stack.stackId).find((changeSet) => changeSet.name === name && isOpen(changeSet));
}

function isOpen({ executionStatus }: ChangeSetRecord): boolean {
  return !executionStatus.startsWith('EXECUTE_');
}

function badStatus(changeSet: ChangeSetRecord): AwsError {
  const status = changeSet.executionStatus.startsWith('EXECUTE_') ? changeSet.executionStatus : changeSet.status;
  return new AwsError('InvalidChangeSetStatus', `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${status}]`);
}
