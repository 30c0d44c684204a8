import type { Json } from '../../../local/cloudformation/resource-type';
import { conditionLookup } from '../../../local/cloudformation/template/conditions';
import { resolve } from '../../../local/cloudformation/template/intrinsics';
import { parameterValues, referenced } from '../../../local/cloudformation/template/parameters';
import { parseTemplate } from '../../../local/cloudformation/template/parse';
import { prepare } from '../../../local/cloudformation/template/prepare';
import type { Environment } from '../../../local/cloudformation/template/prepare';
import type { Values } from '../../../local/cloudformation/template/values';

const ENVIRONMENT: Environment = {
  accountId: '123456789012',
  region: 'eu-central-1',
  partition: 'aws',
  stackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/app/1',
  stackName: 'app',
  notificationArns: [],
};

/** A value in a stack with the resource `Vault` and what a test adds to the template. */
function resolved(value: Json, template: object = {}): Json | undefined {
  const parsed = parseTemplate(JSON.stringify({ ...template, Resources: { Vault: { Type: 'Custom::Vault' } } }));
  const settled = prepare(
    parsed,
    parameterValues(parsed, [], [], (name) => `value of ${name}`),
    ENVIRONMENT,
  );
  const values: Values = {
    mappings: parsed.Mappings ?? {},
    condition: settled.condition,
    ref: (name) => (settled.parameter(name).found ? settled.parameter(name).value : `id-of-${name}`),
    getAtt: (logicalId, attribute) => (attribute === 'List' ? ['x', 'y'] : `${logicalId}!${attribute}`),
    importValue: (name) => `imported ${name}`,
    ssm: (name) => `stored ${name}`,
    availabilityZones: (region) => [`${region}a`, `${region}b`],
  };
  return resolve(value, values);
}

function prepared(template: object, given: Record<string, string> = {}) {
  const parsed = parseTemplate(JSON.stringify(template));
  const parameters = parameterValues(
    parsed,
    Object.entries(given).map(([key, value]) => ({ key, value })),
    [],
    () => undefined,
  );
  return prepare(parsed, parameters, ENVIRONMENT);
}

describe('intrinsic functions, in the shapes that CDK emits', () => {
  const cases: [string, Json, Json | undefined][] = [
    ['Ref', { Ref: 'Vault' }, 'id-of-Vault'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Partition' }, 'aws'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Vault', 'Outputs.Arn'] }, 'Vault!Outputs.Arn'],
    ['GetAtt as a string', { 'Fn::GetAtt': 'Vault.Outputs.Arn' }, 'Vault!Outputs.Arn'],
    [
      'the ARN of a vault',
      {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':glacier:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            ':vaults/',
            { Ref: 'Vault' },
          ],
        ],
      },
      'arn:aws:glacier:eu-central-1:123456789012:vaults/id-of-Vault',
    ],
    ['Sub', { 'Fn::Sub': '${Vault}-${Vault.Arn}-${AWS::Region}' }, 'id-of-Vault-Vault!Arn-eu-central-1'],
    ['Sub with variables', { 'Fn::Sub': ['${Name}/${Vault}', { Name: { Ref: 'AWS::StackName' } }] }, 'app/id-of-Vault'],
    ['Sub of a literal', { 'Fn::Sub': '${!aws:username} costs $5' }, '${aws:username} costs $5'],
    ['Select', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['Select with a text index', { 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'eu-central-1a'],
    ['Join over a list attribute', { 'Fn::Join': [',', { 'Fn::GetAtt': ['Vault', 'List'] }] }, 'x,y'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, '8'] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['Cidr of IPv6', { 'Fn::Cidr': ['2001:db8::/56', 2, 64] }, ['2001:db8::/64', '2001:db8:0:1::/64']],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}:Out' } }, 'imported app:Out'],
    ['ToJsonString', { 'Fn::ToJsonString': { a: [{ Ref: 'Vault' }] } }, '{"a":["id-of-Vault"]}'],
    ['Length', { 'Fn::Length': { 'Fn::Split': [',', 'a,b,c'] } }, 3],
    ['NoValue in an object and a list', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }, 2] }, { b: [1, 2] }],
    ['a dynamic reference', 'v={{resolve:ssm:/my/name:3}}', 'v=stored /my/name'],
    [
      'an IAM condition, which is no function',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    ['a property of the name of an object method', { constructor: 'x' }, { constructor: 'x' }],
  ];
  test.each(cases)('%s', (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('FindInMap, with and without a default', () => {
    const Mappings = { Regions: { 'eu-central-1': { bucket: 'b1' } } };
    expect(resolved({ 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'bucket'] }, { Mappings })).toBe('b1');
    expect(resolved({ 'Fn::FindInMap': ['Regions', 'x', 'bucket', { DefaultValue: 'other' }] }, { Mappings })).toBe('other');
    expect(() => resolved({ 'Fn::FindInMap': ['Regions', 'x', 'bucket'] }, { Mappings })).toThrow(
      'Template error: Unable to get mapping for Regions::x::bucket',
    );
  });

  test('If takes one branch and leaves the other alone', () => {
    const Conditions = { IsEu: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] } };
    expect(resolved({ 'Fn::If': ['IsEu', 'yes', { 'Fn::ImportValue': 'never' }] }, { Conditions })).toBe('yes');
  });

  test.each([
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select cannot select nonexistent value at index 3'],
    [{ 'Fn::Nope': 1 }, 'Encountered unsupported function: Fn::Nope'],
    [{ 'Fn::Transform': { Name: 'x' } }, 'Fn::Transform is not supported'],
    [{ 'Fn::Join': ['', 'text'] }, 'every Fn::Join object requires a list'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 2, 8] }, 'Fn::Cidr cannot make 2 blocks of 8 bits inside 10.0.0.0/24'],
    ['{{resolve:secretsmanager:x}}', 'secretsmanager is not supported'],
  ] as [Json, string][])('%j is refused', (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});

