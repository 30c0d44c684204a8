import { setMaxListeners } from 'node:events';
import type { EventLog } from './events';
import type { ResourceRecord, StackRecord } from './records';

/** One pass over a stack's resources, forward or back. */
export class Run {
  private readonly abort = new AbortController();
  private readonly inProgress = new Set<ResourceRecord>();
  /** What failed, for the stack's status reason. */
  readonly failedToCreate: string[] = [];
  readonly failedToUpdate: string[] = [];
  readonly failedToDelete: string[] = [];

  constructor(
    readonly stack: StackRecord,
    readonly disableRollback: boolean,
    private readonly events: EventLog,
  ) {
    // Every resource in progress listens.
    setMaxListeners(0, this.abort.signal);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  begin(resource: ResourceRecord): void {
    this.inProgress.add(resource);
  }

  end(resource: ResourceRecord): void {
    this.inProgress.delete(resource);
  }

  /** Nobody waits for what is in progress any more: it is marked as cancelled at once, and told so. */
  cancel(): void {
    for (const resource of this.inProgress) {
      if (resource.status === 'CREATE_IN_PROGRESS') {
        this.events.resource(this.stack, resource, 'CREATE_FAILED', 'Resource creation cancelled');
        this.failedToCreate.push(resource.logicalId);
      } else if (resource.status === 'UPDATE_IN_PROGRESS') {
        this.events.resource(this.stack, resource, 'UPDATE_FAILED', 'Resource update cancelled');
        this.failedToUpdate.push(resource.logicalId);
      }
    }
    this.abort.abort();
  }

  /** `The following resource(s) failed to create: [A, B]. ` and so on; empty when nothing failed. */
  get failure(): string {
    const sentence = (verb: string, names: readonly string[]) =>
      names.length > 0 ? `The following resource(s) failed to ${verb}: [${names.join(', ')}]. ` : '';
    return sentence('create', this.failedToCreate) + sentence('update', this.failedToUpdate) + sentence('delete', this.failedToDelete);
  }
}
