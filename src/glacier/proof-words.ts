import type { PolicyDocument, Statement, Verdict } from '../policy';
import { canBeVault, nameOf, surelyVault } from './policy-matching';
import { actionMatches } from '../policy/statement-matching';
import { readable } from '../synthesis/known-text';

/** Policies that a proof was about, in the order in which it had them. */
export interface AskedPolicy {
  readonly document: PolicyDocument;
  /** How messages call it; `undefined`: it is not the vault's, but part of the question. */
  readonly name?: string;
}

/** Why there is neither a proof nor a counter-example, as sentences. */
export function undecidedText(
  { reasons, summary }: Extract<Verdict, { verdict: 'unknown' }>,
  { action, vaultArn, asked }: { readonly action: string; readonly vaultArn: string; readonly asked: readonly AskedPolicy[] },
): string {
  const known = reasons.flatMap(({ policy, statement, reason }) => {
    const { document, name } = asked[policy]!;
    return name === undefined ? [] : [readable(`${placeOf(statement, document, name)}: ${reason}.`)];
  });
  if (known.length > 0) return known.join(' ');
  if (reasons.length > 0) return 'It hangs on the words of the guarantee itself.';
  const doubtful = doubtfulResources(asked, vaultArn);
  return doubtful.length > 0 ? doubtful.join(' ') : `${capitalized(summary)}${deniesOf(action, asked)}.`;
}

/** Statements of which nobody knows whether they are for this vault. */
function doubtfulResources(asked: readonly AskedPolicy[], vaultArn: string): string[] {
  const isDoubtful = (resource: string) => canBeVault(resource, vaultArn) && !surelyVault(resource, vaultArn);
  return namedStatements(asked).flatMap(({ statement: { resource, notResource }, place }) => {
    const doubtful = (resource ?? notResource ?? []).filter(isDoubtful);
    if (doubtful.length === 0) return [];
    return [
      readable(
        `${place} is for '${doubtful.join("', '")}', and only the deployment knows whether that is this vault, '${vaultArn}': ` +
          'leave `resources` out, and this vault is filled in.',
      ),
    ];
  });
}

function deniesOf(action: string, asked: readonly AskedPolicy[]): string {
  const denies = namedStatements(asked).filter(({ statement }) => statement.effect === 'Deny' && actionMatches(statement, action));
  return denies.length > 0 ? `: what ${denies.map(({ place }) => place).join(' and ')} means for ${action}` : '';
}

function namedStatements(asked: readonly AskedPolicy[]): { readonly statement: Statement; readonly place: string }[] {
  return asked.flatMap(({ document, name }) =>
    name === undefined ? [] : document.statements.map((statement, index) => ({ statement, place: placeOf(index, document, name) })),
  );
}

function placeOf(statement: number, document: PolicyDocument, name: string): string {
  return `${nameOf(document.statements[statement]!, document)} of the ${name}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
