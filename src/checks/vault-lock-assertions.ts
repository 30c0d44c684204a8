import type { Duration } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { policyFindings, read, type AttachedPolicy } from './policy-findings';
import type { RequiredLockMode } from './required-lock-mode';
import { inDays } from './requirements';
import { TemplateLocks, type TemplateLock } from './template-locks';
import { knownDays, wholeDays } from '../backup/days';
import { requireRequestContext, type Claim } from '../glacier/claim';
import type { GuaranteedRequest } from '../glacier/guarantee';
import { requireSomebody, requireTagKey, requireTagValue } from '../glacier/legal-hold';
import { disprove } from '../glacier/proof';
import { requireNoPattern } from '../glacier/roles-and-users';
import { RETENTION_DAYS } from '../private/backup-limits';
import { isKnown, readable } from '../synthesis/known-text';

/**
 * Which lock of a template is meant, and where the template is deployed to.
 */
export interface VaultLockAssertionsProps {
  /**
   * The name of the locked vault, or the logical id of the resource that makes the lock.
   *
   * @default - the only lock of the template
   */
  readonly vault?: string;

  /**
   * The account that the template is deployed to.
   *
   * @default - the one that the vault's ARN has in the lock policy; otherwise not known
   */
  readonly account?: string;

  /**
   * The region that the template is deployed to.
   *
   * @default - the one that the vault's ARN has in the lock policy; otherwise not known
   */
  readonly region?: string;
}

/**
 * A hold by tag that a lock is expected to have.
 */
export interface ExpectedLegalHold {
  /**
   * The key of the vault's tag that sets the hold, 1 to 128 characters.
   */
  readonly tagKey: string;

  /**
   * The value that sets the hold, in any case.
   *
   * @default - any value, the empty one included
   */
  readonly tagValue?: string;

  /**
   * ARNs of the roles and users who alone may change the vault's tags while the hold stands, or the logical ids of those that the
   * template defines. At least one.
   */
  readonly liftableBy: string[];
}

/**
 * Findings that are accepted.
 */
export interface AcceptedFindings {
  /**
   * Ids of findings, e.g. `tag-removable`, as docs/policy-findings.md lists them.
   *
   * @default - none
   */
  readonly except?: string[];
}

/**
 * What a vault lock means, for the tests of those who use one: of a Glacier vault by a `GlacierVaultLock`, or of a backup vault by a
 * `BackupVaultLock` or its own `lockConfiguration`.
 *
 * It is proved, never sampled. An assertion that does not hold, or that cannot be proved, throws an error with a counter-example or the reason.
 *
 * @example
 * declare const stack: Stack;
 * VaultLockAssertions.fromTemplate(assertions.Template.fromStack(stack))
 *   .deniesDeletionBefore(Duration.days(365))
 *   .hasNoFindings();
 */
export class VaultLockAssertions {
  /**
   * Finds the lock in a template, also of a nested stack.
   *
   * Only what stands in this very template is judged: the access policy of a vault that another one defines is not known.
   *
   * @throws if the template has no such lock, or more than one
   */
  public static fromTemplate(template: Template, props: VaultLockAssertionsProps = {}): VaultLockAssertions {
    const locks = new TemplateLocks(template.toJSON(), props);
    return new VaultLockAssertions(locks, requireOne(locks.all(), props.vault));
  }

  private constructor(
    private readonly locks: TemplateLocks,
    private readonly lock: TemplateLock,
  ) {}

  /**
   * Nobody can delete an archive before it has that age, fractions of a day included. Of a backup vault: its lock lets no job ask for a
   * shorter retention, so that nobody can delete a recovery point sooner, as long as there is the lock. Recovery points that were there
   * before it keep their own expiry.
   *
   * @param period whole days, 1 to 36,500
   * @throws if it does not hold, or cannot be proved
   */
  public deniesDeletionBefore(period: Duration): VaultLockAssertions {
    const days = knownDays(wholeDays('period', period, RETENTION_DAYS));
    if (days === undefined) throw new Error('`period` must be known in a test, got a token. Give days, e.g. with `Duration.days(365)`.');
    const { backup } = this.lock;
    const expected = `to deny deletion before ${inDays(days)}`;
    if (!backup) return this.prove(expected, { kind: 'noDeletionBefore', days: String(days) });
    const { minRetention } = backup;
    if (minRetention === 'unknown') this.fail(expected, 'Only the deployment knows its shortest retention.');
    if (minRetention === 'none') {
      this.fail(expected, 'It has no shortest retention: a job may make recovery points that expire after a day.');
    }
    if (minRetention < days) {
      this.fail(expected, `Its shortest retention is ${inDays(minRetention)}: a recovery point may expire after that.`);
    }
    return this;
  }

