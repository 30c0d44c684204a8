import type { World } from '../server/world';

/** Plain JSON after every intrinsic function has been resolved. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Properties = { [key: string]: Json };

/** The circumstances under which a resource is worked on. */
export interface ResourceScope {
  readonly world: World;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** A new name in CloudFormation's form, `<stack>-<logical id>-<suffix>`, cut to `maxLength`. */
  generateName(maxLength?: number): string;
}

export interface ResourceResult {
  /** What `Ref` gives, and the identity: another value on update means replacement. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. Values of `NoEcho` results are masked by the engine. */
  readonly attributes?: { readonly [name: string]: Json };
  readonly noEcho?: boolean;
}

/** How one CloudFormation resource type is created, changed and removed. Failures are thrown; the message is the status reason. */
export interface ResourceType {
  create(properties: Properties, scope: ResourceScope): Promise<ResourceResult>;
  /** Returning another physical id is a replacement: the engine deletes the old one in the cleanup phase. */
  update(physicalId: string, properties: Properties, previous: Properties, scope: ResourceScope): Promise<ResourceResult>;
  delete(physicalId: string, properties: Properties, scope: ResourceScope): Promise<void>;
}

/** Type name -> implementation. Each service contributes the types it knows; an unknown one fails the stack. */
export type ResourceTypes = ReadonlyMap<string, ResourceType>;

/** Delivers an event to a Lambda function by name or ARN, as an asynchronous or a synchronous invocation. */
export interface FunctionInvoker {
  /** Resolves when the function has ended; an error of the function is reported, not thrown. */
  invoke(functionName: string, event: Json, scope: { readonly region: string }): Promise<InvocationResult>;
}

export interface InvocationResult {
  /** Absent: the handler returned normally. Otherwise e.g. `Unhandled`, and the payload holds errorType and errorMessage. */
  readonly functionError?: string;
  readonly payload: string;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}
