import type { Json, Properties, ResourceResult } from '../resource-type';
import type { Deployments } from './deployments';
import { ResourceFailure } from './engine-type';
import type { EngineResourceType, EngineScope } from './engine-type';
import type { Deployment, StackRecord } from './records';
import { sameJson } from './same-json';
import type { StackLife } from './stack-life';
import type { StackStore } from './stack-store';
import type { GivenParameter } from '../template/parameters';

/** AWS::CloudFormation::Stack: a stack as a resource of another one. */
export class NestedStack implements EngineResourceType {
  constructor(
    private readonly store: StackStore,
    private readonly deployments: Deployments,
    private readonly life: StackLife,
    private readonly readTemplate: (url: string) => string | Promise<string>,
  ) {}

  async create(properties: Properties, scope: EngineScope): Promise<ResourceResult> {
    const parent = this.store.get(scope.stackId);
    const deployment = await this.deployment({ region: scope.region }, properties);
    const child = this.store.newStack({
      stackName: scope.generateName(128),
      region: scope.region,
      parentId: scope.stackId,
      rootId: parent.rootId ?? parent.stackId,
      capabilities: parent.capabilities,
    });
    scope.initiated(child.stackId);
    this.life.newOperation(child, 'CREATE_STACK');
    const reason = await this.following(child, scope, () =>
      this.life.create(child, deployment, scope.disableRollback ? 'DO_NOTHING' : 'ROLLBACK'),
    );
    if (reason !== undefined) {
      throw new ResourceFailure(`Embedded stack ${child.stackId} was not successfully created: ${reason}`, child.stackId);
    }
    return result(child);
  }

  async update(physicalId: string, properties: Properties, _previous: Properties, scope: EngineScope): Promise<ResourceResult> {
    const child = this.store.get(physicalId);
    // What an earlier update of the parent left uncommitted belongs to a parent that has moved on.
    if (child.status === 'UPDATE_COMPLETE') await this.life.finishUpdate(child);
    const deployment = await this.deployment(child, properties);
    if (child.status.endsWith('_COMPLETE') && sameJson(deployment as unknown as Json, child.deployed as unknown as Json)) {
      return result(child);
    }
    this.life.newOperation(child, 'UPDATE_STACK');
    const options = { disableRollback: scope.disableRollback, nested: true };
    const reason = await this.following(child, scope, () => this.life.update(child, deployment, options));
    if (reason !== undefined) {
      throw new ResourceFailure(
        `Embedded stack ${child.stackId} was not successfully updated. Currently in ${child.status} with reason: ${reason}`,
      );
    }
    return result(child);
  }

  async rollback(physicalId: string): Promise<ResourceResult> {
    const child = this.store.get(physicalId);
    if (child.update) {
      this.life.newOperation(child, 'ROLLBACK');
      await this.life.rollBackUpdate(child, [], 'Rollback requested by the parent stack.');
    }
    if (child.status === 'UPDATE_ROLLBACK_FAILED') {
      throw new ResourceFailure(`Embedded stack ${child.stackId} was not successfully rolled back: ${child.statusReason ?? ''}`);
    }
    return result(child);
  }

  async commit(physicalId: string): Promise<void> {
    await this.life.finishUpdate(this.store.get(physicalId));
  }

  async delete(physicalId: string): Promise<void> {
    const child = this.store.state.stacks[physicalId];
    if (!child || child.status === 'DELETE_COMPLETE') return;
    this.life.newOperation(child, 'DELETE_STACK');
    await this.life.remove(child, []);
    if (String(child.status) !== 'DELETE_COMPLETE') {
      throw new ResourceFailure(`Embedded stack ${child.stackId} was not successfully deleted: ${child.statusReason ?? ''}`);
    }
  }

  private async deployment(stack: Pick<StackRecord, 'region' | 'deployed'>, properties: Properties): Promise<Deployment> {
    const url = properties.TemplateURL;
    if (typeof url !== 'string') {
      throw new ResourceFailure('Property validation failure: [The property {/TemplateURL} is required]', undefined, true);
    }
    const given = Object.entries((properties.Parameters ?? {}) as Properties).map(([key, value]): GivenParameter => ({
      key,
      value: asText(value),
    }));
    return this.deployments.make({ region: stack.region }, { body: await this.readTemplate(url), parameters: given, tags: {} });
  }

  /** The child stops when nobody waits for it any more. */
  private async following<T>(child: StackRecord, scope: EngineScope, work: () => Promise<T>): Promise<T> {
    const stop = () => void this.life.cancel(child);
    scope.signal.addEventListener('abort', stop, { once: true });
    try {
      return await work();
    } finally {
      scope.signal.removeEventListener('abort', stop);
    }
  }
}

function asText(value: Json): string {
  return Array.isArray(value) ? value.map(String).join(',') : String(value);
}

function result(child: StackRecord): ResourceResult {
  return { physicalId: child.stackId, attributes: Object.fromEntries(child.outputs.map(({ key, value }) => [`Outputs.${key}`, value])) };
}
