import { familyOf, hasVariable, matchersOf } from './key-cells';
import { matcherOf, Matcher, textCells } from './text-cells';
import { parseOperator } from '../conditions';
import type { Condition, PrincipalPattern, Statement } from '../model';
import { wildcardPattern } from '../pattern';
import { isRootUser, roleArnOfSession } from '../principal-arn';
import { Principal } from '../request';
import { hasSymbol, MADE_UP, unitsOf } from '../symbols';

/** Cuts all principals into those that a list of statements can tell apart. */

/** Condition keys that follow from principal and resource (`fullContext`); they are no axis of their own. By lower-case name. */
export const PRINCIPAL_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:username',
  'aws:resourceaccount',
]);

export interface PrincipalCells {
  readonly principals: readonly Principal[];
  /** Conditions on principals that these do not exhaust, and why. */
  readonly inexact: ReadonlyMap<Condition, string>;
}

/** A statement, and whether a `${…}` in its values is a policy variable. */
export interface Asked {
  readonly statement: Statement;
  readonly variables: boolean;
}

const ACCOUNTS = ['999999999999', '888888888888', '777777777777', '666666666666', '555555555555', '444444444444', '333333333333'];
const NAMES = ['anyone', 'somebody', 'whoever', 'xyz'];
const NAME = /^[\w+=,.@/-]$/;
const SERVICE_NAME = /^[\w.-]$/;
const ARN = /^arn:([^:]*):(?:iam|sts)::([^:]*):(.+)$/;

/** @param except ARNs of principals that the question leaves out: they must be cells of their own */
export function principalCells(vaultArn: string, asked: readonly Asked[], except: readonly string[] = []): PrincipalCells {
  const conditions = asked.flatMap(({ statement, variables }) =>
    statement.conditions
      .filter(({ key }) => PRINCIPAL_KEYS.has(key.toLowerCase()))
      .map((condition) => ({ condition, variables, key: condition.key.toLowerCase() })),
  );
  const named = asked.flatMap(({ statement }) => [...(statement.principal ?? []), ...(statement.notPrincipal ?? [])]);
  const mentioned = mentionedTexts(vaultArn, named, conditions, except);
  const { all } = mentioned;
  const [, partition = 'aws', , , owner = 'unknown'] = vaultArn.split(':');
  const other = made(all, ACCOUNTS);
  const someone = made(all, NAMES);
  const accounts = [...new Set([other, owner, ...mentioned.accounts])];

  const arnMatchers: Matcher[] = [...named.flatMap(arnOf), ...except].map((arn) => matcherOf(unitsOf(arn)));
  const wild = conditions.filter(({ key, condition }) => key === 'aws:principalarn' && isWild(condition));
  if (wild.length > 0) {
    const arnConditions = conditions.filter(({ key }) => key === 'aws:principalarn');
    arnMatchers.push(...arnConditions.flatMap(({ condition, variables }) => matchersOf(condition, variables)));
  }
  const inexact = inexactConditions(conditions, wild.length > 0);
  const namesUnder = (prefix: string): string[] => {
    if (wild.length === 0) return [`${prefix}${someone}`];
    const preferred = [`${prefix}${someone}`, ...mentioned.arns];
    const { texts, exact } = textCells(arnMatchers, { prefix, allowed: NAME, preferred });
    if (!exact) for (const { condition } of wild) inexact.set(condition, `\`${condition.key}\` has too many patterns to tell apart`);
    return texts.filter((text) => text.length > prefix.length);
  };

  const arns = accounts.flatMap((account) => [
    ...namesUnder(`arn:${partition}:iam::${account}:role/`),
    `arn:${partition}:iam::${account}:root`,
    ...namesUnder(`arn:${partition}:iam::${account}:user/`),
    ...mentioned.userNames.map((name) => `arn:${partition}:iam::${account}:user/${name}`),
    ...namesUnder(`arn:${partition}:sts::${account}:federated-user/`),
  ]);
  const services = serviceNames(mentioned.services, conditions, made(all, ['other.amazonaws.com', 'another.amazonaws.com']));
  const principals: Principal[] = [
    ...[...new Set([...arns, ...mentioned.arns])].flatMap((arn) => awsPrincipals(arn, mentioned.arns)),
    ...services.map((name): Principal => ({ kind: 'service', name })),
    { kind: 'anonymous' },
  ];
  return { principals, inexact };
}

/** A role is cut into itself and its sessions: `NotPrincipal` tells them apart. */
function awsPrincipals(arn: string, mentioned: readonly string[]): Principal[] {
  const accountId = accountOf(arn);
  const itself: Principal = { kind: 'aws', arn, accountId };
  const role = roleArnOfSession(arn);
  if (role !== undefined) {
    const name = role.slice(role.lastIndexOf('/'));
    const roles = mentioned.filter(
      (other) => other !== role && accountOf(other) === accountId && /:role\/.*\//.test(other) && other.endsWith(name),
    );
    return [itself, ...roles.map((roleArn): Principal => ({ kind: 'aws', arn, accountId, roleArn }))];
  }
  const [, partition, , resource = ''] = ARN.exec(arn) ?? [];
  if (!resource.startsWith('role/')) return [itself];
  const session = `arn:${partition}:sts::${accountId}:assumed-role/${resource.slice(resource.lastIndexOf('/') + 1)}/session`;
  return [itself, { kind: 'aws', arn: session, accountId, roleArn: arn }];
}

/** The account of an ARN; of a token that is a whole ARN nobody knows it, which the token itself says. */
function accountOf(arn: string): string {
  return ARN.exec(arn)?.[2] ?? arn;
}

interface PrincipalCondition {
  readonly condition: Condition;
  readonly variables: boolean;
  readonly key: string;
}

