import { samePolicy } from '../../../src/policy/canonical';
import { policyFingerprint } from '../../../src/policy/fingerprint';
import { Call, CallFailed, Calls, Rounds } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { leaseEnd, leaseTime } from '../../cloudformation/lease';
import { readUntil } from '../../cloudformation/read-until';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { Glacier, LockDescription, Services } from '../services';
import { vaultArn } from '../vault-arn';
import { holdOf, LockReader, sameMoment, Self } from './observe';
import { LockIntent, LockRecords } from './record';

/** A principal or vault of the same deployment may take so long to be known everywhere. */
const NEWS_PATIENCE_MS = 15_000;
const patienceFor = (error: unknown) =>
  error instanceof CallFailed && (error.kind === 'notFound' || error.name === 'InvalidParameterValueException') ? NEWS_PATIENCE_MS : 0;

/** The writes around one vault's lock. */
export class LockActions {
  private readonly glacier: Glacier;
  private readonly nonce: () => string;
  private readonly rounds: Rounds;
  private intent?: LockIntent;
  /** A lock may have been made. */
  private tried = false;
  /** The lock whose id this invocation has put on record. */
  private remembered?: LockDescription;
  /** A Delete, or what takes a deployment back. */
  hasToEnd: boolean;

  constructor(
    services: Services,
    calls: Calls,
    private readonly invocation: Invocation,
    private readonly request: Request,
    private readonly reader: LockReader,
    private readonly records: LockRecords,
  ) {
    this.glacier = services.glacier;
    this.nonce = services.nonce;
    this.rounds = new Rounds(calls, invocation);
    this.hasToEnd = request.type === 'Delete';
  }

  self(): Self {
    const { request, intent, invocation } = this;
    return { request, intent, now: leaseTime(this.hasToEnd, invocation) };
  }

  /**
   * @param former this resource's lock that is to be aborted first, if any
   * @returns whether this invocation may go on, because there still is what its judgement was based on; otherwise look again
   */
  async claim(policy: string, former: LockDescription | undefined): Promise<boolean> {
    if (this.intent) return true;
    const intent: LockIntent = {
      owner: this.request.owner,
      fingerprint: policyFingerprint(vaultArn(this.request.stack, this.vaultName), policy),
      startedAt: this.invocation.clock.now(),
      leaseUntil: leaseEnd(this.invocation),
      claim: this.nonce(),
      delivery: this.request.delivery,
      aborts: former?.creationDate,
    };
    const isAsBefore = async () => {
      const lock = await this.reader.lock();
      return lock?.creationDate === former?.creationDate && lock?.state === former?.state;
    };
    if (!(await this.records.claim(intent, () => this.self().now, isAsBefore))) return false;
    this.intent = intent;
    return isAsBefore();
  }

  /** @returns the lock id; `undefined`: look again */
  async initiate(policy: string): Promise<string | undefined> {
    const call = this.call('InitiateVaultLock');
    this.tried = true;
    try {
      return await this.rounds.make(call, async () => this.glacier.initiateVaultLock(this.vaultName, policy));
    } catch (error) {
      await this.rounds.next(call, error, patienceFor(error)).catch((final: unknown) => {
        throw explained(this.vaultName, final);
      });
      return undefined;
    }
  }

  /**
   * Reads the new lock back and writes its id down.
   *
   * @param former the lock that was aborted before; reads may still show it
   */
  async remember(lockId: string, policy: string, former: LockDescription | undefined): Promise<LockDescription> {
    const isNew = (seen: LockDescription | undefined) =>
      seen?.state === 'InProgress' && samePolicy(seen.policy, policy) && !sameMoment(seen.creationDate, former?.creationDate);
    const lock = await readUntil(async () => this.reader.lock(), isNew, this.invocation);
    if (!lock || !isNew(lock)) {
      throw new Refusal(`GetVaultLock does not show the lock policy that was initiated on vault ${this.vaultName}.`);
    }
    const { owner, delivery } = this.request;
    await this.records.putRecord({ owner, delivery, lockId, lockCreationDate: lock.creationDate });
    this.remembered = lock;
    return lock;
  }

  /** `again`: look at the state, then decide anew. `rejected`: Glacier does not take this lock id (any more). */
  async complete(lockId: string): Promise<'done' | 'again' | 'rejected'> {
    const call = { ...this.call('CompleteVaultLock'), quiet: true };
    try {
      await this.rounds.make(call, async () => this.glacier.completeVaultLock(this.vaultName, lockId));
      return 'done';
    } catch (error) {
      if (error instanceof CallFailed && error.name === 'InvalidParameterValueException') return 'rejected';
      await this.rounds.next(call, error, patienceFor(error));
      return 'again';
    }
  }

  /** @returns whether that lock is gone; otherwise look again */
  async abort(former: LockDescription): Promise<boolean> {
    const call = this.call('AbortVaultLock');
    try {
      await this.rounds.make(call, async () => this.glacier.abortVaultLock(this.vaultName));
    } catch (error) {
      if (error instanceof CallFailed && error.kind === 'notFound') return true;
      await this.rounds.next(call, error);
      return false;
    }
    const isGone = (seen: LockDescription | undefined) => !sameMoment(seen?.creationDate, former.creationDate);
    return isGone(await readUntil(async () => this.reader.lock(), isGone, this.invocation));
  }

  /** Ends the claim, if there is one. @param failed a lock that it made and that nobody could complete goes with it */
  async release(failed: boolean): Promise<void> {
    if (!this.intent) return;
    const hasTraces = this.tried || this.intent.aborts !== undefined;
    if (failed && hasTraces && !(await this.takeBack(this.intent))) return;
    await this.records.deleteIntent();
    this.intent = undefined;
  }

  /** @returns whether the intent may go: without it nobody would know whose a lock without a record is */
  private async takeBack({ aborts }: LockIntent): Promise<boolean> {
    for (;;) {
      const observed = await this.reader.observe(this.request);
      const { lock } = observed;
      // A read may not show the record that was written a moment ago.
      if (sameMoment(lock?.creationDate, this.remembered?.creationDate)) return true;
      if (lock?.state !== 'InProgress' || holdOf(this.vaultName, observed, this.self()) !== 'lost') return true;
      if (sameMoment(lock.creationDate, aborts)) return false;
      await this.abort(lock);
    }
  }

  private get vaultName(): string {
    return this.reader.vaultName;
  }

  private call(operation: string): Call {
    return { action: `glacier:${operation}`, on: `vault ${this.vaultName}`, mode: 'once' };
  }
}

function explained(vaultName: string, error: unknown): unknown {
  if (!(error instanceof CallFailed)) return error;
  if (error.kind === 'notFound') {
    return new Refusal(`there is no vault ${vaultName} to lock in this account and region. Check \`vaultName\`.`);
  }
  if (error.name !== 'InvalidParameterValueException') return error;
  return new Refusal(
    `Glacier calls the lock \`policy\` for vault ${vaultName} invalid, and never says why. Usual reasons: a principal that does not exist, ` +
      'an action or condition key that vault policies do not take, a resource that is not this vault.',
  );
}
