import { LockActions, LockRefused } from './act';
import { Claim, claimOf, claimsIn, isDead } from './claims';
import { decideLock, LockSituation, LockState, LockVerdict } from './decide';
import { Circumstances, forgottenText, LEFT_BY_ROLLBACK, movedAwayText, refusalText, tagsChangeText } from './messages';
import { FARTHEST_DAYS, ObservedLock, observeLock, ownerOf, ownerTag } from './observe';
import { LockProperties, parseLockProperties } from './properties';
import { isNewToVault, situationOf } from './situation';
import { hasBounds } from './verify';
import { RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_OWNER_TAG } from '../../../src/private/contract';
import { Calls } from '../../aws/calls';
import { Invocation, InvocationEnded } from '../../cloudformation/invocation';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { askStandingWithHistory } from '../../cloudformation/rollback';
import { Standing } from '../../cloudformation/stack-phase';
import { BackupVaultDescription, LockSettings, Services, Tags } from '../services';
import { BackupVault } from '../vault';

const POLL_MS = 3_000;
/** AWS Backup's clock may be so much ahead of the function's. */
const CLOCKS_APART_MS = 300_000;
const CLAIMS = 5;
/** What the stack was doing is worth that long: a slow call in between, and it may have turned. */
const PHASE_IS_NEWS_MS = 30_000;

export interface LockResult {
  readonly vault?: BackupVaultDescription;
  readonly note?: string;
}

/** Observe, decide, act, and again until there is nothing left to do: an unclear answer is judged by the state it left. */
export class LockWork {
  phase?: Standing | 'unknown';
  claim?: Claim;
  dateKept = false;
  pointsWithoutExpiry?: 'none' | 'some';
  private readonly actions: LockActions;
  private phaseAskedAt = Infinity;
  private claims = 0;
  /** What this invocation has written down about the vault and itself, if it had to. */
  private newOwner?: Tags;
  private takesBack = false;
  private tags: Tags = {};
  private removed = false;
  private wentForward = false;
  /** This invocation may have done something that a rollback must not overlook. */
  private hasToBeWanted = false;
  private serviceSaysNo = '';
  private point?: string;

  constructor(
    private readonly services: Services,
    private readonly request: Request,
    private readonly invocation: Invocation,
    private readonly vault: BackupVault,
    private readonly calls: Calls,
  ) {
    this.actions = new LockActions(vault, calls, invocation);
  }

  /** @returns the lock that there is now, verified */
  async put(desired: LockProperties): Promise<LockResult> {
    try {
      const result = await this.repeat(desired);
      await this.bestEffort('release', async () => this.release());
      return result;
    } catch (error) {
      const isAnnounced = claimsIn(this.tags).some(({ delivery }) => delivery === this.request.delivery);
      if ((this.claim || isAnnounced) && !(error instanceof InvocationEnded)) {
        await this.bestEffort('withdraw', async () => this.withdraw());
      }
      throw error;
    }
  }

  async remove(): Promise<LockResult> {
    return this.repeat(undefined);
  }

  private async repeat(desired: LockProperties | undefined): Promise<LockResult> {
    for (;;) {
      const observed = await observeLock(this.vault);
      this.tags = observed.tags;
      const situation = this.situation(desired, observed);
      const verdict = decideLock(situation);
      this.invocation.log({ vault: this.vault.name, observed: situation, lockDate: observed.vault?.lockDate, decided: verdict });
      const result = await this.carryOut(verdict, situation, desired, observed);
      if (result) return result;
    }
  }

  private situation(desired: LockProperties | undefined, observed: ObservedLock): LockSituation {
    const situation = situationOf(this.request, desired, observed, this, this.invocation);
    return this.serviceSaysNo ? { ...situation, lock: this.afterNo(situation.lock, observed.vault?.lockDate) } : situation;
  }

  /** The service's clock counts, and it may be ahead of ours. */
  private afterNo(state: LockState, lockDate = Infinity): LockState {
    if (state === 'immutable') return state;
    if (state === 'coolingOff' && lockDate <= this.invocation.clock.now() + CLOCKS_APART_MS) return 'immutable';
    throw new Refusal(this.serviceSaysNo);
  }

