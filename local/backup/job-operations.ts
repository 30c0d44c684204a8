import * as crypto from 'node:crypto';
import type {
  DescribeBackupJobInput,
  DescribeCopyJobInput,
  ListBackupJobsInput,
  StartBackupJobInput,
  StartCopyJobInput,
} from '@aws-sdk/client-backup';
import { vaultArn } from './backup';
import type { Backup, OpenVault, Place } from './backup';
import { INVENTED, invalidParameter, invalidRequest, missingParameter, notFound } from './errors';
import { notify } from './job-completion';
import { acceptContinuousLifecycle, acceptLifecycle, lifecycleMember } from './lifecycle';
import { pageOf } from './paging';
import { SIZE_IN_BYTES } from './recovery-point-operations';
import { recoveryPointArn, resourceTypeOf } from './resource-arn';
import { dateOf } from './state';
import type { BackupJob, CopyJob } from './state';
import { checkTags } from './tag-operations';
import { upkeep } from './upkeep';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';
import type { AwsRequest } from '../server/service';

const LEAST_START_WINDOW_MINUTES = 60;
/**
 * AWS makes continuous backups by the rule of a plan only. Plans do nothing here, so a job makes one with this, which is none of the
 * options of AWS Backup.
 */
const CONTINUOUS_OPTION = 'LocalContinuousBackup';
const VAULT_ARN = /^arn:[^:]+:backup:[^:]+:\d{12}:backup-vault:.+$/;
/** The only ones whose recovery point is known when the job starts. */
const KNOWN_AT_ONCE = ['EFS', 'DynamoDB'];

export function jobOperations(backup: Backup) {
  /** Puts the job under way; one that takes no time is over when this returns. */
  const start = <J extends BackupJob | CopyJob>(jobs: { [id: string]: J }, job: J, place: Place): J => {
    jobs[job.id] = job;
    backup.changed();
    if (job.due > backup.now()) backup.wakeAt(job.due, place);
    else upkeep(backup, place);
    return job;
  };
  const due = (): number => backup.now() + Number(backup.switched('backup.jobSeconds')) * 1000;

  return {
    StartBackupJob(input: StartBackupJobInput, request: AwsRequest) {
      const at = backup.open('StartBackupJob', input, request);
      if (input.LogicallyAirGappedBackupVaultArn) throw notImplemented('StartBackupJob with LogicallyAirGappedBackupVaultArn');
      const job = repeated(at.estate.backupJobs, input.IdempotencyToken) ?? newBackupJob(input, at, backup.now(), due());
      if (!lookUp(at.estate.backupJobs, job.id)) {
        notify(
          backup,
          at.vault,
          ['BACKUP_JOB_STARTED'],
          `An AWS Backup job was started. Resource ARN : ${job.resourceArn}. BackupJob ID : ${job.id}`,
        );
        start(at.estate.backupJobs, job, at);
      }
      return {
        BackupJobId: job.id,
        CreationDate: dateOf(job.created),
        RecoveryPointArn: KNOWN_AT_ONCE.includes(job.resourceType) ? job.recoveryPointArn : undefined,
        IsParent: false,
      };
    },

    DescribeBackupJob(input: DescribeBackupJobInput, request: AwsRequest) {
      const place = backup.enter('DescribeBackupJob', request, '*');
      const job = lookUp(place.estate.backupJobs, input.BackupJobId);
      if (!job) throw notFound(INVENTED.jobNotFound(input.BackupJobId ?? ''));
      return backupJob(place, job);
    },

    ListBackupJobs(input: ListBackupJobsInput, request: AwsRequest) {
      const place = backup.enter('ListBackupJobs', request, '*');
      const jobs = Object.values(place.estate.backupJobs).filter((job) => isWanted(job, input));
      const { items, next } = pageOf(jobs, ({ id }) => id, input);
      return { BackupJobs: items.map((job) => backupJob(place, job)), NextToken: next };
    },

    StartCopyJob(input: StartCopyJobInput, request: AwsRequest) {
      const at = backup.openPoint('StartCopyJob', { ...input, BackupVaultName: input.SourceBackupVaultName }, request);
      const { DestinationBackupVaultArn: destination, IamRoleArn: role } = input;
      if (!destination) throw missingParameter('DestinationBackupVaultArn');
      if (!VAULT_ARN.test(destination)) throw invalidParameter(INVENTED.invalidResource(destination));
      if (!role) throw missingParameter('IamRoleArn');
      const { point } = at;
      const asked = acceptLifecycle(input.Lifecycle);
      // "Always" keeps the expiry of the source: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
      const lifecycle = asked.deleteAfterDays === null ? point.lifecycle : asked;
      const job = repeated(at.estate.copyJobs, input.IdempotencyToken) ?? {
        id: crypto.randomUUID().toUpperCase(),
        token: input.IdempotencyToken ?? null,
        resourceArn: point.resourceArn,
        resourceType: point.resourceType,
        iamRoleArn: role,
        lifecycle,
        continuous: false,
        tags: {},
        recoveryPointArn: recoveryPointArn(destinationPlace(destination, at), point.resourceArn),
        created: backup.now(),
        due: due(),
        state: 'RUNNING' as const,
        message: null,
        sourceVaultName: at.name,
        sourcePointArn: point.arn,
        destinationVaultArn: destination,
      };
      if (!lookUp(at.estate.copyJobs, job.id)) start<CopyJob>(at.estate.copyJobs, job, at);
      return { CopyJobId: job.id, CreationDate: dateOf(job.created), IsParent: false };
    },

    DescribeCopyJob(input: DescribeCopyJobInput, request: AwsRequest) {
      const place = backup.enter('DescribeCopyJob', request, '*');
      const job = lookUp(place.estate.copyJobs, input.CopyJobId);
      if (!job) throw notFound(INVENTED.jobNotFound(input.CopyJobId ?? ''));
      return { CopyJob: copyJob(place, job) };
    },
  };
}

