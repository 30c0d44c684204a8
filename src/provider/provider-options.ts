import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * What may be chosen about a Lambda function of the library.
 *
 * A picked set of `lambda.FunctionOptions`: nothing in it changes what the function does or the ARN that it is called by.
 */
export interface ProviderOptions {
  /**
   * The VPC that the function runs in.
   *
   * From there it must reach what it serves (Glacier and Systems Manager; or AWS Backup in the regions of the vaults, and STS to assume
   * a role), CloudFormation and the S3 endpoint that CloudFormation's response URL points to: through a NAT gateway, or through
   * interface endpoints. Without a way to S3 every deployment waits for its timeout.
   *
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of `vpc` that the function runs in.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function. Only together with `vpc`.
   *
   * @default - a new security group that allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role that the function runs under. It must be assumable by `lambda.amazonaws.com`.
   *
   * The library adds its statements to it. A role that does not take policy updates (`withoutPolicyUpdates()`) has to have them already.
   *
   * @default - a new role with exactly the permissions that the stack's resources of the library need
   */
  readonly role?: iam.IRole;

  /**
   * Where the function logs to.
   *
   * @default - a new log group that keeps its entries for one year and outlives the stack: it tells how a lock came to be
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The key that encrypts the function's environment.
   *
   * @default - a key managed by AWS
   */
  readonly environmentEncryption?: kms.IKey;

  /**
   * The function's memory, in MiB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How many copies of the function may run at the same time, and are set aside for it.
   *
   * CloudFormation works on many resources at once. Events that find no free copy wait; one that waits for more than
   * 10 minutes is dropped and its resource fails.
   *
   * @default - no reservation: the account's unreserved concurrency
   */
  readonly reservedConcurrentExecutions?: number;
}

/**
 * What may be chosen about the Lambda function that serves all Glacier vaults and locks of a stack.
 */
export interface GlacierProviderOptions extends ProviderOptions {}

/**
 * What may be chosen about the Lambda function that serves all locks and access policies of AWS Backup vaults of a stack.
 */
export interface BackupProviderOptions extends ProviderOptions {}
