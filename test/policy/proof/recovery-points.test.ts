import { parsePolicy, recoveryPointRetentionOf } from '../../../src/policy';
import { BACKUP_VAULT } from '../findings/written';

const DENY = { Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' };
const ROLE = 'arn:aws:iam::123456789012:role/BreakGlass';
const RECOVERY_POINTS = 'arn:aws:backup:*:*:recovery-point:*';

const retention = (...statements: object[]) =>
  recoveryPointRetentionOf([parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }))], BACKUP_VAULT);

describe('what the access policy of a backup vault keeps', () => {
  test.each<[what: string, statement: object]>([
    ['a Deny for everyone', {}],
    ['a wildcard in the action', { Action: 'backup:Delete*' }],
    ['all ARNs', { Resource: ['arn:aws:*:*:*:*'] }],
    ['NotAction', { Action: undefined, NotAction: 'backup:Describe*' }],
  ])('%s: everything, for ever', (_what, statement) => {
    expect(retention({ ...DENY, ...statement })).toEqual({ days: 'forever', proven: true, unknown: [] });
  });

  test('an exception is a hole, and is shown', () => {
    expect(retention({ ...DENY, Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } } })).toMatchObject({
      days: 0,
      counterExample: { principal: ROLE, action: 'backup:DeleteRecoveryPoint', archiveAgeInDays: null, statement: 0 },
      unknown: [],
    });
  });

  test('an Allow, or a Deny of something else, keeps nothing', () => {
    expect(retention({ ...DENY, Effect: 'Allow' }, { ...DENY, Action: 'backup:StartCopyJob' })).toMatchObject({
      days: 0,
      proven: false,
      counterExample: { principal: 'arn:aws:iam::999999999999:role/anyone', statement: 0 },
    });
  });

  test.each<[what: string, statement: object]>([
    ['the vault itself, which is no recovery point', { Resource: BACKUP_VAULT }],
    ['recovery points of one service', { Resource: RECOVERY_POINTS }],
    ['all but some', { Resource: undefined, NotResource: RECOVERY_POINTS }],
  ])('%s: nobody knows whether that is all of them, so nothing is proved', (_what, statement) => {
    expect(retention({ ...DENY, ...statement })).toEqual({
      days: 0,
      proven: false,
      unknown: [{ policy: 0, statement: 0, reason: expect.stringContaining('recovery points have ARNs of many services') as string }],
    });
  });

  test('what cannot be decided proves nothing', () => {
    const { days, unknown } = retention({ ...DENY, Condition: { StringNearly: { 'aws:userid': 'x' } } });

    expect({ days, statements: unknown.map(({ statement }) => statement) }).toEqual({ days: 0, statements: [0] });
  });
});
