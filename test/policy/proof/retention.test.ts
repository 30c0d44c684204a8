import { deniesDeletionBefore, explore, parsePolicy, retentionOf } from '../../../src/policy';
import { ACCOUNT, EVERYONE_ACCESS, INITIATE_SAMPLE, LEGAL_HOLD, RETAIN_ONE_YEAR, VAULT } from '../published-policies';

const AGE = 'glacier:ArchiveAgeInDays';
const HOLD = 'glacier:ResourceTag/LegalHold';
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
const DELETE = 'glacier:DeleteArchive';

const document = (statements: readonly object[], version = '2012-10-17') =>
  parsePolicy(
    JSON.stringify({
      Version: version,
      Statement: statements.map((statement) => ({ Effect: 'Deny', Principal: '*', Action: DELETE, Resource: VAULT, ...statement })),
    }),
  );
const retain = (statements: readonly object[], vaultArn = VAULT) => retentionOf([document(statements)], vaultArn);
const days = (...statements: readonly object[]) => retain(statements).days;
const under = (limit: string | number, operator = 'NumericLessThan') => ({ [operator]: { [AGE]: limit } });

describe('how long a policy keeps archives', () => {
  test.each<[what: string, condition: object, expected: number | 'forever']>([
    ['younger than 365 days', under('365'), 365],
    ['a JSON number', under(365), 365],
    ['the key in another case', { NumericLessThan: { 'glacier:ArchiveAgeinDays': '365' } }, 365],
    ['"less than or equal" keeps a day longer', under('365', 'NumericLessThanEquals'), 366],
    ['half a day counts for the day that it begins', under('364.5'), 365],
    ['a year in another way to write numbers', under('3.65e2'), 365],
    ['several limits: any of them', under(['10', '365'] as never), 365],
    ['the wrong way round', under('365', 'NumericGreaterThan'), 0],
    ['a hole at one age', under(['0', '1', '2'] as never, 'NumericEquals'), 1],
    ['everything but one age', under('30', 'NumericNotEquals'), 30],
    ['never', under('-1'), 0],
    ['more days than there will be', under('1e300'), 1e300],
    ['without a condition', {}, 'forever'],
    ['IfExists: every request has an age', under('365', 'NumericLessThanIfExists'), 365],
    ['ForAllValues', under('365', 'ForAllValues:NumericLessThan'), 365],
    ['ForAnyValue', under('365', 'ForAnyValue:NumericLessThan'), 365],
    ['Null: the age is there', { Null: { [AGE]: 'false' } }, 'forever'],
    ['Null: the age is never missing', { Null: { [AGE]: 'true' } }, 0],
  ])('%s', (_what, condition, expected) => {
    const { days: found, proven, unknown } = retain([{ Condition: condition }]);
    expect({ found, proven, unknown }).toEqual({ found: expected, proven: expected !== 0, unknown: [] });
  });

  test.each<[what: string, statements: object[], expected: number | 'forever']>([
    [
      'two statements add up',
      [{ Condition: under('100') }, { Condition: { ...under('365'), NumericGreaterThanEquals: { [AGE]: '100' } } }],
      365,
    ],
    [
      '... unless a moment is left out',
      [{ Condition: under('100') }, { Condition: { ...under('365'), NumericGreaterThan: { [AGE]: '100' } } }],
      100,
    ],
    ['NotAction', [{ Action: undefined, NotAction: 'glacier:Get*', Condition: under('9') }], 9],
    ['NotAction that leaves out the deletion', [{ Action: undefined, NotAction: ['glacier:Delete*'], Condition: under('9') }], 0],
    ['NotResource of another vault', [{ Resource: undefined, NotResource: `${VAULT}2`, Condition: under('9') }], 9],
    ['NotResource of this vault', [{ Resource: undefined, NotResource: VAULT, Condition: under('9') }], 0],
    ['another vault', [{ Resource: VAULT.replace('example', 'other'), Condition: under('9') }], 0],
    ['the archives below the vault', [{ Resource: `${VAULT}/*`, Condition: under('9') }], 0],
    ['a wildcard over regions', [{ Resource: 'arn:aws:glacier:*:*:vaults/examplevault', Condition: under('9') }], 9],
    ['only the owner', [{ Principal: { AWS: ACCOUNT }, Condition: under('9') }], 0],
    [
      'NotPrincipal in a Deny spares whom it lists',
      [{ Principal: undefined, NotPrincipal: { AWS: [ADMIN, ACCOUNT] }, Condition: under('9') }],
      0,
    ],
    ['NotPrincipal of everyone', [{ Principal: undefined, NotPrincipal: '*', Condition: under('9') }], 0],
    [
      'NotPrincipal of a role that has no account beside it: perhaps it is spared',
      [{ Principal: undefined, NotPrincipal: { AWS: ADMIN }, Condition: under('9') }],
      0,
    ],
    ['all but a role', [{ Condition: { ...under('9'), ArnNotLike: { 'aws:PrincipalArn': ADMIN } } }], 0],
    [
      'by address, both halves',
      [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, { Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
      'forever',
    ],
    [
      'by address, one inside the other',
      [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, { Condition: { NotIpAddress: { 'aws:SourceIp': '10.1.0.0/16' } } }],
      'forever',
    ],
    [
      'by address, but for those behind a smaller network',
      [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/16' } } }, { Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
      0,
    ],
    [
      'by address, with a gap',
      [{ Condition: { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } } }, { Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
      0,
    ],
    [
      'by transport, but for requests that do not say',
      [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      0,
    ],
    ['until a date', [{ Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } }], 0],
    [
      'a negated operator covers the absent key',
      [{ Condition: { StringNotEquals: { [HOLD]: 'no' } } }, { Condition: { StringEquals: { [HOLD]: 'no' } } }],
      'forever',
    ],
    [
      'a positive one does not',
      [{ Condition: { StringEquals: { [HOLD]: 'no' } } }, { Condition: { ...under('5'), StringNotLike: { [HOLD]: 'y*' } } }],
      0,
    ],
    [
      'patterns that cover each other',
      [{ Condition: { StringLike: { [HOLD]: '*a*' } } }, { Condition: { StringNotLike: { [HOLD]: ['?a', 'a', '*aa', 'a*'] } } }],
      'forever',
    ],
    [
      'patterns that nearly do',
      [{ Condition: { StringLike: { [HOLD]: '?*a*' } } }, { Condition: { StringNotLike: { [HOLD]: ['?a', 'a', '*aa', 'a*'] } } }],
      0,
    ],
    [
      'case does not count',
      [
        { Condition: { StringEqualsIgnoreCase: { [HOLD]: 'on' } } },
        { Condition: { StringNotEquals: { [HOLD]: ['on', 'On', 'oN', 'ON'] } } },
      ],
      'forever',
    ],
    [
      'one spelling left out',
      [{ Condition: { StringEquals: { [HOLD]: 'on' } } }, { Condition: { StringNotEqualsIgnoreCase: { [HOLD]: 'on' } } }],
      0,
    ],
    [
      'a list of values that is never empty of others',
      [
        { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } },
        { Condition: { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } } },
      ],
      'forever',
    ],
    [
      'a list of which any will do',
      [
        { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } },
        { Condition: { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'a' } } },
      ],
      0,
    ],
  ])('%s', (_what, statements, expected) => {
    expect(days(...statements)).toBe(expected);
  });

  test('policies are judged together', () => {
    const older = document([{ Condition: { NumericGreaterThanEquals: { [AGE]: '365' } } }]);
    expect(retentionOf([parsePolicy(RETAIN_ONE_YEAR), older], VAULT).days).toBe('forever');
    expect(retentionOf([parsePolicy(EVERYONE_ACCESS), parsePolicy(RETAIN_ONE_YEAR)], VAULT).days).toBe(365);
  });

  test('variables are text in a policy of the old version', () => {
    const statement = { Condition: { StringNotEquals: { 'aws:PrincipalAccount': '${aws:PrincipalAccount}' } } };
    expect(retentionOf([document([statement], '2008-10-17')], VAULT).days).toBe('forever');
    expect(retentionOf([document([statement])], VAULT)).toMatchObject({ days: 0, proven: false });
  });
});

