import { samePolicy } from '../../../src/policy/canonical';
import { acknowledgementOf, policyFingerprint } from '../../../src/policy/fingerprint';
import { LockStages } from '../../../src/private/contract';
import { Calls } from '../../aws/calls';
import { Invocation, InvocationEnded } from '../../cloudformation/invocation';
import { readUntil } from '../../cloudformation/read-until';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { askStanding } from '../../cloudformation/rollback';
import { isOver, Standing } from '../../cloudformation/stack-phase';
import { LockProperties, readVaultName } from '../properties';
import { LockDescription, Services } from '../services';
import { vaultArn } from '../vault-arn';
import { LockActions } from './act';
import { decideLock, LockSituation, LockVerdict } from './decide';
import { formerWindowText, newWindowText, refusalText } from './messages';
import { holdOf, LockReader, ObservedLock, sameMoment, startedByThisRequest } from './observe';
import { LockRecords } from './record';

/** `<vault name> <fingerprint>`, right or wrong. */
const ACKNOWLEDGEMENT = /^\S+\s+sha256:\S+$/;

const POLL_MS = 3_000;
/** What was seen of a lock is worth that long: then another delivery may have taken over. */
const NEWS_MS = 30_000;

/** Observe, decide, act, and again until there is nothing left to do: an unclear or denied answer is judged by the state it left. */
export class LockWork {
  readonly reader: LockReader;
  private readonly calls: Calls;
  private readonly records: LockRecords;
  private readonly actions: LockActions;
  private phase?: Standing | 'unknown';
  private idRejected = false;
  private lookedTwice = false;

  constructor(
    services: Services,
    private readonly request: Request,
    private readonly invocation: Invocation,
    private readonly vaultName: string,
    private readonly stacks = services.stacks,
  ) {
    this.calls = new Calls(invocation);
    this.records = new LockRecords(services.parameters, this.calls, invocation, vaultName);
    this.reader = new LockReader(services.glacier, this.calls, this.records, vaultName);
    this.actions = new LockActions(services, this.calls, invocation, request, this.reader, this.records);
  }

  /** @returns the lock that there is now, verified */
  async put(desired: LockProperties): Promise<LockDescription | undefined> {
    try {
      const lock = await this.repeat(desired);
      await this.bestEffort('release', async () => this.actions.release(false));
      return lock;
    } catch (error) {
      if (!(error instanceof InvocationEnded)) await this.bestEffort('release', async () => this.actions.release(true));
      throw error;
    }
  }

  /** Takes this resource's lock in progress away, and leaves any other lock alone. @returns the lock that is left */
  async remove(): Promise<LockDescription | undefined> {
    return this.repeat(undefined);
  }

  private async repeat(desired: LockProperties | undefined): Promise<LockDescription | undefined> {
    for (;;) {
      const observed = await this.reader.observe(this.request);
      const result = await this.carryOut(await this.decide(desired, observed), desired, observed);
      if (result !== 'again') return result.lock;
    }
  }

  private async decide(desired: LockProperties | undefined, observed: ObservedLock): Promise<LockVerdict> {
    let situation = this.situation(desired, observed);
    let verdict = decideLock(situation);
    if (verdict.do === 'askPhase') {
      // What CloudFormation did not say for a minute it will not say: a Delete has to end.
      const isUntold = this.request.type === 'Delete' && this.phase === 'unknown';
      if (!isUntold) this.phase = await this.askPhase();
      situation = { ...situation, phase: this.phase };
      verdict = decideLock(situation);
    }
    const { lock, hold } = situation;
    this.invocation.log({ vault: this.vaultName, observed: { lock, hold, created: observed.lock?.creationDate }, decided: verdict });
    return verdict;
  }

  private situation(desired: LockProperties | undefined, observed: ObservedLock): LockSituation {
    const { request, vaultName } = this;
    const { lock } = observed;
    const renamed = request.type === 'Update' && readVaultName(request.oldProperties) !== vaultName;
    const hold = holdOf(vaultName, observed, this.actions.self());
    const expected = desired && acknowledgementOf(vaultName, policyFingerprint(vaultArn(request.stack, vaultName), desired.policy));
    return {
      request: renamed ? 'Create' : request.type,
      stage: desired?.stage ?? 'abort',
      acknowledged: desired?.acknowledge === expected && expected !== undefined,
      lock: lock?.state ?? 'None',
      samePolicy: lock !== undefined && desired !== undefined && samePolicy(lock.policy, desired.policy),
      hold: hold === 'known' && this.idRejected ? 'lost' : hold,
      startedByThisRequest: startedByThisRequest(observed, request),
      keptByRollback: !renamed && rollbackKeepsWindow(request, desired?.policy),
      meantToComplete: ACKNOWLEDGEMENT.test(desired?.acknowledge ?? ''),
    };
  }

  private async carryOut(
    verdict: LockVerdict,
    desired: LockProperties | undefined,
    observed: ObservedLock,
  ): Promise<'again' | { readonly lock?: LockDescription }> {
    const { lock, record } = observed;
    switch (verdict.do) {
      case 'wait':
        await this.wait();
        return 'again';
      case 'refuse':
        if (verdict.why === 'foreign' && !this.lookedTwice) {
          this.lookedTwice = true;
          await this.invocation.pause(POLL_MS);
          return 'again';
        }
        throw new Refusal(refusalText(verdict.why, this.circumstances(desired, observed)));
      case 'initiate':
        return desired ? this.initiate(verdict, desired, observed) : 'again';
      case 'complete':
        return desired && record ? this.complete(desired, record.lockId) : 'again';
      case 'abort':
        if (!lock || !(await this.actions.abort(lock))) return 'again';
        // The rollback of an Update may have started the window again by now, and put it on record; an old record harms nobody.
        if (this.request.type === 'Delete') await this.bestEffort('forgetRecords', async () => this.forgetRecords(observed));
        return {};
      case 'forget':
        if (verdict.late) return { lock };
        await this.bestEffort('forgetRecords', async () => this.forgetRecords(observed));
        return { lock };
      default:
        return { lock };
    }
  }

