import { findHoles, retentionOf, type Finding, type PolicyDocument } from '../policy';
import type { PolicyInPlace } from './policy-rules';
import { readable } from '../synthesis/known-text';
import type { Warning } from '../synthesis/warnings';

/** A warning, and the index of the statement that it is about; `null`: the policy as a whole. */
export interface PlacedWarning extends Warning {
  readonly statement: number | null;
}

export type PolicyKind = 'lock' | 'access';

/** Findings that have another id here, which people may have acknowledged. */
const WARNING_IDS: { readonly [kind in PolicyKind]: { readonly [finding: string]: string } } = {
  lock: { 'allow-only': 'lockPolicyWithoutDeny', 'owner-only-principal': 'lockPolicySparesOtherAccounts' },
  access: { 'public-access': 'publicAccessPolicy' },
};

/** Findings that say more than a warning does, and nothing new where that stands already. */
const COVERED_BY: { readonly [finding: string]: readonly string[] } = {
  'deny-too-broad': ['selfLockout', 'accessPolicyDeniesDeployments'],
};

/** How `VaultLockPolicy.retain()` calls its statement. */
export const RETENTION_SID = 'RetainArchives';

/** Whoever gave a `Duration` has not miscounted. */
export function isGivenAsDuration({ id, statement }: Finding, { statements }: PolicyDocument): boolean {
  return id === 'off-by-one' && statement !== null && statements[statement]?.sid === RETENTION_SID;
}

/** What is suspicious about the policy, but for what is said already. */
export function holeWarnings(
  kind: PolicyKind,
  { property, text, vaultArn }: PolicyInPlace,
  document: PolicyDocument,
  said: readonly PlacedWarning[],
): PlacedWarning[] {
  const findings = findHoles({ kind, document, text, vaultArn, retention: retentionOf([document], vaultArn) });
  return findings
    .filter((finding) => !isGivenAsDuration(finding, document))
    .map(({ id, statement, message, remedy }) => ({
      id: WARNING_IDS[kind][id] ?? id,
      statement,
      message: readable(`\`${property}\`: ${message} ${remedy}`),
    }))
    .filter((warning) => !said.some((other) => saysTheSame(warning, other)));
}

function saysTheSame(a: PlacedWarning, b: PlacedWarning): boolean {
  return (
    (a.id === b.id || (COVERED_BY[a.id]?.includes(b.id) ?? false)) &&
    (a.statement === b.statement || a.statement === null || b.statement === null)
  );
}
