import { comparesNoNumbers } from './ages';
import { nameOf, Rule } from './judged-policy';
import type { Statement } from '../model';
import { placedStatements, undecidable } from '../proof/clauses';
import { hasSymbol } from '../symbols';

/** `unsupported-condition`: a condition that nobody can read. What a deployment fills in is no fault. */
export const unsupportedConditionRule: Rule = ({ meant, vaultArn }) =>
  placedStatements([meant]).flatMap((placed) => {
    const { statement, index } = placed;
    const reason = undecidable(placed, vaultArn) ?? ageReason(statement);
    const open = [...statement.conditions.flatMap(({ values }) => values), ...(statement.resource ?? []), ...(statement.notResource ?? [])];
    if (reason === undefined || open.some(hasSymbol)) return [];
    return [
      {
        id: 'unsupported-condition',
        severity: 'error' as const,
        statement: index,
        message: `${nameOf(statement, index)} cannot be judged: ${reason}. AWS refuses the policy, or nobody can tell what it means; it proves nothing.`,
        remedy: 'Use an operator of the IAM user guide, and a value that it can read: a plain number, an ISO 8601 date, true or false.',
      },
    ];
  });

function ageReason({ conditions }: Statement): string | undefined {
  const odd = conditions.find(comparesNoNumbers);
  return odd && `\`${odd.operator}\` on \`${odd.key}\` compares no numbers, and an age is one`;
}
