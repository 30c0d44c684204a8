import * as fc from 'fast-check';
import type { RawPolicy, RawPrincipal, RawRequest, RawStatement, Values } from './brute-force';

/** Random policies of a vault, and random requests that come near to what these say. */

export const OWNER = '111111111111';
export const PARTNER = '222222222222';
export const VAULT = `arn:aws:glacier:us-east-1:${OWNER}:vaults/ledger`;

const some = <T>(item: fc.Arbitrary<T>, maxLength = 3) => fc.array(item, { minLength: 1, maxLength });
const oneOrSome = (item: fc.Arbitrary<string>): fc.Arbitrary<Values> => fc.oneof(item, some(item));

const AWS_PRINCIPALS = [
  OWNER,
  `arn:aws:iam::${OWNER}:root`,
  `arn:aws:iam::${PARTNER}:root`,
  `arn:aws:iam::${OWNER}:role/App`,
  `arn:aws:iam::${OWNER}:user/jo`,
  `arn:aws:sts::${OWNER}:assumed-role/App/run`,
  `arn:aws:iam::${PARTNER}:role/Admin`,
];
const principal: fc.Arbitrary<RawPrincipal> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<RawPrincipal>('*') },
  fc.record({ AWS: oneOrSome(fc.constantFrom(...AWS_PRINCIPALS, '*')) }),
  fc.record({ Service: fc.constant('backup.amazonaws.com'), AWS: oneOrSome(fc.constantFrom(...AWS_PRINCIPALS)) }),
);

const ACTIONS = [
  'glacier:DeleteArchive',
  'glacier:deletearchive',
  'glacier:Delete*',
  'glacier:?eleteArchive',
  'glacier:UploadArchive',
  'glacier:*',
  '*',
];
const RESOURCES = [
  VAULT,
  VAULT,
  `${VAULT}*`,
  `${VAULT}/*`,
  'arn:aws:glacier:*:*:vaults/l?dger',
  VAULT.replace('ledger', 'Ledger'),
  VAULT.replace('us-east-1', 'us-west-2'),
  'arn:aws:glacier:us-east-1:${aws:PrincipalAccount}:vaults/ledger',
  '*',
];

const AGES = ['0', '1', '2', '2.5', '3', '3.0', '30', '1e1', '365', '-1', '1e9'];
const TAG_VALUES = [
  'true',
  'True',
  'TRUE',
  '',
  'a',
  'ab',
  'b*',
  '*b',
  'a?',
  '*',
  'a*b',
  '5',
  '${aws:username}',
  '${*}',
  'x${aws:PrincipalAccount}',
];
const ARNS = [
  ...AWS_PRINCIPALS.slice(1),
  `arn:aws:iam::${OWNER}:role/*`,
  'arn:aws:iam::*:role/A*',
  'arn:aws:*:*:*:*',
  '*',
  `arn:aws:iam::${OWNER}:*`,
];
const DATES = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:01Z', '2030-06-01T12:00:00Z'];
const NETWORKS = ['10.0.0.0/8', '10.1.0.0/16', '192.0.2.7', '0.0.0.0/0'];

const NUMERIC = [
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericEquals',
  'NumericNotEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
];
const TEXT = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'];
const DATE = ['DateLessThan', 'DateGreaterThanEquals', 'DateEquals', 'DateNotEquals'];

function line(operators: readonly string[], keys: readonly string[], values: readonly string[], qualified = false) {
  const prefix = qualified ? fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:') : fc.constant('');
  const suffix = fc.constantFrom('', '', '', 'IfExists');
  const operator = fc.tuple(prefix, fc.constantFrom(...operators), suffix).map((parts) => parts.join(''));
  return fc.tuple(operator, fc.constantFrom(...keys), oneOrSome(fc.constantFrom(...values)));
}

