import { Annotations, App, CfnParameter, Duration } from 'aws-cdk-lib';
import * as assertions from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as events from 'aws-cdk-lib/aws-events';
import { BackupVaultLock, type BackupVaultLockProps } from '../../src';
import { compliance, existingVault, locked } from '../construct-fixtures/backup';
import { aStack, ENV, warningsOf } from '../construct-fixtures/stacks';

const warnings = (props: Partial<BackupVaultLockProps>) => warningsOf(locked(props, {}).stack);

describe('a lock is warned about', () => {
  test('not if nothing is wrong with it', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ mode: compliance() })).toEqual([]);
  });

  test('without any bound', () => {
    expect(warnings({ minRetention: undefined, maxRetention: undefined })).toEqual(['cdk-vault-lock:backupLockWithoutBounds']);
  });

  test('not for a bound that is known at deployment only', () => {
    const stack = aStack();
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), maxRetention: Duration.days(days), mode: compliance() });
    expect(warningsOf(stack)).toEqual([]);
  });

  test("of the vault 'Default'", () => {
    const stack = aStack();
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack, 'Default'), minRetention: Duration.days(7) });
    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:backupLockOfDefaultVault']);
  });

  test('in compliance mode without a longest retention', () => {
    expect(warnings({ mode: compliance(), maxRetention: undefined })).toEqual(['cdk-vault-lock:backupComplianceWithoutMaxRetention']);
    expect(warnings({ maxRetention: undefined })).toEqual([]);
  });

  test('that excludes continuous backups, where nothing is known of the plans', () => {
    expect(warnings({ minRetention: Duration.days(36) })).toEqual(['cdk-vault-lock:backupMinRetentionExcludesContinuous']);
    expect(warnings({ minRetention: Duration.days(35) })).toEqual([]);
  });

  test('that excludes cold storage, where nothing is known of the plans', () => {
    expect(warnings({ maxRetention: Duration.days(90) })).toEqual(['cdk-vault-lock:backupMaxRetentionExcludesColdStorage']);
    expect(warnings({ maxRetention: Duration.days(91) })).toEqual([]);
  });

  test('until that is acknowledged', () => {
    const { stack } = locked({ minRetention: Duration.days(36), maxRetention: Duration.days(90) });
    Annotations.of(stack).acknowledgeWarning('cdk-vault-lock:backupMinRetentionExcludesContinuous', 'nothing continuous goes there');

    expect(warningsOf(stack)).toEqual(['cdk-vault-lock:backupMaxRetentionExcludesColdStorage']);
  });
});

type Rule = Partial<backup.BackupPlanRuleProps>;

/** A vault with a lock, and a plan with one rule for it. */
function planned(rule: Rule, bounds: Pick<BackupVaultLockProps, 'minRetention' | 'maxRetention'>) {
  const stack = aStack();
  const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
  new backup.BackupPlan(stack, 'Plan', { backupVault: vault }).addRule(
    new backup.BackupPlanRule({ ruleName: 'nightly', scheduleExpression: events.Schedule.cron({ hour: '3', minute: '0' }), ...rule }),
  );
  new BackupVaultLock(stack, 'Lock', { vault, ...bounds });
  return stack;
}

const messagesOf = (stack: ReturnType<typeof planned>) =>
  assertions.Annotations.fromStack(stack)
    .findWarning('*', assertions.Match.stringLikeRegexp('cdk-vault-lock'))
    .map(({ entry }) => String(entry.data));

