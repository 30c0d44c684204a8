import * as crypto from 'node:crypto';
import type { ChangeSetRecord, CloudFormationState, StackRecord } from './records';
import { partitionOf } from '../../server/partition';
import type { World } from '../../server/world';
import type { Template } from '../template/model';
import { parseTemplate } from '../template/parse';

/** How many deleted stacks stay readable by ARN. */
const DELETED_STACKS_KEPT = 100;

/** The stacks and change sets in the world's state, found the way the API names them. */
export class StackStore {
  constructor(private readonly world: World) {}

  get state(): CloudFormationState {
    return this.world.state.slice<CloudFormationState>('cloudformation', () => ({ stacks: {}, changeSets: {}, lastEventAt: 0 }));
  }

  changed(): void {
    this.world.state.changed();
  }

  /** By ARN, also when it is deleted; by name only while it exists. */
  find(nameOrArn: string, region: string): StackRecord | undefined {
    const byArn = this.state.stacks[nameOrArn];
    if (byArn) return byArn;
    return this.all(region).find((stack) => stack.stackName === nameOrArn && stack.status !== 'DELETE_COMPLETE');
  }

  all(region: string): StackRecord[] {
    return Object.values(this.state.stacks).filter((stack) => stack.region === region);
  }

  get(stackId: string): StackRecord {
    const stack = this.state.stacks[stackId];
    if (!stack) throw new Error(`Stack [${stackId}] does not exist`);
    return stack;
  }

  add(stack: StackRecord): StackRecord {
    const deleted = Object.values(this.state.stacks).filter(({ status }) => status === 'DELETE_COMPLETE');
    for (const old of deleted.slice(0, Math.max(0, deleted.length - DELETED_STACKS_KEPT))) delete this.state.stacks[old.stackId];
    this.state.stacks[stack.stackId] = stack;
    this.changed();
    return stack;
  }

  remove(stack: StackRecord): void {
    delete this.state.stacks[stack.stackId];
    this.changed();
  }

  /** A new record in REVIEW_IN_PROGRESS with nothing in it. */
  newStack(fields: Pick<StackRecord, 'stackName' | 'region'> & Partial<StackRecord>): StackRecord {
    const { partition } = this.environmentOf(fields.region);
    const stackId = `arn:${partition}:cloudformation:${fields.region}:${this.world.accountId}:stack/${fields.stackName}/${crypto.randomUUID()}`;
    return this.add({
      stackId,
      createdAt: new Date(this.world.clock.now()).toISOString(),
      status: 'REVIEW_IN_PROGRESS',
      capabilities: [],
      notificationArns: [],
      disableRollback: false,
      terminationProtection: false,
      resources: {},
      outputs: [],
      imports: [],
      events: [],
      operations: [],
      ...fields,
    });
  }

  environmentOf(region: string): { accountId: string; partition: string } {
    return { accountId: this.world.accountId, partition: partitionOf(region) };
  }

  /** Keeps a template body; returns the name to get it back by. */
  keepTemplate(body: string): string {
    const name = `cloudformation-template-${crypto.createHash('sha256').update(body).digest('hex')}`;
    if (!this.world.state.blobs.get(name)) this.world.state.blobs.put(name, Buffer.from(body, 'utf8'));
    return name;
  }

  templateBody(name: string): string {
    const body = this.world.state.blobs.get(name);
    if (!body) throw new Error(`The template ${name} is missing from the state folder.`);
    return body.toString('utf8');
  }

  template(name: string): Template {
    return parseTemplate(this.templateBody(name));
  }

  changeSetsOf(stackId: string): ChangeSetRecord[] {
    return Object.values(this.state.changeSets).filter((changeSet) => changeSet.stackId === stackId);
  }

  /** All exports of a region: name -> value and the stack that exports it. */
  exports(region: string): Map<string, { value: string; stack: StackRecord }> {
    const found = new Map<string, { value: string; stack: StackRecord }>();
    for (const stack of this.all(region)) {
      if (stack.status === 'DELETE_COMPLETE') continue;
      for (const output of stack.outputs) if (output.exportName) found.set(output.exportName, { value: output.value, stack });
    }
    return found;
  }

  importersOf(exportName: string, region: string): StackRecord[] {
    return this.all(region).filter((stack) => stack.status !== 'DELETE_COMPLETE' && stack.imports.includes(exportName));
  }
}
