import { counterExampleOf } from './counter-example';
import { findHole, inquire } from './inquiry';
import type { Undecided } from './question';
import { Retention, unknownStatements } from './retention';
import type { PolicyDocument, Statement } from '../model';
import { actionMatches } from '../statement-matching';

const DELETE_RECOVERY_POINT = 'backup:DeleteRecoveryPoint';
const ONLY_SOME = 'its resource is not `*`, and recovery points have ARNs of many services: nobody knows whether it is about all of them';

/**
 * Whether the access policies of a backup vault keep what is in it: `forever` or 0 days, because requests about recovery points have no
 * age. Only a Deny for all resources counts.
 */
export function recoveryPointRetentionOf(policies: readonly PolicyDocument[], vaultArn: string): Retention {
  const partial = policies.flatMap(({ statements }, policy) =>
    statements.flatMap((statement, index): Undecided[] => (isPartial(statement) ? [{ policy, statement: index, reason: ONLY_SOME }] : [])),
  );
  const wide = policies.map((document) => ({ ...document, statements: document.statements.map(aboutAllOrNothing) }));
  const inquiry = inquire({ policies: wide, vaultArn, action: DELETE_RECOVERY_POINT, expect: 'denied' });
  const { hole, possible } = findHole(inquiry);
  return {
    days: possible ? 0 : 'forever',
    proven: !possible,
    ...(hole && partial.length === 0 && { counterExample: counterExampleOf(inquiry, hole) }),
    unknown: [...partial, ...unknownStatements(inquiry)],
  };
}

/** A Deny that perhaps leaves some recovery points out. */
function isPartial({ effect, resource = [], ...statement }: Statement): boolean {
  const isWide = resource.some((text) => /^(\*|arn:[\w*-]+(:\*)+)$/.test(text));
  return effect === 'Deny' && !isWide && actionMatches({ effect, ...statement }, DELETE_RECOVERY_POINT);
}

function aboutAllOrNothing(statement: Statement): Statement {
  return isPartial(statement) ? { ...statement, action: [] } : statement;
}
