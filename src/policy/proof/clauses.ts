import type { Axes } from './axes';
import { hasVariable } from './key-cells';
import { Memory } from './memory';
import type { PrincipalCells } from './principal-cells';
import { PRINCIPAL_KEYS } from './principal-conditions';
import type { Clause } from './search';
import { conditionHolds, parseOperator } from '../conditions';
import type { Condition, PolicyDocument, Statement } from '../model';
import { OPERATORS, Operator } from '../operators';
import { Pattern, wildcardPattern } from '../pattern';
import { roleArnOfSession } from '../principal-arn';
import { principalReach } from '../principals';
import { fullContext, Principal } from '../request';
import { actionMatches, hasVariables, resourceMatches } from '../statement-matching';
import { hasSymbol } from '../symbols';
import { allOf, and, Truth } from '../truth';

/** Statements made ready for the search: what they say of each principal, and which axes they hang on. */

/** A statement with its place. */
export interface Placed {
  readonly policy: number;
  /** Index in its policy. */
  readonly index: number;
  readonly document: PolicyDocument;
  readonly statement: Statement;
  /** Whether a `${…}` in its values is a policy variable. */
  readonly variables: boolean;
}

export interface PlacedClause extends Clause {
  readonly placed: Placed;
}

export function placedStatements(policies: readonly PolicyDocument[]): Placed[] {
  return policies.flatMap((document, policy) =>
    document.statements.map((statement, index) => ({
      policy,
      index,
      document,
      statement,
      variables: hasVariables(document),
    })),
  );
}

/** Whether the statement can say anything about the action on the vault. */
export function canConcern({ statement, variables }: Placed, action: string, vaultArn: string): boolean {
  if (!actionMatches(statement, action)) return false;
  return (
    (variables && resourcesOf(statement).some(hasVariable)) ||
    resourceTruth(statement, variables, vaultArn, { kind: 'anonymous' }) !== false
  );
}

export function clauseOf(placed: Placed, vaultArn: string, cells: PrincipalCells, axes: Axes): PlacedClause {
  const { statement, variables } = placed;
  const onPrincipal = statement.conditions.filter(({ key }) => PRINCIPAL_KEYS.has(key.toLowerCase()));
  const conditions = new Map<string, Condition[]>();
  for (const condition of statement.conditions) {
    const key = condition.key.toLowerCase();
    if (!PRINCIPAL_KEYS.has(key)) conditions.set(key, [...(conditions.get(key) ?? []), condition]);
  }
  const inexact = inexactness(placed, cells, axes);
  return {
    placed,
    conditions,
    reaches: reached.recall([statement, cells.principals], `${vaultArn} ${String(variables)}`, () =>
      reachesOf(placed, vaultArn, cells.principals, onPrincipal),
    ),
    ...(inexact !== undefined && { inexact }),
  };
}

const reached = /* @__PURE__ */ new Memory<readonly Truth[]>();

function reachesOf(
  { statement, variables }: Placed,
  vaultArn: string,
  principals: readonly Principal[],
  onPrincipal: readonly Condition[],
): Truth[] {
  const depends = resourcesOf(statement).some((text) => text.includes('${'));
  const resource = depends ? undefined : resourceTruth(statement, variables, vaultArn, { kind: 'anonymous' });
  return principals.map((principal) => {
    const reach = principalReach(statement, principal);
    if (reach === 'none') return false;
    const context = onPrincipal.length > 0 ? fullContext(requestOf(principal, vaultArn)) : {};
    return and([
      reach === 'perhaps' ? 'unknown' : true,
      resource ?? resourceTruth(statement, variables, vaultArn, principal),
      allOf(onPrincipal, (condition) => conditionHolds(condition, context, variables)),
    ]);
  });
}

function resourcesOf({ resource = [], notResource = [] }: Statement): readonly string[] {
  return [...resource, ...notResource];
}

