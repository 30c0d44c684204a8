import { CfnResource, Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { accessStatementErrors, accessStatements, sidPrefixOf, type StatementJson } from './access-statements';
import { findDefinition } from './defined-vault';
import { requireRole, requireVault } from './given-objects';
import { vaultInPlace, type VaultInPlace } from './vault-in-place';
import { ResourceTypes, type BackupVaultAccessProperties } from '../private/contract';
import { BackupProvider } from '../provider';
import { backupAccessStatements, listVaultsStatement } from '../provider/backup-permissions';
import { deletionPolicyErrors } from '../synthesis/deletion-policy';
import { OncePerApp } from '../synthesis/once-per-app';

/**
 * Properties of a `BackupVaultAccess`.
 */
export interface BackupVaultAccessProps {
  /**
   * The existing vault: `BackupVault.fromBackupVaultName()` or `fromBackupVaultArn()`, also of another region. One of another account
   * takes `role`. Not one of this app: that has `addToAccessPolicy()` itself.
   */
  readonly vault: backup.IBackupVault;

  /**
   * Statements of the vault's access policy. Each names its principals and its actions, without wildcards in the latter; one without
   * resources is for all recovery points of the vault.
   *
   * A statement is merged into the policy by its `sid`, of letters and digits. One without gets a `sid` made from the deployed stack, the construct's path
   * and its place in the list. Renaming the construct makes it another one: then a `sid` of your own has to change, too, or the old
   * construct takes the statement with it.
   *
   * A statement of the same `sid` and the same meaning that the policy has already is taken over: it counts as this construct's own, and
   * goes with it.
   *
   * @default - none; add some with `addStatements()` or `blockRecoveryPointDeletion()`
   */
  readonly statements?: iam.PolicyStatement[];

  /**
   * The role that the library's Lambda function assumes to reach the vault. It must trust the function's role, and have the permissions
   * of `BackupVaultAccess.permissionsOfRole()`; neither is added to it.
   *
   * @default - none: the function calls as itself, which only a vault of the stack's account lets it
   */
  readonly role?: iam.IRole;
}

/**
 * Who is spared when recovery points can no longer be deleted by hand.
 */
export interface BlockRecoveryPointDeletionOptions {
  /**
   * Roles that may still delete recovery points, change their lifecycle and write the vault's access policy, as far as their own
   * policies let them.
   *
   * A role stands for all its sessions. Whoever is to write the policy once this construct is gone has to be among them. So has the next
   * role of the function, or of this construct, in a deployment before the one that changes it.
   *
   * @default - none but the role that writes the policy for this construct
   */
  readonly exempt?: iam.IRole[];
}

/**
 * Statements in the access policy of an AWS Backup vault that exists already.
 *
 * They are merged with what the vault's policy says: the statements of others stay as they are. One of them with the `sid` of one of these
 * is refused, unless it means the same: then it is taken over. Removing the construct takes its statements out again, those that it has
 * taken over included.
 *
 * @example
 * declare const stack: Stack;
 * const access = new BackupVaultAccess(stack, 'Access', {
 *   vault: backup.BackupVault.fromBackupVaultName(stack, 'Existing', 'prod'),
 * });
 * access.addStatements(
 *   new iam.PolicyStatement({
 *     sid: 'CopiesOfPartner',
 *     actions: ['backup:CopyIntoBackupVault'],
 *     principals: [new iam.AccountPrincipal('111122223333')],
 *   }),
 * );
 *
 * @resource Custom::BackupVaultAccess
 */
export class BackupVaultAccess extends Resource {
  /**
   * What a role that is given as `role` has to be allowed to, besides trusting the function's role.
   *
   * @param vault the vault that gets the statements
   */
  public static permissionsOfRole(vault: backup.IBackupVault): iam.PolicyStatement[] {
    requireVault(vault);
    return [...backupAccessStatements(vault.backupVaultArn), listVaultsStatement()];
  }

  private readonly resource: CfnResource;
  private readonly vault: VaultInPlace;
  private readonly statements: iam.PolicyStatement[];
  private readonly sidPrefix: string;
  private readonly writerArn: string;
  private blocksDeletion = false;

  constructor(scope: Construct, id: string, props: BackupVaultAccessProps) {
    super(scope, id);
    this.vault = vaultInPlace(this, props.vault, props.role);
    this.statements = [...(props.statements ?? [])];
    this.sidPrefix = sidPrefixOf(this);
    requireExisting(this.vault);
    requireOnlyAccess(this, this.vault);

    const provider = BackupProvider._getOrCreate(this);
    this.writerArn = props.role?.roleArn ?? provider._roleArn;
    const properties: BackupVaultAccessProperties = {
      ...this.vault.properties,
      Statements: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.statementsJson()) }),
    };
    this.resource = new CfnResource(this, 'Resource', {
      type: ResourceTypes.BACKUP_VAULT_ACCESS,
      properties: {
        ServiceToken: provider._serviceToken,
        ServiceTimeout: BackupProvider._SERVICE_TIMEOUT_SECONDS,
        ...properties,
      },
    });
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.resource.node.addDependency(
      provider._delivery,
      ...this.vault.dependables,
      props.role ? provider._allowAssuming(props.role) : provider._allowAccessPoliciesIn(this.vault.otherRegion, this),
    );
    this.node.addValidation({ validate: () => this.judge() });
  }

  /**
   * Adds statements to the vault's access policy.
   *
   * @param statements each names its principals and its actions; without resources it is for all recovery points
   */
  public addStatements(...statements: iam.PolicyStatement[]): void {
    this.statements.push(...statements);
  }

  /**
   * Denies everyone to delete recovery points, to change their lifecycle and to replace the policy that says so: what AWS Config's rule
   * `backup-recovery-point-manual-deletion-disabled` asks for.
   *
   * The role that writes the policy for this construct is exempt, so that later deployments can change it; the library gives that role no
   * permission to delete a recovery point. `backup:DeleteBackupVaultAccessPolicy` is not denied: whoever has it can still remove the whole
   * policy. Recovery points expire as before.
   *
   * Whoever changes the function's role (`BackupProvider.configure({ role })`), or the `role` of this construct, names the new one in
   * `exempt` in a deployment before that: the policy as it stands spares the old one only, and the new one could not write it.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
   * @param options who else is exempt
   * @throws if it was called before
   */
  public blockRecoveryPointDeletion(options: BlockRecoveryPointDeletionOptions = {}): void {
    if (this.blocksDeletion) {
      throw new Error(
        `\`blockRecoveryPointDeletion\` must be called once, but was called before for '${this.vault.literalName}'. Name all roles in one \`exempt\`.`,
      );
    }
    options.exempt?.forEach((role) => requireRole('exempt', role));
    this.blocksDeletion = true;
    const exempt = [this.writerArn, ...(options.exempt ?? []).map(({ roleArn }) => roleArn)];
    this.addStatements(
      new iam.PolicyStatement({
        sid: `${this.sidPrefix}BlockDeletion`,
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'],
        resources: ['*'],
        // Not the principal's own ARN: a session's request carries the ARN of its role here, whatever the session is called.
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': exempt } },
      }),
    );
  }

  /**
   * The construct always has `RemovalPolicy.DESTROY`: removing it takes its statements out of the vault's policy.
   *
   * @throws for any other policy
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    if (policy !== RemovalPolicy.DESTROY) {
      throw new Error(
        `\`applyRemovalPolicy\` of a BackupVaultAccess takes RemovalPolicy.DESTROY only, got: '${policy}'. With another policy the statements of a ` +
          'failed deployment would stay behind.',
      );
    }
  }

  private statementsJson(): StatementJson[] {
    return accessStatements(this.statements, this.sidPrefix);
  }

  private judge(): string[] {
    const { definition, identity } = this.vault;
    const resource = definition ? undefined : findDefinition(this, identity);
    return [
      ...deletionPolicyErrors(this.resource, {
        name: 'BackupVaultAccess',
        consequence: 'the statements of a failed deployment would stay in the policy.',
      }),
      ...accessStatementErrors(this.statementsJson(), Stack.of(this)),
      ...(resource ? [definedHere(resource.node.path, this.vault.literalName)] : []),
    ];
  }
}

const ACCESSES = new OncePerApp();

/** @throws if the app already has statements for this vault in another place: each would write over what the other has just written */
function requireOnlyAccess(access: BackupVaultAccess, { identity, literalName }: VaultInPlace): void {
  const other = ACCESSES.claim(access, identity);
  if (other) {
    throw new Error(
      `\`vault\` must have one BackupVaultAccess, but '${literalName}' already has '${other.node.path}'. Add the statements there, with \`addStatements()\`.`,
    );
  }
}

/** @throws if the vault is known to be of this app */
function requireExisting({ definition, literalName }: VaultInPlace): void {
  if (definition) throw new Error(definedHere(definition.node.path, literalName));
}

function definedHere(path: string, vaultName: string): string {
  return (
    `\`vault\` must be a vault that this app does not define, but '${vaultName}' is defined by '${path}': CloudFormation writes its whole access policy, and ` +
    'would take these statements out. Use `addToAccessPolicy()` of the BackupVault, or `accessPolicy` of the CfnBackupVault.'
  );
}
