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
import { requireVault, shown } from './given-objects';
import { lockWarnings } from './lock-warnings';
import { nativeLockErrors } from './native-lock';
import { vaultInPlace, type VaultInPlace } from './vault-in-place';
import { COOLING_OFF_DAYS, RETENTION_DAYS } from '../private/backup-limits';
import { backupLockFingerprint, type RetentionBounds } from '../private/backup-lock-fingerprint';
import { BackupLockRemovals, BackupVaultLockAttributes, ResourceTypes, type BackupVaultLockProperties } from '../private/contract';
import { BackupProvider } from '../provider';
import { backupLockStatements, farAwayLockDateStatement, listVaultsStatement, lockDateStatement } from '../provider/backup-permissions';
import { deletionPolicyErrors } from '../synthesis/deletion-policy';
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
   * In either mode that includes setting a lock date 36,500 days ahead, a hundred years: a lock that goes back to governance mode, in an
   * update or its rollback, may need that to give its lock date up, and a role that is defined in the same stack has its new permissions by then.
   *
   * A role that is managed elsewhere keeps the permissions for compliance mode until a deployment with the lock in governance mode has
   * succeeded: take them away one deployment after the mode, not before it. A rollback of that deployment needs them, too.
   *
   * @param vault the vault that is to be locked
   * @param mode the mode of its lock; by default governance: then the role cannot make a lock permanent any sooner than that
   */
  public static permissionsOfRole(vault: backup.IBackupVault, mode?: BackupLockMode): iam.PolicyStatement[] {
    requireVault(vault);
    const arn = vault.backupVaultArn;
    const coolingOff = mode?._compliance?.coolingOffDays;
    return [
      ...backupLockStatements(arn),
      ...(coolingOff === undefined ? [] : [lockDateStatement([arn], String(leastCoolingOff(coolingOff)))]),
      farAwayLockDateStatement(arn),
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
    this.lockMode = requireMode(props.mode ?? BackupLockMode.governance());
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
   * From when on nobody can change or remove the lock, ISO 8601; empty in governance mode, unless AWS Backup keeps a date that was
   * given up: then one 36,500 days ahead.
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
      this.resource.node.addDependency(provider._allowAssuming(role));
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
    return [
      ...deletionPolicyErrors(this.resource, {
        name: 'BackupVaultLock',
        consequence:
          'the lock of a failed deployment would stay, and one with a lock date becomes permanent. Whether a lock stays is said by `onRemoval`.',
      }),
      ...this.judgeAcknowledgement(given.every((name) => bounds[name] !== undefined)),
      ...this.judgeOwnership(),
    ];
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
    return resource ? nativeLockErrors(resource, literalName) : [];
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

/** @throws for e.g. the name of a mode, which TypeScript would not let through */
function requireMode(mode: BackupLockMode): BackupLockMode {
  if (typeof mode._mode === 'string') return mode;
  throw new Error(
    `\`mode\` must be a BackupLockMode, got: ${shown(mode)}. Give \`BackupLockMode.governance()\` or \`BackupLockMode.compliance()\`.`,
  );
}

function boundsOf({ minRetention, maxRetention }: BackupVaultLockProps): RetentionBounds {
  const minRetentionDays = minRetention === undefined ? undefined : wholeDays('minRetention', minRetention, RETENTION_DAYS);
  const maxRetentionDays = maxRetention === undefined ? undefined : wholeDays('maxRetention', maxRetention, RETENTION_DAYS);
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
