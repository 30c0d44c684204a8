import { Annotations, Aws, Fn, type Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy, type LockPolicyDocumentOptions } from '../../src';
import { aStack, ENV, ONE_YEAR, OTHER_ACCOUNT, synthesis, warningsOf } from '../construct-fixtures/stacks';

const AGE = { NumericLessThan: { 'glacier:ArchiveAgeInDays': '365' } };

function lockedBy(props: Partial<iam.PolicyStatementProps>, options?: LockPolicyDocumentOptions, env: Environment = ENV) {
  const stack = aStack(env);
  const statement = new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    actions: props.notActions ? undefined : ['glacier:DeleteArchive'],
    ...props,
  });
  const policy = VaultLockPolicy.fromDocument(new iam.PolicyDocument({ statements: [statement] }), options);
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  new GlacierVaultLock(stack, 'Lock', { vault, policy });
  return { stack };
}

const refusalOf = (...args: Parameters<typeof lockedBy>) => expect(synthesis(lockedBy(...args).stack)).toThrow;
const warnings = (...args: Parameters<typeof lockedBy>) => warningsOf(lockedBy(...args).stack);

describe('a lock policy is refused', () => {
  test('without principal', () => {
    refusalOf({ sid: 'Keep', principals: [] })(/\[Archive\/Lock\] `policy`: Statement\[0\] \("Keep"\) has no principal.*Add `principals`/s);
  });

  test('with NotPrincipal', () => {
    refusalOf({ principals: undefined, notPrincipals: [new iam.AccountPrincipal(OTHER_ACCOUNT)] })(/Statement\[0\] has `NotPrincipal`/);
  });

  test.each<[Environment]>([[ENV], [{}]])('for another vault in %j', (env) => {
    refusalOf(
      { resources: ['arn:aws:glacier:eu-west-1:111111111111:vaults/other'] },
      {},
      env,
    )(
      /`policy`: Statement\[0\] is for 'arn:aws:glacier:eu-west-1:111111111111:vaults\/other' and can never mean the vault that it is attached to, 'arn:.*:vaults\/ledger'/,
    );
  });

  test('above 20,480 bytes, also when it is the legal hold that makes it so', () => {
    refusalOf({ conditions: { StringEquals: { 'aws:userid': 'x'.repeat(20_480) } } })(/`policy` must have at most 20480 bytes/);

    const stack = aStack({});
    const administrators = Array.from({ length: 500 }, (_, index) => new iam.ArnPrincipal(`arn:aws:iam::111111111111:role/legal-${index}`));
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators });
    new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger'), policy });
    expect(synthesis(stack)).toThrow(/`policy` must have at most 20480 bytes .* got: at least 2\d{4} bytes/);
  });

  test('when an action is no action', () => {
    const broken = Object.assign(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()] }), {
      toStatementJson: () => ({ Effect: 'Deny', Principal: '*', Action: 'DeleteArchive' }),
    });
    const stack = aStack();
    const policy = VaultLockPolicy.fromDocument(new iam.PolicyDocument({ statements: [broken] }));
    new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger'), policy });

    expect(synthesis(stack)).toThrow(/`policy` is no policy: the `Action` of Statement\[0\] holds "DeleteArchive"/);
  });
});

