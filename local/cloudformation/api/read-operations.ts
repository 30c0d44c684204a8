import { inBrackets, namedStack, required } from './context';
import type { Api, ApiOperations } from './context';
import { describeEvent, describeResource, describeStack, summarizeResource, summarizeStack } from './descriptions';
import { queryList } from '../../protocol/query-input';
import type { QueryParameters } from '../../protocol/query-input';
import type { AwsRequest } from '../../server/service';
import type { StackRecord } from '../stack/records';
import { validationError } from '../template/model';

const EVENTS_PER_PAGE = 100;

/** The operations that tell what there is. */
export function readOperations(api: Api): ApiOperations {
  return {
    DescribeStacks: (parameters, request) => describeStacks(api, parameters, request),
    DescribeStackEvents: (parameters, request) => describeStackEvents(api, parameters, request),
    DescribeEvents: (parameters, request) => describeEvents(api, parameters, request),
    DescribeStackResources: (parameters, request) => describeStackResources(api, parameters, request),
    DescribeStackResource: (parameters, request) => {
      const stack = namedStack(api, parameters.StackName, request, inBrackets);
      const logicalId = required(parameters, 'LogicalResourceId');
      const resource = stack.resources[logicalId];
      if (!resource) throw validationError(`Resource ${logicalId} does not exist for stack ${parameters.StackName}`);
      const ids = { StackName: stack.stackName, StackId: stack.stackId };
      return { StackResourceDetail: { ...ids, ...summarizeResource(resource), Metadata: metadataText(resource.metadata) } };
    },
    ListStackResources: (parameters, request) => {
      const stack = namedStack(api, required(parameters, 'StackName'), request);
      return { StackResourceSummaries: Object.values(stack.resources).map(summarizeResource) };
    },
    ListStacks: (parameters, request) => {
      const wanted = queryList(parameters, 'StackStatusFilter');
      const stacks = api.store.all(request.region).filter(({ status }) => wanted.length === 0 || wanted.includes(status));
      return { StackSummaries: stacks.reverse().map(summarizeStack) };
    },
    ListExports: (_parameters, request) => ({
      Exports: [...api.store.exports(request.region)].map(([Name, { value, stack }]) => ({
        ExportingStackId: stack.stackId,
        Name,
        Value: value,
      })),
    }),
    ListImports: (parameters, request) => {
      const name = required(parameters, 'ExportName');
      const importers = api.store.importersOf(name, request.region);
      if (importers.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      return { Imports: importers.map(({ stackName }) => stackName) };
    },
    ListHookResults: () => ({ HookResults: [] }),
  };
}

async function describeStacks(api: Api, parameters: QueryParameters, request: AwsRequest): Promise<unknown> {
  const name = parameters.StackName;
  if (!name) {
    return {
      Stacks: api.store
        .all(request.region)
        .filter(({ status }) => status !== 'DELETE_COMPLETE')
        .reverse()
        .map(describeStack),
    };
  }
  const stack = namedStack(api, name, request);
  if (name === stack.stackId) await held(api, stack, request);
  return { Stacks: [describeStack(stack)] };
}

/**
 * The CLI asks every five seconds. Whoever has started the operation may wait here for its end instead; everybody else, such as a
 * function that looks at its own stack, is answered at once.
 */
async function held(api: Api, stack: StackRecord, request: AwsRequest): Promise<void> {
  const ending = api.operations.ending(stack, request.caller.arn);
  if (!ending) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, api.holdMs).unref();
  });
  await Promise.race([ending, patience]);
  clearTimeout(timer);
}

/** Newest first. A page's token is the number of events that are older than it, so new events do not move it. */
function describeStackEvents(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const stack = namedStack(api, required(parameters, 'StackName'), request, inBrackets);
  const end = parameters.NextToken === undefined ? stack.events.length : Number(parameters.NextToken);
  if (!Number.isInteger(end)) throw validationError(`Invalid NextToken ${parameters.NextToken}`);
  const start = Math.max(0, end - EVENTS_PER_PAGE);
  const page = stack.events.slice(start, end).reverse();
  return { StackEvents: page.map((event) => describeEvent(stack, event)), ...(start > 0 ? { NextToken: String(start) } : {}) };
}

function describeEvents(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const stack = parameters.StackName ? namedStack(api, parameters.StackName, request, inBrackets) : stackOfEvents(api, parameters, request);
  const { OperationId: operation } = parameters;
  const failedOnly = parameters['Filters.FailedEvents'] === 'true';
  const events = (stack?.events ?? []).filter(
    ({ operationId, status }) => (operation === undefined || operationId === operation) && (!failedOnly || status.endsWith('_FAILED')),
  );
  const types = new Map(stack?.operations.map(({ id, type }) => [id, type]));
  return {
    OperationEvents: events.reverse().map((event) => ({
      EventId: event.eventId,
      StackId: stack?.stackId,
      OperationId: event.operationId,
      OperationType: types.get(event.operationId ?? ''),
      EventType: 'STACK_EVENT',
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId,
      ResourceType: event.type,
      Timestamp: event.timestamp,
      ResourceStatus: event.status,
      ResourceStatusReason: event.reason,
      ResourceProperties: event.properties,
      ClientRequestToken: event.token,
    })),
  };
}

function stackOfEvents(api: Api, parameters: QueryParameters, request: AwsRequest): StackRecord | undefined {
  const { OperationId: operation } = parameters;
  return api.store.all(request.region).find((stack) => operation !== undefined && stack.operations.some(({ id }) => id === operation));
}

function describeStackResources(api: Api, parameters: QueryParameters, request: AwsRequest): unknown {
  const { LogicalResourceId: logicalId, PhysicalResourceId: physicalId } = parameters;
  const stack = parameters.StackName ? namedStack(api, parameters.StackName, request) : stackHolding(api, physicalId, request);
  const resources = Object.values(stack.resources).filter((resource) => logicalId === undefined || resource.logicalId === logicalId);
  return { StackResources: resources.map((resource) => describeResource(stack, resource)) };
}

function stackHolding(api: Api, physicalId: string | undefined, request: AwsRequest): StackRecord {
  const holds = (stack: StackRecord) => Object.values(stack.resources).some((resource) => resource.physicalId === physicalId);
  const stack = physicalId === undefined ? undefined : api.store.all(request.region).find(holds);
  if (!stack) throw validationError(`Stack for ${physicalId ?? ''} does not exist`);
  return stack;
}

function metadataText(metadata: unknown): string | undefined {
  return metadata === undefined ? undefined : JSON.stringify(metadata);
}
