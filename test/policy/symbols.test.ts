import { evaluateSurely, parsePolicy } from '../../src/policy';
import { wildcardPattern } from '../../src/policy/pattern';
import { couldMeet, sameText, unitsOf } from '../../src/policy/symbols';

const ACCOUNT = '${Token[AWS.AccountId.4]}';
const OTHER = '${Token[AWS.Region.7]}';

describe('texts with tokens', () => {
  test.each<[a: string, b: string, expected: boolean | 'unknown']>([
    [ACCOUNT, ACCOUNT, true],
    [`arn:${ACCOUNT}:x`, `arn:${ACCOUNT}:x`, true],
    [ACCOUNT, OTHER, 'unknown'],
    [ACCOUNT, '111111111111', 'unknown'],
    [`arn:${ACCOUNT}:x`, 'arn:111111111111:x', 'unknown'],
    [`arn:${ACCOUNT}:x`, 'arn:111111111111:y', false],
    [`arn:${ACCOUNT}:x`, 'other:111111111111:x', false],
    ['\uE000AWS.AccountId\uE001', '\uE000AWS.AccountId\uE001', true],
    ['\uE000AWS.AccountId\uE001', '111111111111', 'unknown'],
    ['a', 'b', false],
  ])('%s is %s: %s', (a, b, expected) => {
    expect(sameText(a, b)).toBe(expected);
    expect(sameText(b, a)).toBe(expected);
  });

  test.each<[pattern: string, text: string, expected: boolean]>([
    ['a*c', 'abc', true],
    ['a*c', 'ab', false],
    [`a${ACCOUNT}c`, 'a12c', true],
    [`a${ACCOUNT}c`, 'a12d', false],
    ['a?c', `a${ACCOUNT}c`, true],
    ['*b', `a${ACCOUNT}`, true],
    ['*b', `${ACCOUNT}a`, false],
    // A name that a proof has made up, which no token can be.
    [ACCOUNT, '\uE002other', false],
    ['*', '\uE002other', true],
  ])('%s could meet %s: %s', (pattern, text, expected) => {
    expect(couldMeet(wildcardPattern(pattern), unitsOf(text))).toBe(expected);
  });
});

describe('a decision about tokens', () => {
  const vault = `arn:aws:glacier:us-east-1:${ACCOUNT}:vaults/ledger`;
  const decide = (statement: object, resource = vault, arn = 'arn:aws:iam::111111111111:role/App') => {
    const document = parsePolicy(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: vault, ...statement },
      }),
    );
    const request = {
      action: 'glacier:DeleteArchive',
      resource,
      principal: { kind: 'aws', arn, accountId: arn.split(':')[4] ?? arn } as const,
      resourceAccount: '111111111111',
      context: { 'a:b': 'x' },
    };
    const decision = evaluateSurely(request, { identity: 'administrator', resource: [document] });
    return decision === 'unknown' ? decision : decision.decision;
  };

  test.each<[what: string, statement: object, expected: string]>([
    ['the same vault', {}, 'explicitDeny'],
    ['every vault', { Resource: '*' }, 'explicitDeny'],
    ['perhaps the vault', { Resource: 'arn:aws:glacier:us-east-1:111111111111:vaults/ledger' }, 'unknown'],
    ['not the vault', { Resource: `arn:aws:glacier:us-east-1:${ACCOUNT}:vaults/other` }, 'allow'],
    ['perhaps their account', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, 'unknown'],
    ['perhaps their role', { Principal: { AWS: '${Token[Role.Arn]}' } }, 'unknown'],
    ['perhaps spared', { Principal: undefined, NotPrincipal: { AWS: ['${Token[Role.Arn]}', '111111111111'] } }, 'unknown'],
    ['another role', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Other` } }, 'allow'],
    ['a role by condition', { Condition: { ArnEquals: { 'aws:PrincipalArn': '${Token[Role.Arn]}' } } }, 'unknown'],
    ['a number', { Condition: { NumericLessThan: { 'a:b': '${Token[TOKEN.1]}' } } }, 'unknown'],
    ['text', { Condition: { StringLike: { 'a:b': 'y${Token[TOKEN.1]}' } } }, 'allow'],
  ])('%s: %j', (_what, statement, expected) => {
    expect(decide(statement)).toBe(expected);
  });

  test('a Deny that surely matches is not put in doubt by one that might', () => {
    expect(decide({ Resource: [vault, '${Token[Other]}'] })).toBe('explicitDeny');
  });
});
