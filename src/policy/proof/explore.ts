import { counterExampleOf } from './counter-example';
import { findHole, inquire, Inquiry, undecided } from './inquiry';
import type { Question, Verdict } from './question';
import { statementName } from '../statement-name';

/**
 * Whether what is expected is so in every case of the region. Exact: every axis is cut wherever a statement could change its answer, and
 * every combination that matters is looked at. A counter-example is one by the evaluator, too.
 */
export function explore(question: Question): Verdict {
  const inquiry = inquire(question);
  const { hole, possible } = findHole(inquiry);
  if (hole) return { verdict: 'fails', counterExample: counterExampleOf(inquiry, hole) };
  if (!possible) return { verdict: 'holds' };
  return unknownVerdict(inquiry);
}

function unknownVerdict(inquiry: Inquiry): Verdict {
  const reasons = undecided(inquiry);
  const summary = inquiry.budget.exceeded
    ? 'the policies have too many cases to look at'
    : reasons.length > 0
      ? reasons.map(({ statement, reason }) => `${statementName(statement)}: ${reason}`).join('; ')
      : 'it hangs on values that are only known after the deployment';
  return { verdict: 'unknown', reasons, summary };
}
