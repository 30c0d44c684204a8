import { createQueryService } from '../protocol/query-protocol';
import type { QueryOperation } from '../protocol/query-protocol';
import { AwsError } from '../server/service';
import type { AwsRequest, AwsService } from '../server/service';
import type { World } from '../server/world';
import { changeSetOperations } from './api/change-set-operations';
import type { Api } from './api/context';
import { readOperations } from './api/read-operations';
import { stackOperations } from './api/stack-operations';
import { templateOperations } from './api/template-operations';
import { CustomResource } from './custom-resource/custom-resource';
import { Mailbox } from './custom-resource/mailbox';
import type { FunctionInvoker, ResourceTypes } from './resource-type';
import { Backward } from './stack/backward';
import { Deployments } from './stack/deployments';
import type { EngineResourceType } from './stack/engine-type';
import { EventLog } from './stack/events';
import { Forward } from './stack/forward';
import type { SsmValue } from './stack/forward';
import { NestedStack } from './stack/nested-stack';
import { Operations } from './stack/operations';
import { PLAIN_TYPES } from './stack/plain-types';
import type { StackRecord } from './stack/records';
import { ResourceWorker } from './stack/resource-worker';
import { StackLife } from './stack/stack-life';
import { StackStore } from './stack/stack-store';

const XMLNS = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const CUSTOM_RESOURCE = 'AWS::CloudFormation::CustomResource';

export interface CloudFormationOptions {
  readonly world: World;
  /** The types of the other services; asked each time, as they may be made later. */
  readonly types: () => ResourceTypes;
  readonly invoker: FunctionInvoker;
  /** The body behind a template URL; the host of the URL may be of an earlier run. Throws when there is none. */
  readonly readTemplate: (url: string) => string | Promise<string>;
  readonly ssmValue: SsmValue;
  /** Real milliseconds that DescribeStacks stays open while the caller's own operation runs. @default 4000 */
  readonly holdMs?: number;
  /** Real milliseconds that a custom resource's answer may come after its function has returned. @default 5000 */
  readonly graceMs?: number;
}

export interface CloudFormation {
  readonly service: AwsService;
  readonly responses: {
    /** Takes what was put to a response URL; false when no request of this key was ever sent. */
    receive(key: string, body: Buffer): boolean;
  };
  /** The types that CloudFormation itself provides. `Custom::*` types go to the one of AWS::CloudFormation::CustomResource. */
  readonly resourceTypes: ResourceTypes;
  /** What `GET /_local/state` shows of it. */
  state(): { readonly stacks: readonly StackSummary[] };
  /** Gives stacks that were in progress when the endpoint stopped a final status. Call once after start. */
  resume(): void;
  /** Resolves when no stack operation is going on. */
  idle(): Promise<void>;
}

export interface StackSummary {
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId?: string;
    readonly status: string;
  }[];
}

export function createCloudFormation(options: CloudFormationOptions): CloudFormation {
  const { world } = options;
  const { api, mailbox, ownTypes } = createEngine(options);
  const { store, operations } = api;
  return {
    service: createQueryService({ names: ['cloudformation'], xmlns: XMLNS, world, operations: authorised(api) }),
    responses: mailbox,
    resourceTypes: ownTypes,
    state: () => ({ stacks: Object.values(store.state.stacks).map(summary) }),
    resume: () => operations.resume(),
    idle: () => operations.idle(),
  };
}

export interface Engine {
  readonly api: Api;
  readonly mailbox: Mailbox;
  readonly ownTypes: Map<string, EngineResourceType>;
}

/** The parts behind the API, put together. */
export function createEngine(options: CloudFormationOptions): Engine {
  const { world } = options;
  const mailbox = new Mailbox();
  const ownTypes = new Map<string, EngineResourceType>(PLAIN_TYPES);
  ownTypes.set(CUSTOM_RESOURCE, new CustomResource({ invoker: options.invoker, mailbox, graceMs: options.graceMs }));
  const types = (type: string): EngineResourceType | undefined =>
    ownTypes.get(type.startsWith('Custom::') ? CUSTOM_RESOURCE : type) ?? options.types().get(type);
  const store = new StackStore(world);
  const events = new EventLog(world, store);
  const deployments = new Deployments(world, store, options.ssmValue);
  const worker = new ResourceWorker(world, types, events);
  const forward = new Forward(store, worker, options.ssmValue);
  const backward = new Backward(store, events, worker, world.switches['cloudformation.rollbackOrder']);
  const life = new StackLife(world, store, deployments, events, forward, backward);
  ownTypes.set('AWS::CloudFormation::Stack', new NestedStack(store, deployments, life, options.readTemplate));
  const operations = new Operations(store, events, life);
  const { readTemplate, ssmValue: ssm, holdMs = 4000 } = options;
  return { api: { world, store, deployments, events, life, operations, types, ssm, readTemplate, holdMs }, mailbox, ownTypes };
}

/** Roles need a permission for what they ask; the CLI's own roles have all of them. */
function authorised(api: Api): Record<string, QueryOperation> {
  const all = { ...stackOperations(api), ...changeSetOperations(api), ...readOperations(api), ...templateOperations(api) };
  return Object.fromEntries(
    Object.entries(all).map(([action, operation]): [string, QueryOperation] => [
      action,
      (parameters, request) => {
        if (request.caller.roleArn !== undefined) authorise(api, action, parameters, request);
        return operation(parameters, request);
      },
    ]),
  );
}

function authorise(api: Api, action: string, parameters: Readonly<Record<string, string>>, request: AwsRequest): void {
  try {
    api.world.iam.authorise({ caller: request.caller, action: `cloudformation:${action}`, resource: resourceOf(api, parameters, request) });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') {
      throw new AwsError('AccessDenied', error.message, error.status);
    }
    throw error;
  }
}

function resourceOf(api: Api, parameters: Readonly<Record<string, string>>, request: AwsRequest): string {
  const { StackName: name, ChangeSetName: changeSet } = parameters;
  if (name) {
    const { partition, accountId } = api.store.environmentOf(request.region);
    const stackId = name.startsWith('arn:') ? name : api.store.find(name, request.region)?.stackId;
    return stackId ?? `arn:${partition}:cloudformation:${request.region}:${accountId}:stack/${name}/*`;
  }
  return api.store.state.changeSets[changeSet ?? '']?.stackId ?? '*';
}

function summary(stack: StackRecord): StackSummary {
  return {
    stackId: stack.stackId,
    stackName: stack.stackName,
    region: stack.region,
    status: stack.status,
    ...(stack.statusReason === undefined ? {} : { statusReason: stack.statusReason }),
    outputs: Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value])),
    resources: Object.values(stack.resources).map(({ logicalId, type, physicalId, status }) => ({ logicalId, type, physicalId, status })),
  };
}
