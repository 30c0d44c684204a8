import { App, CfnOutput, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy, VaultLockStage } from '../../src';
import { aStack, deployedPolicy, ENV, ONE_YEAR, OTHER_ACCOUNT, propertiesOf, resourceOf } from '../construct-fixtures/stacks';

const LOCK = 'Custom::GlacierVaultLock';

function aLock(stack = aStack()) {
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  return { stack, vault, lock: new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR }) };
}

describe('a lock', () => {
  test('is one resource at the reversible stage, which waits for its vault', () => {
    const { stack } = aLock();

    expect(propertiesOf(stack, LOCK)).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['CdkVaultLockGlacierHandler', 'Arn'] },
      ServiceTimeout: 900,
      VaultName: 'ledger',
      Policy: expect.anything() as unknown,
      Stage: 'initiate',
    });
    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['LedgerB7379752']);
  });

  test('never stays behind when its deployment fails or its stack goes', () => {
    const { stack, lock } = aLock();

    expect(resourceOf(stack, LOCK)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(() => lock.applyRemovalPolicy(RemovalPolicy.RETAIN)).toThrow(/takes RemovalPolicy.DESTROY only, got: 'retain'/);
    expect(() => lock.applyRemovalPolicy(RemovalPolicy.DESTROY)).not.toThrow();
  });

  test('tells its state through attributes', () => {
    const { stack, lock } = aLock();
    const attributes = [lock.lockState, lock.lockCreationDate, lock.lockExpirationDate, lock.policyFingerprint, lock.acknowledgement];

    expect(stack.resolve(attributes)).toEqual(
      ['LockState', 'LockCreationDate', 'LockExpirationDate', 'PolicyFingerprint', 'Acknowledgement'].map((name) => ({
        'Fn::GetAtt': ['LockCE124363', name],
      })),
    );
  });

  test('has an output with the acknowledgement, always under the same name', () => {
    const { stack } = aLock();
    Template.fromStack(stack).hasOutput('LockAcknowledgement355F7F8F', {
      Value: { 'Fn::GetAtt': ['LockCE124363', 'Acknowledgement'] },
    });
  });

  test('may do without the output', () => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, acknowledgementOutput: false });

    expect(Template.fromStack(stack).findOutputs('*')).toEqual({});
  });

  test('may stand inside its vault', () => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    new GlacierVaultLock(vault, 'Lock', { vault, policy: ONE_YEAR });

    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['LedgerB7379752']);
  });

  test('may be of an imported vault, and then waits for the function to be ready', () => {
    const stack = aStack({});
    const vault = GlacierVault.fromVaultName(stack, 'Ledger', 'ledger');
    new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR });

    expect(propertiesOf(stack, LOCK).VaultName).toBe('ledger');
    expect(deployedPolicy(propertiesOf(stack, LOCK).Policy).Statement[0]?.Resource).toBe(
      'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger',
    );
    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockGlacierDelivery']);
  });

  test('may stand in a stack of its own, with neither export nor import', () => {
    const app = new App();
    const vault = new GlacierVault(aStack(ENV, app), 'Ledger', { vaultName: 'ledger' });
    const lockStack = aStack(ENV, app, 'Locks');
    new GlacierVaultLock(lockStack, 'Lock', { vault, policy: ONE_YEAR });

    expect(propertiesOf(lockStack, LOCK).VaultName).toBe('ledger');
    expect(lockStack.dependencies.map(({ stackName }) => stackName)).toEqual(['Archive']);
    expect(JSON.stringify(Template.fromStack(lockStack))).not.toContain('Fn::ImportValue');
  });
});

