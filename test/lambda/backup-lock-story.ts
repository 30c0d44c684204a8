import { BackupWorld, Event, Response } from './fakes/backup-world';
import { BackupLock, FakeBackupVault } from './fakes/fake-backup';
import { OWNER } from './fakes/stack-events';
import { MINUTE } from './fakes/virtual-clock';
import { acknowledgementOf } from '../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_OWNER_TAG } from '../../src/private/contract';

export const ARN = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:prod';
export const ID = `${ARN}/vault-lock`;
/** What a Create answers that has failed. */
export const NOT_MADE = 'Thing-not-created';

export interface LockTemplate {
  readonly VaultName?: string;
  readonly Mode?: string;
  readonly MinRetentionDays?: number;
  readonly MaxRetentionDays?: number;
  readonly CoolingOffDays?: number;
  readonly Acknowledge?: string;
  readonly AllowPointsWithoutExpiry?: boolean;
  readonly OnRemoval?: string;
  readonly VaultRegion?: string;
  readonly VaultAccount?: string;
  readonly RoleArn?: string;
}

/** 7 to 35 days. */
export function governance(over: LockTemplate = {}): LockTemplate {
  return { VaultName: 'prod', Mode: 'governance', MinRetentionDays: 7, MaxRetentionDays: 35, OnRemoval: 'keep', ...over };
}

/** The same with a cooling-off of 7 days, and the acknowledgement that belongs to what the template says. */
export function compliance(over: LockTemplate = {}): LockTemplate {
  const template = { ...governance(), Mode: 'compliance', CoolingOffDays: 7, ...over };
  const { VaultName, MinRetentionDays: minRetentionDays, MaxRetentionDays: maxRetentionDays } = template;
  const arn = `arn:aws:backup:${over.VaultRegion ?? 'eu-west-1'}:${over.VaultAccount ?? '123456789012'}:backup-vault:${VaultName}`;
  return {
    Acknowledge: acknowledgementOf(VaultName ?? '', backupLockFingerprint(arn, { minRetentionDays, maxRetentionDays })),
    ...template,
  };
}

/** One stack with one lock on the vault `prod`. */
export class LockStory {
  readonly world: BackupWorld;

  constructor(start?: number) {
    this.world = new BackupWorld(start);
    this.world.backup.put('prod');
  }

  get lock(): BackupLock | undefined {
    return this.world.backup.lockOf('prod');
  }

  get tags(): FakeBackupVault['tags'] {
    return { ...this.world.backup.vaults.get('prod')?.tags };
  }

  set status(status: string) {
    this.world.stacks.stack = { status };
  }

  /** A lock that was there before. */
  found(lock: BackupLock, tags: FakeBackupVault['tags'] = {}): void {
    this.world.backup.put('prod', { lock, tags });
  }

  /** A lock that this stack has made. */
  ours(lock: BackupLock): void {
    this.found(lock, { [BACKUP_LOCK_OWNER_TAG]: `${OWNER}/Thing` });
  }

  /** The stack is deployed, and nothing of that counts any more. */
  async have(template: LockTemplate): Promise<void> {
    await this.create(template);
    this.world.clock.advance(MINUTE);
    this.world.forgetCalls();
    this.world.backup.lockPuts.length = 0;
  }

  async create(template: LockTemplate): Promise<Response> {
    this.status = 'CREATE_IN_PROGRESS';
    return this.world.ask({ type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties: template });
  }

  async update(old: object, template: object, status = 'UPDATE_IN_PROGRESS', physicalId = ID): Promise<Response> {
    this.status = status;
    return this.world.ask({ type: 'Update', resource: 'BACKUP_VAULT_LOCK', properties: template, old, physicalId });
  }

  async remove(template: LockTemplate, status = 'DELETE_IN_PROGRESS', physicalId = ID): Promise<Response> {
    this.status = status;
    return this.world.ask({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties: template, physicalId });
  }

  createEvent(template: LockTemplate): Event {
    return this.world.event({ type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties: template });
  }

  updateEvent(old: LockTemplate, template: LockTemplate, physicalId = ID): Event {
    return this.world.event({ type: 'Update', resource: 'BACKUP_VAULT_LOCK', properties: template, old, physicalId });
  }

  deleteEvent(template: LockTemplate, physicalId = ID): Event {
    return this.world.event({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties: template, physicalId });
  }
}
