import * as crypto from 'node:crypto';
import type {
  CreateBackupVaultInput,
  CreateLogicallyAirGappedBackupVaultInput,
  CreateRestoreAccessBackupVaultInput,
  DeleteBackupVaultInput,
  DescribeBackupVaultInput,
  ListBackupVaultsInput,
} from '@aws-sdk/client-backup';
import { AUTOMATIC_EFS_VAULT, newVault } from './backup';
import type { Backup, OpenVault, VaultPlace } from './backup';
import { accessDenied, BackupError, INVENTED, invalidParameter, invalidRequest, limitExceeded, missingParameter, RECORDED } from './errors';
import { LONGEST_RETENTION_DAYS } from './lock';
import type { VaultLock } from './lock';
import { pageOf } from './paging';
import { dateOf, estates } from './state';
import type { Vault } from './state';
import { checkTags, requestTags } from './tag-operations';
import { lookUp } from '../server/look-up';
import { AwsError } from '../server/service';
import type { AwsRequest } from '../server/service';

/** Per account and Region, both kinds together: https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html */
const MAX_VAULTS = 300;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateLogicallyAirGappedBackupVault.html */
const LEAST_AIR_GAPPED_RETENTION_DAYS = 7;
const CREATOR_REQUEST_ID = /^[A-Za-z0-9\-_.]{1,50}$/;

type CreateInput = CreateBackupVaultInput & { MinRetentionDays?: number | undefined; MaxRetentionDays?: number | undefined };

export function vaultOperations(backup: Backup) {
  return {
    CreateBackupVault(input: CreateBackupVaultInput, request: AwsRequest) {
      const at = create(backup, 'CreateBackupVault', input, request, {});
      return { BackupVaultName: at.name, BackupVaultArn: at.arn, CreationDate: dateOf(at.vault.created) };
    },

    CreateLogicallyAirGappedBackupVault(input: CreateLogicallyAirGappedBackupVaultInput, request: AwsRequest) {
      const lock = airGappedLock(input);
      const created = backup.now();
      const at = create(backup, 'CreateLogicallyAirGappedBackupVault', input, request, {
        type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
        available: availableFrom(backup),
        encryptionKeyType: input.EncryptionKeyArn ? 'CUSTOMER_MANAGED_KMS_KEY' : 'AWS_OWNED_KMS_KEY',
        lock: { ...lock, lockDate: backup.switched('backup.airGappedLockDate') === 'creation' ? created : null },
      });
      return {
        BackupVaultName: at.name,
        BackupVaultArn: at.arn,
        CreationDate: dateOf(at.vault.created),
        VaultState: vaultState(at.vault, backup.now()),
      };
    },

    /** Nobody approves it here, as a team of people does at AWS: it opens by itself, and shows no recovery points. */
    CreateRestoreAccessBackupVault(input: CreateRestoreAccessBackupVaultInput, request: AwsRequest) {
      const { SourceBackupVaultArn: sourceVaultArn, BackupVaultName = `restore-access-${crypto.randomUUID().slice(0, 8)}` } = input;
      if (!sourceVaultArn) throw missingParameter('SourceBackupVaultArn');
      const at = create(backup, 'CreateRestoreAccessBackupVault', { ...input, BackupVaultName }, request, {
        type: 'RESTORE_ACCESS_BACKUP_VAULT',
        available: availableFrom(backup),
        sourceVaultArn,
      });
      return {
        RestoreAccessBackupVaultArn: at.arn,
        RestoreAccessBackupVaultName: at.name,
        CreationDate: dateOf(at.vault.created),
        VaultState: vaultState(at.vault, backup.now()),
      };
    },

    DescribeBackupVault(input: DescribeBackupVaultInput, request: AwsRequest) {
      const at = backup.open('DescribeBackupVault', input, request);
      return { ...description(backup, at), SourceBackupVaultArn: at.vault.sourceVaultArn ?? undefined };
    },

    DeleteBackupVault(input: DeleteBackupVaultInput, request: AwsRequest) {
      const { vault, estate, name } = backup.open('DeleteBackupVault', input, request);
      if (name === AUTOMATIC_EFS_VAULT) throw invalidRequest(INVENTED.automaticVault);
      if (Object.keys(vault.recoveryPoints).length > 0) {
        throw invalidRequest(RECORDED.vaultNotEmpty, { Code: RECORDED.vaultNotEmptyNumber });
      }
      delete estate.vaults[name];
      backup.changed();
      return {};
    },

    ListBackupVaults(input: ListBackupVaultsInput, request: AwsRequest) {
      const place = backup.enter('ListBackupVaults', request, '*');
      const vaults = Object.values(place.estate.vaults)
        .filter(({ type }) => input.ByVaultType === undefined || type === input.ByVaultType)
        // Nobody shares vaults here.
        .filter(() => input.ByShared !== true)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = pageOf(vaults, ({ name }) => name, input);
      return {
        BackupVaultList: items.map((vault) => description(backup, { ...backup.vaultPlace(place, vault.name), vault })),
        NextToken: next,
      };
    },
  };
}

