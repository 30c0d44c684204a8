import { Decision, evaluate, evaluateSurely, EvaluationRequest, parsePolicy, PolicyDocument, PolicySet, Principal } from '../../src/policy';

const HOME = '111111111111';
const AWAY = '222222222222';
const VAULT = `arn:aws:glacier:us-east-1:${HOME}:vaults/ledger`;
const ROLE = `arn:aws:iam::${HOME}:role/service/App`;
const SESSION = `arn:aws:sts::${HOME}:assumed-role/App/run-1`;

const session: Principal = { kind: 'aws', arn: SESSION, accountId: HOME, roleArn: ROLE };
const user: Principal = { kind: 'aws', arn: `arn:aws:iam::${HOME}:user/jo`, accountId: HOME };
const rootUser: Principal = { kind: 'aws', arn: `arn:aws:iam::${HOME}:root`, accountId: HOME };
const awayRole: Principal = { kind: 'aws', arn: `arn:aws:iam::${AWAY}:role/App`, accountId: AWAY };

const policy = (statement: object): PolicyDocument =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { Action: 'glacier:DeleteArchive', Resource: VAULT, ...statement } }));
const allow = (principal?: unknown) => policy({ Effect: 'Allow', Principal: principal });
const deny = (principal?: unknown) => policy({ Effect: 'Deny', Principal: principal });
const ALLOW_ALL = parsePolicy('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');

function ask(principal: Principal, policies: Partial<PolicySet>, overrides: Partial<EvaluationRequest> = {}): Decision {
  const request = { action: 'glacier:DeleteArchive', resource: VAULT, principal, resourceAccount: HOME, context: {}, ...overrides };
  return evaluate(request, { identity: [], resource: [], ...policies });
}

describe('whom a statement of a resource policy reaches', () => {
  test.each<[what: string, listed: unknown, principal: Principal, expected: boolean]>([
    ['everyone', '*', user, true],
    ['everyone, written as AWS *', { AWS: '*' }, awayRole, true],
    ['everyone: an anonymous caller', { AWS: '*' }, { kind: 'anonymous' }, true],
    ['everyone: a service', '*', { kind: 'service', name: 'sns.amazonaws.com' }, true],
    ['the account: its users', { AWS: HOME }, user, true],
    ['the account: its sessions', { AWS: `arn:aws:iam::${HOME}:root` }, session, true],
    ['the account: its root user', { AWS: `arn:aws:iam::${HOME}:root` }, rootUser, true],
    ['the account: not another one', { AWS: HOME }, awayRole, false],
    ['the role: its sessions', { AWS: ROLE }, session, true],
    ['the role: not another one of its name', { AWS: `arn:aws:iam::${HOME}:role/App` }, session, false],
    ['one session', { AWS: SESSION }, session, true],
    ['another session', { AWS: SESSION.replace('run-1', 'run-2') }, session, false],
    ['a role that was deleted', { AWS: 'AROAEXAMPLEEXAMPLE123' }, session, false],
    ['a service', { Service: 'sns.amazonaws.com' }, { kind: 'service', name: 'sns.amazonaws.com' }, true],
    ['a service: not another one', { Service: 'sns.amazonaws.com' }, { kind: 'service', name: 'sqs.amazonaws.com' }, false],
    ['a service: no role', { Service: 'sns.amazonaws.com' }, session, false],
  ])('%s', (_what, listed, principal, expected) => {
    const { decision } = ask(principal, { identity: 'administrator', resource: [allow('*'), deny(listed)] });
    expect(decision).toBe(expected ? 'explicitDeny' : 'allow');
  });

  test('a session whose role is not given is told by its name', () => {
    const plain: Principal = { kind: 'aws', arn: SESSION, accountId: HOME };
    const byName = deny({ AWS: `arn:aws:iam::${HOME}:role/App` });
    expect(ask(plain, { identity: 'administrator', resource: [byName] }).decision).toBe('explicitDeny');
  });
});

