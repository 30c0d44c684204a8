import { ACCOUNT, ACCOUNT_TRUST, allow, element, iamWorld, LAMBDA_TRUST, query, sessionOf, trust } from './iam-world';
import type { IamWorld } from './iam-world';
import { credentialsForRole } from '../../../local/iam';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy/Release`;
const assume = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: ROLE, RoleSessionName: 'aws-cdk-jo' };

function createRole(world: IamWorld, trustPolicy: object): void {
  world.access.store.entities.createRole({ name: 'Release', path: '/deploy/', trustPolicy: JSON.stringify(trustPolicy) });
}

describe('keys and callers', () => {
  const { callerOf } = iamWorld().access;

  test('any key belongs to the account’s administrator', () => {
    expect(callerOf('AKIAIOSFODNN7EXAMPLE', 'us-east-1')).toEqual({ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/local` });
    expect(callerOf('ASIAIOSFODNN7EXAMPLE', 'us-east-1', 'somebody’s real token')).toEqual({
      accountId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:user/local`,
    });
  });

  test('the administrator is of the partition that is asked', () => {
    expect(callerOf('AKIAIOSFODNN7EXAMPLE', 'cn-north-1').arn).toBe(`arn:aws-cn:iam::${ACCOUNT}:user/local`);
  });

  test('the keys of a role are its session, in another process, too', () => {
    const { accessKeyId, secretAccessKey, sessionToken } = credentialsForRole(ROLE, 'run-1');
    expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(secretAccessKey).toHaveLength(40);
    expect(iamWorld().access.callerOf(accessKeyId, 'us-east-1', sessionToken)).toEqual({
      accountId: ACCOUNT,
      // A session's ARN leaves the role's path out.
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Release/run-1`,
      roleArn: ROLE,
    });
  });

  test('a role of another account acts for that account', () => {
    const { accessKeyId, sessionToken } = credentialsForRole('arn:aws:iam::210987654321:role/Auditor', 'audit');
    expect(callerOf(accessKeyId, 'us-east-1', sessionToken)).toMatchObject({ accountId: '210987654321' });
  });

  test('a user’s key is that user', () => {
    const { access } = iamWorld();
    const { arn } = access.store.entities.create('user', { name: 'jo' });
    const key = access.store.createAccessKey('jo');
    expect(access.callerOf(key.id, 'us-east-1')).toEqual({ accountId: ACCOUNT, arn });
  });
});

describe('GetCallerIdentity', () => {
  test('names account and ARN', async () => {
    const { status, xml } = await query(iamWorld(), 'sts', { Action: 'GetCallerIdentity' });
    expect(status).toBe(200);
    expect(xml).toContain('<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>');
    expect(element(xml, 'Account')).toBe(ACCOUNT);
    expect(element(xml, 'Arn')).toBe(`arn:aws:iam::${ACCOUNT}:user/local`);
  });

  test('names a session by its role’s id', async () => {
    const world = iamWorld();
    const role = world.access.store.entities.createRole({ name: 'Handler', trustPolicy: JSON.stringify(LAMBDA_TRUST) });
    const { xml } = await query(world, 'sts', { Action: 'GetCallerIdentity' }, sessionOf('Handler'));
    expect(element(xml, 'UserId')).toBe(`${role.id}:run`);
  });
});

