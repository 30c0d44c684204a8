import { App, CfnParameter, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  BackupVaultAccess,
  BackupVaultLock,
  expectVaultLock,
  GlacierVault,
  GlacierVaultLock,
  RequiredLockMode,
  VaultLockAssertions,
  VaultLockPolicy,
  VaultLockStage,
  type VaultLockAssertionsProps,
} from '../../src';
import { existingVault } from '../construct-fixtures/backup';
import { aStack, ENV } from '../construct-fixtures/stacks';

const ADMINISTRATOR = `arn:aws:iam::${ENV.account}:role/Administrator`;

function ledger(policy: VaultLockPolicy, env: object = ENV) {
  const stack = aStack(env);
  const vault = new GlacierVault(stack, 'Vault', { vaultName: 'ledger' });
  new GlacierVaultLock(stack, 'Lock', { vault, policy });
  return { stack, vault };
}

const expectLock = (stack: Stack, props?: VaultLockAssertionsProps) => expectVaultLock(Template.fromStack(stack), props);

/** A policy of the user's own, with one statement. */
const ofOneDeny = (props: iam.PolicyStatementProps) =>
  VaultLockPolicy.fromDocument(
    new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          actions: ['glacier:DeleteArchive'],
          principals: [new iam.StarPrincipal()],
          ...props,
        }),
      ],
    }),
  );

describe('deniesDeletionBefore', () => {
  test.each([
    ['of a known account and region', ENV],
    ['of whatever account and region', {}],
  ])('holds up to the very age, in a stack %s', (_, env) => {
    const { stack } = ledger(VaultLockPolicy.retain(Duration.days(365)), env);

    expect(() => expectLock(stack).deniesDeletionBefore(Duration.days(365)).hasNoFindings()).not.toThrow();
    expect(() => expectLock(stack).deniesDeletionBefore(Duration.days(366))).toThrow(
      /Expected the lock of vault 'ledger' to deny deletion before 366 days\. .* is not denied glacier:DeleteArchive on an archive of 365 days: Statement\[0\] \("RetainArchives"\) of the lock policy does not deny it/,
    );
  });

  test('shows who is left free by a lock that only means the own account', () => {
    const { stack } = ledger(ofOneDeny({ principals: [new iam.AccountPrincipal(ENV.account)] }));

    expect(() => expectLock(stack).deniesDeletionBefore(Duration.days(1))).toThrow(
      /arn:aws:iam::(?!111111111111)\d{12}:role\/\w+ is not denied/,
    );
  });

  test('is not taken for true where nobody knows', () => {
    const stack = aStack();
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    const vault = new GlacierVault(stack, 'Vault', { vaultName: 'ledger' });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(days)) });

    expect(() => expectLock(stack).deniesDeletionBefore(Duration.days(1))).toThrow(/It cannot be proved/);
    expect(() => expectLock(stack).deniesDeletionBefore(Duration.days(days))).toThrow(/`period` must be known/);
  });

  test('of a template for another account than the policy is for does not hold', () => {
    const { stack } = ledger(VaultLockPolicy.retain(Duration.days(365)));

    expect(() => expectLock(stack, { account: '222222222222' }).deniesDeletionBefore(Duration.days(365))).toThrow(/Expected/);
    expect(() => expectLock(stack, ENV).deniesDeletionBefore(Duration.days(365))).not.toThrow();
  });

  test('of a backup vault is the shortest retention of its lock', () => {
    const stack = aStack();
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    new backup.BackupVault(stack, 'Native', { backupVaultName: 'native', lockConfiguration: { minRetention: Duration.days(30) } });
    new backup.CfnBackupVault(stack, 'Open', {
      backupVaultName: 'open',
      lockConfiguration: { minRetentionDays: 1 },
    }).addPropertyDeletionOverride('LockConfiguration.MinRetentionDays');

    expect(() => expectLock(stack, { vault: 'prod' }).deniesDeletionBefore(Duration.days(7))).not.toThrow();
    expect(() => expectLock(stack, { vault: 'prod' }).deniesDeletionBefore(Duration.days(8))).toThrow(/Its shortest retention is 7 days/);
    expect(() => expectLock(stack, { vault: 'native' }).deniesDeletionBefore(Duration.days(30))).not.toThrow();
    expect(() => expectLock(stack, { vault: 'native' }).deniesDeletionBefore(Duration.days(31))).toThrow(/30 days/);
  });
});

