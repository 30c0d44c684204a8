import { Token } from 'aws-cdk-lib';
import { UPLOADS } from './vault-base';
import type { Condition, PolicyDocument, Principal, Question, Region, Statement } from '../policy';
import { sessionArn } from '../policy/principal-arn';
import { isKnown, readable } from '../synthesis/known-text';

/** What a guarantee says. Texts are `knownText`. */
export type Claim = RetentionClaim | HoldClaim | AccessClaim;

export interface RetentionClaim {
  readonly kind: 'noDeletionBefore';
  readonly days: string;
}

export interface HoldClaim {
  readonly kind: 'legalHoldStops';
  readonly tagKey: string;
  readonly tagValue?: string;
  readonly liftableBy: readonly string[];
}

export interface AccessClaim {
  readonly kind: 'canStillUpload' | 'canStillAbort';
  readonly arn: string;
  /** Empty when nobody knows it. */
  readonly account: string;
  /** What else every request of the caller carries, by condition key. */
  readonly requestContext: { readonly [key: string]: string };
}

/** One question to the policies, out of those that make up a claim. */
export interface Obligation {
  readonly question: Omit<Question, 'policies' | 'vaultArn'>;
  /** Requests that the question is not about and that its region cannot leave out: they count as denied. */
  readonly beside: readonly Statement[];
  /** Patterns for the ARNs of principals that the question is not about, either. */
  readonly spared: readonly string[];
}

/** A hold that can be lifted by whoever changes tags is none. */
const TAG_CHANGES = ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'];
const DELETE_ARCHIVE = 'glacier:DeleteArchive';

/** Whether the claim is about what must be denied, and not about what must not be. */
export function mustBeDenied({ kind }: Claim): boolean {
  return kind === 'noDeletionBefore' || kind === 'legalHoldStops';
}

/** What the principal, the vault and the archive say of themselves. */
const KNOWN_ANYWAY = /^(aws:principal(arn|account|type)|aws:userid|aws:username|glacier:.*)$/i;

/** @throws for a key that is no condition key, or one that would contradict what is known */
export function requireRequestContext(requestContext: AccessClaim['requestContext']): void {
  for (const [key, value] of Object.entries(requestContext)) {
    if (typeof value !== 'string') {
      throw new Error(`\`requestContext\` must have one text for each key, got for '${key}': ${String(value)}.`);
    }
    if (!Token.isUnresolved(key) && /^[A-Za-z0-9-]+:\S+$/.test(key) && !KNOWN_ANYWAY.test(key)) continue;
    throw new Error(
      `\`requestContext\` must have condition keys of the request, such as 'aws:SourceVpce', got: '${key}'. Leave out what is known of the principal, the vault or the archive.`,
    );
  }
}

/** How users write the claim. */
export function nameOfClaim(claim: Claim): string {
  switch (claim.kind) {
    case 'noDeletionBefore':
      return `Guarantee.noDeletionBefore(Duration.days(${readable(claim.days)}))`;
    case 'legalHoldStops':
      return `Guarantee.legalHoldStops({ tagKey: '${claim.tagKey}', … })`;
    default:
      return `Guarantee.${claim.kind}('${readable(claim.arn)}')`;
  }
}

export function wayOutOf(claim: Claim): string {
  switch (claim.kind) {
    case 'noDeletionBefore':
      return `Deny glacier:DeleteArchive to everyone before that age, as \`VaultLockPolicy.retain(Duration.days(${readable(claim.days)}))\` does, or guarantee less.`;
    case 'legalHoldStops':
      return 'Let `withLegalHold()` of VaultLockPolicy write the hold, with the same tag, value, roles and users.';
    default:
      return (
        'Name the actions or principals that the statement is meant for; if it is about something that all requests of this principal carry, ' +
        'such as aws:SourceVpce, say so in the `requestContext` of the guarantee.'
      );
  }
}

/** @param assumedDays what the days of a retention are taken for, where they are not known */
export function obligationsOf(claim: Claim, policies: readonly PolicyDocument[], assumedDays?: number): Obligation[] {
  switch (claim.kind) {
    case 'noDeletionBefore':
      return [retentionObligation(assumedDays ?? Number(claim.days))];
    case 'legalHoldStops':
      return holdObligations(claim);
    case 'canStillUpload':
      return UPLOADS.map((action) => notDenied(action, claim, policies));
    case 'canStillAbort':
      return [notDenied('glacier:AbortVaultLock', claim, policies)];
  }
}

function retentionObligation(days: number): Obligation {
  return { question: { action: DELETE_ARCHIVE, expect: 'denied', region: { age: { below: days } } }, beside: [], spared: [] };
}

function holdObligations({ tagKey, tagValue, liftableBy }: HoldClaim): Obligation[] {
  const tag = `glacier:ResourceTag/${tagKey}`;
  const withoutHold: Condition[] =
    tagValue === undefined
      ? [{ operator: 'Null', key: tag, values: ['true'] }]
      : [{ operator: 'StringNotEqualsIgnoreCase', key: tag, values: [tagValue] }];
  // Which texts are the value in another case nobody can tell before it is known.
  const fixed = tagValue !== undefined && !isKnown(tagValue);
  const held: Pick<Region, 'tags'> = fixed ? { tags: { [tagKey]: tagValue } } : {};
  const beside = fixed ? [] : [denied(withoutHold)];

  const patterns = liftableBy.filter((arn) => /[*?]/.test(arn));
  const everyoneElse = { except: liftableBy.filter((arn) => !patterns.includes(arn)) };
  return [
    { question: { action: DELETE_ARCHIVE, expect: 'denied', region: held }, beside, spared: [] },
    ...TAG_CHANGES.map((action): Obligation => ({
      question: { action, expect: 'denied', region: { ...held, principals: everyoneElse } },
      beside,
      spared: patterns,
    })),
  ];
}

function denied(conditions: readonly Condition[]): Statement {
  return { effect: 'Deny', principal: [{ kind: 'everyone' }], action: ['*'], resource: ['*'], conditions };
}

function notDenied(action: string, claim: AccessClaim, policies: readonly PolicyDocument[]): Obligation {
  // Named only where it matters, so that no counter-example tells of it in vain.
  const asked = policies.some(({ statements }) => statements.some(({ conditions }) => conditions.some(({ key }) => isTransport(key))));
  const given = Object.keys(claim.requestContext).some(isTransport);
  const context = { ...(asked && !given && { 'aws:SecureTransport': 'true' }), ...claim.requestContext };
  const region: Region = { principals: { only: [callerOf(claim)] }, context };
  return { question: { action, expect: 'notDenied', region }, beside: [], spared: [] };
}

function isTransport(key: string): boolean {
  return key.toLowerCase() === 'aws:securetransport';
}

/** Who makes the requests: of a role it is a session. */
function callerOf({ arn, account }: AccessClaim): Principal {
  const [, owner] = /^arn:[^:]*:iam::([^:]*):role\/.*[^/]$/.exec(arn) ?? [];
  if (owner !== undefined) return { kind: 'aws', arn: sessionArn(arn, 'session'), accountId: owner, roleArn: arn };
  return { kind: 'aws', arn, accountId: arn.split(':')[4] ?? (account || arn), ...(!arn.includes(':') && { roleArn: arn }) };
}