  /** @returns nothing if the state has to be looked at again */
  private async carryOut(
    verdict: LockVerdict,
    situation: LockSituation,
    desired: LockProperties | undefined,
    observed: ObservedLock,
  ): Promise<LockResult | undefined> {
    const { vault } = observed;
    switch (verdict.do) {
      case 'wait':
        if (this.request.type === 'Delete' && !this.takesBack && this.phase !== 'unknown') this.phase = undefined;
        return this.invocation.pause(POLL_MS) as Promise<undefined>;
      case 'refuse':
        if (verdict.why === 'tooLate') await this.takeBackIfUnwanted(this.phase);
        throw new Refusal(refusalText(verdict.why, this.circumstances(situation, desired, observed)));
      case 'askPhase':
        return this.askPhase();
      case 'claim':
        return this.makeClaim(situation);
      case 'lookForPoints':
        return this.lookForPoints(desired?.allowPointsWithoutExpiry ?? false);
      case 'put':
        return this.putLock(verdict.date, desired, vault);
      case 'delete':
        this.removed = (await this.guarded(async () => this.actions.delete())) ?? false;
        return undefined;
      case 'forget':
        if (!['nobody', 'other'].includes(situation.owner) && verdict.why !== 'tooLate') {
          // What takes itself back leaves the traces of another delivery that may still be at work, for the Delete to wait for.
          await this.bestEffort('disown', async () => (this.takesBack && !this.isAlone() ? this.release() : this.disown()));
        }
        return {
          vault,
          note: this.removed
            ? `the lock of backup vault ${this.vault.name} is removed`
            : forgottenText(verdict.why, this.vault.place, vault),
        };
      case 'nothing':
        if (this.hasToBeWanted) await this.assertStillWanted();
        if (verdict.leftByRollback) return { vault, note: LEFT_BY_ROLLBACK };
        return { vault, note: vault?.lockDate && this.dateKept && situation.mode === 'governance' ? movedAwayText(vault) : undefined };
    }
  }

  /** What has seen its deployment go forward is not what takes it back. */
  private async askPhase(): Promise<undefined> {
    const standing = await this.askStanding();
    this.phaseAskedAt = this.invocation.clock.now();
    this.phase = this.wentForward && standing === 'rollback' ? 'over' : standing;
    this.wentForward ||= standing === 'forward';
  }

  private async askStanding(): Promise<Standing | 'unknown'> {
    return (await askStandingWithHistory(this.services.stacks, this.calls, this.request)) ?? 'unknown';
  }

  private async makeClaim({ owner, lock }: LockSituation): Promise<undefined> {
    if (++this.claims > CLAIMS) throw new Refusal(tagsChangeText(this.vault.place));
    // What it found before its own first change counts, also when somebody has taken the tags away since.
    // A tag of ours from before this event is of an earlier life, and says what that found.
    const isStale = isNewToVault(this.request) && claimsIn(this.tags).every(({ delivery }) => delivery !== this.request.delivery);
    const isFree = owner === 'nobody' || owner === 'other' || isStale;
    if (isFree) this.newOwner ??= ownerTag(this.request, lock);
    this.claim ??= claimOf(this.request, this.invocation);
    await this.actions.claim(this.claim, isFree ? (this.newOwner ?? {}) : {}, this.request);
    if (!this.takesBack) this.phase = undefined;
  }

  private async lookForPoints(allowed: boolean): Promise<undefined> {
    this.point = allowed ? undefined : (await this.vault.pointWithoutExpiry())?.arn;
    this.pointsWithoutExpiry = this.point === undefined ? 'none' : 'some';
    return undefined;
  }

  private async putLock(
    date: 'none' | 'coolingOff' | 'farAway',
    desired: LockProperties | undefined,
    observed: BackupVaultDescription | undefined,
  ): Promise<undefined> {
    if (!this.takesBack && this.invocation.clock.now() - this.phaseAskedAt > PHASE_IS_NEWS_MS) {
      this.phase = undefined;
      return;
    }
    const bounds = boundsOf(desired?.bounds ?? observed ?? {});
    const days = { none: undefined, coolingOff: desired?.coolingOffDays, farAway: FARTHEST_DAYS }[date];
    const settings: LockSettings = { ...bounds, ...(days === undefined ? {} : { changeableForDays: days }) };
    this.hasToBeWanted ||= !this.takesBack && (date === 'coolingOff' || this.newOwner !== undefined);
    const lock = await this.guarded(async () => this.actions.put(settings));
    if (!lock) return;
    this.invocation.log({ vault: this.vault.name, done: 'put', lockDate: lock.lockDate, ...settings });
    if (!lock.locked || !hasBounds(lock, bounds) || (days !== undefined && lock.lockDate === undefined)) {
      throw new Refusal(`DescribeBackupVault does not show the lock that was put on backup vault ${this.vault.name}.`);
    }
    this.dateKept ||= date === 'none' && lock.lockDate !== undefined;
  }

