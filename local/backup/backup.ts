import * as crypto from 'node:crypto';
import { accessDenied, INVENTED, invalidParameter, missingParameter, notFound, RECORDED } from './errors';
import { estates } from './state';
import type { Estate, RecoveryPoint, Vault } from './state';
import { switchValue } from './switches';
import type { BackupSwitch } from './switches';
import { upkeep } from './upkeep';
import { lookUp } from '../server/look-up';
import { partitionOf } from '../server/partition';
import { AwsError } from '../server/service';
import type { AwsRequest } from '../server/service';
import type { World } from '../server/world';

/** Sends a message to an SNS topic. */
export type Publish = (topicArn: string, message: string) => void;

/** The member that every vault operation has. */
export interface VaultInput {
  readonly BackupVaultName?: string | undefined;
  readonly BackupVaultAccountId?: string | undefined;
}

export interface PointInput extends VaultInput {
  readonly RecoveryPointArn?: string | undefined;
}

/** An account in a region, where an operation plays. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly estate: Estate;
}

/** A vault by name, whether or not it exists. */
export interface VaultPlace extends Place {
  readonly name: string;
  readonly arn: string;
  readonly vault: Vault | undefined;
}

export interface OpenVault extends VaultPlace {
  readonly vault: Vault;
}

export interface OpenPoint extends OpenVault {
  readonly point: RecoveryPoint;
}

export interface Access {
  /** Condition keys of the request, beside those that every request has. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** @default - the vault */
  readonly resource?: string;
}

export const AUTOMATIC_EFS_VAULT = 'aws/efs/automatic-backup-vault';
/** The pattern of the API's model; these two operations take any string. */
const VAULT_NAME = /^[a-zA-Z0-9\-_]{2,50}$/;
const ANY_NAME = new Set(['DescribeBackupVault', 'DeleteBackupVault', 'DescribeRecoveryPoint']);
const LOCK_OPERATIONS = new Set(['PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration']);

/** What every operation starts with: is the name one, may the caller do it, does the vault exist. In that order. */
export class Backup {
  constructor(
    readonly world: World,
    readonly publish: Publish,
    /** Names of all operations of the service. */
    readonly operations: readonly string[],
  ) {}

  now(): number {
    return this.world.clock.now();
  }

  switched(name: BackupSwitch): string {
    return switchValue(this.world, name);
  }

  changed(): void {
    this.world.state.changed();
  }

  /** For an operation that is not about one vault. @param resource ARN, or `*` */
  enter(operation: string, request: AwsRequest, resource: string, access: Access = {}): Place {
    const place = this.place(request);
    this.authorise(`backup:${operation}`, request, { ...access, resource });
    return place;
  }

  /** For an operation on a vault that need not exist. */
  approach(operation: string, input: VaultInput, request: AwsRequest, access: Access = {}): VaultPlace {
    const name = input.BackupVaultName;
    if (!name) throw missingParameter('BackupVaultName');
    if (!ANY_NAME.has(operation) && !VAULT_NAME.test(name)) throw invalidParameter(INVENTED.invalidVaultName(name));
    // Whatever the access policy says: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    const account = input.BackupVaultAccountId ?? request.caller.accountId;
    if (account !== request.caller.accountId) throw accessDenied(RECORDED.insufficientPrivileges);
    const at = this.vaultPlace(this.place(request), name);
    this.authorise(`backup:${operation}`, request, { resource: at.arn, ...access }, at.vault);
    return at;
  }

  /** For an operation on an existing vault. @throws AwsError for a missing one, as the switches say */
  open(operation: string, input: VaultInput, request: AwsRequest, access: Access = {}): OpenVault {
    const at = this.approach(operation, input, request, access);
    if (!at.vault) throw this.missing(operation, at.arn);
    return { ...at, vault: at.vault };
  }

  /** For an operation on a recovery point, which is the resource that a policy has to name. */
  openPoint(operation: string, input: PointInput, request: AwsRequest): OpenPoint {
    const { RecoveryPointArn: resource } = input;
    if (!resource) throw missingParameter('RecoveryPointArn');
    const at = this.open(operation, input, request, { resource });
    const point = lookUp(at.vault.recoveryPoints, resource);
    if (!point) throw notFound(RECORDED.pointNotFound);
    return { ...at, point };
  }

