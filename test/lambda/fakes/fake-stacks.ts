import { FaultyService } from './faulty-service';
import { StackDescription, Stacks } from '../../../lambda/cloudformation/stack-phase';

/** One stack, in whatever state a test says. */
export class FakeStacks extends FaultyService implements Stacks {
  stack?: StackDescription = { status: 'CREATE_IN_PROGRESS' };

  async describe(): Promise<StackDescription | undefined> {
    return this.perform('DescribeStacks', () => this.stack);
  }
}
