import { ACCOUNT, ACCOUNT_TRUST, allow, element, isAllowed, iamWorld, LAMBDA_TRUST, query, sessionOf } from './iam-world';

const createRole = { Action: 'CreateRole', RoleName: 'Auditor', AssumeRolePolicyDocument: JSON.stringify(ACCOUNT_TRUST) };
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const policy = JSON.stringify(allow('glacier:ListVaults'));

test('a person makes a role, gives it a policy, looks at it and takes it away', async () => {
  const world = iamWorld();
  const ask = async (parameters: Record<string, string>) => query(world, 'iam', parameters);

  const created = await ask({ ...createRole, 'Tags.member.1.Key': 'Team', 'Tags.member.1.Value': 'ledger' });
  expect(created.status).toBe(200);
  expect(element(created.xml, 'Arn')).toBe(`arn:aws:iam::${ACCOUNT}:role/Auditor`);
  expect(element(created.xml, 'RoleId')).toMatch(/^AROA[A-Z2-7]{16}$/);

  await ask({ Action: 'PutRolePolicy', RoleName: 'Auditor', PolicyName: 'List', PolicyDocument: policy });
  await ask({ Action: 'AttachRolePolicy', RoleName: 'Auditor', PolicyArn: readOnly });
  expect(isAllowed(world, sessionOf('Auditor'), 'glacier:ListVaults')).toBe(true);
  expect(isAllowed(world, sessionOf('Auditor'), 'glacier:DeleteVault')).toBe(false);

  const role = await ask({ Action: 'GetRole', RoleName: 'Auditor' });
  expect(decodeURIComponent(element(role.xml, 'AssumeRolePolicyDocument') ?? '')).toBe(createRole.AssumeRolePolicyDocument);
  expect(role.xml).toContain('<Tags><member><Key>Team</Key><Value>ledger</Value></member></Tags>');
  expect((await ask({ Action: 'ListRolePolicies', RoleName: 'Auditor' })).xml).toContain(
    '<PolicyNames><member>List</member></PolicyNames>',
  );
  const inline = await ask({ Action: 'GetRolePolicy', RoleName: 'Auditor', PolicyName: 'List' });
  expect(decodeURIComponent(element(inline.xml, 'PolicyDocument') ?? '')).toBe(policy);
  expect((await ask({ Action: 'ListAttachedRolePolicies', RoleName: 'Auditor' })).xml).toContain(`<PolicyArn>${readOnly}</PolicyArn>`);

  const early = await ask({ Action: 'DeleteRole', RoleName: 'Auditor' });
  expect([early.status, element(early.xml, 'Code')]).toEqual([409, 'DeleteConflict']);
  await ask({ Action: 'DeleteRolePolicy', RoleName: 'Auditor', PolicyName: 'List' });
  await ask({ Action: 'DetachRolePolicy', RoleName: 'Auditor', PolicyArn: readOnly });
  expect((await ask({ Action: 'DeleteRole', RoleName: 'Auditor' })).status).toBe(200);
  const gone = await ask({ Action: 'GetRole', RoleName: 'Auditor' });
  expect([gone.status, element(gone.xml, 'Code')]).toEqual([404, 'NoSuchEntity']);
  expect(element(gone.xml, 'Message')).toBe('The role with name Auditor cannot be found.');
});

test('a managed policy can be read', async () => {
  const world = iamWorld();
  const { arn } = world.access.store.policies.create({ name: 'List', document: policy });
  const version = element((await query(world, 'iam', { Action: 'GetPolicy', PolicyArn: arn })).xml, 'DefaultVersionId') ?? '';
  const { xml } = await query(world, 'iam', { Action: 'GetPolicyVersion', PolicyArn: arn, VersionId: version });
  expect(decodeURIComponent(element(xml, 'Document') ?? '')).toBe(policy);
});

test.each<[what: string, parameters: Record<string, string>, code: string]>([
  ['a name that is taken', createRole, 'EntityAlreadyExists'],
  ['a name that differs in case only', { ...createRole, RoleName: 'AUDITOR' }, 'EntityAlreadyExists'],
  ['a name with a slash', { ...createRole, RoleName: 'a/b' }, 'ValidationError'],
  ['no trust policy', { Action: 'CreateRole', RoleName: 'x' }, 'ValidationError'],
  ['a trust policy without a principal', { ...createRole, RoleName: 'x', AssumeRolePolicyDocument: policy }, 'MalformedPolicyDocument'],
  [
    'a policy that is no JSON',
    { Action: 'PutRolePolicy', RoleName: 'Auditor', PolicyName: 'p', PolicyDocument: '{' },
    'MalformedPolicyDocument',
  ],
  [
    'a policy with a principal',
    { Action: 'PutRolePolicy', RoleName: 'Auditor', PolicyName: 'p', PolicyDocument: JSON.stringify(ACCOUNT_TRUST) },
    'MalformedPolicyDocument',
  ],
  [
    'a managed policy that is not there',
    { Action: 'AttachRolePolicy', RoleName: 'Auditor', PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/x` },
    'NoSuchEntity',
  ],
  ['a role named like a part of JavaScript', { Action: 'GetRole', RoleName: 'constructor' }, 'NoSuchEntity'],
])('refuses %s', async (_what, parameters, code) => {
  const world = iamWorld();
  await query(world, 'iam', createRole);
  const { xml } = await query(world, 'iam', parameters);
  expect(element(xml, 'Code')).toBe(code);
});

test('a role needs the permission to look at roles', async () => {
  const world = iamWorld();
  world.access.store.entities.createRole({ name: 'Handler', trustPolicy: JSON.stringify(LAMBDA_TRUST) });
  const { status, xml } = await query(world, 'iam', { Action: 'GetRole', RoleName: 'Handler' }, sessionOf('Handler'));
  expect([status, element(xml, 'Code')]).toEqual([403, 'AccessDenied']);
});
