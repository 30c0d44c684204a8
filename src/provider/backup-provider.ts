import { createHash } from 'node:crypto';
import { Lazy, Names, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import {
  anyBackupVaultArn,
  backupAccessStatements,
  backupLockStatements,
  backupStatements,
  farAwayLockDateStatement,
  lockDateStatement,
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
 * vaults of those locks, and never one that comes sooner than the shortest cooling-off period of the stack; to the other vaults of the
 * account only one that is 36,500 days ahead, which is how a lock that goes back to governance mode gives its lock date up.
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
   * Lets the handler assume a role. Who needs that has to depend on what is returned.
   *
   * One policy per role, and not one for all: the permission for a role that is no longer used has to be there until CloudFormation has
   * deleted what was made with it. Not one per construct either: a role takes 10,240 characters of inline policies.
   *
   * @internal
   */
  public _allowAssuming(role: iam.IRole): IDependable {
    const id = `AssumePermission${markOf(role)}`;
    const existing = this.node.tryFindChild(id);
    if (existing) return existing;
    const permission = this._addPermission(this, id, nameOf(this, id), [
      new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleArn] }),
    ]);
    this._freezeLogicalId(permission, id);
    return permission;
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
    const vaultArns = () => this.permanentLocks.map(({ vaultArn }) => vaultArn);
    const leastDays = () => Math.min(...this.permanentLocks.map(({ leastCoolingOffDays }) => leastCoolingOffDays));
    const permission = this._addPermission(this, id, nameOf(this, id), [
      lockDateStatement(
        Lazy.list({ produce: () => resourceList(vaultArns(), this.vaultsOfPermanentLocks()) }),
        Lazy.string({ produce: () => String(leastDays()) }),
      ),
      // In all regions: while other locks keep this policy, CloudFormation narrows it before a lock gives its date up.
      farAwayLockDateStatement(anyBackupVaultArn(Stack.of(this), '*')),
    ]);
    this._freezeLogicalId(permission, id);
    return permission;
  }

  /** All vaults of the regions that have a lock in compliance mode. */
  private vaultsOfPermanentLocks(): string[] {
    const regions = [...new Set(this.permanentLocks.map(({ region }) => region))];
    return regions.map((region) => anyBackupVaultArn(Stack.of(this), region));
  }
}

/** Another one for another role, as far as that can be known. */
function markOf({ node, roleArn }: iam.IRole): string {
  const known = Tokenization.reverseString(roleArn).mapTokens({ mapToken: () => '' });
  const text = Token.isUnresolved(roleArn) ? `${node.path} ${String(known.join(new StringConcat()))}` : roleArn;
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Differs between the permissions of a stack, and between stacks that share one role. */
function nameOf(scope: Construct, id: string): string {
  return `${Names.uniqueResourceName(scope, { maxLength: 127 - id.length, separator: '-' })}-${id}`;
}
