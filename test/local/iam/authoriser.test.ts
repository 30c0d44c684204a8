import { ADMINISTRATOR, allow, answer, document, isAllowed, iamWorld, LAMBDA_TRUST, sessionOf, statement, VAULT } from './iam-world';
import type { IamWorld } from './iam-world';

const HANDLER = sessionOf('Handler');
const OTHER_ACCOUNT = '210987654321';
const OPEN_ACCESS = JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: 'glacier:*', Resource: VAULT } });
const RETENTION = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Deny',
    Principal: '*',
    Action: 'glacier:DeleteArchive',
    Resource: VAULT,
    Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '365' } },
  },
});

function createHandler(world: IamWorld, policy?: object): void {
  world.access.store.entities.createRole({ name: 'Handler', trustPolicy: JSON.stringify(LAMBDA_TRUST) });
  if (policy) world.access.store.entities.putPolicy('role', 'Handler', 'Own', JSON.stringify(policy));
}

describe('the refusal, in AWS’s words', () => {
  test('no identity policy allows it', () => {
    const world = iamWorld();
    createHandler(world);
    expect(answer(world, { caller: HANDLER, action: 'glacier:AbortVaultLock' })).toBe(
      `AccessDeniedException: User: ${HANDLER.arn} is not authorized to perform: glacier:AbortVaultLock on resource: ${VAULT} because no identity-based policy allows the glacier:AbortVaultLock action`,
    );
  });

  test('the resource’s policy denies it', () => {
    const world = iamWorld();
    expect(answer(world, { resourcePolicies: [OPEN_ACCESS, RETENTION], context: { 'glacier:ArchiveAgeInDays': '1' } })).toBe(
      `AccessDeniedException: User: ${ADMINISTRATOR.arn} is not authorized to perform: glacier:DeleteArchive on resource: ${VAULT} with an explicit deny in a resource-based policy`,
    );
  });

  test('an identity policy denies it', () => {
    const world = iamWorld();
    createHandler(world, document(statement('Allow', '*'), statement('Deny', 'glacier:CompleteVaultLock')));
    expect(answer(world, { caller: HANDLER, action: 'glacier:CompleteVaultLock' })).toMatch(
      / with an explicit deny in an identity-based policy$/,
    );
  });

  test('the permissions boundary does not allow it', () => {
    const world = iamWorld();
    createHandler(world, allow('*'));
    world.access.store.entities.setBoundary('role', 'Handler', 'arn:aws:iam::aws:policy/ReadOnlyAccess');
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
    expect(answer(world, { caller: HANDLER })).toMatch(/ because no permissions boundary allows the glacier:DeleteArchive action$/);
  });

  test('another account’s administrator, and no resource policy lets it in', () => {
    const world = iamWorld();
    const caller = sessionOf('Auditor', OTHER_ACCOUNT);
    expect(answer(world, { caller, resourceAccount: world.accountId })).toMatch(
      / because no resource-based policy allows the glacier:DeleteArchive action$/,
    );
  });

  test('a condition operator that the endpoint does not know counts against the request', () => {
    const world = iamWorld();
    const policy = RETENTION.replace('NumericLessThan', 'NumericSmaller');
    expect(answer(world, { resourcePolicies: [policy] })).toContain('does not know the condition NumericSmaller');
  });
});

