import { findHoles, parsePolicy, PolicySyntaxError, retentionOf, type Finding, type PolicyDocument } from '../policy';
import { isKnown, readable } from '../synthesis/known-text';
import type { Warning } from '../synthesis/warnings';

/** A policy of a vault; text and ARN are `knownText`. */
export interface AttachedPolicy {
  readonly kind: 'lock' | 'access';
  readonly text: string;
  readonly vaultArn: string;
}

/**
 * What is suspicious about the policy, with the ids of the hole finder. Where the vault's account is not known, it may be any that the
 * policy names: what is wrong is what is wrong in each of them.
 */
export function policyFindings(policy: AttachedPolicy): Warning[] {
  const elsewhere = possibleAccounts(policy).map((account) => findingsOf(inAccount(policy, account)));
  return findingsOf(policy)
    .filter((finding) => elsewhere.every((others) => others.some((other) => isSame(finding, other))))
    .map(({ id, message, remedy }) => ({ id, message: readable(`The ${policy.kind} policy of this vault: ${message} ${remedy}`) }));
}

function findingsOf({ kind, text, vaultArn }: AttachedPolicy): Finding[] {
  const document = read(text);
  const retention = document ? retentionOf([document], vaultArn) : { days: 0, proven: false, unknown: [] };
  return findHoles({ kind, document, text, vaultArn, retention });
}

function isSame(a: Finding, b: Finding): boolean {
  return a.id === b.id && a.statement === b.statement;
}

function possibleAccounts({ text, vaultArn }: AttachedPolicy): string[] {
  return isKnown(accountOf(vaultArn)) ? [] : [...new Set(text.match(/\b\d{12}\b/g))];
}

function inAccount({ kind, text, vaultArn }: AttachedPolicy, account: string): AttachedPolicy {
  const replaced = (marked: string) => marked.split(accountOf(vaultArn)).join(account);
  return { kind, text: replaced(text), vaultArn: replaced(vaultArn) };
}

function accountOf(vaultArn: string): string {
  return vaultArn.split(':')[4]!;
}

/** @returns `undefined` for what is no policy, or cannot be read before the deployment */
export function read(text: string): PolicyDocument | undefined {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return undefined;
    throw error;
  }
}
