import { Aws, CfnParameter, Duration, Stack, type Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupVaultAccess, BackupVaultLock, type BackupLockMode } from '../../src';
import { evaluate, parsePolicy } from '../../src/policy';
import { ACCESS, compliance, decision, existingVault, LOCK, printed } from '../construct-fixtures/backup';
import { aStack, ENV, OTHER_ACCOUNT, propertiesOf, resourceOf } from '../construct-fixtures/stacks';

const vaultArn = (account: string, region: string) => `arn:aws:backup:${region}:${account}:backup-vault:prod`;
const ABROAD = vaultArn(ENV.account, 'us-east-1');
const FOREIGN = vaultArn(OTHER_ACCOUNT, ENV.region);
const ROLE = `arn:aws:iam::${OTHER_ACCOUNT}:role/locker`;

/** A lock and an access policy of the vault with that ARN. */
function using(arn: string, { env, roleArn, mode }: { env?: Environment; roleArn?: string; mode?: BackupLockMode } = {}): Stack {
  const stack = aStack(env);
  const vault = backup.BackupVault.fromBackupVaultArn(stack, 'Vault', arn);
  const role = roleArn === undefined ? undefined : iam.Role.fromRoleArn(stack, 'Role', roleArn);
  new BackupVaultLock(stack, 'Lock', { vault, role, mode, minRetention: Duration.days(7), maxRetention: Duration.days(365) });
  new BackupVaultAccess(stack, 'Access', {
    vault,
    role,
    statements: [
      new iam.PolicyStatement({ actions: ['backup:CopyIntoBackupVault'], principals: [new iam.AccountPrincipal(OTHER_ACCOUNT)] }),
    ],
  });
  return stack;
}

function placeIn(stack: Stack, type: typeof LOCK | typeof ACCESS) {
  const { VaultName, VaultRegion, VaultAccount, RoleArn } = propertiesOf(stack, type);
  return { VaultName, VaultRegion, VaultAccount, RoleArn };
}

const dependenciesOf = (stack: Stack, type: string) => resourceOf(stack, type).DependsOn as string[];

describe('a vault of another region', () => {
  const stack = using(ABROAD);

  test('is said to be there', () => {
    const place = { VaultName: 'prod', VaultRegion: 'us-east-1', VaultAccount: undefined, RoleArn: undefined };
    expect(placeIn(stack, LOCK)).toEqual(place);
    expect(placeIn(stack, ACCESS)).toEqual(place);
  });

  test('is in reach of the function, which can still not make a lock permanent', () => {
    const put = 'backup:PutBackupVaultLockConfiguration';

    expect(decision(stack, put, ABROAD)).toBe('allow');
    expect(decision(stack, put, ABROAD, { 'backup:ChangeableForDays': '3' })).toBe('implicitDeny');
    expect(decision(stack, 'backup:PutBackupVaultAccessPolicy', ABROAD)).toBe('allow');
    expect(decision(stack, put, vaultArn(ENV.account, 'eu-central-1'))).toBe('implicitDeny');
  });

  test('is out of reach as soon as nothing of the stack is there', () => {
    const home = using(vaultArn(ENV.account, ENV.region));
    expect(decision(home, 'backup:DescribeBackupVault', ABROAD)).toBe('implicitDeny');
  });

  test('waits for the permission, so that it outlives the Delete of the last resource', () => {
    expect(dependenciesOf(stack, LOCK)).toEqual(['CdkVaultLockBackupDelivery', 'CdkVaultLockBackupLocksInuseast1Permission']);
    expect(dependenciesOf(stack, ACCESS)).toEqual(['CdkVaultLockBackupAccessPoliciesInuseast1Permission', 'CdkVaultLockBackupDelivery']);
  });

  test('may become permanent, if its lock is in compliance mode', () => {
    const inCompliance = using(ABROAD, { mode: compliance(Duration.days(7), printed(ABROAD)) });
    const put = (days: string, arn = ABROAD) =>
      decision(inCompliance, 'backup:PutBackupVaultLockConfiguration', arn, { 'backup:ChangeableForDays': days });

    expect([put('7'), put('6'), put('7', vaultArn(ENV.account, ENV.region))]).toEqual(['allow', 'implicitDeny', 'implicitDeny']);
  });

  test('may be one that is known at deployment only', () => {
    const unknown = aStack();
    const arn = new CfnParameter(unknown, 'Arn').valueAsString;
    new BackupVaultLock(unknown, 'Lock', {
      vault: backup.BackupVault.fromBackupVaultArn(unknown, 'Vault', arn),
      minRetention: Duration.days(7),
    });

    const part = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': [':', { Ref: 'Arn' }] }] });
    expect(propertiesOf(unknown, LOCK)).toMatchObject({ VaultName: part(6), VaultRegion: part(3), VaultAccount: part(4) });
    expect(dependenciesOf(unknown, LOCK)).toContainEqual(expect.stringMatching(/^LockLocksPermission/));
  });
});

