import { FakeVaultHistory } from './fake-backup-history';
import { awsError, FaultyService } from './faulty-service';
import { normalised } from './rewritten-policy';
import { HOUR, VirtualClock } from './virtual-clock';
import { Backup, BackupVaultDescription, LockSettings, Page, RecoveryPoint, Tags } from '../../../lambda/backup/services';
import { evaluate } from '../../../src/policy/evaluation';
import { parsePolicy } from '../../../src/policy/parse';

export interface BackupLock {
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  /** In ms since 1970; absent: governance mode. */
  readonly lockDate?: number;
}

export interface FakeBackupVault {
  type: 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' | 'RESTORE_ACCESS_BACKUP_VAULT';
  state: 'AVAILABLE' | 'CREATING' | 'FAILED';
  lock?: BackupLock;
  points: RecoveryPoint[];
  tags: { [key: string]: string };
  accessPolicy?: string;
}

const DAY = 24 * HOUR;
const MAX_DAYS = 36_500;
const MAX_TAGS = 50;

const insufficient = () => awsError('AccessDeniedException', 'Insufficient privileges to perform this action.', 403);
const notFound = (what: string) => awsError('ResourceNotFoundException', `Cannot find ${what}`);
const invalid = (text: string) => awsError('InvalidParameterValueException', text);

