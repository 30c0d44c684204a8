import { messageOf, nameOf } from './errors';
import { queryCall } from './query-request';
import { Stacks } from '../cloudformation/stack-phase';

/** `DescribeStacks`, of which two members matter. */
export function cloudFormationStacks(): Stacks {
  return {
    describe: async (stackId) => {
      try {
        const member = await queryCall('cloudformation', { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId });
        return { status: member('StackStatus') ?? '', lastUpdated: member('LastUpdatedTime') };
      } catch (error) {
        if (nameOf(error) === 'ValidationError' && /does not exist/.test(messageOf(error))) return undefined;
        throw error;
      }
    },
  };
}
