import { NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { GlacierProvider, GlacierVault, type GlacierProviderOptions } from '../../src';
import { aStack } from '../construct-fixtures/stacks';

const HANDLER = 'CdkVaultLockGlacierHandler';

function configured(options: (stack: Stack) => GlacierProviderOptions) {
  const stack = aStack();
  GlacierProvider.configure(stack, options(stack));
  new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  return { stack, template: Template.fromStack(stack) };
}

describe('by default the provider', () => {
  const { template } = configured(() => ({}));

  test('is one function with the bundled handler on a current Node runtime', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Runtime: Match.stringLikeRegexp('^nodejs\\d+\\.x$'),
      Timeout: 300,
      MemorySize: 256,
      LoggingConfig: { LogGroup: { Ref: 'CdkVaultLockGlacierLogs' } },
    });
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('drops events that CloudFormation has given up on', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: HANDLER },
      MaximumEventAgeInSeconds: 600,
      MaximumRetryAttempts: 2,
    });
    template.hasResource('Custom::GlacierVault', { DependsOn: ['CdkVaultLockGlacierDelivery'] });
  });

  test('keeps its log for a year, also when the stack is gone', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 365 },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('may do what vaults and reversible locks need, and nothing else', () => {
    const arn = (service: string, resource: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:eu-west-1:111111111111:${resource}`]],
    });

    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': ['CdkVaultLockGlacierLogs', 'Arn'] },
          },
          {
            Effect: 'Allow',
            Action: [
              'glacier:DescribeVault',
              'glacier:CreateVault',
              'glacier:DeleteVault',
              'glacier:AddTagsToVault',
              'glacier:RemoveTagsFromVault',
              'glacier:ListTagsForVault',
              'glacier:GetVaultAccessPolicy',
              'glacier:SetVaultAccessPolicy',
              'glacier:DeleteVaultAccessPolicy',
              'glacier:GetVaultNotifications',
              'glacier:SetVaultNotifications',
              'glacier:DeleteVaultNotifications',
              'glacier:GetVaultLock',
              'glacier:InitiateVaultLock',
              'glacier:AbortVaultLock',
            ],
            Resource: arn('glacier', 'vaults/*'),
          },
          {
            Effect: 'Allow',
            Action: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'],
            Resource: arn('ssm', 'parameter/cdk-vault-lock/glacier/*'),
          },
          { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
          { Effect: 'Allow', Action: 'cloudformation:DescribeStackEvents', Resource: { Ref: 'AWS::StackId' } },
        ],
      },
    });
  });

  test('is there before its permissions are used', () => {
    template.hasResource('AWS::Lambda::Function', {
      DependsOn: Match.arrayWith(['CdkVaultLockGlacierRoleDefaultPolicy6873E11A']),
    });
  });
});

describe('GlacierProvider.configure', () => {
  test('puts the function into a VPC and lets it have its network interfaces', () => {
    const { template } = configured((stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) }));

    template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: Match.stringLikeRegexp('Private') }] } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface']), Resource: '*' }),
        ]),
      },
    });
  });

  test('chooses subnets and security groups', () => {
    const { template } = configured((stack) => ({
      vpc: new ec2.Vpc(stack, 'Vpc', {
        maxAzs: 1,
        subnetConfiguration: [{ name: 'Closed', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      }),
      vpcSubnets: { subnetGroupName: 'Closed' },
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123')],
    }));

    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SecurityGroupIds: ['sg-0123'], SubnetIds: [{ Ref: Match.stringLikeRegexp('Closed') }] },
    });
  });

  test('gives all statements to a role of the user', () => {
    const { template } = configured((stack) => ({
      role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
    }));

    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Own') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['glacier:InitiateVaultLock']) })]) },
    });
  });

  test('chooses log group, key, memory and concurrency', () => {
    const { template } = configured((stack) => ({
      logGroup: new logs.LogGroup(stack, 'Logs'),
      environmentEncryption: new kms.Key(stack, 'Key'),
      memorySize: 512,
      reservedConcurrentExecutions: 3,
    }));

    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^Logs') } },
      KmsKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
      MemorySize: 512,
      ReservedConcurrentExecutions: 3,
    });
  });

  test('is refused after the first vault, unless nothing changes', () => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger');

    expect(() => GlacierProvider.configure(stack, { memorySize: 512 })).toThrow(
      "`GlacierProvider.configure` must be called before the first GlacierVault or GlacierVaultLock of stack 'Archive', and with the same options each time: " +
        'the function is already there with other options. Move the call up, or drop it.',
    );
    expect(() => GlacierProvider.configure(stack, {})).not.toThrow();
  });

  test('may be called again with the same options, by whatever part of the app', () => {
    const stack = aStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const options = () => ({ vpc, vpcSubnets: { subnetGroupName: 'Private' }, memorySize: 512 });
    const provider = GlacierProvider.configure(stack, options());

    expect(GlacierProvider.configure(stack, options())).toBe(provider);
    expect(() => GlacierProvider.configure(stack, { ...options(), vpcSubnets: { subnetGroupName: 'Public' } })).toThrow(/other options/);
    expect(() => GlacierProvider.configure(stack, { ...options(), vpc: new ec2.Vpc(stack, 'Other') })).toThrow(/other options/);
  });

  test.each<[string, GlacierProviderOptions]>([
    ['vpcSubnets', { vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }],
    ['securityGroups', { securityGroups: [] }],
  ])('refuses %s without a VPC', (name, options) => {
    expect(() => GlacierProvider.configure(aStack(), options)).toThrow(
      `\`${name}\` needs \`vpc\`: without a VPC the function has no network of its own. Give \`vpc\`, or drop \`${name}\`.`,
    );
  });

  test('hands out the function', () => {
    const stack = aStack();
    const { handlerFunction } = GlacierProvider.configure(stack, {});
    expect(stack.resolve(handlerFunction.functionArn)).toEqual({ 'Fn::GetAtt': [HANDLER, 'Arn'] });
  });
});

test('a nested stack has a function of its own', () => {
  const stack = aStack();
  const nested = new NestedStack(stack, 'Nested');
  new GlacierVault(stack, 'Ledger');
  new GlacierVault(nested, 'Journal');

  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  Template.fromStack(nested).resourceCountIs('AWS::Lambda::Function', 1);
});
