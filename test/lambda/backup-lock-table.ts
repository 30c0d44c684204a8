import { BackupWorld, Event, OWNER, Response } from './fakes/backup-world';
import { BackupLock } from './fakes/fake-backup';
import { HOUR } from './fakes/virtual-clock';
import { acknowledgementOf } from '../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_OWNER_TAG } from '../../src/private/contract';

const DAY = 24 * HOUR;
export const VAULT = 'prod';
const ARN = `arn:aws:backup:eu-west-1:123456789012:backup-vault:${VAULT}`;

interface Template {
  readonly VaultName: string;
  readonly Mode: 'governance' | 'compliance';
  readonly MinRetentionDays: number;
  readonly MaxRetentionDays: number;
  readonly CoolingOffDays?: number;
  readonly Acknowledge?: string;
  readonly OnRemoval?: 'keep' | 'remove';
}

const governance = (over: Partial<Template> = {}): Template => ({
  VaultName: VAULT,
  Mode: 'governance',
  MinRetentionDays: 7,
  MaxRetentionDays: 35,
  ...over,
});

const compliance = (over: Partial<Template> = {}): Template => {
  const template = governance({ Mode: 'compliance', CoolingOffDays: 7, ...over });
  const { MinRetentionDays: minRetentionDays, MaxRetentionDays: maxRetentionDays } = template;
  const acknowledge = acknowledgementOf(VAULT, backupLockFingerprint(ARN, { minRetentionDays, maxRetentionDays }));
  return { Acknowledge: acknowledge, ...template };
};

/** What is asked of the handler. The lock that it finds was made for the template before, or, on Create, looks like the one asked for. */
export interface Asked {
  readonly title: string;
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly template: Template;
  readonly old?: Template;
}

const STALE = { Acknowledge: `${VAULT} sha256:${'0'.repeat(64)}` };

export const ASKED: readonly Asked[] = [
  { title: 'create: governance', type: 'Create', template: governance() },
  { title: 'create: compliance', type: 'Create', template: compliance() },
  { title: 'create: compliance, not acknowledged', type: 'Create', template: compliance(STALE) },
  { title: 'governance, another `minRetention`', type: 'Update', old: governance(), template: governance({ MinRetentionDays: 14 }) },
  { title: 'governance, another `maxRetention`', type: 'Update', old: governance(), template: governance({ MaxRetentionDays: 60 }) },
  { title: 'governance, another `onRemoval`', type: 'Update', old: governance(), template: governance({ OnRemoval: 'remove' }) },
  { title: 'promotion', type: 'Update', old: governance(), template: compliance() },
  { title: 'promotion with other bounds', type: 'Update', old: governance(), template: compliance({ MinRetentionDays: 14 }) },
  { title: 'promotion, not acknowledged', type: 'Update', old: governance(), template: compliance(STALE) },
  { title: 'compliance, another `minRetention`', type: 'Update', old: compliance(), template: compliance({ MinRetentionDays: 14 }) },
  { title: 'compliance, another `maxRetention`', type: 'Update', old: compliance(), template: compliance({ MaxRetentionDays: 60 }) },
  {
    title: 'compliance, another `minRetention`, acknowledgement stale',
    type: 'Update',
    old: compliance(),
    template: { ...compliance(), MinRetentionDays: 14 },
  },
  { title: 'compliance, longer `coolingOff`', type: 'Update', old: compliance(), template: compliance({ CoolingOffDays: 30 }) },
  { title: 'compliance, shorter `coolingOff`', type: 'Update', old: compliance(), template: compliance({ CoolingOffDays: 3 }) },
  { title: 'compliance, another `onRemoval`', type: 'Update', old: compliance(), template: compliance({ OnRemoval: 'remove' }) },
  { title: 'demotion', type: 'Update', old: compliance(), template: governance() },
  { title: 'demotion with other bounds', type: 'Update', old: compliance(), template: governance({ MinRetentionDays: 14 }) },
  { title: 'removal of governance, `onRemoval` keep', type: 'Delete', template: governance() },
  { title: 'removal of governance, `onRemoval` remove', type: 'Delete', template: governance({ OnRemoval: 'remove' }) },
  { title: 'removal of compliance, `onRemoval` keep', type: 'Delete', template: compliance() },
  { title: 'removal of compliance, `onRemoval` remove', type: 'Delete', template: compliance({ OnRemoval: 'remove' }) },
];

/** What the handler finds. A lock date was set a day ago, 7 days ahead; an immutable lock is a day old. */
export const FOUND = [
  'no lock',
  'governance',
  'governance, other bounds',
  'cooling-off',
  'cooling-off, other bounds',
  'immutable',
  'immutable, other bounds',
  'governance, managed by another stack',
  'air-gapped vault',
  'vault missing',
  'no permission',
] as const;
export type Found = (typeof FOUND)[number];

