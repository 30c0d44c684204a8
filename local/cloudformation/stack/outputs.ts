import type { OutputRecord, StackRecord } from './records';
import type { StackStore } from './stack-store';
import { resolve } from '../template/intrinsics';
import type { PreparedTemplate } from '../template/prepare';
import type { Values } from '../template/values';

/** The outputs of a stack whose resources are done. @throws Error with the stack's status reason. */
export function outputsOf(prepared: PreparedTemplate, values: Values): OutputRecord[] {
  return [...prepared.outputs].map(([key, output]) => ({
    key,
    value: outputText(resolve(output.Value, values), key),
    ...(output.Description === undefined ? {} : { description: output.Description }),
    ...(output.Export === undefined ? {} : { exportName: outputText(resolve(output.Export.Name, values), key) }),
  }));
}

function outputText(value: unknown, key: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`);
}

/** Why `outputs` may not become the stack's exports; undefined when they may. */
export function exportConflict(store: StackStore, stack: StackRecord, outputs: readonly OutputRecord[]): string | undefined {
  const exported = store.exports(stack.region);
  for (const { exportName } of outputs) {
    const holder = exportName === undefined ? undefined : exported.get(exportName)?.stack;
    if (holder && holder.stackId !== stack.stackId) {
      return `Export with name ${exportName} is already exported by stack ${holder.stackName}`;
    }
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const now = outputs.find((output) => output.exportName === exportName);
    if (now?.value === value) continue;
    const users = importers(store, stack, exportName);
    if (users) return `Export ${exportName} cannot be ${now ? 'updated' : 'deleted'} as it is in use by ${users}`;
  }
  return undefined;
}

/** Why the stack cannot be deleted: another one imports what it exports. */
export function exportInUse(store: StackStore, stack: StackRecord): string | undefined {
  return exportConflict(store, stack, []);
}

function importers(store: StackStore, stack: StackRecord, exportName: string): string {
  return store
    .importersOf(exportName, stack.region)
    .filter(({ stackId }) => stackId !== stack.stackId)
    .map(({ stackName }) => stackName)
    .join(' and ');
}