/** AWS Backup of one account and region. What AWS does not document is a switch, set to the likelier of its values. */
export class FakeBackup extends FaultyService implements Backup {
  static readonly WRITES = [
    ...['PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration', 'TagResource', 'UntagResource'],
    ...['PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
  ];

  /** A Put without ChangeableForDays on a lock whose lock date is still to come. */
  putWithoutChangeableDaysInGrace: 'keepsDate' | 'clearsDate' = 'keepsDate';
  deleteWithoutLock: 'succeeds' | 'notFound' = 'succeeds';
  /** A Put of exactly the bounds that an immutable lock has. */
  identicalPutWhenImmutable: 'refused' | 'accepted' = 'refused';
  lockOperationsOnMissingVault: 'denied' | 'notFound' = 'denied';
  describeMissingVault: 'denied' | 'notFound' = 'denied';
  policyOperationsOnMissingVault: 'denied' | 'notFound' = 'denied';
  deleteWithoutPolicy: 'succeeds' | 'notFound' = 'succeeds';
  /** On a vault that is logically air-gapped, or gives access to one. */
  putOnAirGapped: 'refused' | 'accepted' = 'refused';
  /** How long a write takes to show in DescribeBackupVault, ListTags and GetBackupVaultAccessPolicy. */
  staleReadsMs = 0;
  /** Items of a page in lists. */
  pageSize = 100;
  /** Who calls; a Deny in a vault's access policy holds for this principal, too. */
  caller: string;

  readonly vaults = new Map<string, FakeBackupVault>();
  /** What every lock Put asked for, one that was refused, too. */
  readonly lockPuts: LockSettings[] = [];
  private readonly history = new FakeVaultHistory(this.clock, this.vaults);

  constructor(
    clock: VirtualClock,
    readonly region = 'eu-west-1',
    readonly account = '123456789012',
  ) {
    super(clock);
    this.caller = `arn:aws:iam::${account}:role/handler`;
  }

  get writes(): string[] {
    return this.calls.filter((call) => FakeBackup.WRITES.includes(call));
  }

  /** A vault that is simply there. */
  put(name: string, vault: Partial<FakeBackupVault> = {}): FakeBackupVault {
    const whole: FakeBackupVault = { type: 'BACKUP_VAULT', state: 'AVAILABLE', points: [], tags: {}, ...vault };
    this.vaults.set(name, whole);
    return whole;
  }

  arn(name: string): string {
    return `arn:aws:backup:${this.region}:${this.account}:backup-vault:${name}`;
  }

  lockOf(name: string): BackupLock | undefined {
    return this.vaults.get(name)?.lock;
  }

  isImmutable(name: string): boolean {
    const lockDate = this.lockOf(name)?.lockDate;
    return lockDate !== undefined && lockDate <= this.clock.now();
  }

  async describeVault(name: string): Promise<BackupVaultDescription> {
    return this.perform('DescribeBackupVault', () => {
      const vault = this.history.seen(name, this.staleReadsMs);
      if (!vault) throw this.describeMissingVault === 'denied' ? insufficient() : notFound('backup vault');
      this.assertNotDenied('DescribeBackupVault', name);
      const { type, state, lock } = vault;
      return { vaultType: type, vaultState: state, locked: lock !== undefined, ...lock };
    });
  }

  async listVaultNames(nextToken?: string): Promise<Page<string>> {
    return this.perform('ListBackupVaults', () => this.page([...this.vaults.keys()].sort(), nextToken));
  }

  async putLock(name: string, settings: LockSettings): Promise<void> {
    await this.write('PutBackupVaultLockConfiguration', () => {
      this.lockPuts.push(settings);
      const vault = this.forLockOperation('PutBackupVaultLockConfiguration', name);
      const { minRetentionDays, maxRetentionDays, changeableForDays } = settings;
      assertBounds(settings);
      const bounds = { minRetentionDays, maxRetentionDays };
      if (this.isImmutable(name) && vault.type === 'BACKUP_VAULT') {
        const identical = minRetentionDays === vault.lock?.minRetentionDays && maxRetentionDays === vault.lock?.maxRetentionDays;
        if (identical && this.identicalPutWhenImmutable === 'accepted') return;
        throw awsError('InvalidRequestException', 'the vault lock configuration is immutable (text not known from the real service)');
      }
      if (changeableForDays !== undefined) vault.lock = { ...bounds, lockDate: this.clock.now() + changeableForDays * DAY };
      else if (this.putWithoutChangeableDaysInGrace === 'clearsDate') vault.lock = bounds;
      else vault.lock = { ...bounds, lockDate: vault.lock?.lockDate };
    });
  }

  async deleteLock(name: string): Promise<void> {
    await this.write('DeleteBackupVaultLockConfiguration', () => {
      const vault = this.forLockOperation('DeleteBackupVaultLockConfiguration', name);
      if (this.isImmutable(name)) throw awsError('InvalidRequestException', 'the vault lock configuration cannot be deleted');
      if (!vault.lock && this.deleteWithoutLock === 'notFound') throw notFound('vault lock configuration');
      vault.lock = undefined;
    });
  }

  async listRecoveryPoints(name: string, nextToken?: string): Promise<Page<RecoveryPoint>> {
    return this.perform('ListRecoveryPointsByBackupVault', () => {
      const vault = this.vaults.get(name);
      if (!vault) throw insufficient();
      this.assertNotDenied('ListRecoveryPointsByBackupVault', name);
      return this.page(vault.points, nextToken);
    });
  }

  async listTags(arn: string): Promise<Tags> {
    return this.perform('ListTags', () => {
      const { tags } = this.ofArn(arn);
      return { ...(this.history.seen(this.nameOf(arn), this.staleReadsMs)?.tags ?? tags) };
    });
  }

  async addTags(arn: string, tags: Tags): Promise<void> {
    await this.write('TagResource', () => {
      const vault = this.ofArn(arn);
      const all = { ...vault.tags, ...tags };
      if (Object.keys(all).length > MAX_TAGS) throw awsError('LimitExceededException', 'too many tags');
      vault.tags = all;
    });
  }

  async removeTags(arn: string, keys: readonly string[]): Promise<void> {
    await this.write('UntagResource', () => {
      const vault = this.ofArn(arn);
      vault.tags = Object.fromEntries(Object.entries(vault.tags).filter(([key]) => !keys.includes(key)));
    });
  }

  async getAccessPolicy(name: string): Promise<string> {
    return this.perform('GetBackupVaultAccessPolicy', () => {
      this.forPolicyOperation('GetBackupVaultAccessPolicy', name);
      const policy = this.history.seen(name, this.staleReadsMs)?.accessPolicy;
      if (policy === undefined) throw notFound('backup vault access policy');
      return policy;
    });
  }

  async putAccessPolicy(name: string, policy: string): Promise<void> {
    await this.write('PutBackupVaultAccessPolicy', () => {
      const vault = this.forPolicyOperation('PutBackupVaultAccessPolicy', name);
      assertPolicy(policy);
      vault.accessPolicy = normalised(policy);
    });
  }

  async deleteAccessPolicy(name: string): Promise<void> {
    await this.write('DeleteBackupVaultAccessPolicy', () => {
      const vault = this.forPolicyOperation('DeleteBackupVaultAccessPolicy', name);
      if (vault.accessPolicy === undefined && this.deleteWithoutPolicy === 'notFound') throw notFound('backup vault access policy');
      vault.accessPolicy = undefined;
    });
  }

  private async write(operation: string, effect: () => void): Promise<void> {
    await this.perform(operation, () => {
      this.history.remember();
      effect();
    });
  }

  private forLockOperation(operation: string, name: string): FakeBackupVault {
    const vault = this.vaults.get(name);
    if (!vault) throw this.lockOperationsOnMissingVault === 'denied' ? insufficient() : notFound('backup vault');
    this.assertNotDenied(operation, name);
    if (vault.type !== 'BACKUP_VAULT' && this.putOnAirGapped === 'refused') {
      throw awsError('InvalidRequestException', `the operation is not supported for a vault of type ${vault.type}`);
    }
    return vault;
  }

  private forPolicyOperation(operation: string, name: string): FakeBackupVault {
    const vault = this.vaults.get(name);
    if (!vault) throw this.policyOperationsOnMissingVault === 'denied' ? insufficient() : notFound('backup vault');
    this.assertNotDenied(operation, name);
    return vault;
  }

  private ofArn(arn: string): FakeBackupVault {
    const vault = this.vaults.get(this.nameOf(arn));
    if (!vault || arn !== this.arn(this.nameOf(arn))) throw notFound('resource');
    return vault;
  }

  private nameOf(arn: string): string {
    return arn.slice(arn.lastIndexOf(':') + 1);
  }

  private assertNotDenied(operation: string, name: string): void {
    const policy = this.vaults.get(name)?.accessPolicy;
    if (policy === undefined) return;
    const principal = { kind: 'aws', arn: this.caller, accountId: this.caller.split(':')[4] ?? '' } as const;
    const request = { action: `backup:${operation}`, resource: this.arn(name), principal, resourceAccount: this.account, context: {} };
    const { decision } = evaluate(request, { identity: 'administrator', resource: [parsePolicy(policy)] });
    if (decision === 'explicitDeny') {
      throw awsError(
        'AccessDeniedException',
        `User: ${this.caller} is not authorized to perform: backup:${operation} with an explicit deny in a resource-based policy`,
        403,
      );
    }
  }

  private page<T>(all: readonly T[], token = '0'): Page<T> {
    const from = Number(token);
    const to = from + this.pageSize;
    return { items: all.slice(from, to), nextToken: to < all.length ? String(to) : undefined };
  }
}

function assertBounds({ minRetentionDays: min, maxRetentionDays: max, changeableForDays: changeable }: LockSettings): void {
  const within = (days: number | undefined, least: number) =>
    days === undefined || (Number.isInteger(days) && days >= least && days <= MAX_DAYS);
  if (!within(min, 1)) throw invalid('MinRetentionDays is not valid');
  if (!within(max, 1) || (min !== undefined && max !== undefined && min > max)) throw invalid('MaxRetentionDays is not valid');
  if (!within(changeable, 3)) throw invalid('ChangeableForDays is not valid');
}

function assertPolicy(policy: string): void {
  try {
    parsePolicy(policy, { requirePrincipal: true });
  } catch {
    throw invalid('Invalid policy document');
  }
}