describe('the counter-example', () => {
  test('of the guide’s second lock policy: a vault without the tag, a new archive', () => {
    expect(retentionOf([parsePolicy(LEGAL_HOLD)], VAULT).counterExample).toEqual({
      principal: 'arn:aws:iam::999999999999:role/anyone',
      action: DELETE,
      archiveAgeInDays: 0,
      tags: { LegalHold: null },
      context: {},
      policy: 0,
      statement: 1,
      explanation:
        'arn:aws:iam::999999999999:role/anyone can call glacier:DeleteArchive on an archive of 0 days, without the tag LegalHold: ' +
        'Statement[1] ("you-can-delete-archive-less-than-1-year-old") allows it and no statement denies it.',
    });
  });

  test('of the API reference’s sample: another account', () => {
    const vault = 'arn:aws:glacier:us-west-2:999999999999:vaults/examplevault';
    expect(retentionOf([parsePolicy(INITIATE_SAMPLE)], vault).counterExample).toMatchObject({
      principal: 'arn:aws:iam::888888888888:role/anyone',
      statement: 0,
      explanation: expect.stringContaining('because its `Principal` does not mean them') as string,
    });
  });

  test('of a guarantee that is longer than the policy', () => {
    const verdict = deniesDeletionBefore([parsePolicy(RETAIN_ONE_YEAR)], VAULT, 2555);
    expect(verdict).toMatchObject({ verdict: 'fails', counterExample: { archiveAgeInDays: 365, statement: 0 } });
    expect(deniesDeletionBefore([parsePolicy(RETAIN_ONE_YEAR)], VAULT, 365)).toEqual({ verdict: 'holds' });
  });

  test('fractions of a day count for a guarantee', () => {
    const policy = document([{ Condition: under('364', 'NumericLessThanEquals') }]);
    expect(deniesDeletionBefore([policy], VAULT, 365)).toMatchObject({ verdict: 'fails', counterExample: { archiveAgeInDays: 364.5 } });
  });
});

