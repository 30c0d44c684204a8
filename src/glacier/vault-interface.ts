import type { IResource } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A vault of Amazon Glacier (the vault-based service, not an S3 storage class).
 */
export interface IGlacierVault extends IResource {
  /**
   * The vault's name.
   *
   * @attribute
   */
  readonly vaultName: string;

  /**
   * The vault's ARN: `arn:<partition>:glacier:<region>:<account>:vaults/<name>`.
   *
   * @attribute
   */
  readonly vaultArn: string;

  /**
   * Lets a principal call the given Glacier actions on this vault.
   *
   * The permission goes to the principal's own policy. A principal of another account, or one that takes no policies, is also
   * named in the vault's access policy, if this app defines the vault.
   *
   * @param grantee who
   * @param actions e.g. `glacier:DescribeVault`
   */
  grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant;

  /**
   * Lets a principal upload archives, in one piece or in parts.
   *
   * @param grantee who
   */
  grantUpload(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets a principal retrieve archives and the vault's inventory. The vault's owner pays for retrievals.
   *
   * @param grantee who
   */
  grantRetrieve(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets a principal delete archives, as far as a vault lock allows.
   *
   * @param grantee who
   */
  grantDelete(grantee: iam.IGrantable): iam.Grant;
}
