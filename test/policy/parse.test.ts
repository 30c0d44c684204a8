import { parsePolicy, PolicySyntaxError } from '../../src/policy';

const STATEMENT = { Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: '*' };
const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const without = (name: keyof typeof STATEMENT) => policyOf({ ...STATEMENT, [name]: undefined });

describe('parsePolicy', () => {
  test('brings every way to write a policy into one shape', () => {
    const text = `{"Version":"2012-10-17","Id":"i","Statement":{"Sid":"s","Effect":"Allow",
      "NotPrincipal":{"AWS":["999999999999","arn:aws:iam::888888888888:root","arn:aws:iam::777777777777:role/app","*"],
                      "Service":"glacier.amazonaws.com","Federated":"cognito","CanonicalUser":"79a5"},
      "NotAction":"glacier:*","NotResource":["a","b"],
      "Condition":{"NumericLessThan":{"glacier:ArchiveAgeInDays":365},"Bool":{"aws:SecureTransport":[true,"false"]}}}}`;
    expect(parsePolicy(text)).toEqual({
      version: '2012-10-17',
      id: 'i',
      statements: [
        {
          sid: 's',
          effect: 'Allow',
          notPrincipal: [
            { kind: 'account', accountId: '999999999999' },
            { kind: 'account', accountId: '888888888888' },
            { kind: 'aws', arn: 'arn:aws:iam::777777777777:role/app' },
            { kind: 'everyone' },
            { kind: 'service', name: 'glacier.amazonaws.com' },
            { kind: 'federated', provider: 'cognito' },
            { kind: 'canonicalUser', id: '79a5' },
          ],
          notAction: ['glacier:*'],
          notResource: ['a', 'b'],
          conditions: [
            { operator: 'NumericLessThan', key: 'glacier:ArchiveAgeInDays', values: ['365'] },
            { operator: 'Bool', key: 'aws:SecureTransport', values: ['true', 'false'] },
          ],
        },
      ],
    });
  });

  test.each<[what: string, text: string, message: string | RegExp]>([
    ['the wrapped policy of the wire format', '{"Policy":"{}"}', /the key "Policy"/],
    ['no JSON', '{"Version":', /is not JSON/],
    ['JSON text inside a JSON string', '"{}"', /must be a JSON object/],
    ['an unknown version', '{"Version":"2021-01-01","Statement":[]}', /`Version`/],
    ['no statement', '{"Version":"2012-10-17"}', /no `Statement`/],
    ['an empty list of statements', '{"Version":"2012-10-17","Statement":[]}', /no `Statement`/],
    ['a statement that is text', '{"Statement":"Deny"}', /Statement\[0\] must be a JSON object/],
    ['no effect', without('Effect'), /`Effect` of Statement\[0\]/],
    ['an effect in lower case', policyOf({ ...STATEMENT, Effect: 'deny' }), /`Effect`/],
    ['no action', without('Action'), /no `Action`/],
    ['an empty list of actions', policyOf({ ...STATEMENT, Action: [] }), /`Action` of Statement\[0\] is empty/],
    ['an action without its service', policyOf({ ...STATEMENT, Action: 'DeleteArchive' }), /"service:Name"/],
    ['no resource', without('Resource'), /no `Resource`/],
    ['action and not action', policyOf({ ...STATEMENT, NotAction: 'a:B' }), /both `Action` and `NotAction`/],
    ['a misspelt element', policyOf({ ...STATEMENT, Conditions: {} }), /the key "Conditions"/],
    ['a principal that is text', policyOf({ ...STATEMENT, Principal: '999999999999' }), /must be "\*" or an object/],
    ['an empty principal', policyOf({ ...STATEMENT, Principal: {} }), /must be "\*" or an object/],
    ['an unknown kind of principal', policyOf({ ...STATEMENT, Principal: { Aws: '*' } }), /the key "Aws"/],
    ['a wildcard inside a principal', policyOf({ ...STATEMENT, Principal: { AWS: 'arn:aws:iam::1:role/*' } }), /aws:PrincipalArn/],
    ['a condition without an operator', policyOf({ ...STATEMENT, Condition: { 'aws:X': 'y' } }), /object of condition keys/],
    ['a null condition value', policyOf({ ...STATEMENT, Condition: { Bool: { 'aws:X': null } } }), /must be a string, a number/],
    ['the same condition key twice', policyOf({ ...STATEMENT, Condition: { Bool: { 'a:X': 1, 'A:x': 2 } } }), /"A:x" twice/],
    [
      'a number beyond what JavaScript can hold',
      '{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"NumericEquals":{"a:b":9007199254740993}}}}',
      /2\^53/,
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parsePolicy(text)).toThrow(PolicySyntaxError);
    expect(() => parsePolicy(text)).toThrow(message);
  });

  test('refuses a key that is there twice: parsers disagree which one counts', () => {
    const text = '{"Statement":[{"Effect":"Deny","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
    expect(() => parsePolicy(text)).toThrow('the policy has the key "Effect" twice in one object');
  });

  test('tells keys from text that looks like JSON', () => {
    const text = '{"Id":"{\\"Id\\":\\"Id\\",","Statement":[{"Effect":"Deny","Principal":"*","Action":["a:B","a:B"],"Resource":"*"}]}';
    expect(parsePolicy(text).id).toBe('{"Id":"Id",');
  });

  test('names the statement by its Sid', () => {
    expect(() => parsePolicy(policyOf({ ...STATEMENT, Sid: 'hold', Effect: 'No' }))).toThrow('`Effect` of Statement[0] ("hold")');
  });

  test('asks for a principal where the policy is attached to a resource', () => {
    expect(parsePolicy(without('Principal')).statements).toHaveLength(1);
    expect(() => parsePolicy(without('Principal'), { requirePrincipal: true })).toThrow('Statement[0] has no `Principal`');
  });

  test('does without a resource in a trust policy', () => {
    expect(parsePolicy(without('Resource'), { requireResource: false }).statements[0]?.resource).toBeUndefined();
  });
});
