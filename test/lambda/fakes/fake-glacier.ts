import { awsError, FaultyService } from './faulty-service';
import { normalised } from './rewritten-policy';
import { HOUR } from './virtual-clock';
import { Glacier, LockDescription, Notifications, Tags, VaultDescription } from '../../../lambda/glacier/services';

interface Lock {
  readonly id: string;
  readonly policy: string;
  readonly createdAt: number;
  locked: boolean;
}

export interface Vault {
  readonly createdAt: number;
  tags: { [key: string]: string };
  accessPolicy?: string;
  notifications?: Notifications;
  lock?: Lock;
  archives: number;
  /** Written to since the last inventory. */
  dirty: boolean;
  inventoryAt?: number;
}

const iso = (ms: number) => new Date(ms).toISOString();
const denied = () => awsError('AccessDeniedException', 'The requested operation is not permitted.', 403);

/** The vaults of one account and region; locks move as the Glacier API reference says. */
export class FakeGlacier extends FaultyService implements Glacier {
  static readonly WRITES = [
    ...['CreateVault', 'DeleteVault', 'AddTagsToVault', 'RemoveTagsFromVault', 'SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
    ...['SetVaultNotifications', 'DeleteVaultNotifications', 'InitiateVaultLock', 'CompleteVaultLock', 'AbortVaultLock'],
  ];

  readonly vaults = new Map<string, Vault>();
  private lockCount = 0;

  get writes(): string[] {
    return this.calls.filter((call) => FakeGlacier.WRITES.includes(call));
  }

  /** A vault that is simply there. */
  put(name: string, vault: Partial<Vault> = {}): Vault {
    const whole = { createdAt: this.clock.now(), tags: {}, archives: 0, dirty: false, ...vault };
    this.vaults.set(name, whole);
    return whole;
  }

  /** As somebody with the CLI would, without the handlers. */
  lockByHand(name: string, policy: string): Lock {
    const vault = this.vaults.get(name) ?? this.put(name);
    vault.lock = { id: `by-hand-${++this.lockCount}`, policy: normalised(policy), createdAt: this.clock.now(), locked: false };
    return vault.lock;
  }

  lockOf(name: string): Lock | undefined {
    return this.unexpired(this.vaults.get(name));
  }

  async createVault(name: string): Promise<void> {
    await this.perform('CreateVault', () => void (this.vaults.has(name) || this.put(name)));
  }

  async describeVault(name: string): Promise<VaultDescription> {
    return this.perform('DescribeVault', () => {
      const { createdAt, inventoryAt, archives } = this.existing(name);
      return {
        creationDate: iso(createdAt),
        lastInventoryDate: inventoryAt === undefined ? undefined : iso(inventoryAt),
        numberOfArchives: inventoryAt === undefined ? 0 : archives,
      };
    });
  }

  async deleteVault(name: string): Promise<void> {
    await this.perform('DeleteVault', () => {
      const vault = this.vaults.get(name);
      if (vault && (vault.archives > 0 || vault.dirty)) {
        throw awsError(
          'InvalidParameterValueException',
          `Vault not empty or recently written to: arn:aws:glacier:eu-west-1:1:vaults/${name}`,
        );
      }
      this.vaults.delete(name);
    });
  }

  async setVaultAccessPolicy(name: string, policy: string): Promise<void> {
    await this.perform('SetVaultAccessPolicy', () => void (this.existing(name).accessPolicy = normalised(policy)));
  }

  async getVaultAccessPolicy(name: string): Promise<string> {
    return this.perform('GetVaultAccessPolicy', () => {
      const { accessPolicy } = this.existing(name);
      if (accessPolicy === undefined) throw awsError('ResourceNotFoundException', `No vault access policy is set for: ${name}`, 404);
      return accessPolicy;
    });
  }

  async deleteVaultAccessPolicy(name: string): Promise<void> {
    await this.perform('DeleteVaultAccessPolicy', () => void (this.existing(name).accessPolicy = undefined));
  }

  async setVaultNotifications(name: string, notifications: Notifications): Promise<void> {
    await this.perform('SetVaultNotifications', () => void (this.existing(name).notifications = notifications));
  }

  async getVaultNotifications(name: string): Promise<Notifications> {
    return this.perform('GetVaultNotifications', () => {
      const { notifications } = this.existing(name);
      if (!notifications) throw awsError('ResourceNotFoundException', `No notification configuration is set for vault: ${name}`, 404);
      return notifications;
    });
  }

  async deleteVaultNotifications(name: string): Promise<void> {
    await this.perform('DeleteVaultNotifications', () => void (this.existing(name).notifications = undefined));
  }

  async addTagsToVault(name: string, tags: Tags): Promise<void> {
    await this.perform('AddTagsToVault', () => {
      const vault = this.existing(name);
      if (Object.keys(tags).length > 10) throw awsError('InvalidParameterValueException', 'too many tags in one call');
      const all = { ...vault.tags, ...tags };
      if (Object.keys(all).length > 50) throw awsError('LimitExceededException', 'too many tags');
      vault.tags = all;
    });
  }

  async removeTagsFromVault(name: string, keys: readonly string[]): Promise<void> {
    await this.perform('RemoveTagsFromVault', () => {
      if (keys.length > 10) throw awsError('InvalidParameterValueException', 'too many keys in one call');
      for (const key of keys) delete this.existing(name).tags[key];
    });
  }

  async listTagsForVault(name: string): Promise<Tags> {
    return this.perform('ListTagsForVault', () => ({ ...this.existing(name).tags }));
  }

  async initiateVaultLock(name: string, policy: string): Promise<string> {
    return this.perform('InitiateVaultLock', () => {
      const vault = this.existing(name);
      if (this.unexpired(vault)) throw denied();
      vault.lock = { id: `lock-id-${++this.lockCount}-secret`, policy: normalised(policy), createdAt: this.clock.now(), locked: false };
      return vault.lock.id;
    });
  }

  async getVaultLock(name: string): Promise<LockDescription> {
    return this.perform('GetVaultLock', () => {
      const lock = this.unexpired(this.existing(name));
      if (!lock) throw awsError('ResourceNotFoundException', 'no lock (text not known from the real service)', 404);
      const { policy, createdAt, locked } = lock;
      return locked
        ? { state: 'Locked', policy, creationDate: iso(createdAt) }
        : { state: 'InProgress', policy, creationDate: iso(createdAt), expirationDate: iso(createdAt + 24 * HOUR) };
    });
  }

  async completeVaultLock(name: string, lockId: string): Promise<void> {
    await this.perform('CompleteVaultLock', () => {
      const lock = this.unexpired(this.existing(name));
      if (!lock) throw awsError('ResourceNotFoundException', 'no lock', 404);
      if (lock.id !== lockId) throw lock.locked ? denied() : awsError('InvalidParameterValueException', `not the lock id: ${lockId}`);
      lock.locked = true;
    });
  }

  async abortVaultLock(name: string): Promise<void> {
    await this.perform('AbortVaultLock', () => {
      const vault = this.existing(name);
      if (this.unexpired(vault)?.locked) throw denied();
      vault.lock = undefined;
    });
  }

  private existing(name: string): Vault {
    const vault = this.vaults.get(name);
    if (!vault) {
      throw awsError('ResourceNotFoundException', `Vault not found for ARN: arn:aws:glacier:eu-west-1:123456789012:vaults/${name}`, 404);
    }
    return vault;
  }

  private unexpired(vault: Vault | undefined): Lock | undefined {
    const lock = vault?.lock;
    if (!lock || lock.locked || this.clock.now() < lock.createdAt + 24 * HOUR) return lock;
    return undefined;
  }
}