function resourceTruth(statement: Statement, variables: boolean, vaultArn: string, principal: Principal): Truth {
  const request = requestOf(principal, vaultArn);
  const context = resourcesOf(statement).some((text) => text.includes('${')) ? fullContext(request) : {};
  return resourceMatches(statement, { ...request, context }, variables);
}

function requestOf(principal: Principal, vaultArn: string) {
  return { action: '', resource: vaultArn, principal, resourceAccount: vaultArn.split(':')[4] ?? '', context: {} };
}

function inexactness({ statement, variables }: Placed, cells: PrincipalCells, axes: Axes): string | undefined {
  if (!statement.principal && !statement.notPrincipal) return NO_PRINCIPAL;
  if (variables && resourcesOf(statement).some(hasVariable)) return 'its resource has a policy variable, which depends on the request';
  const reasons = statement.conditions.map((condition) => cells.inexact.get(condition) ?? axes.inexact.get(condition));
  return reasons.find((reason) => reason !== undefined);
}

const NO_PRINCIPAL =
  'it has no `Principal`, which a policy that is attached to a vault must have: Glacier may refuse it, or read it another way';

const SPARED_IN_PART =
  'its `NotPrincipal` lists somebody without the account, or a role without its sessions, and IAM says of such that they might be denied, ' +
  'and might not';

function sparesInPart({ effect, notPrincipal = [] }: Statement): boolean {
  const arns = notPrincipal.flatMap((pattern) => (pattern.kind === 'aws' ? [pattern.arn] : []));
  const hasAccount = (arn: string) => notPrincipal.some((other) => other.kind === 'account' && other.accountId === arn.split(':')[4]);
  const hasSession = (role: string) => arns.some((arn) => roleArnOfSession(arn) === role);
  return effect === 'Deny' && arns.some((arn) => !hasAccount(arn) || (arn.includes(':role/') && !hasSession(arn)));
}

/** Why the statement by itself cannot be decided; `undefined` when it can. */
export function undecidable({ statement, variables }: Placed, vaultArn: string): string | undefined {
  if (!statement.principal && !statement.notPrincipal) return NO_PRINCIPAL;
  if (sparesInPart(statement)) return SPARED_IN_PART;
  const condition = statement.conditions.map((item) => conditionReason(item, variables)).find((reason) => reason !== undefined);
  if (condition !== undefined) return condition;
  return resourcesOf(statement).some(hasSymbol) && resourceTruth(statement, variables, vaultArn, { kind: 'anonymous' }) === 'unknown'
    ? 'its resource is only known after the deployment, and so is whether it is this vault'
    : undefined;
}

function conditionReason({ operator, key, values }: Condition, variables: boolean): string | undefined {
  const { base, ifExists } = parseOperator(operator);
  if (base === 'null') {
    if (ifExists) return `\`${operator}\` is no operator: \`Null\` has no IfExists`;
    const odd = values.find((value) => !/^(true|false)$/i.test(value));
    return odd === undefined ? undefined : `\`${operator}\` on \`${key}\` compares with "${odd}", which is neither true nor false`;
  }
  const known = OPERATORS.get(base);
  if (known === undefined) return `the operator \`${operator}\` is not known`;
  const unreadable = values.find((value) => !(variables && hasVariable(value)) && !isReadable(known, value));
  if (unreadable === undefined) return undefined;
  return hasSymbol(unreadable)
    ? `\`${operator}\` on \`${key}\` compares with a value that is only known after the deployment`
    : `\`${operator}\` on \`${key}\` compares with "${unreadable}", which it cannot read`;
}

/** A value that the operator can read gives an answer for some text: none of these is unknown for all of them. */
const PROBES = ['0', '2020-01-01T00:00:00Z', '198.51.100.1', 'true', 'arn:aws:iam::999999999999:role/anyone'];

function isReadable({ compare }: Operator, value: string): boolean {
  const pattern: Pattern = wildcardPattern(value);
  return PROBES.some((probe) => compare(probe, pattern) !== 'unknown') || compare(value, pattern) === true;
}