describe('legalHoldStops', () => {
  const held = () =>
    ledger(
      VaultLockPolicy.retain(Duration.days(30)).withLegalHold({ tagKey: 'hold', administrators: [new iam.ArnPrincipal(ADMINISTRATOR)] }),
    );

  test('holds for the hold that was written', () => {
    const { stack } = held();
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', tagValue: 'true', liftableBy: [ADMINISTRATOR] })).not.toThrow();
  });

  test('shows who else can lift it, or that another tag is none', () => {
    const { stack } = held();
    const other = `arn:aws:iam::${ENV.account}:role/Other`;
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', tagValue: 'true', liftableBy: [other] })).toThrow(
      /'hold'\. .*role\/Administrator is not denied glacier:(AddTagsToVault|RemoveTagsFromVault)/,
    );
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'litigation', liftableBy: [ADMINISTRATOR] })).toThrow(/tag litigation/);
  });

  test('knows roles of the template by their logical ids', () => {
    const stack = aStack();
    const role = new iam.Role(stack, 'Counsel', { assumedBy: new iam.AccountRootPrincipal() });
    const vault = new GlacierVault(stack, 'Vault', { vaultName: 'ledger' });
    const policy = VaultLockPolicy.retain(Duration.days(30)).withLegalHold({ tagKey: 'hold', administrators: [role] });
    new GlacierVaultLock(stack, 'Lock', { vault, policy });
    const id = stack.getLogicalId(role.node.defaultChild as iam.CfnRole);

    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', tagValue: 'true', liftableBy: [id] })).not.toThrow();
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', tagValue: 'true', liftableBy: [ADMINISTRATOR] })).toThrow(/Expected/);
  });
});

describe('allowsUploadBy', () => {
  test('holds unless the lock policy or the access policy denies it', () => {
    const { stack, vault } = ledger(VaultLockPolicy.retain(Duration.days(30)));
    vault.addToAccessPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.ArnPrincipal(ADMINISTRATOR)],
        actions: ['glacier:UploadArchive'],
      }),
    );

    expect(() => expectLock(stack).allowsUploadBy(`arn:aws:iam::${ENV.account}:role/Writer`)).not.toThrow();
    expect(() => expectLock(stack).allowsUploadBy(ADMINISTRATOR)).toThrow(
      /to allow uploads by .*Administrator.*Statement\[0\] of the access policy/,
    );
  });

  test('is about what all requests of the principal carry, where that is given', () => {
    const { stack, vault } = ledger(VaultLockPolicy.retain(Duration.days(30)));
    const conditions = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
    const principals = [new iam.StarPrincipal()];
    vault.addToAccessPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals, actions: ['glacier:*'], conditions }));

    expect(() => expectLock(stack).allowsUploadBy(ADMINISTRATOR)).toThrow(/without aws:PrincipalOrgID in the request/);
    const requestContext = { 'aws:PrincipalOrgID': 'o-exampleorgid' };
    expect(() => expectLock(stack).allowsUploadBy(ADMINISTRATOR, { requestContext })).not.toThrow();
    expect(() => expectLock(stack).allowsUploadBy(ADMINISTRATOR, { requestContext: { orgId: 'o-exampleorgid' } })).toThrow(
      /^`requestContext` must have condition keys/,
    );
  });

  test('is nothing that a lock of AWS Backup could say', () => {
    const stack = aStack();
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    expect(() => expectLock(stack).allowsUploadBy(ADMINISTRATOR)).toThrow(/property of Glacier locks/);
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', liftableBy: [ADMINISTRATOR] })).toThrow(/property of Glacier locks/);
  });
});

describe('hasNoFindings', () => {
  test('tells all findings of lock policy and access policy, but those that are accepted', () => {
    const { stack, vault } = ledger(ofOneDeny({ conditions: { NumericGreaterThan: { 'glacier:ArchiveAgeInDays': '365' } } }));
    vault.addToAccessPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['glacier:ListJobs'] }));

    expect(() => expectLock(stack).hasNoFindings()).toThrow(
      /inverted-age: The lock policy of this vault: [^]*public-access: The access policy/,
    );
    expect(() => expectLock(stack).hasNoFindings({ except: ['public-access'] })).not.toThrow(/public-access/);
    expect(() => expectLock(stack).hasNoFindings({ except: ['public-access', 'inverted-age'] })).not.toThrow();
  });

  test('looks at the access policies of backup vaults', () => {
    const stack = aStack();
    new backup.BackupVault(stack, 'Native', {
      backupVaultName: 'native',
      lockConfiguration: { minRetention: Duration.days(30) },
      blockRecoveryPointDeletion: true,
    });
    const vault = existingVault(stack);
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });
    const statements = [new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['backup:CopyIntoBackupVault'] })];
    new BackupVaultAccess(stack, 'Access', { vault, statements });

    expect(() => expectLock(stack, { vault: 'native' }).hasNoFindings()).toThrow(/deny-incomplete/);
    expect(() => expectLock(stack, { vault: 'prod' }).hasNoFindings()).toThrow(/public-access/);
  });
});

