import { isGivenAsDuration } from '../glacier/policy-holes';
import { findHoles, parsePolicy, PolicySyntaxError, retentionOf, type PolicyDocument } from '../policy';
import { readable } from '../synthesis/known-text';
import type { Warning } from '../synthesis/warnings';

/** A policy of a vault; text and ARN are `knownText`. */
export interface AttachedPolicy {
  readonly kind: 'lock' | 'access';
  readonly text: string;
  readonly vaultArn: string;
}

/** What is suspicious about the policy, with the ids of the hole finder. */
export function policyFindings({ kind, text, vaultArn }: AttachedPolicy): Warning[] {
  const document = read(text);
  const retention = document ? retentionOf([document], vaultArn) : { days: 0, proven: false, unknown: [] };
  return findHoles({ kind, document, text, vaultArn, retention })
    .filter((finding) => !document || !isGivenAsDuration(finding, document))
    .map(({ id, message, remedy }) => ({ id, message: readable(`The ${kind} policy of this vault: ${message} ${remedy}`) }));
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
