import { messageOf, nameOf } from './errors';
import { membersOf, queryCall, queryText } from './query-request';
import { Stacks } from '../cloudformation/stack-phase';

const VERSION = '2010-05-15';

/** Two operations, of whose answers a few members matter. */
export function cloudFormationStacks(): Stacks {
  return {
    describe: async (stackId) => {
      try {
        const member = await queryCall('cloudformation', { Action: 'DescribeStacks', Version: VERSION, StackName: stackId });
        return {
          status: member('StackStatus') ?? '',
          created: member('CreationTime'),
          lastUpdated: member('LastUpdatedTime'),
          rootId: member('RootId'),
        };
      } catch (error) {
        if (nameOf(error) === 'ValidationError' && /does not exist/.test(messageOf(error))) return undefined;
        throw error;
      }
    },
    statusBeforeDeletion: async (stackId) => {
      let nextToken: string | undefined;
      do {
        const page = await eventsOf(stackId, nextToken);
        const found = page.statuses.find((status) => !status.startsWith('DELETE_'));
        if (found) return found;
        nextToken = page.nextToken;
      } while (nextToken);
      return undefined;
    },
  };
}

/** What the stack itself came to, the latest first. */
async function eventsOf(
  stackId: string,
  nextToken?: string,
): Promise<{ readonly statuses: readonly string[]; readonly nextToken?: string }> {
  const parameters = { Action: 'DescribeStackEvents', Version: VERSION, StackName: stackId };
  const xml = await queryText('cloudformation', nextToken === undefined ? parameters : { ...parameters, NextToken: nextToken });
  const events = xml.split('<member>').slice(1).map(membersOf);
  const ofStack = events.filter((member) => member('PhysicalResourceId') === stackId);
  return { statuses: ofStack.map((member) => member('ResourceStatus') ?? ''), nextToken: membersOf(xml)('NextToken') };
}
