import { CfnOutput, CfnResource, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LOCK_ACKNOWLEDGEMENT } from './acknowledgement';
import type { Guarantee } from './guarantee';
import { guaranteeFindings } from './guarantee-findings';
import type { VaultLockPolicy } from './lock-policy';
import { requireOnlyLock, vaultInPlace, type VaultInPlace } from './locked-vault';
import { lockPolicyFindings } from './policy-rules';
import type { PolicyProperty } from './policy-text';
import { symbolicProperty, symbolicText } from './symbolic-text';
import type { IGlacierVault } from './vault-interface';
import { VaultLockStage } from './vault-lock-stage';
import { parsePolicy, policyFingerprint, PolicySyntaxError } from '../policy';
import { GlacierVaultLockAttributes, ResourceTypes } from '../private/contract';
import { GlacierProvider } from '../provider';
import { deletionPolicyErrors } from '../synthesis/deletion-policy';
import { isKnown, knownText } from '../synthesis/known-text';
import { addWarnings, unacknowledged } from '../synthesis/warnings';

/**
 * Properties of a `GlacierVaultLock`.
 */
export interface GlacierVaultLockProps {
  /**
   * The vault to lock, of the same account and region. A vault has one lock.
   */
  readonly vault: IGlacierVault;

  /**
   * What the lock enforces.
   */
  readonly policy: VaultLockPolicy;

  /**
   * What the lock has to mean, proved at synthesis: a guarantee that does not hold is an error, with a counter-example.
   *
   * The builders of `VaultLockPolicy` guarantee what they promise anyway; this is for policies of your own words, and for what must
   * stay possible. Of a vault that this app defines, the access policy is judged together with the lock policy; of an imported
   * vault it is not known, and only the lock policy is judged.
   *
   * @default - what `VaultLockPolicy.retain()` and `withLegalHold()` guarantee by themselves
   */
  readonly guarantees?: Guarantee[];

  /**
   * How far the lock goes with this deployment.
   *
   * @default VaultLockStage.initiate() - in force for 24 hours and reversible
   */
  readonly stage?: VaultLockStage;

  /**
   * Whether the stack has an output with the acknowledgement, so that the deployment prints it.
   *
   * A template takes 200 outputs. Without it, the acknowledgement is in the log of the library's Lambda function.
   *
   * @default true
   */
  readonly acknowledgementOutput?: boolean;
}

/**
 * The Vault Lock of an Amazon Glacier vault.
 *
 * It takes two deployments to make a lock permanent. The first (`VaultLockStage.initiate()`, the default) puts it in force for a test
 * window of 24 hours. The second (`VaultLockStage.complete()`) makes it permanent, and only with the acknowledgement that the first
 * one printed.
 *
 * A lock in its test window is aborted when the construct or its stack is removed, or when the deployment that made it rolls back.
 * A complete lock stays on the vault as long as there is the vault, and Glacier deletes no vault that holds archives; the stack only
 * forgets the lock.
 *
 * @example
 * declare const vault: GlacierVault;
 * new GlacierVaultLock(this, 'Lock', {
 *   vault,
 *   policy: VaultLockPolicy.retain(Duration.days(365)),
 *   stage: VaultLockStage.initiate(), // reversible, and gone after 24 hours
 * });
 *
 * @resource Custom::GlacierVaultLock
 */
export class GlacierVaultLock extends Resource {
  private readonly resource: CfnResource;
  private readonly vault: VaultInPlace;
  private readonly policy: VaultLockPolicy;
  private readonly policyProperty: PolicyProperty;
  private readonly guarantees: readonly Guarantee[];
  private readonly stage: VaultLockStage;

  constructor(scope: Construct, id: string, props: GlacierVaultLockProps) {
    super(scope, id);
    this.vault = vaultInPlace(this, props.vault);
    this.policy = props.policy;
    this.guarantees = props.guarantees ?? [];
    this.stage = props.stage ?? VaultLockStage.initiate();
    requireOnlyLock(this, this.vault);
    this.policyProperty = props.policy._bind(Stack.of(this), this.vault);

    const provider = GlacierProvider._getOrCreate(this);
    this.resource = new CfnResource(this, 'Resource', {
      type: ResourceTypes.GLACIER_VAULT_LOCK,
      properties: {
        ServiceToken: provider._serviceToken,
        ServiceTimeout: GlacierProvider._SERVICE_TIMEOUT_SECONDS,
        VaultName: this.vault.literalName,
        Policy: this.policyProperty,
        Stage: this.stage._stage,
        Acknowledge: this.stage._acknowledge,
      },
    });
    // Retained, a lock in its test window would stay behind when the deployment that made it rolls back.
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.resource.node.addDependency(...this.vault.dependables, ...(this.vault.waitsForProvider ? [] : [provider._delivery]));
    if (this.stage._mayComplete) {
      this.resource.node.addDependency(provider._allowCompletionOf(this.vault.literalArn));
    }

    if (props.acknowledgementOutput ?? true) {
      provider._countAcknowledgementOutput();
      new CfnOutput(this, 'Acknowledgement', {
        description: 'What completing this vault lock takes, once it is tested',
        value: this.acknowledgement,
      });
    }
    this.node.addValidation({ validate: () => this.judge() });
  }

