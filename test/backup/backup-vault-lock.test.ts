import { App, Aspects, CfnOutput, Duration, RemovalPolicy, Stack, Stage, type Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import { BackupLockRemoval, BackupVaultLock } from '../../src';
import { BackupLockRemovals } from '../../src/private/contract';
import { compliance, existingVault, LOCK, locked, someAcknowledgement } from '../construct-fixtures/backup';
import { aStack, ENV, propertiesOf, resourceOf, synthesis } from '../construct-fixtures/stacks';

describe('a lock', () => {
  test('is one resource in the reversible mode, which stays on its vault', () => {
    const { stack } = locked();

    expect(propertiesOf(stack, LOCK)).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['CdkVaultLockBackupHandler', 'Arn'] },
      ServiceTimeout: 900,
      VaultName: 'prod',
      Mode: 'governance',
      MinRetentionDays: '7',
      MaxRetentionDays: '365',
      OnRemoval: 'keep',
    });
    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockBackupDelivery']);
  });

  test('in compliance mode says how long it can be taken away, and what was acknowledged', () => {
    const { stack } = locked({ mode: compliance(Duration.days(7)) }, {});

    expect(propertiesOf(stack, LOCK)).toMatchObject({ Mode: 'compliance', CoolingOffDays: '7', Acknowledge: someAcknowledgement() });
    expect(propertiesOf(stack, LOCK)).not.toHaveProperty('AllowPointsWithoutExpiry');
  });

  test('can be told to go when the construct goes', () => {
    expect(propertiesOf(locked({ onRemoval: BackupLockRemoval.REMOVE }).stack, LOCK).OnRemoval).toBe('remove');
    expect(propertiesOf(locked({ onRemoval: BackupLockRemoval.KEEP }).stack, LOCK).OnRemoval).toBe('keep');
    expect(Object.values(BackupLockRemoval)).toEqual(Object.values(BackupLockRemovals));
  });

  test('is always deleted by CloudFormation, because the handler decides what that means', () => {
    const { stack, lock } = locked();

    expect(resourceOf(stack, LOCK)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(() => lock.applyRemovalPolicy(RemovalPolicy.DESTROY)).not.toThrow();
    expect(() => lock.applyRemovalPolicy(RemovalPolicy.RETAIN)).toThrow(
      "`applyRemovalPolicy` of a BackupVaultLock takes RemovalPolicy.DESTROY only, got: 'retain'. Say with `onRemoval` whether the lock stays on the vault: by default it does.",
    );
  });

  test('tells its state through attributes', () => {
    const { stack, lock } = locked();
    const { locked: isLocked, mode, lockDate, minRetentionDays, maxRetentionDays, fingerprint, acknowledgement } = lock;

    expect(stack.resolve([isLocked, mode, lockDate, minRetentionDays, maxRetentionDays, fingerprint, acknowledgement])).toEqual(
      ['Locked', 'Mode', 'LockDate', 'MinRetentionDays', 'MaxRetentionDays', 'Fingerprint', 'Acknowledgement'].map((name) => ({
        'Fn::GetAtt': ['LockCE124363', name],
      })),
    );
    new CfnOutput(stack, 'PermanentFrom', { value: lock.lockDate });
    Template.fromStack(stack).hasOutput('PermanentFrom', { Value: { 'Fn::GetAtt': ['LockCE124363', 'LockDate'] } });
  });

  test('has an output with the acknowledgement, unless there are to be fewer outputs', () => {
    Template.fromStack(locked().stack).hasOutput('LockAcknowledgement355F7F8F', {
      Value: { 'Fn::GetAtt': ['LockCE124363', 'Acknowledgement'] },
    });
    expect(Template.fromStack(locked({ acknowledgementOutput: false }).stack).findOutputs('*')).toEqual({});
  });

  test('is one of at most 200 with an output', () => {
    const stack = aStack();
    for (let index = 0; index < 201; index++) {
      new BackupVaultLock(stack, `Lock${index}`, { vault: existingVault(stack, `vault-${index}`), minRetention: Duration.days(1) });
    }
    expect(synthesis(stack)).toThrow(
      /at most 200 outputs, but 201 locks of this stack each have one: set `acknowledgementOutput: false` on some BackupVaultLocks/,
    );
  });
});

