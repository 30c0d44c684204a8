/**
 * A lock on a backup vault that exists already: backups of 7 to 365 days, which nobody can delete before their time.
 *
 * Deployed as it stands, the lock is in governance mode: it can be changed and removed; nothing becomes permanent. Only
 * `cdk deploy -c acknowledge='<what the first deployment printed>'` sets a lock date, three days ahead.
 */
import { App, Aspects, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { BackupLockMode, BackupVaultLock, VaultLockChecks } from 'cdk-vault-lock';
import type { Construct } from 'constructs';

interface BackupLockStackProps extends StackProps {
  readonly mode: BackupLockMode;
}

class BackupLockStack extends Stack {
  constructor(scope: Construct, id: string, props: BackupLockStackProps) {
    super(scope, id, props);

    const lock = new BackupVaultLock(this, 'Lock', {
      vault: backup.BackupVault.fromBackupVaultName(this, 'Existing', 'prod'),
      minRetention: Duration.days(7),
      maxRetention: Duration.days(365),
      mode: props.mode,
    });
    new CfnOutput(this, 'LockMode', { value: lock.mode });
    new CfnOutput(this, 'LockDate', { value: lock.lockDate });
  }
}

const app = new App();
const acknowledge = app.node.tryGetContext('acknowledge') as string | undefined;

new BackupLockStack(app, 'BackupLockStack', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  mode: acknowledge ? BackupLockMode.compliance({ coolingOff: Duration.days(3), acknowledge }) : BackupLockMode.governance(),
});

// What the platform asks of every lock; less is refused when the app is synthesized.
Aspects.of(app).add(new VaultLockChecks({ minimumRetention: Duration.days(7) }));
