import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, type IGlacierVault } from '../../src';
import { aStack, deployedPolicy, ENV, OTHER_ACCOUNT, propertiesOf, warningsOf } from '../construct-fixtures/stacks';

const VAULT = 'Custom::GlacierVault';

function aVault(env: { account?: string; region?: string } = ENV) {
  const stack = aStack(env);
  return { stack, vault: new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }) };
}

function aRole(stack: ReturnType<typeof aStack>) {
  return new iam.Role(stack, 'Writer', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
}

const grants: [string, (vault: IGlacierVault, grantee: iam.IGrantable) => iam.Grant, string | string[]][] = [
  [
    'grantUpload',
    (vault, grantee) => vault.grantUpload(grantee),
    [
      'glacier:DescribeVault',
      'glacier:UploadArchive',
      'glacier:InitiateMultipartUpload',
      'glacier:UploadMultipartPart',
      'glacier:CompleteMultipartUpload',
      'glacier:AbortMultipartUpload',
      'glacier:ListParts',
      'glacier:ListMultipartUploads',
    ],
  ],
  [
    'grantRetrieve',
    (vault, grantee) => vault.grantRetrieve(grantee),
    ['glacier:DescribeVault', 'glacier:InitiateJob', 'glacier:DescribeJob', 'glacier:ListJobs', 'glacier:GetJobOutput'],
  ],
  ['grantDelete', (vault, grantee) => vault.grantDelete(grantee), 'glacier:DeleteArchive'],
  ['grant', (vault, grantee) => vault.grant(grantee, 'glacier:GetVaultLock'), 'glacier:GetVaultLock'],
];

describe.each(grants)('%s', (_, grant, actions) => {
  test('goes to the policy of a role of the same account, on this vault only', () => {
    const { stack, vault } = aVault();
    grant(vault, aRole(stack)).assertSuccess();

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Writer') }],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: actions, Resource: { 'Fn::GetAtt': ['LedgerB7379752', 'VaultArn'] } }],
      },
    });
    expect(propertiesOf(stack, VAULT)).not.toHaveProperty('AccessPolicy');
  });

  test('also goes to the access policy for a principal of another account', () => {
    const { stack, vault } = aVault();
    grant(vault, new iam.ArnPrincipal(`arn:aws:iam::${OTHER_ACCOUNT}:role/writer`)).assertSuccess();

    expect(deployedPolicy(propertiesOf(stack, VAULT).AccessPolicy).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:role/writer' },
        Action: actions,
        Resource: 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger',
      },
    ]);
  });
});

test('a role that this app defines in another account is named in both policies', () => {
  const app = new App();
  const role = new iam.Role(aStack({ ...ENV, account: OTHER_ACCOUNT }, app, 'Partner'), 'Writer', {
    roleName: 'writer',
    assumedBy: new iam.AccountRootPrincipal(),
  });
  const stack = aStack(ENV, app);
  new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }).grantUpload(role);

  expect(deployedPolicy(propertiesOf(stack, VAULT).AccessPolicy).Statement).toMatchObject([
    { Principal: { AWS: 'arn:aws:iam::222222222222:role/writer' } },
  ]);
  expect(JSON.stringify(Template.fromStack(role.stack).findResources('AWS::IAM::Policy'))).toContain(
    ':glacier:eu-west-1:111111111111:vaults/ledger',
  );
});

test('in a stack of an unknown account, a role of the stack needs no access policy', () => {
  const { stack, vault } = aVault({});
  vault.grantUpload(aRole(stack));

  expect(propertiesOf(stack, VAULT)).not.toHaveProperty('AccessPolicy');
});

describe('a grant on an imported vault', () => {
  test('goes to the policy of a role of the same account', () => {
    const stack = aStack();
    GlacierVault.fromVaultName(stack, 'Ledger', 'ledger').grantDelete(aRole(stack)).assertSuccess();

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'glacier:DeleteArchive', Effect: 'Allow' }] },
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('to a role of another account is half a grant, and says so', () => {
    const stack = aStack();
    const vault = GlacierVault.fromVaultArn(stack, 'Ledger', `arn:aws:glacier:eu-west-1:${OTHER_ACCOUNT}:vaults/ledger`);
    vault.grantDelete(aRole(stack));

    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:grantOnImportedVault']);
  });

  test('to a principal without policies of its own is none, and says so', () => {
    const stack = aStack();
    const grant = GlacierVault.fromVaultName(stack, 'Ledger', 'ledger').grantDelete(new iam.AccountPrincipal(OTHER_ACCOUNT));

    expect(grant.success).toBe(false);
    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:grantOnImportedVault']);
  });
});
