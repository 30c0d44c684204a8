import { bucketTypes } from './bucket-types';
import { lambdaTypes } from './lambda-types';
import { logTypes } from './log-types';
import { networkTypes } from './network-types';
import { parameterType } from './parameter-type';
import { recordedTypes } from './recorded-types';
import { ResourceType } from '../cloudformation/resource-type';
import { FunctionStore } from '../lambda/function-store';
import { LogStore } from '../logs/log-store';
import { BucketStore } from '../s3/bucket-store';
import { World } from '../server/world';
import { ParameterStore } from '../ssm/parameter-store';

export { createEc2Service } from './ec2-service';
export { publish, snsOperations, SNS_XMLNS } from './sns';

/** The resource types of all services but IAM and Glacier, and those that belong to CloudFormation itself. */
export function resourceTypes(world: World): Map<string, ResourceType> {
  const buckets = new BucketStore(world);
  return new Map([
    ...lambdaTypes(new FunctionStore(world), buckets),
    ...logTypes(new LogStore(world)),
    ...bucketTypes(buckets),
    ['AWS::SSM::Parameter', parameterType(new ParameterStore(world))],
    ...networkTypes(),
    ...recordedTypes(),
  ]);
}
