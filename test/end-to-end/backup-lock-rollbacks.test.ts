import { BackupClient, CreateBackupVaultCommand, PutBackupVaultLockConfigurationCommand } from '@aws-sdk/client-backup';
import { Duration, NestedStack } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { compliance, DAY, existingVault, failsAfter, inWords, locked, lockDateOf, lockOn } from './backup-lock-stack';
import { ACCOUNT, Deployment } from './deployment';
import { describeStories } from './stories';
import { BackupVaultLock } from '../../src';
import type { BackupLockMode } from '../../src';

const YEAR = 365 * DAY;
/** What AWS Backup may do with a lock date when the lock is put without one. Where it is kept, the handler takes its time to believe that. */
const SETTINGS = ['keepLockDate', 'clearLockDate'] as const;

/** One endpoint with a backup vault `prod`. */
class Account {
  static async use(putInGrace: (typeof SETTINGS)[number], story: (account: Account) => Promise<void>): Promise<void> {
    const deployment = await Deployment.start('Backups', '--switch', `backup.putInGrace=${putInGrace}`);
    try {
      await existingVault(deployment.rehearsal.backup);
      await story(new Account(deployment, putInGrace));
    } finally {
      await deployment.stop();
    }
  }

  private constructor(
    readonly deployment: Deployment,
    private readonly putInGrace: string,
  ) {}

  async vault() {
    return this.deployment.rehearsal.backupVault('prod');
  }

  async writes(): Promise<string[]> {
    return this.deployment.writes(0, 'backup');
  }

  /** Nothing becomes permanent by itself in a lifetime: there is no lock date, or one that was moved out of the way. */
  async expectReversible(): Promise<void> {
    expect((await this.vault())?.lock).toMatchObject({ minRetentionDays: 7, maxRetentionDays: 35 });
    if (this.putInGrace === 'clearLockDate') expect(inWords(await this.vault())).toBe('GOVERNANCE 7..35');
    else expect(lockDateOf(await this.vault()) - Date.now()).toBeGreaterThan(99 * YEAR);
  }
}

const under = (setting: (typeof SETTINGS)[number]): Record<string, () => Promise<void>> => ({
  [`a create that fails in a sibling leaves the vault as it was: no lock, no tag, in compliance mode, too (${setting})`]: async () =>
    Account.use(setting, async (account) => {
      for (const mode of [undefined, compliance()]) {
        const output = await account.deployment.fails(locked({ mode }, failsAfter), 'ROLLBACK_COMPLETE');
        expect(output).toContain('Test::Does::NotExist is not supported');
        expect(await account.writes()).toContain('DeleteBackupVaultLockConfiguration');
        expect(await account.vault()).toMatchObject({ lock: null, tags: {} });
      }
      await account.deployment.succeeds(locked());
      expect(inWords(await account.vault())).toBe('GOVERNANCE 7..35');
    }),

  [`a create that fails over a lock that was there leaves that lock (${setting})`]: async () =>
    Account.use(setting, async (account) => {
      const byHand = { BackupVaultName: 'prod', MinRetentionDays: 7, MaxRetentionDays: 35 };
      await account.deployment.rehearsal.backup.send(new PutBackupVaultLockConfigurationCommand(byHand));
      await account.deployment.fails(locked({ mode: compliance() }, failsAfter), 'ROLLBACK_COMPLETE');
      await account.expectReversible();
      expect(await account.writes()).not.toContain('DeleteBackupVaultLockConfiguration');
      expect((await account.vault())?.tags).toEqual({});
    }),

  [`a promotion that fails in a sibling is taken back without an unlocked moment, and its lock date does not come (${setting})`]:
    async () =>
      Account.use(setting, async (account) => {
        await account.deployment.succeeds(locked());
        await account.deployment.fails(locked({ mode: compliance() }, failsAfter), 'UPDATE_ROLLBACK_COMPLETE');
        await account.expectReversible();
        expect(await account.writes()).not.toContain('DeleteBackupVaultLockConfiguration');
        await account.deployment.rehearsal.advance({ days: 30 });
        await account.deployment.succeeds(locked({ minRetention: Duration.days(5) }));
        expect((await account.vault())?.lock?.minRetentionDays).toBe(5);
      }),

  [`a demotion gives the lock date up, and its rollback sets none (${setting})`]: async () =>
    Account.use(setting, async (account) => {
      await account.deployment.succeeds(locked({ mode: compliance() }));
      await account.deployment.fails(locked({}, failsAfter), 'UPDATE_ROLLBACK_COMPLETE');
      await account.expectReversible();
      expect(await account.deployment.rehearsal.logs('Backups')).toContain('a rollback never sets a lock date');
      await account.deployment.succeeds(locked());
      await account.deployment.succeeds(locked({ mode: compliance() }));
      expect(Math.abs(lockDateOf(await account.vault()) - Date.now() - 7 * DAY)).toBeLessThan(60_000);
    }),
});

describeStories('deployments that CloudFormation takes back', {
  'a vault that does not exist is named within seconds, not at a timeout, and nothing is left': async () =>
    Account.use('keepLockDate', async (account) => {
      const elsewhere = (stack: Stack) => void lockOn(stack, 'prodd');
      const started = Date.now();
      expect(await account.deployment.fails(elsewhere, 'ROLLBACK_COMPLETE')).toContain(
        'there is no backup vault prodd in 123456789012, us-east-1. Check the name, the region and the account of `vault`.',
      );
      expect(Date.now() - started).toBeLessThan(90_000);
      expect(await account.writes()).toEqual(['CreateBackupVault']);
    }),

  'a nested stack whose parent fails is deleted, and takes its lock with it': async () =>
    Account.use('keepLockDate', async (account) => {
      await account.deployment.fails((stack) => {
        const nested = new NestedStack(stack, 'Nested');
        lockOn(nested, 'prod', { mode: compliance() });
        failsAfter(nested.nestedStackResource!);
      }, 'ROLLBACK_COMPLETE');
      expect(await account.vault()).toMatchObject({ lock: null, tags: {} });
    }),

  'a promotion in another region that fails gives its lock date up, also if a lock of this region stays in compliance mode': async () =>
    Account.use('keepLockDate', async (account) => {
      const { rehearsal } = account.deployment;
      const west = new BackupClient({
        endpoint: rehearsal.url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIA', secretAccessKey: '-' },
      });
      await west.send(new CreateBackupVaultCommand({ BackupVaultName: 'west' }));
      const both =
        (mode?: BackupLockMode, fails = false) =>
        (stack: Stack) => {
          lockOn(stack, 'prod', { mode: compliance() });
          const vault = BackupVault.fromBackupVaultArn(stack, 'West', `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:west`);
          const bounds = { minRetention: Duration.days(7), maxRetention: Duration.days(35) };
          const lock = new BackupVaultLock(stack, 'WestLock', { vault, mode, ...bounds });
          if (fails) failsAfter(lock);
        };
      await account.deployment.succeeds(both());
      await account.deployment.fails(both(compliance(7, { vaultName: 'west', region: 'eu-west-1' }), true), 'UPDATE_ROLLBACK_COMPLETE');
      expect(lockDateOf(await rehearsal.backupVault('west')) - Date.now()).toBeGreaterThan(99 * YEAR);
      west.destroy();
    }),

  ...under('keepLockDate'),
  ...under('clearLockDate'),
});
