import * as crypto from 'node:crypto';
import type { Place } from './backup';

const TYPES: readonly [prefix: RegExp, type: string][] = [
  [/^ec2:.*:volume\//, 'EBS'],
  [/^ec2:.*:instance\//, 'EC2'],
  [/^rds:.*:cluster:/, 'Aurora'],
  [/^rds:/, 'RDS'],
  [/^dynamodb:/, 'DynamoDB'],
  [/^elasticfilesystem:/, 'EFS'],
  [/^fsx:/, 'FSx'],
  [/^s3:/, 'S3'],
  [/^redshift:/, 'Redshift'],
];

/** What AWS Backup calls the type of a resource, by its ARN; for one that it does not know, the name of the service. */
export function resourceTypeOf(arn: string): string {
  const rest = arn.split(':').slice(2).join(':');
  return TYPES.find(([prefix]) => prefix.test(rest))?.[1] ?? rest.split(':')[0] ?? '';
}

/** A new ARN in the form of the resource's kind: volumes and instances have EC2's own, with a slash in it. */
export function recoveryPointArn({ partition, region, account }: Omit<Place, 'estate'>, resourceArn: string, continuous = false): string {
  const id = crypto.randomUUID();
  if (continuous) {
    const resource = resourceArn.slice(Math.max(resourceArn.lastIndexOf(':'), resourceArn.lastIndexOf('/')) + 1);
    return `arn:${partition}:backup:${region}:${account}:recovery-point:continuous:${resource}-${id.slice(0, 8)}`;
  }
  const ec2Id = `0${id.replace(/-/g, '').slice(0, 16)}`;
  switch (resourceTypeOf(resourceArn)) {
    case 'EBS':
      return `arn:${partition}:ec2:${region}::snapshot/snap-${ec2Id}`;
    case 'EC2':
      return `arn:${partition}:ec2:${region}::image/ami-${ec2Id}`;
    default:
      return `arn:${partition}:backup:${region}:${account}:recovery-point:${id}`;
  }
}
