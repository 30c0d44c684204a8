import { LockActions, LockRefused } from './act';
import { decideLock, LockSituation, LockState, LockVerdict } from './decide';
import { Circumstances, forgottenText, LEFT_BY_ROLLBACK, movedAwayText, refusalText } from './messages';
import { claimTags, dateAgainst, FARTHEST_DAYS, isBusy, isFarAway, LOCKABLE, ObservedLock, observeLock, ownerOf, stateOf } from './observe';
import { LockProperties, readOldLock, readRemoval } from './properties';
import { hasBounds } from './verify';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { backupLockFingerprint, RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_OWNER_TAG, BackupLockModes } from '../../../src/private/contract';
import { Calls } from '../../aws/calls';
import { Invocation, InvocationEnded } from '../../cloudformation/invocation';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { askPhase } from '../../cloudformation/rollback';
import { StackPhase } from '../../cloudformation/stack-phase';
import { readPlace } from '../place';
import { BackupVaultDescription, LockSettings, Services } from '../services';
import { BackupVault } from '../vault';

const POLL_MS = 3_000;
/** AWS Backup's clock may be so much ahead of the function's. */
const CLOCKS_APART_MS = 300_000;

export interface LockResult {
  readonly vault?: BackupVaultDescription;
  readonly note?: string;
}

