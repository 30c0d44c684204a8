import type { QueryOperation } from '../../protocol/query-protocol';
import type { AwsRequest } from '../../server/service';
import { AwsError } from '../../server/service';
import type { World } from '../../server/world';
import type { Deployments } from '../stack/deployments';
import type { EventLog } from '../stack/events';
import type { SsmValue } from '../stack/forward';
import type { Operations } from '../stack/operations';
import type { StackRecord } from '../stack/records';
import type { TypeLookup } from '../stack/resource-worker';
import type { StackLife } from '../stack/stack-life';
import type { StackStore } from '../stack/stack-store';
import { validationError } from '../template/model';

/** What the API's operations work with. */
export interface Api {
  readonly world: World;
  readonly store: StackStore;
  readonly deployments: Deployments;
  readonly events: EventLog;
  readonly life: StackLife;
  readonly operations: Operations;
  readonly types: TypeLookup;
  readonly ssm: SsmValue;
  readonly readTemplate: (url: string) => string | Promise<string>;
  /** Real milliseconds that DescribeStacks stays open while the caller's own operation runs. */
  readonly holdMs: number;
}

export type ApiOperations = Readonly<Record<string, QueryOperation>>;

/** The stack that a request names. The CDK CLI compares the words of the refusal. */
export function namedStack(
  api: Api,
  name: string | undefined,
  request: AwsRequest,
  refusal: (name: string) => string = withId,
): StackRecord {
  if (!name) {
    throw validationError("1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");
  }
  const stack = api.store.find(name, request.region);
  if (!stack) throw validationError(refusal(name));
  return stack;
}

export function withId(name: string): string {
  return `Stack with id ${name} does not exist`;
}

export function inBrackets(name: string): string {
  return `Stack [${name}] does not exist`;
}

/** `parameter` or the refusal that it is missing. */
export function required(parameters: Readonly<Record<string, string>>, name: string): string {
  const value = parameters[name];
  if (value !== undefined && value !== '') return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw validationError(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('AlreadyExistsException', message);
}
