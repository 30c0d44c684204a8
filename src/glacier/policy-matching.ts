import type { PolicyDocument, Statement } from '../policy';
import { matchesPattern, wildcardPattern } from '../policy/pattern';
import { statementName } from '../policy/statement-name';
import { isKnown, readable } from '../synthesis/known-text';

/** Whether a resource of a policy may mean this vault; what is not known yet is given the benefit of the doubt. */
export function canBeVault(resource: string, vaultArn: string): boolean {
  if (isKnown(resource) && isKnown(vaultArn)) return matches(resource, vaultArn);
  const asked = resource.split(':');
  const own = vaultArn.split(':');
  if (asked.length !== own.length) return !isKnown(resource) || resource.includes('*');
  return own.every((part, index) => {
    const pattern = asked[index] ?? '';
    return pattern === part || !isKnown(pattern) || !isKnown(part) || matches(pattern, part);
  });
}

export function surelyVault(resource: string, vaultArn: string): boolean {
  return resource === vaultArn || (isKnown(resource) && isKnown(vaultArn) && matches(resource, vaultArn));
}

/** How messages call a statement. */
export function nameOf(statement: Statement, document: PolicyDocument): string {
  return readable(statementName(document.statements.indexOf(statement), statement.sid));
}

function matches(pattern: string, text: string): boolean {
  return matchesPattern(wildcardPattern(pattern), text);
}
