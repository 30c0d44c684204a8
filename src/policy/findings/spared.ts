import { DELETE_ARCHIVE, deletionDenies, FROM_ANYWHERE, isDateKey, isTagKey, JudgedPolicy, nameOf, ownersOf, Rule } from './judged-policy';
import type { Finding } from './model';
import type { Condition, PolicyDocument, Statement } from '../model';
import { CounterExample, explore, Region, retentionOf } from '../proof';
import { isAgeKey } from '../proof/axes';

/** Whom, and what, a Deny of deletion leaves out. */

/** Keys that say who calls, beside those that hang on the principal alone. */
const ABOUT_CALLERS = /^aws:(principal|userid|username|source(account|arn|identity|org)|federated|assumedroot)/i;

/**
 * `owner-only-principal`: principals of other accounts are not held, to whom an access policy may give the right to delete.
 * `exempt-principal`: somebody of the vault's own account is not held.
 */
export const sparedPrincipalsRule: Rule = (policy) =>
  deletionDenies(policy).flatMap(({ statement, index }) => (isRetention(statement, policy) ? sparing(policy, statement, index) : []));

/** Who may delete what is not old enough is no question of retention, unless the statement says so. */
function isRetention(statement: Statement, { kind, retention, account }: JudgedPolicy): boolean {
  if (isAboutArchives(statement)) return true;
  const names = statement.principal?.some((pattern) => pattern.kind === 'account' && pattern.accountId === account) ?? false;
  return kind === 'lock' && (names || retention.days === 0);
}

function isAboutArchives({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => isAgeKey(key) || isTagKey(key));
}

function sparing(policy: JudgedPolicy, statement: Statement, index: number): Finding[] {
  const conditions = statement.conditions.filter(({ key }) => !ABOUT_CALLERS.test(key));
  const isWide = statement.principal?.some(({ kind }) => kind === 'everyone') ?? false;
  if (isWide && conditions.length === statement.conditions.length) return [];
  const everyone: Statement = { ...statement, principal: [{ kind: 'everyone' }], conditions };
  const outside = notDenied(policy, everyone, { principals: { only: [policy.stranger] }, context: FROM_ANYWHERE });
  const inside = notDenied(policy, everyone, { principals: { only: [policy.colleague] }, context: fromInside(statement) });
  if (outside && inside) {
    return sparingMost(policy, statement, isWide ? exempt(statement, index, inside) : ownerOnly(statement, index, outside));
  }
  if (outside) return [ownerOnly(statement, index, outside)];
  // Who alone may delete, at whatever age, is a rule of its own.
  if (!isAboutArchives(statement)) return [];
  const own = inside ?? notDenied(policy, everyone, { principals: { only: ownersOf(policy).principals } });
  if (own) return policy.kind === 'lock' ? [exempt(statement, index, own)] : [];
  const other = notDenied(policy, everyone, {});
  return other ? [ownerOnly(statement, index, other)] : [];
}

/** Who is denied by name, beside a retention for everyone, or without a word about age or tag, is no hole. */
function sparingMost({ retention, kind }: JudgedPolicy, statement: Statement, finding: Finding): Finding[] {
  const named = statement.principal?.every(({ kind: pattern }) => pattern !== 'everyone') ?? false;
  return retention.days === 0 && kind === 'lock' && (isAboutArchives(statement) || named) ? [finding] : [];
}

/** What a caller of the vault's account brings: the organization that the statement names is taken to be its own. */
function fromInside({ conditions }: Statement): Region['context'] {
  const own = conditions.filter(({ key }) => /^aws:principalorg(id|paths)$/i.test(key));
  return Object.fromEntries(own.map(({ key, values }) => [key, values[0]?.replace(/\*/g, '') ?? null]));
}

/** A case that the wider statement would deny, and the document does not. */
function notDenied({ meant, vaultArn }: JudgedPolicy, wider: Statement, region: Region): CounterExample | undefined {
  const document: PolicyDocument = {
    ...meant,
    statements: [...meant.statements.filter(({ effect }) => effect === 'Deny'), { ...wider, effect: 'Allow' }],
  };
  const verdict = explore({ policies: [document], vaultArn, action: DELETE_ARCHIVE, expect: 'notAllowed', region });
  return verdict.verdict === 'fails' ? verdict.counterExample : undefined;
}

function ownerOnly(statement: Statement, index: number, { principal, archiveAgeInDays }: CounterExample): Finding {
  return {
    id: 'owner-only-principal',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} does not deny principals of other accounts: ${principal}, let in by an access policy, can delete an archive of ${days(archiveAgeInDays)}.`,
    remedy: 'Write "Principal": "*", without conditions on the caller: that holds everyone, of whatever account.',
  };
}

function exempt(statement: Statement, index: number, { principal, archiveAgeInDays }: CounterExample): Finding {
  return {
    id: 'exempt-principal',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)} spares ${principal}, who can delete an archive of ${days(archiveAgeInDays)}. In a lock that is for ever, and whoever can become that principal can do the same.`,
    remedy: 'Take the exception out. Whom nobody spares in the lock, no other policy can spare.',
  };
}

function days(age: number | null): string {
  return `${age ?? 0} ${age === 1 ? 'day' : 'days'}`;
}

/** `conditional-deny`: archives are only kept in circumstances that somebody can bring about, or that simply end. */
export const conditionalDenyRule: Rule = (policy) => {
  const { kind, retention, meant, vaultArn } = policy;
  if (kind === 'access' || retention.days !== 0) return [];
  return deletionDenies(policy).flatMap(({ statement, index }) => {
    const others = statement.conditions.filter(({ key }) => !isAgeKey(key) && !ABOUT_CALLERS.test(key) && !isDateKey(key));
    if (others.length === 0 || !statement.conditions.some(({ key }) => isAgeKey(key))) return [];
    const plain: Statement = {
      ...statement,
      principal: [{ kind: 'everyone' }],
      conditions: statement.conditions.filter(({ key }) => isAgeKey(key)),
    };
    if (retentionOf([{ ...meant, statements: [plain] }], vaultArn).days === 0) return [];
    return [conditional(statement, index, others)];
  });
};

function conditional(statement: Statement, index: number, others: readonly Condition[]): Finding {
  const keys = [...new Set(others.map(({ key }) => key))].join(' and ');
  return {
    id: 'conditional-deny',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} denies deletion of young archives only while its condition on ${keys} holds, too: all conditions of a statement have to. Where it does not hold, archives of any age can be deleted.`,
    remedy: `Put the condition on ${keys} into a statement of its own, and leave the one on glacier:ArchiveAgeInDays alone.`,
  };
}
