import { ignoresCase, PrincipalCondition } from './principal-conditions';
import type { Condition, PrincipalPattern } from '../model';
import { wildcardPattern } from '../pattern';
import { hasSymbol, MADE_UP } from '../symbols';

/** Whom statements mention, and names of people whom they do not. */

/** An ARN of somebody: partition, account, type and name. */
export const ARN = /^arn:([^:]*):(?:iam|sts)::([^:]*):(.+)$/;
const ARN_IN_ANY_CASE = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/i;

export interface Mentioned {
  readonly arns: readonly string[];
  readonly accounts: readonly string[];
  readonly services: readonly string[];
  readonly userNames: readonly string[];
  /** Everything that is said about principals, to make up names that are nobody's. */
  readonly all: readonly string[];
}

export function mentionedTexts(
  vaultArn: string,
  named: readonly PrincipalPattern[],
  conditions: readonly PrincipalCondition[],
  except: readonly string[],
): Mentioned {
  const valuesOf = (key: string) => conditions.filter((item) => item.key === key).flatMap(({ condition }) => bothCases(condition));
  const arns = [...named.flatMap(arnOf), ...valuesOf('aws:principalarn'), ...except].filter((text) => ARN.test(text) || isWholeToken(text));
  const literal = arns.filter((arn) => !/[*?]/.test(arn));
  const accounts = [
    ...named.flatMap((pattern) => (pattern.kind === 'account' ? [pattern.accountId] : [])),
    ...valuesOf('aws:principalaccount').filter((text) => !/[*?]/.test(text)),
    ...[...named.flatMap(arnOf), ...valuesOf('aws:principalarn'), ...except].flatMap((text) => {
      const account = ARN_IN_ANY_CASE.exec(text)?.[1];
      return account === undefined || /[*?]/.test(account) ? [] : [account];
    }),
  ];
  const services = [
    ...named.flatMap((pattern) => (pattern.kind === 'service' ? [pattern.name] : [])),
    ...valuesOf('aws:principalservicename'),
  ];
  const userNames = valuesOf('aws:username').filter((name) => !/[*?]/.test(name) && name !== '');
  return {
    arns: [...new Set(literal)],
    accounts: [...new Set(accounts)],
    services: [...new Set(services)].filter((name) => !/[*?]/.test(name)),
    userNames: [...new Set(userNames)],
    all: [
      vaultArn,
      ...named.map((pattern) => JSON.stringify(pattern)),
      ...conditions.flatMap(({ condition }) => condition.values),
      ...except,
    ],
  };
}

export function arnOf(pattern: PrincipalPattern): string[] {
  return pattern.kind === 'aws' ? [pattern.arn] : [];
}

function isWholeToken(text: string): boolean {
  return hasSymbol(text) && wildcardPattern(text).length === 1;
}

/** The values, and where case does not count one that differs in case only. */
function bothCases(condition: Condition): readonly string[] {
  const { values } = condition;
  if (!ignoresCase(condition)) return values;
  return values.flatMap((value) => [value, ...swapped(value)]);
}

function swapped(text: string): string[] {
  // The account and the type of an ARN have to stay what they are; the name may have any case.
  const at = text.lastIndexOf('/') + 1;
  const name = text.slice(at);
  return [name.toUpperCase(), name.toLowerCase()].filter((form) => form !== name).map((form) => text.slice(0, at) + form);
}

/** A name that nothing mentions; beside tokens, one that no token can turn out to be. */
export function made(mentioned: readonly string[], candidates: readonly string[]): string {
  const free = candidates.find((name) => !mentioned.some((text) => text.includes(name))) ?? freeName(mentioned, candidates[0] ?? '');
  return mentioned.some(hasSymbol) ? `${MADE_UP}${free}` : free;
}

function freeName(mentioned: readonly string[], candidate: string): string {
  const taken = new Set(mentioned.flatMap((text) => text.split(/[^\w.]/)));
  for (let count = 0; ; count++) {
    const suffix = String(count);
    const name = candidate.slice(0, Math.max(0, candidate.length - suffix.length)) + suffix;
    if (!taken.has(name)) return name;
  }
}

/** The account of an ARN; of a token that is a whole ARN nobody knows it, which the token itself says. */
export function accountOf(arn: string): string {
  return ARN.exec(arn)?.[2] ?? arn;
}
