import { createJsonService } from '../protocol/json-protocol';
import { AwsService } from '../server/service';
import { World } from '../server/world';

/** CloudTrail keeps no events here; the CDK CLI asks after a failed deployment and is content with an empty list. */
export function createCloudTrailService(world: World): AwsService {
  return createJsonService({
    names: ['cloudtrail'],
    targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
    world,
    operations: { LookupEvents: () => ({ Events: [] }) },
  });
}
