import { createHash } from 'node:crypto';
import type { ConsoleAct } from './program';
import { accessPolicy, backupArn, lockPolicy } from './template';
import type { SimWorld } from '../world/sim-world';
import { OTHER_ACCOUNT, REGION, requestBy } from '../world/services';
import { REMOTE_VAULT } from './template';

const ARCHIVE_HASH = createHash('sha256').update('x').digest('hex');
const LEDGERS = ['ledger', 'audit', 'mail'];
const BACKUPS = ['prod', 'test', REMOTE_VAULT];

/** Somebody at the console. What the services refuse does not happen. */
export function interfere(world: SimWorld, act: ConsoleAct, slot: number): void {
  const ledger = LEDGERS[slot] ?? 'ledger';
  const backup = BACKUPS[slot] ?? 'prod';
  try {
    perform(world, act, ledger, backup);
  } catch {
    // Refused: so it is.
  }
}

function perform(world: SimWorld, act: ConsoleAct, vaultName: string, backup: string): void {
  const { glacier: model, parameters } = world.models;
  const request = requestBy('person', 'glacier');
  const of = { accountId: '-', vaultName };
  const lock = world.glacierVaults[vaultName]?.lock;
  switch (act) {
    case 'abortsLock':
      return void model.AbortVaultLock(of, request);
    case 'completesLock':
      return void model.CompleteVaultLock({ ...of, lockId: lock?.id ?? '' }, request);
    case 'initiatesLock':
      return void model.InitiateVaultLock({ ...of, policy: { Policy: lockPolicy(vaultName, 'thirtyDays') } }, request);
    case 'deletesVault':
      return void model.DeleteVault(of, request);
    case 'retags':
      return void model.RemoveTagsFromVault({ ...of, TagKeys: ['cdk-vault-lock/owner', 'team'] }, request);
    case 'setsAccessPolicy':
      return void model.SetVaultAccessPolicy({ ...of, policy: { Policy: accessPolicy(vaultName, 'auditor') } }, request);
    case 'uploads':
      return upload(world, vaultName);
    case 'deletesRecord':
      return parameters.delete(`/cdk-vault-lock/glacier/${vaultName}`, REGION);
    default:
      return performOnBackup(world, act, backup);
  }
}

function performOnBackup(world: SimWorld, act: ConsoleAct, name: string): void {
  const { backup: model } = world.models;
  const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
  const of = { BackupVaultName: name };
  const { minRetentionDays, maxRetentionDays } = world.backupVaults[name]?.lock ?? {};
  const bounds = { MinRetentionDays: minRetentionDays ?? 10, MaxRetentionDays: maxRetentionDays ?? 20 };
  switch (act) {
    case 'unlocks':
      return void model.DeleteBackupVaultLockConfiguration(of, request);
    case 'promotes':
      return void model.PutBackupVaultLockConfiguration({ ...of, ...bounds, ChangeableForDays: 10 }, request);
    case 'demotes':
      return void model.PutBackupVaultLockConfiguration({ ...of, ...bounds }, request);
    case 'changesBounds':
      return void model.PutBackupVaultLockConfiguration({ ...of, MinRetentionDays: 10, MaxRetentionDays: 20 }, request);
    case 'removesTags': {
      const { Tags } = model.ListTags({ ResourceArn: backupArn(name) }, request);
      return void model.UntagResource({ ResourceArn: backupArn(name), TagKeyList: Object.keys(Tags) }, request);
    }
    case 'setsBackupPolicy':
      return setBackupPolicy(world, name);
    default:
      return backUp(world, name);
  }
}

function setBackupPolicy({ models }: SimWorld, name: string): void {
  const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
  const statement = { Sid: 'console', Effect: 'Deny', Principal: '*', Action: ['backup:StartCopyJob'], Resource: '*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  models.backup.PutBackupVaultAccessPolicy({ BackupVaultName: name, Policy }, request);
}

/** A recovery point that never expires. */
export function backUp(world: SimWorld, name: string): void {
  const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
  const resource = `arn:aws:dynamodb:${REGION}:${request.caller.accountId}:table/orders`;
  const IamRoleArn = `arn:aws:iam::${request.caller.accountId}:role/backup`;
  world.models.backup.StartBackupJob({ BackupVaultName: name, ResourceArn: resource, IamRoleArn }, request);
}

/** An archive of one byte. */
export function upload({ models }: SimWorld, vaultName: string): void {
  const body = Buffer.from('x');
  models.glacier.UploadArchive({ accountId: '-', vaultName, checksum: ARCHIVE_HASH }, { ...requestBy('person', 'glacier'), body });
}

/** Vaults that are there before, and what is in them. */
export function found(world: SimWorld, { ledger, prodLock }: { readonly ledger: boolean; readonly prodLock: string }): void {
  const { glacier, backup } = world.models;
  if (ledger) {
    glacier.CreateVault({ accountId: '-', vaultName: 'ledger' }, requestBy('person', 'glacier'));
    upload(world, 'ledger');
  }
  for (const name of ['prod', 'prod-2', 'test', REMOTE_VAULT]) {
    const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
    backup.CreateBackupVault({ BackupVaultName: name }, request);
  }
  const request = requestBy('person', 'backup');
  backup.CreateLogicallyAirGappedBackupVault({ BackupVaultName: 'air-gapped', MinRetentionDays: 7, MaxRetentionDays: 35 }, request);
  if (prodLock === 'none') return;
  const lock = { BackupVaultName: 'prod', MinRetentionDays: 7, MaxRetentionDays: 35 };
  backup.PutBackupVaultLockConfiguration({ ...lock, ...(prodLock === 'compliance' && { ChangeableForDays: 20 }) }, request);
}
