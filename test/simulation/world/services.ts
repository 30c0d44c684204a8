import * as backupSdk from '@aws-sdk/client-backup';
import * as glacierSdk from '@aws-sdk/client-glacier';
import type { ApiCalls } from './api';
import type { Run } from './runs';
import type { Backup, Credentials, Services as BackupServices } from '../../../lambda/backup/services';
import type { Stacks } from '../../../lambda/cloudformation/stack-phase';
import type { Glacier, Parameters, Services as GlacierServices } from '../../../lambda/glacier/services';
import { accessPolicyOperations as backupPolicies } from '../../../local/backup/access-policy-operations';
import { Backup as BackupModel } from '../../../local/backup/backup';
import { jobOperations } from '../../../local/backup/job-operations';
import { lockOperations as backupLocks } from '../../../local/backup/lock-operations';
import { recoveryPointOperations } from '../../../local/backup/recovery-point-operations';
import { tagOperations as backupTags } from '../../../local/backup/tag-operations';
import { vaultOperations as backupVaults } from '../../../local/backup/vault-operations';
import type { Api as EngineApi } from '../../../local/cloudformation/api/context';
import type { EventRecord } from '../../../local/cloudformation/stack/records';
import { accessPolicyOperations } from '../../../local/glacier/access-policy-operations';
import { archiveOperations } from '../../../local/glacier/archive-operations';
import { Glacier as GlacierModel } from '../../../local/glacier/glacier';
import { lockOperations } from '../../../local/glacier/lock-operations';
import { notificationOperations } from '../../../local/glacier/notification-operations';
import { tagOperations } from '../../../local/glacier/tag-operations';
import { vaultOperations } from '../../../local/glacier/vault-operations';
import { operationNames } from '../../../local/protocol/rest-json-route';
import type { AwsRequest } from '../../../local/server/service';
import type { World } from '../../../local/server/world';
import { ParameterStore } from '../../../local/ssm/parameter-store';

export const ACCOUNT = '123456789012';
/** Whose vaults are reached by assuming a role. */
export const OTHER_ACCOUNT = '210987654321';
export const REGION = 'eu-west-1';

const GLACIER_OPERATIONS = operationNames(glacierSdk);
const BACKUP_OPERATIONS = operationNames(backupSdk);

export function glacierModel(world: World) {
  const glacier = new GlacierModel(world, () => undefined, GLACIER_OPERATIONS);
  return {
    ...vaultOperations(glacier),
    ...accessPolicyOperations(glacier),
    ...lockOperations(glacier),
    ...tagOperations(glacier),
    ...notificationOperations(glacier),
    ...archiveOperations(glacier),
  };
}
export type GlacierOperations = ReturnType<typeof glacierModel>;

export function backupModel(world: World) {
  const backup = new BackupModel(world, () => undefined, BACKUP_OPERATIONS);
  return {
    ...backupVaults(backup),
    ...backupLocks(backup),
    ...backupPolicies(backup),
    ...backupTags(backup),
    ...recoveryPointOperations(backup),
    ...jobOperations(backup),
  };
}
export type BackupOperations = ReturnType<typeof backupModel>;

/** Who asks: a function's role, or a person at the console. */
export function requestBy(who: string, service: string, region = REGION, accountId = ACCOUNT): AwsRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    service,
    region,
    caller: { accountId, arn: `arn:aws:sts::${accountId}:assumed-role/${who}/it`, roleArn: `arn:aws:iam::${accountId}:role/${who}` },
    requestId: 'request',
  };
}

