import { outputsOf, exportConflict } from './outputs';
import { updatable } from './resource-worker';
import type { ResourceWorker } from './resource-worker';
import type { Run } from './run';
import type { StackStore } from './stack-store';
import { stackValues } from './stack-values';
import { walk } from './walk';
import type { PreparedResource, PreparedTemplate } from '../template/prepare';
import type { Values } from '../template/values';

export type SsmValue = (name: string, region: string) => string | undefined;

/** Brings a stack's resources to what a template says, up to the point where nothing old has been deleted yet. */
export class Forward {
  constructor(
    private readonly store: StackStore,
    private readonly worker: ResourceWorker,
    private readonly ssm: SsmValue,
  ) {}

  /** @returns the reason why it has failed, undefined when everything is done. */
  async run(run: Run, prepared: PreparedTemplate): Promise<string | undefined> {
    const { stack } = run;
    const imports = new Set<string>();
    const values = stackValues(prepared, stack, {
      ssm: (name) => this.ssm(name, stack.region),
      exported: (name) => {
        imports.add(name);
        return this.store.exports(stack.region).get(name)?.value;
      },
    });
    const dependencies = new Map([...prepared.resources].map(([logicalId, resource]) => [logicalId, resource.dependencies]));
    await walk(dependencies, (logicalId) => this.provision(run, prepared.resources.get(logicalId)!, values), {
      onFailure: run.disableRollback ? 'continue' : 'stop',
      onStop: () => run.cancel(),
      stopped: () => run.signal.aborted,
    });
    const reason = run.failure || (run.signal.aborted ? 'User Initiated' : this.publish(run, prepared, values));
    stack.imports = [...imports];
    this.store.changed();
    return reason;
  }

  private async provision(run: Run, prepared: PreparedResource, values: Values): Promise<boolean> {
    const { stack } = run;
    const { logicalId } = prepared;
    if (updatable(stack, logicalId)) return this.worker.update(run, prepared, values);
    const failed = stack.resources[logicalId];
    if (failed?.physicalId !== undefined && !failed.status.startsWith('DELETE_') && !(await this.worker.remove(run, failed))) return false;
    if (stack.update) stack.update.before[logicalId] ??= null;
    return this.worker.create(run, prepared, values);
  }

  private publish(run: Run, prepared: PreparedTemplate, values: Values): string | undefined {
    try {
      const outputs = outputsOf(prepared, values);
      const conflict = exportConflict(this.store, run.stack, outputs);
      if (conflict) return conflict;
      run.stack.outputs = outputs;
      this.store.changed();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
