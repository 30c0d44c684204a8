import { samePolicy } from '../../../src/policy/canonical';
import { policyFingerprint } from '../../../src/policy/fingerprint';
import { Call, CallFailed, Calls, Rounds } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { LockDescription, LockRecord, Services } from '../services';
import { vaultArn } from '../vault-arn';
import { holdOf, LockReader, sameMoment, Self, VersionedRecord } from './observe';
import { readUntil } from './verify';

/** A request that was on its way when the time ran out may still arrive. */
const LEASE_GRACE_MS = 20_000;
/** A principal or vault of the same deployment may take so long to be known everywhere. */
const NEWS_PATIENCE_MS = 15_000;
const patienceFor = (error: unknown) =>
  error instanceof CallFailed && (error.kind === 'notFound' || error.name === 'InvalidParameterValueException') ? NEWS_PATIENCE_MS : 0;

/**
 * The writes around one vault's lock.
 *
 * Glacier has no compare-and-set and shows a lock id once. So whoever wants to initiate first writes an intent into the lock record,
 * and goes on only if that write was the next version of the record that its judgement was based on (or made the first one):
 * of two that judge at once, one goes on. The intent names a time until which others leave the lock alone.
 */
export class LockActions {
  readonly claim: string;
  private intent?: VersionedRecord;
  /** What the intent was written over. */
  private replaced?: VersionedRecord;
  private readonly rounds: Rounds;

  constructor(
    private readonly services: Services,
    private readonly calls: Calls,
    private readonly invocation: Invocation,
    private readonly request: Request,
    private readonly reader: LockReader,
  ) {
    this.claim = services.nonce();
    this.rounds = new Rounds(calls, invocation);
  }

  /**
   * @param inProgress this resource's lock that is to be aborted first
   * @returns whether this invocation may act on the lock now
   */
  async claimRecord(before: VersionedRecord | undefined, policy: string, inProgress: LockDescription | undefined): Promise<boolean> {
    if (this.intent && before?.version === this.intent.version) return true;
    const former = before?.record.owner === this.request.owner ? before.record : undefined;
    const lockCreationDate = inProgress?.creationDate ?? former?.lockCreationDate;
    const record: LockRecord = {
      owner: this.request.owner,
      fingerprint: policyFingerprint(vaultArn(this.request.stack, this.vaultName), policy),
      startedAt: this.invocation.clock.now(),
      leaseUntil: this.invocation.deadline + LEASE_GRACE_MS,
      claim: this.claim,
      delivery: this.request.delivery,
      // Until that lock is gone it is still ours, and its id the only one.
      lockId: sameMoment(former?.lockCreationDate, lockCreationDate) ? former?.lockId : undefined,
      lockCreationDate,
    };
    const version = await this.write(record, before !== undefined);
    if (version === undefined || (version !== 1 && version !== (before?.version ?? 0) + 1)) return false;
    this.intent = { record, version };
    this.replaced = before;
    return true;
  }

  /** @returns the lock id; `undefined`: look again */
  async initiate(policy: string): Promise<string | undefined> {
    const call = this.call('InitiateVaultLock');
    try {
      return await this.calls.make(call, async () => this.services.glacier.initiateVaultLock(this.vaultName, policy));
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
   * @returns the lock; `undefined`: somebody else wrote the record meanwhile, look again
   */
  async remember(lockId: string, policy: string, former: LockDescription | undefined): Promise<LockDescription | undefined> {
    const isNew = (seen: LockDescription | undefined) =>
      seen?.state === 'InProgress' && samePolicy(seen.policy, policy) && !sameMoment(seen.creationDate, former?.creationDate);
    const lock = await readUntil(this.reader, isNew, this.invocation);
    if (!lock || !isNew(lock) || !this.intent) {
      throw new Refusal(`GetVaultLock does not show the lock policy that was initiated on vault ${this.vaultName}.`);
    }
    const { version, record } = this.intent;
    const { leaseUntil, ...intended } = record;
    const written = await this.write({ ...intended, lockId, lockCreationDate: lock.creationDate }, true);
    this.intent = undefined;
    return written === version + 1 ? lock : undefined;
  }

  /** `again`: look at the state, then decide anew. `rejected`: Glacier does not take this lock id (any more). */
  async complete(lockId: string): Promise<'done' | 'again' | 'rejected'> {
    const call = { ...this.call('CompleteVaultLock'), quiet: true };
    try {
      await this.calls.make(call, async () => this.services.glacier.completeVaultLock(this.vaultName, lockId));
      return 'done';
    } catch (error) {
      if (error instanceof CallFailed && error.name === 'InvalidParameterValueException') return 'rejected';
      await this.rounds.next(call, error, patienceFor(error));
      return 'again';
    }
  }

  /** @returns whether there is no lock in progress any more; otherwise look again */
  async abort(former: LockDescription): Promise<boolean> {
    const call = this.call('AbortVaultLock');
    try {
      await this.calls.make(call, async () => this.services.glacier.abortVaultLock(this.vaultName));
    } catch (error) {
      if (error instanceof CallFailed && error.kind === 'notFound') return true;
      await this.rounds.next(call, error);
      return false;
    }
    const isGone = (seen: LockDescription | undefined) => !sameMoment(seen?.creationDate, former.creationDate);
    return isGone(await readUntil(this.reader, isGone, this.invocation));
  }

  async deleteRecord(): Promise<void> {
    const call = { action: 'ssm:DeleteParameter', on: this.record };
    try {
      await this.calls.make(call, async () => this.services.records.delete(this.vaultName));
    } catch (error) {
      if (!(error instanceof CallFailed && error.kind === 'notFound')) throw error;
    }
  }

  /** Leaves the record, and a lock that an unanswered Initiate may have made, as they were before the intent. */
  async takeBack(): Promise<void> {
    const { intent, replaced } = this;
    if (!intent) return;
    const { lock, record } = await this.reader.observe();
    if (record?.version !== intent.version || record.record.claim !== this.claim) return;
    if (lock && replaced && sameMoment(lock.creationDate, intent.record.lockCreationDate)) {
      await this.write(replaced.record, true);
      return;
    }
    if (lock?.state === 'InProgress' && holdOf(this.vaultName, { lock, record }, this.self()) === 'lost') await this.abort(lock);
    await this.deleteRecord();
  }

  self(): Self {
    return { request: this.request, claim: this.claim, holding: this.intent?.version, now: this.invocation.clock.now() };
  }

  /**
   * @returns the version that was written; `undefined`: there was a record although none was expected
   */
  private async write(record: LockRecord, overwrite: boolean): Promise<number | undefined> {
    const call: Call = { action: 'ssm:PutParameter', on: this.record, mode: 'once' };
    const rounds = new Rounds(this.calls, this.invocation);
    for (;;) {
      let exists = false;
      try {
        return await this.calls.make(call, async () => this.services.records.put(this.vaultName, record, overwrite));
      } catch (error) {
        exists = error instanceof CallFailed && error.name === 'ParameterAlreadyExists';
        if (!exists) await rounds.next(call, error);
      }
      // Written again, an unanswered write that did arrive would look like somebody else's.
      const seen = await this.reader.record();
      if (seen && JSON.stringify(seen.record) === JSON.stringify(record)) return seen.version;
      if (exists) return undefined;
    }
  }

  private get vaultName(): string {
    return this.reader.vaultName;
  }

  private get record(): string {
    return `the lock record of vault ${this.vaultName}`;
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
