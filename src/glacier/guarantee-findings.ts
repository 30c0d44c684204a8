import type { Stack } from 'aws-cdk-lib';
import { nameOfClaim, wayOutOf, type Claim } from './claim';
import type { Guarantee } from './guarantee';
import { disprove, type AttachedPolicies } from './proof';
import type { Warning } from '../synthesis/warnings';

/** Guarantees, and the property of the lock that they come from. */
export interface GivenGuarantees {
  readonly property: string;
  readonly guarantees: readonly Guarantee[];
}

export interface GuaranteeFindings {
  /** Guarantees that do not hold. */
  readonly errors: readonly string[];
  /** Guarantees of which nobody knows: errors as well, unless they are acknowledged. */
  readonly unproved: readonly Warning[];
}

export function guaranteeFindings(stack: Stack, given: readonly GivenGuarantees[], attached: AttachedPolicies): GuaranteeFindings {
  const all = given.map(({ property, guarantees }) => ({
    property,
    claims: guarantees.flatMap((guarantee) => guarantee._claimsIn(stack)),
  }));
  const found = all.flatMap(({ property, claims }) => disprove(claims, attached).map((disproof) => ({ property, ...disproof })));
  return {
    errors: [...new Set(found.filter(({ verdict }) => verdict === 'fails').map(failure))],
    unproved: found
      .filter(({ verdict }) => verdict === 'unknown')
      .map((disproof) => ({ id: 'unprovedGuarantee', message: doubt(disproof) })),
  };
}

interface Told {
  readonly property: string;
  readonly claim: Claim;
  readonly reason: string;
}

function failure({ property, claim, reason }: Told): string {
  return `\`${property}\`: \`${nameOfClaim(claim)}\` does not hold. ${reason} ${wayOutOf(claim)}`;
}

function doubt({ property, claim, reason }: Told): string {
  return (
    `\`${property}\`: \`${nameOfClaim(claim)}\` cannot be proved. ${reason} Write the policy so that it can be judged before it is deployed; or, ` +
    "if you know that it holds, say so with `Annotations.of(lock).acknowledgeWarning('cdk-vault-lock:unprovedGuarantee', '<why>')`."
  );
}
