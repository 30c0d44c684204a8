import { LockChange, Running, StormStack, Template } from './backup-storm-stack';
import { BackupLock } from './fakes/fake-backup';
import { HOUR } from './fakes/virtual-clock';
import { acknowledgementOf } from '../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_CLAIM_TAG, BACKUP_LOCK_OWNER_TAG } from '../../src/private/contract';

const DAY = 24 * HOUR;
/** A lock date beyond that is none: until then the lock can be changed and removed. */
const FAR_AWAY_MS = 18_250 * DAY;
/** Two deliveries of one event that run side by side both put the lock: its date moves by what lies between. */
const TWIN_MS = 60_000;
const LAST_WORD = /IN_PROGRESS$/;

export const arnOf = (vault: string) => `arn:aws:backup:eu-west-1:123456789012:backup-vault:${vault}`;

export function acknowledgementFor(vault: string, minRetentionDays: number, maxRetentionDays: number): string {
  return acknowledgementOf(vault, backupLockFingerprint(arnOf(vault), { minRetentionDays, maxRetentionDays }));
}

type Sent = { readonly [name in keyof Template | 'OldMode']?: string };

const sent = ({ event }: Running): Sent => event.ResourceProperties as Sent;
const old = ({ event }: Running): Sent | undefined => event.OldResourceProperties as Sent | undefined;
const isUpdateInPlace = (by: Running) => by.event.RequestType === 'Update' && old(by)?.VaultName === sent(by).VaultName;
const isPromotion = (by: Running) => isUpdateInPlace(by) && old(by)?.Mode === 'governance' && sent(by).Mode === 'compliance';

export function nearDate(lock: BackupLock | undefined, at: number): number | undefined {
  return lock?.lockDate !== undefined && lock.lockDate - at < FAR_AWAY_MS ? lock.lockDate : undefined;
}

function asksForDate(by: Running, before: BackupLock): boolean {
  const [now, then] = [sent(by), old(by)];
  const differs = (['Mode', 'CoolingOffDays', 'MinRetentionDays', 'MaxRetentionDays'] as const).some((name) => now[name] !== then?.[name]);
  const isAsBefore = String(before.minRetentionDays) === now.MinRetentionDays && String(before.maxRetentionDays) === now.MaxRetentionDays;
  return by.event.RequestType === 'Update' && (differs || !isAsBefore);
}