describe('a vault of the stack itself', () => {
  test.each<[string, Environment]>([
    ['known', ENV],
    ['unknown', {}],
  ])('is not said to be anywhere else, in a stack whose place is %s', (_, env) => {
    const stack = aStack(env);
    new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
    expect(placeIn(stack, LOCK)).toEqual({ VaultName: 'prod' });
  });

  test('may be named by pseudo parameters', () => {
    const stack = using(`arn:aws:backup:${Aws.REGION}:${Aws.ACCOUNT_ID}:backup-vault:prod`);
    expect(placeIn(stack, LOCK)).toEqual({ VaultName: 'prod' });
  });

  test('may be reached through a role', () => {
    const stack = using(vaultArn(ENV.account, ENV.region), { roleArn: 'arn:aws:iam::111111111111:role/locker' });
    expect(placeIn(stack, LOCK)).toEqual({ VaultName: 'prod', RoleArn: 'arn:aws:iam::111111111111:role/locker' });
  });
});

describe('a vault of another account', () => {
  const stack = using(FOREIGN, { roleArn: ROLE });

  test('is reached through a role of that account', () => {
    const place = { VaultName: 'prod', VaultRegion: undefined, VaultAccount: OTHER_ACCOUNT, RoleArn: ROLE };
    expect(placeIn(stack, LOCK)).toEqual(place);
    expect(placeIn(stack, ACCESS)).toEqual(place);
  });

  test('waits for the permission to assume that role and no other', () => {
    expect(dependenciesOf(stack, LOCK)).toEqual(['CdkVaultLockBackupAssumePermission79910b1b9d25', 'CdkVaultLockBackupDelivery']);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE }] },
      Roles: [{ Ref: 'CdkVaultLockBackupRole' }],
    });
  });

  test('gives the function no right of its own to make a lock permanent', () => {
    const text = JSON.stringify(
      Template.fromStack(using(FOREIGN, { roleArn: ROLE, mode: compliance(Duration.days(7), printed(FOREIGN)) })),
    );
    expect(text).not.toContain('NumericGreaterThanEquals');
  });

  test('is refused without a role', () => {
    expect(() => using(FOREIGN)).toThrow(
      `\`role\` must be given for a vault of another account than the stack's, '111111111111', got a vault of: '222222222222'. ` +
        'Give a role of that account that the function of this stack may assume, or define this construct in a stack of that account.',
    );
  });

  test('is refused with a role of a third account', () => {
    expect(() => using(FOREIGN, { roleArn: 'arn:aws:iam::333333333333:role/locker' })).toThrow(
      "`role` must be of the vault's account, '222222222222', got a role of: '333333333333'. Give a role of that account.",
    );
  });

  test('is left to the handler where the account of the stack is not known', () => {
    expect(placeIn(using(FOREIGN, { env: {} }), LOCK)).toMatchObject({ VaultAccount: OTHER_ACCOUNT, VaultRegion: 'eu-west-1' });
  });
});

describe('what the role in the other account needs', () => {
  const vault = backup.BackupVault.fromBackupVaultArn(aStack(), 'Vault', FOREIGN);
  const allowed = (statements: iam.PolicyStatement[], action: string, context: Record<string, string> = {}, resource = FOREIGN) => {
    const policy = parsePolicy(JSON.stringify(new iam.PolicyDocument({ statements }).toJSON()));
    const principal = { kind: 'aws', arn: ROLE, accountId: OTHER_ACCOUNT } as const;
    const request = { action: `backup:${action}`, resource, principal, resourceAccount: OTHER_ACCOUNT, context };
    return evaluate(request, { identity: [policy], resource: [] }).decision === 'allow';
  };
  const PUT_LOCK = 'PutBackupVaultLockConfiguration';

  test('is said for a lock in governance mode, which may have to give a lock date up', () => {
    const statements = BackupVaultLock.permissionsOfRole(vault);

    expect(allowed(statements, PUT_LOCK)).toBe(true);
    expect(allowed(statements, PUT_LOCK, { 'backup:ChangeableForDays': '36500' })).toBe(true);
    expect(allowed(statements, PUT_LOCK, { 'backup:ChangeableForDays': '36499' })).toBe(false);
    expect(allowed(statements, PUT_LOCK, { 'backup:ChangeableForDays': '36500' }, FOREIGN.replace('prod', 'other'))).toBe(false);
    expect(allowed(statements, 'ListRecoveryPointsByBackupVault')).toBe(true);
    expect(allowed(statements, 'DeleteRecoveryPoint')).toBe(false);
  });

  test('is said for a lock in compliance mode', () => {
    const statements = BackupVaultLock.permissionsOfRole(vault, compliance(Duration.days(7)));

    expect(allowed(statements, PUT_LOCK)).toBe(true);
    expect(allowed(statements, PUT_LOCK, { 'backup:ChangeableForDays': '7' })).toBe(true);
    expect(allowed(statements, PUT_LOCK, { 'backup:ChangeableForDays': '6' })).toBe(false);
  });

  test('is said for an access policy', () => {
    const statements = BackupVaultAccess.permissionsOfRole(vault);

    expect(allowed(statements, 'PutBackupVaultAccessPolicy')).toBe(true);
    expect(allowed(statements, PUT_LOCK)).toBe(false);
  });
});

test('a role that the app defines is there, with its policies, before it is assumed', () => {
  const stack = aStack();
  const role = new iam.Role(stack, 'Locker', { assumedBy: new iam.AccountRootPrincipal() });
  const vault = existingVault(stack);
  BackupVaultLock.permissionsOfRole(vault).forEach((statement) => role.addToPolicy(statement));
  new BackupVaultLock(stack, 'Lock', { vault, role, minRetention: Duration.days(7) });

  expect(dependenciesOf(stack, LOCK)).toEqual(expect.arrayContaining([expect.stringMatching(/^LockerDefaultPolicy/)]));
});
