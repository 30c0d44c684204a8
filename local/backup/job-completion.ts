import type { BackupVaultEvent } from '@aws-sdk/client-backup';
import { vaultArn } from './backup';
import type { Backup, Place } from './backup';
import { INVENTED, RECORDED } from './errors';
import { expiryOf, retentionProblem } from './lifecycle';
import { estates } from './state';
import type { BackupJob, CopyJob, Vault } from './state';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';
import type { Caller } from '../server/service';

/** The job makes its recovery point, or fails for what the vault's lock asks of retention periods. */
export function completeBackupJob(backup: Backup, place: Place, job: BackupJob): void {
  const vault = lookUp(place.estate.vaults, job.vaultName);
  end(backup, place, vault, job, vault ? retentionProblem(vault.lock, job.lifecycle) : INVENTED.vaultGone(job.vaultName), null);
  if (!vault) return;
  const subject = `Resource ARN : ${job.resourceArn}. BackupJob ID : ${job.id}`;
  if (job.state === 'COMPLETED') {
    const text = `An AWS Backup job was completed successfully. Recovery point ARN: ${job.recoveryPointArn}. ${subject}`;
    notify(backup, vault, ['BACKUP_JOB_COMPLETED', 'BACKUP_JOB_SUCCESSFUL'], text);
  } else {
    notify(backup, vault, ['BACKUP_JOB_COMPLETED', 'BACKUP_JOB_FAILED'], `An AWS Backup job failed. ${subject}`);
  }
}

/** Like a backup job, in another vault that may be another account's. */
export function completeCopyJob(backup: Backup, place: Place, job: CopyJob): void {
  const [, , , region = '', account = '', , name = ''] = job.destinationVaultArn.split(':');
  const own = account === place.account && region === place.region;
  const estate = own ? place.estate : lookUp(estates(backup.world), `${account}/${region}`);
  const vault = lookUp(estate?.vaults ?? {}, name);
  const destination = estate && { account, region, partition: place.partition, estate };
  const problem =
    !vault || !takesCopies(vault, backup.now()) || !mayCopyInto(backup, place, job, vault)
      ? RECORDED.copyDenied
      : retentionProblem(vault.lock, job.lifecycle);
  end(backup, destination ?? place, vault, job, problem, vaultArn(place, job.sourceVaultName));
  const source = lookUp(place.estate.vaults, job.sourceVaultName);
  if (!source) return;
  const [event, outcome] =
    job.state === 'COMPLETED' ? (['COPY_JOB_SUCCESSFUL', 'was completed successfully'] as const) : (['COPY_JOB_FAILED', 'failed'] as const);
  notify(backup, source, [event], `An AWS Backup copy job ${outcome}. Resource ARN : ${job.resourceArn}. CopyJob ID : ${job.id}`);
}

/** Tells the vault's topic, once, if it wants to hear of one of the events. */
export function notify(backup: Backup, vault: Vault, events: readonly BackupVaultEvent[], message: string): void {
  const { notifications } = vault;
  if (notifications && events.some((event) => notifications.events.includes(event))) backup.publish(notifications.topic, message);
}

function end(
  backup: Backup,
  place: Place,
  vault: Vault | undefined,
  job: BackupJob | CopyJob,
  problem: string | undefined,
  sourceVaultArn: string | null,
): void {
  job.state = problem === undefined ? 'COMPLETED' : 'FAILED';
  job.message = problem ?? null;
  if (!vault || problem !== undefined) return;
  const { recoveryPointArn: arn, resourceArn, resourceType, iamRoleArn, created, due: completed, lifecycle, continuous, tags } = job;
  vault.recoveryPoints[arn] = {
    arn,
    resourceArn,
    resourceType,
    iamRoleArn,
    created,
    completed,
    sourceVaultArn,
    continuous,
    lifecycle,
    tags: { ...tags },
  };
  const expiry = expiryOf(created, lifecycle);
  if (expiry !== null) backup.wakeAt(expiry, place);
}

function takesCopies({ type, available }: Vault, now: number): boolean {
  return type !== 'RESTORE_ACCESS_BACKUP_VAULT' && now >= available;
}

/** Within the account nobody has to be asked; another account's vault has to let the source account in. */
function mayCopyInto(backup: Backup, place: Place, job: CopyJob, vault: Vault): boolean {
  const [, , , , owner = ''] = job.destinationVaultArn.split(':');
  if (owner === place.account && !vault.accessPolicy) return true;
  const caller: Caller = { accountId: place.account, arn: job.iamRoleArn, roleArn: job.iamRoleArn };
  try {
    backup.world.iam.authorise({
      caller,
      action: 'backup:CopyIntoBackupVault',
      resource: job.destinationVaultArn,
      resourceAccount: owner,
      resourcePolicies: vault.accessPolicy ? [vault.accessPolicy] : [],
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
