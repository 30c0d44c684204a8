import { samePolicy } from '../../../src/policy/canonical';
import { policyFingerprint } from '../../../src/policy/fingerprint';
import { CallFailed, Calls } from '../../aws/calls';
import { Request } from '../../cloudformation/request';
import { LockDescription, LockRecord, Services } from '../services';
import { vaultArn } from '../vault-arn';
import { Hold } from './decide';

export interface VersionedRecord {
  readonly record: LockRecord;
  readonly version: number;
}

export interface ObservedLock {
  /** `undefined`: none, or no such vault. */
  readonly lock?: LockDescription;
  /** Not read when the lock is completed: nothing depends on it any more. */
  readonly record?: VersionedRecord;
}

/** Glacier's clock and the function's need not agree. */
const CLOCK_SKEW_MS = 60_000;

export class LockReader {
  constructor(
    private readonly services: Services,
    private readonly calls: Calls,
    readonly vaultName: string,
  ) {}

  /**
   * The lock first, then the record: a record is written before its lock and removed after it, so a lock that is seen without a
   * record of its own is nobody's that works by these rules (but for one that goes away in between; hence a second look).
   */
  async observe(): Promise<ObservedLock> {
    const lock = await this.lock();
    return lock?.state === 'Locked' ? { lock } : { lock, record: await this.record() };
  }

  async lock(): Promise<LockDescription | undefined> {
    const call = { action: 'glacier:GetVaultLock', on: `vault ${this.vaultName}` };
    try {
      return await this.calls.make(call, async () => this.services.glacier.getVaultLock(this.vaultName));
    } catch (error) {
      if (error instanceof CallFailed && error.kind === 'notFound') return undefined;
      throw error;
    }
  }

  async record(): Promise<VersionedRecord | undefined> {
    const call = { action: 'ssm:GetParameter', on: `the lock record of vault ${this.vaultName}` };
    return this.calls.make(call, async () => this.services.records.get(this.vaultName));
  }
}

export interface Self {
  readonly request: Request;
  /** The claim of this invocation. */
  readonly claim: string;
  /** The version of the record that this invocation holds as its own intent. */
  readonly holding?: number;
  readonly now: number;
}

export function holdOf(vaultName: string, { lock, record: versioned }: ObservedLock, self: Self): Hold {
  if (!versioned) return 'foreign';
  const { record, version } = versioned;
  const mine = record.claim === self.claim && version === self.holding;
  const live = record.leaseUntil !== undefined && self.now < record.leaseUntil;
  if (record.owner !== self.request.owner) return live && !lock && self.request.type !== 'Delete' ? 'busy' : 'foreign';
  if (live && !mine) return 'busy';
  if (!lock) return 'foreign';
  if (sameMoment(record.lockCreationDate, lock.creationDate)) return record.lockId ? 'known' : 'lost';
  const intended =
    record.leaseUntil !== undefined &&
    Date.parse(lock.creationDate) >= record.startedAt - CLOCK_SKEW_MS &&
    record.fingerprint === fingerprintOf(vaultArn(self.request.stack, vaultName), lock.policy);
  return intended ? 'lost' : 'foreign';
}

/** The same event may be delivered again with the window that it started already running. */
export function startedByThisRequest({ lock, record }: ObservedLock, { delivery, signedAt }: Request): boolean {
  if (!lock) return false;
  return record?.record.delivery === delivery || (signedAt !== undefined && Date.parse(lock.creationDate) >= signedAt);
}

/** Empty for a text that is no policy, as a lock from elsewhere may have. */
export function fingerprintOf(arn: string, policy: string): string {
  return samePolicy(policy, policy) ? policyFingerprint(arn, policy) : '';
}

export function sameMoment(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && Date.parse(a) === Date.parse(b);
}