describe('nothing is proved', () => {
  test.each([
    ['of a logical id that the template does not have', 'Writer', /^`principal` must be the ARN .* logical id .* got: 'Writer'\. Find its/],
    ['of a resource that is no role or user', 'Lock', /^`principal` must be the ARN .* logical id .* got: 'Lock'/],
    ['of a session', `arn:aws:sts::${ENV.account}:assumed-role/Writer/me`, /^`principal` must be roles or users, got the session/],
    ['of a pattern', `arn:aws:iam::${ENV.account}:role/Writer-*`, /^`principal` must be one role or user, got the pattern/],
  ])('%s', (_, principal, message) => {
    const { stack } = ledger(VaultLockPolicy.retain(Duration.days(30)));
    stack.renameLogicalId(stack.getLogicalId(stack.node.findChild('Lock').node.defaultChild as never), 'Lock');

    expect(() => expectLock(stack).allowsUploadBy(principal)).toThrow(message);
  });

  test('of a hold that nobody may lift', () => {
    const { stack } = ledger(VaultLockPolicy.retain(Duration.days(30)));
    expect(() => expectLock(stack).legalHoldStops({ tagKey: 'hold', liftableBy: [] })).toThrow(/^`liftableBy` must name at least one/);
  });

  const given = (policy: unknown, accessPolicy?: unknown) =>
    Template.fromJSON({
      Resources: {
        Vault: { Type: 'Custom::GlacierVault', Properties: { VaultName: 'ledger', AccessPolicy: accessPolicy } },
        Lock: { Type: 'Custom::GlacierVaultLock', Properties: { VaultName: 'ledger', Policy: policy } },
      },
    });

  test('of a policy that is none', () => {
    const lock = expectVaultLock(given('{"Version":'));

    expect(() => lock.deniesDeletionBefore(Duration.days(1))).toThrow(/to deny deletion before 1 day\. The lock policy is no policy: /);
    expect(() => lock.hasNoFindings()).toThrow(/to have no findings\. The lock policy is no policy\.$/);
  });

  test('of a policy that only CloudFormation can read', () => {
    const later = { 'Fn::If': ['IsProd', 'one', 'another'] };
    const everyone = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: '*' }],
    });

    expect(() => expectVaultLock(given(later)).hasNoFindings()).toThrow(/Only the deployment knows its policy\.$/);
    const lock = expectVaultLock(given(everyone, later));
    expect(() => lock.deniesDeletionBefore(Duration.days(1))).not.toThrow();
    expect(() => lock.allowsUploadBy(ADMINISTRATOR)).toThrow(
      /cannot be proved\. The access policy can only be read after the deployment\.$/,
    );
    expect(() => lock.hasNoFindings()).toThrow(/Only the deployment knows the access policy\.$/);
  });
});

test('hasMode tells the mode of a backup lock', () => {
  const stack = aStack();
  const bounds = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };
  new backup.BackupVault(stack, 'Native', { backupVaultName: 'native', lockConfiguration: { ...bounds, changeableFor: Duration.days(3) } });
  new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), ...bounds });

  expect(() => expectLock(stack, { vault: 'native' }).hasMode(RequiredLockMode.COMPLIANCE)).not.toThrow();
  expect(() => expectLock(stack, { vault: 'prod' }).hasMode(RequiredLockMode.GOVERNANCE)).not.toThrow();
  expect(() => expectLock(stack, { vault: 'prod' }).hasMode(RequiredLockMode.COMPLIANCE)).toThrow(
    /to be in compliance mode\. It is in governance mode/,
  );
  expect(() => expectLock(ledger(VaultLockPolicy.retain(Duration.days(1))).stack).hasMode(RequiredLockMode.COMPLIANCE)).toThrow(
    /have no mode/,
  );
});

describe('which lock is meant', () => {
  test('has to be said where there are several: by the name of the vault, or the logical id', () => {
    const stack = aStack();
    for (const name of ['one', 'two']) {
      const vault = new GlacierVault(stack, name, { vaultName: name });
      const lock = new GlacierVaultLock(stack, `Lock-${name}`, { vault, policy: VaultLockPolicy.retain(Duration.days(name.length)) });
      stack.renameLogicalId(stack.getLogicalId(lock.node.defaultChild as never), `LockOf${name}`);
    }

    expect(() => expectLock(stack)).toThrow(
      /one vault lock in the template, found: 'LockOfone' of vault 'one', 'LockOftwo' of vault 'two'/,
    );
    expect(() => expectLock(stack, { vault: 'one' }).deniesDeletionBefore(Duration.days(3))).not.toThrow();
    expect(() => expectLock(stack, { vault: 'LockOftwo' }).deniesDeletionBefore(Duration.days(3))).not.toThrow();
    expect(() => expectLock(stack, { vault: 'three' })).toThrow(/one lock of vault 'three'/);
  });

  test('is the one of the template, be it of a nested stack', () => {
    const nested = new NestedStack(aStack(), 'Nested');
    const vault = new GlacierVault(nested, 'Vault', { vaultName: 'ledger' });
    new GlacierVaultLock(nested, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(30)) });

    expect(() => expectLock(nested).deniesDeletionBefore(Duration.days(30)).hasNoFindings()).not.toThrow();
    expect(() => expectLock(nested.nestedStackParent!)).toThrow(/found: none/);
  });

  test('is none that is being aborted, and none in an empty template', () => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Vault', { vaultName: 'ledger' });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(30)), stage: VaultLockStage.abort() });

    expect(() => expectLock(stack)).toThrow(/found: none/);
    expect(() => VaultLockAssertions.fromTemplate(Template.fromStack(new Stack(new App(), 'Empty')))).toThrow(/found: none/);
  });
});
