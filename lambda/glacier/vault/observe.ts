import { OWNER_TAG } from '../../../src/private/contract';
import { Calls, orAbsent } from '../../aws/calls';
import { Glacier, Notifications, Tags, VaultDescription } from '../services';

export interface ObservedVault extends VaultDescription {
  /** All but the owner tag. */
  readonly tags: Tags;
  readonly owner?: string;
  /** Absent also when it was not asked for. */
  readonly accessPolicy?: string;
  /** Absent also when it was not asked for. */
  readonly notifications?: Notifications;
}

/** The reads of one vault. A 404 may mean the vault or the thing that was asked of it; only `describe` knows of the vault itself. */
export class VaultReader {
  constructor(
    private readonly glacier: Glacier,
    private readonly calls: Calls,
    readonly vaultName: string,
  ) {}

  async describe(): Promise<VaultDescription | undefined> {
    return orAbsent(this.read('DescribeVault', () => this.glacier.describeVault(this.vaultName)));
  }

  /** `undefined`: no such vault. */
  async allTags(): Promise<Tags | undefined> {
    return orAbsent(this.read('ListTagsForVault', () => this.glacier.listTagsForVault(this.vaultName)));
  }

  async accessPolicy(): Promise<string | undefined> {
    return orAbsent(this.read('GetVaultAccessPolicy', () => this.glacier.getVaultAccessPolicy(this.vaultName)));
  }

  async notifications(): Promise<Notifications | undefined> {
    return orAbsent(this.read('GetVaultNotifications', () => this.glacier.getVaultNotifications(this.vaultName)));
  }

  private async read<T>(operation: string, send: () => Promise<T>): Promise<T> {
    return this.calls.make({ action: `glacier:${operation}`, on: `vault ${this.vaultName}` }, send);
  }
}

/** Only what matters is read: an update that has nothing to do with notifications need not be allowed to see them. */
export async function observeVault(
  reader: VaultReader,
  wanted: { readonly accessPolicy: boolean; readonly notifications: boolean },
): Promise<ObservedVault | undefined> {
  const description = await reader.describe();
  if (!description) return undefined;
  const { [OWNER_TAG]: owner, ...tags } = (await reader.allTags()) ?? {};
  return {
    ...description,
    tags,
    owner,
    accessPolicy: wanted.accessPolicy ? await reader.accessPolicy() : undefined,
    notifications: wanted.notifications ? await reader.notifications() : undefined,
  };
}
