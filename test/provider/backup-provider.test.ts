import { Duration, Lazy, NestedStack, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupProvider, BackupVaultAccess, BackupVaultLock, GlacierVault, type BackupLockMode } from '../../src';
import { compliance, decision, existingVault, someAcknowledgement } from '../construct-fixtures/backup';
import { aStack, ENV, OTHER_ACCOUNT, resourceOf } from '../construct-fixtures/stacks';

const PERMISSION = 'CdkVaultLockBackupCompliancePermission';
const PUT_LOCK = 'backup:PutBackupVaultLockConfiguration';
const arnOf = (name: string) => `arn:aws:backup:${ENV.region}:${ENV.account}:backup-vault:${name}`;

function lock(stack: Stack, vaultName: string, mode?: BackupLockMode): BackupVaultLock {
  const vault = existingVault(stack, vaultName);
  return new BackupVaultLock(stack, `Lock-${vaultName}`, { vault, mode, minRetention: Duration.days(7), acknowledgementOutput: false });
}

/** In an environment-agnostic stack no acknowledgement can be held against its lock at synthesis. */
const permanent = (vaultName: string, days = 7) => compliance(Duration.days(days), someAcknowledgement(vaultName));

const putLock = (stack: Stack, vaultName: string, changeableForDays?: string) =>
  decision(stack, PUT_LOCK, arnOf(vaultName), changeableForDays === undefined ? {} : { 'backup:ChangeableForDays': changeableForDays });

