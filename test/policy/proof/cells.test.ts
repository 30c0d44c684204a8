import { deniesDeletionBefore, explore, parsePolicy, retentionOf } from '../../../src/policy';
import { ACCOUNT, VAULT } from '../published-policies';

/** Cases that are easily forgotten when keys and principals are cut into cells: each of these policies leaves exactly one way. */

const DELETE = 'glacier:DeleteArchive';
const ARN = 'aws:PrincipalArn';
const HOLD = 'glacier:ResourceTag/LegalHold';
const PARTNER = '210987654321';
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;

const denies = (...conditions: readonly object[]) =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: conditions.map((Condition) => ({ Effect: 'Deny', Principal: '*', Action: DELETE, Resource: VAULT, Condition })),
    }),
  );
const retain = (...conditions: readonly object[]) => retentionOf([denies(...conditions)], VAULT);

describe('who is left when everyone else is denied', () => {
  test.each<[what: string, conditions: readonly object[], left: string | RegExp]>([
    [
      'a name in a case that nobody has written',
      [{ StringNotEqualsIgnoreCase: { [ARN]: role('on') } }, { StringEquals: { [ARN]: [role('on'), role('ON')] } }],
      /role\/(On|oN)$|assumed-role\/(On|oN)\//,
    ],
    [
      'an account that is only named in capital letters',
      [{ StringNotEqualsIgnoreCase: { [ARN]: role('a', PARTNER).toUpperCase() } }],
      new RegExp(`^arn:aws:iam::${PARTNER}:role/(a|A)$`),
    ],
    [
      'a user of that name under another path',
      [
        { StringNotEquals: { 'aws:username': 'jo' } },
        { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } },
        { ArnEquals: { [ARN]: user('jo') } },
      ],
      /:user\/.+\/jo$/,
    ],
    [
      'a name of one letter',
      [
        { ArnLike: { [ARN]: 'arn:aws:iam::*:*/??*' } },
        { ArnLike: { [ARN]: 'arn:aws:iam::*:root' } },
        { ArnLike: { [ARN]: 'arn:aws:sts::*:*' } },
        { Null: { [ARN]: 'true' } },
      ],
      /:(role|user)\/.$|assumed-role\/.\//,
    ],
    [
      'a service whose name does not end like others',
      [{ StringLikeIfExists: { 'aws:PrincipalServiceName': '*.amazonaws.com' } }],
      /^(?!.*\.amazonaws\.com$)\w+/,
    ],
  ])('%s', (_what, conditions, left) => {
    const { days, counterExample } = retain(...conditions);
    expect({ days, left: counterExample?.principal }).toEqual({ days: 0, left: expect.stringMatching(left) as string });
  });

  test('a session whose role has a path that nobody has written: the context says which', () => {
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/App/run`;
    const document = parsePolicy(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: session }, Action: DELETE, Resource: VAULT },
          { Effect: 'Deny', Principal: '*', Action: DELETE, Resource: VAULT, Condition: { ArnEquals: { [ARN]: role('App') } } },
        ],
      }),
    );
    const verdict = explore({ policies: [document], vaultArn: VAULT, action: DELETE, expect: 'notAllowed' });
    expect(verdict).toMatchObject({ verdict: 'fails', counterExample: { principal: session } });
    const path = verdict.verdict === 'fails' ? verdict.counterExample.context[ARN] : undefined;
    expect(path).toMatch(new RegExp(`^${role('')}.+/App$`));
  });
});

describe('which value is left when all others are denied', () => {
  const absent = { Null: { [HOLD]: 'true' } };
  const on = (operator: string, ...values: readonly string[]) => ({ [operator]: { [HOLD]: values } });

  test.each<[what: string, conditions: readonly object[], left: string]>([
    ['the sign for Kelvin is a k without case', [on('StringNotEqualsIgnoreCase', 'k'), on('StringEquals', 'k', 'K')], '\u212a'],
    ['... and the sign for ångström an å', [on('StringNotEqualsIgnoreCase', 'å'), on('StringEquals', 'å', 'Å')], '\u212b'],
    ['... and there is a capital ß', [on('StringNotEqualsIgnoreCase', 'ß'), on('StringEquals', 'ß')], '\u1e9e'],
    ['the star itself', [on('StringNotLike', '${*}')], '*'],
    ['one character of two code units', [on('StringNotLike', '?', ''), on('StringNotLike', '\u{1f600}*')], '\u{1f600}'],
    ['nothing', [on('StringLike', '?*')], ''],
  ])('%s', (_what, conditions, left) => {
    expect(retain(absent, ...conditions).counterExample?.tags).toEqual({ LegalHold: left });
  });

  test('letters with more forms than two are not decided', () => {
    const { days, unknown } = retain(absent, { StringNotEqualsIgnoreCase: { [HOLD]: 'ΑΣ' } }, { StringEquals: { [HOLD]: ['ΑΣ', 'ας'] } });
    expect({ days, reason: unknown[0]?.reason }).toEqual({ days: 0, reason: expect.stringContaining('beyond Latin ones') as string });
  });
});

describe('values that cannot be read', () => {
  test.each<[what: string, operator: string, opposite: string, key: string, value: string]>([
    ['a date that is none', 'DateEquals', 'DateNotEquals', 'aws:CurrentTime', 'tomorrow'],
    ['a day that there is not', 'DateLessThan', 'DateGreaterThanEquals', 'aws:CurrentTime', '2030-02-30'],
    ['a network whose length is none', 'IpAddress', 'NotIpAddress', 'aws:SourceIp', '10.0.0.0/8a'],
    ['a network that is too long', 'IpAddress', 'NotIpAddress', 'aws:SourceIp', '10.0.0.0/33'],
    ['a hexadecimal number', 'NumericLessThan', 'NumericGreaterThanEquals', 'glacier:ArchiveAgeInDays', '0x10'],
    ['a number with blanks', 'NumericLessThan', 'NumericGreaterThanEquals', 'glacier:ArchiveAgeInDays', ' 365 '],
  ])('%s proves nothing, although one of both sides must hold', (_what, operator, opposite, key, value) => {
    const both = [{ [operator]: { [key]: value } }, { [opposite]: { [key]: value } }, { Null: { [key]: 'true' } }];
    expect(retain(...both)).toMatchObject({ days: 0, proven: false, unknown: [{ statement: 0 }, { statement: 1 }] });
    expect(deniesDeletionBefore([denies(...both)], VAULT, 1).verdict).toBe('unknown');
  });
});

describe('addresses of both families', () => {
  const absent = { Null: { 'aws:SourceIp': 'true' } };
  const networks = (inside: readonly string[], outside: readonly string[]) =>
    retain(absent, { IpAddress: { 'aws:SourceIp': inside } }, { NotIpAddress: { 'aws:SourceIp': outside } });

  test.each<[inside: string[], outside: string[], days: 'forever' | 0]>([
    [['::ffff:10.0.0.0/104'], ['::ffff:a00:0/104'], 'forever'],
    [['::ffff:10.0.0.0/104'], ['10.0.0.0/8'], 0],
    [['0.0.0.0/0', '::/0'], ['192.0.2.0/24'], 'forever'],
    [['0.0.0.0/0'], ['::/1'], 0],
    [['2001:db8::/33', '2001:db8:8000::/33'], ['2001:db8::/32'], 'forever'],
    [['2001:db8::/33', '2001:db8:8000::/34'], ['2001:db8::/32'], 0],
  ])('denied inside %j and outside %j: %s', (inside, outside, days) => {
    expect(networks(inside, outside).days).toBe(days);
  });
});

describe('long lists', () => {
  const names = Array.from({ length: 150 }, (_, index) => `Team${index}-${String.fromCharCode(65 + (index % 26))}`);
  const spared = names.map((name, index) => role(`${name}*`, index % 2 ? ACCOUNT : PARTNER));

  test('a hundred and fifty patterns for roles are decided', () => {
    const { counterExample, unknown } = retain({ ArnNotLike: { [ARN]: spared } });
    expect(unknown).toEqual([]);
    expect(spared.some((pattern) => counterExample?.principal.startsWith(pattern.slice(0, -1)))).toBe(true);
  });

  test('... also where two lists cover each other', () => {
    const others = { ArnNotLike: { [ARN]: spared } };
    expect(retain(others, { ArnLike: { [ARN]: spared } }).days).toBe('forever');
    expect(retain(others, { ArnLike: { [ARN]: spared.slice(1) } })).toMatchObject({ days: 0, unknown: [] });
  });

  test('words anywhere in a tag are decided', () => {
    const words = names.slice(0, 30).map((name) => `*${name}*`);
    expect(retain({ StringNotLike: { [HOLD]: words } }, { StringLike: { [HOLD]: words } }).days).toBe('forever');
    expect(retain({ StringNotLike: { [HOLD]: words } }, { StringLike: { [HOLD]: words.slice(1) } })).toMatchObject({
      days: 0,
      unknown: [],
    });
  });

  test('two hundred networks are decided', () => {
    const networks = Array.from({ length: 200 }, (_, index) => `10.${index}.0.0/16`);
    const gap = { NotIpAddress: { 'aws:SourceIp': networks } };
    expect(retain(gap, { IpAddress: { 'aws:SourceIp': networks } }).days).toBe('forever');
    expect(retain(gap, { IpAddress: { 'aws:SourceIp': networks.slice(1) } }).counterExample?.context).toEqual({
      'aws:SourceIp': expect.stringMatching(/^10\.0\./) as string,
    });
  });
});
