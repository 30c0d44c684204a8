import { FakeBackup } from './fake-backup';
import { FakeRoles } from './fake-roles';
import { FaultyService } from './faulty-service';
import { StackEvents } from './stack-events';
import { accessResource } from '../../../lambda/backup/access/resource';
import { lockResource } from '../../../lambda/backup/lock/resource';
import { Credentials, Services } from '../../../lambda/backup/services';
import { ResourceTypes } from '../../../src/private/contract';

export { OWNER, STACK_ID } from './stack-events';
export type { Ask, Event, Response } from './stack-events';

const HOME = { region: 'eu-west-1', account: '123456789012' };

/** Everything that the Backup handlers touch, in all accounts and regions, on one clock. */
export class BackupWorld extends StackEvents {
  /** In the account and region of the stack. */
  readonly backup: FakeBackup = this.backupOf(HOME.region, HOME.account);
  readonly roles = new FakeRoles(this.clock);
  private readonly elsewhere = new Map<string, FakeBackup>([[keyOf(HOME.region, HOME.account), this.backup]]);

  /** AWS Backup of another account or region; the same one every time. */
  backupIn(region: string, account = HOME.account): FakeBackup {
    const key = keyOf(region, account);
    const known = this.elsewhere.get(key) ?? this.backupOf(region, account);
    this.elsewhere.set(key, known);
    return known;
  }

  /** What the handlers are given. */
  services(): Services {
    return {
      stacks: this.stacks,
      backup: (region, credentials) => this.backupIn(region, this.accountOf(credentials)),
      assumeRole: async (roleArn) => this.roles.assume(roleArn),
    };
  }

  protected resources() {
    return {
      [ResourceTypes.BACKUP_VAULT_LOCK]: lockResource(this.services()),
      [ResourceTypes.BACKUP_VAULT_ACCESS]: accessResource(this.services()),
    };
  }

  protected fakes(): readonly FaultyService[] {
    return [this.roles, ...this.elsewhere.values()];
  }

  private backupOf(region: string, account: string): FakeBackup {
    return new FakeBackup(this.clock, region, account);
  }

  private accountOf(credentials: Credentials | undefined): string {
    return credentials ? this.roles.accountOf(credentials) : HOME.account;
  }
}

const keyOf = (region: string, account: string) => `${region} ${account}`;
