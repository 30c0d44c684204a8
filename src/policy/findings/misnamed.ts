import { DELETE_ARCHIVE, deletionDenies, JudgedPolicy, nameOf, Rule, statementsOf } from './judged-policy';
import type { Finding } from './model';
import { isDeadAction, isUnknownKey, meantAction, meantKey } from './names';
import type { Statement } from '../model';
import { ACTIONS_WITH_AGE, isAgeKey } from '../proof/axes';
import { actionMatches, namesAction } from '../statement-matching';
import { hasSymbol } from '../symbols';

/** Actions and keys that are none. */

const INITIATE_JOB = 'glacier:InitiateJob';
const DELETE_VAULT = 'glacier:DeleteVault';

/** `typo-key`: a condition key that no request to a vault has. */
export const typoKeyRule: Rule = ({ document, service }) =>
  document.statements.flatMap((statement, index) =>
    [...new Set(statement.conditions.map(({ key }) => key))]
      .filter((key) => isUnknownKey(key, service))
      .map((key) => {
        const meant = meantKey(key, service);
        return {
          id: 'typo-key',
          severity: 'error' as const,
          statement: index,
          message: `${nameOf(statement, index)} has a condition on "${key}", a key that requests to a vault never have: the condition never holds, or, if its operator is negated, always.`,
          remedy: meant === undefined ? 'Write a key that AWS documents for this service.' : `Write "${meant}".`,
        };
      }),
  );

/** `wrong-action`: an action that does not exist, or one whose requests do not have the key that the statement asks for. */
export const wrongActionRule: Rule = (policy) => {
  const found = [...deadActions(policy), ...wildBackupActions(policy), ...agelessActions(policy)];
  return found.length > 0 ? found : missedDeletions(policy);
};

function deadActions({ document, service }: JudgedPolicy): Finding[] {
  return document.statements.flatMap((statement, index) =>
    entriesOf(statement)
      .filter((entry) => isDeadAction(entry, service))
      .map((entry) => {
        const meant = meantAction(entry, service);
        return wrongAction(
          index,
          `${nameOf(statement, index)} names "${entry}", which is no action that a policy of this vault can be about: it has no effect, or the whole policy is refused.`,
          meant === undefined ? `Write actions of ${service}: that work on a vault.` : `Write "${meant}".`,
        );
      }),
  );
}

/** AWS Backup takes no wildcards in actions of a vault's access policy; aws-cdk-lib refuses them, too. */
function wildBackupActions({ document, service }: JudgedPolicy): Finding[] {
  if (service !== 'backup') return [];
  return document.statements.flatMap((statement, index) =>
    entriesOf(statement)
      .filter((entry) => /[*?]/.test(entry))
      .map((entry) =>
        wrongAction(
          index,
          `${nameOf(statement, index)} names "${entry}": access policies of AWS Backup take no wildcards in actions, so that the policy is refused.`,
          'List the actions that you mean.',
        ),
      ),
  );
}

/** Actions of Glacier that the statement asks for the archive's age, and whose requests never carry it. */
function agelessEntries({ action = [], conditions }: Statement): string[] {
  if (!conditions.some(({ key }) => isAgeKey(key))) return [];
  const carriesIt = (entry: string) => ACTIONS_WITH_AGE.some((known) => namesAction(entry, known));
  return action.filter((entry) => !hasSymbol(entry) && !isDeadAction(entry, 'glacier') && !carriesIt(entry));
}

/** Only requests to delete an archive, or to retrieve one, say how old it is (Service Authorization Reference). */
function agelessActions(policy: JudgedPolicy): Finding[] {
  if (policy.service !== 'glacier') return [];
  return statementsOf(policy).flatMap(({ statement, index }) => {
    const ageless = agelessEntries(statement);
    if (ageless.length === 0) return [];
    return [
      wrongAction(
        index,
        `${nameOf(statement, index)} asks for glacier:ArchiveAgeInDays on ${ageless.join(', ')}, whose requests never say how old an archive is: the condition says nothing about them.`,
        'Ask for the age on glacier:DeleteArchive and glacier:InitiateJob only, and put other actions into a statement without it.',
      ),
    ];
  });
}

/**
 * A lock that denies something else instead of the deletion of archives: what has their age, or the deletion of the vault, which AWS
 * refuses anyway as long as an archive is in it.
 */
function missedDeletions(policy: JudgedPolicy): Finding[] {
  if (policy.service !== 'glacier' || policy.kind !== 'lock' || deletionDenies(policy).length > 0) return [];
  return statementsOf(policy).flatMap(({ statement, index }) => {
    const instead = statement.conditions.some(({ key }) => isAgeKey(key)) ? INITIATE_JOB : DELETE_VAULT;
    if (statement.effect !== 'Deny' || !actionMatches(statement, instead)) return [];
    return [
      wrongAction(
        index,
        `${nameOf(statement, index)} denies ${instead}, and nothing in the lock denies ${DELETE_ARCHIVE}: archives of any age can be deleted.`,
        `Deny ${DELETE_ARCHIVE}.`,
      ),
    ];
  });
}

function entriesOf({ action, notAction }: Statement): string[] {
  return [...new Set([...(action ?? []), ...(notAction ?? [])])];
}

function wrongAction(statement: number, message: string, remedy: string): Finding {
  return { id: 'wrong-action', severity: 'error', statement, message, remedy };
}
