import {
  BackupClient,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  ListBackupVaultsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  RecoveryPointByBackupVault,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-backup';
import { httpHandler as requestHandler } from './http-handler';
import { Backup, Credentials, RecoveryPoint, Tags } from '../backup/services';

/** AWS Backup of one region over the AWS SDK. @param credentials default: those that the environment names */
export function sdkBackup(region: string, credentials?: Credentials): Backup {
  // Retrying is the handlers' own business: a second Put with ChangeableForDays moves the lock date.
  const client = new BackupClient({ region, credentials, maxAttempts: 1, requestHandler });
  const of = (name: string) => ({ BackupVaultName: name });
  return {
    describeVault: async (name) => {
      const vault = await client.send(new DescribeBackupVaultCommand(of(name)));
      return {
        vaultType: vault.VaultType ?? 'BACKUP_VAULT',
        vaultState: vault.VaultState,
        locked: vault.Locked ?? false,
        minRetentionDays: vault.MinRetentionDays,
        maxRetentionDays: vault.MaxRetentionDays,
        lockDate: vault.LockDate?.getTime(),
      };
    },
    listVaultNames: async (NextToken) => {
      const { BackupVaultList = [], NextToken: nextToken } = await client.send(new ListBackupVaultsCommand({ NextToken }));
      return { items: BackupVaultList.map(({ BackupVaultName = '' }) => BackupVaultName), nextToken };
    },
    putLock: async (name, { minRetentionDays, maxRetentionDays, changeableForDays }) => {
      const lock = { MinRetentionDays: minRetentionDays, MaxRetentionDays: maxRetentionDays, ChangeableForDays: changeableForDays };
      await client.send(new PutBackupVaultLockConfigurationCommand({ ...of(name), ...lock }));
    },
    deleteLock: async (name) => void (await client.send(new DeleteBackupVaultLockConfigurationCommand(of(name)))),
    listRecoveryPoints: async (name, NextToken) => {
      const input = { ...of(name), NextToken };
      const { RecoveryPoints = [], NextToken: nextToken } = await client.send(new ListRecoveryPointsByBackupVaultCommand(input));
      return { items: RecoveryPoints.map(recoveryPoint), nextToken };
    },
    listTags: async (ResourceArn) => {
      let tags: Tags = {};
      let NextToken: string | undefined;
      do {
        const page = await client.send(new ListTagsCommand({ ResourceArn, NextToken }));
        tags = { ...tags, ...page.Tags };
        NextToken = page.NextToken;
      } while (NextToken);
      return tags;
    },
    addTags: async (ResourceArn, tags) => void (await client.send(new TagResourceCommand({ ResourceArn, Tags: { ...tags } }))),
    removeTags: async (ResourceArn, keys) => void (await client.send(new UntagResourceCommand({ ResourceArn, TagKeyList: [...keys] }))),
    getAccessPolicy: async (name) => (await client.send(new GetBackupVaultAccessPolicyCommand(of(name)))).Policy ?? '',
    putAccessPolicy: async (name, policy) =>
      void (await client.send(new PutBackupVaultAccessPolicyCommand({ ...of(name), Policy: policy }))),
    deleteAccessPolicy: async (name) => void (await client.send(new DeleteBackupVaultAccessPolicyCommand(of(name)))),
  };
}

/** A point without a lifecycle, or with the -1 that stands for "always", is kept for ever. */
function recoveryPoint({ RecoveryPointArn = '', CalculatedLifecycle, Lifecycle }: RecoveryPointByBackupVault): RecoveryPoint {
  return { arn: RecoveryPointArn, expires: CalculatedLifecycle?.DeleteAt !== undefined || (Lifecycle?.DeleteAfterDays ?? 0) > 0 };
}
