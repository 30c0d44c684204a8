import { answerLine } from '../../../local/policy/batch';

const ACCOUNT = '111111111111';
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Auditor/today`;
const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}`;

const deny = (statement: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: '*', ...statement },
});

/** What a session may do whose own account allows everything. */
const decide = (policies: readonly object[], context: object = {}) =>
  answerLine(
    JSON.stringify({
      policies,
      vaultArn: `arn:aws:glacier:us-east-1:${ACCOUNT}:vaults/ledger`,
      principal: SESSION,
      action: 'glacier:DeleteArchive',
      identityAllow: true,
      context,
    }),
  );

const isRole = (arn: string) => deny({ Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } });

describe('a session leaves out the path of its role', () => {
  test.each<[what: string, policy: object, decision: string]>([
    ['a principal without a path', deny({ Principal: { AWS: role('Auditor') } }), 'explicitDeny'],
    ['a principal with a path: there is only one role of the name', deny({ Principal: { AWS: role('legal/Auditor') } }), 'explicitDeny'],
    ['a role of another name', deny({ Principal: { AWS: role('legal/ChiefAuditor') } }), 'allow'],
    ['a role of another account', deny({ Principal: { AWS: role('legal/Auditor').replace(ACCOUNT, '222222222222') } }), 'allow'],
    ['two roles of the name, of which one cannot be', deny({ Principal: { AWS: [role('a/Auditor'), role('b/Auditor')] } }), 'explicitDeny'],
    [
      'all but the session, its role with a path, and the account',
      deny({ Principal: undefined, NotPrincipal: { AWS: [SESSION, role('legal/Auditor'), ACCOUNT] } }),
      'allow',
    ],
    ['a condition without a path', isRole(role('Auditor')), 'explicitDeny'],
    ['a condition with a path', isRole(role('legal/Auditor')), 'unknown'],
    ['a condition on another role', isRole(role('legal/Clerk')), 'allow'],
  ])('%s: %s', (_what, policy, decision) => {
    expect(decide([policy])).toMatchObject({ decision });
  });

  test('a `Principal` settles what a condition means', () => {
    const allow = { Statement: { Effect: 'Allow', Principal: { AWS: role('legal/Auditor') }, Action: '*', Resource: '*' } };
    expect(decide([allow, isRole(role('legal/Auditor'))])).toEqual({ decision: 'explicitDeny', statement: 0 });
    expect(decide([allow, isRole(role('Auditor'))])).toEqual({ decision: 'allow', statement: 0 });
  });

  test('so does the request itself', () => {
    const context = { 'aws:PrincipalArn': role('legal/Auditor') };
    expect(decide([isRole(role('legal/Auditor'))], context)).toMatchObject({ decision: 'explicitDeny' });
    expect(decide([deny({ Principal: { AWS: role('tax/Auditor') } })], context)).toMatchObject({ decision: 'allow' });
  });
});

test('a request that has a key twice is answered with unknown: nobody knows which value counts', () => {
  const hold = deny({ Condition: { StringEquals: { 'glacier:ResourceTag/LegalHold': 'true' } } });
  expect(decide([hold], { 'glacier:ResourceTag/LegalHold': 'true', 'glacier:ResourceTag/legalhold': 'false' })).toEqual({
    decision: 'unknown',
    statement: null,
    error: '`context` has glacier:ResourceTag/legalhold twice (its case does not count)',
  });
});