export function vaultState(vault: Vault, now: number): 'CREATING' | 'AVAILABLE' {
  return now < vault.available ? 'CREATING' : 'AVAILABLE';
}

/** When a vault that is made now and is not a standard one can be used. */
function availableFrom(backup: Backup): number {
  return backup.now() + Number(backup.switched('backup.airGappedSeconds')) * 1000;
}

/** Makes the vault, or gives the one that the same request has made before. */
function create(backup: Backup, operation: string, input: CreateInput, request: AwsRequest, given: Partial<Vault>): OpenVault {
  const tags = input.BackupVaultTags ?? {};
  const at = backup.approach(operation, input, request, { context: requestTags(tags) });
  checkCapsule(backup, request);
  const { CreatorRequestId: id = null, EncryptionKeyArn: key } = input;
  if (id !== null && !CREATOR_REQUEST_ID.test(id)) throw invalidParameter(INVENTED.invalidCreatorRequestId);
  checkTags(tags);
  if (at.vault) {
    if (id !== null && at.vault.creatorRequestId === id && at.vault.type === (given.type ?? 'BACKUP_VAULT')) {
      return { ...at, vault: at.vault };
    }
    throw alreadyExists(at, at.vault);
  }
  const { sourceVaultArn: source } = given;
  if (source && !isAirGapped(backup, source)) throw invalidParameter(INVENTED.notAirGapped(source));
  if (Object.keys(at.estate.vaults).length >= MAX_VAULTS) throw limitExceeded(INVENTED.tooManyVaults(MAX_VAULTS));
  const vault = newVault(at, {
    name: at.name,
    created: backup.now(),
    creatorRequestId: id,
    tags: { ...tags },
    ...(key && { encryptionKeyArn: key, encryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY' as const }),
    ...given,
  });
  at.estate.vaults[at.name] = vault;
  backup.changed();
  return { ...at, vault };
}

/** In whatever account and Region: such vaults are shared. */
function isAirGapped(backup: Backup, arn: string): boolean {
  const [, , , region = '', account = '', , name] = arn.split(':');
  const vault = lookUp(lookUp(estates(backup.world), `${account}/${region}`)?.vaults ?? {}, name);
  return vault?.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
}

function alreadyExists(at: VaultPlace, vault: Vault): BackupError {
  const details = { CreatorRequestId: vault.creatorRequestId ?? undefined, Arn: at.arn };
  return new BackupError('AlreadyExistsException', INVENTED.vaultExists, details);
}

/** Backup mounts the storage behind the vault in the caller's name, and says nothing when that is denied. */
function checkCapsule(backup: Backup, request: AwsRequest): void {
  if (backup.switched('backup.mountCapsule') === 'ignored') return;
  try {
    backup.authorise('backup-storage:MountCapsule', request, { resource: '*' });
  } catch (error) {
    throw error instanceof AwsError ? accessDenied(RECORDED.blank) : error;
  }
}

function airGappedLock(input: CreateLogicallyAirGappedBackupVaultInput): Omit<VaultLock, 'lockDate'> {
  const { MinRetentionDays: min, MaxRetentionDays: max } = input;
  if (min === undefined) throw missingParameter('MinRetentionDays');
  if (max === undefined) throw missingParameter('MaxRetentionDays');
  for (const [name, days] of Object.entries({ MinRetentionDays: min, MaxRetentionDays: max })) {
    if (!Number.isInteger(days) || days < LEAST_AIR_GAPPED_RETENTION_DAYS || days > LONGEST_RETENTION_DAYS) {
      throw invalidParameter(INVENTED.retentionOutOfRange(name, LEAST_AIR_GAPPED_RETENTION_DAYS, LONGEST_RETENTION_DAYS));
    }
  }
  if (min > max) throw invalidParameter(INVENTED.minAboveMax);
  return { minRetentionDays: min, maxRetentionDays: max };
}

/** What is not set is absent. ChangeableForDays is never shown. */
function description(backup: Backup, { vault, arn }: OpenVault) {
  const { lock } = vault;
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: arn,
    VaultType: vault.type,
    VaultState: vaultState(vault, backup.now()),
    EncryptionKeyArn: vault.encryptionKeyArn,
    EncryptionKeyType: vault.encryptionKeyType ?? undefined,
    CreationDate: dateOf(vault.created),
    CreatorRequestId: vault.creatorRequestId ?? undefined,
    NumberOfRecoveryPoints: Object.keys(vault.recoveryPoints).length,
    Locked: lock !== null,
    MinRetentionDays: lock?.minRetentionDays ?? undefined,
    MaxRetentionDays: lock?.maxRetentionDays ?? undefined,
    LockDate: dateOf(lock?.lockDate ?? null),
  };
}