describe('the vault of a lock', () => {
  test('may be defined in the same stack: the lock waits for it, and for nothing that it does not need', () => {
    const stack = aStack({});
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });

    expect(propertiesOf(stack, LOCK).VaultName).toBe('prod');
    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockBackupDelivery', 'Vault23237E5B']);
  });

  test('may have the name that CDK makes', () => {
    const stack = aStack({});
    new BackupVaultLock(stack, 'Lock', { vault: new backup.BackupVault(stack, 'Vault'), minRetention: Duration.days(7) });

    expect(propertiesOf(stack, LOCK).VaultName).toBe(resourceOf(stack, 'AWS::Backup::BackupVault').Properties.BackupVaultName);
  });

  test('may hold its lock', () => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new BackupVaultLock(vault, 'Lock', { vault, minRetention: Duration.days(7) });

    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockBackupDelivery', 'Vault23237E5B']);
  });

  test('may be a resource of the lower level', () => {
    const stack = aStack();
    const resource = new backup.CfnBackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    const vault = backup.BackupVault.fromBackupVaultName(stack, 'Same', resource.attrBackupVaultName);
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });

    expect(propertiesOf(stack, LOCK).VaultName).toBe('prod');
    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockBackupDelivery', 'Vault']);
  });

  test.each<[string, Environment]>([
    ['known', ENV],
    ['unknown', {}],
  ])('is waited for though it is meant by name and defined later, in a stack whose place is %s', (_, env) => {
    const stack = aStack(env);
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new backup.BackupVault(stack, 'Other', { backupVaultName: 'other' });

    expect(resourceOf(stack, LOCK).DependsOn).toEqual(['CdkVaultLockBackupDelivery', 'Vault23237E5B']);
  });

  test('is not waited for across stacks if it is meant by name: that would tie the two', () => {
    const app = new App();
    const lockStack = aStack(ENV, app, 'Locks');
    new BackupVaultLock(lockStack, 'Lock', { vault: existingVault(lockStack), minRetention: Duration.days(7) });
    new backup.BackupVault(aStack(ENV, app), 'Vault', { backupVaultName: 'prod' });
    app.synth();

    expect(lockStack.dependencies).toEqual([]);
  });

  test('may stand in a stack of its own, with neither export nor import', () => {
    const app = new App();
    const vault = new backup.BackupVault(aStack(ENV, app), 'Vault', { backupVaultName: 'prod' });
    const lockStack = aStack(ENV, app, 'Locks');
    new BackupVaultLock(lockStack, 'Lock', { vault, minRetention: Duration.days(7) });

    expect(propertiesOf(lockStack, LOCK).VaultName).toBe('prod');
    expect(lockStack.dependencies.map(({ stackName }) => stackName)).toEqual(['Archive']);
    expect(JSON.stringify(Template.fromStack(lockStack))).not.toContain('Fn::ImportValue');
  });

  test.each(['p', 'x'.repeat(51), 'prod.vault', 'prod vault'])('is refused with the name %j, which no lock can have', (name) => {
    expect(() => locked({ vault: existingVault(aStack(), name) })).toThrow(
      `\`vault\` must have a name of 2 to 50 characters out of A-Z, a-z, 0-9, '_' and '-': AWS Backup takes no other for a lock or an access policy, got: '${name}' (${name.length} characters).`,
    );
  });

  test('is refused if AWS made it for EFS', () => {
    expect(() => locked({ vault: existingVault(aStack(), 'aws/efs/automatic-backup-vault') })).toThrow(
      /got: 'aws\/efs\/automatic-backup-vault' \(30 characters\). Use another vault/,
    );
  });

  test('can have one lock, in whatever way it is referred to', () => {
    const app = new App();
    const stack = aStack(ENV, app);
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });
    const other = aStack(ENV, app, 'Other');
    const message =
      "`vault` must have one lock, but 'prod' is already locked by 'Archive/Lock': AWS Backup keeps a single lock per vault. Drop one of the two.";

    expect(() => new BackupVaultLock(stack, 'Again', { vault })).toThrow(message);
    expect(() => new BackupVaultLock(other, 'Again', { vault: existingVault(other) })).toThrow(message);
    const arn = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:prod';
    expect(() => new BackupVaultLock(other, 'Once', { vault: backup.BackupVault.fromBackupVaultArn(other, 'Arn', arn) })).toThrow(message);
  });

  test('is another one in another region, account or stage of a pipeline, though its name is the same', () => {
    const app = new App();
    for (const name of ['Dev', 'Prod']) {
      const stack = new Stack(new Stage(app, name), 'Archive');
      new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    }
    const stack = aStack({}, app, 'Regions');
    for (const region of ['us-east-1', 'eu-central-1']) {
      const arn = `arn:aws:backup:${region}:${stack.account}:backup-vault:prod`;
      const vault = backup.BackupVault.fromBackupVaultArn(stack, region, arn);
      new BackupVaultLock(stack, `Lock-${region}`, { vault, minRetention: Duration.days(7) });
    }
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a vault with a `lockConfiguration` is refused', () => {
  const lockConfiguration = { minRetention: Duration.days(7) };
  const message = (path: string) =>
    `\`vault\` must not have a lock of its own, but '${path}' gives 'prod' a \`lockConfiguration\`: CloudFormation would change the lock behind this construct.`;

  test('when it is handed over', () => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', lockConfiguration });
    new BackupVaultLock(stack, 'Lock', { vault });

    expect(synthesis(stack)).toThrow(message('Archive/Vault/Resource'));
  });

  test('when it is meant by name, and defined later', () => {
    const app = new App();
    const stack = aStack(ENV, app, 'Locks');
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack) });
    new backup.CfnBackupVault(aStack(ENV, app), 'Vault', { backupVaultName: 'prod', lockConfiguration: { minRetentionDays: 7 } });

    expect(() => app.synth()).toThrow(message('Archive/Vault'));
  });

  test.each<[string, (vault: backup.CfnBackupVault) => void]>([
    ['a property override', (vault) => vault.addPropertyOverride('LockConfiguration', { MinRetentionDays: 7 })],
    ['an override of a part of it', (vault) => vault.addOverride('Properties.LockConfiguration.MinRetentionDays', 7)],
    ['an aspect', (vault) => Aspects.of(vault).add({ visit: () => (vault.lockConfiguration = { minRetentionDays: 7 }) })],
  ])('when it comes from %s', (_, give) => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });
    give(vault.node.defaultChild as backup.CfnBackupVault);

    expect(synthesis(stack)).toThrow(message('Archive/Vault/Resource'));
  });

  test('and the way from one to the other is told with its risk', () => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', lockConfiguration });
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });

    expect(synthesis(stack)).toThrow(/Where it is deployed already, that unlocks the vault for a moment/);
    expect(synthesis(stack)).toThrow(
      /Let that deployment have nothing else in it: if it fails and is rolled back, the vault can end unlocked\./,
    );
  });

  test('but not one whose `lockConfiguration` was taken out by an override', () => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', lockConfiguration });
    new BackupVaultLock(stack, 'Lock', { vault, minRetention: Duration.days(7) });
    (vault.node.defaultChild as backup.CfnBackupVault).addPropertyDeletionOverride('LockConfiguration');

    expect(synthesis(stack)).not.toThrow();
  });

  test('but not one of the same name in another region', () => {
    const app = new App();
    const stack = aStack(ENV, app, 'Locks');
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    const there = aStack({ ...ENV, region: 'us-east-1' }, app, 'There');
    new backup.BackupVault(there, 'Vault', { backupVaultName: 'prod', lockConfiguration });

    expect(() => app.synth()).not.toThrow();
  });
});