describe('where the app has a plan for the vault', () => {
  const between = (min: number, max: number) => ({ minRetention: Duration.days(min), maxRetention: Duration.days(max) });

  test('continuous backups that cannot be kept long enough are named', () => {
    const stack = planned({ enableContinuousBackup: true, deleteAfter: Duration.days(35) }, between(36, 365));
    expect(messagesOf(stack)).toEqual([
      "`minRetention` is 36 days, but rule 'nightly' of 'Archive/Plan/Resource' makes continuous backups, which are kept for at most 35 days: all of its jobs will fail. " +
        'Lower `minRetention`, or use another vault for continuous backups. [ack: cdk-vault-lock:backupContinuousRuleFails]',
    ]);
  });

  test('nothing is said of continuous backups when no rule makes them', () => {
    expect(messagesOf(planned({ deleteAfter: Duration.days(40) }, between(36, 365)))).toEqual([]);
  });

  test('cold storage that would need a longer retention is named', () => {
    const stack = planned({ moveToColdStorageAfter: Duration.days(1), deleteAfter: Duration.days(91) }, between(7, 90));
    expect(messagesOf(stack)).toEqual([
      "`maxRetention` is 90 days, but rule 'nightly' of 'Archive/Plan/Resource' moves recovery points to cold storage, where they stay for at least 90 days: all of its jobs will fail. " +
        'Raise `maxRetention`, or drop `moveToColdStorageAfter`. [ack: cdk-vault-lock:backupColdStorageRuleFails]',
    ]);
  });

  test('nothing is said of cold storage when no rule uses it', () => {
    expect(messagesOf(planned({ deleteAfter: Duration.days(60) }, between(7, 90)))).toEqual([]);
  });

  test.each([
    ['expire after 6 days', { deleteAfter: Duration.days(6) }],
    ['expire after 366 days', { deleteAfter: Duration.days(366) }],
    ['never expire', {}],
  ])('a rule whose recovery points %s, outside of the bounds, is named', (what, rule) => {
    expect(messagesOf(planned(rule, between(7, 365)))).toEqual([
      `Rule 'nightly' of 'Archive/Plan/Resource' makes recovery points that ${what}, outside of \`minRetention\` (7 days) and \`maxRetention\` (365 days): ` +
        "all of its jobs will fail. Change the bounds, or the rule's `deleteAfter`. [ack: cdk-vault-lock:backupRuleOutsideBounds]",
    ]);
  });

  test.each([7, 365])('a rule that keeps them for %d days, at the edge of the bounds, is fine', (days) => {
    expect(messagesOf(planned({ deleteAfter: Duration.days(days) }, between(7, 365)))).toEqual([]);
  });

  test('recovery points that never expire are fine without a longest retention', () => {
    expect(messagesOf(planned({}, { minRetention: Duration.days(7) }))).toEqual([]);
  });
});

describe('a plan is for the vault', () => {
  const tooLong = { minRetention: Duration.days(36) };
  const continuous = new backup.BackupPlanRule({ enableContinuousBackup: true, deleteAfter: Duration.days(35) });
  const PRECISE = ['cdk-vault-lock:backupContinuousRuleFails'];
  const GENERAL = ['cdk-vault-lock:backupMinRetentionExcludesContinuous'];

  /** The lock's warnings, if the plan in its own stack is for that vault. */
  function warningsWithPlan(planEnv: typeof ENV, targetName = 'prod') {
    const app = new App();
    const plans = aStack(planEnv, app, 'Plans');
    new backup.BackupPlan(plans, 'Plan', { backupVault: existingVault(plans, targetName) }).addRule(continuous);
    const stack = aStack(ENV, app);
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), ...tooLong });
    return warningsOf(stack);
  }

  test('that it means by name, in another stack of the same place', () => {
    expect(warningsWithPlan(ENV)).toEqual(PRECISE);
  });

  test('but not for one of the same name in another region, or of another name', () => {
    expect(warningsWithPlan({ ...ENV, region: 'us-east-1' })).toEqual(GENERAL);
    expect(warningsWithPlan(ENV, 'test')).toEqual(GENERAL);
  });

  test('whose resource it refers to, and not another one of the same logical id', () => {
    const app = new App();
    const stacks = ['Dev', 'Prod'].map((id) => aStack({}, app, id));
    const vaults = stacks.map((stack) => new backup.BackupVault(stack, 'Vault'));
    const [dev, prod] = stacks as [(typeof stacks)[0], (typeof stacks)[0]];
    new backup.BackupPlan(prod, 'Plan', { backupVault: vaults[1] }).addRule(continuous);
    stacks.forEach((stack, index) => new BackupVaultLock(stack, 'Lock', { vault: vaults[index]!, ...tooLong }));

    expect(warningsOf(dev)).toEqual(GENERAL);
    expect(warningsOf(prod)).toEqual(PRECISE);
  });

  test('of the lower level, too', () => {
    const stack = aStack();
    new backup.CfnBackupPlan(stack, 'Plan', {
      backupPlan: {
        backupPlanName: 'plan',
        backupPlanRule: [
          { ruleName: 'nightly', targetBackupVault: 'prod', enableContinuousBackup: true, lifecycle: { deleteAfterDays: 35 } },
        ],
      },
    });
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), ...tooLong });
    expect(warningsOf(stack)).toEqual(PRECISE);
  });
});
