import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward, sent, sentBefore } from './evidence';
import type { VaultLock } from '../../../local/backup/lock';
import { BACKUP_LOCK_OWNER_TAG } from '../../../src/private/contract';
import type { CallRecord } from '../world/api';
import type { Run } from '../world/runs';
import { DAY, MINUTE } from '../world/sim-clock';

/** A lock date beyond that is none: until then the lock can be changed and removed. */
const FAR_AWAY_MS = 18_250 * DAY;
/** Two deliveries of one event that run side by side both put the lock: its date moves by what lies between. */
const TWIN_MS = MINUTE;

/** A lock date that counts; `undefined`: none, or one that is as good as none. */
export function nearDate(lock: VaultLock | null | undefined, at: number): number | undefined {
  const { lockDate } = lock ?? {};
  return typeof lockDate === 'number' && lockDate - at < FAR_AWAY_MS ? lockDate : undefined;
}

const isUpdateInPlace = (by: Run) => by.event.RequestType === 'Update' && sentBefore(by).VaultName === sent(by).VaultName;
const isPromotion = (by: Run) => isUpdateInPlace(by) && sentBefore(by).Mode === 'governance' && sent(by).Mode === 'compliance';

function asksForDate(by: Run, before: VaultLock): boolean {
  const [now, then] = [sent(by), sentBefore(by)];
  const differs = ['Mode', 'CoolingOffDays', 'MinRetentionDays', 'MaxRetentionDays'].some((name) => now[name] !== then[name]);
  const text = (days: number | null) => (days === null ? undefined : String(days));
  const isAsBefore = text(before.minRetentionDays) === now.MinRetentionDays && text(before.maxRetentionDays) === now.MaxRetentionDays;
  return !isAsBefore || (by.event.RequestType === 'Update' && differs);
}

const hasStaleReads = ({ operation }: Evidence) => operation?.trouble?.faults.some(({ kind }) => kind === 'stale') ?? false;

/** What must hold of every call to AWS Backup. */
export class BackupLaws {
  private before: VaultLock | null = null;
  private points = 0;
  /** The vaults whose lock a handler put there last. */
  private readonly ours = new Set<string>();
  private readonly seen = new Map<string, VaultLock | null>();
  /** Whose the tags say that the lock is. */
  private owner = '';
  /** Which lock date a process has set where. */
  private readonly dated = new WeakMap<Run, string>();
  /** Dates that were set so late that they have to go again. */
  private readonly overdue = new Map<Run, { readonly on: string; readonly lockDate: number }>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  note(on: string): void {
    const vault = this.evidence.world.backupVaults[on];
    this.before = vault?.lock ?? null;
    this.owner = vault?.tags[BACKUP_LOCK_OWNER_TAG] ?? '';
    this.points = Object.keys(vault?.recoveryPoints ?? {}).length;
  }

  judge({ on, by, error }: CallRecord): void {
    const vault = this.evidence.world.backupVaults[on];
    if (!vault || error !== undefined) return;
    if (Object.keys(vault.recoveryPoints).length < this.points) this.accuse('nothingLost', `a recovery point of ${on} is gone`);
    const { before } = this;
    const { lock: after } = vault;
    if (before === after) return;
    if (this.seen.get(on) !== before) this.ours.delete(on);
    this.judgeDate(on, by, before, after);
    this.judgeGap(on, by, before, after);
    this.judgeFound(on, by, before, after);
    this.seen.set(on, after);
    this.ours.add(on);
  }

  /** A request that took minutes for a call may have to take its lock date back. */
  ended(by: Run): void {
    const late = this.overdue.get(by);
    if (late && this.evidence.world.backupVaults[late.on]?.lock?.lockDate === late.lockDate) {
      this.accuse('notInRollback', `a request that came too late leaves its lock date on ${late.on}`);
    }
  }

