import { CreateBackupVaultCommand, ListRecoveryPointsByBackupVaultCommand, StartBackupJobCommand } from '@aws-sdk/client-backup';
import type { BackupClient, Lifecycle } from '@aws-sdk/client-backup';
import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IConstruct } from 'constructs';
import { ACCOUNT, REGION } from './deployment';
import type { BackupVaultSummary } from '../../examples/demo/rehearsal';
import { BackupLockMode, BackupVaultLock } from '../../src';
import type { BackupLockCompliance, BackupVaultLockProps } from '../../src';
import { acknowledgementOf } from '../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';

export const DAY = 86_400_000;

/** What somebody made before there was any stack: a vault and, if a lifecycle is given, a recovery point in it. @returns the point's ARN */
export async function existingVault(client: BackupClient, vaultName = 'prod', lifecycle?: Lifecycle): Promise<string> {
  await client.send(new CreateBackupVaultCommand({ BackupVaultName: vaultName }));
  return lifecycle ? recoveryPoint(client, vaultName, lifecycle) : '';
}

/** @returns the ARN of the vault's latest recovery point, made by a job that asks for this lifecycle */
export async function recoveryPoint(client: BackupClient, vaultName: string, lifecycle: Lifecycle): Promise<string> {
  await client.send(
    new StartBackupJobCommand({
      BackupVaultName: vaultName,
      ResourceArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/vol-0123456789abcdef0`,
      IamRoleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
      Lifecycle: lifecycle,
    }),
  );
  const { RecoveryPoints = [] } = await client.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vaultName }));
  return RecoveryPoints.at(-1)?.RecoveryPointArn ?? '';
}

export interface AcknowledgedLock extends Partial<BackupLockCompliance> {
  readonly vaultName?: string;
  readonly minDays?: number;
  readonly maxDays?: number;
  readonly region?: string;
  readonly account?: string;
}

/** Compliance mode with the acknowledgement that a deployment of these bounds in governance mode prints. */
export function compliance(coolingOffDays = 7, lock: AcknowledgedLock = {}): BackupLockMode {
  const { vaultName = 'prod', minDays = 7, maxDays = 35, region = REGION, account = ACCOUNT, ...rest } = lock;
  const arn = `arn:aws:backup:${region}:${account}:backup-vault:${vaultName}`;
  const fingerprint = backupLockFingerprint(arn, { minRetentionDays: minDays, maxRetentionDays: maxDays });
  const acknowledge = acknowledgementOf(vaultName, fingerprint);
  return BackupLockMode.compliance({ coolingOff: Duration.days(coolingOffDays), acknowledge, ...rest });
}

/** A lock of 7 to 35 days on a vault that exists already. */
export function lockOn(stack: Stack, vaultName: string, props: Partial<BackupVaultLockProps> = {}): BackupVaultLock {
  const vault = backup.BackupVault.fromBackupVaultName(stack, `Existing-${vaultName}`, vaultName);
  return new BackupVaultLock(stack, `Lock-${vaultName}`, {
    vault,
    minRetention: Duration.days(7),
    maxRetention: Duration.days(35),
    ...props,
  });
}

/** A stack with the lock of the vault `prod`. */
export function locked(props: Partial<BackupVaultLockProps> = {}, ...more: ((lock: BackupVaultLock) => void)[]): (stack: Stack) => void {
  return (stack) => {
    const lock = lockOn(stack, 'prod', props);
    for (const add of more) add(lock);
  };
}

/** A resource that CloudFormation does not know, after another one. */
export function failsAfter(construct: IConstruct): void {
  new CfnResource(Stack.of(construct), 'Failing', { type: 'Test::Does::NotExist' }).node.addDependency(construct);
}

/** A resource that has nothing to do with backups. */
export function marker(value: string): (construct: IConstruct) => void {
  return (construct) => void new ssm.StringParameter(Stack.of(construct), 'Marker', { parameterName: '/marker', stringValue: value });
}

/** `none`, `GOVERNANCE`, `GRACE` or `IMMUTABLE`, with the bounds in days. */
export function inWords(vault: BackupVaultSummary | undefined): string {
  if (!vault) return 'no vault';
  const { lock } = vault;
  return lock ? `${lock.state} ${lock.minRetentionDays}..${lock.maxRetentionDays}` : 'none';
}

export function lockDateOf(vault: BackupVaultSummary | undefined): number {
  return Date.parse(vault?.lock?.lockDate ?? '');
}
