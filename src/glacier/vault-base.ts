import type { ResourceProps } from 'aws-cdk-lib';
import { Annotations, Resource, Token, TokenComparison } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { IGlacierVault } from './vault-interface';

/** What an upload takes, in one piece or in parts. */
export const UPLOADS = [
  'glacier:UploadArchive',
  'glacier:InitiateMultipartUpload',
  'glacier:UploadMultipartPart',
  'glacier:CompleteMultipartUpload',
  'glacier:AbortMultipartUpload',
];
const UPLOAD_ACTIONS = ['glacier:DescribeVault', ...UPLOADS, 'glacier:ListParts', 'glacier:ListMultipartUploads'];
const RETRIEVE_ACTIONS = [
  'glacier:DescribeVault',
  'glacier:InitiateJob',
  'glacier:DescribeJob',
  'glacier:ListJobs',
  'glacier:GetJobOutput',
];
const DELETE_ACTIONS = ['glacier:DeleteArchive'];

/**
 * What a defined and an imported vault have in common.
 *
 * @internal
 */
export abstract class GlacierVaultBase extends Resource implements IGlacierVault {
  public abstract readonly vaultName: string;
  public abstract readonly vaultArn: string;

  /**
   * The name as far as synthesis knows it: no attribute of the vault's own resource, so that policies can be judged.
   *
   * @internal
   */
  public abstract readonly _literalName: string;

  /** @internal */
  public abstract readonly _literalArn: string;

  /**
   * What has to be there before the vault can be used.
   *
   * @internal
   */
  public abstract readonly _dependables: IDependable[];

  /** @internal */
  protected abstract _addGrantToAccessPolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult;

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipalOrResource({
      grantee,
      actions,
      resourceArns: [this.vaultArn],
      resourceSelfArns: [this._literalArn],
      resource: { env: this.env, addToResourcePolicy: (statement) => this._addGrantToAccessPolicy(statement) },
    });
  }

  public grantUpload(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ...UPLOAD_ACTIONS);
  }

  public grantRetrieve(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ...RETRIEVE_ACTIONS);
  }

  public grantDelete(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ...DELETE_ACTIONS);
  }
}

/** A vault that this app does not define: its access policy is out of reach. */
export class ImportedGlacierVault extends GlacierVaultBase {
  public readonly vaultName: string;
  public readonly vaultArn: string;
  /** @internal */
  public readonly _literalName: string;
  /** @internal */
  public readonly _literalArn: string;
  /** @internal */
  public readonly _dependables: IDependable[] = [];

  constructor(scope: Construct, id: string, vaultName: string, vaultArn: string, props?: ResourceProps) {
    super(scope, id, props);
    this.vaultName = this._literalName = vaultName;
    this.vaultArn = this._literalArn = vaultArn;
  }

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.vaultArn] });
    if (!grant.success || this.isOfAnotherAccount(grantee)) {
      Annotations.of(this).addWarningV2(
        'cdk-vault-lock:grantOnImportedVault',
        `This vault is imported, so its access policy stays as it is, and the grant of ${actions.join(', ')} to '${grantee.grantPrincipal.toString()}' ` +
          'may not be enough. Add a statement for that principal to the access policy where the vault is defined.',
      );
    }
    return grant;
  }

  /** @internal */
  protected _addGrantToAccessPolicy(): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }

  private isOfAnotherAccount(grantee: iam.IGrantable): boolean {
    const account = grantee.grantPrincipal.principalAccount;
    return account !== undefined && Token.compareStrings(account, this.env.account) === TokenComparison.DIFFERENT;
  }
}
