import { Place } from './place';
import { Backup, BackupVaultDescription, RecoveryPoint, Services, Tags } from './services';
import { Call, CallFailed, Calls, orAbsent, Rounds } from '../aws/calls';
import { Invocation } from '../cloudformation/invocation';

/** A vault of the same deployment may take so long to be known everywhere. */
export const NEWS_PATIENCE_MS = 15_000;
const NEWS_POLL_MS = 3_000;

/** One vault, wherever it is. */
export class BackupVault {
  /** @throws Denied if the role that leads to the vault cannot be assumed */
  static async open(services: Services, calls: Calls, invocation: Invocation, place: Place): Promise<BackupVault> {
    const { roleArn, region } = place;
    const assume = async (arn: string) => calls.make({ action: 'sts:AssumeRole', on: arn }, async () => services.assumeRole(arn));
    const credentials = roleArn === undefined ? undefined : await assume(roleArn);
    return new BackupVault(services.backup(region, credentials), calls, invocation, place);
  }

  private constructor(
    readonly backup: Backup,
    private readonly calls: Calls,
    private readonly invocation: Invocation,
    readonly place: Place,
  ) {}

  get name(): string {
    return this.place.vaultName;
  }

  call(operation: string, mode?: Call['mode']): Call {
    return { action: `backup:${operation}`, on: `backup vault ${this.name}`, mode };
  }

  /** `undefined`: there is no such vault. AWS Backup answers 403 for it, as for one that may not be seen; the list of all vaults tells. */
  async find(): Promise<BackupVaultDescription | undefined> {
    const call = { ...this.call('DescribeBackupVault', 'once'), on: `backup vault ${this.name} (or there is no such vault)` };
    const rounds = new Rounds(this.calls, this.invocation);
    const { clock } = this.invocation;
    const missingFrom = clock.now() + NEWS_PATIENCE_MS;
    for (;;) {
      try {
        return await rounds.make(call, async () => this.backup.describeVault(this.name));
      } catch (error) {
        const kind = error instanceof CallFailed ? error.kind : undefined;
        if (kind === 'notFound' || (kind === 'denied' && (await this.isListed()) === false)) {
          if (clock.now() >= missingFrom) return undefined;
          await this.invocation.pause(NEWS_POLL_MS);
        } else {
          await rounds.next(call, error, NEWS_PATIENCE_MS);
        }
      }
    }
  }

  /** Of a vault that has been found. */
  async describe(): Promise<BackupVaultDescription> {
    return this.calls.make(this.call('DescribeBackupVault'), async () => this.backup.describeVault(this.name));
  }

  async tags(): Promise<Tags> {
    return this.calls.make(this.call('ListTags'), async () => this.backup.listTags(this.place.arn));
  }

  async addTags(tags: Tags): Promise<void> {
    await this.calls.make(this.call('TagResource'), async () => this.backup.addTags(this.place.arn, tags));
  }

  async removeTags(...keys: readonly string[]): Promise<void> {
    await this.calls.make(this.call('UntagResource'), async () => this.backup.removeTags(this.place.arn, keys));
  }

  /** Of a vault that has been found; `undefined`: it has none. */
  async accessPolicy(): Promise<string | undefined> {
    return orAbsent(this.calls.make(this.call('GetBackupVaultAccessPolicy'), async () => this.backup.getAccessPolicy(this.name)));
  }

  /** The first one that would be kept, and billed, for ever. Existing points keep their own expiry whatever the lock says. */
  async pointWithoutExpiry(): Promise<RecoveryPoint | undefined> {
    let token: string | undefined;
    do {
      const call = this.call('ListRecoveryPointsByBackupVault');
      const page = await this.calls.make(call, async () => this.backup.listRecoveryPoints(this.name, token));
      const found = page.items.find(({ expires }) => !expires);
      if (found) return found;
      token = page.nextToken;
    } while (token);
    return undefined;
  }

  /** `undefined`: the list may not be seen. */
  private async isListed(): Promise<boolean | undefined> {
    const call = { action: 'backup:ListBackupVaults', on: `region ${this.place.region}`, mode: 'once' } as const;
    let token: string | undefined;
    try {
      do {
        const page = await this.calls.make(call, async () => this.backup.listVaultNames(token));
        if (page.items.includes(this.name)) return true;
        token = page.nextToken;
      } while (token);
      return false;
    } catch (error) {
      if (error instanceof CallFailed) return undefined;
      throw error;
    }
  }
}
