import type { Finding } from './model';
import { nearest } from './spelling';
import { actionsOf, Service } from './vocabulary';
import { statementName } from '../statement-name';

/** What can still be said about a text that is no policy. */
export function textFindings(text: string, service: Service): Finding[] {
  return statementsIn(text).flatMap((statement, index) => [
    ...wrongEffect(statement, index),
    ...emptyPrincipal(statement, index),
    ...bareActions(statement, index, service),
  ]);
}

type Json = { readonly [key: string]: unknown };

function statementsIn(text: string): unknown[] {
  try {
    const document: unknown = JSON.parse(text);
    const raw = isObject(document) ? document.Statement : undefined;
    return Array.isArray(raw) ? raw : [raw];
  } catch {
    return [];
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `wrong-effect-case` */
function wrongEffect(statement: unknown, index: number): Finding[] {
  const effect = isObject(statement) ? statement.Effect : undefined;
  const meant =
    typeof effect === 'string' ? ['Allow', 'Deny'].find((known) => known.toLowerCase() === effect.trim().toLowerCase()) : undefined;
  if (meant === undefined || meant === effect) return [];
  return [
    {
      id: 'wrong-effect-case',
      severity: 'error',
      statement: index,
      message: `${statementName(index)} has the effect ${JSON.stringify(effect)}. "Allow" and "Deny" have a case: the policy is refused, and protects nothing.`,
      remedy: `Write "Effect": "${meant}".`,
    },
  ];
}

/** `no-principal`: one that is there and names nobody. */
function emptyPrincipal(statement: unknown, index: number): Finding[] {
  if (!isObject(statement) || !('Principal' in statement) || !isEmpty(statement.Principal)) return [];
  return [
    {
      id: 'no-principal',
      severity: 'error',
      statement: index,
      message: `${statementName(index)} has a \`Principal\` that names nobody. The policy is refused, and protects nothing.`,
      remedy: 'Write "Principal": "*", which means everyone, or {"AWS": "<ARN>"}.',
    },
  ];
}

/** `wrong-action`: one without the service in front of it. */
function bareActions(statement: unknown, index: number, service: Service): Finding[] {
  const entries = isObject(statement) ? [statement.Action, statement.NotAction].flat() : [];
  return entries.flatMap((entry) => {
    const meant = typeof entry === 'string' && !entry.includes(':') ? nearest(`${service}:${entry}`, actionsOf(service)) : undefined;
    return meant === undefined
      ? []
      : [
          {
            id: 'wrong-action',
            severity: 'error',
            statement: index,
            message: `${statementName(index)} names the action ${JSON.stringify(entry)} without its service. The policy is refused, and protects nothing.`,
            remedy: `Write "${meant}".`,
          },
        ];
  });
}

function isEmpty(principal: unknown): boolean {
  if (principal === null || principal === '') return true;
  if (Array.isArray(principal)) return principal.every(isEmpty);
  return isObject(principal) && Object.values(principal).every(isEmpty);
}