const age = line(NUMERIC, ['glacier:ArchiveAgeInDays', 'glacier:ArchiveAgeinDays'], AGES);
const conditionLine: fc.Arbitrary<[string, string, Values]> = fc.oneof(
  { weight: 6, arbitrary: age },
  { weight: 3, arbitrary: line(TEXT, ['glacier:ResourceTag/Hold', 'glacier:ResourceTag/hold', 'glacier:ResourceTag/Kind'], TAG_VALUES) },
  line(NUMERIC, ['glacier:ResourceTag/Kind'], AGES),
  line(TEXT, ['aws:TagKeys'], TAG_VALUES.slice(0, 8), true),
  line(['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'StringLike', 'StringNotLike', 'StringEquals'], ['aws:PrincipalArn'], ARNS),
  line(['StringEquals', 'StringNotEquals'], ['aws:PrincipalAccount'], [OWNER, PARTNER, '333333333333']),
  line(['StringEquals', 'StringNotEquals'], ['aws:PrincipalType'], ['User', 'Account', 'AssumedRole', 'Anonymous']),
  line(['Bool'], ['aws:SecureTransport', 'aws:MultiFactorAuthPresent', 'aws:PrincipalIsAWSService'], ['true', 'false', 'True']),
  line(DATE, ['aws:CurrentTime'], DATES),
  line(['IpAddress', 'NotIpAddress'], ['aws:SourceIp'], NETWORKS),
  line(TEXT, ['aws:PrincipalOrgID'], ['o-1', 'o-2', 'o-*']),
  fc.tuple(
    fc.constant('Null'),
    fc.constantFrom('glacier:ResourceTag/Hold', 'aws:PrincipalOrgID', 'aws:username'),
    fc.constantFrom('true', 'false'),
  ),
);
const condition = fc.array(conditionLine, { maxLength: 3 }).map((lines) => {
  const blocks: { [operator: string]: { [key: string]: Values } } = {};
  // The same key twice under one operator, in whatever case, is no policy.
  for (const [operator, key, values] of lines) {
    const block = (blocks[operator] ??= {});
    if (!Object.keys(block).some((other) => other.toLowerCase() === key.toLowerCase())) block[key] = values;
  }
  return blocks;
});

const statement: fc.Arbitrary<RawStatement> = fc
  .record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Deny', 'Deny', 'Allow'),
    who: fc.tuple(fc.constantFrom('Principal', 'Principal', 'Principal', 'NotPrincipal'), principal),
    what: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), oneOrSome(fc.constantFrom(...ACTIONS))),
    where: fc.tuple(fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'), oneOrSome(fc.constantFrom(...RESOURCES))),
    Condition: condition,
  })
  .map(({ Effect, who, what, where, Condition }) => ({ Effect, [who[0]]: who[1], [what[0]]: what[1], [where[0]]: where[1], Condition }));

export const policy: fc.Arbitrary<RawPolicy> = fc.record({
  Version: fc.constantFrom<RawPolicy['Version']>('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17'),
  Statement: some(statement, 4),
});

/** A small generator of its own: requests by the hundred thousand, and each follows from a number. */
export function chance(seed: number): (choices: number) => number {
  // Lehmer's generator (Park and Miller, 1988).
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  return (choices) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % choices;
  };
}

export const REQUEST_PRINCIPALS = [
  `arn:aws:iam::${OWNER}:root`,
  `arn:aws:iam::${OWNER}:role/App`,
  `arn:aws:iam::${OWNER}:role/path/Other`,
  `arn:aws:iam::${OWNER}:user/jo`,
  `arn:aws:iam::${OWNER}:user/a*`,
  `arn:aws:sts::${OWNER}:assumed-role/App/run`,
  `arn:aws:sts::${OWNER}:assumed-role/App/other`,
  `arn:aws:iam::${PARTNER}:root`,
  `arn:aws:iam::${PARTNER}:role/Admin`,
  'arn:aws:iam::333333333333:user/staff/b',
  'arn:aws:sts::333333333333:federated-user/c',
  'backup.amazonaws.com',
  'sns.amazonaws.com',
  'anonymous',
];
const REQUEST_VALUES: { readonly [key: string]: readonly Values[] } = {
  'glacier:ResourceTag/Hold': ['true', 'True', '', 'a', 'axb', 'jo', '*', 'xyz'],
  'GLACIER:RESOURCETAG/KIND': ['5', '3', '2.7', 'ab', 'zb', `x${OWNER}`, '-1', '1000'],
  'aws:TagKeys': [['a', 'true'], ['ab'], 'b*', ['', 'other'], []],
  'aws:SecureTransport': ['true', 'false'],
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  'aws:CurrentTime': [...DATES, '2019-12-31T23:59:59Z', '2025-01-01T00:00:00Z', '2040-01-01T00:00:00Z'],
  'aws:SourceIp': ['10.1.2.3', '10.2.0.1', '192.0.2.7', '203.0.113.1', '2001:db8::1'],
  'aws:PrincipalOrgID': ['o-1', 'o-2', 'o-3', 'p'],
};
const REQUEST_AGES = ['0', '0.5', '1', '1.5', '2', '2.4', '2.5', '2.75', '3', '9', '10', '11', '30', '364', '365', '366', '1000000'];

