import type { CounterExample, PolicyDocument, Verdict } from '../policy';
import { nameOf } from './policy-matching';
import { readable } from '../synthesis/known-text';

/** Policies that a proof was about, in the order in which it had them. */
export interface AskedPolicy {
  readonly document: PolicyDocument;
  /** How messages call it; `undefined`: it is not the vault's, but part of the question. */
  readonly name?: string;
}

/** The counter-example as a sentence that calls policies and statements as all messages do. */
export function counterExampleText({ explanation, policy, statement }: CounterExample, asked: readonly AskedPolicy[]): string {
  if (policy === null || statement === null) return readable(explanation);
  const { document, name } = asked[policy]!;
  const { sid } = document.statements[statement]!;
  const place = `statement ${statement}${sid ? ` ("${sid}")` : ''}${asked.length > 1 ? ` of policy ${policy}` : ''}`;
  const at = explanation.lastIndexOf(place);
  if (at < 0) return readable(explanation);
  const before = explanation.slice(0, at);
  if (name === undefined) return readable(`${before}no statement denies it.`);
  return readable(`${before}${placeOf(statement, document, name)}${explanation.slice(at + place.length)}`);
}

/** Why there is neither a proof nor a counter-example, as sentences. */
export function undecidedText({ reasons, summary }: Extract<Verdict, { verdict: 'unknown' }>, asked: readonly AskedPolicy[]): string {
  const known = reasons.flatMap(({ policy, statement, reason }) => {
    const { document, name } = asked[policy]!;
    return name === undefined ? [] : [readable(`${capitalized(placeOf(statement, document, name))}: ${reason}.`)];
  });
  return known.length > 0
    ? known.join(' ')
    : `${capitalized(reasons.length > 0 ? 'it hangs on the words of the guarantee itself' : summary)}.`;
}

function placeOf(statement: number, document: PolicyDocument, name: string): string {
  return `${nameOf(document.statements[statement]!, document)} of the ${name}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
