import { AGE_KEY } from './axes';
import { placedStatements, undecidable } from './clauses';
import { counterExampleOf } from './counter-example';
import { explore } from './explore';
import { findHole, inquire, Inquiry, undecided } from './inquiry';
import type { CounterExample, Undecided, Verdict } from './question';
import type { PolicyDocument } from '../model';
import { numberOf } from '../operators';

const DELETE_ARCHIVE = 'glacier:DeleteArchive';

export interface Retention {
  /**
   * The largest number N so that an explicit Deny stops `glacier:DeleteArchive` for every principal, at every age from 0 to N - 1 days
   * (fractions in between included), whatever the tags, the time, the transport or the address. 0: there is no retention. What
   * cannot be decided counts as no Deny.
   */
  readonly days: number | 'forever';
  /** Whether `days` is a retention, and proved; `false` when there is none. */
  readonly proven: boolean;
  /** Without a retention: who can delete a new archive. Missing where that hangs on what cannot be decided. */
  readonly counterExample?: CounterExample;
  /** Statements that could not be decided; with them the retention may be longer. */
  readonly unknown: readonly Undecided[];
}

/** How long the policies together keep archives in the vault; see `Retention`. */
export function retentionOf(policies: readonly PolicyDocument[], vaultArn: string): Retention {
  const inquiry = inquire({ policies, vaultArn, action: DELETE_ARCHIVE, expect: 'denied' });
  const { days, hole } = firstHole(inquiry);
  return {
    days,
    proven: days !== 0,
    ...(days === 0 && hole && { counterExample: counterExampleOf(inquiry, hole) }),
    unknown: unknownStatements(inquiry),
  };
}

/**
 * Whether nobody can delete an archive before it has that age, fractions of a day included: `NumericLessThanEquals 364` keeps an archive
 * of 364 days, and not one of 364 and a half.
 *
 * @param days may be a fraction, or infinite
 */
export function deniesDeletionBefore(policies: readonly PolicyDocument[], vaultArn: string, days: number): Verdict {
  return explore({ policies, vaultArn, action: DELETE_ARCHIVE, expect: 'denied', region: { age: { below: days } } });
}

/** Age by age from the youngest on. */
function firstHole(inquiry: Inquiry): { days: number | 'forever'; hole?: ReturnType<typeof findHole>['hole'] } {
  const ages = inquiry.axes.byKey.get(AGE_KEY)?.cells.map((cell) => Number(cell?.[0] ?? 0));
  if (ages === undefined) {
    const { hole, possible } = findHole(inquiry);
    return { days: possible ? 0 : 'forever', hole };
  }
  for (const [index, age] of ages.entries()) {
    const { hole, possible } = findHole(inquiry, new Map([[AGE_KEY, index]]));
    // Either this very age, or every age between the one before and the next.
    if (possible) return { days: isConstant(inquiry, age) ? Math.ceil(age) : Math.floor(ages[index - 1] ?? 0) + 1, hole };
  }
  return { days: 'forever' };
}

/** 0 is the youngest age, and so one to cut at. */
function isConstant({ denies }: Inquiry, age: number): boolean {
  const values = denies.flatMap(({ conditions }) => conditions.get(AGE_KEY) ?? []).flatMap((condition) => condition.values);
  return age === 0 || values.some((value) => numberOf(value) === age);
}

/** What the search ran into, and what is undecidable by itself, wherever it stands. */
export function unknownStatements(inquiry: Inquiry): Undecided[] {
  const { policies, vaultArn } = inquiry.question;
  const found = undecided(inquiry);
  const others = placedStatements(policies).flatMap((placed) => {
    const reason = undecidable(placed, vaultArn);
    const known = found.some(({ policy, statement }) => policy === placed.policy && statement === placed.index);
    return reason === undefined || known ? [] : [{ policy: placed.policy, statement: placed.index, reason }];
  });
  return [...found, ...others].sort((a, b) => a.policy - b.policy || a.statement - b.statement);
}
