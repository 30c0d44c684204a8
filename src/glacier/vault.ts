import type { ITaggableV2 } from 'aws-cdk-lib';
import { Annotations, ArnFormat, CfnResource, Lazy, Names, RemovalPolicy, Stack, TagManager, TagType, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IDependable } from 'constructs';
import { accessPolicyFindings } from './policy-rules';
import { policyProperty, statementsOf, vaultPolicy, type PolicyJson, type PolicyPlace } from './policy-text';
import { lacksGlacier } from './region';
import { symbolicProperty, symbolicText } from './symbolic-text';
import { GlacierVaultBase, ImportedGlacierVault } from './vault-base';
import type { IGlacierVault } from './vault-interface';
import { requireVaultName } from './vault-name';
import { tagErrors } from './vault-tags';
import { GlacierVaultAttributes, ResourceTypes } from '../private/contract';
import { GlacierProvider } from '../provider';
import { knownText } from '../synthesis/known-text';
import { identityOf, OncePerApp } from '../synthesis/once-per-app';
import { addWarnings } from '../synthesis/warnings';

/**
 * What a vault tells about, with the names that Glacier gives to it.
 */
export enum GlacierVaultEvent {
  /** An archive that was asked for is ready to be downloaded. */
  ARCHIVE_RETRIEVAL_COMPLETED = 'ArchiveRetrievalCompleted',
  /** An inventory of the vault that was asked for is ready to be downloaded. */
  INVENTORY_RETRIEVAL_COMPLETED = 'InventoryRetrievalCompleted',
}

/**
 * Where a vault tells that a job is done.
 */
export interface GlacierVaultNotifications {
  /**
   * The topic. Glacier does not check that it may publish to it: a topic of another account needs a topic policy, an
   * encrypted one a key that Glacier may use.
   */
  readonly topic: sns.ITopic;

  /**
   * What to tell about.
   *
   * @default - all events
   */
  readonly events?: GlacierVaultEvent[];
}

/**
 * Properties of a `GlacierVault`.
 */
export interface GlacierVaultProps {
  /**
   * The vault's name, unique in its account and region: 1 to 255 characters out of `A-Z a-z 0-9 _ - .`.
   *
   * Another name is another vault: the old one and its archives stay where they are (see `removalPolicy`).
   *
   * @default - made from the stack's name and the construct's path
   */
  readonly vaultName?: string;

  /**
   * Whether a vault of this name that already exists is taken over.
   *
   * Its archives and its lock stay as they are. An access policy and notifications that are given here replace those that the vault has,
   * and are not put back when the stack goes or its deployment fails; where none are given, the vault keeps its own. Tags are added,
   * among them one that says who took the vault over, so the lock of the vault must not deny tag changes to the library's function.
   * A vault that was taken over is never deleted with the stack.
   *
   * @default false - a vault of this name that this construct did not create is an error
   */
  readonly adoptExisting?: boolean;

  /**
   * Who may use the vault, besides the principals whose own policies say so. At most 20,480 bytes of JSON.
   *
   * Every statement names its principals. One without resources is for this vault. Unlike a vault lock's policy it can be changed at
   * any time.
   *
   * @default - no access policy, unless `addToAccessPolicy()` or a grant to another account adds to it
   */
  readonly accessPolicy?: iam.PolicyDocument;

  /**
   * Where to tell that a retrieval is ready.
   *
   * @default - nowhere
   */
  readonly notifications?: GlacierVaultNotifications;

  /**
   * What becomes of the vault when it leaves the stack, or gets another name.
   *
   * `DESTROY` deletes a vault that this construct created, if it is empty; Glacier takes up to a day to notice that it is.
   * No policy deletes an archive.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - it stays, unless the very deployment that creates it fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A vault of Amazon Glacier, the vault-based service that takes no new customers since 2025-12-15.
 *
 * It is neither an AWS Backup vault nor an S3 bucket with a Glacier storage class. Lock it with a `GlacierVaultLock`.
 *
 * Tags of the construct (`Tags.of(vault)`) become tags of the vault: at most 49, because the library marks
 * the vaults that it creates with one of Glacier's 50.
 *
 * @resource Custom::GlacierVault
 */
export class GlacierVault extends GlacierVaultBase implements ITaggableV2 {
  /**
   * Refers to a vault of the stack's account and region that is not defined in this app.
   *
   * @param scope the construct's parent
   * @param id the construct's id
   * @param vaultName the vault's name
   */
  public static fromVaultName(scope: Construct, id: string, vaultName: string): IGlacierVault {
    requireVaultName('vaultName', vaultName);
    return new ImportedGlacierVault(scope, id, vaultName, vaultArnOf(Stack.of(scope), vaultName));
  }

