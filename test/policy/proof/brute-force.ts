/**
 * What IAM decides about one request, written a second time and as plainly as possible: regular expressions instead of patterns, JSON
 * instead of a parsed document, nothing of the library. Knows what `random-policies.ts` makes, no more.
 */

export type Values = string | readonly string[];

export interface RawStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: RawPrincipal;
  readonly NotPrincipal?: RawPrincipal;
  readonly Action?: Values;
  readonly NotAction?: Values;
  readonly Resource?: Values;
  readonly NotResource?: Values;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: Values } };
}

export type RawPrincipal = '*' | { readonly AWS?: Values; readonly Service?: Values };

export interface RawPolicy {
  readonly Version: '2012-10-17' | '2008-10-17';
  readonly Statement: readonly RawStatement[];
}

export interface RawRequest {
  /** An ARN, a service's name, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly vaultArn: string;
  readonly identityAllow: boolean;
  readonly context: { readonly [key: string]: Values };
}

export type Outcome = 'allow' | 'explicitDeny' | 'implicitDeny' | 'unknown';

const list = (values: Values): readonly string[] => (typeof values === 'string' ? [values] : values);

/**
 * Whom `NotPrincipal` lists only in part, a Deny "might" deny, says the guide: where that, or another thing it leaves open, makes a
 * difference, nobody knows.
 */
export function decide(policies: readonly RawPolicy[], request: RawRequest): Outcome {
  const [strict, lenient] = [decideWith(policies, request, false), decideWith(policies, request, true)];
  return strict === lenient ? strict : 'unknown';
}

function decideWith(policies: readonly RawPolicy[], request: RawRequest, inPart: boolean): Outcome {
  const statements = policies.flatMap(({ Version, Statement }) => Statement.map((statement) => ({ statement, Version })));
  const matching = statements.filter(({ statement, Version }) =>
    matches(statement, request, { variables: Version === '2012-10-17', inPart }),
  );
  if (matching.some(({ statement }) => statement.Effect === 'Deny')) return 'explicitDeny';
  const allows = matching.map(({ statement }) => statement).filter(({ Effect }) => Effect === 'Allow');
  const isAws = request.principal.startsWith('arn:');
  const isRoot = request.principal.endsWith(':root');
  if (!isAws) return allows.length > 0 ? 'allow' : 'implicitDeny';
  const ownAllow = request.identityAllow || isRoot;
  if (account(request.principal) !== account(request.vaultArn)) return ownAllow && allows.length > 0 ? 'allow' : 'implicitDeny';
  const byName = allows.some((statement) => statement.NotPrincipal !== undefined || namesMore(statement, request.principal));
  return ownAllow || byName ? 'allow' : 'implicitDeny';
}

/** An Allow for an account only hands the decision over to that account; to its root user it is a full one. */
function namesMore({ Principal }: RawStatement, principal: string): boolean {
  if (Principal === '*' || Principal === undefined) return true;
  return list(Principal.AWS ?? []).some((name) => name === '*' || [principal, roleOf(principal)].includes(name));
}

interface Reading {
  readonly variables: boolean;
  /** Whether a Deny spares those who are listed in part, and whatever else is open is in favour of the request. */
  readonly inPart: boolean;
}

function matches(statement: RawStatement, request: RawRequest, { variables, inPart }: Reading): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  if (Principal !== undefined && !isNamed(Principal, request.principal)) return false;
  if (NotPrincipal !== undefined && isSpared(NotPrincipal, request.principal, statement.Effect, inPart)) return false;
  const acts = (values: Values) => list(values).some((value) => like(value, request.action, 'i'));
  if (Action !== undefined ? !acts(Action) : acts(NotAction ?? [])) return false;
  const context = complete(request);
  const isVault = (value: string) => filled(value, context, variables).some((text) => like(text, request.vaultArn));
  const inDoubt = (statement.Effect === 'Allow') === inPart;
  // Before the fifth colon variables "can't" be used, says the guide.
  const isDoubtful = (value: string) => variables && /^(.*:)?[^:]*\$\{/.test(value.split(':').slice(0, 5).join(':'));
  const isListed = (values: Values, otherwise: boolean) =>
    list(values).some((value) => isVault(value) && (!isDoubtful(value) || otherwise));
  if (Resource !== undefined ? !isListed(Resource, inDoubt) : isListed(NotResource ?? [], !inDoubt)) return false;
  return Object.entries(Condition).every(([operator, block]) =>
    Object.entries(block).every(([key, values]) =>
      holds(operator, context[key.toLowerCase()], list(values), context, { variables, inDoubt }),
    ),
  );
}

function isNamed(raw: RawPrincipal, principal: string): boolean {
  if (raw === '*') return true;
  const names = list(raw.AWS ?? []);
  if (names.includes('*')) return true;
  if (!principal.startsWith('arn:')) return list(raw.Service ?? []).includes(principal);
  const own = account(principal);
  return names.some((name) => [principal, roleOf(principal), own, `arn:aws:iam::${own}:root`].includes(name));
}

/** A Deny spares those who are listed with all that they are; an Allow is withheld from those who are listed in any way. */
function isSpared(raw: RawPrincipal, principal: string, effect: 'Allow' | 'Deny', inPart: boolean): boolean {
  if (raw === '*' || list(raw.AWS ?? []).includes('*')) return true;
  if (!principal.startsWith('arn:') || effect === 'Allow') return isNamed(raw, principal);
  const names = list(raw.AWS ?? []);
  const own = account(principal);
  const accountListed = names.includes(own) || names.includes(`arn:aws:iam::${own}:root`);
  if (principal.endsWith(':root')) return accountListed;
  const role = roleOf(principal);
  if (inPart) return names.includes(principal) || (role !== undefined && names.includes(role));
  return accountListed && names.includes(principal) && (role === undefined || names.includes(role));
}

function account(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function roleOf(principal: string): string | undefined {
  const [, id, name] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return name === undefined ? undefined : `arn:aws:iam::${id}:role/${name}`;
}

type Context = { readonly [lowerCaseKey: string]: readonly string[] | undefined };

function complete({ principal, vaultArn, context }: RawRequest): Context {
  const keys: { [key: string]: readonly string[] | undefined } = { 'aws:resourceaccount': [account(vaultArn)] };
  if (principal === 'anonymous') {
    keys['aws:principaltype'] = ['Anonymous'];
    keys['aws:principalaccount'] = ['anonymous'];
  } else if (principal.startsWith('arn:')) {
    keys['aws:principalisawsservice'] = ['false'];
    keys['aws:principalarn'] = [roleOf(principal) ?? principal];
    keys['aws:principalaccount'] = [account(principal)];
    keys['aws:principaltype'] = [typeOf(principal)];
    if (principal.includes(':user/')) keys['aws:username'] = [principal.split('/').at(-1)!];
  } else {
    keys['aws:principalservicename'] = [principal];
    keys['aws:principalisawsservice'] = ['true'];
  }
  for (const [key, values] of Object.entries(context)) if (values.length > 0 || values === '') keys[key.toLowerCase()] = list(values);
  return keys;
}

function typeOf(arn: string): string {
  if (arn.endsWith(':root')) return 'Account';
  return arn.includes(':user/') ? 'User' : arn.includes(':federated-user/') ? 'FederatedUser' : 'AssumedRole';
}

/** The value with its variables filled in (a private mark keeps what they give apart from wildcards); none if one is missing. */
function filled(value: string, context: Context, variables: boolean): string[] {
  if (!variables) return [value];
  let missing = false;
  const text = value.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (['*', '?', '$'].includes(name)) return quoted(name);
    const values = context[name.toLowerCase()];
    if (values?.length !== 1) missing = true;
    return quoted(values?.[0] ?? '');
  });
  return missing ? [] : [text];
}

