import type { World } from '../../server/world';
import type { Json, Properties, ResourceResult } from '../resource-type';
import { ResourceFailure } from './engine-type';
import type { EngineResourceType, EngineScope } from './engine-type';
import type { EventLog } from './events';
import type { ResourceRecord, StackRecord } from './records';
import { resourceName } from './resource-name';
import type { Run } from './run';
import { sameJson } from './same-json';
import { resolve } from '../template/intrinsics';
import type { PreparedResource } from '../template/prepare';
import type { Values } from '../template/values';

const NATIVE_REPLACEMENT = 'Requested update requires the creation of a new physical resource; hence creating one.';

export type TypeLookup = (type: string) => EngineResourceType | undefined;

/** Creates, updates, restores and deletes one resource at a time, with the events that go with it. */
export class ResourceWorker {
  constructor(
    private readonly world: World,
    private readonly types: TypeLookup,
    private readonly events: EventLog,
  ) {}

  async create(run: Run, prepared: PreparedResource, values: Values): Promise<boolean> {
    const { stack } = run;
    const type = this.types(prepared.type);
    const record = this.newRecord(prepared);
    stack.resources[prepared.logicalId] = record;
    const problem = attempt(() => void (record.properties = resolvedProperties(prepared, values, type)));
    this.events.resource(stack, record, 'CREATE_IN_PROGRESS');
    const scope = this.scope(run, record);
    return this.settle(run, record, 'CREATE', async () => {
      if (problem) throw problem;
      const result = await known(type, prepared.type).create(record.properties, scope);
      scope.initiated(result.physicalId);
      apply(record, result);
    });
  }

  /** Brings an existing resource to the prepared properties; does nothing at all when they are the deployed ones. */
  async update(run: Run, prepared: PreparedResource, values: Values): Promise<boolean> {
    const { stack } = run;
    const update = stack.update!;
    const record = stack.resources[prepared.logicalId]!;
    const type = this.types(prepared.type);
    const before = structuredClone(record);
    update.before[prepared.logicalId] ??= before;
    let properties: Properties = {};
    const problem = attempt(() => void (properties = resolvedProperties(prepared, values, type)));
    const settled = record.status !== 'UPDATE_FAILED';
    const unchanged = !problem && settled && sameJson(properties, record.properties);
    if (!problem) Object.assign(record, attributesOf(prepared));
    if (unchanged) return true;
    this.events.resource(stack, record, 'UPDATE_IN_PROGRESS');
    return this.settle(run, record, 'UPDATE', async () => {
      if (problem) throw problem;
      const previous = record.properties;
      update.attempted[prepared.logicalId] = properties;
      const scope = this.scope(run, record);
      const result = await this.noting(run, before, properties, () =>
        known(type, prepared.type).update(record.physicalId ?? '', properties, previous, scope),
      );
      record.properties = properties;
      if (result.physicalId !== record.physicalId) {
        if (!scope.signal.aborted) this.events.resource(stack, record, 'UPDATE_IN_PROGRESS', type?.replacementReason ?? NATIVE_REPLACEMENT);
        update.replaced.push({ resource: before, policy: prepared.updateReplacePolicy });
      }
      apply(record, result);
    });
  }

  /** Takes the update of one resource back. */
  async restore(run: Run, logicalId: string): Promise<boolean> {
    const { stack } = run;
    const update = stack.update!;
    const before = update.before[logicalId];
    const record = stack.resources[logicalId];
    if (!before || !record) return true;
    const attempted = update.attempted[logicalId];
    const type = this.types(record.type);
    const replacedNatively = record.physicalId !== before.physicalId && !type?.replacementReason;
    if (!attempted || replacedNatively) {
      if (replacedNatively) update.abandoned.push({ resource: structuredClone(record), policy: record.deletionPolicy });
      const visible = Boolean(attempted) || record.status === 'UPDATE_FAILED';
      stack.resources[logicalId] = { ...before, status: 'UPDATE_COMPLETE' };
      if (visible) this.events.resource(stack, stack.resources[logicalId], 'UPDATE_COMPLETE');
      else stack.resources[logicalId].status = before.status;
      return true;
    }
    const current = structuredClone(record);
    Object.assign(record, { ...before, physicalId: record.physicalId, status: record.status });
    this.events.resource(stack, record, 'UPDATE_IN_PROGRESS');
    return this.settle(run, record, 'UPDATE', async () => {
      const implementation = known(type, record.type);
      const back = (implementation.rollback ?? implementation.update).bind(implementation);
      const result = await this.noting(run, before, before.properties, () =>
        back(current.physicalId ?? '', before.properties, attempted, this.scope(run, record)),
      );
      if (result.physicalId !== current.physicalId) {
        update.abandoned.push({ resource: { ...current, properties: attempted }, policy: 'Delete' });
      }
      apply(record, result);
      delete update.attempted[logicalId];
    });
  }