  /**
   * A rollback or Delete that could not wait any longer for this change has to find none. It is wanted if the stack has gone on without one:
   * then another delivery has been answered.
   */
  private async assertStillWanted(): Promise<void> {
    const isUnwanted = await this.takeBackIfUnwanted(await this.askStanding());
    if (isUnwanted) throw new Refusal(refusalText('tooLate', { place: this.vault.place }));
  }

  private async takeBackIfUnwanted(phase: LockSituation['phase']): Promise<boolean> {
    const isUnwanted = this.hasToBeWanted && (phase === 'rollback' || phase === 'over' || phase === 'deletion');
    if (isUnwanted) await this.bestEffort('takeBack', async () => this.takeBack());
    return isUnwanted;
  }

  private async takeBack(): Promise<void> {
    const back = this.rollback();
    await back.repeat(back.request.type === 'Delete' ? undefined : parseLockProperties(back.request.properties, back.request.stack));
  }

  /** What CloudFormation's own rollback of this request would do. */
  private rollback(): LockWork {
    const { request } = this;
    const { properties, oldProperties } = request;
    const reversed: Request = isNewToVault(request)
      ? { ...request, type: 'Delete' }
      : { ...request, properties: oldProperties, oldProperties: properties };
    const back = new LockWork(this.services, reversed, this.invocation, this.vault, this.calls);
    return Object.assign(back, { phase: 'rollback', claim: this.claim, takesBack: true });
  }

  private async release(): Promise<void> {
    const { claim, invocation } = this;
    const dead = claimsIn(this.tags).filter((other) => isDead(other, invocation) && other.key !== claim?.key);
    if (claim) await this.vault.removeTags(claim.key, ...dead.map(({ key }) => key));
  }

  private async disown(): Promise<void> {
    await this.vault.removeTags(BACKUP_LOCK_OWNER_TAG, ...claimsIn(this.tags).map(({ key }) => key));
  }

  /**
   * Who wrote down that the vault is its own, in this delivery or another, and leaves nothing there to be taken back, leaves no trace; unless
   * the stack has gone on: then another delivery has been answered, and the vault is its own.
   */
  private async withdraw(): Promise<void> {
    // While it goes forward another delivery may be about to be answered; and if none is, the Delete that follows wipes the traces away.
    if (['forward', 'done', 'cleanup', 'superseded'].includes(this.phase ?? (await this.askStanding()))) return this.release();
    // Twice: of two that withdraw at the same time each would leave it to the other.
    for (let look = 0; look < 2; look++) {
      if (!(await this.isUndone())) return this.release();
      if (this.isAlone()) return this.disown();
      await this.release();
    }
  }

  private async isUndone(): Promise<boolean> {
    const observed = await observeLock(this.vault);
    this.tags = observed.tags;
    const wroteOwner = isNewToVault(this.request) || this.newOwner !== undefined;
    const isOwn = wroteOwner && !['nobody', 'other'].includes(ownerOf(this.tags, this.request.owner));
    return isOwn && decideLock(this.rollback().situation(undefined, observed)).do === 'forget';
  }

  private isAlone(): boolean {
    return claimsIn(this.tags).every((other) => other.key === this.claim?.key || isDead(other, this.invocation));
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LockRefused) || this.serviceSaysNo) throw error instanceof LockRefused ? new Refusal(error.message) : error;
      this.serviceSaysNo = error.message;
      return undefined;
    }
  }

  private circumstances({ owner }: LockSituation, desired: LockProperties | undefined, { vault, tags }: ObservedLock): Circumstances {
    const otherOwner = owner === 'other' ? tags[BACKUP_LOCK_OWNER_TAG] : undefined;
    return { place: this.vault.place, vault, acknowledge: desired?.acknowledge, otherOwner, point: this.point };
  }

  /** Tidying up must not decide how the request ends. */
  private async bestEffort(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof InvocationEnded) throw error;
      this.invocation.log({ vault: this.vault.name, notDone: what });
    }
  }
}

function boundsOf({ minRetentionDays, maxRetentionDays }: RetentionBounds): RetentionBounds {
  return { minRetentionDays, maxRetentionDays };
}
