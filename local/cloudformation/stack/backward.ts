import type { EventLog } from './events';
import type { Leftover, ResourceRecord, StackRecord } from './records';
import type { ResourceWorker } from './resource-worker';
import type { Run } from './run';
import type { StackStore } from './stack-store';
import { walk } from './walk';
import type { Dependencies } from '../template/graph';
import { inOrder, reversed } from '../template/graph';

/** CloudFormation's words for a resource that a continued rollback leaves alone; the CDK CLI looks for them. */
const SKIPPED = 'Resource skipped during UpdateRollback';

/** Takes things away: rollback, cleanup, deletion. */
export class Backward {
  constructor(
    private readonly store: StackStore,
    private readonly events: EventLog,
    private readonly worker: ResourceWorker,
    /** `forward`: a rollback updates dependencies before dependants. Default: dependants first. */
    private readonly rollbackOrder: string | undefined,
  ) {}

  /** Deletes all resources of a stack, dependants first. @param retain logical ids that are left alone. */
  async removeAll(run: Run, retained: (resource: ResourceRecord) => boolean): Promise<void> {
    const { stack } = run;
    const there = Object.values(stack.resources).filter(({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED');
    await this.remove(there, async (resource) => {
      if (!retained(resource) || resource.physicalId === undefined) return this.worker.remove(run, resource);
      this.events.resource(stack, resource, 'DELETE_SKIPPED');
      return true;
    });
  }

  /** After a successful update: deletes what was replaced or is no longer in the template. Failures are reported and ignored. */
  async cleanUpAfterUpdate(run: Run, inTemplate: (logicalId: string) => boolean): Promise<void> {
    const { stack } = run;
    const update = stack.update!;
    for (const logicalId of Object.keys(update.before)) {
      const resource = stack.resources[logicalId];
      if (resource) await this.worker.commit(run, resource);
    }
    const gone = Object.values(stack.resources).filter(({ logicalId }) => !inTemplate(logicalId));
    const leftovers: Leftover[] = [
      ...update.replaced,
      ...update.abandoned,
      ...gone.map((resource) => ({ resource, policy: resource.deletionPolicy })),
    ];
    await this.dispose(
      run,
      unused(
        leftovers,
        Object.values(stack.resources).filter((resource) => !gone.includes(resource)),
      ),
      (policy) => policy !== 'Delete',
    );
    for (const { logicalId } of gone) delete stack.resources[logicalId];
    this.store.changed();
  }

  /** Takes an update back resource by resource. @returns true when nothing has failed. */
  async restoreAll(run: Run, skip: readonly string[]): Promise<boolean> {
    const { stack } = run;
    const update = stack.update!;
    const changed = Object.values(update.before).filter((before) => before !== null);
    const edges = new Map(changed.map((before): [string, readonly string[]] => [before.logicalId, before.dependencies]));
    await walk(
      this.rollbackOrder === 'forward' ? edges : reversed(edges),
      async (logicalId) => {
        if (!skip.includes(logicalId)) {
          if (!(await this.worker.restore(run, logicalId))) return false;
        } else {
          this.skip(stack, logicalId);
        }
        delete update.before[logicalId];
        return true;
      },
      { onFailure: 'stop' },
    );
    return run.failure === '';
  }

  /** After a rollback: deletes what the update had created. Failures are reported and ignored. */
  async cleanUpAfterRollback(run: Run): Promise<void> {
    const { stack } = run;
    const update = stack.update!;
    const created = Object.keys(update.before).flatMap((logicalId) => stack.resources[logicalId] ?? []);
    const kept = Object.values(stack.resources).filter((resource) => !created.includes(resource));
    const leftovers = [
      ...unused([...update.abandoned, ...intermediate(update.replaced)], kept),
      ...created.map((resource): Leftover => ({ resource, policy: resource.deletionPolicy })),
    ];
    await this.dispose(run, leftovers, (policy) => policy === 'Retain');
    for (const { logicalId } of created) delete stack.resources[logicalId];
    this.store.changed();
  }

  private async dispose(run: Run, leftovers: readonly Leftover[], retained: (policy: Leftover['policy']) => boolean): Promise<void> {
    // Several leftovers can share a logical id: each id is worked on once, one physical resource after the other.
    const policies = new Map(leftovers.map(({ resource, policy }) => [resource, policy]));
    await this.remove(
      leftovers.map(({ resource }) => resource),
      async (resource) => {
        if (!retained(policies.get(resource) ?? 'Delete')) await this.worker.remove(run, resource);
        else if (resource.physicalId !== undefined) this.events.resource(run.stack, resource, 'DELETE_SKIPPED');
        return true;
      },
    );
  }

  private async remove(resources: readonly ResourceRecord[], work: (resource: ResourceRecord) => Promise<boolean>): Promise<void> {
    const byId = new Map<string, ResourceRecord[]>();
    for (const resource of resources) byId.set(resource.logicalId, [...(byId.get(resource.logicalId) ?? []), resource]);
    const edges: Dependencies = new Map(
      [...byId].map(([logicalId, same]) => [logicalId, same.flatMap(({ dependencies }) => dependencies)]),
    );
    // A later template may turn an edge round that an earlier one had; an order that breaks such a cycle is as good as any.
    const order = inOrder(edges);
    const acyclic = new Map(order.map((id, index) => [id, (edges.get(id) ?? []).filter((needed) => order.indexOf(needed) < index)]));
    const removal = reversed(acyclic);
    const backwards = new Map([...removal].reverse());
    await walk(
      backwards,
      async (logicalId) => {
        let succeeded = true;
        for (const resource of byId.get(logicalId) ?? []) succeeded = (await work(resource)) && succeeded;
        return succeeded;
      },
      { onFailure: 'continue' },
    );
  }

  private skip(stack: StackRecord, logicalId: string): void {
    const before = stack.update!.before[logicalId];
    if (!before) return;
    stack.resources[logicalId] = { ...before, physicalId: stack.resources[logicalId]?.physicalId, status: 'UPDATE_COMPLETE' };
    this.events.resource(stack, stack.resources[logicalId], 'UPDATE_COMPLETE', SKIPPED);
  }
}

/** The leftovers that are no longer, and not again, what a resource of the stack is. */
function unused(leftovers: readonly Leftover[], resources: readonly ResourceRecord[]): Leftover[] {
  const inUse = new Set(resources.map(identity));
  return leftovers.filter(({ resource }) => !inUse.has(identity(resource)));
}

/** What retries of a failed update had made and replaced again: all but the first replaced of each resource, which was there before. */
function intermediate(replaced: readonly Leftover[]): Leftover[] {
  const first = new Map([...replaced].reverse().map((leftover) => [leftover.resource.logicalId, leftover]));
  return replaced.filter((leftover) => first.get(leftover.resource.logicalId) !== leftover);
}

function identity(resource: ResourceRecord): string {
  return `${resource.logicalId}|${resource.physicalId ?? ''}`;
}