describe('YAML', () => {
  test('short tags mean the same as the long forms', () => {
    const template = parseTemplate(`
AWSTemplateFormatVersion: "2010-09-09"
Conditions:
  C: !And [!Equals [!Ref P, x], !Not [!Condition D]]
  D: !Equals [a, b]
Parameters: { P: { Type: String, Default: x } }
Resources:
  R:
    Type: Test::Thing
    Condition: C
    Properties:
      A: !GetAtt Other.Outputs.Arn
      B: !Sub
        - "\${X}-\${P}"
        - X: !Ref P
      C: !If [C, !Base64 a, !Ref AWS::NoValue]
      Policy: { Version: 2012-10-17 }
  Other: { Type: Test::Thing }
`);
    expect(template.Resources.R!.Properties).toEqual({
      A: { 'Fn::GetAtt': ['Other', 'Outputs.Arn'] },
      B: { 'Fn::Sub': ['${X}-${P}', { X: { Ref: 'P' } }] },
      C: { 'Fn::If': ['C', { 'Fn::Base64': 'a' }, { Ref: 'AWS::NoValue' }] },
      Policy: { Version: '2012-10-17' },
    });
    expect(template.Conditions!.C).toEqual({ 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'P' }, 'x'] }, { 'Fn::Not': [{ Condition: 'D' }] }] });
  });

  test('that is malformed is refused with its place', () => {
    expect(() => parseTemplate('Resources:\n  A: [')).toThrow(/^Template format error: YAML not well-formed\. \(line \d+, column \d+\)$/);
  });
});

