import { alreadyExists, inBrackets, namedStack, required } from './context';
import type { Api, ApiOperations } from './context';
import { acknowledged, checkStackName, wantedBy } from './wanted';
import { queryBoolean, queryList } from '../../protocol/query-input';
import type { QueryParameters } from '../../protocol/query-input';
import type { AwsRequest } from '../../server/service';
import { preview } from '../stack/preview';
import type { Deployment, StackRecord } from '../stack/records';
import type { OnFailure } from '../stack/stack-life';
import { validationError } from '../template/model';

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'];
/** States that only a further attempt without rollback, or a rollback, leads out of. */
const PAUSED = ['CREATE_FAILED', 'UPDATE_FAILED'];

/** The operations that set a stack in motion. */
export function stackOperations(api: Api): ApiOperations {
  return {
    CreateStack: (parameters, request) => createStack(api, parameters, request),
    UpdateStack: (parameters, request) => updateStack(api, parameters, request),
    DeleteStack: (parameters, request) => deleteStack(api, parameters, request),
    RollbackStack: (parameters, request) => rollbackStack(api, parameters, request),
    ContinueUpdateRollback: (parameters, request) => continueUpdateRollback(api, parameters, request),
    CancelUpdateStack: (parameters, request) => {
      const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
      if (stack.status !== 'UPDATE_IN_PROGRESS' || !api.life.cancel(stack)) {
        throw validationError(`CancelUpdateStack cannot be called from current stack status`);
      }
    },
    UpdateTerminationProtection: (parameters, request) => {
      const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
      stack.terminationProtection = queryBoolean(parameters, 'EnableTerminationProtection') ?? false;
      api.store.changed();
      return { StackId: stack.stackId };
    },
  };
}

async function createStack(api: Api, parameters: QueryParameters, request: AwsRequest): Promise<unknown> {
  const stackName = required(parameters, 'StackName');
  checkStackName(stackName);
  const token = parameters.ClientRequestToken;
  const existing = api.store.find(stackName, request.region);
  if (existing && token !== undefined && existing.operations[0]?.token === token) return { StackId: existing.stackId };
  if (existing) throw alreadyExists(`Stack [${stackName}] already exists`);
  const deployment = api.deployments.make({ region: request.region }, await wantedBy(api, parameters));
  const capabilities = acknowledged(parameters, api.store.template(deployment.template));
  const stack = api.store.newStack({
    stackName,
    region: request.region,
    capabilities,
    notificationArns: queryList(parameters, 'NotificationARNs'),
    roleArn: parameters.RoleARN,
    terminationProtection: queryBoolean(parameters, 'EnableTerminationProtection') ?? false,
  });
  try {
    api.deployments.prepare(stack, deployment);
  } catch (error) {
    api.store.remove(stack);
    throw error;
  }
  startCreate(api, stack, deployment, onFailureOf(parameters), request, token);
  return { StackId: stack.stackId };
}

function onFailureOf(parameters: QueryParameters): OnFailure {
  if (queryBoolean(parameters, 'DisableRollback')) return 'DO_NOTHING';
  return (parameters.OnFailure as OnFailure | undefined) ?? 'ROLLBACK';
}

async function updateStack(api: Api, parameters: QueryParameters, request: AwsRequest): Promise<unknown> {
  const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
  const token = parameters.ClientRequestToken;
  if (token !== undefined && stack.operations.at(-1)?.token === token) return { StackId: stack.stackId };
  const disableRollback = queryBoolean(parameters, 'DisableRollback') ?? false;
  checkUpdatable(stack);
  checkPaused(stack, disableRollback);
  const deployment = api.deployments.make(stack, await wantedBy(api, parameters, stack));
  stack.capabilities = acknowledged(parameters, api.store.template(deployment.template));
  if (!previewOf(api, stack, deployment).anything) throw validationError('No updates are to be performed.');
  startUpdate(api, stack, deployment, disableRollback, request, token);
  return { StackId: stack.stackId };
}

