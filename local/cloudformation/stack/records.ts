import type { Json, Properties } from '../resource-type';
import type { ParameterValue } from '../template/parameters';
import type { RetentionPolicy } from '../template/prepare';

/** Everything that the endpoint remembers of CloudFormation: plain JSON. */
export interface CloudFormationState {
  readonly stacks: Record<string, StackRecord>;
  readonly changeSets: Record<string, ChangeSetRecord>;
  /** Milliseconds since 1970 of the last event: no two events share a time, or the CLI sorts them wrongly. */
  lastEventAt: number;
}

/** What was or is to be deployed. Template bodies are kept as blobs, by their hash. */
export interface Deployment {
  readonly template: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  readonly createdAt: string;
  readonly parentId?: string;
  readonly rootId?: string;
  status: string;
  statusReason?: string;
  description?: string;
  updatedAt?: string;
  deletedAt?: string;
  roleArn?: string;
  capabilities: string[];
  notificationArns: string[];
  disableRollback: boolean;
  terminationProtection: boolean;
  /** Absent until the first deployment has been started. */
  deployed?: Deployment;
  resources: Record<string, ResourceRecord>;
  outputs: OutputRecord[];
  /** Names of the exports that the deployed template imports. */
  imports: string[];
  events: EventRecord[];
  /** Of the operations of this stack, newest last. */
  operations: { id: string; type: string; token?: string }[];
  /** How to get back; there while an update is not finished. */
  update?: UpdateRecord;
}

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  physicalId?: string;
  status: string;
  statusReason?: string;
  timestamp: string;
  /** As last applied with success, resolved. */
  properties: Properties;
  attributes: Properties;
  noEcho?: boolean;
  dependencies: readonly string[];
  deletionPolicy: RetentionPolicy;
  updateReplacePolicy: RetentionPolicy;
  metadata?: Json;
}

/** A physical resource that no longer belongs to the stack and goes away in the cleanup phase. */
export interface Leftover {
  readonly resource: ResourceRecord;
  readonly policy: RetentionPolicy;
}

export interface UpdateRecord {
  readonly previous?: Deployment;
  readonly previousOutputs: OutputRecord[];
  readonly previousImports: string[];
  /** The records as they were before this update touched them; null for a resource that it created. */
  readonly before: Record<string, ResourceRecord | null>;
  /** New properties that were sent and not confirmed, by logical id. */
  readonly attempted: Record<string, Properties>;
  /** What a successful update has to delete. */
  replaced: Leftover[];
  /** What must be deleted however the update ends: ids that a failed update answered. */
  abandoned: Leftover[];
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface EventRecord {
  readonly eventId: string;
  readonly operationId?: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly timestamp: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly createdAt: string;
  readonly deployment: Deployment;
  readonly description?: string;
  readonly clientToken?: string;
  readonly capabilities: string[];
  readonly notificationArns: string[];
  readonly roleArn?: string;
  readonly includeNestedStacks: boolean;
  readonly onStackFailure?: string;
  status: string;
  statusReason?: string;
  executionStatus: string;
  /** The token that it was executed with: a repeated request is not an error. */
  executionToken?: string;
  readonly changes: Change[];
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly policyAction?: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly scope: readonly string[];
  readonly details: readonly ChangeDetail[];
  readonly before?: string;
  readonly after?: string;
}

export interface ChangeDetail {
  readonly attribute: string;
  readonly name?: string;
  readonly requiresRecreation: 'Never' | 'Always';
  readonly before?: string;
  readonly after?: string;
  readonly dynamic: boolean;
  readonly changeType: 'Add' | 'Modify' | 'Remove';
}