/** What AWS does not document. The first value of each is the fake's own. */
export const UNDOCUMENTED = {
  putWithoutChangeableDaysInGrace: ['keepsDate', 'clearsDate'],
  deleteWithoutLock: ['succeeds', 'notFound'],
  identicalPutWhenImmutable: ['refused', 'accepted'],
  lockOperationsOnMissingVault: ['denied', 'notFound'],
  describeMissingVault: ['denied', 'notFound'],
  putOnAirGapped: ['refused', 'accepted'],
} as const;
export type Switches = { readonly [name in keyof typeof UNDOCUMENTED]: (typeof UNDOCUMENTED)[name][number] };

export const FORWARD = { Create: 'CREATE_IN_PROGRESS', Update: 'UPDATE_IN_PROGRESS', Delete: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' };
export const ROLLBACK = { Create: 'ROLLBACK_IN_PROGRESS', Update: 'UPDATE_ROLLBACK_IN_PROGRESS' };

/** One cell of the table, played with the real handler. */
export class Row {
  readonly world = new BackupWorld();
  private readonly event: Event;

  constructor(
    readonly asked: Asked,
    readonly found: Found,
    switches: Partial<Switches>,
  ) {
    const { backup, stacks } = this.world;
    Object.assign(backup, switches);
    if (found !== 'vault missing') backup.put(VAULT, this.vaultAsFound());
    if (found === 'no permission') backup.deniedUntil.set('*', Infinity);
    stacks.stack = { status: FORWARD[asked.type] };
    const { type, template, old } = asked;
    this.event = this.world.event({ type, resource: 'BACKUP_VAULT_LOCK', properties: template, old, physicalId: `${ARN}/vault-lock` });
  }

  get lock(): BackupLock | undefined {
    return this.world.backup.lockOf(VAULT);
  }

  /** The writes on the lock so far: how many Puts, how many Deletes. */
  get writes(): number {
    return this.world.backup.count('PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration');
  }

  /** Delivers the event, for the first time or again. */
  async deliver(): Promise<Response> {
    const [response] = await this.world.deliver(this.event);
    return response as Response;
  }

  /** The stack goes on with something else, and the event comes hours later. */
  async deliverLate(): Promise<Response> {
    this.world.clock.advance(HOUR);
    this.world.stacks.stack = { status: 'UPDATE_IN_PROGRESS', lastUpdated: new Date(this.world.clock.now()).toISOString() };
    return this.deliver();
  }

  /** Something else in the stack fails, and CloudFormation takes this back. */
  async rollBack(): Promise<Response> {
    const { type, template, old } = this.asked;
    if (type === 'Delete') throw new Error('CloudFormation deletes only when there is no way back');
    this.world.stacks.stack = { status: ROLLBACK[type] };
    const physicalId = `${ARN}/vault-lock`;
    const back =
      type === 'Create' ? { type: 'Delete' as const, properties: template } : { type, properties: old ?? template, old: template };
    return this.world.ask({ ...back, resource: 'BACKUP_VAULT_LOCK', physicalId });
  }

  private vaultAsFound(): {
    lock?: BackupLock;
    tags: { [key: string]: string };
    type: 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
  } {
    const { asked, found } = this;
    const { MinRetentionDays: minRetentionDays, MaxRetentionDays: maxRetentionDays } = asked.old ?? asked.template;
    const bounds = found.includes('other bounds') ? { minRetentionDays: 10, maxRetentionDays: 20 } : { minRetentionDays, maxRetentionDays };
    const now = this.world.clock.now();
    const lockDate = found.startsWith('cooling-off') ? now + 6 * DAY : now - DAY;
    const owner = found.includes('another stack') ? 'other/stack/Lock' : asked.type === 'Create' ? undefined : `${OWNER}/Thing`;
    const tags: { [key: string]: string } = owner === undefined ? {} : { [BACKUP_LOCK_OWNER_TAG]: owner };
    if (found === 'no lock') return { tags, type: 'BACKUP_VAULT' };
    if (found === 'air-gapped vault') {
      return { lock: { ...bounds, lockDate: now - DAY }, tags: {}, type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' };
    }
    const dated = found.startsWith('cooling-off') || found.startsWith('immutable');
    return { lock: dated ? { ...bounds, lockDate } : bounds, tags, type: 'BACKUP_VAULT' };
  }

  /** Why the handler refused, in the words of its judgement. */
  get refusal(): string {
    const decided = this.world.logs.flatMap((line) => (JSON.parse(line) as { decided?: { do: string; why?: string } }).decided ?? []);
    const last = decided.at(-1);
    return last?.do === 'refuse' ? (last.why ?? '') : 'denied';
  }

  lockInWords(): string {
    const { lock, world } = this;
    if (!world.backup.vaults.has(VAULT)) return '-';
    if (!lock) return 'none';
    const bounds = `${lock.minRetentionDays}..${lock.maxRetentionDays}`;
    if (lock.lockDate === undefined) return `governance ${bounds}`;
    const days = Math.round((lock.lockDate - world.clock.now()) / DAY);
    return days <= 0 ? `permanent ${bounds}` : `permanent in ${days} days, ${bounds}`;
  }
}