describe('what cannot be decided is no proof', () => {
  test.each<[what: string, statement: object, reason: string]>([
    ['an unknown operator', { Condition: { NumericBelow: { [AGE]: '365' } } }, 'the operator `NumericBelow` is not known'],
    ['a number that is none', { Condition: under('a year') }, 'compares with "a year", which it cannot read'],
    ['a token for a number', { Condition: under('${Token[TOKEN.7]}') }, 'only known after the deployment'],
    ['a variable', { Condition: { StringNotEquals: { [HOLD]: '${aws:PrincipalTag/x}' } } }, 'has a policy variable'],
    ['a token for the vault', { Resource: '${Token[Other.Arn.1]}' }, 'its resource is only known after the deployment'],
    ['no principal', { Principal: undefined }, 'has no `Principal`'],
    ['NullIfExists', { Condition: { NullIfExists: { [AGE]: 'false' } } }, '`Null` has no IfExists'],
    [
      'two ways to compare a key',
      { Condition: { NumericLessThan: { [HOLD]: '5' }, StringLike: { [HOLD]: '*' } } },
      'is compared in several ways',
    ],
  ])('%s', (_what, statement, reason) => {
    const { days: found, proven, unknown } = retain([statement]);
    expect({ found, proven, unknown }).toEqual({
      found: 0,
      proven: false,
      unknown: [{ policy: 0, statement: 0, reason: expect.stringContaining(reason) as string }],
    });
  });

  test('but other statements still count', () => {
    const { days: found, proven, unknown } = retain([{ Condition: under('365') }, { Condition: { NumericBelow: { [AGE]: '900' } } }]);
    expect({ found, proven }).toEqual({ found: 365, proven: true });
    expect(unknown).toMatchObject([{ statement: 1 }]);
  });

  test('an undecidable Deny is no counter-example either', () => {
    expect(retain([{ Condition: { NumericBelow: { [AGE]: '365' } } }]).counterExample).toBeUndefined();
  });

  test('patterns without end', () => {
    const patterns = Array.from({ length: 40 }, (_, index) => `*${String.fromCharCode(97 + (index % 26))}*${index}*x?y*`);
    const { days: found, unknown } = retain([
      { Condition: { StringNotLike: { [HOLD]: patterns } } },
      { Condition: { StringLike: { [HOLD]: patterns } } },
    ]);
    expect(found).toBe(0);
    expect(unknown[0]?.reason).toContain('too many patterns');
  });
});

