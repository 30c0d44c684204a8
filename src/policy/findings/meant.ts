import { isDeadAction, isUnknownKey, meantAction, meantKey } from './names';
import type { Service } from './vocabulary';
import type { PolicyDocument, Statement } from '../model';
import { hasVariables, resourceMatches } from '../statement-matching';

/**
 * The document as its author meant it, as far as slips of the pen go. What else is wrong with it is judged on that, so that one slip
 * does not hide another, and is told once.
 */
export function meantDocument(document: PolicyDocument, service: Service, vaultArn: string): PolicyDocument {
  const place: Place = { service, vaultArn, variables: hasVariables(document) };
  return changed(document, (statement) => meantStatement(statement, place));
}

/** A Deny with `NotPrincipal` as one of everyone: whom it spares is a question of its own. */
export function withoutNotPrincipal(document: PolicyDocument): PolicyDocument {
  return changed(document, (statement) =>
    statement.notPrincipal && statement.effect === 'Deny' ? { ...without(statement, 'notPrincipal'), principal: EVERYONE } : statement,
  );
}

interface Place {
  readonly service: Service;
  readonly vaultArn: string;
  readonly variables: boolean;
}

const EVERYONE: Statement['principal'] = [{ kind: 'everyone' }];

/** The same document where nothing changes. */
function changed(document: PolicyDocument, change: (statement: Statement) => Statement): PolicyDocument {
  const statements = document.statements.map(change);
  return statements.every((statement, index) => statement === document.statements[index]) ? document : { ...document, statements };
}

function meantStatement(statement: Statement, { service, vaultArn, variables }: Place): Statement {
  const slips: Partial<Statement>[] = [];
  // An Allow that does not say whom it means is not taken to mean everyone.
  const owner: Statement['principal'] = [{ kind: 'account', accountId: vaultArn.split(':')[4] ?? '' }];
  if (!statement.principal && !statement.notPrincipal) slips.push({ principal: statement.effect === 'Deny' ? EVERYONE : owner });
  if (missesVault(statement, vaultArn, variables)) slips.push({ resource: [vaultArn] });
  if (statement.action?.some((entry) => isDeadAction(entry, service))) {
    slips.push({
      action: statement.action.map((entry) => (isDeadAction(entry, service) ? (meantAction(entry, service) ?? entry) : entry)),
    });
  }
  if (statement.conditions.some(({ key }) => isUnknownKey(key, service))) {
    slips.push({ conditions: statement.conditions.map((condition) => ({ ...condition, key: keyOf(condition.key, service) })) });
  }
  if (slips.length === 0) return statement;
  const meant: Statement = Object.assign({}, statement, ...slips) as Statement;
  return meant.resource && meant.notResource ? without(meant, 'notResource') : meant;
}

function keyOf(key: string, service: Service): string {
  return isUnknownKey(key, service) ? (meantKey(key, service) ?? key) : key;
}

/** Whether the statement is never about the vault; not where that hangs on a policy variable. */
export function missesVault(statement: Statement, vaultArn: string, variables: boolean): boolean {
  const texts = [...(statement.resource ?? []), ...(statement.notResource ?? [])];
  if (variables && texts.some((text) => text.includes('${'))) return false;
  // Most of what is in a backup vault has an ARN of its own.
  if (vaultArn.split(':')[2] === 'backup' && texts.some((text) => !text.includes(':backup-vault'))) return false;
  const request = {
    action: '',
    resource: vaultArn,
    principal: { kind: 'anonymous' as const },
    resourceAccount: vaultArn.split(':')[4] ?? '',
    context: {},
  };
  return resourceMatches(statement, request, variables) === false;
}

function without(statement: Statement, element: 'notPrincipal' | 'notResource'): Statement {
  return Object.fromEntries(Object.entries(statement).filter(([name]) => name !== element)) as unknown as Statement;
}
