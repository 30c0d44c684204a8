import { Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import {
  anyBackupVaultArn,
  backupAccessStatements,
  backupLockStatements,
  backupStatements,
  complianceStatements,
} from './backup-permissions';
import type { BackupProviderOptions } from './provider-options';
import { resourceList } from './resource-list';
import { StackProvider, type HandlerFamily } from './stack-provider';

const FAMILY: HandlerFamily = {
  id: 'CdkVaultLockBackup',
  asset: 'backup',
  description: 'cdk-vault-lock: locks AWS Backup vaults for this stack',
  roleDescription: 'cdk-vault-lock: what the function for the AWS Backup vaults of this stack may do',
  names: { provider: 'BackupProvider', served: 'BackupVaultLock or BackupVaultAccess', lock: 'BackupVaultLock' },
  statements: backupStatements,
};

/** A lock that becomes permanent. */
export interface PermittedLock {
  readonly vaultArn: string;
  /** `undefined`: the stack's region. */
  readonly region?: string;
  /** What its cooling-off period is at least; no token. */
  readonly leastCoolingOffDays: number;
}

/**
 * The Lambda function, its role and its log group that serve all `BackupVaultLock`s and `BackupVaultAccess`es of one stack.
 *
 * It comes into being with the first of them. Use `BackupProvider.configure()` before that to put it into a VPC, give it a role, a log
 * group, and so on.
 *
 * The role can make locks in governance mode only, unless a lock of the stack is in compliance mode: then it can give a lock date to the
 * vaults of those locks, and never one that comes sooner than the shortest cooling-off period of the stack.
 */
export class BackupProvider extends StackProvider {
  /**
   * Chooses the options of the stack's function.
   *
   * Call it once per stack and before the stack's first `BackupVaultLock` or `BackupVaultAccess`.
   *
   * @param scope any construct of the stack, or the stack itself
   * @param options what to choose; what is left out keeps its default
   * @throws if the stack already has the function with other options
   */
  public static configure(scope: Construct, options: BackupProviderOptions): BackupProvider {
    const existing = StackProvider._findConfigured(scope, FAMILY, options) as BackupProvider | undefined;
    return existing ?? new BackupProvider(Stack.of(scope), options);
  }

  /** @internal */
  public static _getOrCreate(scope: Construct): BackupProvider {
    return (StackProvider._find(scope, FAMILY) as BackupProvider | undefined) ?? new BackupProvider(Stack.of(scope), {});
  }

  private readonly permanentLocks: PermittedLock[] = [];
  private compliancePermission?: iam.Policy;

  private constructor(stack: Stack, options: BackupProviderOptions) {
    super(stack, FAMILY, options);
  }

  /** @internal */
  public get _roleArn(): string {
    return this._role.roleArn;
  }

  /**
   * Lets the handler lock vaults in another region of the account. The lock has to depend on what is returned.
   *
   * @internal
   */
  public _allowLocksIn(region: string, lock: Construct): IDependable {
    return this.permissionFor('Locks', region, lock, backupLockStatements);
  }

  /**
   * Lets the handler change access policies of vaults, by default in the stack's region. Who does that has to depend on what is returned.
   *
   * @internal
   */
  public _allowAccessPoliciesIn(region: string | undefined, access: Construct): IDependable {
    return this.permissionFor('AccessPolicies', region, access, backupAccessStatements);
  }

  /**
   * Lets the handler give one lock a lock date. The lock has to depend on what is returned.
   *
   * @internal
   */
  public _allowCompliance(lock: PermittedLock): IDependable {
    this.permanentLocks.push(lock);
    this.compliancePermission ??= this.createCompliancePermission();
    return this.compliancePermission;
  }

  /**
   * Lets the handler assume the role that one construct needs. That has to depend on what is returned.
   *
   * @internal
   */
  public _allowAssuming(roleArn: string, user: Construct): IDependable {
    const id = 'AssumePermission';
    return this._addPermission(user, id, nameOf(user, id), [
      new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [roleArn] }),
    ]);
  }

  /**
   * One policy for all vaults of a region: like the function's own statements it names none of them, and it goes when CloudFormation
   * has deleted the last resource that depends on it.
   */
  private permissionFor(
    use: string,
    region: string | undefined,
    user: Construct,
    statements: (vaultArn: string) => iam.PolicyStatement[],
  ): IDependable {
    const known = !Token.isUnresolved(region);
    const scope = known ? this : user;
    const id = `${use}${known && region ? `In${region.replace(/-/g, '')}` : ''}Permission`;
    const existing = scope.node.tryFindChild(id);
    if (existing) return existing;
    const permission = this._addPermission(scope, id, nameOf(scope, id), statements(anyBackupVaultArn(Stack.of(this), region)));
    if (known) this._freezeLogicalId(permission, id);
    return permission;
  }

  private createCompliancePermission(): iam.Policy {
    const id = 'CompliancePermission';
    const statements = complianceStatements(
      Lazy.list({
        produce: () =>
          resourceList(
            this.permanentLocks.map(({ vaultArn }) => vaultArn),
            this.vaultsOfPermanentLocks(),
          ),
      }),
      Lazy.string({ produce: () => String(Math.min(...this.permanentLocks.map(({ leastCoolingOffDays }) => leastCoolingOffDays))) }),
      Lazy.list({ produce: () => this.vaultsOfPermanentLocks() }),
    );
    const permission = this._addPermission(this, id, nameOf(this, id), statements);
    this._freezeLogicalId(permission, id);
    return permission;
  }

  /** All vaults of the regions that have a lock in compliance mode. */
  private vaultsOfPermanentLocks(): string[] {
    const regions = [...new Set(this.permanentLocks.map(({ region }) => region))];
    return regions.map((region) => anyBackupVaultArn(Stack.of(this), region));
  }
}

/** Differs between the permissions of a stack, and between stacks that share one role. */
function nameOf(scope: Construct, id: string): string {
  return `${Names.uniqueResourceName(scope, { maxLength: 127 - id.length, separator: '-' })}-${id}`;
}
