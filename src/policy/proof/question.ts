import type { PolicyDocument } from '../model';
import type { Principal } from '../request';

/**
 * What has to be so in every case of the region.
 * - `denied`: a Deny stops the request.
 * - `notDenied`: no Deny does.
 * - `notAllowed`: no Allow of these policies lets it through (no Allow, or a Deny as well).
 */
export type Expectation = 'denied' | 'notDenied' | 'notAllowed';

export interface Question {
  /** The policies attached to the vault, e.g. its Vault Lock policy and its access policy. They are judged together. */
  readonly policies: readonly PolicyDocument[];
  /** How explanations call the policies; `null`: not at all, it is part of the question. @default - by index, if there is more than one */
  readonly policyNames?: readonly (string | null)[];
  /** The vault's ARN; may hold CDK tokens. */
  readonly vaultArn: string;
  /** `service:Operation` */
  readonly action: string;
  readonly expect: Expectation;
  /** The cases that the question is about. @default - every principal, age, tag, time, transport, address … */
  readonly region?: Region;
}

export interface Region {
  /** Ages of the archive in days. @default - every age */
  readonly age?: AgeRange;
  /** @default - everyone: the owner, its roles and users, other accounts, services, anonymous callers */
  readonly principals?: { readonly only: readonly Principal[] } | { readonly except: readonly string[] };
  /** Tags of the vault (`glacier:ResourceTag/<key>`): the value, or `null` for a vault without the tag. @default - any */
  readonly tags?: { readonly [key: string]: string | null };
  /** Other condition keys: the value, or `null` for a request without the key. @default - any */
  readonly context?: { readonly [key: string]: string | readonly string[] | null };
}

export interface AgeRange {
  /** Days, included. @default 0 */
  readonly from?: number;
  /** Days, excluded: up to here, fractions of a day included. @default - no end */
  readonly below?: number;
}

/** One request that shows that something is not so. Plain data. */
export interface CounterExample {
  /** ARN, service name, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  /** `null`: the request has no age, as all but DeleteArchive and InitiateJob. */
  readonly archiveAgeInDays: number | null;
  /** The tags that matter; `null`: the vault does not have it. */
  readonly tags: { readonly [key: string]: string | null };
  /** The other condition keys that matter; `null`: not in the request. */
  readonly context: { readonly [key: string]: string | readonly string[] | null };
  /** Index of the policy that the statement is in, from 0; `null`: no statement is about the action. */
  readonly policy: number | null;
  /** Index, from 0, of the statement that allowed the request, failed to deny it, or denied it against the expectation. */
  readonly statement: number | null;
  /** All of it as one sentence. It counts statements and policies from 0, as their arrays in the JSON do. */
  readonly explanation: string;
}

/** Why a statement cannot be decided. */
export interface Undecided {
  readonly policy: number;
  /** Index of the statement in its policy, from 0. */
  readonly statement: number;
  readonly reason: string;
}

export type Verdict =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'fails'; readonly counterExample: CounterExample }
  /** Never a proof, in neither direction. */
  | { readonly verdict: 'unknown'; readonly reasons: readonly Undecided[]; readonly summary: string };
