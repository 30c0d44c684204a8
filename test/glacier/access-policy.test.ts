import { CfnParameter, Fn, Lazy, type Environment } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault } from '../../src';
import { aStack, deployedPolicy, ENV, OTHER_ACCOUNT, propertiesOf, synthesis, warningsOf } from '../construct-fixtures/stacks';

const VAULT = 'Custom::GlacierVault';
const OWN_ARN = 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger';

function vaultWith(env: Environment = ENV, ...statements: iam.PolicyStatement[]) {
  const stack = aStack(env);
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  statements.forEach((statement) => vault.addToAccessPolicy(statement));
  return { stack, vault };
}

function policyIn(stack: ReturnType<typeof aStack>) {
  return deployedPolicy(propertiesOf(stack, VAULT).AccessPolicy);
}

const partner = new iam.AccountPrincipal(OTHER_ACCOUNT);
const partnersUpload = (props: Partial<iam.PolicyStatementProps> = {}) =>
  new iam.PolicyStatement({ actions: ['glacier:UploadArchive'], principals: [partner], ...props });

describe('an access policy', () => {
  test('is JSON text with the given and the added statements, each for this vault', () => {
    const stack = aStack();
    const accessPolicy = new iam.PolicyDocument({ statements: [partnersUpload({ sid: 'Given' })] });
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger', accessPolicy });
    vault.addToAccessPolicy(partnersUpload({ sid: 'Added', actions: ['glacier:ListJobs'] }));

    expect(policyIn(stack)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Given',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::222222222222:root' },
          Action: 'glacier:UploadArchive',
          Resource: OWN_ARN,
        },
        {
          Sid: 'Added',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::222222222222:root' },
          Action: 'glacier:ListJobs',
          Resource: OWN_ARN,
        },
      ],
    });
  });

  test('that two vaults share gets nothing from either', () => {
    const stack = aStack();
    const accessPolicy = new iam.PolicyDocument({ statements: [partnersUpload()] });
    new GlacierVault(stack, 'A', { accessPolicy }).addToAccessPolicy(partnersUpload({ actions: ['glacier:ListJobs'] }));
    const other = aStack();
    new GlacierVault(other, 'B', { accessPolicy });

    expect(policyIn(other).Statement).toHaveLength(1);
  });

  test('without statements is absent', () => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger', { vaultName: 'ledger', accessPolicy: new iam.PolicyDocument() });
    expect(propertiesOf(stack, VAULT)).not.toHaveProperty('AccessPolicy');
  });

  test('may name its own vault by attribute without waiting for itself', () => {
    const { stack, vault } = vaultWith();
    vault.addToAccessPolicy(
      partnersUpload({ resources: [vault.vaultArn], conditions: { StringEquals: { 'aws:PrincipalTag/vault': vault.vaultName } } }),
    );

    expect(policyIn(stack).Statement[0]).toMatchObject({
      Resource: OWN_ARN,
      Condition: { StringEquals: { 'aws:PrincipalTag/vault': 'ledger' } },
    });
    expect(JSON.stringify(propertiesOf(stack, VAULT))).not.toContain('VaultArn');
  });

  test('may get its principal after it was added', () => {
    const statement = new iam.PolicyStatement({ actions: ['glacier:ListJobs'] });
    const { stack } = vaultWith(ENV, statement);
    statement.addPrincipals(partner);

    expect(policyIn(stack).Statement[0]).toMatchObject({ Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Resource: OWN_ARN });
  });

  test('keeps a policy variable and characters that JSON escapes', () => {
    const prefix = '${aws:username}/"quoted" \\ Zürich';
    const { stack } = vaultWith({}, partnersUpload({ conditions: { StringLike: { 'aws:userid': prefix } } }));

    expect(policyIn(stack).Statement[0]).toMatchObject({ Condition: { StringLike: { 'aws:userid': prefix } } });
  });
});

