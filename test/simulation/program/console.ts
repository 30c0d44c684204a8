import { createHash } from 'node:crypto';
import type { ConsoleAct, Program } from './program';
import { accessPolicy, backupArn, lockPolicy, REMOTE_VAULT } from './template';
import { OTHER_ACCOUNT, REGION, requestBy } from '../world/services';
import { HOUR } from '../world/sim-clock';
import type { SimWorld } from '../world/sim-world';

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
    case 'replacesLock':
      model.AbortVaultLock(of, request);
      return void model.InitiateVaultLock({ ...of, policy: { Policy: lock?.policy ?? lockPolicy(vaultName, 'hold') } }, request);
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
      return setBackupPolicy(world, name, (statements) => [...statements, DENIAL]);
    case 'takesSid':
      return setBackupPolicy(world, name, (statements) => [DENIAL, { ...DENIAL, Sid: 'partner' }, ...statements.filter(isNot('partner'))]);
    case 'changesStatements':
      return setBackupPolicy(world, name, (statements) => [DENIAL, ...statements.filter(isNot(DENIAL.Sid)).map(stricter)]);
    case 'setsOldPolicy':
      return setBackupPolicy(world, name, (statements) => (statements.length > 0 ? statements : [DENIAL]), '2008-10-17');
    default:
      return backUp(world, name);
  }
}

interface Statement {
  readonly Sid: string;
}

const DENIAL = { Sid: 'console', Effect: 'Deny', Principal: '*', Action: ['backup:StartCopyJob'], Resource: '*' };
const isNot = (sid: string) => (statement: Statement) => statement.Sid !== sid;
const stricter = (statement: Statement): Statement =>
  ({ ...statement, ...DENIAL, Sid: statement.Sid, Action: ['backup:StartRestoreJob'] }) as Statement;

function setBackupPolicy(
  { models, backupVaults }: SimWorld,
  name: string,
  change: (statements: readonly Statement[]) => readonly Statement[],
  Version = '2012-10-17',
): void {
  const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
  const { Statement: before } = JSON.parse(backupVaults[name]?.accessPolicy ?? '{"Statement":[]}') as { Statement: Statement[] };
  const Policy = JSON.stringify({ Version, Statement: change(before.filter(isNot(DENIAL.Sid))) });
  models.backup.PutBackupVaultAccessPolicy({ BackupVaultName: name, Policy }, request);
}

/** A vault that is not ready for an hour. */
function beginVault(world: SimWorld): void {
  const { models, clock } = world;
  models.backup.CreateBackupVault({ BackupVaultName: 'missing' }, requestBy('person', 'backup'));
  const vault = world.backupVaults.missing as { available: number };
  vault.available = clock.now() + HOUR;
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
export function found(world: SimWorld, { ledger, prodLock, begun = false, isEmpty = false }: Program['found']): void {
  const { glacier, backup } = world.models;
  if (ledger) {
    glacier.CreateVault({ accountId: '-', vaultName: 'ledger' }, requestBy('person', 'glacier'));
    if (!isEmpty) upload(world, 'ledger');
  }
  for (const name of ['prod', 'prod-2', 'test', REMOTE_VAULT]) {
    const request = requestBy('person', 'backup', REGION, name === REMOTE_VAULT ? OTHER_ACCOUNT : undefined);
    backup.CreateBackupVault({ BackupVaultName: name }, request);
  }
  const request = requestBy('person', 'backup');
  backup.CreateLogicallyAirGappedBackupVault({ BackupVaultName: 'air-gapped', MinRetentionDays: 7, MaxRetentionDays: 35 }, request);
  if (begun) beginVault(world);
  if (prodLock === 'none') return;
  const lock = { BackupVaultName: 'prod', MinRetentionDays: 7, MaxRetentionDays: 35 };
  backup.PutBackupVaultLockConfiguration({ ...lock, ...(prodLock === 'compliance' && { ChangeableForDays: 20 }) }, request);
}
