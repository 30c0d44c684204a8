import { FaultyService } from './faulty-service';
import { StackDescription, Stacks } from '../../../lambda/cloudformation/stack-phase';

/** One stack, in whatever state a test says. */
export class FakeStacks extends FaultyService implements Stacks {
  stack?: StackDescription = { status: 'CREATE_IN_PROGRESS' };

  /** The stack that this one is nested in, if it is. */
  root?: StackDescription;
  /** What the outermost stack had come to when it was to be deleted. */
  beforeDeletion = 'CREATE_COMPLETE';
  /** When it began to roll back, ISO 8601. */
  turned?: string;
  /** What the resource in question has come to. */
  resource?: string;

  async describe(stackId = ''): Promise<StackDescription | undefined> {
    return this.perform('DescribeStacks', () => (this.root && stackId === this.stack?.rootId ? this.root : this.stack));
  }

  async statusBeforeDeletion(): Promise<string | undefined> {
    return this.perform('DescribeStackEvents', () => this.beforeDeletion);
  }

  async rollbackBegan(): Promise<string | undefined> {
    return this.perform('DescribeStackEvents', () => this.turned);
  }

  async resourceStatus(): Promise<string | undefined> {
    return this.perform('DescribeStackEvents', () => this.resource);
  }
}
