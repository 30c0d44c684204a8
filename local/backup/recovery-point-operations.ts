import type {
  DeleteRecoveryPointInput,
  DescribeRecoveryPointInput,
  ListRecoveryPointsByBackupVaultInput,
  UpdateRecoveryPointLifecycleInput,
} from '@aws-sdk/client-backup';
import type { Backup, OpenVault } from './backup';
import { INVENTED, invalidRequest, RECORDED } from './errors';
import { notify } from './job-completion';
import { acceptLifecycle, expiryOf, isCold, lifecycleMembers } from './lifecycle';
import { pageOf } from './paging';
import { dateOf } from './state';
import type { RecoveryPoint, Vault } from './state';
import type { AwsRequest } from '../server/service';

/** Nothing is really backed up. */
export const SIZE_IN_BYTES = 1024;

export function recoveryPointOperations(backup: Backup) {
  return {
    ListRecoveryPointsByBackupVault(input: ListRecoveryPointsByBackupVaultInput, request: AwsRequest) {
      const at = backup.open('ListRecoveryPointsByBackupVault', input, request);
      const points = Object.values(at.vault.recoveryPoints)
        .filter((point) => isWanted(point, input))
        .sort((a, b) => a.created - b.created || (a.arn < b.arn ? -1 : 1));
      const { items, next } = pageOf(points, ({ arn }) => arn, input);
      return { RecoveryPoints: items.map((point) => description(at, point)), NextToken: next };
    },

    DescribeRecoveryPoint(input: DescribeRecoveryPointInput, request: AwsRequest) {
      const at = backup.openPoint('DescribeRecoveryPoint', input, request);
      const storageClass = isCold(at.point.created, at.point.lifecycle, backup.now()) ? 'COLD' : 'WARM';
      return { ...description(at, at.point), StorageClass: storageClass };
    },

    DeleteRecoveryPoint(input: DeleteRecoveryPointInput, request: AwsRequest) {
      const { vault, point } = backup.openPoint('DeleteRecoveryPoint', input, request);
      refuseLocked(vault);
      delete vault.recoveryPoints[point.arn];
      backup.changed();
      notify(backup, vault, ['RECOVERY_POINT_MODIFIED'], `An AWS Backup recovery point was deleted. Recovery point ARN: ${point.arn}`);
      return {};
    },

    UpdateRecoveryPointLifecycle(input: UpdateRecoveryPointLifecycleInput, request: AwsRequest) {
      const at = backup.openPoint('UpdateRecoveryPointLifecycle', input, request);
      const { vault, point } = at;
      refuseLocked(vault);
      if (point.continuous) throw invalidRequest(INVENTED.continuousLifecycle);
      point.lifecycle = acceptLifecycle(input.Lifecycle);
      backup.changed();
      const expiry = expiryOf(point.created, point.lifecycle);
      if (expiry !== null) backup.wakeAt(expiry, at);
      notify(backup, vault, ['RECOVERY_POINT_MODIFIED'], `An AWS Backup recovery point was modified. Recovery point ARN: ${point.arn}`);
      return { BackupVaultArn: at.arn, RecoveryPointArn: point.arn, ...lifecycleMembers(point.created, point.lifecycle) };
    },
  };
}

/** In every mode of the lock, whoever asks. */
function refuseLocked(vault: Vault): void {
  if (vault.lock) throw invalidRequest(RECORDED.pointLocked);
}

function isWanted(point: RecoveryPoint, input: ListRecoveryPointsByBackupVaultInput): boolean {
  return (
    (input.ByResourceArn === undefined || point.resourceArn === input.ByResourceArn) &&
    (input.ByResourceType === undefined || point.resourceType === input.ByResourceType) &&
    (input.ByCreatedBefore === undefined || point.created < input.ByCreatedBefore.getTime()) &&
    (input.ByCreatedAfter === undefined || point.created > input.ByCreatedAfter.getTime()) &&
    // None comes from a plan, none is part of another one.
    input.ByBackupPlanId === undefined &&
    input.ByParentRecoveryPointArn === undefined
  );
}

function description({ vault, arn }: OpenVault, point: RecoveryPoint) {
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: vault.name,
    BackupVaultArn: arn,
    SourceBackupVaultArn: point.sourceVaultArn ?? undefined,
    ResourceArn: point.resourceArn,
    ResourceType: point.resourceType,
    IamRoleArn: point.iamRoleArn,
    Status: point.continuous ? 'AVAILABLE' : 'COMPLETED',
    CreationDate: dateOf(point.created),
    InitiationDate: dateOf(point.created),
    CompletionDate: dateOf(point.completed),
    BackupSizeInBytes: SIZE_IN_BYTES,
    ...lifecycleMembers(point.created, point.lifecycle),
    EncryptionKeyArn: vault.encryptionKeyArn,
    EncryptionKeyType: vault.encryptionKeyType ?? undefined,
    IsEncrypted: true,
    IsParent: false,
    VaultType: vault.type,
  };
}
