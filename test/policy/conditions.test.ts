import { Decision, evaluate, parsePolicy, RequestContext } from '../../src/policy';

const ROLE = { kind: 'aws', arn: 'arn:aws:iam::111111111111:role/App', accountId: '111111111111' } as const;

/** Decides a request that an administrator makes under a policy with the condition. */
function decide(effect: 'Allow' | 'Deny', condition: object, context: RequestContext): Decision {
  const statement = { Effect: effect, Principal: '*', Action: '*', Resource: '*', Condition: condition };
  const resource = [parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))];
  const identity = effect === 'Deny' ? ('administrator' as const) : [];
  return evaluate(
    { action: 's:Do', resource: 'arn:aws:s:::r', principal: ROLE, resourceAccount: '111111111111', context },
    { identity, resource },
  );
}

const holds = (condition: object, context: RequestContext) => decide('Deny', condition, context).decision === 'explicitDeny';

type Row = [operator: string, policyValue: unknown, actual: string | readonly string[] | undefined, expected: boolean];

test.each<Row>([
  ['StringEquals', 'Legal', 'Legal', true],
  ['StringEquals', 'Legal', 'legal', false],
  ['StringEquals', 'Le*', 'Legal', false],
  ['StringEquals', ['a', 'b'], 'b', true],
  ['StringEquals', [], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true],
  ['StringNotEquals', [], 'c', true],
  ['StringEqualsIgnoreCase', 'Legal', 'lEGAL', true],
  ['StringNotEqualsIgnoreCase', 'Legal', 'lEGAL', false],
  ['StringLike', 'Le*l', 'Legal', true],
  ['StringLike', 'L?gal', 'Legal', true],
  ['StringLike', 'L?gal', 'Lgal', false],
  ['StringLike', 'le*', 'Legal', false],
  ['StringLike', '*a*a*', 'banana', true],
  ['StringLike', '', '', true],
  ['StringNotLike', 'Le*', 'Legal', false],
  ['stringlike', 'Le*', 'Legal', true],
  ['NumericEquals', 365, '365.0', true],
  ['NumericNotEquals', '365', '365', false],
  ['NumericLessThan', '365', '364', true],
  ['NumericLessThan', '365', '365', false],
  ['NumericLessThan', '9', '10', false],
  ['NumericLessThanEquals', '365', '365', true],
  ['NumericGreaterThan', '3', '3', false],
  ['NumericGreaterThanEquals', '3', '3', true],
  ['NumericLessThan', '365', 'young', false],
  ['DateLessThan', '2026-11-21T12:00:00Z', '2026-11-21T11:59:59Z', true],
  ['DateGreaterThan', '2018-12-31T00:00:00Z', '2018-12-31T00:00:01Z', true],
  ['DateGreaterThan', '2018-12-31', '2018-12-31T00:00:00Z', false],
  ['DateEquals', '1546214400', '2018-12-31T00:00:00Z', true],
  ['DateEquals', '2018-12-31T01:00:00+01:00', '1546214400', true],
  ['DateNotEquals', '2018', '2018-01-01T00:00:00Z', false],
  ['DateLessThanEquals', '2018', '2018-01-01', true],
  ['DateGreaterThanEquals', '2018', '2017-12-31', false],
  ['Bool', true, 'true', true],
  ['Bool', 'False', 'false', true],
  ['Bool', 'true', 'false', false],
  ['BinaryEquals', 'aGVsZA==', 'aGVsZA==', true],
  ['BinaryEquals', 'aGVsZA==', 'aGVsZB==', true],
  ['BinaryEquals', 'aGVsZA==', 'b3BlbQ==', false],
  ['IpAddress', '203.0.113.0/24', '203.0.113.9', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.9', false],
  ['IpAddress', '203.0.113.9', '203.0.113.9', true],
  ['IpAddress', '2001:db8::/32', '2001:db8:1::1', true],
  ['IpAddress', '2001:db8::/32', '203.0.113.9', false],
  ['IpAddress', '0.0.0.0/0', '127.0.0.1', true],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.9', false],
  ['NotIpAddress', '203.0.113.0/24', '127.0.0.1', true],
  ['ArnLike', 'arn:aws:iam::*:role/App*', 'arn:aws:iam::111111111111:role/Apple', true],
  ['ArnEquals', 'arn:aws:iam::*:role/App*', 'arn:aws:iam::111111111111:role/Apple', true],
  ['ArnLike', 'arn:aws:*:*:*:Ap', 'arn:aws:iam::111111111111:role/Ap', false],
  ['ArnLike', 'arn:aws:sns:*:*:a:b', 'arn:aws:sns:eu-west-1:1:a:b', true],
  // The user guide's own example: a star stays between its colons.
  ['ArnLike', 'arn:aws:s:*:111122223333:finance/*', 'arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/doc', false],
  ['ArnNotLike', 'arn:aws:s:*:111122223333:finance/*', 'arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/doc', true],
  ['StringLike', 'arn:aws:s:*:111122223333:finance/*', 'arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/doc', true],
  ['ArnLike', 'arn:aws:s:us-east-2:1*:finance/*', 'arn:aws:s:us-east-2:1:store:finance/doc', false],
  ['ArnLike', '*', 'arn:aws:iam::111111111111:role/App', true],
  ['ArnNotLike', 'arn:aws:iam::*:role/App', 'arn:aws:iam::111111111111:role/App', false],
  ['ArnNotEquals', 'arn:aws:iam::*:role/App', 'not an ARN', true],
  ['ArnLike', 'arn:*:*:*:*:*', 'arn:aws:iam', false],
  ['Null', 'true', undefined, true],
  ['Null', 'true', '', false],
  ['Null', false, 'x', true],
  ['Null', 'false', undefined, false],
  // A key that is absent: a positive operator is false, a negated one true, IfExists true.
  ['StringEquals', '', undefined, false],
  ['StringNotEquals', 'x', undefined, true],
  ['NumericLessThan', '365', undefined, false],
  ['NumericNotEquals', '365', undefined, true],
  ['ArnNotLike', '*', undefined, true],
  ['NotIpAddress', '0.0.0.0/0', undefined, true],
  ['Bool', 'false', undefined, false],
  ['NumericLessThanIfExists', '365', undefined, true],
  ['NumericLessThanIfExists', '365', '366', false],
  ['StringNotEqualsIfExists', 'x', 'x', false],
  // Keys of several values.
  ['ForAnyValue:StringEquals', ['a', 'b'], ['b', 'z'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['y', 'z'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringEquals', ['a'], [], false],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
  ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
  ['ForAllValues:StringLikeIfExists', ['a*'], undefined, true],
  // An empty text is a null data set to them; to an operator without a qualifier it is a value.
  ['ForAllValues:StringEquals', ['a'], '', true],
  ['ForAllValues:StringEquals', ['a'], ['', 'b'], false],
  ['ForAnyValue:StringLike', ['*'], [''], false],
  ['ForAnyValue:StringEquals', [''], '', false],
  ['StringEquals', [''], '', true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'z'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAllValues:StringNotLike', ['a*'], ['b', 'c'], true],
  ['forallvalues:stringlike', ['a*'], ['ab', 'ac'], true],
])('%s %j holds for %j: %s', (operator, policyValue, actual, expected) => {
  const context: RequestContext = actual === undefined ? {} : { 'test:Key': actual };
  expect(holds({ [operator]: { 'TEST:key': policyValue } }, context)).toBe(expected);
});

test('all operators and all keys of a statement have to hold', () => {
  const condition = { StringEquals: { 'a:x': '1', 'a:y': '2' }, Bool: { 'a:z': 'true' } };
  const context = { 'a:x': '1', 'a:y': '2', 'a:z': 'true' };
  expect(holds(condition, context)).toBe(true);
  for (const key of Object.keys(context)) expect(holds(condition, { ...context, [key]: 'other' })).toBe(false);
});

describe('what is not understood', () => {
  test.each([
    ['an unknown operator', { StringMatches: { 'a:x': '1' } }],
    ['a qualifier of an unknown operator', { 'ForAnyValue:Regex': { 'a:x': '1' } }],
    ['Null with IfExists', { NullIfExists: { 'a:x': 'true' } }],
    ['Null with a qualifier', { 'ForAnyValue:Null': { 'a:x': 'false' } }],
    ['a number that is none', { NumericLessThan: { 'a:x': 'many' } }],
    ['a date that is none', { DateLessThan: { 'a:x': 'tomorrow' } }],
    ['an address that is none', { NotIpAddress: { 'a:x': '300.1.1.1/24' } }],
    ['an ARN of too few parts', { ArnLike: { 'a:x': 'arn:aws:*:role/App' } }],
    ['a boolean that is none', { Bool: { 'a:x': 'yes' } }],
  ])('%s: a Deny matches, an Allow does not, and the decision says so', (_what, condition) => {
    const operator = Object.keys(condition)[0];
    expect(decide('Deny', condition, { 'a:x': '1' })).toMatchObject({ decision: 'explicitDeny', unsupported: [operator] });
    expect(decide('Allow', condition, { 'a:x': '1' })).toMatchObject({ decision: 'implicitDeny', unsupported: [operator] });
  });

  test.each(['ForAnyValue:StringLikeIfExists', 'ForAnyValue:StringNotEqualsIfExists'])('nor whether %s needs the key', (operator) => {
    expect(decide('Deny', { [operator]: { 'a:x': 'a' } }, {})).toMatchObject({ decision: 'explicitDeny', unsupported: [operator] });
    expect(decide('Allow', { [operator]: { 'a:x': 'a' } }, {})).toMatchObject({ decision: 'implicitDeny', unsupported: [operator] });
  });

  test('does not matter where another condition already fails', () => {
    const condition = { StringMatches: { 'a:x': '1' }, StringEquals: { 'a:y': '2' } };
    expect(decide('Deny', condition, { 'a:x': '1', 'a:y': '3' })).toMatchObject({ decision: 'allow', unsupported: [] });
  });
});

describe('policy variables', () => {
  const user = { kind: 'aws', arn: 'arn:aws:iam::111111111111:user/staff/jo*', accountId: '111111111111' } as const;
  const ask = (resource: string, pattern: string, version = '2012-10-17') => {
    const statement = { Effect: 'Allow', Action: '*', Resource: pattern };
    const identity = [parsePolicy(JSON.stringify({ Version: version, Statement: statement }))];
    const request = {
      action: 's:Do',
      resource,
      principal: user,
      resourceAccount: '111111111111',
      context: { 'a:Many': ['x', 'y'], 'a:One': ['x'] },
    };
    return evaluate(request, { identity, resource: [] }).decision === 'allow';
  };

  test.each<[pattern: string, resource: string, expected: boolean]>([
    ['home/${aws:username}/*', 'home/jo*/a', true],
    ['home/${aws:username}/*', 'home/joe/a', false],
    ['home/${AWS:UserName}', 'home/jo*', true],
    ['${aws:PrincipalArn}', 'arn:aws:iam::111111111111:user/staff/jo*', true],
    ['a${*}b${?}c${$}', 'a*b?c$', true],
    ['a${*}b', 'axb', false],
    ['${a:Missing}', '${a:Missing}', false],
    ["${a:Missing, 'none'}/x", 'none/x', true],
    ["${aws:username, 'none'}", 'none', false],
    ['${a:One}', 'x', true],
    ['${a:Many}', 'x', false],
  ])('%s matches %s: %s', (pattern, resource, expected) => {
    expect(ask(resource, pattern)).toBe(expected);
  });

  test('stand for themselves in a policy of the old version', () => {
    expect(ask('home/jo*', 'home/${aws:username}', '2008-10-17')).toBe(false);
    expect(ask('home/${aws:username}', 'home/${aws:username}', '2008-10-17')).toBe(true);
  });

  test('work in condition values, and an absent one matches nothing', () => {
    expect(holds({ StringLike: { 'a:x': '${aws:PrincipalAccount}-*' } }, { 'a:x': '111111111111-z' })).toBe(true);
    expect(holds({ StringLike: { 'a:x': '${a:Missing}*' } }, { 'a:x': 'z' })).toBe(false);
    expect(holds({ StringNotLike: { 'a:x': '${a:Missing}*' } }, { 'a:x': 'z' })).toBe(true);
  });
});
