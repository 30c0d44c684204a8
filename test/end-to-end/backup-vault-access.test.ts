import {
  BackupClient,
  DeleteRecoveryPointCommand,
  GetBackupVaultAccessPolicyCommand,
  PutBackupVaultAccessPolicyCommand,
  UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import type { Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { existingVault, failsAfter, marker } from './backup-lock-stack';
import { ACCOUNT, Deployment, REGION } from './deployment';
import { assumedRole } from './sessions';
import { describeStories } from './stories';
import { BackupVaultAccess } from '../../src';
import type { BlockRecoveryPointDeletionOptions } from '../../src';

interface PolicyDocument {
  readonly Statement: readonly { readonly Sid?: string; readonly [element: string]: unknown }[];
}

/** Somebody else's, and in a form that this library would not write. */
const FOREIGN = {
  Sid: 'theirs',
  Effect: 'Allow',
  Principal: { AWS: '111122223333' },
  Action: ['backup:CopyIntoBackupVault'],
  Resource: '*',
};

const partner = (account: string) =>
  new iam.PolicyStatement({ sid: 'partner', actions: ['backup:CopyIntoBackupVault'], principals: [new iam.AccountPrincipal(account)] });

interface Access {
  readonly statements?: iam.PolicyStatement[];
  readonly block?: BlockRecoveryPointDeletionOptions;
}

function access({ statements, block }: Access, ...more: ((access: BackupVaultAccess) => void)[]): (stack: Stack) => void {
  return (stack) => {
    const vault = backup.BackupVault.fromBackupVaultName(stack, 'Existing', 'prod');
    const it = new BackupVaultAccess(stack, 'Access', { vault, statements });
    if (block) it.blockRecoveryPointDeletion(block);
    for (const add of more) add(it);
  };
}

const ASK = { BackupVaultName: 'prod' };
const DENIED = { name: 'AccessDeniedException' };

/** One endpoint with a backup vault `prod` that has a recovery point. */
class Account {
  static async use(story: (account: Account) => Promise<void>): Promise<void> {
    const deployment = await Deployment.start('Access');
    try {
      const point = await existingVault(deployment.rehearsal.backup, 'prod', { DeleteAfterDays: 35 });
      await story(new Account(deployment, { ...ASK, RecoveryPointArn: point }));
    } finally {
      await deployment.stop();
    }
  }

  private constructor(
    readonly deployment: Deployment,
    readonly point: { readonly BackupVaultName: string; readonly RecoveryPointArn: string },
  ) {}

  /** Whoever may do anything that no policy denies. */
  get administrator(): BackupClient {
    return this.deployment.rehearsal.backup;
  }

  async writePolicy(...Statement: object[]): Promise<unknown> {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    return this.administrator.send(new PutBackupVaultAccessPolicyCommand({ ...ASK, Policy }));
  }

  /** The statements, or the name of the error. */
  async policy(): Promise<PolicyDocument['Statement'] | string> {
    return this.administrator.send(new GetBackupVaultAccessPolicyCommand(ASK)).then(
      ({ Policy }) => (JSON.parse(Policy!) as PolicyDocument).Statement,
      (error: Error) => error.name,
    );
  }

  async sids(): Promise<(string | undefined)[]> {
    return [await this.policy()].flat().map((statement) => (typeof statement === 'string' ? statement : statement.Sid));
  }

  async destroys(build: (stack: Stack) => void): Promise<void> {
    expect(await this.deployment.destroy(build)).toMatchObject({ exitCode: 0 });
  }
}

describeStories('the access policy of a backup vault that exists already, deployed by the real CDK CLI', {
  'statements are merged with what is there, follow the template, and go with the construct; an unchanged stack writes nothing': async () =>
    Account.use(async (account) => {
      await account.writePolicy(FOREIGN);
      await account.deployment.succeeds(access({ statements: [partner('444455556666')] }));
      expect(await account.policy()).toEqual([FOREIGN, expect.objectContaining({ Sid: 'partner', Action: 'backup:CopyIntoBackupVault' })]);

      const from = (await account.deployment.calls()).length;
      await account.deployment.succeeds(access({ statements: [partner('444455556666')] }, marker('a')));
      expect(await account.deployment.writes(from, 'backup')).toEqual([]);

      await account.deployment.succeeds(access({ statements: [partner('777788889999')] }));
      expect(JSON.stringify(await account.policy())).toMatch(/777788889999/);
      expect(JSON.stringify(await account.policy())).not.toMatch(/444455556666/);
      expect(await account.sids()).toEqual(['theirs', 'partner']);

      await account.destroys(access({ statements: [partner('777788889999')] }));
      expect(await account.policy()).toEqual([FOREIGN]);
    }),

  'a vault without a policy has none again when the construct is gone, after a deployment that failed, too': async () =>
    Account.use(async (account) => {
      const statements = [partner('444455556666')];
      await account.deployment.fails(access({ statements }, failsAfter), 'ROLLBACK_COMPLETE');
      expect(await account.policy()).toBe('ResourceNotFoundException');

      await account.deployment.succeeds(access({ statements }));
      await account.deployment.fails(access({ statements: [partner('777788889999')] }, failsAfter), 'UPDATE_ROLLBACK_COMPLETE');
      expect(JSON.stringify(await account.policy())).toMatch(/444455556666/);

      await account.destroys(access({ statements }));
      expect(await account.policy()).toBe('ResourceNotFoundException');
    }),

  'a statement of somebody else with the same Sid is not written over': async () =>
    Account.use(async (account) => {
      await account.writePolicy({ ...FOREIGN, Sid: 'partner' });
      const output = await account.deployment.fails(access({ statements: [partner('444455556666')] }), 'ROLLBACK_COMPLETE');
      expect(output).toContain('has other statement "partner" already, which this resource did not write');
      expect(await account.policy()).toEqual([{ ...FOREIGN, Sid: 'partner' }]);
    }),

  '`blockRecoveryPointDeletion()` stops even an administrator, from deleting and from taking it back; deployments still can': async () =>
    Account.use(async (account) => {
      await account.writePolicy(FOREIGN);
      const breakGlass = (stack: Stack) =>
        new iam.Role(stack, 'BreakGlass', {
          roleName: 'break-glass',
          assumedBy: new iam.AccountRootPrincipal(),
          managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
        });
      const blocked = (statements: iam.PolicyStatement[]) => (stack: Stack) =>
        access({ statements, block: { exempt: [breakGlass(stack)] } })(stack);
      await account.deployment.succeeds(blocked([]));
      const [, block] = (await account.policy()) as PolicyDocument['Statement'];
      expect(block).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'],
        Resource: '*',
      });

      await expect(account.administrator.send(new DeleteRecoveryPointCommand(account.point))).rejects.toMatchObject(DENIED);
      const sooner = { ...account.point, Lifecycle: { DeleteAfterDays: 1 } };
      await expect(account.administrator.send(new UpdateRecoveryPointLifecycleCommand(sooner))).rejects.toMatchObject(DENIED);
      await expect(account.writePolicy(FOREIGN)).rejects.toMatchObject(DENIED);

      await account.deployment.succeeds(blocked([partner('444455556666')]));
      expect(await account.sids()).toEqual(['theirs', expect.stringMatching(/BlockDeletion$/), 'partner']);
      await account.deployment.succeeds(access({ statements: [partner('444455556666')] }));
      expect(await account.sids()).toEqual(['theirs', 'partner']);
      await account.deployment.succeeds(blocked([]));

      const credentials = await assumedRole(account.deployment.rehearsal.url, `arn:aws:iam::${ACCOUNT}:role/break-glass`);
      const exempt = new BackupClient({ endpoint: account.deployment.rehearsal.url, region: REGION, credentials });
      await expect(exempt.send(new UpdateRecoveryPointLifecycleCommand(sooner))).resolves.toMatchObject({
        RecoveryPointArn: account.point.RecoveryPointArn,
      });
      exempt.destroy();

      await account.destroys(blocked([]));
      expect(await account.policy()).toEqual([FOREIGN]);
      await expect(account.administrator.send(new DeleteRecoveryPointCommand(account.point))).resolves.toBeDefined();
    }),
});