describe('NotPrincipal', () => {
  const denyAllBut = (...listed: string[]) => policy({ Effect: 'Deny', NotPrincipal: { AWS: listed } });
  test.each<[what: string, listed: string[], principal: Principal, expected: Decision['decision']]>([
    ['a user needs itself and its account', [`arn:aws:iam::${HOME}:user/jo`, HOME], user, 'allow'],
    ['a user alone is not spared', [`arn:aws:iam::${HOME}:user/jo`], user, 'explicitDeny'],
    ['the account alone spares no user', [HOME], user, 'explicitDeny'],
    ['the account spares its root user', [HOME], rootUser, 'allow'],
    ['a session needs itself, its role and its account', [SESSION, ROLE, HOME], session, 'allow'],
    ['a role without its session is not spared', [ROLE, HOME], session, 'explicitDeny'],
    ['others are denied', [SESSION, ROLE, HOME], user, 'explicitDeny'],
  ])('in a Deny: %s', (_what, listed, principal, expected) => {
    expect(ask(principal, { identity: 'administrator', resource: [denyAllBut(...listed)] }).decision).toBe(expected);
  });

  test('in an Allow: withheld from whoever is listed in any way', () => {
    const allowAllBut = policy({ Effect: 'Allow', NotPrincipal: { AWS: HOME } });
    expect(ask(user, { resource: [allowAllBut] }).decision).toBe('implicitDeny');
    expect(ask({ kind: 'anonymous' }, { resource: [allowAllBut] }).decision).toBe('allow');
  });
});