describe('who is bound by what', () => {
  test('a user that nobody created is an administrator', () => {
    expect(isAllowed(iamWorld(), ADMINISTRATOR, 'glacier:DeleteVault')).toBe(true);
  });

  test('so is a role that nobody created: CDK’s bootstrap roles need not exist', () => {
    expect(isAllowed(iamWorld(), sessionOf('cdk-hnb659fds-deploy-role-123456789012-us-east-1'), 'glacier:DeleteVault')).toBe(true);
  });

  test('a role of this account is bound by its policies', () => {
    const world = iamWorld();
    createHandler(world, allow(['glacier:InitiateVaultLock', 'glacier:Get*'], VAULT));
    expect(isAllowed(world, HANDLER, 'glacier:InitiateVaultLock')).toBe(true);
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
    expect(isAllowed(world, HANDLER, 'glacier:CompleteVaultLock')).toBe(false);
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock', `${VAULT}2`)).toBe(false);
  });

  test('a role is held to its policies in whatever partition it is named, and after its deletion, too', () => {
    const world = iamWorld();
    createHandler(world, allow('glacier:DescribeVault'));
    const caller = {
      ...HANDLER,
      arn: HANDLER.arn.replace('arn:aws:', 'arn:aws-cn:'),
      roleArn: HANDLER.roleArn?.replace('arn:aws:', 'arn:aws-cn:'),
    };
    expect(isAllowed(world, caller, 'glacier:DescribeVault')).toBe(true);
    expect(isAllowed(world, caller, 'glacier:DeleteVault')).toBe(false);
    world.access.store.entities.deletePolicy('role', 'Handler', 'Own');
    world.access.store.entities.delete('role', 'Handler');
    expect(isAllowed(world, caller, 'glacier:DescribeVault')).toBe(false);
  });

  test('a session of a role that was deleted has no rights left, until there is such a role again', () => {
    const world = iamWorld();
    createHandler(world);
    world.access.store.entities.delete('role', 'Handler');
    expect(isAllowed(world, HANDLER, 'glacier:DeleteVault')).toBe(false);
    expect(world.access.isTrusted(HANDLER.roleArn ?? '', 'lambda.amazonaws.com')).toBe(false);
    createHandler(world, allow('glacier:DeleteVault'));
    expect(isAllowed(world, HANDLER, 'glacier:DeleteVault')).toBe(true);
  });

  test('a role of the same name elsewhere is another one', () => {
    const world = iamWorld();
    createHandler(world);
    const caller = sessionOf('Handler', OTHER_ACCOUNT);
    expect(answer(world, { caller, resourceAccount: world.accountId, resourcePolicies: [OPEN_ACCESS] })).toBe('allowed');
  });

  test('a user that was created is bound by its own policies and its groups’', () => {
    const world = iamWorld();
    const { entities } = world.access.store;
    entities.create('group', { name: 'legal' });
    entities.putPolicy('group', 'legal', 'Tags', JSON.stringify(allow('glacier:AddTagsToVault')));
    const { arn } = entities.create('user', { name: 'jo', path: '/staff/' });
    const jo = { accountId: world.accountId, arn };
    expect(isAllowed(world, jo, 'glacier:AddTagsToVault')).toBe(false);
    entities.setGroups('jo', ['legal']);
    expect(isAllowed(world, jo, 'glacier:AddTagsToVault')).toBe(true);
    expect(isAllowed(world, jo, 'glacier:DeleteArchive')).toBe(false);
  });

  test('an AWS managed policy gives what it gives on AWS, an unknown one nothing', () => {
    const world = iamWorld();
    createHandler(world);
    const log = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f';
    world.access.store.entities.attach('role', 'Handler', 'arn:aws:iam::aws:policy/AmazonGlacierFullAccess');
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
    world.access.store.entities.attach('role', 'Handler', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole');
    expect(isAllowed(world, HANDLER, 'logs:PutLogEvents', log)).toBe(true);
    expect(isAllowed(world, HANDLER, 'logs:DeleteLogGroup', log)).toBe(false);
  });
});

describe('conditions see', () => {
  const conditional = (condition: object) => ({ Version: '2012-10-17', Statement: [{ ...statement('Allow', '*'), Condition: condition }] });

  test('the endpoint’s clock', async () => {
    const world = iamWorld();
    createHandler(world, conditional({ DateGreaterThan: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' } }));
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
    await world.clock.advance(25 * 3600 * 1000);
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(true);
  });

  test.each([
    ['the region of the resource', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }],
    ['a request by TLS', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['the role’s tags', { StringEquals: { 'aws:PrincipalTag/Team': 'ledger' } }],
    ['the role', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/Handler' } }],
  ])('%s', (_what, condition) => {
    const world = iamWorld();
    createHandler(world, conditional(condition));
    world.access.store.entities.setTags('role', 'Handler', { Team: 'ledger' });
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(true);
  });
});

describe('a right takes time to take effect, when the fault "iam grant" says so', () => {
  const SECONDS = 1000;
  const put = (world: IamWorld, policy: object) => world.access.store.entities.putPolicy('role', 'Handler', 'Own', JSON.stringify(policy));
  const delayNext = (world: IamWorld, delayMs: number) => world.gate.setFaults([{ service: 'iam', operation: 'grant', delayMs }]);

  test('a new policy', async () => {
    const world = iamWorld();
    createHandler(world);
    delayNext(world, 5 * SECONDS);
    put(world, allow('glacier:GetVaultLock'));
    await world.clock.advance(5 * SECONDS - 1);
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(false);
    await world.clock.advance(1);
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
  });

  test('a policy that grows keeps what it gave', async () => {
    const world = iamWorld();
    createHandler(world, allow('glacier:GetVaultLock'));
    delayNext(world, 5 * SECONDS);
    put(world, allow(['glacier:GetVaultLock', 'glacier:AbortVaultLock']));
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
    expect(isAllowed(world, HANDLER, 'glacier:AbortVaultLock')).toBe(false);
    await world.clock.advance(5 * SECONDS);
    expect(isAllowed(world, HANDLER, 'glacier:AbortVaultLock')).toBe(true);
  });

  test('a policy that shrinks does so at once, and uses no fault up', () => {
    const world = iamWorld();
    createHandler(world, document(statement('Allow', 'glacier:GetVaultLock'), statement('Allow', 'glacier:AbortVaultLock')));
    delayNext(world, 5 * SECONDS);
    put(world, document(statement('Allow', 'glacier:GetVaultLock'), statement('Deny', 'glacier:DeleteVault')));
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
    expect(isAllowed(world, HANDLER, 'glacier:AbortVaultLock')).toBe(false);
    expect(world.gate.pending).toHaveLength(1);
  });

  test('a policy that gives one right and takes another: the taking is at once', async () => {
    const world = iamWorld();
    createHandler(world, allow('glacier:GetVaultLock'));
    delayNext(world, 5 * SECONDS);
    put(world, allow('glacier:AbortVaultLock'));
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(false);
    expect(isAllowed(world, HANDLER, 'glacier:AbortVaultLock')).toBe(false);
    await world.clock.advance(5 * SECONDS);
    expect(isAllowed(world, HANDLER, 'glacier:AbortVaultLock')).toBe(true);
  });

  test('a Deny: it counts at once, and for a while after it has gone', async () => {
    const world = iamWorld();
    createHandler(world, allow('*'));
    delayNext(world, 5 * SECONDS);
    put(world, document(statement('Allow', '*'), statement('Deny', 'glacier:DeleteArchive')));
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
    put(world, allow('*'));
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
    expect(isAllowed(world, HANDLER, 'glacier:GetVaultLock')).toBe(true);
    await world.clock.advance(5 * SECONDS);
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(true);
  });

  test('a managed policy that is attached', async () => {
    const world = iamWorld();
    createHandler(world);
    delayNext(world, 5 * SECONDS);
    world.access.store.entities.attach('role', 'Handler', 'arn:aws:iam::aws:policy/AdministratorAccess');
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
    await world.clock.advance(5 * SECONDS);
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(true);
    world.access.store.entities.detach('role', 'Handler', 'arn:aws:iam::aws:policy/AdministratorAccess');
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(false);
  });

  test('without the fault it takes effect at once', () => {
    const world = iamWorld();
    createHandler(world, allow('*'));
    expect(isAllowed(world, HANDLER, 'glacier:DeleteArchive')).toBe(true);
  });
});