function newBackupJob(input: StartBackupJobInput, { vault, ...place }: OpenVault, created: number, due: number): BackupJob {
  const { ResourceArn: resource, IamRoleArn: role, StartWindowMinutes: window = LEAST_START_WINDOW_MINUTES } = input;
  if (!resource) throw missingParameter('ResourceArn');
  if (!role) throw missingParameter('IamRoleArn');
  if (resource.split(':').length < 6 || !resource.startsWith('arn:')) throw invalidParameter(INVENTED.invalidResource(resource));
  if (window < LEAST_START_WINDOW_MINUTES) throw invalidParameter(INVENTED.shortStartWindow);
  if (vault.type !== 'BACKUP_VAULT') throw invalidRequest(INVENTED.jobIntoOtherType(vault.type));
  const continuous = input.BackupOptions?.[CONTINUOUS_OPTION] === 'enabled';
  const tags = input.RecoveryPointTags ?? {};
  checkTags(tags);
  return {
    id: crypto.randomUUID().toUpperCase(),
    token: input.IdempotencyToken ?? null,
    vaultName: vault.name,
    resourceArn: resource,
    resourceType: resourceTypeOf(resource),
    iamRoleArn: role,
    lifecycle: continuous ? acceptContinuousLifecycle(input.Lifecycle) : acceptLifecycle(input.Lifecycle),
    continuous,
    tags: { ...tags },
    recoveryPointArn: recoveryPointArn(place, resource, continuous),
    created,
    due,
    state: 'RUNNING',
    message: null,
  };
}

function repeated<J extends BackupJob | CopyJob>(jobs: { readonly [id: string]: J }, token: string | undefined): J | undefined {
  return token === undefined ? undefined : Object.values(jobs).find((job) => job.token === token);
}

function destinationPlace(arn: string, { partition }: Place): Pick<Place, 'account' | 'region' | 'partition'> {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region, partition };
}

function isWanted(job: BackupJob, input: ListBackupJobsInput): boolean {
  return (
    (input.ByResourceArn === undefined || job.resourceArn === input.ByResourceArn) &&
    (input.ByResourceType === undefined || job.resourceType === input.ByResourceType) &&
    (input.ByBackupVaultName === undefined || job.vaultName === input.ByBackupVaultName) &&
    (input.ByState === undefined || job.state === input.ByState) &&
    (input.ByCreatedBefore === undefined || job.created < input.ByCreatedBefore.getTime()) &&
    (input.ByCreatedAfter === undefined || job.created > input.ByCreatedAfter.getTime())
  );
}

function backupJob(place: Place, job: BackupJob) {
  const vault = lookUp(place.estate.vaults, job.vaultName);
  return {
    ...jobMembers(place, job),
    BackupJobId: job.id,
    BackupVaultName: job.vaultName,
    BackupVaultArn: vaultArn(place, job.vaultName),
    VaultType: vault?.type,
    VaultLockState: vault && (vault.lock ? 'LOCKED' : 'UNLOCKED'),
    RecoveryPointArn: job.state === 'COMPLETED' ? job.recoveryPointArn : undefined,
    RecoveryPointLifecycle: lifecycleMember(job.lifecycle),
    PercentDone: job.state === 'COMPLETED' ? '100.0' : '0.0',
    StartBy: dateOf(job.created + LEAST_START_WINDOW_MINUTES * 60_000),
  };
}

function copyJob(place: Place, job: CopyJob) {
  return {
    ...jobMembers(place, job),
    CopyJobId: job.id,
    SourceBackupVaultArn: vaultArn(place, job.sourceVaultName),
    SourceRecoveryPointArn: job.sourcePointArn,
    DestinationBackupVaultArn: job.destinationVaultArn,
    DestinationRecoveryPointArn: job.state === 'COMPLETED' ? job.recoveryPointArn : undefined,
    DestinationRecoveryPointLifecycle: lifecycleMember(job.lifecycle),
  };
}

function jobMembers({ account }: Place, job: BackupJob | CopyJob) {
  return {
    AccountId: account,
    ResourceArn: job.resourceArn,
    ResourceType: job.resourceType,
    IamRoleArn: job.iamRoleArn,
    CreationDate: dateOf(job.created),
    CompletionDate: job.state === 'RUNNING' ? undefined : dateOf(job.due),
    State: job.state,
    StatusMessage: job.message ?? undefined,
    BackupSizeInBytes: job.state === 'COMPLETED' ? SIZE_IN_BYTES : undefined,
    IsParent: false,
  };
}

function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `backup:${what} is not implemented by the local endpoint.`, 501);
}