describe('what the IAM user guide leaves open is unknown', () => {
  const federated: Principal = { kind: 'aws', arn: `arn:aws:sts::${HOME}:federated-user/jo`, accountId: HOME };
  const early = { Principal: '*', Resource: 'arn:aws:glacier:us-east-1:${aws:PrincipalAccount}:vaults/ledger' };
  test.each<[what: string, principal: Principal, statement: object]>([
    ['a Deny for all but a user, without the account', user, { Effect: 'Deny', NotPrincipal: { AWS: `arn:aws:iam::${HOME}:user/jo` } }],
    [
      'a Deny for a user: a session that he may have asked for',
      federated,
      { Effect: 'Deny', Principal: { AWS: `arn:aws:iam::${HOME}:user/al` } },
    ],
    ['an Allow for a user: the same', federated, { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HOME}:user/al` } }],
    ['a Deny that says nothing of whom', user, { Effect: 'Deny' }],
    ['an Allow that says nothing of whom', user, { Effect: 'Allow' }],
    ['a variable before the fifth colon', user, { ...early, Effect: 'Deny' }],
    ['the same in NotResource', user, { Principal: '*', Effect: 'Deny', NotResource: early.Resource, Resource: undefined }],
  ])('%s', (_what, principal, statement) => {
    const document = policy(statement);
    const identity = document.statements[0]?.effect === 'Deny' ? 'administrator' : [];
    const request = { action: 'glacier:DeleteArchive', resource: VAULT, principal, resourceAccount: HOME, context: {} };
    expect(evaluateSurely(request, { identity, resource: [document] })).toBe('unknown');
  });

  test('but not who is nobody’s session of another account, nor a variable of another account', () => {
    const away: Principal = { kind: 'aws', arn: `arn:aws:sts::${AWAY}:federated-user/jo`, accountId: AWAY };
    const request = { action: 'glacier:DeleteArchive', resource: VAULT, principal: away, resourceAccount: HOME, context: {} };
    const resource = [allow('*'), deny({ AWS: `arn:aws:iam::${HOME}:user/jo` }), policy({ ...early, Effect: 'Deny' })];
    expect(evaluateSurely(request, { identity: 'administrator', resource })).toMatchObject({ decision: 'allow' });
  });
});

describe('within one account', () => {
  test.each<[what: string, principal: Principal, policies: Partial<PolicySet>, expected: Partial<Decision>]>([
    ['nothing allows', user, {}, { decision: 'implicitDeny', kind: 'identity' }],
    ['the identity policy allows', user, { identity: [ALLOW_ALL] }, { decision: 'allow', kind: 'identity', policy: 0, statement: 0 }],
    [
      'the resource policy names the role',
      session,
      { resource: [allow({ AWS: ROLE })] },
      { decision: 'allow', kind: 'resource', policy: 0 },
    ],
    ['the resource policy names the session', session, { resource: [allow({ AWS: SESSION })] }, { decision: 'allow', kind: 'resource' }],
    [
      'the resource policy names the account only',
      session,
      { resource: [allow({ AWS: HOME })] },
      { decision: 'implicitDeny', kind: 'identity' },
    ],
    ['... and the identity policy agrees', session, { identity: [ALLOW_ALL], resource: [allow({ AWS: HOME })] }, { decision: 'allow' }],
    [
      'the identity policy denies',
      user,
      { identity: [ALLOW_ALL, deny()], resource: [allow('*')] },
      { decision: 'explicitDeny', kind: 'identity', policy: 1 },
    ],
    [
      'the second resource policy denies',
      user,
      { identity: 'administrator', resource: [allow('*'), deny('*')] },
      { decision: 'explicitDeny', kind: 'resource', policy: 1 },
    ],
    [
      'a resource policy denies the account, the session has its role',
      session,
      { identity: [ALLOW_ALL], resource: [deny({ AWS: HOME })] },
      { decision: 'explicitDeny' },
    ],
    ['the root user needs no policy', rootUser, {}, { decision: 'allow' }],
    ['the root user is denied by a resource policy', rootUser, { resource: [deny('*')] }, { decision: 'explicitDeny' }],
    ['a resource policy without a principal grants nobody anything', user, { resource: [allow()] }, { decision: 'implicitDeny' }],
    [
      'a resource policy without a principal denies everyone',
      user,
      { identity: 'administrator', resource: [deny()] },
      { decision: 'explicitDeny' },
    ],
  ])('%s', (_what, principal, policies, expected) => {
    expect(ask(principal, policies)).toMatchObject(expected);
  });
});

describe('from another account', () => {
  test.each<[what: string, policies: Partial<PolicySet>, expected: Partial<Decision>]>([
    ['both sides allow', { identity: [ALLOW_ALL], resource: [allow({ AWS: AWAY })] }, { decision: 'allow' }],
    ['only its own policies allow', { identity: [ALLOW_ALL] }, { decision: 'implicitDeny', kind: 'resource' }],
    [
      'only the resource policy allows, even by name',
      { resource: [allow({ AWS: awayRole.kind === 'aws' && awayRole.arn })] },
      { decision: 'implicitDeny', kind: 'identity' },
    ],
    [
      'a resource policy denies the account',
      { identity: 'administrator', resource: [allow('*'), deny({ AWS: AWAY })] },
      { decision: 'explicitDeny' },
    ],
    [
      'the owner’s account is denied, not this one',
      { identity: 'administrator', resource: [allow('*'), deny({ AWS: HOME })] },
      { decision: 'allow' },
    ],
  ])('%s', (_what, policies, expected) => {
    expect(ask(awayRole, policies)).toMatchObject(expected);
  });
});

describe('a permissions boundary', () => {
  const boundary = [policy({ Effect: 'Allow', Action: 'glacier:UploadArchive' })];
  test.each<[what: string, policies: Partial<PolicySet>, action: string, expected: Partial<Decision>]>([
    ['lets through what it allows, too', { identity: [ALLOW_ALL] }, 'glacier:UploadArchive', { decision: 'allow' }],
    ['cuts the identity policies', { identity: [ALLOW_ALL] }, 'glacier:DeleteArchive', { decision: 'implicitDeny', kind: 'boundary' }],
    ['allows nothing by itself', {}, 'glacier:UploadArchive', { decision: 'implicitDeny', kind: 'identity' }],
    ['cuts a grant to the role', { resource: [allow({ AWS: ROLE })] }, 'glacier:DeleteArchive', { decision: 'implicitDeny' }],
    ['does not cut a grant to the session', { resource: [allow({ AWS: SESSION })] }, 'glacier:DeleteArchive', { decision: 'allow' }],
  ])('%s', (_what, policies, action, expected) => {
    expect(ask(session, { ...policies, boundary }, { action })).toMatchObject(expected);
  });

  test('denies like any policy', () => {
    expect(ask(session, { identity: [ALLOW_ALL], boundary: [ALLOW_ALL, deny()] })).toMatchObject({
      decision: 'explicitDeny',
      kind: 'boundary',
    });
  });
});

test('where the resource must allow, an administrator of the account is not enough', () => {
  expect(ask(user, { identity: 'administrator', resourceMustAllow: true })).toMatchObject({ decision: 'implicitDeny', kind: 'resource' });
  expect(ask(user, { identity: 'administrator', resource: [allow({ AWS: HOME })], resourceMustAllow: true }).decision).toBe('allow');
});

describe('what a statement is about', () => {
  const denied = (statement: object, overrides: Partial<EvaluationRequest>) =>
    ask(user, { identity: 'administrator', resource: [policy({ Effect: 'Deny', Principal: '*', ...statement })] }, overrides).decision ===
    'explicitDeny';

  test.each<[statement: object, overrides: Partial<EvaluationRequest>, expected: boolean]>([
    [{ Action: 'glacier:delete*' }, { action: 'glacier:DeleteVault' }, true],
    [{ Action: 'GLACIER:DeleteArchive' }, {}, true],
    [{ Action: 'glacier:Delete?rchive' }, {}, true],
    [{ Action: 'glacier:Delete' }, {}, false],
    [{ Action: undefined, NotAction: ['glacier:Get*', 'glacier:List*'] }, {}, true],
    [{ Action: undefined, NotAction: ['glacier:Get*', 'glacier:List*'] }, { action: 'glacier:GetVaultLock' }, false],
    [{ Resource: `${VAULT}*` }, {}, true],
    [{ Resource: VAULT.replace('ledger', 'Ledger') }, {}, false],
    [{ Resource: 'arn:aws:glacier:*:*:vaults/led???' }, {}, true],
    [{ Resource: undefined, NotResource: VAULT }, {}, false],
    [{ Resource: undefined, NotResource: 'arn:aws:glacier:*:*:vaults/other' }, {}, true],
    // Another service's action on a resource that it does not have: IAM matches text, it does not judge.
    [{ Action: 'backup:DeleteRecoveryPoint', Resource: '*' }, { action: 'backup:DeleteRecoveryPoint' }, true],
  ])('%j against %j: denied %s', (statement, overrides, expected) => {
    expect(denied(statement, overrides)).toBe(expected);
  });
});

describe('keys that follow from principal and resource', () => {
  const sees = (principal: Principal, key: string, value: string, context = {}) =>
    ask(
      principal,
      {
        identity: 'administrator',
        resource: [allow('*'), policy({ Effect: 'Deny', Principal: '*', Condition: { StringEquals: { [key]: value } } })],
      },
      { context },
    ).decision === 'explicitDeny';

  test.each<[principal: Principal, key: string, value: string]>([
    [session, 'aws:PrincipalArn', ROLE],
    [session, 'aws:PrincipalType', 'AssumedRole'],
    [session, 'aws:PrincipalAccount', HOME],
    [session, 'aws:ResourceAccount', HOME],
    [session, 'aws:PrincipalIsAWSService', 'false'],
    [user, 'aws:username', 'jo'],
    [user, 'aws:PrincipalType', 'User'],
    [rootUser, 'aws:PrincipalType', 'Account'],
    [{ kind: 'anonymous' }, 'aws:PrincipalType', 'Anonymous'],
    [{ kind: 'anonymous' }, 'aws:PrincipalAccount', 'anonymous'],
    [{ kind: 'service', name: 'sns.amazonaws.com' }, 'aws:PrincipalServiceName', 'sns.amazonaws.com'],
    [{ kind: 'service', name: 'sns.amazonaws.com' }, 'aws:PrincipalIsAWSService', 'true'],
  ])('%j has %s %s', (principal, key, value) => {
    expect(sees(principal, key, value)).toBe(true);
    expect(sees(principal, key, `${value}x`)).toBe(false);
  });

  test('an anonymous caller has neither an ARN nor an answer to whether it is a service', () => {
    const without = (key: string) =>
      deny('*').statements.map((statement) => ({ ...statement, conditions: [{ operator: 'Null', key, values: ['true'] }] }));
    for (const key of ['aws:PrincipalArn', 'aws:PrincipalIsAWSService', 'aws:username']) {
      expect(ask({ kind: 'anonymous' }, { resource: [allow('*'), { statements: without(key) }] }).decision).toBe('explicitDeny');
    }
  });

  test('give way to what the request says', () => {
    expect(sees(user, 'aws:username', 'other', { 'AWS:USERNAME': 'other' })).toBe(true);
  });
});