describe('a lock policy that denies the deployments of its own stack is refused', () => {
  test.each<[string, Partial<iam.PolicyStatementProps>, Environment]>([
    ['every action', { actions: ['*'] }, ENV],
    ['every Glacier action', { actions: ['glacier:*'] }, ENV],
    ['in another case', { actions: ['Glacier:ABORTVaultLock'] }, ENV],
    ['aborting', { actions: ['glacier:DeleteArchive', 'glacier:AbortVaultLock'] }, ENV],
    ['completing', { actions: ['glacier:CompleteVaultLock'] }, ENV],
    ['initiating', { actions: ['glacier:Initiate*'] }, ENV],
    ['looking at the lock', { actions: ['glacier:GetVaultLock'] }, ENV],
    ['looking at the vault', { actions: ['glacier:DescribeVault'] }, ENV],
    ['looking at the access policy', { actions: ['glacier:GetVaultAccessPolicy'] }, ENV],
    ['all but some', { notActions: ['glacier:UploadArchive'] }, ENV],
    ['the own account', { actions: ['glacier:*'], principals: [new iam.AccountRootPrincipal()] }, ENV],
    ['the own account, wherever that is', { actions: ['glacier:*'], principals: [new iam.AccountRootPrincipal()] }, {}],
    ['the own account by its id', { actions: ['glacier:*'], principals: [new iam.AccountPrincipal(ENV.account)] }, ENV],
    ['with a condition that deployments meet', { actions: ['glacier:*'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } }, ENV],
    ['with the age of no archive', { actions: ['glacier:*'], conditions: { NumericLessThanIfExists: AGE.NumericLessThan } }, ENV],
  ])('%s', (_, props, env) => {
    refusalOf(
      props,
      {},
      env,
    )(/`policy`: Statement\[0\] denies everyone, the deployments of this stack included.*`allowSelfLockout: true`/s);
  });

  test.each<[string, Partial<iam.PolicyStatementProps>]>([
    ['other actions', { actions: ['glacier:DeleteArchive', 'glacier:DeleteVault', 'glacier:SetVaultAccessPolicy'] }],
    ['another account', { actions: ['glacier:*'], principals: [new iam.AccountPrincipal(OTHER_ACCOUNT)] }],
    ['a single role', { actions: ['glacier:*'], principals: [new iam.ArnPrincipal('arn:aws:iam::111111111111:role/intern')] }],
    ['requests for young archives', { actions: ['glacier:*'], conditions: AGE }],
    ['requests without TLS', { actions: ['glacier:*'], conditions: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['requests of AWS services', { actions: ['glacier:*'], conditions: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }],
    ['all but what deployments call', { notActions: ['glacier:Get*', 'glacier:List*', 'glacier:Describe*', 'glacier:*VaultLock'] }],
  ])('but not %s', (_, props) => {
    expect(synthesis(lockedBy(props).stack)).not.toThrow();
    expect(warnings(props)).not.toContain('cdk-vault-lock:selfLockout');
  });

  test('unless that was asked for; then it is a warning', () => {
    expect(warnings({ actions: ['glacier:*'] }, { allowSelfLockout: true })).toEqual(['cdk-vault-lock:selfLockout']);
  });

  test('or unless a condition may spare them; then it is a warning', () => {
    const conditions = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/deploy*' } };
    expect(warnings({ actions: ['glacier:*'], conditions })).toEqual(['cdk-vault-lock:selfLockout']);
  });
});

describe('a lock policy is warned about', () => {
  test('when it denies nothing', () => {
    expect(warnings({ effect: iam.Effect.ALLOW, conditions: AGE })).toContain('cdk-vault-lock:lockPolicyWithoutDeny');
  });

  test('when it denies whole accounts and leaves the others', () => {
    expect(warnings({ principals: [new iam.AccountRootPrincipal()] })).toEqual(['cdk-vault-lock:lockPolicySparesOtherAccounts']);
  });

  test('when it asks for the age of an archive where there is none', () => {
    expect(warnings({ actions: ['glacier:DeleteVault'], conditions: AGE })).toEqual(['cdk-vault-lock:wrong-action']);
    expect(warnings({ actions: ['glacier:DeleteArchive', 'glacier:UploadArchive'], conditions: AGE })).toEqual([
      'cdk-vault-lock:wrong-action',
    ]);
    expect(warnings({ actions: ['glacier:DeleteArchive', 'glacier:InitiateJob'], conditions: AGE })).toEqual([]);
    expect(warnings({ actions: ['glacier:Delete*'], conditions: AGE })).toEqual([]);
  });

  test('until the warning is acknowledged', () => {
    const { stack } = lockedBy({ effect: iam.Effect.ALLOW });
    Annotations.of(stack).acknowledgeWarning('cdk-vault-lock:lockPolicyWithoutDeny', 'a rehearsal');
    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:public-access']);
  });

  test('when a token stands for more than text in it, so that nobody can read it', () => {
    const { stack } = lockedBy({ actions: Fn.split(',', Fn.importValue('Actions')) });
    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:policyNotJudged']);
  });

  test('but a retention with a legal hold is not', () => {
    const stack = aStack();
    const policy = ONE_YEAR.withLegalHold({
      tagKey: 'LegalHold',
      administrators: [new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::111111111111:role/legal`)],
    });
    new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger'), policy });

    Template.fromStack(stack).resourceCountIs('Custom::GlacierVaultLock', 1);
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('a misspelt action beside an age is told once', () => {
  expect(warnings({ actions: ['glacier:DeleteArchives'], conditions: AGE })).toEqual(['cdk-vault-lock:wrong-action']);
});
