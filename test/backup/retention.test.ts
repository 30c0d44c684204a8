import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { BackupLockMode, BackupVaultLock } from '../../src';
import { compliance, existingVault, LOCK, locked, someAcknowledgement } from '../construct-fixtures/backup';
import { aStack, propertiesOf } from '../construct-fixtures/stacks';

describe.each(['minRetention', 'maxRetention'] as const)('%s', (name) => {
  const other = { minRetention: undefined, maxRetention: undefined };
  const property = { minRetention: 'MinRetentionDays', maxRetention: 'MaxRetentionDays' }[name];

  test.each([
    [Duration.days(1), '1'],
    [Duration.hours(48), '2'],
    [Duration.days(36_500), '36500'],
  ])('may be %s', (duration, days) => {
    expect(propertiesOf(locked({ ...other, [name]: duration }).stack, LOCK)[property]).toBe(days);
  });

  test.each([
    [Duration.days(0), '0 days'],
    [Duration.hours(36), '1 day 12 hours'],
    [Duration.days(36_501), '36501 days'],
  ])('is refused as %s', (duration, text) => {
    expect(() => locked({ ...other, [name]: duration })).toThrow(
      `\`${name}\` must be whole days, 1 to 36500, which is what AWS Backup takes, got: ${text}. Choose another duration, e.g. with \`Duration.days()\`.`,
    );
  });

  test('is no bound when it is left out', () => {
    expect(propertiesOf(locked({ ...other }).stack, LOCK)).not.toHaveProperty(property);
  });

  test('may be known at deployment only, in days', () => {
    const stack = aStack();
    const parameter = new CfnParameter(stack, 'Days', { type: 'Number' });
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), [name]: Duration.days(parameter.valueAsNumber) });

    expect(propertiesOf(stack, LOCK)[property]).toEqual({ Ref: 'Days' });
    expect(() => locked({ ...other, [name]: Duration.hours(parameter.valueAsNumber) })).toThrow(
      `\`${name}\` must be given in days if its value is known at deployment only, got: hours. Use \`Duration.days(token)\`.`,
    );
  });
});

describe('the two bounds', () => {
  test('may be equal', () => {
    const { stack } = locked({ minRetention: Duration.days(30), maxRetention: Duration.days(30) });
    expect(propertiesOf(stack, LOCK)).toMatchObject({ MinRetentionDays: '30', MaxRetentionDays: '30' });
  });

  test('must leave something between them', () => {
    expect(() => locked({ minRetention: Duration.days(31), maxRetention: Duration.days(30) })).toThrow(
      '`maxRetention` must be at least `minRetention`, 31 days, got: 30 days: every job would fail. Raise `maxRetention`, or lower `minRetention`.',
    );
  });

  test('are compared by the handler when one is not known', () => {
    const minRetention = Duration.days(Lazy.number({ produce: () => 40 }));
    expect(propertiesOf(locked({ minRetention, maxRetention: Duration.days(30) }).stack, LOCK).MinRetentionDays).toBe('40');
  });
});

describe('coolingOff', () => {
  test.each([
    [Duration.days(3), '3'],
    [Duration.hours(96), '4'],
    [Duration.days(36_500), '36500'],
  ])('may be %s', (coolingOff, days) => {
    expect(propertiesOf(locked({ mode: compliance(coolingOff) }, {}).stack, LOCK).CoolingOffDays).toBe(days);
  });

  test.each([
    [Duration.days(0), '0 days'],
    [Duration.days(2), '2 days'],
    [Duration.hours(73), '3 days 1 hour'],
    [Duration.days(36_501), '36501 days'],
  ])('is refused as %s', (coolingOff, text) => {
    expect(() => compliance(coolingOff)).toThrow(
      `\`coolingOff\` must be whole days, 3 to 36500, which is what AWS Backup takes, got: ${text}.`,
    );
  });

  test('may be known at deployment only', () => {
    const stack = aStack();
    const coolingOff = Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber);
    new BackupVaultLock(stack, 'Lock', {
      vault: existingVault(stack),
      mode: BackupLockMode.compliance({ coolingOff, acknowledge: new CfnParameter(stack, 'Acknowledge').valueAsString }),
    });
    expect(propertiesOf(stack, LOCK)).toMatchObject({ CoolingOffDays: { Ref: 'Days' }, Acknowledge: { Ref: 'Acknowledge' } });
  });
});

test('recovery points that never expire stand in the way of compliance mode, unless they are allowed', () => {
  const mode = BackupLockMode.compliance({
    coolingOff: Duration.days(3),
    acknowledge: someAcknowledgement(),
    allowRecoveryPointsWithoutExpiry: true,
  });
  expect(propertiesOf(locked({ mode }, {}).stack, LOCK).AllowPointsWithoutExpiry).toBe('true');
});
