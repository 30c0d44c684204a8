import { isExactly } from './verify';
import { BACKUP_LOCK_CLAIM_TAG, BACKUP_LOCK_OWNER_TAG } from '../../../src/private/contract';
import { CallFailed, Calls, Rounds } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { readUntil } from '../../cloudformation/read-until';
import { Refusal } from '../../cloudformation/refusal';
import { BackupVaultDescription, LockSettings, Tags } from '../services';
import { BackupVault } from '../vault';

/** The writes around one vault's lock. */
export class LockActions {
  private readonly rounds: Rounds;

  constructor(
    private readonly vault: BackupVault,
    calls: Calls,
    private readonly invocation: Invocation,
  ) {
    this.rounds = new Rounds(calls, invocation);
  }

  async claim(tags: Tags): Promise<void> {
    await this.vault.addTags(tags);
    const isThere = (seen: Tags) => Object.entries(tags).every(([key, value]) => seen[key] === value);
    if (isThere(await readUntil(async () => this.vault.tags(), isThere, this.invocation))) return;
    throw new Refusal(
      `backup vault ${this.vault.name}: the tags that mark a change of its lock are not what was set. If ${BACKUP_LOCK_OWNER_TAG} names ` +
        'another resource, two stacks lock the same vault.',
    );
  }

  async release(): Promise<void> {
    await this.vault.removeTags(BACKUP_LOCK_CLAIM_TAG);
  }

  async disown(): Promise<void> {
    await this.vault.removeTags(BACKUP_LOCK_CLAIM_TAG, BACKUP_LOCK_OWNER_TAG);
  }

  /** @returns the lock as it is then; `undefined`: it is not clear what happened, look again */
  async put(settings: LockSettings): Promise<BackupVaultDescription | undefined> {
    const { name, backup } = this.vault;
    const from = this.invocation.clock.now();
    if (!(await this.attempt('PutBackupVaultLockConfiguration', async () => backup.putLock(name, settings)))) return undefined;
    const isAsPut = (seen: BackupVaultDescription) => isExactly(seen, settings, from, this.invocation.clock.now());
    return readUntil(async () => this.vault.describe(), isAsPut, this.invocation);
  }

  /** @returns whether the lock is gone; otherwise look again */
  async delete(): Promise<boolean> {
    const { name, backup } = this.vault;
    if (!(await this.attempt('DeleteBackupVaultLockConfiguration', async () => backup.deleteLock(name)))) return false;
    return !(await readUntil(async () => this.vault.describe(), ({ locked }) => !locked, this.invocation)).locked;
  }

  /** A lost answer is no failure, and a repeated Put would move the lock date: so the state is looked at before another attempt. */
  private async attempt(operation: string, send: () => Promise<void>): Promise<boolean> {
    const call = this.vault.call(operation, 'once');
    try {
      await this.rounds.make(call, send);
      return true;
    } catch (error) {
      if (error instanceof CallFailed && error.name === 'InvalidRequestException') throw new LockRefused(error.message);
      await this.rounds.next(call, error);
      return false;
    }
  }
}

/** AWS Backup says that this cannot be done with the vault: its lock date has just passed, or a rule that it does not document. */
export class LockRefused extends Error {}
