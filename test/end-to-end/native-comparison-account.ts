import type { BackupClient } from '@aws-sdk/client-backup';
import { Duration, Tags } from 'aws-cdk-lib';
import type { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { DAY } from './backup-lock-stack';
import { Deployment } from './deployment';
import { BackupVaultLock } from '../../src';
import type { BackupVaultLockProps } from '../../src';

export type Build = (stack: Stack) => void;

/** One side of a comparison: an account in which one way to lock the vault `prod` is tried. */
export class Account {
  static async use<T>(switches: Readonly<Record<string, string>>, story: (account: Account) => Promise<T>): Promise<T> {
    const args = Object.entries(switches).flatMap(([name, value]) => ['--switch', `${name}=${value}`]);
    const deployment = await Deployment.start('Backups', ...args);
    try {
      return await story(new Account(deployment));
    } finally {
      await deployment.stop();
    }
  }

  /** What the last deployment told, in one line. */
  output = '';

  private constructor(private readonly deployment: Deployment) {}

  get client(): BackupClient {
    return this.deployment.rehearsal.backup;
  }

  /** @returns what the stack has ended in, and the lock */
  async deploy(build: Build): Promise<string> {
    try {
      this.output = (await this.deployment.deploy(build)).output.replace(/\s+/g, ' ');
    } catch (error) {
      this.output = (error as Error).message.replace(/\s+/g, ' ');
      return `refused at synth; ${await this.lock()}`;
    }
    return this.state();
  }

  async destroy(build: Build): Promise<string> {
    this.output = (await this.deployment.destroy(build)).output.replace(/\s+/g, ' ');
    return this.state();
  }

  async days(days: number): Promise<void> {
    await this.deployment.rehearsal.advance({ days });
  }

  /** @returns `words`, if the last deployment told what matches; otherwise what it told */
  async told(pattern: RegExp, words: string): Promise<string> {
    return pattern.test(this.output) ? words : this.output;
  }

  private async state(): Promise<string> {
    return `${await this.deployment.status()}; ${await this.lock()}`;
  }

  private async lock(): Promise<string> {
    const { backupVaults, now } = (await this.deployment.rehearsal.state()) as Awaited<ReturnType<Deployment['rehearsal']['state']>> & {
      readonly now: string;
    };
    const vault = backupVaults.find(({ backupVaultName }) => backupVaultName === 'prod');
    if (!vault) return 'no vault';
    if (!vault.lock) return 'no lock';
    const { state, lockDate, minRetentionDays, maxRetentionDays } = vault.lock;
    const days = Math.round((Date.parse(lockDate ?? '') - Date.parse(now)) / DAY);
    const words = { GOVERNANCE: 'governance', IMMUTABLE: 'permanent' }[state] ?? `permanent in ${days} days`;
    return `${words}, ${minRetentionDays ?? 'none'}..${maxRetentionDays ?? 'none'}`;
  }
}

export interface VaultOptions {
  readonly removalPolicy?: RemovalPolicy;
  /** The value of a tag. */
  readonly department?: string;
}

interface NativeLock {
  readonly min?: number;
  readonly max?: number;
  readonly changeableFor?: number;
}

/** The vault `prod` of this stack, locked by its own property unless that is `undefined`. */
export function native(lock: NativeLock | undefined, options: VaultOptions = {}, more: (stack: Stack) => void = () => {}): Build {
  return (stack) => {
    const { min = 7, max = 35, changeableFor } = lock ?? {};
    vaultIn(
      stack,
      options,
      lock && {
        minRetention: Duration.days(min),
        maxRetention: Duration.days(max),
        changeableFor: changeableFor === undefined ? undefined : Duration.days(changeableFor),
      },
    );
    more(stack);
  };
}

/** The vault `prod` of this stack, locked by a `BackupVaultLock` unless that is `undefined`. */
export function own(
  props: Partial<BackupVaultLockProps> | undefined,
  options: VaultOptions = {},
  more: (stack: Stack, lock?: BackupVaultLock) => void = () => {},
): Build {
  return (stack) => {
    const vault = vaultIn(stack, options);
    const bounds = { minRetention: Duration.days(7), maxRetention: Duration.days(35) };
    more(stack, props && new BackupVaultLock(stack, 'Lock', { vault, ...bounds, ...props }));
  };
}

function vaultIn(
  stack: Stack,
  { removalPolicy, department }: VaultOptions,
  lockConfiguration?: backup.LockConfiguration,
): backup.BackupVault {
  const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod', removalPolicy, lockConfiguration });
  if (department) Tags.of(vault).add('Department', department);
  return vault;
}
