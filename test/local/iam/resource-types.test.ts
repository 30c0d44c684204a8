import { ACCOUNT, allow, isAllowed, iamWorld, LAMBDA_TRUST, sessionOf, stackOf } from './iam-world';
import type { Properties } from '../../../local/cloudformation/resource-type';

const ADMIN_POLICY = 'arn:aws:iam::aws:policy/AdministratorAccess';
const role = (more: Properties = {}): Properties => ({ AssumeRolePolicyDocument: LAMBDA_TRUST, ...more });
const inline = (name: string, action: string) => ({ PolicyName: name, PolicyDocument: allow(action) });

describe('AWS::IAM::Role', () => {
  const type = 'AWS::IAM::Role';

  test('gets a name of the stack’s making, and gives ARN and id', async () => {
    const { physicalId, attributes } = await stackOf(iamWorld()).create(type, 'Handler', role({ Path: '/app/' }));
    expect(physicalId).toBe('Demo-Handler-1');
    expect(attributes).toEqual({
      Arn: `arn:aws:iam::${ACCOUNT}:role/app/Demo-Handler-1`,
      RoleId: expect.stringMatching(/^AROA/) as string,
    });
  });

  test('has the policies of its properties, and loses those that an update takes away', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    const first = role({
      RoleName: 'H',
      Policies: [inline('A', 'glacier:A'), inline('B', 'glacier:B')],
      ManagedPolicyArns: [ADMIN_POLICY],
    });
    await stack.create(type, 'H', first);
    expect(isAllowed(world, sessionOf('H'), 'glacier:Other')).toBe(true);

    const second = role({ RoleName: 'H', Policies: [inline('B', 'glacier:B2')] });
    const updated = await stack.update(type, 'H', 'H', second, first);
    expect(updated.physicalId).toBe('H');
    expect(['glacier:A', 'glacier:B', 'glacier:B2', 'glacier:Other'].filter((action) => isAllowed(world, sessionOf('H'), action))).toEqual([
      'glacier:B2',
    ]);
  });

  test('keeps what something else attached, and cannot be deleted before that is gone', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    await stack.create(type, 'H', role({ RoleName: 'H' }));
    const extra = { PolicyName: 'Extra', PolicyDocument: allow('glacier:Extra'), Roles: ['H'] };
    const { physicalId } = await stack.create('AWS::IAM::Policy', 'P', extra);
    await stack.update(type, 'H', 'H', role({ RoleName: 'H', Description: 'new' }), role({ RoleName: 'H' }));
    expect(isAllowed(world, sessionOf('H'), 'glacier:Extra')).toBe(true);
    await expect(stack.delete(type, 'H', 'H', role())).rejects.toThrow('must delete policies first');
    await stack.delete('AWS::IAM::Policy', 'P', physicalId, extra);
    await stack.delete(type, 'H', 'H', role());
    await stack.delete(type, 'H', 'H', role());
    expect(world.access.store.entities.find('role', 'H')).toBeUndefined();
  });

  test('never takes a role over that is there already', async () => {
    const stack = stackOf(iamWorld());
    await stack.create(type, 'A', role({ RoleName: 'Same' }));
    await expect(stack.create(type, 'B', role({ RoleName: 'Same' }))).rejects.toThrow(
      "Resource of type 'AWS::IAM::Role' with identifier 'Same' already exists.",
    );
  });

  test('leaves nothing behind when it fails half-way', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    const broken = role({
      RoleName: 'H',
      Policies: [inline('A', 'glacier:A')],
      ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/none`],
    });
    await expect(stack.create(type, 'H', broken)).rejects.toThrow('was not found');
    expect(world.access.store.entities.find('role', 'H')).toBeUndefined();
  });

  test('is replaced when its name or its path changes', async () => {
    const stack = stackOf(iamWorld());
    const { physicalId } = await stack.create(type, 'H', role());
    const moved = await stack.update(type, 'H', physicalId, role({ Path: '/app/' }), role());
    expect(moved.physicalId).not.toBe(physicalId);
    const named = await stack.update(type, 'H', moved.physicalId, role({ Path: '/app/', RoleName: 'H' }), role({ Path: '/app/' }));
    expect(named.physicalId).toBe('H');
    await expect(stack.update(type, 'H', 'H', role({ RoleName: 'H' }), role({ RoleName: 'H', Path: '/app/' }))).rejects.toThrow(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing.',
    );
  });

  test('stays inside its permissions boundary', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    const boundary = await stack.create('AWS::IAM::ManagedPolicy', 'Boundary', { PolicyDocument: allow('glacier:Get*') });
    await stack.create(type, 'H', role({ RoleName: 'H', ManagedPolicyArns: [ADMIN_POLICY], PermissionsBoundary: boundary.physicalId }));
    expect(isAllowed(world, sessionOf('H'), 'glacier:GetVaultLock')).toBe(true);
    expect(isAllowed(world, sessionOf('H'), 'glacier:DeleteVault')).toBe(false);
  });

  test.each<[what: string, properties: Properties, message: string]>([
    ['without a trust policy', {}, '#/AssumeRolePolicyDocument: it is required'],
    [
      'with a policy that IAM refuses',
      role({ Policies: [{ PolicyName: 'x', PolicyDocument: { Statement: [] } }] }),
      'Syntax errors in policy',
    ],
    ['with policies that are no list', role({ Policies: 'x' }), '#/Policies: expected a list of objects'],
  ])('fails %s', async (_what, properties, message) => {
    await expect(stackOf(iamWorld()).create(type, 'H', properties)).rejects.toThrow(message);
  });
});

describe('AWS::IAM::Policy', () => {
  test('follows its list of roles and its name', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    for (const name of ['A', 'B']) await stack.create('AWS::IAM::Role', name, role({ RoleName: name }));
    const first = { ...inline('P', 'glacier:X'), Roles: ['A'] };
    const { physicalId } = await stack.create('AWS::IAM::Policy', 'P', first);
    const second = { ...inline('Q', 'glacier:X'), Roles: ['B'] };
    expect(await stack.update('AWS::IAM::Policy', 'P', physicalId, second, first)).toEqual({ physicalId });
    expect(isAllowed(world, sessionOf('A'), 'glacier:X')).toBe(false);
    expect(isAllowed(world, sessionOf('B'), 'glacier:X')).toBe(true);
    await stack.delete('AWS::IAM::Policy', 'P', physicalId, second);
    expect(isAllowed(world, sessionOf('B'), 'glacier:X')).toBe(false);
  });

  test('is refused without a holder, and with one that is not there', async () => {
    const stack = stackOf(iamWorld());
    await expect(stack.create('AWS::IAM::Policy', 'P', inline('P', 'a:B'))).rejects.toThrow(
      'At least one of [Groups,Roles,Users] must be non-empty.',
    );
    await expect(stack.create('AWS::IAM::Policy', 'P', { ...inline('P', 'a:B'), Roles: ['None'] })).rejects.toThrow(
      'The role with name None cannot be found.',
    );
  });

  test('can be deleted after its role has gone', async () => {
    const world = iamWorld();
    await expect(stackOf(world).delete('AWS::IAM::Policy', 'P', 'p', { ...inline('P', 'a:B'), Roles: ['Gone'] })).resolves.toBeUndefined();
  });
});

describe('AWS::IAM::ManagedPolicy', () => {
  const type = 'AWS::IAM::ManagedPolicy';

  test('is its ARN, and gives its rights to those that it names', async () => {
    const world = iamWorld();
    const stack = stackOf(world);
    await stack.create('AWS::IAM::Role', 'H', role({ RoleName: 'H' }));
    const first = { ManagedPolicyName: 'M', PolicyDocument: allow('glacier:X'), Roles: ['H'] };
    const { physicalId } = await stack.create(type, 'M', first);
    expect(physicalId).toBe(`arn:aws:iam::${ACCOUNT}:policy/M`);
    expect(isAllowed(world, sessionOf('H'), 'glacier:X')).toBe(true);

    const second = { ...first, PolicyDocument: allow('glacier:Y') };
    expect((await stack.update(type, 'M', physicalId, second, first)).attributes).toMatchObject({
      DefaultVersionId: 'v2',
      AttachmentCount: 1,
    });
    expect([isAllowed(world, sessionOf('H'), 'glacier:X'), isAllowed(world, sessionOf('H'), 'glacier:Y')]).toEqual([false, true]);

    await stack.delete(type, 'M', physicalId, second);
    expect(isAllowed(world, sessionOf('H'), 'glacier:Y')).toBe(false);
  });

  test('cannot be deleted while something else holds it', async () => {
    const stack = stackOf(iamWorld());
    const { physicalId } = await stack.create(type, 'M', { PolicyDocument: allow('a:B') });
    await stack.create('AWS::IAM::Role', 'H', role({ ManagedPolicyArns: [physicalId] }));
    await expect(stack.delete(type, 'M', physicalId, {})).rejects.toThrow('Cannot delete a policy attached to entities.');
  });
});

test('a user of a group gets a key, signs with it and is bound by the group’s policy', async () => {
  const world = iamWorld();
  const stack = stackOf(world);
  await stack.create('AWS::IAM::Group', 'G', { GroupName: 'legal', Policies: [inline('Tags', 'glacier:AddTagsToVault')] });
  const user = { UserName: 'jo', Groups: ['legal'] };
  expect(await stack.create('AWS::IAM::User', 'U', user)).toEqual({
    physicalId: 'jo',
    attributes: { Arn: `arn:aws:iam::${ACCOUNT}:user/jo` },
  });
  const key = await stack.create('AWS::IAM::AccessKey', 'K', { UserName: 'jo' });
  const jo = world.access.callerOf(key.physicalId, 'us-east-1');
  expect(isAllowed(world, jo, 'glacier:AddTagsToVault')).toBe(true);
  expect(isAllowed(world, jo, 'glacier:DeleteArchive')).toBe(false);
  await stack.delete('AWS::IAM::AccessKey', 'K', key.physicalId, { UserName: 'jo' });
  await stack.delete('AWS::IAM::User', 'U', 'jo', user);
  expect(() => world.access.callerOf(key.physicalId, 'us-east-1')).toThrow('The security token included in the request is invalid.');
});

test('an instance profile knows its ARN', async () => {
  const stack = stackOf(iamWorld());
  const { physicalId, attributes } = await stack.create('AWS::IAM::InstanceProfile', 'I', { Roles: ['H'] });
  expect(attributes).toEqual({ Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/${physicalId}` });
  await stack.delete('AWS::IAM::InstanceProfile', 'I', physicalId, {});
});
