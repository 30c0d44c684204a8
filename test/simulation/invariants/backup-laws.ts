import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward, sent, sentBefore } from './evidence';
import type { CallRecord } from '../world/api';
import type { Run } from '../world/runs';
import { DAY, MINUTE } from '../world/sim-clock';
import type { VaultLock } from '../../../local/backup/lock';

/** A lock date beyond that is none: until then the lock can be changed and removed. */
const FAR_AWAY_MS = 18_250 * DAY;
/** Two deliveries of one event that run side by side both put the lock: its date moves by what lies between. */
const TWIN_MS = MINUTE;
const ON_ITS_WAY_MS = 2 * MINUTE;

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
  const isAsBefore = String(before.minRetentionDays) === now.MinRetentionDays && String(before.maxRetentionDays) === now.MaxRetentionDays;
  return by.event.RequestType === 'Update' && (differs || !isAsBefore);
}

/** What must hold of every call to AWS Backup. */
export class BackupLaws {
  private before: VaultLock | null = null;
  private points = 0;
  /** The vaults whose lock a handler put there last. */
  private readonly ours = new Set<string>();
  private readonly seen = new Map<string, VaultLock | null>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  note(on: string): void {
    const vault = this.evidence.world.backupVaults[on];
    this.before = vault?.lock ?? null;
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
    this.seen.set(on, after);
    this.ours.add(on);
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
    if (evidence.forwardAgo(by) > ON_ITS_WAY_MS || !isForward(evidence.sendingOf(by).status)) {
      accuse('notInRollback', `a lock date is set on ${on} while the stack is in ${evidence.statusOf(by.event.StackId)}`);
    }
    if (was !== undefined && is < was && !isPromotion(by))
      accuse('dateStays', `the lock date of ${on} moves closer, and no promotion asks for it`);
    if (was !== undefined && before && this.ours.has(on) && is - was > TWIN_MS && !asksForDate(by, before)) {
      accuse('dateStays', `the lock date of ${on} moves by ${Math.round((is - was) / 1000)} s, and nothing in the template asks for it`);
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
