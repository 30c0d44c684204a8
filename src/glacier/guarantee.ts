import type { Duration } from 'aws-cdk-lib';
import { Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { requireRequestContext, type AccessClaim, type Claim } from './claim';
import { administratorArns, requireTagKey, requireTagValue } from './legal-hold';
import { arnsOfRolesAndUsers, requireNoPattern } from './roles-and-users';
import { symbolicText } from './symbolic-text';
import type { VaultLockStage } from './vault-lock-stage';
import { wholeDays } from './whole-days';
import { LockStages } from '../private/contract';

/**
 * A hold by tag, and who alone may lift it.
 */
export interface LegalHoldGuarantee {
  /**
   * The key of the vault's tag that sets the hold, 1 to 128 characters, not a token. Its case does not count.
   */
  readonly tagKey: string;

  /**
   * The roles and users who may change the vault's tags while the hold stands. At least one.
   *
   * That everybody else cannot is what is guaranteed, not that these can.
   */
  readonly liftableBy: iam.IPrincipal[];

  /**
   * The value that sets the hold, in any case: a policy that only compares with 'true' does not hold a vault that is tagged 'True'.
   *
   * Of a value that only a deployment knows no other case is looked at.
   *
   * @default - any value, the empty one included
   */
  readonly tagValue?: string;
}

/**
 * What is known of all requests of a principal.
 */
export interface GuaranteedRequest {
  /**
   * Condition keys that all its requests carry, and their values, e.g. `{ 'aws:SourceVpce': 'vpce-1a2b3c4d' }` or
   * `{ 'aws:PrincipalOrgID': 'o-exampleorgid' }`. Values may be tokens. That the requests carry them is not looked at.
   *
   * Not for what is known of the principal itself (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:userid`,
   * `aws:username`), nor for keys of Glacier.
   *
   * @default - nothing: it has to hold whatever the requests carry, and from wherever they come
   */
  readonly requestContext?: { [conditionKey: string]: string };
}

/**
 * What a vault lock has to mean. It is proved when the app is synthesized, for every principal, archive age, tag and other condition of
 * a request; what does not hold is an error that shows who could do what, and by which statement.
 *
 * What cannot be proved is an error as well, because then nobody knows whether it holds: a policy with condition operators that are not
 * known, or with values that only a deployment knows. Where you know better, acknowledge the warning
 * `cdk-vault-lock:unprovedGuarantee` of the lock. A guarantee that is known not to hold cannot be acknowledged.
 *
 * The lock policy and the vault's access policy are judged together, and what must be denied must be denied by the lock policy: access
 * policies can be changed at any time. **Of an imported vault the access policy is not known**, so only the lock policy is judged.
 * Policies of roles, users and organizations are never looked at: they can deny more, and never allow what a lock denies.
 *
 * With `VaultLockStage.abort()` there is no lock that could guarantee anything, and nothing is looked at.
 */
export class Guarantee {
  /**
   * Nobody can delete an archive before it has the given age, fractions of a day included.
   *
   * `VaultLockPolicy.retain()` guarantees this by itself.
   *
   * @param period whole days, at least 1
   * @throws if the period is no whole number of days, or none at all
   */
  public static noDeletionBefore(period: Duration): Guarantee {
    const days = wholeDays('period', period);
    return new Guarantee((known) => [{ kind: 'noDeletionBefore', days: known(days) }]);
  }

  /**
   * While the vault has a certain tag, nobody can delete an archive of whatever age, and nobody but certain roles and users can change
   * the vault's tags.
   *
   * `VaultLockPolicy.withLegalHold()` guarantees this by itself.
   *
   * @param hold the tag, and who may change it
   * @throws if the tag is none that Glacier takes, or if somebody is no role or user
   */
  public static legalHoldStops(hold: LegalHoldGuarantee): Guarantee {
    const { tagKey, tagValue } = hold;
    requireTagKey(tagKey);
    requireTagValue(tagValue);
    const arns = administratorArns('liftableBy', hold.liftableBy);
    return new Guarantee((known) => [
      { kind: 'legalHoldStops', tagKey, ...(tagValue !== undefined && { tagValue: known(tagValue) }), liftableBy: arns.map(known) },
    ]);
  }

  /**
   * Neither the lock policy nor the access policy denies the principal to upload archives, in one piece or in parts, over TLS.
   *
   * That it is allowed to is not said: grant it, e.g. with `vault.grantUpload()`.
   *
   * @param principal a role, which stands for its sessions, or a user; give an ARN with `new iam.ArnPrincipal()`
   * @param request what all its requests carry
   * @throws if it is no role or user, or if the request context has a key that it must not have
   */
  public static canStillUpload(principal: iam.IPrincipal, request: GuaranteedRequest = {}): Guarantee {
    return Guarantee.notShutOut('canStillUpload', principal, request);
  }

  /**
   * Neither the lock policy nor the access policy denies the principal to abort the lock while it is in its test window.
   *
   * Not looked at with `VaultLockStage.complete()`: nobody can abort a complete lock.
   *
   * @param principal a role, which stands for its sessions, or a user; give an ARN with `new iam.ArnPrincipal()`
   * @param request what all its requests carry
   * @throws if it is no role or user, or if the request context has a key that it must not have
   */
  public static canStillAbort(principal: iam.IPrincipal, request: GuaranteedRequest = {}): Guarantee {
    return Guarantee.notShutOut('canStillAbort', principal, request);
  }

  private static notShutOut(kind: AccessClaim['kind'], principal: iam.IPrincipal, { requestContext = {} }: GuaranteedRequest): Guarantee {
    const arns = arnsOfRolesAndUsers('principal', [principal]);
    arns.forEach((arn) => requireNoPattern('principal', arn));
    requireRequestContext(requestContext);
    const { principalAccount = '' } = principal;
    const claims = (known: (text: string) => string) => {
      const context = Object.fromEntries(Object.entries(requestContext).map(([key, value]) => [key, known(value)]));
      return arns.map((arn): Claim => ({ kind, arn: known(arn), account: known(principalAccount), requestContext: context }));
    };
    return new Guarantee(claims, kind === 'canStillAbort');
  }

  private constructor(
    private readonly claims: (known: (text: string) => string) => readonly Claim[],
    private readonly untilComplete = false,
  ) {}

  /**
   * What is claimed, as far as synthesis can know it. To be called when the tree is complete.
   *
   * @internal
   */
  public _claimsIn(stack: Stack): readonly Claim[] {
    return this.claims((text) => (Token.isUnresolved(text) ? symbolicText(stack, text) : text));
  }

  /**
   * Whether there is anything left to guarantee when a lock goes that far.
   *
   * @internal
   */
  public _concerns(stage: VaultLockStage): boolean {
    return stage._stage !== LockStages.ABORT && !(this.untilComplete && stage._stage === LockStages.COMPLETE);
  }
}
