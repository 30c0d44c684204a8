/** What a policy document says, in one shape: everything that may be a scalar or an array is an array, every value is a string. */

export type Effect = 'Allow' | 'Deny';

/** One entry of `Principal` or `NotPrincipal`. */
export type PrincipalPattern =
  /** `"*"`, or `{"AWS": "*"}`: everyone, anonymous callers included. */
  | { readonly kind: 'everyone' }
  /** A bare account id, or the account's `root` ARN: stands for every principal of that account. */
  | { readonly kind: 'account'; readonly accountId: string }
  /** A user, role or session by ARN, or the unique id that IAM leaves behind for a deleted one. */
  | { readonly kind: 'aws'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonicalUser'; readonly id: string };

/** One line of a `Condition` block. All lines of a statement have to hold. */
export interface Condition {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`; the name has no case. */
  readonly operator: string;
  /** As written, e.g. `glacier:ArchiveAgeInDays`; the name has no case. */
  readonly key: string;
  /** One of them has to match (none, for a negated operator). */
  readonly values: readonly string[];
}

/** Exactly one of each pair `action`/`notAction`, `resource`/`notResource`, `principal`/`notPrincipal` at most. */
export interface Statement {
  readonly sid?: string;
  readonly effect: Effect;
  readonly principal?: readonly PrincipalPattern[];
  readonly notPrincipal?: readonly PrincipalPattern[];
  readonly action?: readonly string[];
  readonly notAction?: readonly string[];
  /** Neither this nor `notResource`: the document belongs to one resource by nature (a role's trust policy). */
  readonly resource?: readonly string[];
  readonly notResource?: readonly string[];
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  /** Absent means `2008-10-17` to IAM: no policy variables. */
  readonly version?: string;
  readonly id?: string;
  readonly statements: readonly Statement[];
}

/** The text is not a policy document. The message says which element is wrong, without quoting the document. */
export class PolicySyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PolicySyntaxError';
  }
}