interface Mentioned {
  readonly arns: readonly string[];
  readonly accounts: readonly string[];
  readonly services: readonly string[];
  readonly userNames: readonly string[];
  /** Everything that is said about principals, to make up names that are nobody's. */
  readonly all: readonly string[];
}

function mentionedTexts(
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
    ...arns
      .filter((arn) => ARN.test(arn))
      .map(accountOf)
      .filter((account) => !/[*?]/.test(account)),
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

function arnOf(pattern: PrincipalPattern): string[] {
  return pattern.kind === 'aws' ? [pattern.arn] : [];
}

function isWholeToken(text: string): boolean {
  return hasSymbol(text) && wildcardPattern(text).length === 1;
}

/** The values, and where case does not count one that differs in case only. */
function bothCases({ operator, values }: Condition): string[] {
  if (!parseOperator(operator).base.endsWith('ignorecase')) return [...values];
  return values.flatMap((value) => [value, ...swapped(value)]);
}

function swapped(text: string): string[] {
  // The account and the type of an ARN have to stay what they are; the name may have any case.
  const at = text.lastIndexOf('/') + 1;
  const name = text.slice(at);
  return [name.toUpperCase(), name.toLowerCase()].filter((form) => form !== name).map((form) => text.slice(0, at) + form);
}

/** A name that nothing mentions; beside tokens, one that no token can turn out to be. */
function made(mentioned: readonly string[], candidates: readonly string[]): string {
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

function serviceNames(literals: readonly string[], conditions: readonly PrincipalCondition[], other: string): string[] {
  const matchers = conditions
    .filter(({ key }) => key === 'aws:principalservicename')
    .flatMap(({ condition, variables }) => matchersOf(condition, variables));
  const wild = conditions.some(({ key, condition }) => key === 'aws:principalservicename' && isWild(condition));
  if (!wild) return [other, ...literals];
  const { texts } = textCells([...matchers, ...literals.map((name) => matcherOf(unitsOf(name)))], {
    prefix: '',
    allowed: SERVICE_NAME,
    preferred: [other, ...literals],
  });
  return texts.filter((text) => text !== '');
}

function isWild({ operator, values }: Condition): boolean {
  return (
    /^(stringnotlike|stringlike|arn)/.test(parseOperator(operator).base) && values.some((value) => /[*?]/.test(value) && value !== '*')
  );
}

/** Conditions whose cells are not among those that are built. */
function inexactConditions(conditions: readonly PrincipalCondition[], wildArns: boolean): Map<Condition, string> {
  const inexact = new Map<Condition, string>();
  for (const { condition, variables, key } of conditions) {
    const reason = inexactness(condition, variables, key, wildArns);
    if (reason !== undefined) inexact.set(condition, reason);
  }
  return inexact;
}

/** Of these the evaluator's own answer for each principal is all there is: the key has few values. */
const FINITE_KEYS = ['aws:principaltype', 'aws:principalisawsservice', 'aws:resourceaccount'];

function inexactness(condition: Condition, variables: boolean, key: string, wildArns: boolean): string | undefined {
  const { operator, values } = condition;
  const { base } = parseOperator(operator);
  if (variables && values.some(hasVariable)) return `a value of \`${condition.key}\` has a policy variable, which depends on the request`;
  if (base === 'null' || FINITE_KEYS.includes(key)) return undefined;
  if (familyOf(operator) !== 'text' || base.startsWith('binary')) return `\`${operator}\` on \`${condition.key}\` cannot be cut into cases`;
  if (key === 'aws:principalarn' && values.some(hasPartialAccount)) {
    return `a value of \`${condition.key}\` has a wildcard where the account stands`;
  }
  if (key === 'aws:principalaccount' && isWild(condition)) return `\`${condition.key}\` has wildcards in an account id`;
  if (key === 'aws:username' && (isWild(condition) || wildArns)) return `\`${condition.key}\` cannot be cut into cases beside wildcards`;
  return undefined;
}

/** Accounts are cut by name only: a pattern must name one, or mean all, or say nothing that digits could match. */
function hasPartialAccount(pattern: string): boolean {
  if (!/[*?]/.test(pattern) || !/\d/.test(pattern)) return false;
  const parts = pattern.split(':');
  const plain = parts.length >= 6 && parts.slice(0, 4).every((part, index) => !/[*?]/.test(part) || (part === '*' && index === 1));
  return !(plain && (parts[4] === '*' || !/[*?]/.test(parts[4] ?? '')));
}

/**
 * The statement as it is for everybody but these principals: whoever is left is none of them, even where only a deployment knows what
 * their names are.
 */
export function withoutPrincipals(statement: Statement, except: readonly string[]): Statement {
  if (except.length === 0) return statement;
  const isLeft = (text: string) => !except.includes(text) || /[*?]/.test(text);
  const left = (patterns: readonly PrincipalPattern[]) => patterns.filter((pattern) => pattern.kind !== 'aws' || isLeft(pattern.arn));
  return {
    ...statement,
    ...(statement.principal && { principal: left(statement.principal) }),
    ...(statement.notPrincipal && { notPrincipal: left(statement.notPrincipal) }),
    conditions: statement.conditions.map((condition) =>
      condition.key.toLowerCase() === 'aws:principalarn' ? { ...condition, values: condition.values.filter(isLeft) } : condition,
    ),
  };
}

/** Whether the principal is one of these ARNs, a session of one, or of the account whose root it is. */
export function isOneOf(principal: Principal, arns: readonly string[]): boolean {
  if (principal.kind !== 'aws') return false;
  const role = principal.roleArn ?? roleArnOfSession(principal.arn);
  return arns.some((arn) => arn === principal.arn || arn === role || (isRootUser(arn) && arn.split(':')[4] === principal.accountId));
}
