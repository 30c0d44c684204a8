import { Claim, claimTag } from './claims';
import { ownerOf } from './observe';
import { isExactly } from './verify';

import { CallFailed, Calls, Rounds } from '../../aws/calls';
import { kindOf } from '../../aws/errors';
import { Invocation } from '../../cloudformation/invocation';
import { readUntil } from '../../cloudformation/read-until';
import { Request } from '../../cloudformation/request';
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

  /** Until it can be seen, or somebody else came in between. */
  async claim(claim: Claim, owner: Tags, request: Request): Promise<void> {
    await this.vault.addTags({ ...owner, ...claimTag(claim) });
    const isThere = (seen: Tags) => seen[claim.key] !== undefined && !['nobody', 'other'].includes(ownerOf(seen, request.owner));
    await readUntil(async () => this.vault.tags(), isThere, this.invocation);
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
    const send = async () => backup.deleteLock(name);
    if (!(await this.attempt('DeleteBackupVaultLockConfiguration', async () => unlessAbsent(send())))) return false;
    return !(
      await readUntil(
        async () => this.vault.describe(),
        ({ locked }) => !locked,
        this.invocation,
      )
    ).locked;
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

/** What another delivery has deleted is deleted. */
async function unlessAbsent(deletion: Promise<void>): Promise<void> {
  return deletion.catch((error: unknown) => {
    if (kindOf(error) !== 'notFound') throw error;
  });
}

/** AWS Backup says that this cannot be done with the vault: its lock date has just passed, or a rule that it does not document. */
export class LockRefused extends Error {}