/** A request for the vault with most keys there and some absent. */
export function requestOf(pick: (choices: number) => number, action?: string): RawRequest {
  const one = <T>(items: readonly T[]) => items[pick(items.length)]!;
  const context: { [key: string]: Values } = { 'glacier:ArchiveAgeInDays': one(REQUEST_AGES) };
  for (const [key, values] of Object.entries(REQUEST_VALUES)) if (pick(3) > 0) context[key] = one(values);
  return {
    principal: one(REQUEST_PRINCIPALS),
    action: action ?? one(['glacier:DeleteArchive', 'glacier:DeleteArchive', 'glacier:UploadArchive', 'glacier:ListJobs']),
    vaultArn: VAULT,
    identityAllow: pick(2) === 0,
    context,
  };
}

const COMPLEMENTS: { readonly [operator: string]: string } = {
  NumericLessThan: 'NumericGreaterThanEquals',
  NumericLessThanEquals: 'NumericGreaterThan',
  NumericEquals: 'NumericNotEquals',
  StringEquals: 'StringNotEquals',
  StringLike: 'StringNotLike',
  StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase',
  ArnLike: 'ArnNotLike',
  ArnEquals: 'ArnNotEquals',
  DateLessThan: 'DateGreaterThanEquals',
  DateEquals: 'DateNotEquals',
  IpAddress: 'NotIpAddress',
};

/** The operator that holds where this one does not, and, for the ordered ones, perhaps nearly so. */
function complementOf(operator: string): string {
  const [plain = '', ifExists = ''] = operator.split(/(?=IfExists$)/);
  const found = Object.entries(COMPLEMENTS).find((pair) => pair.includes(plain));
  return (found?.find((name) => name !== plain) ?? plain) + ifExists;
}

/**
 * Denies for everyone that nearly cover every case, or do: each condition comes with the one that covers the rest, and some with one for
 * an absent key.
 */
export const coveringPolicy: fc.Arbitrary<RawPolicy> = fc
  .tuple(
    fc.array(conditionLine, { minLength: 1, maxLength: 2 }),
    fc.array(statement, { maxLength: 2 }),
    fc.constantFrom('30', '365', '2.5'),
    fc.boolean(),
  )
  .map(([lines, others, days, absent]) => {
    const deny = (...blocks: [string, string, Values][]): RawStatement => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 'glacier:DeleteArchive',
      Resource: '*',
      Condition: Object.fromEntries(blocks.map(([operator, key, values]) => [operator, { [key]: values }])),
    });
    const young: [string, string, Values] = ['NumericLessThan', 'glacier:ArchiveAgeInDays', days];
    const covered = lines.flatMap(([operator, key, values]) => {
      const both = [deny([operator, key, values], ...differs(operator, young)), deny([complementOf(operator), key, values])];
      return absent ? [...both, deny(['Null', key, 'true'])] : both;
    });
    return { Version: '2012-10-17' as const, Statement: [...covered, ...others] };
  });

function differs(operator: string, other: [string, string, Values]): [string, string, Values][] {
  return operator === other[0] ? [] : [other];
}