describe('by default the provider', () => {
  const stack = aStack();
  lock(stack, 'prod');
  const template = Template.fromStack(stack);

  test('is one function of its own, which outlives neither its log nor its events', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Timeout: 300,
      LoggingConfig: { LogGroup: { Ref: 'CdkVaultLockBackupLogs' } },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 2 });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test('may do what locks in governance mode need, and nothing else', () => {
    const vaults = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':backup:eu-west-1:111111111111:backup-vault:*']],
    };
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: Match.anyValue() },
          {
            Effect: 'Allow',
            Action: [
              'backup:DescribeBackupVault',
              'backup:ListRecoveryPointsByBackupVault',
              'backup:ListTags',
              'backup:DeleteBackupVaultLockConfiguration',
            ],
            Resource: vaults,
          },
          { Effect: 'Allow', Action: PUT_LOCK, Resource: vaults, Condition: { Null: { 'backup:ChangeableForDays': 'true' } } },
          {
            Effect: 'Allow',
            Action: ['backup:TagResource', 'backup:UntagResource'],
            Resource: vaults,
            Condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': 'cdk-vault-lock/*' } },
          },
          { Effect: 'Allow', Action: 'backup:ListBackupVaults', Resource: '*' },
          {
            Effect: 'Allow',
            Action: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'],
            Resource: { Ref: 'AWS::StackId' },
          },
        ],
      },
    });
  });

  test('changes no tags but its own', () => {
    const tag = (...keys: string[]) => decision(stack, 'backup:TagResource', arnOf('prod'), { 'aws:TagKeys': keys });

    expect(tag('cdk-vault-lock/lock-owner', 'cdk-vault-lock/lock-claim')).toBe('allow');
    expect(tag('cdk-vault-lock/lock-owner', 'team')).toBe('implicitDeny');
  });

  test.each([
    'backup:DeleteRecoveryPoint',
    'backup:UpdateRecoveryPointLifecycle',
    'backup:DeleteBackupVault',
    'backup:PutBackupVaultAccessPolicy',
  ])('has no way to %s', (action) => {
    expect(decision(stack, action, arnOf('prod'))).toBe('implicitDeny');
  });
});

describe('a lock date', () => {
  test.each(['3', '7', '36500'])('cannot be set %s days ahead by a stack that has locks in governance mode only', (days) => {
    const stack = aStack({});
    lock(stack, 'prod');
    new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack, 'test') }).blockRecoveryPointDeletion();

    expect(putLock(stack, 'prod')).toBe('allow');
    expect(putLock(stack, 'prod', days)).toBe('implicitDeny');
  });

  test('can be set for the vaults that have a lock in compliance mode, not before the shortest cooling-off period', () => {
    const stack = aStack({});
    lock(stack, 'prod', permanent('prod', 7));
    lock(stack, 'archive', permanent('archive', 30));
    lock(stack, 'test');

    expect(['6', '7', '30'].map((days) => putLock(stack, 'prod', days))).toEqual(['implicitDeny', 'allow', 'allow']);
    expect(putLock(stack, 'archive', '7')).toBe('allow');
    expect(putLock(stack, 'test', '30')).toBe('implicitDeny');
  });

  test('can be moved as far away as it goes for all vaults then: a lock that goes back to governance mode may need it', () => {
    const stack = aStack({});
    lock(stack, 'prod', permanent('prod'));
    lock(stack, 'demoted');

    expect(putLock(stack, 'demoted', '36500')).toBe('allow');
    expect(putLock(stack, 'demoted', '36499')).toBe('implicitDeny');
  });

  test('can be moved there in all regions: one lock may stay in compliance mode while another, elsewhere, goes back', () => {
    const stack = aStack({});
    lock(stack, 'prod', permanent('prod'));
    const abroad = (days: string, account = ENV.account) =>
      decision(stack, PUT_LOCK, `arn:aws:backup:us-east-1:${account}:backup-vault:demoted`, { 'backup:ChangeableForDays': days });

    expect([abroad('36500'), abroad('36499'), abroad('36500', OTHER_ACCOUNT)]).toEqual(['allow', 'implicitDeny', 'implicitDeny']);
  });

  test('can be 3 days ahead where the cooling-off period is known at deployment only', () => {
    const stack = aStack({});
    lock(stack, 'prod', compliance(Duration.days(Lazy.number({ produce: () => 10 }))));

    expect(['2', '3'].map((days) => putLock(stack, 'prod', days))).toEqual(['implicitDeny', 'allow']);
  });

  test('waits for its permission', () => {
    const stack = aStack({});
    lock(stack, 'prod', permanent('prod'));
    expect(resourceOf(stack, 'Custom::BackupVaultLock').DependsOn).toEqual([PERMISSION, 'CdkVaultLockBackupDelivery']);
  });

  test.each([
    ['more than 40 vaults', 41, ''],
    ['exactly 40 vaults', 40, 'named'],
  ])('for %s is permitted without an entry per vault beyond 40', (_, count, named) => {
    const stack = aStack({});
    for (let index = 0; index < count; index++) lock(stack, `v${index}x`, permanent(`v${index}x`));

    expect(putLock(stack, 'v0x', '7')).toBe('allow');
    expect(putLock(stack, 'another', '7')).toBe(named ? 'implicitDeny' : 'allow');
  });
});

describe('the permission to assume a role', () => {
  const roleArn = (name: string) => `arn:aws:iam::${ENV.account}:role/${name}`;
  const permissions = (stack: Stack) => {
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as [string, AssumePolicy][];
    return policies
      .filter(([id]) => id.includes('Assume'))
      .map(([id, { Properties }]) => ({
        id,
        name: Properties.PolicyName,
        roles: Properties.PolicyDocument.Statement.map(({ Resource }) => Resource),
      }));
  };
  interface AssumePolicy {
    readonly Properties: { readonly PolicyName: string; readonly PolicyDocument: { readonly Statement: { readonly Resource: unknown }[] } };
  }
  const lockedThrough = (name: string, vaultName = 'prod') => {
    const stack = aStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', roleArn(name));
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack, vaultName), role, minRetention: Duration.days(7) });
    return stack;
  };

  test('is one policy for all that use the role, however it is referred to: 75 locks fit into the role of the function', () => {
    const stack = aStack();
    for (let index = 0; index < 75; index++) {
      const role = iam.Role.fromRoleArn(stack, `Role${index}`, roleArn('locker'));
      const vault = existingVault(stack, `vault-${index}`);
      new BackupVaultLock(stack, `Lock${index}`, { vault, role, minRetention: Duration.days(7) });
    }
    const [permission, ...others] = permissions(stack);

    expect(others).toEqual([]);
    expect(permission?.roles).toEqual([roleArn('locker')]);
    const locks = Object.values(Template.fromStack(stack).findResources('Custom::BackupVaultLock'));
    expect(locks.map(({ DependsOn }) => (DependsOn as string[])[0])).toEqual(locks.map(() => permission?.id));
  });

  test('is another resource for another role, so that the one for the old role is there until the old lock is gone', () => {
    const [before] = permissions(lockedThrough('locker'));
    const [after] = permissions(lockedThrough('other-locker', 'archive'));

    expect(after?.roles).toEqual([roleArn('other-locker')]);
    expect(after?.id).not.toBe(before?.id);
    // Deleting the old policy deletes it by its name.
    expect(after?.name).not.toBe(before?.name);
    expect(permissions(lockedThrough('locker', 'archive'))[0]?.id).toBe(before?.id);
  });

  test('is one each for roles that the app defines, or knows by name', () => {
    const stack = aStack();
    const assumedBy = new iam.AccountRootPrincipal();
    const roles = [
      new iam.Role(stack, 'One', { assumedBy }),
      new iam.Role(stack, 'Two', { assumedBy }),
      iam.Role.fromRoleName(stack, 'Named', 'locker'),
    ];
    roles.forEach((role, index) => {
      new BackupVaultLock(stack, `Lock${index}`, { vault: existingVault(stack, `vault-${index}`), role, minRetention: Duration.days(7) });
    });
    const named = (name: string) => {
      const other = aStack();
      const role = iam.Role.fromRoleName(other, 'Named', name);
      new BackupVaultLock(other, 'Lock', { vault: existingVault(other), role, minRetention: Duration.days(7) });
      return permissions(other).map(({ id }) => id);
    };

    expect(new Set(permissions(stack).map(({ id }) => id)).size).toBe(3);
    expect(named('locker')).toEqual([permissions(stack)[2]?.id]);
    expect(named('other-locker')).not.toEqual(named('locker'));
  });
});

describe('a role of the user', () => {
  const compliant = (role: (stack: Stack) => iam.IRole) => {
    const stack = aStack({});
    BackupProvider.configure(stack, { role: role(stack) });
    lock(stack, 'prod', permanent('prod'));
    new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack, 'test') }).blockRecoveryPointDeletion();
    return Template.fromStack(stack);
  };

  test('gets every permission, under names that other stacks do not use', () => {
    const template = compliant((stack) => iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own'));
    const policies = Object.values(template.findResources('AWS::IAM::Policy')) as { Properties: { PolicyName: string; Roles: string[] } }[];
    const names = policies.map(({ Properties }) => Properties.PolicyName);

    expect(policies.map(({ Properties }) => Properties.Roles)).toEqual([['own'], ['own'], ['own']]);
    expect(new Set(names).size).toBe(3);
    expect(names.filter((name) => /^Archive-?CdkVaultLockBackup.*-(Compliance|AccessPolicies)Permission$/.test(name))).toHaveLength(2);
  });

  test.each([
    [
      'imported, that must not change',
      (stack: Stack) => iam.Role.fromRoleArn(stack, 'Pinned', 'arn:aws:iam::111111111111:role/pinned', { mutable: false }),
    ],
    [
      'without policy updates',
      (stack: Stack) =>
        new iam.Role(stack, 'Pinned', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }).withoutPolicyUpdates(),
    ],
  ])('%s, is left alone', (_, role) => {
    expect(compliant(role).findResources('AWS::IAM::Policy')).toEqual({});
  });
});

describe('BackupProvider.configure', () => {
  test('chooses options before the first lock', () => {
    const stack = aStack();
    const provider = BackupProvider.configure(stack, { memorySize: 512 });
    lock(stack, 'prod');

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512 });
    expect(BackupProvider.configure(stack, { memorySize: 512 })).toBe(provider);
    expect(stack.resolve(provider.handlerFunction.functionArn)).toEqual({ 'Fn::GetAtt': ['CdkVaultLockBackupHandler', 'Arn'] });
  });

  test('is refused after it', () => {
    const stack = aStack();
    lock(stack, 'prod');
    expect(() => BackupProvider.configure(stack, { memorySize: 512 })).toThrow(
      "`BackupProvider.configure` must be called before the first BackupVaultLock or BackupVaultAccess of stack 'Archive', and with the same options each time",
    );
  });
});

test('a stack with vaults of both kinds has a function for each, and neither may do what the other does', () => {
  const stack = aStack();
  lock(stack, 'prod');
  new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  const template = Template.fromStack(stack);

  template.resourceCountIs('AWS::Lambda::Function', 2);
  const statements = JSON.stringify(template.findResources('AWS::IAM::Policy').CdkVaultLockBackupRoleDefaultPolicy6788E7AA);
  expect(statements).toContain('backup:');
  expect(statements).not.toContain('glacier:');
});

test('a nested stack has a function of its own', () => {
  const stack = aStack();
  const nested = new NestedStack(stack, 'Nested');
  lock(stack, 'prod');
  lock(nested, 'test');

  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  Template.fromStack(nested).resourceCountIs('AWS::Lambda::Function', 1);
});