/** What is wrong with one change of a lock, by itself. */
export function lawsBrokenBy({ by, at, status, wasForeign, before, after }: LockChange): string[] {
  if (!by) return [];
  const { RequestType } = by.event;
  const broken: string[] = [];
  const wanted = by.forward && (status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS');
  const [was, is] = [nearDate(before, at), nearDate(after, at)];

  if (is !== undefined && after?.lockDate !== before?.lockDate) {
    const { VaultName = '', Mode, Acknowledge } = sent(by);
    const needed = acknowledgementFor(VaultName, after?.minRetentionDays ?? 0, after?.maxRetentionDays ?? 0);
    if (RequestType === 'Delete' || Mode !== 'compliance' || Acknowledge !== needed || !by.forward) {
      broken.push(
        'rule 1, "Nothing irreversible without a matching acknowledgement": a lock date is set that no forward deployment acknowledged',
      );
    }
    if (was !== undefined && is < was && !isPromotion(by)) broken.push('a lock date moves earlier, and no promotion asked for it');
    if (was !== undefined && before && !wasForeign && is - was > TWIN_MS && !asksForDate(by, before)) {
      broken.push('rule 6, "a repeated Put must not move a LockDate": a lock date moves, and nothing in the template asked for it');
    }
  }
  if (was !== undefined && is === undefined && wanted && sent(by).Mode === 'compliance') {
    broken.push('rule 5, "No gap": a forward deployment that asks for compliance takes a lock date away');
  }
  if (before && !after && RequestType !== 'Delete') {
    if (isUpdateInPlace(by)) broken.push('rule 5, "No gap": an update leaves the vault without a lock');
    else if (wanted) broken.push('rule 5, "No gap": a Create that is still wanted removes the lock');
  }
  return broken;
}

const isPermanent = (lock: BackupLock | undefined, at: number) => lock?.lockDate !== undefined && lock.lockDate <= at;

function isSame(a: BackupLock | undefined, b: BackupLock | undefined, at: number): boolean {
  if (!a || !b) return a === b;
  return a.minRetentionDays === b.minRetentionDays && a.maxRetentionDays === b.maxRetentionDays && nearDate(a, at) === nearDate(b, at);
}

function fits(lock: BackupLock | undefined, template: Template, at: number): boolean {
  if (lock?.minRetentionDays !== template.MinRetentionDays || lock.maxRetentionDays !== template.MaxRetentionDays) return false;
  return (nearDate(lock, at) === undefined) === (template.Mode === 'governance');
}

export const ownTags = (stack: StormStack, vault: string) =>
  Object.keys(stack.backup.vaults.get(vault)?.tags ?? {}).filter(
    (key) => key === BACKUP_LOCK_OWNER_TAG || key.startsWith(BACKUP_LOCK_CLAIM_TAG),
  );

/** How things were before a deployment began, with nothing running. */
export interface Before {
  readonly template?: Template;
  readonly locks: ReadonlyMap<string, BackupLock | undefined>;
  /** Nobody has touched the vaults by hand so far. */
  readonly untouched: boolean;
}

/** What is wrong when a lock has been taken out of its stack and nothing runs any more. */
export function lawsBrokenByRemoval(stack: StormStack, { VaultName, OnRemoval }: Template, { locks }: Before): string[] {
  const at = stack.clock.now();
  const [was, is] = [locks.get(VaultName), stack.backup.lockOf(VaultName)];
  const expected = OnRemoval === 'keep' || isPermanent(was, at) ? was : undefined;
  const broken = isSame(expected, is, at) ? [] : [`\`onRemoval\` ${OnRemoval}: ${JSON.stringify(was)} became ${JSON.stringify(is)}`];
  return ownTags(stack, VaultName).length === 0 ? broken : [...broken, 'a removed lock leaves tags'];
}

/** What is wrong when a deployment of a template has ended and nothing runs any more. */
export function lawsBrokenAfter(stack: StormStack, template: Template, before: Before): string[] {
  const { status } = stack;
  const at = stack.clock.now();
  const { VaultName } = template;
  const [was, is] = [before.locks.get(VaultName), stack.backup.lockOf(VaultName)];
  const asFound = isSame(was, is, at);
  const shown = `${JSON.stringify(was)} became ${JSON.stringify(is)}`;
  const broken: string[] = [];
  if (LAST_WORD.test(status) || status === 'UPDATE_ROLLBACK_FAILED') return broken;
  if (stack.template === template) {
    if (isPermanent(is, at)) return broken;
    if (!fits(is, template, at)) broken.push(`a lock means what it says: after the deployment it is not as the template says (${shown})`);
    if (before.untouched && !ownTags(stack, VaultName).includes(BACKUP_LOCK_OWNER_TAG)) {
      broken.push('the lock of a successful deployment has no owner');
    }
    return broken;
  }
  if (before.template?.VaultName !== VaultName) {
    if (!asFound) broken.push(`a rolled-back create does not leave the vault as it was found: ${shown}`);
    const left = ownTags(stack, VaultName);
    // Who dies leaves its claim; it counts no more when its lease has ended.
    if (left.length > 0 && !stack.diedIn('Create')) broken.push(`a rolled-back create leaves the tags ${left.join()}`);
    return broken;
  }
  if (was && !is) broken.push('rule 5, "No gap": a rolled-back update leaves the vault without a lock');
  if (before.template.Mode === 'governance' && nearDate(is, at) !== undefined && nearDate(is, at) !== nearDate(was, at)) {
    broken.push(`a rolled-back promotion leaves a lock date: ${shown}`);
  }
  return broken;
}
