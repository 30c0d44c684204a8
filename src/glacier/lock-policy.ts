import type { Duration, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Guarantee } from './guarantee';
import { administratorArns, legalHoldStatements, requireTagKey, requireTagValue } from './legal-hold';
import { RETENTION_SID } from './policy-holes';
import {
  plainPolicyProperty,
  policyProperty,
  statementsOf,
  vaultPolicy,
  type PolicyJson,
  type PolicyPlace,
  type PolicyProperty,
} from './policy-text';
import { wholeDays } from './whole-days';

/**
 * Who may lift a legal hold, and by which tag of the vault it is set.
 */
export interface LegalHoldOptions {
  /**
   * The key of the vault's tag that sets the hold, 1 to 128 characters, not a token.
   *
   * Keys of condition keys have no case: 'LegalHold' and 'legalhold' both set it.
   */
  readonly tagKey: string;

  /**
   * The roles and users who may set and lift the hold: the only ones who can change *any* tag of the vault from then on, the
   * deployments of this stack included. At least one.
   *
   * A role stands for all its sessions. They are compared by ARN: a role that is deleted and made again under its old name counts
   * again, and if all of them are gone,
   * so is the right to lift the hold.
   */
  readonly administrators: iam.IPrincipal[];

  /**
   * The value that the tag must have to set the hold, in any case ('True' and 'true' are the same).
   *
   * @default - any value, the empty one included: only removing the tag lifts the hold
   */
  readonly tagValue?: string;
}

/**
 * How a policy document is taken over as a lock policy.
 */
export interface LockPolicyDocumentOptions {
  /**
   * Whether the policy may deny the deployments of this stack what they need to watch, abort and complete the lock.
   *
   * With it, a lock in its test window may have to run out (24 hours) instead of being aborted, and it may be impossible to
   * complete. Once complete, deployments of the stack that have to look at the vault may fail for ever.
   *
   * @default false - a policy that denies it to everybody is an error; one that may deny it to the library's role is a warning
   * (`cdk-vault-lock:selfLockout`) in any case
   */
  readonly allowSelfLockout?: boolean;
}

/**
 * What a vault lock enforces. Immutable: the `with…` methods return another policy.
 *
 * A complete lock can never be changed, so write down only what must hold for ever; who may upload and read
 * belongs into the vault's access policy.
 */
export class VaultLockPolicy {
  /**
   * Nobody may delete an archive before it has the given age. This is proved wherever the policy is used, as
   * `Guarantee.noDeletionBefore()` says.
   *
   * An archive's age is counted from its own upload; archives that are in the vault already count from theirs.
   *
   * @param period whole days, at least 1
   * @throws if the period is no whole number of days, or none at all
   */
  public static retain(period: Duration): VaultLockPolicy {
    return new VaultLockPolicy(
      [
        {
          Sid: RETENTION_SID,
          Effect: 'Deny',
          Principal: '*',
          Action: 'glacier:DeleteArchive',
          Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': wholeDays('period', period) } },
        },
      ],
      { plain: true, held: false, allowSelfLockout: false, guarantees: [Guarantee.noDeletionBefore(period)] },
    );
  }

  /**
   * A policy of your own words, as it is now: later changes to the document are not seen.
   *
   * Every statement names its principals, none has `NotPrincipal`; one without resources is for the vault. At most 20,480 bytes of
   * JSON. What is suspicious about it is told at synthesis (docs/policy-findings.md); what it has to mean, `guarantees` of the lock prove.
   *
   * @param document the policy
   * @param options how strictly it is looked at
   * @throws if the document has no statements
   */
  public static fromDocument(document: iam.PolicyDocument, options: LockPolicyDocumentOptions = {}): VaultLockPolicy {
    const statements = statementsOf(document);
    if (statements.length === 0) {
      throw new Error(
        '`document` must have at least one statement, got none: a lock of an empty policy protects nothing. Add statements before `fromDocument()`.',
      );
    }
    const { allowSelfLockout = false } = options;
    return new VaultLockPolicy(statements, { plain: false, held: false, allowSelfLockout, guarantees: [] });
  }

  private constructor(
    private readonly statements: readonly PolicyJson[],
    private readonly options: {
      readonly plain: boolean;
      readonly held: boolean;
      readonly allowSelfLockout: boolean;
      readonly guarantees: readonly Guarantee[];
    },
  ) {}

  /**
   * This policy, and: nobody may delete an archive, of whatever age, while the vault has a certain tag.
   *
   * So that the hold is worth something, nobody but its administrators may add or remove tags of the vault. **This includes the
   * deployments of the stack**: one that changes the vault's tags (also through `Tags.of(app)`) fails from then on.
   *
   * This is proved wherever the policy is used, as `Guarantee.legalHoldStops()` says.
   *
   * The hold is set and lifted by tagging the vault (`aws glacier add-tags-to-vault`, `remove-tags-from-vault`), not by the template.
   *
   * @param options the tag, and who may change it
   * @throws if there is no administrator, or one that is no role or user, or if the policy has a legal hold already
   */
  public withLegalHold(options: LegalHoldOptions): VaultLockPolicy {
    if (this.options.held) {
      throw new Error(
        '`withLegalHold` may be called once: with two holds only those who administer both could change a tag. Name all administrators in one hold.',
      );
    }
    requireTagKey(options.tagKey);
    requireTagValue(options.tagValue);
    const { tagKey, tagValue, administrators } = options;
    const hold = legalHoldStatements(tagKey, tagValue, administratorArns('administrators', administrators));
    const guarantee = Guarantee.legalHoldStops({ tagKey, tagValue, liftableBy: administrators });
    return new VaultLockPolicy([...this.statements, ...hold], {
      ...this.options,
      held: true,
      guarantees: [...this.options.guarantees, guarantee],
    });
  }

  /**
   * The document for one vault, as the value of a property.
   *
   * @internal
   */
  public _bind(stack: Stack, place: PolicyPlace): PolicyProperty {
    const document = vaultPolicy(this.statements, place);
    return this.options.plain ? plainPolicyProperty(stack, document, place) : policyProperty(stack, document, place);
  }

  /**
   * Whether there is more to judge than the guarantees: a mere retention rule has no holes beside them.
   *
   * @internal
   */
  public get _hasUserParts(): boolean {
    return this.options.held || !this.options.plain;
  }

  /**
   * What the builders promise of their own statements.
   *
   * @internal
   */
  public get _guarantees(): readonly Guarantee[] {
    return this.options.guarantees;
  }

  /** @internal */
  public get _allowSelfLockout(): boolean {
    return this.options.allowSelfLockout;
  }
}
