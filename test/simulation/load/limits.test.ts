import { exceeded, usageOf } from './limits';

/** A template of so many parameters in SSM, and of roles with policies. */
function template(resources: object, outputs: object = {}): string {
  return JSON.stringify({ Resources: resources, Outputs: outputs });
}

function seen(text: string): Record<string, number> {
  return Object.fromEntries(usageOf(text).map((usage) => [usage.what, usage.seen]));
}

const ROLE = { Type: 'AWS::IAM::Role', Properties: {} };
const attachedTo = (role: string, PolicyDocument: object) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'Some', PolicyDocument, Roles: [{ Ref: role }] },
});

describe('the quotas that a big stack meets', () => {
  test('a template is measured in bytes, not in characters', () => {
    const text = template({ A: { Type: 'AWS::SSM::Parameter', Properties: { Value: 'ä€' } } });
    expect(seen(text)['template, bytes']).toBe(text.length + 3);
  });

  test('500 resources and 200 outputs fit, one more of either does not', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`R${at}`, { Type: 'AWS::SSM::Parameter' }]));
    expect(exceeded(usageOf(template(many(500), many(200))))).toEqual([]);
    expect(exceeded(usageOf(template(many(501), many(201)))).map(({ what }) => what)).toEqual(['resources', 'outputs']);
  });

  test('a role has what it brings along and what is attached to it, and nothing of other roles', () => {
    const statement = { Statement: [{ Effect: 'Allow', Action: 'glacier:GetVaultLock', Resource: '*' }] };
    const own = { ...ROLE, Properties: { Policies: [{ PolicyName: 'Own', PolicyDocument: statement }] } };
    const usages = seen(template({ Mine: own, First: attachedTo('Mine', statement), Other: ROLE, Second: attachedTo('Other', statement) }));
    expect(usages['inline policies of a role, characters']).toBe(2 * JSON.stringify(statement).length);
  });

  test('what only CloudFormation knows counts as a long name, and literal parts of a text as they are', () => {
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { 'Fn::GetAtt': ['Logs', 'Arn'] }]] };
    const usages = seen(template({ Mine: ROLE, Policy: attachedTo('Mine', { Resource: arn }) }));
    const shortest = '{"Resource":"arn:aws:logs:"}'.length;
    expect(usages['inline policies of a role, characters']).toBeGreaterThan(shortest + 150);
    expect(usages['inline policies of a role, characters']).toBeLessThan(shortest + 300);
  });

  test('a statement for each of 240 vaults would not fit into a role', () => {
    const arns = Array.from({ length: 240 }, (_, at) => `arn:aws:glacier:us-east-1:123456789012:vaults/load1-${at}`);
    const policy = attachedTo('Mine', { Statement: [{ Effect: 'Allow', Action: 'glacier:CompleteVaultLock', Resource: arns }] });
    expect(exceeded(usageOf(template({ Mine: ROLE, Policy: policy })))).toMatchObject([{ what: 'inline policies of a role, characters' }]);
  });

  test('the biggest managed policy counts', () => {
    const managed = (characters: number) => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Sid: 'x'.repeat(characters) } },
    });
    expect(exceeded(usageOf(template({ A: managed(100), B: managed(7_000) })))).toMatchObject([
      { what: 'a managed policy, characters', most: 6_144 },
    ]);
  });
});