  /**
   * While the Glacier vault has the tag, nobody can delete an archive of whatever age, and nobody but these roles and users can change the
   * vault's tags.
   *
   * @param hold the tag, and who may change it
   * @throws if it does not hold, or cannot be proved; if the tag is none that Glacier takes, or somebody is no role or user
   */
  public legalHoldStops(hold: ExpectedLegalHold): VaultLockAssertions {
    const { tagKey, tagValue, liftableBy } = hold;
    requireTagKey(tagKey);
    requireTagValue(tagValue);
    requireSomebody('liftableBy', liftableBy);
    const arns = liftableBy.map((principal) => this.locks.arnOf('liftableBy', principal));
    return this.prove(`to stop deletions with the tag '${tagKey}'`, {
      kind: 'legalHoldStops',
      tagKey,
      ...(tagValue !== undefined && { tagValue }),
      liftableBy: arns,
    });
  }

  /**
   * Neither the lock policy nor the Glacier vault's access policy denies the principal to upload archives, in one piece or in parts, over
   * TLS. What its own policies say is not looked at.
   *
   * @param principal the ARN of a role or user, or the logical id of one that the template defines
   * @param request what all its requests carry
   * @throws if it does not hold, or cannot be proved; if the principal is no role or user, or the request context has a key that it must not have
   */
  public allowsUploadBy(principal: string, request: GuaranteedRequest = {}): VaultLockAssertions {
    const { requestContext = {} } = request;
    const arn = this.locks.arnOf('principal', principal);
    requireNoPattern('principal', arn);
    requireRequestContext(requestContext);
    const account = arn.includes(':') ? (arn.split(':')[4] ?? '') : (this.lock.vaultArn.split(':')[4] ?? '');
    return this.prove(`to allow uploads by '${principal}'`, { kind: 'canStillUpload', arn, account, requestContext });
  }

  /**
   * The lock of the backup vault is in that mode.
   *
   * @throws if it is in the other one, or only the deployment knows
   */
  public hasMode(mode: RequiredLockMode): VaultLockAssertions {
    const expected = `to be in ${mode} mode`;
    const given = this.lock.backup?.mode;
    if (given === undefined) this.fail(expected, 'Locks of Glacier vaults have no mode.');
    if (given === 'unknown') this.fail(expected, 'Only the deployment knows in which it is.');
    if (given !== String(mode)) this.fail(expected, `It is in ${given} mode.`);
    return this;
  }

  /**
   * Nothing is suspicious about the lock policy and the access policies of the vault.
   *
   * @param accepted findings that may be there
   * @throws with all others, and if a policy cannot be read
   */
  public hasNoFindings(accepted: AcceptedFindings = {}): VaultLockAssertions {
    const { policy, accessPolicies, backup, vaultArn } = this.lock;
    const expected = 'to have no findings';
    if (!backup && policy === undefined) this.fail(expected, 'Only the deployment knows its policy.');
    const policies: AttachedPolicy[] = [
      ...(policy === undefined ? [] : [{ kind: 'lock' as const, text: policy, vaultArn }]),
      ...accessPolicies.map((text) => ({ kind: 'access' as const, text, vaultArn })),
    ];
    const findings = policies.flatMap((attached) => {
      const found = policyFindings(attached);
      if (found.length === 0 && !read(attached.text)) this.fail(expected, unreadable(attached));
      return found;
    });
    const open = findings.filter(({ id }) => !accepted.except?.includes(id));
    if (open.length > 0) this.fail(expected, open.map(({ id, message }) => `${id}: ${message}`).join('\n'));
    return this;
  }

  private prove(expected: string, claim: Claim): VaultLockAssertions {
    const { backup, policy, accessPolicies, vaultArn } = this.lock;
    if (backup) this.fail(expected, 'That is a property of Glacier locks, and this is a lock of AWS Backup, which has no policy.');
    if (policy === undefined) this.fail(expected, 'Only the deployment knows its policy.');
    const [disproof] = disprove([claim], { lock: policy, access: () => accessPolicies[0], vaultArn });
    if (disproof) this.fail(expected, disproof.verdict === 'unknown' ? `It cannot be proved. ${disproof.reason}` : disproof.reason);
    return this;
  }

  private fail(expected: string, reason: string): never {
    throw new Error(`Expected the lock of vault '${readable(this.lock.vaultName)}' ${expected}. ${reason}`);
  }
}

function unreadable({ kind, text }: AttachedPolicy): string {
  return isKnown(text) ? `The ${kind} policy is no policy.` : `Only the deployment knows the ${kind} policy.`;
}

function requireOne(locks: readonly TemplateLock[], vault: string | undefined): TemplateLock {
  const meant = locks.filter(({ vaultName, logicalId }) => vault === undefined || [readable(vaultName), logicalId].includes(vault));
  const [lock, ...others] = meant;
  if (lock && others.length === 0) return lock;
  const found = locks.map(({ logicalId, vaultName }) => `'${logicalId}' of vault '${readable(vaultName)}'`).join(', ') || 'none';
  throw new Error(
    `Expected ${vault === undefined ? 'one vault lock' : `one lock of vault '${vault}'`} in the template, found: ${found}. ` +
      'Say which one is meant with `vault`, and use the template of the stack that defines the lock.',
  );
}