describe('the vault of a lock', () => {
  test('must be of the same region and account', () => {
    const app = new App();
    const abroad = new GlacierVault(aStack({ ...ENV, region: 'us-east-1' }, app, 'Abroad'), 'Ledger', { vaultName: 'ledger' });
    const stack = aStack(ENV, app);
    const foreign = GlacierVault.fromVaultArn(stack, 'Ledger', `arn:aws:glacier:eu-west-1:${OTHER_ACCOUNT}:vaults/ledger`);

    expect(() => new GlacierVaultLock(stack, 'A', { vault: abroad, policy: ONE_YEAR })).toThrow(
      "`vault` must be of the same region as the lock's stack, 'eu-west-1', got: 'us-east-1'. Define the lock in a stack of that region.",
    );
    expect(() => new GlacierVaultLock(stack, 'B', { vault: foreign, policy: ONE_YEAR })).toThrow(
      /must be of the same account.*got: '222222222222'/,
    );
  });

  test('can have one lock, in whatever way it is referred to', () => {
    const app = new App();
    const { stack, vault } = aLock(aStack(ENV, app));
    const imported = GlacierVault.fromVaultName(aStack(ENV, app, 'Other'), 'Imported', 'ledger');
    const message = /`vault` must have one lock, but 'ledger' is already locked by 'Archive\/Lock'.*one VaultLockPolicy/s;

    expect(() => new GlacierVaultLock(stack, 'Again', { vault, policy: ONE_YEAR })).toThrow(message);
    expect(() => new GlacierVaultLock(imported.stack, 'Again', { vault: imported, policy: ONE_YEAR })).toThrow(message);
  });

  test('is another one in each stage of a pipeline, though its name is the same', () => {
    const app = new App();
    for (const name of ['Dev', 'Prod']) {
      aLock(new Stack(new Stage(app, name), 'Archive'));
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('may be one of many with the same name in other regions', () => {
    const app = new App();
    aLock(aStack(ENV, app, 'Here'));
    aLock(aStack({ ...ENV, region: 'us-east-1' }, app, 'There'));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('the cost of a locked vault', () => {
  const stackOf = (vaults: number) => {
    const stack = aStack({});
    for (let index = 0; index < vaults; index++) {
      const vault = new GlacierVault(stack, `Ledger${index}`, { vaultName: `ledger-${index}` });
      new GlacierVaultLock(stack, `Lock${index}`, { vault, policy: VaultLockPolicy.retain(Duration.days(365)) });
    }
    return Template.fromStack(stack).toJSON() as { Resources: object };
  };

  test('is two resources and at most 2,000 bytes; six resources serve them all', () => {
    const [ten, eleven] = [stackOf(10), stackOf(11)];

    expect(Object.keys(eleven.Resources).length - Object.keys(ten.Resources).length).toBe(2);
    expect(Object.keys(ten.Resources).length - 20).toBeLessThanOrEqual(6);
    // CDK writes templates with an indent of one.
    expect(JSON.stringify(eleven, undefined, 1).length - JSON.stringify(ten, undefined, 1).length).toBeLessThanOrEqual(2_000);
  });
});

test('locks with more outputs than a template takes are refused', () => {
  const stack = aStack();
  for (let index = 0; index < 201; index++) {
    const vault = GlacierVault.fromVaultName(stack, `Vault${index}`, `vault-${index}`);
    new GlacierVaultLock(stack, `Lock${index}`, { vault, policy: ONE_YEAR });
  }
  expect(() => Template.fromStack(stack)).toThrow(
    /at most 200 outputs, but 201 locks of this stack each have one: set `acknowledgementOutput: false`/,
  );
});

test('attributes can be handed to other resources', () => {
  const { stack, lock } = aLock();
  new CfnOutput(stack, 'Until', { value: lock.lockExpirationDate });
  Template.fromStack(stack).hasOutput('Until', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Lock'), 'LockExpirationDate'] } });
});

test('the stages are the words that the handler knows', () => {
  const stageOf = (stage: VaultLockStage) => {
    const stack = aStack();
    const vault = GlacierVault.fromVaultName(stack, 'Ledger', 'ledger');
    new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, stage });
    const { Stage: name, Acknowledge } = propertiesOf(stack, LOCK);
    return { name, Acknowledge };
  };

  expect(stageOf(VaultLockStage.initiate())).toEqual({ name: 'initiate' });
  expect(stageOf(VaultLockStage.abort())).toEqual({ name: 'abort' });
  expect(stageOf(VaultLockStage.completeOnceAcknowledged('none'))).toEqual({ name: 'completeOnceAcknowledged', Acknowledge: 'none' });
});