describe('parameters', () => {
  const declare = (declaration: object) =>
    parseTemplate(JSON.stringify({ Parameters: { P: { Type: 'String', ...declaration } }, Resources: { A: { Type: 'T' } } }));
  const value = (declaration: object, given?: string) =>
    referenced(
      parameterValues(declare(declaration), given === undefined ? [] : [{ key: 'P', value: given }], [], (name) =>
        name === '/there' ? 'a,b' : undefined,
      )[0]!,
    );

  test.each([
    [{ Default: 'd' }, undefined, 'd'],
    [{ Type: 'Number', Default: 7 }, undefined, '7'],
    [{ Type: 'CommaDelimitedList' }, 'a, b', ['a', 'b']],
    [{ Type: 'List<Number>' }, '1,2', ['1', '2']],
    [{ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/there' }, undefined, 'a,b'],
    [{ Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/there' }, undefined, ['a', 'b']],
  ] as [object, string | undefined, Json][])('%j with %j gives %j', (declaration, given, expected) => {
    expect(value(declaration, given)).toEqual(expected);
  });

  test.each([
    [{}, undefined, 'Parameters: [P] must have values'],
    [{ AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues"],
    [{ AllowedPattern: '[a-z]+' }, 'A1', "Parameter 'P' must match pattern [a-z]+"],
    [{ AllowedPattern: '[a-z]+', ConstraintDescription: 'lower case' }, 'A1', 'Parameter P failed to satisfy constraint: lower case'],
    [{ Type: 'Number' }, 'x', "Parameter 'P' must be a number"],
    [{ Type: 'Number', MaxValue: 3 }, '4', "Parameter 'P' must be a number not greater than 3"],
    [{ MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
    [{ Type: 'AWS::SSM::Parameter::Value<String>' }, '/gone', 'Unable to fetch parameters [/gone] from parameter store for this account.'],
  ] as [object, string | undefined, string][])('%j with %j is refused', (declaration, given, message) => {
    expect(() => value(declaration, given)).toThrow(message);
  });

  test('the previous value is the raw one: an SSM parameter is looked up again', () => {
    const template = declare({ Type: 'AWS::SSM::Parameter::Value<String>' });
    const previous = [{ key: 'P', type: 'AWS::SSM::Parameter::Value<String>', value: '/there', resolved: 'old' }];
    expect(parameterValues(template, [{ key: 'P', usePrevious: true }], previous, () => 'new')).toEqual([
      { key: 'P', type: 'AWS::SSM::Parameter::Value<String>', value: '/there', resolved: 'new' },
    ]);
    expect(() => parameterValues(template, [{ key: 'P', usePrevious: true }], [], () => 'new')).toThrow(
      'Cannot specify usePreviousValue as true',
    );
    expect(() => parameterValues(template, [{ key: 'Q', value: '1' }], [], () => 'new')).toThrow(
      'Parameters: [Q] do not exist in the template',
    );
  });
});

describe('conditions', () => {
  test('decide which resources exist, and what those refer to', () => {
    const { resources } = prepared(
      {
        Parameters: { Stage: { Type: 'String' } },
        Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, NotProd: { 'Fn::Not': [{ Condition: 'Prod' }] } },
        Resources: {
          Alarm: { Type: 'T', Condition: 'Prod' },
          Lock: {
            Type: 'T',
            DependsOn: 'Alarm',
            Properties: { Arn: { 'Fn::If': ['NotProd', 'none', { Ref: 'Alarm' }] }, Id: { 'Fn::If': ['Prod', { Ref: 'Alarm' }, 'none'] } },
          },
        },
      },
      { Stage: 'dev' },
    );
    expect([...resources.keys()]).toEqual(['Lock']);
    expect(resources.get('Lock')!.dependencies).toEqual([]);
  });

  test('that depend on themselves are refused', () => {
    const template = parseTemplate(
      JSON.stringify({ Conditions: { A: { 'Fn::Not': [{ Condition: 'A' }] } }, Resources: { R: { Type: 'T' } } }),
    );
    const lookup: (name: string) => boolean = conditionLookup(template, () => ({ condition: lookup }) as unknown as Values);
    expect(() => lookup('A')).toThrow('Circular dependency between conditions: [A]');
  });
});

describe("CDK's rule CheckBootstrapVersion", () => {
  const template = {
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [
          {
            Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] },
            AssertDescription: "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap' with a recent version of the CDK CLI.",
          },
        ],
      },
    },
    Resources: { A: { Type: 'T' } },
  };
  const deployedWith = (version: string) => {
    const parsed = parseTemplate(JSON.stringify(template));
    return () =>
      prepare(
        parsed,
        parameterValues(parsed, [], [], () => version),
        ENVIRONMENT,
      );
  };

  test('lets version 33 pass and refuses version 5', () => {
    expect(deployedWith('33')).not.toThrow();
    expect(deployedWith('5')).toThrow('CDK bootstrap stack version 6 required.');
  });
});

describe('a template is refused', () => {
  const two = (a: object, b: object) => ({ Resources: { A: { Type: 'T', ...a }, B: { Type: 'T', ...b } } });
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, { Type: 'T' }]));
  test.each([
    [
      'that refers to nothing',
      two({ Properties: { X: { Ref: 'Nobody' } } }, {}),
      'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    ],
    [
      'that depends on nothing',
      two({ DependsOn: 'Nobody' }, {}),
      'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    ],
    [
      'with an output of nothing',
      { ...two({}, {}), Outputs: { O: { Value: { Ref: 'Nobody' } } } },
      'Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template',
    ],
    [
      'with an attribute of nothing',
      two({ Properties: { X: { 'Fn::Sub': '${Nobody.Arn}' } } }, {}),
      'Template error: instance of Fn::GetAtt references undefined resource Nobody',
    ],
    ['that is circular', two({ DependsOn: 'B' }, { Properties: { X: { Ref: 'A' } } }), 'Circular dependency between resources: [A, B]'],
    ['without resources', { Resources: {} }, 'Template format error: At least one Resources member must be defined.'],
    [
      'with a resource without a type',
      { Resources: { A: {} } },
      'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
    ],
    ['with a null', two({ Properties: { X: null } }, {}), "[/Resources/A/Properties/X] 'null' values are not allowed in templates"],
    [
      'with 501 resources',
      { Resources: many(501) },
      'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
    ],
    ['with a macro', { Transform: 'AWS::Serverless-2016-10-31', Resources: many(1) }, 'is not supported by the local endpoint'],
    ['with a section that does not exist', { Resources: many(1), Stuff: {} }, 'Invalid template property or properties [Stuff]'],
    ['with an unknown deletion policy', two({ DeletionPolicy: 'Forget' }, {}), 'Unrecognized DeletionPolicy "Forget"'],
    ['of more than 1 MB', { Resources: many(1), Description: 'x'.repeat(1024 * 1024) }, 'Template may not exceed 1048576 bytes in size.'],
  ] as [string, object, string][])('%s', (_case, template, message) => {
    expect(() => prepared(template)).toThrow(message);
  });
});