describe('an access policy is refused', () => {
  const refusal = (statement: iam.PolicyStatement, env: Environment = ENV) => expect(synthesis(vaultWith(env, statement).stack)).toThrow;
  const accepted = (statement: iam.PolicyStatement, env: Environment = ENV) =>
    expect(synthesis(vaultWith(env, statement).stack)).not.toThrow();

  test('without principal', () => {
    refusal(new iam.PolicyStatement({ sid: 'Nobody', actions: ['glacier:ListJobs'] }))(
      '`accessPolicy`: Statement[0] ("Nobody") has no principal, and a policy that is attached to a vault must say whom it means. ' +
        'Add `principals`; `new StarPrincipal()` means everyone.',
    );
  });

  test('with NotPrincipal', () => {
    refusal(new iam.PolicyStatement({ actions: ['glacier:ListJobs'], notPrincipals: [partner] }))(
      /`accessPolicy`: Statement\[0\] has `NotPrincipal`.*ArnNotLike condition on aws:PrincipalArn/,
    );
  });

  test.each([
    ['another name', 'arn:aws:glacier:eu-west-1:111111111111:vaults/other', ENV],
    ['another name, wherever it is deployed', 'arn:aws:glacier:eu-west-1:111111111111:vaults/other', {}],
    ['another region', 'arn:aws:glacier:us-east-1:111111111111:vaults/ledger', ENV],
    ['another partition', 'arn:aws-cn:glacier:eu-west-1:111111111111:vaults/*', ENV],
    ['another service', 'arn:aws:s3:::ledger', ENV],
    ['the singular of the samples', 'arn:aws:glacier:eu-west-1:111111111111:vault/ledger', {}],
  ])('with %s in each of its resources', (_, resource, env) => {
    refusal(partnersUpload({ resources: [resource] }), env)(/can never mean the vault that it is attached to.*Leave `resources` out/);
  });

  test('when `NotResource` is this vault', () => {
    refusal(partnersUpload({ notResources: ['arn:aws:glacier:*:*:vaults/led*'] }))(/everything but this vault.*can never mean the vault/);
  });

  test.each([
    ['*', ENV],
    ['*', {}],
    ['arn:aws:glacier:*:*:vaults/*', {}],
    ['arn:aws:glacier:eu-west-1:111111111111:vaults/led*', ENV],
    ['arn:aws:glacier:us-east-1:333333333333:vaults/ledger', {}],
  ])('but not for the resource %s in %j', (resource, env) => {
    accepted(partnersUpload({ resources: [resource] }), env);
  });

  test('but not for resources that are known at deployment only', () => {
    const { stack, vault } = vaultWith();
    const parameter = new CfnParameter(stack, 'Resource');
    vault.addToAccessPolicy(partnersUpload({ resources: [parameter.valueAsString] }));
    vault.addToAccessPolicy(partnersUpload({ resources: [Fn.join(':', ['arn:aws:glacier', parameter.valueAsString])] }));
    vault.addToAccessPolicy(partnersUpload({ resources: [Lazy.string({ produce: () => OWN_ARN })] }));

    expect(synthesis(stack)).not.toThrow();
  });

  test('above 20,480 bytes, which count in UTF-8', () => {
    const statement = (length: number) => partnersUpload({ conditions: { StringEquals: { 'aws:userid': 'ü'.repeat(length) } } });
    const envelope = Buffer.byteLength(
      `{"Version":"2012-10-17","Statement":[{"Action":"glacier:UploadArchive","Condition":{"StringEquals":{"aws:userid":""}},` +
        `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Resource":"${OWN_ARN}"}]}`,
    );
    const fitting = Math.floor((20_480 - envelope) / 2);

    accepted(statement(fitting));
    refusal(statement(fitting + 1))(
      new RegExp(`\`accessPolicy\` must have at most 20480 bytes \\(the 20 KB of Glacier\\), got: ${envelope + 2 * (fitting + 1)} bytes`),
    );
    refusal(statement(11_000), {})(/at most 20480 bytes .* got: at least 22\d\d\d bytes/);
  });
});

describe('an access policy is warned about', () => {
  const warnings = (statement: iam.PolicyStatement) => warningsOf(vaultWith(ENV, statement).stack);

  test('when it lets everyone in', () => {
    const everyone = { principals: [new iam.StarPrincipal()] };
    const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };

    expect(warnings(partnersUpload(everyone))).toEqual(['cdk-vault-lock:publicAccessPolicy']);
    expect(warnings(partnersUpload({ principals: [new iam.AnyPrincipal()] }))).toEqual(['cdk-vault-lock:publicAccessPolicy']);
    expect(warnings(partnersUpload({ ...everyone, conditions: organization }))).toEqual([]);
  });

  test('when it denies the deployments that would have to take it back', () => {
    const denyAll = { effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], actions: ['glacier:*'] };
    expect(warnings(partnersUpload(denyAll))).toEqual(['cdk-vault-lock:accessPolicyDeniesDeployments']);
    expect(warnings(partnersUpload({ ...denyAll, actions: ['glacier:DeleteArchive'] }))).toEqual([]);
    expect(warnings(partnersUpload({ ...denyAll, principals: [partner] }))).toEqual([]);
  });
});

describe('actions that no policy of a vault can have', () => {
  test.each(['s3:GetObject', 'glacier:CreateVault', 'Glacier:SetDataRetrievalPolicy'])('%s is refused at synthesis', (action) => {
    const { stack } = vaultWith(ENV, partnersUpload({ actions: ['glacier:UploadArchive', action] }));

    expect(synthesis(stack)).toThrow(`\`accessPolicy\`: Statement[0] names the action '${action}', which no policy of a vault can have`);
  });

  test.each(['glacier:*', 'glacier:Delete*', '*'])('%s may mean one that can', (action) => {
    const { stack } = vaultWith(ENV, partnersUpload({ actions: [action] }));

    expect(synthesis(stack)).not.toThrow();
  });
});
