import { Token } from 'aws-cdk-lib';

/** AWS General Reference, "Amazon Glacier endpoints and quotas"; it takes no new customers, so the list does not grow. */
const REGIONS = new Set([
  ...['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-southeast-3', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'me-south-1'],
  ...['sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
  ...['us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1'],
]);

/** Whether it is known that there is no Amazon Glacier in the region. */
export function lacksGlacier(region: string): boolean {
  return !Token.isUnresolved(region) && !REGIONS.has(region);
}
