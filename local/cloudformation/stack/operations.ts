import type { EventLog } from './events';
import type { StackRecord } from './records';
import { resourceName } from './resource-name';
import type { StackLife } from './stack-life';
import type { StackStore } from './stack-store';

const STOPPED = 'The local endpoint was stopped while the operation was in progress.';

/** What becomes of a stack whose operation was cut off. */
const AFTER_STOP: Readonly<Record<string, string>> = {
  CREATE_IN_PROGRESS: 'CREATE_FAILED',
  ROLLBACK_IN_PROGRESS: 'ROLLBACK_FAILED',
  UPDATE_IN_PROGRESS: 'UPDATE_FAILED',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'UPDATE_COMPLETE',
  UPDATE_ROLLBACK_IN_PROGRESS: 'UPDATE_ROLLBACK_FAILED',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'UPDATE_ROLLBACK_COMPLETE',
  DELETE_IN_PROGRESS: 'DELETE_FAILED',
};

export interface Start {
  readonly type: string;
  /** ARN of the caller, who may wait for the end in DescribeStacks. */
  readonly by?: string;
  readonly token?: string;
}

/** The operations that are going on, one per stack. */
export class Operations {
  private readonly running = new Map<string, { readonly done: Promise<void>; readonly by?: string }>();

  constructor(
    private readonly store: StackStore,
    private readonly events: EventLog,
    private readonly life: StackLife,
  ) {}

  /** Starts `work`, which runs on after the API call that asked for it has been answered. */
  launch(stack: StackRecord, start: Start, work: () => Promise<unknown>): void {
    this.life.newOperation(stack, start.type, start.token);
    const done = work()
      .then(() => undefined)
      .catch((error: unknown) => this.cutOff(stack, `Internal Failure: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => this.running.delete(stack.stackId));
    this.running.set(stack.stackId, { done, by: start.by });
  }

  /** Resolves when the stack's operation ends; undefined unless `caller` has started it. */
  ending(stack: StackRecord, caller: string): Promise<void> | undefined {
    const operation = this.running.get(stack.stackId);
    return operation?.by === caller ? operation.done : undefined;
  }

  /** Resolves when nothing is going on. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  /** Gives every stack whose operation did not survive the last stop a final state. */
  resume(): void {
    for (const stack of Object.values(this.store.state.stacks)) {
      if (!this.running.has(stack.stackId)) this.cutOff(stack, STOPPED);
    }
  }

  private cutOff(stack: StackRecord, reason: string): void {
    const status = AFTER_STOP[stack.status];
    if (status === undefined) return;
    for (const resource of Object.values(stack.resources)) {
      if (!resource.status.endsWith('_IN_PROGRESS')) continue;
      // Nobody knows what became of a creation that was cut off; a Delete with an invented id is what CloudFormation sends then.
      if (resource.status === 'CREATE_IN_PROGRESS') resource.physicalId ??= inventedId(stack, resource.logicalId, resource.type);
      this.events.resource(stack, resource, resource.status.replace('_IN_PROGRESS', '_FAILED'), reason);
    }
    this.events.stack(stack, status, reason);
  }
}

function inventedId(stack: StackRecord, logicalId: string, type: string): string | undefined {
  const custom = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  return custom ? resourceName(stack.stackName, logicalId) : undefined;
}