describe('CDK tokens', () => {
  const account = '${Token[AWS.AccountId.4]}';
  const vault = `arn:aws:glacier:us-east-1:${account}:vaults/ledger`;
  const admin = '${Token[Admin.Arn.9]}';
  const ask = (statement: object, except: readonly string[]) =>
    explore({
      policies: [document([{ Resource: vault, Action: 'glacier:AddTagsToVault', ...statement }])],
      vaultArn: vault,
      action: 'glacier:AddTagsToVault',
      expect: 'denied',
      region: { principals: { except } },
    }).verdict;

  test('the same token is the same vault', () => {
    expect(retain([{ Resource: vault, Condition: under('365') }], vault)).toMatchObject({ days: 365, proven: true });
  });

  test('another name is another vault, whatever the token', () => {
    expect(retain([{ Resource: vault, Condition: under('365') }], VAULT)).toMatchObject({ days: 0, counterExample: {}, unknown: [] });
  });

  test('everyone but the administrators, who are only known by their tokens', () => {
    const spared = { Condition: { ArnNotLike: { 'aws:PrincipalArn': [admin, `arn:aws:iam::${account}:role/Legal`] } } };
    expect(ask(spared, [admin, `arn:aws:iam::${account}:role/Legal`])).toBe('holds');
    expect(ask(spared, [admin])).toBe('fails');
  });

  test('two tokens may turn out to be the same role', () => {
    const uploader = { kind: 'aws', arn: '${Token[Uploader.Arn.3]}', accountId: '${Token[Uploader.Arn.3]}' } as const;
    const policies = [document([{ Resource: vault, Condition: { ArnLike: { 'aws:PrincipalArn': admin } } }])];
    expect(
      explore({ policies, vaultArn: vault, action: DELETE, expect: 'notDenied', region: { principals: { only: [uploader] } } }).verdict,
    ).toBe('unknown');
  });
});

describe('other questions', () => {
  const hold = document([
    { Condition: { StringEquals: { [HOLD]: 'true' } } },
    { Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'], Condition: { ArnNotLike: { 'aws:PrincipalArn': ADMIN } } },
  ]);
  const role = { kind: 'aws', arn: ADMIN, accountId: ACCOUNT } as const;

  test('a hold stops everyone while the tag is set, at every age', () => {
    expect(
      explore({ policies: [hold], vaultArn: VAULT, action: DELETE, expect: 'denied', region: { tags: { legalhold: 'true' } } }).verdict,
    ).toBe('holds');
    expect(
      explore({ policies: [hold], vaultArn: VAULT, action: DELETE, expect: 'denied', region: { tags: { LegalHold: 'True' } } }),
    ).toMatchObject({
      verdict: 'fails',
      counterExample: { tags: { LegalHold: 'True' } },
    });
  });

  test('a role can still do what it needs', () => {
    const ask = (action: string) =>
      explore({ policies: [hold], vaultArn: VAULT, action, expect: 'notDenied', region: { principals: { only: [role] } } });
    expect(ask('glacier:AddTagsToVault').verdict).toBe('holds');
    expect(ask('glacier:UploadArchive').verdict).toBe('holds');
    expect(ask(DELETE)).toMatchObject({ verdict: 'fails', counterExample: { tags: { LegalHold: 'true' }, statement: 0 } });
  });

  test('nobody knows whether a session is spared, where `NotPrincipal` lists its role only', () => {
    const spared = {
      Principal: undefined,
      NotPrincipal: { AWS: [ADMIN, ACCOUNT] },
      Condition: { ArnEquals: { 'aws:PrincipalArn': ADMIN } },
    };
    expect(explore({ policies: [document([spared])], vaultArn: VAULT, action: DELETE, expect: 'notDenied' })).toMatchObject({
      verdict: 'unknown',
      reasons: [{ statement: 0, reason: expect.stringContaining('a role without its sessions') }],
    });
  });

  test('nobody from outside is let in', () => {
    const ask = (text: string) =>
      explore({ policies: [parsePolicy(text)], vaultArn: VAULT, action: 'glacier:InitiateJob', expect: 'notAllowed' });
    expect(ask(RETAIN_ONE_YEAR).verdict).toBe('holds');
    expect(ask(EVERYONE_ACCESS)).toMatchObject({ verdict: 'fails', counterExample: { statement: 0 } });
  });

  test('a job for the inventory is about no archive, and so has no age', () => {
    const policies = [document([{ Action: 'glacier:InitiateJob', Condition: { NumericGreaterThanEquals: { [AGE]: '0' } } }])];
    const ask = (region: object) => explore({ policies, vaultArn: VAULT, action: 'glacier:InitiateJob', expect: 'denied', region });
    expect(ask({ age: { from: 0 } }).verdict).toBe('holds');
    expect(ask({})).toMatchObject({ verdict: 'fails', counterExample: { archiveAgeInDays: null } });
  });

  test('an age condition never holds for an action whose requests have no age', () => {
    const policies = [document([{ Action: 'glacier:*', Condition: under('365') }])];
    expect(explore({ policies, vaultArn: VAULT, action: 'glacier:UploadArchive', expect: 'notDenied' }).verdict).toBe('holds');
  });
});
