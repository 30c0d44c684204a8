import { deletionDenies, isTagKey, JudgedPolicy, nameOf, Rule } from './judged-policy';
import type { Finding } from './model';
import { TAG_PREFIX } from './vocabulary';
import { conditionHolds } from '../conditions';
import type { Condition, Statement } from '../model';
import { explore, Region } from '../proof';

/** Holds: denials that hang on a tag of the vault. */

interface Hold {
  readonly statement: Statement;
  readonly index: number;
  /** The tag's key. */
  readonly tag: string;
  readonly conditions: readonly Condition[];
  readonly variables: boolean;
  /** A value that sets the hold; `null`: it holds while the tag is absent. */
  readonly set: string | null;
  /** A value that does not. */
  readonly unset: string | undefined;
  readonly heldWithoutTag: boolean;
}

const ADD = 'glacier:AddTagsToVault';
const REMOVE = 'glacier:RemoveTagsFromVault';

function holdsOf(policy: JudgedPolicy): Hold[] {
  const { variables } = policy;
  return deletionDenies(policy).flatMap(({ statement, index }) => {
    const keys = [...new Set(statement.conditions.filter(({ key }) => isTagKey(key)).map(({ key }) => key.toLowerCase()))];
    return keys.flatMap((key) => {
      const conditions = statement.conditions.filter((condition) => condition.key.toLowerCase() === key);
      const candidates = conditions.flatMap(({ values }) => values.map((value) => value.replace(/\*/g, '').replace(/\?/g, 'x')));
      const known = conditions.map(({ values }) => values.join(' ')).join(' ');
      const values = [...candidates.filter((value) => value !== ''), known.includes('other') ? 'another' : 'other', ''];
      const heldBy = (value: string) => holdsWith(conditions, value, variables);
      const set = values.find(heldBy) ?? null;
      const heldWithoutTag = holdsWith(conditions, null, variables);
      if (set === null && !heldWithoutTag) return [];
      const tag = (conditions[0]?.key ?? key).slice(TAG_PREFIX.length);
      const unset = values.find((value) => !heldBy(value));
      return [
        { statement, index, tag, conditions, variables, set: heldWithoutTag && unset !== undefined ? null : set, unset, heldWithoutTag },
      ];
    });
  });
}

function holdsWith(conditions: readonly Condition[], value: string | null, variables: boolean): boolean {
  return conditions.every((condition) => conditionHolds(condition, value === null ? {} : { [condition.key]: value }, variables) === true);
}

/** What a change of the tag lifts the hold. */
function liftingActions({ heldWithoutTag, unset, set }: Hold): string[] {
  return [...(unset === undefined ? [] : [ADD]), ...(heldWithoutTag || set === null ? [] : [REMOVE])];
}

/** `tag-removable`: whoever may change the vault's tags may lift the hold. */
export const tagRemovableRule: Rule = (policy) => {
  if (policy.service !== 'glacier') return [];
  return holdsOf(policy).flatMap((hold) => {
    const open = openActions(policy, hold);
    return open.length === 0 ? [] : [removable(hold, open)];
  });
};

function openActions(policy: JudgedPolicy, hold: Hold): string[] {
  return liftingActions(hold).filter((action) => isOpen(policy, action, hold));
}

/** Whether somebody whom the policy does not mention may change tags under the hold. */
function isOpen({ mended, vaultArn, colleague, stranger }: JudgedPolicy, action: string, hold: Hold): boolean {
  const region: Region = { principals: { only: [colleague, stranger] }, tags: { [hold.tag]: hold.set } };
  return explore({ policies: [mended], vaultArn, action, expect: 'denied', region }).verdict === 'fails';
}

function removable({ statement, index, tag }: Hold, open: readonly string[]): Finding {
  return {
    id: 'tag-removable',
    severity: 'error',
    statement: index,
    message: `${nameOf(statement, index)} holds archives by the vault's tag ${tag}, and nothing denies ${open.join(' and ')} under the hold: whoever may change the vault's tags lifts it, and deletes.`,
    remedy: `Add a statement that denies ${ADD} and ${REMOVE} to "*" with the condition "ArnNotLike": {"aws:PrincipalArn": "<who may lift the hold>"}.`,
  };
}

/** `hold-unliftable`: nobody at all can lift the hold. */
export const holdUnliftableRule: Rule = (policy) => {
  if (policy.service !== 'glacier' || policy.kind === 'access') return [];
  return holdsOf(policy).flatMap((hold) => {
    const lifting = liftingActions(hold);
    const nobody = lifting.length > 0 && lifting.every((action) => isDeniedToAll(policy, action, hold));
    return nobody ? [unliftable(hold)] : [];
  });
};

function isDeniedToAll({ mended, vaultArn }: JudgedPolicy, action: string, hold: Hold): boolean {
  return (
    explore({ policies: [mended], vaultArn, action, expect: 'denied', region: { tags: { [hold.tag]: hold.set } } }).verdict === 'holds'
  );
}

function unliftable({ statement, index, tag }: Hold): Finding {
  return {
    id: 'hold-unliftable',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)} holds archives by the vault's tag ${tag}, and the policy denies everyone to change tags under the hold: once the lock is complete, nobody can ever lift it.`,
    remedy:
      'Spare those who may lift the hold: "ArnNotLike": {"aws:PrincipalArn": "<their ARNs>"} in the statement that denies the change of tags.',
  };
}

/**
 * `hold-value-case`: a word that is written in another case does not hold. Where only named administrators set the tag, they are trusted
 * to know how, unless the policy itself writes it in two ways.
 */
export const holdValueCaseRule: Rule = (policy) =>
  holdsOf(policy).flatMap((hold) => {
    const { statement, index, tag, conditions, variables } = hold;
    const words = conditions.flatMap(({ values }) => values).filter((value) => /^[A-Za-z]+$/.test(value));
    const isOneOfMany = openActions(policy, hold).length > 0;
    for (const word of words) {
      const others = isOneOfMany ? spellings(word) : spellingsIn(policy, tag, word);
      const other = others.find((spelling) => !holdsWith(conditions, spelling, variables));
      if (other !== undefined && holdsWith(conditions, word, variables)) return [caseMatters(statement, index, tag, word, other)];
    }
    return [];
  });

/** How people write a word; all in capitals they rarely do in a tag. */
function spellings(word: string): string[] {
  const lower = word.toLowerCase();
  return [lower, lower.charAt(0).toUpperCase() + lower.slice(1)];
}

/** How the policy writes the word wherever it asks for the tag, or for a tag that a request sets. */
function spellingsIn({ meant }: JudgedPolicy, tag: string, word: string): string[] {
  const keys = [TAG_PREFIX, 'aws:RequestTag/'].map((prefix) => `${prefix}${tag}`.toLowerCase());
  const values = meant.statements
    .flatMap(({ conditions }) => conditions)
    .flatMap((condition) => (keys.includes(condition.key.toLowerCase()) ? condition.values : []));
  return values.filter((value) => value.toLowerCase() === word.toLowerCase());
}

function caseMatters(statement: Statement, index: number, tag: string, word: string, other: string): Finding {
  return {
    id: 'hold-value-case',
    severity: 'warning',
    statement: index,
    message: `${nameOf(statement, index)} holds archives while the vault's tag ${tag} is "${word}". Values have a case: a vault that is tagged "${other}" is not held.`,
    remedy: `Write "StringEqualsIgnoreCase": {"${TAG_PREFIX}${tag}": "${word}"}.`,
  };
}