export function glacierFor(run: Run, calls: ApiCalls, model: GlacierOperations): Glacier {
  const request = requestBy('handler', 'glacier');
  const call = async <T>(operation: string, vaultName: string, effect: () => T | Promise<T>) =>
    calls.call(run, `glacier:${operation}`, vaultName, effect);
  const of = (vaultName: string) => ({ accountId: '-', vaultName });
  return {
    createVault: async (name) => void (await call('CreateVault', name, () => model.CreateVault(of(name), request))),
    describeVault: async (name) =>
      call('DescribeVault', name, () => {
        const { CreationDate, LastInventoryDate, NumberOfArchives } = model.DescribeVault(of(name), request);
        return { creationDate: CreationDate, lastInventoryDate: LastInventoryDate ?? undefined, numberOfArchives: NumberOfArchives };
      }),
    deleteVault: async (name) => void (await call('DeleteVault', name, () => model.DeleteVault(of(name), request))),
    setVaultAccessPolicy: async (name, policy) =>
      void (await call('SetVaultAccessPolicy', name, () =>
        model.SetVaultAccessPolicy({ ...of(name), policy: { Policy: policy } }, request),
      )),
    getVaultAccessPolicy: async (name) =>
      call('GetVaultAccessPolicy', name, () => model.GetVaultAccessPolicy(of(name), request).policy?.Policy ?? ''),
    deleteVaultAccessPolicy: async (name) =>
      void (await call('DeleteVaultAccessPolicy', name, () => model.DeleteVaultAccessPolicy(of(name), request))),
    setVaultNotifications: async (name, { topicArn, events }) => {
      const input = { ...of(name), vaultNotificationConfig: { SNSTopic: topicArn, Events: [...events] } };
      await call('SetVaultNotifications', name, () => model.SetVaultNotifications(input, request));
    },
    getVaultNotifications: async (name) =>
      call('GetVaultNotifications', name, () => {
        const { vaultNotificationConfig: config } = model.GetVaultNotifications(of(name), request);
        return { topicArn: config?.SNSTopic ?? '', events: [...(config?.Events ?? [])] };
      }),
    deleteVaultNotifications: async (name) =>
      void (await call('DeleteVaultNotifications', name, () => model.DeleteVaultNotifications(of(name), request))),
    addTagsToVault: async (name, tags) =>
      void (await call('AddTagsToVault', name, () => model.AddTagsToVault({ ...of(name), Tags: { ...tags } }, request))),
    removeTagsFromVault: async (name, keys) =>
      void (await call('RemoveTagsFromVault', name, () => model.RemoveTagsFromVault({ ...of(name), TagKeys: [...keys] }, request))),
    listTagsForVault: async (name) => call('ListTagsForVault', name, () => model.ListTagsForVault(of(name), request).Tags),
    initiateVaultLock: async (name, policy) =>
      call('InitiateVaultLock', name, () => model.InitiateVaultLock({ ...of(name), policy: { Policy: policy } }, request).lockId),
    getVaultLock: async (name) =>
      call('GetVaultLock', name, () => {
        const { State, Policy, CreationDate, ExpirationDate } = model.GetVaultLock(of(name), request);
        return { state: State, policy: Policy, creationDate: CreationDate, expirationDate: ExpirationDate ?? undefined };
      }),
    completeVaultLock: async (name, lockId) =>
      void (await call('CompleteVaultLock', name, () => model.CompleteVaultLock({ ...of(name), lockId }, request))),
    abortVaultLock: async (name) => void (await call('AbortVaultLock', name, () => model.AbortVaultLock(of(name), request))),
  };
}

export function parametersFor(run: Run, calls: ApiCalls, store: ParameterStore): Parameters {
  const call = async <T>(operation: string, name: string, effect: () => T) => calls.call(run, `ssm:${operation}`, name, effect);
  return {
    get: async (name) =>
      call('GetParameter', name, () => {
        const found = store.find(name, REGION);
        return found && { value: found.value, version: found.version };
      }),
    put: async (name, value, overwrite) =>
      call('PutParameter', name, () => store.put({ name, type: 'SecureString', value, overwrite }, REGION).version),
    delete: async (name) => call('DeleteParameter', name, () => store.delete(name, REGION)),
  };
}

export function stacksFor(run: Run, calls: ApiCalls, { store }: EngineApi): Stacks {
  /** The last of that kind. */
  const event = async (stackId: string, isIt: (event: EventRecord) => boolean) =>
    calls.call(run, 'cloudformation:DescribeStackEvents', stackId, () =>
      [...(store.find(stackId, REGION)?.events ?? [])].reverse().find(isIt),
    );
  return {
    describe: async (stackId) =>
      calls.call(run, 'cloudformation:DescribeStacks', stackId, () => {
        const stack = store.find(stackId, REGION);
        return stack && { status: stack.status, created: stack.createdAt, lastUpdated: stack.updatedAt, rootId: stack.rootId };
      }),
    statusBeforeDeletion: async (stackId) =>
      event(stackId, ({ physicalId, status }) => physicalId === stackId && !status.startsWith('DELETE_')).then((found) => found?.status),
    rollbackBegan: async (stackId) =>
      event(stackId, ({ physicalId, status }) => physicalId === stackId && status.endsWith('ROLLBACK_IN_PROGRESS')).then(
        (found) => found?.timestamp,
      ),
    resourceStatus: async (stackId, logicalId) =>
      event(stackId, ({ physicalId, logicalId: name }) => physicalId !== stackId && name === logicalId).then((found) => found?.status),
  };
}

