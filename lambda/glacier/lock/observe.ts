import { samePolicy } from '../../../src/policy/canonical';
import { policyFingerprint } from '../../../src/policy/fingerprint';
import { Calls, orAbsent } from '../../aws/calls';
import { Request } from '../../cloudformation/request';
import { Glacier, LockDescription } from '../services';
import { vaultArn } from '../vault-arn';
import { Hold } from './decide';
import { LockIntent, LockRecord, LockRecords } from './record';

export interface ObservedLock {
  /** `undefined`: none, or no such vault. */
  readonly lock?: LockDescription;
  /** Not read when the lock is completed: nothing depends on it any more. */
  readonly record?: LockRecord;
  /** Read only where it matters. */
  readonly intent?: LockIntent;
}

/** Glacier's clock and the function's need not agree. */
const CLOCK_SKEW_MS = 60_000;

export class LockReader {
  constructor(
    private readonly glacier: Glacier,
    private readonly calls: Calls,
    private readonly records: LockRecords,
    readonly vaultName: string,
  ) {}

  async observe(request: Request): Promise<ObservedLock> {
    return request.type === 'Delete' ? this.observeToDelete() : this.observeToPut(request);
  }

  /**
   * The lock first: its intent is written before it and its record before the intent goes, so a lock that is seen without either is
   * nobody's that works by these rules (but for one that goes away in between; hence a second look before it is called foreign).
   */
  private async observeToPut(request: Request): Promise<ObservedLock> {
    const lock = await this.lock();
    if (lock?.state === 'Locked') return { lock };
    const record = await this.records.record();
    // Whoever wants to act on it will claim it, and meet the intent of another then.
    const settled = !lock || isRecordOf(record, lock, request);
    return { lock, record, intent: settled ? undefined : await this.records.intent() };
  }

  /**
   * The intent before the lock: once there is none, every Create that began before has finished with the lock, and none that begins
   * after will find the stack waiting for it. A completed lock needs neither.
   */
  private async observeToDelete(): Promise<ObservedLock> {
    const atFirst = await this.lock();
    if (atFirst?.state === 'Locked') return { lock: atFirst };
    const intent = await this.records.intent();
    const lock = await this.lock();
    return lock?.state === 'Locked' ? { lock } : { lock, intent, record: await this.records.record() };
  }

  async lock(): Promise<LockDescription | undefined> {
    const call = { action: 'glacier:GetVaultLock', on: `vault ${this.vaultName}` };
    return orAbsent(this.calls.make(call, async () => this.glacier.getVaultLock(this.vaultName)));
  }
}

export interface Self {
  readonly request: Request;
  /** The intent that this invocation has in force. */
  readonly intent?: LockIntent;
  readonly now: number;
}

/** Of a lock in progress, or of the place for one. */
export function holdOf(vaultName: string, { lock, record, intent: seen }: ObservedLock, { request, intent: own, now }: Self): Hold {
  // One's own intent may have been written over by another that was not to come into force.
  const intent = own ?? seen;
  const mine = intent?.owner === request.owner;
  if (!own && intent && mine && now < intent.leaseUntil) return 'busy';
  if (!lock) return 'foreign';
  if (isRecordOf(record, lock, request)) return 'known';
  if (record && record.owner !== request.owner && sameMoment(record.lockCreationDate, lock.creationDate)) return 'foreign';
  if (!intent || !mine) return 'foreign';
  const intended =
    Date.parse(lock.creationDate) >= intent.startedAt - CLOCK_SKEW_MS &&
    Date.parse(lock.creationDate) <= intent.leaseUntil + CLOCK_SKEW_MS &&
    intent.fingerprint === fingerprintOf(vaultArn(request.stack, vaultName), lock.policy);
  return intended || sameMoment(intent.aborts, lock.creationDate) ? 'lost' : 'foreign';
}

function isRecordOf(record: LockRecord | undefined, lock: LockDescription, { owner }: Request): boolean {
  return record?.owner === owner && sameMoment(record.lockCreationDate, lock.creationDate);
}

/** `X-Amz-Date` counts whole seconds: within one, only the delivery on record tells. */
const SIGNATURE_RESOLUTION_MS = 1_000;

/** The same event may be delivered again with the window that it started already running. */
export function startedByThisRequest({ lock, record, intent }: ObservedLock, { type, delivery, signedAt }: Request): boolean {
  if (!lock) return false;
  // What a Delete is to remove was there seconds before it.
  const resolution = type === 'Delete' ? 0 : SIGNATURE_RESOLUTION_MS;
  const initiator = sameMoment(record?.lockCreationDate, lock.creationDate) ? record?.delivery : intent?.delivery;
  return initiator === delivery || (signedAt !== undefined && Date.parse(lock.creationDate) >= signedAt + resolution);
}

/** Empty for a text that is no policy, as a lock from elsewhere may have. */
export function fingerprintOf(arn: string, policy: string): string {
  return samePolicy(policy, policy) ? policyFingerprint(arn, policy) : '';
}

export function sameMoment(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && Date.parse(a) === Date.parse(b);
}
