import { BackupWorld } from './fakes/backup-world';
import { STACK_ID, stringified } from './fakes/stack-events';
import { parseLockProperties, readOldLock, readRemoval } from '../../lambda/backup/lock/properties';
import { readPlace } from '../../lambda/backup/place';
import { parseStackId } from '../../lambda/cloudformation/owner';
import { Refusal } from '../../lambda/cloudformation/refusal';

const STACK = parseStackId(STACK_ID);
const sent = (properties: object) => stringified(properties) as { [name: string]: unknown };
const governance = (properties: object = {}) => parseLockProperties(sent({ VaultName: 'prod', Mode: 'governance', ...properties }), STACK);
const compliance = (properties: object = {}) =>
  parseLockProperties(
    sent({ VaultName: 'prod', Mode: 'compliance', CoolingOffDays: 7, Acknowledge: 'prod sha256:1', ...properties }),
    STACK,
  );

describe('everything arrives as a string', () => {
  test('a governance lock', () => {
    expect(governance({ MinRetentionDays: 7, MaxRetentionDays: 35, OnRemoval: 'remove' })).toEqual({
      place: { vaultName: 'prod', region: 'eu-west-1', arn: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:prod', roleArn: undefined },
      mode: 'governance',
      bounds: { minRetentionDays: 7, maxRetentionDays: 35 },
      allowPointsWithoutExpiry: false,
      onRemoval: 'remove',
    });
  });

  test('a compliance lock', () => {
    expect(compliance({ CoolingOffDays: '30', Acknowledge: '  prod sha256:1\n', AllowPointsWithoutExpiry: true })).toMatchObject({
      mode: 'compliance',
      coolingOffDays: 30,
      acknowledge: 'prod sha256:1',
      allowPointsWithoutExpiry: true,
      onRemoval: 'keep',
    });
  });

  test('properties of governance mode that belong to compliance count for nothing', () => {
    expect(governance({ CoolingOffDays: 'soon', Acknowledge: 'prod sha256:1', AllowPointsWithoutExpiry: 'maybe' })).toMatchObject({
      mode: 'governance',
      allowPointsWithoutExpiry: false,
    });
    expect(governance({ CoolingOffDays: 7 }).coolingOffDays).toBeUndefined();
  });

  test.each([
    [undefined, undefined],
    ['', undefined],
    [1, 1],
    ['7', 7],
    [['7'], 7],
    [36_500, 36_500],
  ])('MinRetentionDays %p is %p', (given, expected) => {
    expect(governance({ MinRetentionDays: given }).bounds.minRetentionDays).toBe(expected);
  });

  test('equal bounds, one bound, no bound: AWS Backup takes them all', () => {
    expect(governance({ MinRetentionDays: 30, MaxRetentionDays: 30 }).bounds).toEqual({ minRetentionDays: 30, maxRetentionDays: 30 });
    expect(governance({ MaxRetentionDays: 30 }).bounds).toEqual({ minRetentionDays: undefined, maxRetentionDays: 30 });
    expect(governance().bounds).toEqual({ minRetentionDays: undefined, maxRetentionDays: undefined });
  });

  test.each([
    ['remove', 'remove'],
    ['keep', 'keep'],
    [undefined, 'keep'],
    ['REMOVE', 'keep'],
    [['remove'], 'keep'],
    [true, 'keep'],
  ])('OnRemoval %p is %p: in doubt a lock stays', (given, expected) => {
    expect(readRemoval(sent({ OnRemoval: given }))).toBe(expected);
  });

  test('properties that another version adds are left alone', () => {
    expect(governance({ Schema: 2, Extra: { nested: [1] } }).mode).toBe('governance');
  });
});

describe('refusals name the property, the rule and the value', () => {
  test.each([
    ['no name', () => governance({ VaultName: undefined }), /`vault`.*2 to 50 of A-Z a-z 0-9 _ -; it is missing/],
    ['one character', () => governance({ VaultName: 'p' }), /`vault`.*it is "p"/],
    ['51 characters', () => governance({ VaultName: 'p'.repeat(51) }), /`vault`.*2 to 50/],
    ['a slash', () => governance({ VaultName: 'aws/efs/automatic-backup-vault' }), /`vault`.*"aws\/efs\/automatic-backup-vault"/],
    ['two dots', () => governance({ VaultName: '..' }), /`vault`.*"\.\."/],
    ['a list of names', () => governance({ VaultName: ['prod', 'test'] }), /`vault`.*\["prod","test"\]/],
    ['no mode', () => governance({ Mode: undefined }), /`mode` must be governance or compliance; it is missing/],
    ['an unknown mode', () => governance({ Mode: 'none' }), /`mode` must be governance or compliance; it is "none"/],
    ['a mode in capitals', () => governance({ Mode: 'COMPLIANCE' }), /`mode` must be governance or compliance; it is "COMPLIANCE"/],
    ['min 0', () => governance({ MinRetentionDays: 0 }), /`minRetention` must be a whole number of days from 1 to 36500; it is "0"/],
    ['min 36501', () => governance({ MinRetentionDays: 36_501 }), /`minRetention`.*"36501"/],
    ['max -1', () => governance({ MaxRetentionDays: -1 }), /`maxRetention`.*"-1"/],
    ['max 1.5', () => governance({ MaxRetentionDays: 1.5 }), /`maxRetention`.*"1\.5"/],
    ['max 1e3', () => governance({ MaxRetentionDays: '1e3' }), /`maxRetention`.*"1e3"/],
    ['max with a blank', () => governance({ MaxRetentionDays: ' 7' }), /`maxRetention`.*" 7"/],
    ['max NaN', () => governance({ MaxRetentionDays: NaN }), /`maxRetention`.*"NaN"/],
    ['max as an object', () => governance({ MaxRetentionDays: { days: 7 } }), /`maxRetention`.*\{"days":"7"\}/],
    [
      'min beyond max',
      () => governance({ MinRetentionDays: 36, MaxRetentionDays: 35 }),
      /`minRetention` \(36 days\) must not be longer than `maxRetention` \(35 days\)/,
    ],
    ['no cooling-off', () => compliance({ CoolingOffDays: undefined }), /`coolingOff` is missing.*3 days or more/],
    ['an empty cooling-off', () => compliance({ CoolingOffDays: '' }), /`coolingOff` is missing/],
    ['2 days', () => compliance({ CoolingOffDays: 2 }), /`coolingOff` must be a whole number of days from 3 to 36500; it is "2"/],
    ['100 years and a day', () => compliance({ CoolingOffDays: 36_501 }), /`coolingOff`.*"36501"/],
    [
      'a waiver that is no boolean',
      () => compliance({ AllowPointsWithoutExpiry: 'yes' }),
      /`allowRecoveryPointsWithoutExpiry` must be "true" or "false"; it is "yes"/,
    ],
    [
      'another account without a role',
      () => governance({ VaultAccount: '222222222222' }),
      /`vault` is one of account "222222222222", but the calls would be made in account "123456789012"\. Give a `role` of the vault's account/,
    ],
    [
      'a role of another account than the vault’s',
      () => governance({ RoleArn: 'arn:aws:iam::222222222222:role/vaults' }),
      /`vault` is one of account "123456789012", but the calls would be made in account "222222222222"/,
    ],
    ['a role that is none', () => governance({ RoleArn: 'vaults' }), /in account ""\. Give a `role`/],
  ])('%s', (_what, parse, message) => {
    expect(parse).toThrow(Refusal);
    expect(parse).toThrow(message);
  });

  test('long values are cut', () => {
    expect(() => governance({ Mode: 'x'.repeat(5_000) })).toThrow(/^.{1,150}$/);
  });

  test('and reach CloudFormation before anything was called', async () => {
    const world = new BackupWorld();
    const properties = { VaultName: 'prod', Mode: 'governance', MinRetentionDays: 0 };
    expect(await world.ask({ type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties })).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'Thing-not-created',
      Reason: expect.stringContaining('`minRetention`') as string,
    });
    expect([...world.backup.calls, ...world.stacks.calls]).toEqual([]);
  });

  test('the Delete that follows such a Create succeeds, even if nothing in it can be read', async () => {
    const world = new BackupWorld();
    for (const properties of [
      {},
      { VaultName: 'a b' },
      { VaultName: 'prod', VaultAccount: '222222222222' },
      { VaultName: ['x'], Mode: 3 },
    ]) {
      expect(await world.ask({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties, physicalId: 'Thing-not-created' })).toMatchObject(
        {
          Status: 'SUCCESS',
          PhysicalResourceId: 'Thing-not-created',
        },
      );
    }
    expect(world.backup.calls).toEqual([]);
  });
});

