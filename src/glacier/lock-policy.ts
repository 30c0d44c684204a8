import type { Duration, Stack } from 'aws-cdk-lib';
import { Token, Tokenization } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { administratorArns, legalHoldStatements, requireTagKey, requireTagValue } from './legal-hold';
import {
  plainPolicyProperty,
  policyProperty,
  statementsOf,
  vaultPolicy,
  type PolicyJson,
  type PolicyPlace,
  type PolicyProperty,
} from './policy-text';

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
   * @default false - such a policy is an error
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
   * Nobody may delete an archive before it has the given age.
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
          Sid: 'RetainArchives',
          Effect: 'Deny',
          Principal: '*',
          Action: 'glacier:DeleteArchive',
          Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': wholeDays(period) } },
        },
      ],
      { plain: true, held: false, allowSelfLockout: false },
    );
  }

  /**
   * A policy of your own words, as it is now: later changes to the document are not seen.
   *
   * Every statement names its principals; one without resources is for the vault. At most 20,480 bytes of JSON.
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
    return new VaultLockPolicy(statements, { plain: false, held: false, allowSelfLockout: options.allowSelfLockout ?? false });
  }

  private constructor(
    private readonly statements: readonly PolicyJson[],
    private readonly options: { readonly plain: boolean; readonly held: boolean; readonly allowSelfLockout: boolean },
  ) {}

  /**
   * This policy, and: nobody may delete an archive, of whatever age, while the vault has a certain tag.
   *
   * So that the hold is worth something, nobody but its administrators may add or remove tags of the vault. **This includes the
   * deployments of the stack**: one that changes the vault's tags (also through `Tags.of(app)`) fails from then on.
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
    const hold = legalHoldStatements(options.tagKey, options.tagValue, administratorArns(options.administrators));
    return new VaultLockPolicy([...this.statements, ...hold], { ...this.options, held: true });
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
   * Whether there is anything to judge: a mere retention rule is right by construction.
   *
   * @internal
   */
  public get _hasUserParts(): boolean {
    return this.options.held || !this.options.plain;
  }

  /** @internal */
  public get _allowSelfLockout(): boolean {
    return this.options.allowSelfLockout;
  }
}

/** As text: Glacier's own examples have numbers as strings, and CloudFormation would make them so. */
function wholeDays(period: Duration): string {
  const days = daysOf(period);
  if (days !== undefined && Token.isUnresolved(days)) return Tokenization.stringifyNumber(days);
  if (days === undefined || days < 1) {
    throw new Error(
      `\`period\` must be at least 1 day and a whole number of days, because Glacier counts the age of archives in days, got: ${period.toString()}. Use \`Duration.days()\`.`,
    );
  }
  return String(days);
}

function daysOf(period: Duration): number | undefined {
  try {
    return period.toDays();
  } catch {
    return undefined;
  }
}
