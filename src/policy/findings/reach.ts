import { DELETE_ARCHIVE, FROM_ANYWHERE, FROM_NO_ORGANIZATION, JudgedPolicy, nameOf, ownersOf, Rule, statementsOf } from './judged-policy';
import type { Finding } from './model';
import { actionsOf } from './vocabulary';
import type { Statement } from '../model';
import { AgeRange, explore, Region } from '../proof';
import type { Principal } from '../request';
import { actionMatches } from '../statement-matching';

/** Policies that reach too far, or nobody at all. */

/** `allow-only` */
export const allowOnlyRule: Rule = ({ kind, service, document }) => {
  if (kind !== 'lock' || service !== 'glacier' || document.statements.some(({ effect }) => effect === 'Deny')) return [];
  return [
    {
      id: 'allow-only',
      severity: 'error',
      statement: null,
      message:
        'The lock denies nothing, and so protects nothing: what it does not allow, every other policy may, and what it does allow nobody can take back once it is complete.',
      remedy:
        'Deny what must not be: "Effect": "Deny", "Principal": "*", "Action": "glacier:DeleteArchive", with "NumericLessThan": {"glacier:ArchiveAgeInDays": "<days to keep>"}.',
    },
  ];
};

/** `never-denies`: a Deny whose conditions cannot hold, all together. */
export const neverDeniesRule: Rule = (policy) => {
  const { meant, vaultArn, service } = policy;
  return statementsOf(policy).flatMap(({ statement, index }) => {
    if (statement.effect !== 'Deny' || statement.conditions.length === 0) return [];
    const covered = [DELETE_ARCHIVE, ...actionsOf(service)].filter((action) => actionMatches(statement, action));
    const alone = { ...meant, statements: [statement] };
    const never = covered.every((action) => explore({ policies: [alone], vaultArn, action, expect: 'notDenied' }).verdict === 'holds');
    return never && covered.length > 0 ? [neverDenies(statement, index)] : [];
  });
};

function neverDenies(statement: Statement, index: number): Finding {
  return {
    id: 'never-denies',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} never denies anything: there is no request for which all of its conditions hold.`,
    remedy: 'All conditions of a statement have to hold, and an age is never below 0. Put alternatives into statements of their own.',
  };
}

/** What a deployment does on a vault before and after it writes, and what takes the policy back. */
const READ = ['DescribeVault', 'GetVaultLock', 'GetVaultAccessPolicy', 'GetVaultNotifications', 'ListTagsForVault'];
export const NEEDED = {
  lock: [...READ, 'InitiateVaultLock', 'AbortVaultLock', 'CompleteVaultLock'].map((name) => `glacier:${name}`),
  access: [...READ, 'SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'].map((name) => `glacier:${name}`),
  backup: ['backup:DescribeBackupVault', 'backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy'],
};

const INITIATE_JOB = 'glacier:InitiateJob';

/** `deny-too-broad`: nobody of the vault's account is left who could watch the vault, take the policy back, or read new archives. */
export const denyTooBroadRule: Rule = (policy) => {
  const denies = statementsOf(policy).filter(({ statement }) => statement.effect === 'Deny');
  const needed = NEEDED[policy.service === 'backup' ? 'backup' : policy.kind];
  const covering = (action: string) => denies.find(({ statement }) => actionMatches(statement, action));
  const suspected = needed.filter((action) => covering(action));
  const retrieving = denies.find(({ statement }) => retrievesUnnamed(statement));
  if (suspected.length === 0 && !retrieving) return [];
  const { principals: owners, complete } = ownersOf(policy);
  if (!complete) return [];
  const lost = suspected.filter((action) => isDeniedTo(owners, action, policy));
  const found = denies.flatMap(({ statement, index }) => {
    const own = lost.filter((action) => covering(action)?.index === index);
    return own.length === 0 ? [] : [tooBroad(policy, statement, index, own)];
  });
  if (!retrieving || found.length > 0 || !isDeniedTo(owners, INITIATE_JOB, policy, { from: 0, below: 1 })) return found;
  return [unreadable(retrieving.statement, retrieving.index)];
};

/** Whether the statement takes the retrieval of archives along with their deletion, by a wildcard or by `NotAction`. */
function retrievesUnnamed(statement: Statement): boolean {
  const isNamed = statement.action?.some((entry) => entry.toLowerCase() === INITIATE_JOB.toLowerCase()) ?? false;
  return !isNamed && [INITIATE_JOB, DELETE_ARCHIVE].every((action) => actionMatches(statement, action));
}

function isDeniedTo(principals: readonly Principal[], action: string, { mended, vaultArn }: JudgedPolicy, age?: AgeRange): boolean {
  const region: Region = { principals: { only: principals }, ...(age && { age }) };
  return explore({ policies: [mended], vaultArn, action, expect: 'denied', region }).verdict === 'holds';
}

function unreadable(statement: Statement, index: number): Finding {
  return {
    id: 'deny-too-broad',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} denies with the deletion of new archives their retrieval: ${INITIATE_JOB} has an age, too, and is among the actions. Nobody of the vault's own account can read a new archive.`,
    remedy: `Name only the actions that you want to deny, such as ${DELETE_ARCHIVE}.`,
  };
}

function tooBroad({ kind, service }: JudgedPolicy, statement: Statement, index: number, actions: readonly string[]): Finding {
  const follows =
    service === 'backup'
      ? 'whoever deploys it is shut out as well: the policy can be deleted at best, and never be changed again'
      : kind === 'lock'
        ? 'the lock cannot be watched, taken back or completed, and once it is complete deployments that look at the vault fail for ever'
        : 'deployments of the vault fail, and the policy may be impossible to take back';
  return {
    id: 'deny-too-broad',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} denies everyone of the vault's own account ${actions.join(', ')}: ${follows}.`,
    remedy: `Name only the actions that you want to deny, such as ${service === 'backup' ? 'backup:DeleteRecoveryPoint' : DELETE_ARCHIVE}; or spare who deploys with "ArnNotLike": {"aws:PrincipalArn": "<ARN>"}.`,
  };
}

/** `public-access`: everyone there is may do something, and the owner pays. */
export const publicAccessRule: Rule = (policy) =>
  statementsOf(policy).flatMap(({ statement, index }) => {
    if (statement.effect !== 'Allow') return [];
    const open = actionsOf(policy.service).find((action) => actionMatches(statement, action) && isOpen(policy, statement, action));
    return open === undefined ? [] : [publicAccess(policy, statement, index, open)];
  });

function isOpen({ meant, vaultArn, stranger }: JudgedPolicy, statement: Statement, action: string): boolean {
  const document = { ...meant, statements: [statement, ...meant.statements.filter(({ effect }) => effect === 'Deny')] };
  return [FROM_ANYWHERE, FROM_NO_ORGANIZATION].some((context) => {
    const region: Region = { principals: { only: [stranger] }, context };
    return explore({ policies: [document], vaultArn, action, expect: 'notAllowed', region }).verdict === 'fails';
  });
}

function publicAccess({ kind, service }: JudgedPolicy, statement: Statement, index: number, action: string): Finding {
  const lasting = kind === 'lock' && service === 'glacier' ? ' In a lock that is for ever.' : '';
  return {
    id: 'public-access',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} lets in everyone, every AWS account there is, for instance with ${action}. The owner of the vault pays for what they do.${lasting}`,
    remedy: 'Name the principals in `Principal`, or add the condition "StringEquals": {"aws:PrincipalOrgID": "<your organization>"}.',
  };
}
