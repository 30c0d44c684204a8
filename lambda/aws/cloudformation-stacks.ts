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
    statusBeforeDeletion: async (stackId) =>
      (await lastEvent(stackId, ({ of, status }) => of === stackId && !status.startsWith('DELETE_')))?.status,
    rollbackBegan: async (stackId) =>
      (await lastEvent(stackId, ({ of, status }) => of === stackId && status.endsWith('ROLLBACK_IN_PROGRESS')))?.at,
    resourceStatus: async (stackId, logicalId) =>
      (await lastEvent(stackId, ({ of, logicalId: name }) => of !== stackId && name === logicalId))?.status,
  };
}

interface StackEvent {
  /** Physical id; that of the stack for what it came to itself. */
  readonly of?: string;
  readonly logicalId?: string;
  readonly status: string;
  /** ISO 8601. */
  readonly at?: string;
}

/** @returns the last one of that kind, however many there are */
async function lastEvent(stackId: string, isIt: (event: StackEvent) => boolean): Promise<StackEvent | undefined> {
  const call = { Action: 'DescribeStackEvents', Version: VERSION, StackName: stackId };
  let nextToken: string | undefined;
  do {
    const xml = await queryText('cloudformation', nextToken === undefined ? call : { ...call, NextToken: nextToken });
    const found = xml.split('<member>').slice(1).map(eventOf).find(isIt);
    if (found) return found;
    nextToken = membersOf(xml)('NextToken');
  } while (nextToken);
  return undefined;
}

function eventOf(xml: string): StackEvent {
  const member = membersOf(xml);
  const status = member('ResourceStatus') ?? '';
  return { of: member('PhysicalResourceId'), logicalId: member('LogicalResourceId'), status, at: member('Timestamp') };
}