  /**
   * Refers to a vault that is not defined in this app.
   *
   * @param scope the construct's parent
   * @param id the construct's id
   * @param vaultArn `arn:<partition>:glacier:<region>:<account>:vaults/<name>`
   */
  public static fromVaultArn(scope: Construct, id: string, vaultArn: string): IGlacierVault {
    if (!Token.isUnresolved(vaultArn) && !/^arn:[^:]+:glacier:[^:]+:[^:]+:vaults\/[^:/]+$/.test(vaultArn)) {
      throw new Error(
        `\`vaultArn\` must be the ARN of a Glacier vault, 'arn:<partition>:glacier:<region>:<account>:vaults/<name>', got: '${vaultArn}'.`,
      );
    }
    const vaultName = Stack.of(scope).splitArn(vaultArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName ?? '';
    requireVaultName('vaultArn', vaultName);
    return new ImportedGlacierVault(scope, id, vaultName, vaultArn, { environmentFromArn: vaultArn });
  }

  /**
   * The vault's tags.
   */
  public readonly cdkTagManager: TagManager;

  /** @internal */
  public readonly _literalName: string;
  /** @internal */
  public readonly _literalArn: string;
  /** @internal */
  public readonly _dependables: IDependable[];

  private readonly resource: CfnResource;
  private nameAttribute?: string;
  private arnAttribute?: string;
  private readonly accessPolicy?: iam.PolicyDocument;
  private readonly addedStatements: iam.PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: GlacierVaultProps = {}) {
    super(scope, id, { physicalName: props.vaultName });
    if (props.vaultName !== undefined) {
      requireVaultName('vaultName', props.vaultName);
    }
    if (props.notifications?.events?.length === 0) {
      throw new Error(
        '`notifications.events` must name at least one event, got none. Leave it out for all events, or drop `notifications`.',
      );
    }
    const stack = Stack.of(this);
    this._literalName =
      props.vaultName ?? Names.uniqueResourceName(this, { maxLength: 255, separator: '-', allowedSpecialCharacters: '-_.' });
    this._literalArn = vaultArnOf(stack, this._literalName);
    requireOnlyVault(this, this._literalName);
    if (lacksGlacier(stack.region)) {
      Annotations.of(this).addWarningV2(
        'cdk-vault-lock:regionWithoutGlacier',
        `There is no Amazon Glacier in region '${stack.region}'. Choose another region for the stack.`,
      );
    }
    this.accessPolicy = props.accessPolicy;
    this.cdkTagManager = new TagManager(TagType.MAP, ResourceTypes.GLACIER_VAULT);

    const provider = GlacierProvider._getOrCreate(this);
    this.resource = new CfnResource(this, 'Resource', {
      type: ResourceTypes.GLACIER_VAULT,
      properties: {
        ServiceToken: provider._serviceToken,
        ServiceTimeout: GlacierProvider._SERVICE_TIMEOUT_SECONDS,
        VaultName: this._literalName,
        AdoptExisting: props.adoptExisting ? 'true' : undefined,
        AccessPolicy: Lazy.any({ produce: () => this.accessPolicyProperty() }),
        Tags: Lazy.any({ produce: () => this.cdkTagManager.renderTags() as unknown }),
        NotificationTopicArn: props.notifications?.topic.topicArn,
        NotificationEvents: props.notifications && (props.notifications.events ?? Object.values(GlacierVaultEvent)),
      },
    });
    this.resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.resource.node.addDependency(provider._delivery);
    this._dependables = [this.resource];
    this.node.addValidation({ validate: () => [...tagErrors(this.cdkTagManager.tagValues()), ...this.judgeAccessPolicy()] });
  }

  /**
   * The vault's name. Who uses it waits until the vault is there.
   *
   * @attribute
   */
  public get vaultName(): string {
    this.nameAttribute ??= this.getResourceNameAttribute(this.resource.ref);
    return this.nameAttribute;
  }

  /**
   * The vault's ARN. Who uses it waits until the vault is there.
   *
   * @attribute
   */
  public get vaultArn(): string {
    this.arnAttribute ??= this.getResourceArnAttribute(this.resource.getAtt(GlacierVaultAttributes.VAULT_ARN).toString(), {
      service: 'glacier',
      resource: 'vaults',
      resourceName: this.physicalName,
    });
    return this.arnAttribute;
  }

  /**
   * Adds a statement to the vault's access policy.
   *
   * @param statement names its principals; without resources it is for this vault
   */
  public addToAccessPolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    this.addedStatements.push(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /** @internal */
  public _addGrantToAccessPolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return this.addToAccessPolicy(statement);
  }

  /** @internal */
  public get _attributes(): ReturnType<PolicyPlace['attributes']> {
    return [
      [this.vaultArn, this._literalArn],
      [this.vaultName, this._literalName],
    ];
  }

  /**
   * The access policy as it stands in the template, as far as synthesis knows it. To be called when the tree is complete.
   *
   * @param reader the stack that compares the text with its own
   *
   * @internal
   */
  public _accessPolicyText(reader: Stack): string | undefined {
    return symbolicProperty(this.resource, 'AccessPolicy', reader);
  }

  private accessPolicyProperty(): string | undefined {
    const given = this.accessPolicy ? statementsOf(this.accessPolicy) : [];
    const added = this.addedStatements.map((statement) => statement.toStatementJson() as PolicyJson);
    const statements = [...given, ...added];
    const place = { literalArn: this._literalArn, attributes: () => this._attributes };
    return statements.length > 0 ? policyProperty(Stack.of(this), vaultPolicy(statements, place), place) : undefined;
  }

  private judgeAccessPolicy(): string[] {
    const stack = Stack.of(this);
    const text = this._accessPolicyText(stack);
    if (text === undefined) return [];
    const { errors, warnings } = accessPolicyFindings({
      property: 'accessPolicy',
      text,
      vaultArn: symbolicText(stack, this._literalArn),
      account: knownText(stack, stack.account),
    });
    addWarnings(this, warnings);
    return [...errors];
  }
}

const VAULTS = new OncePerApp();

/** @throws if the app already defines a vault of this name in this place: each of the two would take the other's for its own */
function requireOnlyVault(vault: GlacierVault, name: string): void {
  const other = VAULTS.claim(vault, identityOf(vault, vault.env, name));
  if (other) {
    throw new Error(
      `\`vaultName\` must be unique in its account and region, but '${name}' is already defined by '${other.node.path}'. ` +
        'Pass that construct around, use `GlacierVault.fromVaultName`, or choose another name.',
    );
  }
}

function vaultArnOf(stack: Stack, vaultName: string): string {
  return stack.formatArn({ service: 'glacier', resource: 'vaults', resourceName: vaultName });
}