  private judgeDate(on: string, by: Run, before: VaultLock | null, after: VaultLock | null): void {
    const { evidence, accuse } = this;
    const at = evidence.world.clock.now();
    const [was, is] = [nearDate(before, at), nearDate(after, at)];
    if (is === undefined || after?.lockDate === before?.lockDate) return;
    const { Mode, Acknowledge, VaultName } = sent(by);
    const content = `${on} ${after?.minRetentionDays} ${after?.maxRetentionDays}`;
    const isAcknowledged = Acknowledge !== undefined && evidence.acknowledged.has(content);
    if (by.event.RequestType === 'Delete' || Mode !== 'compliance' || VaultName !== on || !isAcknowledged) {
      accuse('acknowledged', `a lock date is set on ${on}, and no template acknowledged its bounds`);
    }
    this.judgeLateness(on, by, is);
    this.judgePoints(on, by, was);
    // Who looked before somebody at the console changed it could not know.
    if (!evidence.isUntouched(by.startedAt)) return;
    const text = `${on} ${after?.minRetentionDays} ${after?.maxRetentionDays}`;
    if (this.dated.get(by) === text && was !== undefined && !hasStaleReads(evidence)) {
      accuse('dateStays', `one process sets the lock date of ${on} twice`);
    }
    this.dated.set(by, text);
    if (was !== undefined && is < was && !isPromotion(by)) {
      accuse('dateStays', `the lock date of ${on} moves closer, and no promotion asks for it`);
    }
    if (was !== undefined && before && this.ours.has(on) && is - was > TWIN_MS && !asksForDate(by, before)) {
      accuse('dateStays', `the lock date of ${on} moves by ${Math.round((is - was) / 1000)} s, and nothing in the template asks for it`);
    }
  }

  private judgeLateness(on: string, by: Run, lockDate: number): void {
    const { evidence } = this;
    const isForwardEvent = isForward(evidence.sendingOf(by).status);
    if (isForwardEvent && !evidence.isTooLate(by)) return;
    if (isForwardEvent && evidence.hasHung(by)) return void this.overdue.set(by, { on, lockDate });
    this.accuse('notInRollback', `a lock date is set on ${on} while the stack is in ${evidence.statusOf(by.event.StackId)}`);
  }

  private judgePoints(on: string, by: Run, was: number | undefined): void {
    const points = Object.values(this.evidence.world.backupVaults[on]?.recoveryPoints ?? {});
    const isAllowed = sent(by).AllowPointsWithoutExpiry === 'true';
    const older = points.filter(({ completed, lifecycle }) => completed < by.startedAt - MINUTE && !lifecycle.deleteAfterDays);
    if (was === undefined && !isAllowed && older.length > 0) {
      this.accuse('pointsExpire', `a lock date is set on ${on}, which has a recovery point that never expires`);
    }
  }

  /** What somebody else put there is taken over as it is. */
  private judgeFound(on: string, by: Run, before: VaultLock | null, after: VaultLock | null): void {
    const path = by.event.StackId.split('/').slice(1).join('/');
    const isNew = by.event.RequestType === 'Create' || (by.event.RequestType === 'Update' && !isUpdateInPlace(by));
    if (!before || !after || !isNew || this.ours.has(on) || this.owner.includes(path)) return;
    if (before.minRetentionDays !== after.minRetentionDays || before.maxRetentionDays !== after.maxRetentionDays) {
      this.accuse('foreignLocksStay', `the bounds of a lock on ${on} that somebody else made are written over`);
    }
  }

  private judgeGap(on: string, by: Run, before: VaultLock | null, after: VaultLock | null): void {
    const { evidence, accuse } = this;
    const at = evidence.world.clock.now();
    const status = evidence.statusOf(by.event.StackId);
    const isWanted = isForward(evidence.sendingOf(by).status) && isForward(status) && evidence.forwardAgo(by) === 0;
    if (!before) return;
    if (!after) {
      if (isUpdateInPlace(by)) accuse('noGap', `an update leaves ${on} without a lock`);
      else if (by.event.RequestType !== 'Delete' && isWanted) accuse('noGap', `a Create that is still wanted removes the lock of ${on}`);
      return;
    }
    if (nearDate(before, at) !== undefined && nearDate(after, at) === undefined && isWanted && sent(by).Mode === 'compliance') {
      accuse('noGap', `a deployment that asks for compliance takes the lock date of ${on} away`);
    }
    if (isUpdateInPlace(by)) this.judgeBounds(on, by, before, after);
  }

  /** While one template gives way to another, no bound is weaker than both ask for. */
  private judgeBounds(on: string, by: Run, before: VaultLock, after: VaultLock): void {
    const [now, then] = [sent(by), sentBefore(by)];
    const least = Math.min(Number(now.MinRetentionDays), Number(then.MinRetentionDays), before.minRetentionDays ?? 0);
    const most = Math.max(Number(now.MaxRetentionDays), Number(then.MaxRetentionDays), before.maxRetentionDays ?? Infinity);
    if ((after.minRetentionDays ?? 0) < least || (after.maxRetentionDays ?? Infinity) > most) {
      this.accuse(
        'noGap',
        `the bounds of ${on} become ${after.minRetentionDays} to ${after.maxRetentionDays}: weaker than both templates ask for`,
      );
    }
  }
}