  /** Deletes a physical resource. One that never got a physical id is gone already. */
  async remove(run: Run, record: ResourceRecord): Promise<boolean> {
    const { stack } = run;
    if (record.physicalId === undefined) {
      this.events.resource(stack, record, 'DELETE_COMPLETE');
      return true;
    }
    this.events.resource(stack, record, 'DELETE_IN_PROGRESS');
    const physicalId = record.physicalId;
    return this.settle(run, record, 'DELETE', () =>
      known(this.types(record.type), record.type).delete(physicalId, record.properties, this.scope(run, record)),
    );
  }

  async commit(run: Run, record: ResourceRecord): Promise<void> {
    if (record.physicalId !== undefined) await this.types(record.type)?.commit?.(record.physicalId, this.scope(run, record));
  }

  /** An id that a failed update answered is not the resource's, and is deleted later. */
  private async noting(run: Run, before: ResourceRecord, sent: Properties, work: () => Promise<ResourceResult>): Promise<ResourceResult> {
    const update = run.stack.update!;
    try {
      return await work();
    } catch (error) {
      if (error instanceof ResourceFailure) {
        if (error.untouched) delete update.attempted[before.logicalId];
        const stray = error.physicalId;
        const current = run.stack.resources[before.logicalId]?.physicalId;
        if (stray !== undefined && stray !== current && stray !== before.physicalId) {
          update.abandoned.push({ resource: { ...before, physicalId: stray, properties: sent }, policy: 'Delete' });
        }
      }
      throw error;
    }
  }

  /** Runs the work and writes how it ended, unless the resource has been cancelled meanwhile. */
  private async settle(
    run: Run,
    record: ResourceRecord,
    verb: 'CREATE' | 'UPDATE' | 'DELETE',
    work: () => Promise<unknown>,
  ): Promise<boolean> {
    const cancelled = () => record.status !== `${verb}_IN_PROGRESS`;
    run.begin(record);
    try {
      await work();
      if (cancelled()) return false;
      this.events.resource(run.stack, record, `${verb}_COMPLETE`);
      return true;
    } catch (error) {
      if (verb === 'CREATE' && error instanceof ResourceFailure && error.physicalId !== undefined) record.physicalId = error.physicalId;
      if (cancelled()) return false;
      this.events.resource(run.stack, record, `${verb}_FAILED`, error instanceof Error ? error.message : String(error));
      const failed = { CREATE: run.failedToCreate, UPDATE: run.failedToUpdate, DELETE: run.failedToDelete }[verb];
      failed.push(record.logicalId);
      return false;
    } finally {
      run.end(record);
    }
  }

  private newRecord(prepared: PreparedResource): ResourceRecord {
    return {
      logicalId: prepared.logicalId,
      type: prepared.type,
      status: 'CREATE_IN_PROGRESS',
      timestamp: new Date(this.world.clock.now()).toISOString(),
      properties: {},
      attributes: {},
      ...attributesOf(prepared),
    };
  }

  private scope(run: Run, record: ResourceRecord): EngineScope {
    const { stack } = run;
    return {
      world: this.world,
      accountId: this.world.accountId,
      region: stack.region,
      partition: stack.stackId.split(':')[1] ?? 'aws',
      stackId: stack.stackId,
      stackName: stack.stackName,
      logicalId: record.logicalId,
      resourceType: record.type,
      generateName: (maxLength) => resourceName(stack.stackName, record.logicalId, maxLength),
      signal: run.signal,
      disableRollback: run.disableRollback,
      initiated: (physicalId) => {
        if (record.physicalId !== undefined) return;
        record.physicalId = physicalId;
        if (record.status === 'CREATE_IN_PROGRESS') {
          this.events.resource(stack, record, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
        }
      },
    };
  }
}

/** The template's own say about a resource, as far as the record keeps it. */
function attributesOf(
  prepared: PreparedResource,
): Pick<ResourceRecord, 'dependencies' | 'deletionPolicy' | 'updateReplacePolicy' | 'metadata'> {
  const { dependencies, deletionPolicy, updateReplacePolicy, metadata } = prepared;
  return { dependencies: [...dependencies], deletionPolicy, updateReplacePolicy, metadata };
}

function resolvedProperties(prepared: PreparedResource, values: Values, type: EngineResourceType | undefined): Properties {
  const resolved = (resolve(prepared.properties as Json, values) ?? {}) as Properties;
  return type?.normalise?.(resolved) ?? resolved;
}

function attempt(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return new ResourceFailure((error as Error).message, undefined, true);
  }
}

function known(type: EngineResourceType | undefined, name: string): EngineResourceType {
  if (type) return type;
  throw new ResourceFailure(
    `${name} is not supported by the local endpoint. docs/local-endpoint.md lists the resource types that it can make.`,
    undefined,
    true,
  );
}

function apply(record: ResourceRecord, result: ResourceResult): void {
  record.physicalId = result.physicalId;
  record.attributes = { ...(result.attributes as Properties | undefined) };
  if (result.noEcho) record.noEcho = true;
  else delete record.noEcho;
}

/** True when `stack` has a record of the resource that can be updated. */
export function updatable(stack: StackRecord, logicalId: string): boolean {
  const status = stack.resources[logicalId]?.status;
  return status !== undefined && status !== 'CREATE_FAILED' && !status.startsWith('DELETE_');
}
