import { Lazy, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { anyVaultArn, glacierStatements } from './glacier-permissions';
import type { GlacierProviderOptions } from './provider-options';
import { resourceList } from './resource-list';
import { StackProvider, type HandlerFamily } from './stack-provider';

const FAMILY: HandlerFamily = {
  id: 'CdkVaultLockGlacier',
  asset: 'glacier',
  description: 'cdk-vault-lock: creates and locks the Glacier vaults of this stack',
  roleDescription: 'cdk-vault-lock: what the function for the Glacier vaults of this stack may do',
  names: { provider: 'GlacierProvider', served: 'GlacierVault or GlacierVaultLock', lock: 'GlacierVaultLock' },
  statements: glacierStatements,
};

/**
 * The Lambda function, its role and its log group that serve all Glacier vaults and locks of one stack.
 *
 * It comes into being with the stack's first `GlacierVault` or `GlacierVaultLock`. Use `GlacierProvider.configure()` before that
 * to put it into a VPC, give it a role, a log group, and so on.
 *
 * The role may never complete a vault lock unless a lock of the stack is at a completing stage, and then only those locks.
 */
export class GlacierProvider extends StackProvider {
  /**
   * Chooses the options of the stack's function.
   *
   * Call it once per stack and before the stack's first `GlacierVault` or `GlacierVaultLock`.
   *
   * @param scope any construct of the stack, or the stack itself
   * @param options what to choose; what is left out keeps its default
   * @throws if the stack already has the function with other options
   */
  public static configure(scope: Construct, options: GlacierProviderOptions): GlacierProvider {
    const existing = StackProvider._findConfigured(scope, FAMILY, options) as GlacierProvider | undefined;
    return existing ?? new GlacierProvider(Stack.of(scope), options);
  }

  /** @internal */
  public static _getOrCreate(scope: Construct): GlacierProvider {
    return (StackProvider._find(scope, FAMILY) as GlacierProvider | undefined) ?? new GlacierProvider(Stack.of(scope), {});
  }

  private readonly completableVaultArns: string[] = [];
  private completePermission?: iam.Policy;

  private constructor(stack: Stack, options: GlacierProviderOptions) {
    super(stack, FAMILY, options);
  }

  /**
   * Lets the handler complete the lock of one vault. The lock has to depend on what is returned.
   *
   * @internal
   */
  public _allowCompletionOf(vaultArn: string): IDependable {
    this.completableVaultArns.push(vaultArn);
    this.completePermission ??= this.createCompletePermission();
    return this.completePermission;
  }

  private createCompletePermission(): iam.Policy {
    const policyName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    const permission = this._addPermission(this, 'CompletePermission', policyName, [
      new iam.PolicyStatement({
        actions: ['glacier:CompleteVaultLock'],
        resources: Lazy.list({ produce: () => resourceList(this.completableVaultArns, [anyVaultArn(Stack.of(this))]) }),
      }),
    ]);
    this._freezeLogicalId(permission, 'CompletePermission');
    return permission;
  }
}