export function backupFor(run: Run, calls: ApiCalls, model: BackupOperations, region: string, credentials?: Credentials): Backup {
  const request = requestBy('handler', 'backup', region, credentials?.accessKeyId);
  const call = async <T>(operation: string, on: string, effect: () => T | Promise<T>) => calls.call(run, `backup:${operation}`, on, effect);
  const of = (name: string) => ({ BackupVaultName: name });
  const named = (arn: string) => arn.split(':').at(-1) ?? '';
  return {
    describeVault: async (name) =>
      call('DescribeBackupVault', name, () => {
        const vault = model.DescribeBackupVault(of(name), request);
        return {
          vaultType: vault.VaultType ?? 'BACKUP_VAULT',
          vaultState: vault.VaultState,
          locked: vault.Locked ?? false,
          minRetentionDays: vault.MinRetentionDays,
          maxRetentionDays: vault.MaxRetentionDays,
          lockDate: vault.LockDate?.getTime(),
        };
      }),
    listVaultNames: async (NextToken) =>
      call('ListBackupVaults', '*', () => {
        const { BackupVaultList, NextToken: nextToken } = model.ListBackupVaults({ NextToken }, request);
        return { items: BackupVaultList.map(({ BackupVaultName = '' }) => BackupVaultName), nextToken };
      }),
    putLock: async (
      name,
      { minRetentionDays: MinRetentionDays, maxRetentionDays: MaxRetentionDays, changeableForDays: ChangeableForDays },
    ) => {
      const input = { ...of(name), MinRetentionDays, MaxRetentionDays, ChangeableForDays };
      await call('PutBackupVaultLockConfiguration', name, () => model.PutBackupVaultLockConfiguration(input, request));
    },
    deleteLock: async (name) =>
      void (await call('DeleteBackupVaultLockConfiguration', name, () => model.DeleteBackupVaultLockConfiguration(of(name), request))),
    listRecoveryPoints: async (name, NextToken) =>
      call('ListRecoveryPointsByBackupVault', name, () => {
        const { RecoveryPoints, NextToken: nextToken } = model.ListRecoveryPointsByBackupVault({ ...of(name), NextToken }, request);
        const items = RecoveryPoints.map(({ RecoveryPointArn = '', CalculatedLifecycle, Lifecycle }) => ({
          arn: RecoveryPointArn,
          expires: CalculatedLifecycle?.DeleteAt !== undefined || (Lifecycle?.DeleteAfterDays ?? 0) > 0,
        }));
        return { items, nextToken };
      }),
    listTags: async (arn) => call('ListTags', named(arn), () => model.ListTags({ ResourceArn: arn }, request).Tags),
    addTags: async (arn, tags) =>
      void (await call('TagResource', named(arn), () => model.TagResource({ ResourceArn: arn, Tags: { ...tags } }, request))),
    removeTags: async (arn, keys) =>
      void (await call('UntagResource', named(arn), () => model.UntagResource({ ResourceArn: arn, TagKeyList: [...keys] }, request))),
    getAccessPolicy: async (name) =>
      call('GetBackupVaultAccessPolicy', name, () => model.GetBackupVaultAccessPolicy(of(name), request).Policy ?? ''),
    putAccessPolicy: async (name, policy) =>
      void (await call('PutBackupVaultAccessPolicy', name, () =>
        model.PutBackupVaultAccessPolicy({ ...of(name), Policy: policy }, request),
      )),
    deleteAccessPolicy: async (name) =>
      void (await call('DeleteBackupVaultAccessPolicy', name, () => model.DeleteBackupVaultAccessPolicy(of(name), request))),
  };
}

export interface Models {
  readonly glacier: GlacierOperations;
  readonly backup: BackupOperations;
  readonly parameters: ParameterStore;
  readonly engine: EngineApi;
}

/** What one process of the Glacier function works with. */
export function glacierServices(
  run: Run,
  calls: ApiCalls,
  models: Models,
  surroundings: Pick<GlacierServices, 'clock' | 'nonce'>,
): GlacierServices {
  return {
    glacier: glacierFor(run, calls, models.glacier),
    parameters: parametersFor(run, calls, models.parameters),
    stacks: stacksFor(run, calls, models.engine),
    ...surroundings,
  };
}

/** What one process of the Backup function works with. */
export function backupServices(run: Run, calls: ApiCalls, models: Models): BackupServices {
  return {
    stacks: stacksFor(run, calls, models.engine),
    backup: (region, credentials) => backupFor(run, calls, models.backup, region, credentials),
    assumeRole: async (roleArn) =>
      calls.call(run, 'sts:AssumeRole', roleArn, () => ({ accessKeyId: roleArn.split(':')[4] ?? '', secretAccessKey: 'secret' })),
  };
}