  /** A rollback that waits for an invocation which died, as long as this may run, would never end. */
  private async wait(): Promise<void> {
    if (this.request.type === 'Update' && !this.actions.hasToEnd) {
      this.phase ??= await this.askPhase();
      this.actions.hasToEnd = this.phase === 'rollback';
    }
    await this.invocation.pause(POLL_MS);
  }

  private async initiate(
    { abortFirst, failing }: Extract<LockVerdict, { do: 'initiate' }>,
    { policy }: LockProperties,
    { lock: former, record }: ObservedLock,
  ): Promise<'again' | { readonly lock: LockDescription }> {
    const { actions, vaultName, invocation } = this;
    if (!(await actions.claim(policy, abortFirst ? former : undefined))) {
      await this.wait();
      return 'again';
    }
    // After the intent is written: a Delete that comes later sees it and waits, one that came before shows in the stack's status.
    const askedAt = invocation.clock.now();
    const phase = await this.askPhase();
    if (invocation.clock.now() - askedAt > NEWS_MS) return 'again';
    if (isOver(phase) || (phase === 'rollback' && this.request.type === 'Create')) {
      throw new Refusal(`no lock was initiated on vault ${vaultName}: the stack is no longer waiting for it, the request came too late.`);
    }
    if (abortFirst && former) {
      // Nobody had its id on record; another delivery that is still alive may have put it there since.
      const isLost = !sameMoment(record?.lockCreationDate, former.creationDate);
      if (isLost && sameMoment((await this.records.record())?.lockCreationDate, former.creationDate)) return 'again';
      if (!(await actions.abort(former))) return 'again';
    }
    const lockId = await actions.initiate(policy);
    if (lockId === undefined) return 'again';
    const lock = await actions.remember(lockId, policy, former);
    invocation.log({ vault: vaultName, done: 'initiated', until: lock.expirationDate });
    if (!failing) return { lock };
    const now = Math.max(invocation.clock.now(), this.request.signedAt ?? 0);
    const ended = formerWindowText(record?.owner === this.request.owner ? record.lockCreationDate : undefined, now);
    throw new Refusal(newWindowText(failing, vaultName, lock.expirationDate, ended));
  }

  private async complete({ policy }: LockProperties, lockId: string): Promise<'again' | { readonly lock: LockDescription }> {
    const answer = await this.actions.complete(lockId);
    this.idRejected = answer === 'rejected';
    if (answer !== 'done') return 'again';
    const lock = await readUntil(
      async () => this.reader.lock(),
      (seen) => seen?.state === 'Locked',
      this.invocation,
    );
    if (lock?.state !== 'Locked') return 'again';
    this.invocation.log({ vault: this.vaultName, done: 'completed' });
    if (samePolicy(lock.policy, policy)) return { lock };
    throw new Refusal(`vault ${this.vaultName} is locked, but GetVaultLock shows another policy than the one that was completed.`);
  }

  /**
   * Only this resource's, and neither the record of a lock that was made since nor the intent of an invocation that may still run. Read again: a
   * request that comes after this one may have written its own meanwhile.
   */
  private async forgetRecords({ lock, ...seen }: ObservedLock): Promise<void> {
    const { owner } = this.request;
    const unread = lock?.state === 'Locked';
    if (unread || seen.record?.owner === owner) {
      const record = await this.records.record();
      const isOf = (other: LockDescription | undefined) => sameMoment(record?.lockCreationDate, other?.creationDate);
      const isSpent = unread || isOf(lock) || !isOf(await this.reader.lock());
      if (record?.owner === owner && isSpent) await this.records.deleteRecord();
    }
    if (unread || seen.intent?.owner === owner) {
      const intent = await this.records.intent();
      const isDead = intent?.owner === owner && intent.leaseUntil <= this.actions.self().now;
      if (isDead && (unread || intent.claim === seen.intent?.claim)) await this.records.deleteIntent();
    }
  }

  private async askPhase(): Promise<Standing | 'unknown'> {
    return (await askStanding(this.stacks, this.calls, this.request)) ?? 'unknown';
  }

  private circumstances(desired: LockProperties | undefined, { lock, record }: ObservedLock) {
    const otherOwner = sameMoment(record?.lockCreationDate, lock?.creationDate) ? record?.owner : undefined;
    return { vaultName: this.vaultName, acknowledge: desired?.acknowledge, lock, phase: this.phase, otherOwner };
  }

  /** Tidying up must not decide how the request ends. */
  private async bestEffort(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof InvocationEnded) throw error;
      this.invocation.log({ vault: this.vaultName, notDone: what });
    }
  }
}

function rollbackKeepsWindow({ type, oldProperties }: Request, policy: string | undefined): boolean {
  const { Stage, Policy } = oldProperties;
  return (
    type === 'Update' && Stage !== LockStages.ABORT && typeof Policy === 'string' && policy !== undefined && samePolicy(Policy, policy)
  );
}
