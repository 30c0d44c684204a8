import { LOCK_RECORD_PREFIX } from '../../../src/private/contract';
import { CallFailed, Calls, orAbsent, Rounds } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { Parameters } from '../services';

/**
 * Whose lock it is, and the id that completes it: Glacier shows that once. Kept in a parameter, not in a tag of the vault, because a
 * lock policy with a legal hold denies tag changes from the moment of Initiate; encrypted, because the id is the power to complete.
 */
export interface LockRecord {
  readonly owner: string;
  readonly lockId: string;
  /** Of the lock that the id belongs to, as Glacier tells it. */
  readonly lockCreationDate: string;
  /** `Request.delivery` of the event that initiated the lock: the same event must never complete it. */
  readonly delivery: string;
}

/**
 * Written before Initiate and removed after the record is. While it stands, only the invocation that wrote it may initiate; if that
 * dies in between, it tells whose the lock without a record is.
 */
export interface LockIntent {
  readonly owner: string;
  /** Of the policy to be initiated. */
  readonly fingerprint: string;
  /** In ms since 1970, by the function's clock. */
  readonly startedAt: number;
  /** From then on the writer is known to be gone; same clock. */
  readonly leaseUntil: number;
  /** Random: tells this intent from that of a duplicate. */
  readonly claim: string;
  readonly delivery: string;
  /** `creationDate` of the owner's lock that is to be aborted first. */
  readonly aborts?: string;
}

/** The two parameters of one vault. */
export class LockRecords {
  private readonly on: string;

  constructor(
    private readonly parameters: Parameters,
    private readonly calls: Calls,
    private readonly invocation: Invocation,
    private readonly vaultName: string,
  ) {
    this.on = `the lock record of vault ${vaultName}`;
  }

  async record(): Promise<LockRecord | undefined> {
    return (await this.read<LockRecord>(this.recordName))?.content;
  }

  async intent(): Promise<LockIntent | undefined> {
    return (await this.read<LockIntent>(this.intentName))?.content;
  }

  async putRecord(record: LockRecord): Promise<void> {
    const value = JSON.stringify(record);
    await this.calls.make({ action: 'ssm:PutParameter', on: this.on }, async () => this.parameters.put(this.recordName, value, true));
  }

  async deleteRecord(): Promise<void> {
    await this.delete(this.recordName);
  }

  async deleteIntent(): Promise<void> {
    await this.delete(this.intentName);
  }

  /**
   * Of any number that claim at once, one gets it: the parameter is either made by one of them, or, if its writer is gone, replaced
   * by the one whose write was the next version.
   *
   * @param now to hold the leases of others against
   * @param mayReplace asked before an intent is replaced whose writer is gone: what that left must not lose its only trace
   * @returns whether the intent is in force
   */
  async claim(intent: LockIntent, now: () => number, mayReplace: () => Promise<boolean>): Promise<boolean> {
    const call = { action: 'ssm:PutParameter', on: this.on, mode: 'once' } as const;
    const rounds = new Rounds(this.calls, this.invocation);
    const value = JSON.stringify(intent);
    let stale: number | undefined;
    for (;;) {
      try {
        const overwrite = stale !== undefined;
        const version = await this.calls.make(call, async () => this.parameters.put(this.intentName, value, overwrite));
        return version === 1 || version === (stale ?? 0) + 1;
      } catch (error) {
        if (!(error instanceof CallFailed && error.name === 'ParameterAlreadyExists')) await rounds.next(call, error);
      }
      const found = await this.read<LockIntent>(this.intentName);
      // Our own, when the answer to an earlier attempt got lost.
      if (found?.value === value) return true;
      if (found && (now() < found.content.leaseUntil || !(await mayReplace()))) return false;
      stale = found?.version;
    }
  }

  /** What something else wrote is nobody's. */
  private async read<T>(name: string): Promise<{ readonly content: T; readonly value: string; readonly version: number } | undefined> {
    const found = await this.calls.make({ action: 'ssm:GetParameter', on: this.on }, async () => this.parameters.get(name));
    if (!found) return undefined;
    try {
      return { ...found, content: JSON.parse(found.value) as T };
    } catch {
      return { ...found, content: { owner: '', leaseUntil: 0 } as T };
    }
  }

  private async delete(name: string): Promise<void> {
    await orAbsent(this.calls.make({ action: 'ssm:DeleteParameter', on: this.on }, async () => this.parameters.delete(name)));
  }

  private get recordName(): string {
    return LOCK_RECORD_PREFIX + this.vaultName;
  }

  /** No vault's record has this name: vault names have no slash. */
  private get intentName(): string {
    return `${this.recordName}/intent`;
  }
}
