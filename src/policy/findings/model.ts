/** What is suspicious about a policy, for whoever wrote it. */
export interface Finding {
  /** In kebab-case, e.g. `inverted-age`; stays the same from version to version. */
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** Index of the statement in its policy; `null`: the policy as a whole. */
  readonly statement: number | null;
  /** What is wrong, and what follows from it. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy: string;
}
