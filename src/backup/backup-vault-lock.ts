import { CfnOutput, CfnResource, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LOCK_ACKNOWLEDGEMENT } from './acknowledgement';
import { BackupLockMode } from './backup-lock-mode';
import { rulesFor } from './backup-plans';
import type { BackupVaultLockProps } from './backup-vault-lock-props';
import { daysText, knownDays, wholeDays } from './days';
import { findDefinition } from './defined-vault';
import { lockWarnings } from './lock-warnings';
import { vaultInPlace, type VaultInPlace } from './vault-in-place';
import { COOLING_OFF_DAYS, RETENTION_DAYS } from '../private/backup-limits';
import { backupLockFingerprint, type RetentionBounds } from '../private/backup-lock-fingerprint';
import { BackupLockRemovals, BackupVaultLockAttributes, ResourceTypes, type BackupVaultLockProperties } from '../private/contract';
import { BackupProvider } from '../provider';
import { backupLockStatements, complianceStatements, listVaultsStatement } from '../provider/backup-permissions';
import { isKnown, knownText } from '../synthesis/known-text';
import { OncePerApp } from '../synthesis/once-per-app';
import { addWarnings } from '../synthesis/warnings';

/**
 * The Vault Lock of an AWS Backup vault, which this app defines or which exists already.
 *
 * It takes two deployments to make a lock permanent. The first (`BackupLockMode.governance()`, the default) makes one that can be taken
 * away. The second (`BackupLockMode.compliance()`) gives it a lock date, and only with the acknowledgement that the first one printed.
 * From that date on nobody can change or remove it.
 *
 * Removing the construct does not unlock the vault, unless `onRemoval` says so.
 *
 * @example
 * declare const stack: Stack;
 * new BackupVaultLock(stack, 'Lock', {
 *   vault: backup.BackupVault.fromBackupVaultName(stack, 'Existing', 'prod'),
 *   minRetention: Duration.days(7),
 *   maxRetention: Duration.days(365),
 *   mode: BackupLockMode.governance(), // reversible
 * });
 *
 * @resource Custom::BackupVaultLock
 */
export class BackupVaultLock extends Resource {
  /**
   * What a role that is given as `role` has to be allowed to, besides trusting the function's role.
   *
   * @param vault the vault that is to be locked
   * @param mode the mode of its lock; by default governance: then the role cannot make a lock permanent
   */
  public static permissionsOfRole(vault: backup.IBackupVault, mode?: BackupLockMode): iam.PolicyStatement[] {
    const arn = vault.backupVaultArn;
    const coolingOff = mode?._compliance?.coolingOffDays;
    return [
      ...backupLockStatements(arn),
      ...(coolingOff === undefined ? [] : complianceStatements([arn], daysText(leastCoolingOff(coolingOff)) ?? '', [arn])),
      listVaultsStatement(),
    ];
  }

  private readonly resource: CfnResource;
  private readonly vault: VaultInPlace;
  private readonly bounds: RetentionBounds;
  private readonly lockMode: BackupLockMode;

  constructor(scope: Construct, id: string, props: BackupVaultLockProps) {
    super(scope, id);
    this.vault = vaultInPlace(this, props.vault, props.role);
    this.lockMode = props.mode ?? BackupLockMode.governance();
    this.bounds = boundsOf(props);
    requireOnlyLock(this, this.vault);

    const provider = BackupProvider._getOrCreate(this);
    this.resource = new CfnResource(this, 'Resource', {
      type: ResourceTypes.BACKUP_VAULT_LOCK,
      properties: {
        ServiceToken: provider._serviceToken,
        ServiceTimeout: BackupProvider._SERVICE_TIMEOUT_SECONDS,
        ...this.properties(props),
      },
    });
    // What is kept is decided by the handler: retained, a lock would also outlive the deployment that made it and failed.
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.resource.node.addDependency(provider._delivery, ...this.vault.dependables);
    this.addPermissions(provider);

    if (props.acknowledgementOutput ?? true) {
      provider._countAcknowledgementOutput();
      new CfnOutput(this, 'Acknowledgement', {
        description: 'What BackupLockMode.compliance() takes for this vault and these bounds',
        value: this.acknowledgement,
      });
    }
    this.node.addValidation({ validate: () => this.judge() });
  }

  /**
   * Whether the vault is locked, `true` or `false`, as of the last deployment that touched the lock.
   *
   * @attribute
   */
  public get locked(): string {
    return this.attribute(BackupVaultLockAttributes.LOCKED);
  }

  /**
   * `none`, `governance` or `compliance`, as of the last deployment that touched the lock.
   *
   * @attribute
   */
  public get mode(): string {
    return this.attribute(BackupVaultLockAttributes.MODE);
  }

  /**
   * From when on nobody can change or remove the lock, ISO 8601; empty in governance mode.
   *
   * @attribute
   */
  public get lockDate(): string {
    return this.attribute(BackupVaultLockAttributes.LOCK_DATE);
  }

  /**
   * The shortest retention that jobs may ask for, in days; empty without a bound.
   *
   * @attribute
   */
  public get minRetentionDays(): string {
    return this.attribute(BackupVaultLockAttributes.MIN_RETENTION_DAYS);
  }

  /**
   * The longest retention that jobs may ask for, in days; empty without a bound.
   *
   * @attribute
   */
  public get maxRetentionDays(): string {
    return this.attribute(BackupVaultLockAttributes.MAX_RETENTION_DAYS);
  }

  /**
   * What the lock is about in one line, `sha256:<64 hex digits>`: it differs for other bounds, another vault, account or region.
   *
   * @attribute
   */
  public get fingerprint(): string {
    return this.attribute(BackupVaultLockAttributes.FINGERPRINT);
  }

