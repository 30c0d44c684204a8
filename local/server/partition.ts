/**
 * The partitions besides `aws`, by how the names of their regions begin, as the SDKs' own list of partitions has them:
 * https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 */
const PARTITION_BY_PREFIX: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** What stands after `arn:` in the ARNs of a region: `aws`, `aws-cn`, `aws-us-gov`, … */
export function partitionOf(region: string): string {
  return PARTITION_BY_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
