import { App, CfnParameter, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { version } from 'aws-cdk-lib/package.json';
import {
  BackupLockMode,
  BackupVaultAccess,
  BackupVaultLock,
  GlacierProvider,
  GlacierVault,
  GlacierVaultLock,
  VaultLockPolicy,
  VaultLockStage,
} from '../../src';

/** CloudFormation's own linter, which CDK brings along: strict, so that what it says is an error. */
function strictApp(): App {
  return new App({
    builtinCloudFormationValidation: true,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true },
  });
}

// The validator came with 2.262.0; users may have an older CDK.
const withValidation = Number(version.split('.')[1]) >= 262 ? test : test.skip;

let said: string[];
let validation: string | undefined;

beforeEach(() => {
  validation = process.env.CDK_VALIDATION;
  delete process.env.CDK_VALIDATION;
  process.exitCode = undefined;
  said = [];
  const listen = (text: unknown) => (said.push(String(text)), true);
  jest.spyOn(process.stderr, 'write').mockImplementation(listen);
  jest.spyOn(process.stdout, 'write').mockImplementation(listen);
  jest.spyOn(console, 'error').mockImplementation(listen);
  jest.spyOn(console, 'log').mockImplementation(listen);
});

afterEach(() => {
  process.env.CDK_VALIDATION = validation;
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

function everything(app: App): void {
  const stack = new Stack(app, 'Archive');
  const key = new kms.Key(stack, 'Key');
  GlacierProvider.configure(stack, {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
    environmentEncryption: key,
    memorySize: 512,
    reservedConcurrentExecutions: 5,
  });
  const officer = new iam.Role(stack, 'Officer', { assumedBy: new iam.AccountRootPrincipal() });
  const vault = new GlacierVault(stack, 'Ledger', {
    adoptExisting: true,
    notifications: { topic: new sns.Topic(stack, 'Topic', { masterKey: key }) },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Tags.of(stack).add('team', 'records');
  vault.grantUpload(new iam.ArnPrincipal('arn:aws:iam::222222222222:role/writer'));
  vault.grantRetrieve(officer);
  const hold = VaultLockPolicy.retain(Duration.days(2555)).withLegalHold({ tagKey: 'LegalHold', administrators: [officer] });
  const acknowledgement = new CfnParameter(stack, 'Acknowledgement', { default: 'none' }).valueAsString;
  new GlacierVaultLock(stack, 'Lock', { vault, policy: hold, stage: VaultLockStage.completeOnceAcknowledged(acknowledgement) });
  new GlacierVaultLock(stack, 'Imported', {
    vault: GlacierVault.fromVaultName(stack, 'Journal', 'journal'),
    policy: VaultLockPolicy.retain(Duration.days(1)),
  });
  everythingOfBackup(stack, officer);
}

function everythingOfBackup(stack: Stack, role: iam.IRole): void {
  const own = new backup.BackupVault(stack, 'BackupVault');
  const existing = backup.BackupVault.fromBackupVaultName(stack, 'Existing', 'prod');
  const abroad = backup.BackupVault.fromBackupVaultArn(stack, 'Abroad', `arn:aws:backup:us-east-1:${stack.account}:backup-vault:prod`);
  const bounds = { minRetention: Duration.days(7), maxRetention: Duration.days(365) };
  const acknowledge = new CfnParameter(stack, 'BackupAcknowledgement').valueAsString;
  const mode = BackupLockMode.compliance({ coolingOff: Duration.days(7), acknowledge });
  new BackupVaultLock(stack, 'OwnLock', { vault: own, ...bounds });
  new BackupVaultLock(stack, 'ExistingLock', { vault: existing, mode, ...bounds });
  new BackupVaultLock(stack, 'AbroadLock', { vault: abroad, ...bounds });
  new BackupVaultAccess(stack, 'ExistingAccess', { vault: existing }).blockRecoveryPointDeletion({ exempt: [role] });
  new BackupVaultAccess(stack, 'AbroadAccess', { vault: abroad, role }).blockRecoveryPointDeletion();
}

withValidation(
  'a stack with every feature has nothing that CloudFormation objects to',
  () => {
    const app = strictApp();
    everything(app);
    app.synth();

    expect(said.join('\n')).not.toMatch(/\b[EFW]\d{4}\b/);
    expect(process.exitCode).toBeUndefined();
  },
  60_000,
);

withValidation(
  'the validation is really on',
  () => {
    const app = strictApp();
    const stack = new Stack(app, 'Broken');
    new lambda.CfnFunction(stack, 'Function', { code: { zipFile: '' }, role: 'no-arn', memorySize: 1, runtime: 'nodejs22.x' });
    const synth = () => app.synth();

    try {
      synth();
    } catch (error) {
      said.push(String(error));
    }
    expect(`${said.join('\n')} exit code ${process.exitCode ?? 0}`).toMatch(/F3034/);
  },
  60_000,
);