  /**
   * `None`, `InProgress` (in its test window) or `Locked` (permanent), as of the last deployment that touched the lock.
   *
   * @attribute
   */
  public get lockState(): string {
    return this.attribute(GlacierVaultLockAttributes.LOCK_STATE);
  }

  /**
   * When the test window began, ISO 8601; empty without a lock.
   *
   * @attribute
   */
  public get lockCreationDate(): string {
    return this.attribute(GlacierVaultLockAttributes.LOCK_CREATION_DATE);
  }

  /**
   * When the test window ends, ISO 8601; empty unless the lock is in its test window.
   *
   * @attribute
   */
  public get lockExpirationDate(): string {
    return this.attribute(GlacierVaultLockAttributes.LOCK_EXPIRATION_DATE);
  }

  /**
   * What the lock is about in one line, `sha256:<64 hex digits>`: it differs for another policy, vault, account or region.
   *
   * @attribute
   */
  public get policyFingerprint(): string {
    return this.attribute(GlacierVaultLockAttributes.POLICY_FINGERPRINT);
  }

  /**
   * What `VaultLockStage.complete()` takes: the vault's name and the fingerprint.
   *
   * @attribute
   */
  public get acknowledgement(): string {
    return this.attribute(GlacierVaultLockAttributes.ACKNOWLEDGEMENT);
  }

  /**
   * A lock always has `RemovalPolicy.DESTROY`: it aborts a lock in its test window, and cannot touch a complete one.
   *
   * @throws for any other policy
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    if (policy !== RemovalPolicy.DESTROY) {
      throw new Error(
        `\`applyRemovalPolicy\` of a GlacierVaultLock takes RemovalPolicy.DESTROY only, got: '${policy}'. It never removes a complete lock, and ` +
          'with another policy a lock in its test window would outlive a failed deployment.',
      );
    }
  }

  private attribute(name: string): string {
    return this.resource.getAtt(name).toString();
  }

  private judge(): string[] {
    return [
      ...deletionPolicyErrors(this.resource, {
        name: 'GlacierVaultLock',
        consequence: 'a lock in its test window would outlive the failed deployment that made it.',
      }),
      ...this.judgePolicy(),
    ];
  }

  private judgePolicy(): string[] {
    const stack = Stack.of(this);
    const text = symbolicProperty(this.resource, 'Policy', stack) ?? '';
    const vaultArn = symbolicText(stack, this.vault.literalArn);
    const place = { property: 'policy', text, vaultArn, account: knownText(stack, stack.account) };
    const hasUserParts = this.policy._hasUserParts || text !== symbolicText(stack, this.policyProperty);
    const { errors, warnings } = hasUserParts ? lockPolicyFindings(place, this.policy._allowSelfLockout) : { errors: [], warnings: [] };
    addWarnings(this, warnings);
    if (isKnown(text) && !isPolicy(text)) return [...errors];
    return [...errors, ...this.judgeGuarantees(vaultArn, text), ...this.judgeAcknowledgement(vaultArn, text)];
  }

  private judgeGuarantees(vaultArn: string, lock: string): string[] {
    const concerned = (guarantees: readonly Guarantee[]) => guarantees.filter((guarantee) => guarantee._concerns(this.stage));
    const given = [
      { property: 'policy', guarantees: concerned(this.policy._guarantees) },
      { property: 'guarantees', guarantees: concerned(this.guarantees) },
    ];
    const attached = { lock, access: () => this.vault.accessPolicy(), vaultArn };
    const { errors, unproved } = guaranteeFindings(Stack.of(this), given, attached);
    return [...errors, ...unacknowledged(this, unproved).map(({ message }) => message)];
  }

  private judgeAcknowledgement(vaultArn: string, text: string): string[] {
    const given = this.stage._acknowledgement;
    if (given === undefined) return [];
    const { literalName } = this.vault;
    return LOCK_ACKNOWLEDGEMENT.errors(given, {
      vaultName: Token.isUnresolved(literalName) ? undefined : literalName,
      fingerprint: isKnown(vaultArn) && isKnown(text) ? policyFingerprint(vaultArn, text) : undefined,
    });
  }
}

function isPolicy(text: string): boolean {
  try {
    parsePolicy(text);
    return true;
  } catch (error) {
    if (error instanceof PolicySyntaxError) return false;
    throw error;
  }
}