/** Observe, decide, act, and again until there is nothing left to do: an unclear answer is judged by the state it left. */
export class LockWork {
  private readonly actions: LockActions;
  private phase?: StackPhase | 'unknown';
  private claimed = false;
  private isNewOwner = false;
  private dateKept = false;
  private removed = false;
  private serviceSaysNo = '';
  private point?: string;
  private pointsWithoutExpiry?: 'none' | 'some';

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
      if (this.claimed) await this.bestEffort('release', async () => this.actions.release());
      return result;
    } catch (error) {
      if (this.claimed && !(error instanceof InvocationEnded)) await this.bestEffort('withdraw', async () => this.withdraw());
      throw error;
    }
  }

  async remove(): Promise<LockResult> {
    return this.repeat(undefined);
  }

  private async repeat(desired: LockProperties | undefined): Promise<LockResult> {
    for (;;) {
      const observed = await observeLock(this.vault);
      const situation = this.situation(desired, observed);
      const verdict = decideLock(situation);
      const { claimed: _claimed, ...seen } = situation;
      this.invocation.log({ vault: this.vault.name, observed: seen, lockDate: observed.vault?.lockDate, decided: verdict });
      const result = await this.carryOut(verdict, situation, desired, observed);
      if (result) return result;
    }
  }

  private situation(desired: LockProperties | undefined, { vault, tags }: ObservedLock): LockSituation {
    const { request, invocation, phase, claimed, dateKept, pointsWithoutExpiry } = this;
    const now = invocation.clock.now();
    const { place, mode = 'governance', bounds = {}, coolingOffDays = 0, acknowledge } = desired ?? {};
    const renamed = request.type === 'Update' && readPlace(request.oldProperties, request.stack)?.arn !== place?.arn;
    const old = readOldLock(request.oldProperties);
    const { lockDate } = vault ?? {};
    return {
      request: renamed ? 'Create' : request.type,
      mode,
      acknowledged: place !== undefined && acknowledge === acknowledgementOf(place.vaultName, backupLockFingerprint(place.arn, bounds)),
      onRemoval: readRemoval(request.properties),
      change: {
        mode: old.mode === mode ? undefined : mode === BackupLockModes.COMPLIANCE ? 'promotion' : 'demotion',
        coolingOff: mode === BackupLockModes.COMPLIANCE && old.mode === mode && old.coolingOffDays !== coolingOffDays,
      },
      vault: usability(vault),
      lock: this.state(vault, now),
      sameBounds: vault !== undefined && hasBounds(vault, bounds),
      owner: ownerOf(tags, request.owner),
      busy: isBusy(tags, request, invocation),
      date: lockDate === undefined ? 'asked' : dateAgainst(lockDate, coolingOffDays, request, now),
      farAway: lockDate !== undefined && isFarAway(lockDate, now),
      phase,
      claimed,
      dateKept,
      pointsWithoutExpiry,
    };
  }

  private state(vault: BackupVaultDescription | undefined, now: number): LockState {
    if (!vault) return 'none';
    const state = stateOf(vault, now);
    if (!this.serviceSaysNo || state === 'immutable') return state;
    if (state === 'coolingOff' && stateOf(vault, now + CLOCKS_APART_MS) === 'immutable') return 'immutable';
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
        return this.invocation.pause(POLL_MS) as Promise<undefined>;
      case 'refuse':
        throw new Refusal(refusalText(verdict.why, this.circumstances(situation, desired, observed)));
      case 'askPhase':
        this.phase = (await askPhase(this.services.stacks, this.calls, this.request)) ?? 'unknown';
        return undefined;
      case 'claim':
        return this.claim(situation);
      case 'lookForPoints':
        return this.lookForPoints(desired?.allowPointsWithoutExpiry ?? false);
      case 'put':
        return this.putLock(verdict.date, desired, vault);
      case 'delete':
        this.removed = (await this.guarded(async () => this.actions.delete())) ?? false;
        return undefined;
      case 'forget':
        if (!['nobody', 'other'].includes(situation.owner)) await this.bestEffort('disown', async () => this.actions.disown());
        return { vault, note: this.removed ? `the lock of backup vault ${this.vault.name} is removed` : forgottenText(verdict.why, this.vault.place, vault) };
      case 'nothing':
        if (verdict.leftByRollback) return { vault, note: LEFT_BY_ROLLBACK };
        return { vault, note: vault && this.dateKept && situation.farAway ? movedAwayText(vault) : undefined };
    }
  }

  private async claim({ owner, lock }: LockSituation): Promise<undefined> {
    this.isNewOwner = owner === 'nobody' && this.request.type !== 'Delete' && this.isNewToVault();
    await this.actions.claim(claimTags(this.request, this.invocation, this.isNewOwner, lock));
    this.claimed = true;
    this.phase = undefined;
  }

  private isNewToVault(): boolean {
    const { type, oldProperties, stack } = this.request;
    return type === 'Create' || readPlace(oldProperties, stack)?.arn !== this.vault.place.arn;
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
    const bounds = boundsOf(desired?.bounds ?? observed ?? {});
    const days = { none: undefined, coolingOff: desired?.coolingOffDays, farAway: FARTHEST_DAYS }[date];
    const settings: LockSettings = { ...bounds, ...(days === undefined ? {} : { changeableForDays: days }) };
    const lock = await this.guarded(async () => this.actions.put(settings));
    if (!lock) return;
    this.invocation.log({ vault: this.vault.name, done: 'put', lockDate: lock.lockDate, ...settings });
    if (!lock.locked || !hasBounds(lock, bounds) || (days !== undefined && lock.lockDate === undefined)) {
      throw new Refusal(`DescribeBackupVault does not show the lock that was put on backup vault ${this.vault.name}.`);
    }
    this.dateKept ||= date === 'none' && lock.lockDate !== undefined;
    if (date === 'coolingOff' || this.isNewOwner) await this.assertStillWanted();
  }

  /** A rollback or Delete that could not wait any longer for this change has to find none. */
  private async assertStillWanted(): Promise<void> {
    const phase = (await askPhase(this.services.stacks, this.calls, this.request)) ?? 'unknown';
    if (phase === 'forward' || phase === 'unknown') return;
    await this.bestEffort('takeBack', async () => this.takeBack());
    throw new Refusal(refusalText('tooLate', { place: this.vault.place }));
  }

  private async takeBack(): Promise<void> {
    const { vault, tags } = await observeLock(this.vault);
    if (!vault?.locked) return;
    if (this.isNewToVault() && ownerOf(tags, this.request.owner) === 'self') {
      await this.actions.delete();
    } else {
      await this.actions.put(boundsOf(this.isNewToVault() ? vault : readOldLock(this.request.oldProperties).bounds));
    }
  }

  /** A resource that wrote down that the vault is its own, and made no lock, leaves no trace. */
  private async withdraw(): Promise<void> {
    const { vault } = await observeLock(this.vault);
    const madeNothing = this.isNewOwner && (!vault?.locked || this.phase === 'over');
    return madeNothing ? this.actions.disown() : this.actions.release();
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

function usability(vault: BackupVaultDescription | undefined): LockSituation['vault'] {
  if (!vault) return 'missing';
  if (vault.vaultType !== LOCKABLE) return 'airGapped';
  return vault.vaultState === undefined || vault.vaultState === 'AVAILABLE' ? 'usable' : 'notReady';
}

function boundsOf({ minRetentionDays, maxRetentionDays }: RetentionBounds): RetentionBounds {
  return { minRetentionDays, maxRetentionDays };
}
