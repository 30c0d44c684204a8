/**
 * Names that are stored in every deployed stack. A change here breaks those stacks: "Modifying service token is not allowed", or a
 * vault that is deleted because its logical id is gone. Nothing in this file may ever be changed, only added to.
 */
import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { GlacierProvider, GlacierVault, GlacierVaultLock, VaultLockPolicy, VaultLockStage } from '../../src';
import {
  GlacierVaultAttributes,
  GlacierVaultLockAttributes,
  LOCK_RECORD_PREFIX,
  LockStages,
  OWNER_TAG,
  ResourceTypes,
} from '../../src/private/contract';

const ACKNOWLEDGE = `ledger sha256:${'0'.repeat(64)}`;

function everything(): Stack {
  const stack = new Stack(new App(), 'Archive');
  const vault = new GlacierVault(stack, 'Ledger', {
    vaultName: 'ledger',
    adoptExisting: true,
    notifications: { topic: new sns.Topic(stack, 'Topic') },
  });
  vault.addToAccessPolicy(
    new iam.PolicyStatement({ actions: ['glacier:ListJobs'], principals: [new iam.AccountPrincipal('222222222222')] }),
  );
  Tags.of(vault).add('team', 'records');
  const policy = VaultLockPolicy.retain(Duration.days(365));
  new GlacierVaultLock(stack, 'Lock', { vault, policy, stage: VaultLockStage.complete({ acknowledge: ACKNOWLEDGE }) });
  return stack;
}

const template = Template.fromStack(everything());

test('the logical ids of a vault, its lock and the output come from their paths', () => {
  expect(Object.keys(template.findResources('Custom::GlacierVault'))).toEqual(['LedgerB7379752']);
  expect(Object.keys(template.findResources('Custom::GlacierVaultLock'))).toEqual(['LockCE124363']);
  expect(Object.keys(template.findOutputs('*'))).toEqual(['LockAcknowledgement355F7F8F']);
});

test('the resources of the provider have fixed logical ids', () => {
  const types = Object.entries((template.toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(([id, { Type }]) => [
    id,
    Type,
  ]);

  expect(Object.fromEntries(types.filter(([id]) => id?.startsWith('CdkVaultLock')))).toEqual({
    CdkVaultLockGlacierHandler: 'AWS::Lambda::Function',
    CdkVaultLockGlacierDelivery: 'AWS::Lambda::EventInvokeConfig',
    CdkVaultLockGlacierRole: 'AWS::IAM::Role',
    CdkVaultLockGlacierRoleDefaultPolicy6873E11A: 'AWS::IAM::Policy',
    CdkVaultLockGlacierLogs: 'AWS::Logs::LogGroup',
    CdkVaultLockGlacierCompletePermission: 'AWS::IAM::Policy',
  });
});

test('the ServiceToken depends on neither options nor the order of constructs', () => {
  const stack = new Stack();
  GlacierProvider.configure(stack, { memorySize: 512, reservedConcurrentExecutions: 1 });
  new GlacierVaultLock(stack, 'Lock', {
    vault: GlacierVault.fromVaultName(stack, 'Ledger', 'ledger'),
    policy: VaultLockPolicy.retain(Duration.days(1)),
  });
  const serviceToken = { 'Fn::GetAtt': ['CdkVaultLockGlacierHandler', 'Arn'] };

  Template.fromStack(stack).hasResourceProperties('Custom::GlacierVaultLock', { ServiceToken: serviceToken });
  template.hasResourceProperties('Custom::GlacierVaultLock', { ServiceToken: serviceToken });
  template.hasResourceProperties('Custom::GlacierVault', { ServiceToken: serviceToken });
});

test('the names of all properties', () => {
  const namesOf = (type: string) =>
    Object.values(template.findResources(type)).map(({ Properties }) => Object.keys(Properties as object).sort());

  expect(namesOf('Custom::GlacierVault')).toEqual([
    ['AccessPolicy', 'AdoptExisting', 'NotificationEvents', 'NotificationTopicArn', 'ServiceTimeout', 'ServiceToken', 'Tags', 'VaultName'],
  ]);
  expect(namesOf('Custom::GlacierVaultLock')).toEqual([['Acknowledge', 'Policy', 'ServiceTimeout', 'ServiceToken', 'Stage', 'VaultName']]);
});

test('the words that both halves use', () => {
  expect(ResourceTypes).toMatchObject({ GLACIER_VAULT: 'Custom::GlacierVault', GLACIER_VAULT_LOCK: 'Custom::GlacierVaultLock' });
  expect(GlacierVaultAttributes).toEqual({ VAULT_ARN: 'VaultArn', VAULT_NAME: 'VaultName' });
  expect(GlacierVaultLockAttributes).toEqual({
    LOCK_STATE: 'LockState',
    LOCK_CREATION_DATE: 'LockCreationDate',
    LOCK_EXPIRATION_DATE: 'LockExpirationDate',
    POLICY_FINGERPRINT: 'PolicyFingerprint',
    ACKNOWLEDGEMENT: 'Acknowledgement',
  });
  expect(LockStages).toMatchObject({
    INITIATE: 'initiate',
    COMPLETE: 'complete',
    COMPLETE_ONCE_ACKNOWLEDGED: 'completeOnceAcknowledged',
    ABORT: 'abort',
  });
  expect(OWNER_TAG).toBe('cdk-vault-lock/owner');
  expect(LOCK_RECORD_PREFIX).toBe('/cdk-vault-lock/glacier/');
});