/** Characters of the private use area stand for `*` and `?` that are no wildcards. */
function quoted(text: string): string {
  return text.replace(/\*/g, '\uF001').replace(/\?/g, '\uF002');
}

function unquoted(text: string): string {
  return text.replace(/\uF001/g, '*').replace(/\uF002/g, '?');
}

function like(pattern: string, text: string, flags = ''): boolean {
  const source = [...pattern].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : unquoted(c).replace(/[.+^${}()|[\]\\*?]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, `u${flags}`).test(text);
}

function holds(
  operator: string,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
  context: Context,
  { variables, inDoubt }: { readonly variables: boolean; readonly inDoubt: boolean },
): boolean {
  let name = operator.toLowerCase();
  const qualifier = /^(forallvalues|foranyvalue):/.exec(name)?.[1];
  if (qualifier !== undefined) name = name.slice(qualifier.length + 1);
  if (name === 'null') return wanted.some((value) => (value === 'true') === (actual === undefined));
  const ifExists = name.endsWith('ifexists');
  if (ifExists) name = name.slice(0, -8);
  const negated = name.includes('not');
  // Whether ForAnyValue heeds IfExists, the guide and people who tried it say differently.
  if (qualifier === 'foranyvalue' && ifExists && actual === undefined) return inDoubt;
  if (qualifier !== undefined && (actual ?? []).every((value) => value === '')) return qualifier === 'forallvalues';
  if (actual === undefined) return ifExists || negated;
  const expected = wanted.flatMap((value) => filled(value, context, variables));
  const one = (value: string) => expected.some((text) => compare(name.replace('not', ''), value, text)) !== negated;
  if (qualifier === 'forallvalues') return actual.every(one);
  if (qualifier === 'foranyvalue') return actual.some(one);
  return negated ? actual.every(one) : actual.some(one);
}

function compare(name: string, actual: string, wanted: string): boolean {
  const plain = unquoted(wanted);
  if (name === 'stringequals') return actual === plain;
  if (name === 'stringequalsignorecase') return actual.toLowerCase() === plain.toLowerCase();
  if (name === 'stringlike') return like(wanted, actual);
  if (name === 'bool') return actual.toLowerCase() === plain.toLowerCase();
  if (name.startsWith('arn')) return likeArn(wanted, actual);
  if (name === 'ipaddress') return isInside(actual, plain);
  if (name.startsWith('numeric')) return inOrder(name.slice(7), number(actual), number(plain));
  return inOrder(name.slice(4), Date.parse(actual), Date.parse(plain));
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function inOrder(relation: string, a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  const relations: { [name: string]: boolean } = {
    equals: a === b,
    lessthan: a < b,
    lessthanequals: a <= b,
    greaterthan: a > b,
    greaterthanequals: a >= b,
  };
  return relations[relation] ?? false;
}

function likeArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [pattern.split(':'), arn.split(':')];
  if (given.length < 6) return false;
  const parts = (all: readonly string[]) => [...all.slice(0, 5), all.slice(5).join(':')];
  return parts(wanted).every((part, index) => like(part, parts(given)[index] ?? ''));
}

function isInside(address: string, network: string): boolean {
  const bits = (text: string) =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return false;
  const [base = '', length = '32'] = network.split('/');
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}
