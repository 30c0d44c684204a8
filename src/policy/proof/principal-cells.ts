import { matcherOf } from './automaton';
import { choicesOf } from './key-cells';
import { Memory } from './memory';
import { accountOf, ARN, arnOf, made, mentionedTexts } from './mentioned-principals';
import { inexactConditions, isOpen, PRINCIPAL_KEYS, PrincipalCondition } from './principal-conditions';
import { textCells, textCutter } from './text-cells';
import type { Condition, PrincipalPattern, Statement } from '../model';
import { isRootUser, roleArnOfSession, sessionArn } from '../principal-arn';
import { Principal } from '../request';
import { unitsOf } from '../symbols';

/** Cuts all principals into those that a list of statements can tell apart. */

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

/** @param except ARNs of principals that the question leaves out: they must be cells of their own */
export function principalCells(vaultArn: string, asked: readonly Asked[], except: readonly string[] = []): PrincipalCells {
  const conditions = new Map<Condition, PrincipalCondition>();
  const lists = new Set<readonly PrincipalPattern[]>();
  for (const { statement, variables } of asked) {
    for (const condition of statement.conditions) {
      const key = condition.key.toLowerCase();
      if (PRINCIPAL_KEYS.has(key)) conditions.set(condition, { condition, variables, key });
    }
    for (const list of [statement.principal ?? [], statement.notPrincipal ?? []]) {
      if (list.some(({ kind }) => kind !== 'everyone')) lists.add(list);
    }
  }
  const all = [...conditions.values()];
  const more = JSON.stringify([vaultArn, except, all.map(({ variables }) => Number(variables)).join('')]);
  return cutPrincipals.recall([...lists, ...conditions.keys()], more, () => newPrincipalCells(vaultArn, [...lists].flat(), all, except));
}

const cutPrincipals = /* @__PURE__ */ new Memory<PrincipalCells>();

function newPrincipalCells(
  vaultArn: string,
  named: readonly PrincipalPattern[],
  conditions: readonly PrincipalCondition[],
  except: readonly string[],
): PrincipalCells {
  const mentioned = mentionedTexts(vaultArn, named, conditions, except);
  const { all } = mentioned;
  const [, partition = 'aws', , , owner = 'unknown'] = vaultArn.split(':');
  const other = made(all, ACCOUNTS);
  const someone = made(all, NAMES);
  const accounts = [...new Set([other, owner, ...mentioned.accounts])];

  const literals = [...named.flatMap(arnOf), ...except];
  const wild = conditions.filter(({ key, condition }) => key === 'aws:principalarn' && isOpen(condition));
  const inexact = inexactConditions(conditions, wild.length > 0);
  // Whom something names is among the principals anyway: names that are made up only have to be none of theirs.
  const cut = textCutter([
    { name: 'named', matchers: literals.map((arn) => matcherOf(unitsOf(arn))) },
    ...conditions.filter(({ key }) => key === 'aws:principalarn').flatMap(({ condition, variables }) => choicesOf(condition, variables)),
  ]);
  const namesUnder = (prefix: string): string[] => {
    if (wild.length === 0) return [`${prefix}${someone}`];
    const { texts, exact } = cut({ prefix, allowed: NAME, goesOn: true, preferred: [`${prefix}${someone}`, ...mentioned.arns] });
    if (!exact) for (const { condition } of wild) inexact.set(condition, tooMany(condition));
    return [...texts];
  };

  const arns = accounts.flatMap((account) => [
    ...namesUnder(`arn:${partition}:iam::${account}:role/`),
    `arn:${partition}:iam::${account}:root`,
    ...namesUnder(`arn:${partition}:iam::${account}:user/`),
    // A name says nothing of the path: it may be that of a user whom nothing else mentions.
    ...mentioned.userNames.flatMap((name) => ['', `${someone}/`].map((path) => `arn:${partition}:iam::${account}:user/${path}${name}`)),
    ...namesUnder(`arn:${partition}:sts::${account}:federated-user/`),
  ]);
  const otherService = made(all, ['other.amazonaws.com', 'another.amazonaws.com']);
  const services = serviceNames(mentioned.services, conditions, otherService, inexact);
  const principals: Principal[] = [
    ...[...new Set([...arns, ...mentioned.arns])].flatMap((arn) => awsPrincipals(arn, mentioned.arns, someone)),
    ...services.map((name): Principal => ({ kind: 'service', name })),
    { kind: 'anonymous' },
  ];
  return { principals, inexact };
}

/**
 * A role is cut into itself and its sessions: `NotPrincipal` tells them apart. A session's ARN leaves out its role's path, which may be
 * one that something mentions, or not.
 */
function awsPrincipals(arn: string, mentioned: readonly string[], someone: string): Principal[] {
  const accountId = accountOf(arn);
  const itself: Principal = { kind: 'aws', arn, accountId };
  const role = roleArnOfSession(arn);
  if (role !== undefined) {
    const name = role.slice(role.lastIndexOf('/'));
    const roles = mentioned.filter(
      (other) => other !== role && accountOf(other) === accountId && /:role\/.*\//.test(other) && other.endsWith(name),
    );
    const unmentioned = role.replace(':role/', `:role/${someone}/`);
    return [itself, ...[...roles, unmentioned].map((roleArn): Principal => ({ kind: 'aws', arn, accountId, roleArn }))];
  }
  if (!ARN.exec(arn)?.[3]?.startsWith('role/')) return [itself];
  const name = mentioned.some((other) => other.endsWith('/session')) ? someone : 'session';
  return [itself, { kind: 'aws', arn: sessionArn(arn, name), accountId, roleArn: arn }];
}

function serviceNames(
  literals: readonly string[],
  conditions: readonly PrincipalCondition[],
  other: string,
  inexact: Map<Condition, string>,
): string[] {
  const onServices = conditions.filter(({ key }) => key === 'aws:principalservicename');
  if (!onServices.some(({ condition }) => isOpen(condition))) return [other, ...literals];
  const choices = [
    ...onServices.flatMap(({ condition, variables }) => choicesOf(condition, variables)),
    { name: 'named', matchers: literals.map((name) => matcherOf(unitsOf(name))) },
  ];
  const { texts, exact } = textCells(choices, { prefix: '', allowed: SERVICE_NAME, goesOn: true, preferred: [other, ...literals] });
  if (!exact) for (const { condition } of onServices) inexact.set(condition, tooMany(condition));
  return [...new Set([...texts, ...literals])];
}

function tooMany({ key }: Condition): string {
  return `\`${key}\` has too many patterns to tell apart`;
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