  /** @throws AwsError `AccessDeniedException` unless the caller may, with the vault's access policy */
  authorise(action: string, request: AwsRequest, access: Access & { readonly resource: string }, vault?: Vault): void {
    try {
      this.ask(action, request, access, vault);
    } catch (error) {
      const isDenial = error instanceof AwsError && error.code === 'AccessDeniedException';
      const withReason = !isDenial || this.switched('backup.denialMessage') === 'detailed';
      throw withReason ? error : accessDenied(RECORDED.insufficientPrivileges);
    }
  }

  missing(operation: string, arn: string): Error {
    const answer = this.switched(LOCK_OPERATIONS.has(operation) ? 'backup.lockMissingVault' : 'backup.missingVault');
    return answer === '403' ? accessDenied(RECORDED.insufficientPrivileges) : notFound(INVENTED.vaultNotFound(arn));
  }

  /** Does what falls due in the place at `time`, at that time. */
  wakeAt(time: number, { account, region }: Pick<Place, 'account' | 'region'>): void {
    this.world.clock.at(time, () => void this.placeOf(account, region));
  }

  vaultPlace(place: Place, name: string): VaultPlace {
    return { ...place, name, arn: vaultArn(place, name), vault: lookUp(place.estate.vaults, name) };
  }

  /** Up to date: whatever fell due there has happened. */
  placeOf(account: string, region: string): Place {
    const place = { account, region, partition: partitionOf(region), estate: this.estate(account, region) };
    upkeep(this, place);
    return place;
  }

  private ask(action: string, request: AwsRequest, access: Access & { readonly resource: string }, vault?: Vault): void {
    this.world.iam.authorise({
      caller: request.caller,
      action,
      resource: access.resource,
      resourceAccount: request.caller.accountId,
      resourcePolicies: vault?.accessPolicy ? [vault.accessPolicy] : [],
      context: {
        'aws:RequestedRegion': request.region,
        ...Object.fromEntries(Object.entries(vault?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
        ...access.context,
      },
    });
  }

  private place({ caller, region }: AwsRequest): Place {
    return this.placeOf(caller.accountId, region);
  }

  private estate(account: string, region: string): Estate {
    return (estates(this.world)[`${account}/${region}`] ??= {
      vaults:
        this.switched('backup.automaticEfsVault') === 'present' ? { [AUTOMATIC_EFS_VAULT]: this.automaticVault(account, region) } : {},
      backupJobs: {},
      copyJobs: {},
    });
  }

  private automaticVault(account: string, region: string): Vault {
    const place = { account, region, partition: partitionOf(region) };
    return newVault(place, { name: AUTOMATIC_EFS_VAULT, created: this.now() });
  }
}

/** A standard vault, or whatever `given` makes of it. */
export function newVault(place: Omit<Place, 'estate'>, given: Pick<Vault, 'name' | 'created'> & Partial<Vault>): Vault {
  const { account, region, partition } = place;
  // One key for all vaults of a region, like the key that AWS manages for Backup.
  const id = crypto.createHash('sha256').update(`aws/backup ${account} ${region}`).digest('hex');
  const key = [id.slice(0, 8), id.slice(8, 12), `4${id.slice(13, 16)}`, `8${id.slice(17, 20)}`, id.slice(20, 32)].join('-');
  return {
    type: 'BACKUP_VAULT',
    available: given.created,
    creatorRequestId: null,
    sourceVaultArn: null,
    encryptionKeyArn: `arn:${partition}:kms:${region}:${account}:key/${key}`,
    encryptionKeyType: null,
    lock: null,
    accessPolicy: null,
    notifications: null,
    tags: {},
    recoveryPoints: {},
    ...given,
  };
}

export function vaultArn({ partition, region, account }: Omit<Place, 'estate'>, name: string): string {
  return `arn:${partition}:backup:${region}:${account}:backup-vault:${name}`;
}