  /**
   * What `BackupLockMode.compliance()` takes: the vault's name and the fingerprint.
   *
   * @attribute
   */
  public get acknowledgement(): string {
    return this.attribute(BackupVaultLockAttributes.ACKNOWLEDGEMENT);
  }

  /**
   * A lock always has `RemovalPolicy.DESTROY`: what removing it does is said by `onRemoval`.
   *
   * @throws for any other policy
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    if (policy !== RemovalPolicy.DESTROY) {
      throw new Error(
        `\`applyRemovalPolicy\` of a BackupVaultLock takes RemovalPolicy.DESTROY only, got: '${policy}'. Say with \`onRemoval\` whether the lock ` +
          'stays on the vault: by default it does.',
      );
    }
  }

  private properties({ onRemoval }: BackupVaultLockProps): BackupVaultLockProperties {
    const compliance = this.lockMode._compliance;
    return {
      ...this.vault.properties,
      Mode: this.lockMode._mode,
      MinRetentionDays: daysText(this.bounds.minRetentionDays),
      MaxRetentionDays: daysText(this.bounds.maxRetentionDays),
      CoolingOffDays: daysText(compliance?.coolingOffDays),
      Acknowledge: compliance?.acknowledge,
      AllowPointsWithoutExpiry: compliance?.allowPointsWithoutExpiry ? 'true' : undefined,
      OnRemoval: onRemoval ?? BackupLockRemovals.KEEP,
    };
  }

  /** A role in the vault's account has permissions of its own. */
  private addPermissions(provider: BackupProvider): void {
    const { role, otherRegion, literalArn } = this.vault;
    const compliance = this.lockMode._compliance;
    if (role) {
      this.resource.node.addDependency(provider._allowAssuming(role.roleArn, this));
      return;
    }
    if (otherRegion !== undefined) {
      this.resource.node.addDependency(provider._allowLocksIn(otherRegion, this));
    }
    if (compliance) {
      const lock = { vaultArn: literalArn, region: otherRegion, leastCoolingOffDays: leastCoolingOff(compliance.coolingOffDays) };
      this.resource.node.addDependency(provider._allowCompliance(lock));
    }
  }

  private attribute(name: string): string {
    return this.resource.getAtt(name).toString();
  }

  private judge(): string[] {
    const bounds = { minRetentionDays: knownDays(this.bounds.minRetentionDays), maxRetentionDays: knownDays(this.bounds.maxRetentionDays) };
    const given = (['minRetentionDays', 'maxRetentionDays'] as const).filter((name) => this.bounds[name] !== undefined);
    addWarnings(
      this,
      lockWarnings({
        vaultName: this.vault.literalName,
        bounds,
        given,
        compliance: this.lockMode._compliance !== undefined,
        rules: () => rulesFor(this.vault, this),
      }),
    );
    return [...this.judgeAcknowledgement(given.every((name) => bounds[name] !== undefined)), ...this.judgeOwnership()];
  }

  private judgeAcknowledgement(boundsAreKnown: boolean): string[] {
    const acknowledgement = this.lockMode._compliance?.acknowledgement;
    if (!acknowledgement) return [];
    const { literalName, literalArn } = this.vault;
    const vaultArn = knownText(Stack.of(this), literalArn);
    return LOCK_ACKNOWLEDGEMENT.errors(acknowledgement, {
      vaultName: Token.isUnresolved(literalName) ? undefined : literalName,
      fingerprint: isKnown(vaultArn) && boundsAreKnown ? backupLockFingerprint(vaultArn, this.bounds) : undefined,
    });
  }

  private judgeOwnership(): string[] {
    const { definition, identity, literalName } = this.vault;
    const resource = definition ?? findDefinition(this, identity);
    if (resource?.lockConfiguration === undefined) return [];
    return [
      `\`vault\` must not have a lock of its own, but '${resource.node.path}' gives '${literalName}' a \`lockConfiguration\`: CloudFormation would change ` +
        'the lock behind this construct. Drop the `lockConfiguration`. Where it is deployed already, CloudFormation removes that lock then, as long as it can be ' +
        'removed, and this construct makes it anew in the same deployment.',
    ];
  }
}

const LOCKS = new OncePerApp();

/** @throws if the app already locks this vault */
function requireOnlyLock(lock: BackupVaultLock, { identity, literalName }: VaultInPlace): void {
  const other = LOCKS.claim(lock, identity);
  if (other) {
    throw new Error(
      `\`vault\` must have one lock, but '${literalName}' is already locked by '${other.node.path}': AWS Backup keeps a single lock per vault. ` +
        'Drop one of the two.',
    );
  }
}

function boundsOf({ minRetention, maxRetention }: BackupVaultLockProps): RetentionBounds {
  const minRetentionDays = minRetention && wholeDays('minRetention', minRetention, RETENTION_DAYS);
  const maxRetentionDays = maxRetention && wholeDays('maxRetention', maxRetention, RETENTION_DAYS);
  const [min, max] = [knownDays(minRetentionDays), knownDays(maxRetentionDays)];
  if (min !== undefined && max !== undefined && min > max) {
    throw new Error(
      `\`maxRetention\` must be at least \`minRetention\`, ${min} days, got: ${max} days: every job would fail. Raise \`maxRetention\`, or lower \`minRetention\`.`,
    );
  }
  return { minRetentionDays, maxRetentionDays };
}

function leastCoolingOff(days: number): number {
  return knownDays(days) ?? COOLING_OFF_DAYS.min;
}
