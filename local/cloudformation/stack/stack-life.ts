import * as crypto from 'node:crypto';
import type { Backward } from './backward';
import type { Deployments } from './deployments';
import type { EventLog } from './events';
import type { Forward } from './forward';
import { exportInUse } from './outputs';
import type { Deployment, StackRecord } from './records';
import { Run } from './run';
import type { StackStore } from './stack-store';
import type { World } from '../../server/world';

/** Older operations of a stack are forgotten. */
const OPERATIONS_KEPT = 50;

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

export interface UpdateOptions {
  readonly disableRollback: boolean;
  /** A nested stack keeps its way back until the root stack has succeeded. */
  readonly nested?: boolean;
}

/**
 * The states of a stack and the ways between them. Each method runs to the end of the operation; the first status is set before it
 * waits for anything.
 */
export class StackLife {
  private readonly forwardRuns = new Map<string, Run>();

  constructor(
    private readonly world: World,
    private readonly store: StackStore,
    private readonly deployments: Deployments,
    private readonly events: EventLog,
    private readonly forward: Forward,
    private readonly backward: Backward,
  ) {}

  /** @returns why it failed; undefined when the stack is CREATE_COMPLETE. */
  async create(stack: StackRecord, deployment: Deployment, onFailure: OnFailure): Promise<string | undefined> {
    stack.deployed = deployment;
    stack.disableRollback = onFailure === 'DO_NOTHING';
    this.events.stack(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    const reason = await this.goForward(stack, deployment, onFailure === 'DO_NOTHING');
    if (reason === undefined) this.events.stack(stack, 'CREATE_COMPLETE');
    else if (onFailure === 'DO_NOTHING') this.events.stack(stack, 'CREATE_FAILED', reason);
    else if (onFailure === 'DELETE') await this.remove(stack, [], `${reason.trimEnd()} Delete requested by user.`);
    else await this.rollBackCreate(stack, `${reason.trimEnd()} Rollback requested by user.`);
    return reason;
  }

  /** @returns why it failed; undefined when the stack is UPDATE_COMPLETE. */
  async update(stack: StackRecord, deployment: Deployment, options: UpdateOptions): Promise<string | undefined> {
    stack.update ??= {
      previous: stack.deployed,
      previousOutputs: stack.outputs,
      previousImports: stack.imports,
      before: {},
      attempted: {},
      replaced: [],
      abandoned: [],
    };
    stack.deployed = deployment;
    stack.disableRollback = options.disableRollback;
    stack.updatedAt = this.now();
    this.events.stack(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
    const reason = await this.goForward(stack, deployment, options.disableRollback);
    if (reason === undefined && options.nested) {
      this.events.stack(stack, 'UPDATE_COMPLETE');
    } else if (reason === undefined) {
      await this.finishUpdate(stack);
    } else if (options.disableRollback) {
      this.events.stack(stack, 'UPDATE_FAILED', reason);
    } else {
      this.newOperation(stack, 'ROLLBACK');
      await this.rollBackUpdate(stack, [], reason);
    }
    return reason;
  }

  /** The cleanup phase of an update that has succeeded. */
  async finishUpdate(stack: StackRecord): Promise<void> {
    if (!stack.update || !stack.deployed) return;
    this.events.stack(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    const prepared = this.deployments.prepare(stack, stack.deployed);
    await this.backward.cleanUpAfterUpdate(this.run(stack), (logicalId) => prepared.resources.has(logicalId));
    delete stack.update;
    this.events.stack(stack, 'UPDATE_COMPLETE');
  }

  /** @param skip logical ids that stay as they are. */
  async rollBackUpdate(stack: StackRecord, skip: readonly string[], reason: string): Promise<void> {
    this.events.stack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const run = this.run(stack);
    if (stack.update && !(await this.backward.restoreAll(run, skip))) {
      this.events.stack(stack, 'UPDATE_ROLLBACK_FAILED', run.failure);
      return;
    }
    this.events.stack(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    if (stack.update) {
      await this.backward.cleanUpAfterRollback(this.run(stack));
      stack.deployed = stack.update.previous ?? stack.deployed;
      stack.outputs = stack.update.previousOutputs;
      stack.imports = stack.update.previousImports;
      delete stack.update;
    }
    this.events.stack(stack, 'UPDATE_ROLLBACK_COMPLETE');
  }

  async rollBackCreate(stack: StackRecord, reason: string): Promise<void> {
    this.newOperation(stack, 'ROLLBACK');
    this.events.stack(stack, 'ROLLBACK_IN_PROGRESS', reason);
    const run = this.run(stack);
    await this.backward.removeAll(run, ({ deletionPolicy }) => deletionPolicy === 'Retain');
    stack.outputs = [];
    stack.imports = [];
    if (run.failure) this.events.stack(stack, 'ROLLBACK_FAILED', run.failure);
    else this.events.stack(stack, 'ROLLBACK_COMPLETE');
  }

  /** @param retain logical ids that are not deleted whatever their policy says; `all-that-fail` keeps what cannot be deleted. */
  async remove(stack: StackRecord, retain: readonly string[] | 'all-that-fail', reason = 'User Initiated'): Promise<void> {
    const before = stack.status;
    this.events.stack(stack, 'DELETE_IN_PROGRESS', reason);
    const inUse = exportInUse(this.store, stack);
    if (inUse) {
      // The stack is what it was; only its reason tells.
      this.events.stack(stack, before, inUse);
      return;
    }
    const kept = retain === 'all-that-fail' ? [] : retain;
    const run = this.run(stack);
    await this.backward.removeAll(run, ({ logicalId, deletionPolicy }) => kept.includes(logicalId) || deletionPolicy !== 'Delete');
    if (run.failure && retain !== 'all-that-fail') {
      this.events.stack(stack, 'DELETE_FAILED', run.failure);
      return;
    }
    stack.outputs = [];
    stack.imports = [];
    stack.deletedAt = this.now();
    delete stack.update;
    for (const { id } of this.store.changeSetsOf(stack.stackId)) delete this.store.state.changeSets[id];
    this.events.stack(stack, 'DELETE_COMPLETE');
  }

  /** Stops a forward operation; it then rolls back as after a failure. @returns false when none is running. */
  cancel(stack: StackRecord): boolean {
    const run = this.forwardRuns.get(stack.stackId);
    run?.cancel();
    return run !== undefined;
  }

  newOperation(stack: StackRecord, type: string, token?: string): void {
    stack.operations = [
      ...stack.operations.slice(1 - OPERATIONS_KEPT),
      { id: crypto.randomUUID(), type, ...(token === undefined ? {} : { token }) },
    ];
  }

  private async goForward(stack: StackRecord, deployment: Deployment, disableRollback: boolean): Promise<string | undefined> {
    const run = this.run(stack, disableRollback);
    this.forwardRuns.set(stack.stackId, run);
    try {
      const prepared = this.deployments.prepare(stack, deployment);
      stack.description = prepared.template.Description;
      return await this.forward.run(run, prepared);
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.forwardRuns.delete(stack.stackId);
    }
  }

  private run(stack: StackRecord, disableRollback = false): Run {
    return new Run(stack, disableRollback, this.events);
  }

  private now(): string {
    return new Date(this.world.clock.now()).toISOString();
  }
}