describe('where a vault is', () => {
  test('by default in the stack’s account and region', () => {
    expect(readPlace({ VaultName: 'prod' }, STACK)?.arn).toBe('arn:aws:backup:eu-west-1:123456789012:backup-vault:prod');
    expect(readPlace({ VaultName: 'prod', VaultRegion: '', VaultAccount: '', RoleArn: '' }, STACK)).toEqual(
      readPlace({ VaultName: 'prod' }, STACK),
    );
  });

  test('in another region, and through a role in another account', () => {
    const RoleArn = 'arn:aws:iam::222222222222:role/vaults';
    expect(readPlace({ VaultName: 'prod', VaultRegion: 'us-east-1' }, STACK)).toMatchObject({ region: 'us-east-1', roleArn: undefined });
    expect(readPlace({ VaultName: 'prod', VaultAccount: '222222222222', RoleArn }, STACK)).toMatchObject({
      arn: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:prod',
      roleArn: RoleArn,
    });
  });

  test('in another partition', () => {
    const china = parseStackId('arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/archive/0a1b2c3d-0000-1111-2222-333344445555');
    expect(readPlace({ VaultName: 'prod' }, china)?.arn).toBe('arn:aws-cn:backup:cn-north-1:123456789012:backup-vault:prod');
  });
});

describe('what an earlier template said is read without judging', () => {
  test('values that are refused today, or were never given', () => {
    expect(readOldLock(sent({ Mode: 'compliance', MinRetentionDays: 0, MaxRetentionDays: 'ten', CoolingOffDays: 1 }))).toEqual({
      mode: 'compliance',
      bounds: { minRetentionDays: 0, maxRetentionDays: undefined },
      coolingOffDays: 1,
    });
    expect(readOldLock({})).toEqual({
      mode: undefined,
      bounds: { minRetentionDays: undefined, maxRetentionDays: undefined },
      coolingOffDays: undefined,
    });
  });
});