function deleteStack(api: Api, parameters: QueryParameters, request: AwsRequest): undefined {
  const stack = api.store.find(required(parameters, 'StackName'), request.region);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return;
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.stackName}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (isBusy(stack)) throw validationError(`Stack [${stack.stackName}] cannot be deleted while in status ${stack.status}`);
  const retain = queryList(parameters, 'RetainResources');
  if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${stack.stackId}]. Specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const start = { type: 'DELETE_STACK', by: request.caller.arn, token: parameters.ClientRequestToken };
  const mode = parameters.DeletionMode === 'FORCE_DELETE_STACK' ? 'all-that-fail' : retain;
  api.operations.launch(stack, start, () => api.life.remove(stack, mode));
}

function rollbackStack(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
  const start = { type: 'ROLLBACK', by: request.caller.arn, token: parameters.ClientRequestToken };
  if (stack.status === 'CREATE_FAILED') {
    api.operations.launch(stack, start, () => api.life.rollBackCreate(stack, 'User Initiated'));
  } else if (stack.status === 'UPDATE_FAILED') {
    api.operations.launch(stack, start, () => api.life.rollBackUpdate(stack, [], 'User Initiated'));
  } else {
    throw validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be rolled back.`);
  }
  return { StackId: stack.stackId };
}

function continueUpdateRollback(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
    throw validationError(`Stack:${stack.stackId} is in ${stack.status} state and its rollback can not be continued.`);
  }
  const skip = queryList(parameters, 'ResourcesToSkip');
  const wrong = skip.filter((logicalId) => stack.resources[logicalId]?.status !== 'UPDATE_FAILED');
  if (wrong.length > 0) {
    throw validationError(`The resources [${wrong.join(', ')}] cannot be skipped: only resources in the UPDATE_FAILED state can.`);
  }
  const start = { type: 'CONTINUE_ROLLBACK', by: request.caller.arn, token: parameters.ClientRequestToken };
  api.operations.launch(stack, start, () => api.life.rollBackUpdate(stack, skip, 'User Initiated'));
  return {};
}

export function isBusy(stack: StackRecord): boolean {
  return stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
}

/** @throws AwsError in the words that the CLI shows. */
export function checkUpdatable(stack: StackRecord): void {
  if (UPDATABLE.includes(stack.status) || PAUSED.includes(stack.status)) return;
  throw validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`);
}

export function checkPaused(stack: StackRecord, disableRollback: boolean): void {
  if (!PAUSED.includes(stack.status) || disableRollback) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
}

/** What the deployment would change. @throws AwsError for a template that cannot be deployed over the stack. */
export function previewOf(api: Api, stack: StackRecord, deployment: Deployment) {
  const prepared = api.deployments.prepare(stack, deployment);
  const changed = [...prepared.resources.values()].filter(({ logicalId, type }) => {
    const deployed = stack.resources[logicalId];
    return deployed && !deployed.status.startsWith('DELETE_') && deployed.type !== type;
  });
  if (changed.length > 0) {
    const names = changed.map(({ logicalId }) => logicalId).join(', ');
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
    );
  }
  const exported = api.store.exports(stack.region);
  try {
    return preview(stack, deployment, prepared, api.types, {
      ssm: (name) => api.ssm(name, stack.region),
      exported: (name) => exported.get(name)?.value,
    });
  } catch (error) {
    throw validationError((error as Error).message);
  }
}

export function startCreate(
  api: Api,
  stack: StackRecord,
  deployment: Deployment,
  onFailure: OnFailure,
  request: AwsRequest,
  token?: string,
): void {
  const start = { type: 'CREATE_STACK', by: request.caller.arn, token };
  api.operations.launch(stack, start, () => api.life.create(stack, deployment, onFailure));
}

export function startUpdate(
  api: Api,
  stack: StackRecord,
  deployment: Deployment,
  disableRollback: boolean,
  request: AwsRequest,
  token?: string,
): void {
  const start = { type: 'UPDATE_STACK', by: request.caller.arn, token };
  api.operations.launch(stack, start, () => api.life.update(stack, deployment, { disableRollback }));
}
