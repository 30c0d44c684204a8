import type { ResourceScope } from '../../../local/cloudformation/resource-type';
import type { World } from '../../../local/server/world';

/** The circumstances of a resource `logicalId` in the stack `Demo`; names are generated in order: `Demo-<logicalId>-1`, … */
export function resourceScope(world: World, logicalId: string, resourceType: string): ResourceScope {
  let made = 0;
  return {
    world,
    accountId: world.accountId,
    region: 'eu-central-1',
    partition: 'aws',
    stackId: `arn:aws:cloudformation:eu-central-1:${world.accountId}:stack/Demo/1`,
    stackName: 'Demo',
    logicalId,
    resourceType,
    generateName: (maxLength = 255) => `Demo-${logicalId}-${(made += 1)}`.slice(0, maxLength),
  };
}
