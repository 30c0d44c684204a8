import { AccessPolicy, AccessStatement, hasVariables, usesVariables, writeAccessPolicy } from './statements';

export interface AccessSituation {
  /** What is to be in the vault's access policy; nothing when the resource is deleted. */
  readonly desired: readonly AccessStatement[];
  /** What the template said before about this same vault: these statements are the resource's own. Nothing when they are new to the vault. */
  readonly old: readonly AccessStatement[];
  /** `undefined`: the vault has no access policy. */
  readonly observed?: AccessPolicy;
}

export type AccessVerdict =
  /** `left`: the Sids of statements that the template no longer names, and that somebody has changed: they are not ours to remove. */
  | { readonly do: 'nothing'; readonly left: readonly string[] }
  | { readonly do: 'deletePolicy'; readonly left: readonly string[] }
  | { readonly do: 'put'; readonly policy: string; readonly left: readonly string[] }
  /**
   * - `taken`: the policy has statements of these Sids that this resource did not write
   * - `variables`: the policy is of the old version, in which the variables of these statements mean nothing
   */
  | { readonly do: 'refuse'; readonly why: 'taken' | 'variables'; readonly sids: readonly string[] };

/** Merges by Sid. What others wrote stays as it is and where it is; what this resource wrote is replaced, where it stands, in one Put. */
export function decideAccess({ desired, old, observed }: AccessSituation): AccessVerdict {
  const present = observed?.statements ?? [];
  const wanted = new Map(desired.map((statement) => [statement.sid, statement]));
  const own = new Map(old.map((statement) => [statement.sid, statement]));
  const isAsWanted = ({ sid, meaning }: AccessStatement) => wanted.get(sid)?.meaning === meaning;

  const taken = present.filter((statement) => wanted.has(statement.sid) && !own.has(statement.sid) && !isAsWanted(statement));
  if (taken.length > 0) return { do: 'refuse', why: 'taken', sids: sidsOf(taken) };

  const dropped = present.filter(({ sid }) => own.has(sid) && !wanted.has(sid));
  const removed = dropped.filter(({ sid, meaning }) => own.get(sid)?.meaning === meaning);
  const left = sidsOf(dropped.filter((statement) => !removed.includes(statement)));
  const missing = desired.filter(({ sid }) => !present.some((statement) => statement.sid === sid));
  const changed = present.filter((statement) => wanted.has(statement.sid) && !isAsWanted(statement));
  if (removed.length + missing.length + changed.length === 0) return { do: 'nothing', left };

  const plain = observed && !hasVariables(observed) ? [...missing, ...changed].filter(({ sid }) => writesVariables(wanted.get(sid))) : [];
  if (plain.length > 0) return { do: 'refuse', why: 'variables', sids: sidsOf(plain) };

  const kept = present.filter((statement) => !removed.includes(statement)).map((statement) => wanted.get(statement.sid) ?? statement);
  const statements = [...new Set([...kept, ...missing])];
  if (statements.length === 0) return { do: 'deletePolicy', left };
  return { do: 'put', policy: writeAccessPolicy(observed?.frame, statements), left };
}

function writesVariables(statement: AccessStatement | undefined): boolean {
  return statement !== undefined && usesVariables(statement);
}

function sidsOf(statements: readonly AccessStatement[]): readonly string[] {
  return [...new Set(statements.map(({ sid }) => sid))];
}