describe('AssumeRole', () => {
  test('gives out keys of any role that nobody created', async () => {
    const world = iamWorld();
    const { status, xml } = await query(world, 'sts', assume);
    expect(status).toBe(200);
    expect(element(xml, 'Expiration')).toBe('2026-01-01T01:00:00.000Z');
    const caller = world.access.callerOf(element(xml, 'AccessKeyId') ?? '', 'us-east-1', element(xml, 'SessionToken'));
    expect(caller).toMatchObject({ roleArn: ROLE, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Release/aws-cdk-jo` });
  });

  test.each([ACCOUNT, '210987654321'])(
    'gives a role of this account no keys of one in %s that nobody created, unless it may',
    async (account) => {
      const world = iamWorld();
      const { entities } = world.access.store;
      const RoleArn = `arn:aws:iam::${account}:role/Elsewhere`;
      entities.createRole({ name: 'Handler', trustPolicy: JSON.stringify(LAMBDA_TRUST) });
      expect((await query(world, 'sts', { ...assume, RoleArn }, sessionOf('Handler'))).status).toBe(403);

      entities.putPolicy('role', 'Handler', 'assume', JSON.stringify(allow('sts:AssumeRole', RoleArn)));

      expect((await query(world, 'sts', { ...assume, RoleArn }, sessionOf('Handler'))).status).toBe(200);
      expect((await query(world, 'sts', assume, sessionOf('Handler'))).status).toBe(403);
    },
  );

  test('gives out keys of a role that trusts the account', async () => {
    const world = iamWorld();
    createRole(world, ACCOUNT_TRUST);
    expect((await query(world, 'sts', assume)).status).toBe(200);
  });

  test('refuses whom the role does not trust, administrators included', async () => {
    const world = iamWorld();
    createRole(world, LAMBDA_TRUST);
    const { status, xml } = await query(world, 'sts', assume);
    expect(status).toBe(403);
    expect(element(xml, 'Code')).toBe('AccessDenied');
    expect(element(xml, 'Message')).toBe(
      `User: arn:aws:iam::${ACCOUNT}:user/local is not authorized to perform: sts:AssumeRole on resource: ${ROLE} because no resource-based policy allows the sts:AssumeRole action`,
    );
  });

  test('refuses a role that was deleted', async () => {
    const world = iamWorld();
    createRole(world, ACCOUNT_TRUST);
    world.access.store.entities.delete('role', 'Release');
    expect((await query(world, 'sts', assume)).status).toBe(403);
  });

  test('asks for the external id that the role asks for', async () => {
    const world = iamWorld();
    const [statement] = ACCOUNT_TRUST.Statement as object[];
    createRole(world, { ...ACCOUNT_TRUST, Statement: [{ ...statement, Condition: { StringEquals: { 'sts:ExternalId': '4711' } } }] });
    expect((await query(world, 'sts', assume)).status).toBe(403);
    expect((await query(world, 'sts', { ...assume, ExternalId: '4711' })).status).toBe(200);
  });

  test('a role that is trusted only by its account needs a permission of its own', async () => {
    const world = iamWorld();
    createRole(world, ACCOUNT_TRUST);
    const { entities } = world.access.store;
    entities.createRole({ name: 'Handler', trustPolicy: JSON.stringify(LAMBDA_TRUST) });
    expect((await query(world, 'sts', assume, sessionOf('Handler'))).status).toBe(403);
    entities.setTrust('Release', { trustPolicy: JSON.stringify(trust({ AWS: sessionOf('Handler').roleArn ?? '' })) });
    expect((await query(world, 'sts', assume, sessionOf('Handler'))).status).toBe(200);
  });

  test.each([
    ['a role ARN that is none', { RoleArn: 'Release' }],
    ['a session name with a slash', { RoleSessionName: 'a/b' }],
    ['a session of a minute', { DurationSeconds: '60' }],
  ])('refuses %s', async (_what, change) => {
    const { status, xml } = await query(iamWorld(), 'sts', { ...assume, ...change });
    expect([status, element(xml, 'Code')]).toEqual([400, 'ValidationError']);
  });

  test('refuses a session policy rather than ignore it', async () => {
    const { status, xml } = await query(iamWorld(), 'sts', { ...assume, Policy: '{}' });
    expect(status).toBe(501);
    expect(element(xml, 'Message')).toContain('session policies');
  });
});

test('a service may assume a role that trusts it, or one that nobody created', () => {
  const world = iamWorld();
  createRole(world, LAMBDA_TRUST);
  expect(world.access.isTrusted(ROLE, 'lambda.amazonaws.com')).toBe(true);
  expect(world.access.isTrusted(ROLE, 'states.amazonaws.com')).toBe(false);
  expect(world.access.isTrusted(`${ROLE}2`, 'states.amazonaws.com')).toBe(true);
});
