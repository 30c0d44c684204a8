import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GOOD_ACCESS, GOOD_BACKUP, GOOD_LOCKS } from './good-policies';
import { BACKUP_VAULT, findings, lock } from './written';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../../src';
import { aStack, deployedPolicy, propertiesOf } from '../../construct-fixtures/stacks';
import { VAULT } from '../published-policies';

describe('nothing is found in a lock policy that is right', () => {
  test.each(GOOD_LOCKS)('%s', (_what, text) => {
    expect(findings(text)).toEqual([]);
  });
});

describe('nothing is found in an access policy that is right', () => {
  test.each(GOOD_ACCESS)('%s', (_what, text) => {
    expect(findings(text, 'access')).toEqual([]);
  });
});

describe('nothing is found in an access policy of AWS Backup that is right', () => {
  test.each(GOOD_BACKUP)('%s', (_what, text) => {
    expect(findings(text, 'access', BACKUP_VAULT)).toEqual([]);
  });
});

describe('nothing is found in what the builder makes', () => {
  const legal = new iam.ArnPrincipal('arn:aws:iam::111111111111:role/legal');
  const year = VaultLockPolicy.retain(Duration.days(365));

  test.each([
    ['retention of a year', year],
    ['retention of seven years', VaultLockPolicy.retain(Duration.days(7 * 365))],
    ['a hold by the tag', year.withLegalHold({ tagKey: 'LegalHold', administrators: [legal] })],
    ['a hold by a value', year.withLegalHold({ tagKey: 'LegalHold', tagValue: 'true', administrators: [legal] })],
    [
      'a hold of two administrators',
      year.withLegalHold({ tagKey: 'Hold', administrators: [legal, new iam.ArnPrincipal('arn:aws:iam::222222222222:user/counsel')] }),
    ],
  ])('%s', (_what, policy) => {
    const stack = aStack();
    new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }), policy });
    const deployed = deployedPolicy(propertiesOf(stack, 'Custom::GlacierVaultLock').Policy);
    const vaultArn = 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger';

    expect(findings(JSON.stringify(deployed), 'lock', vaultArn)).toEqual([]);
  });
});

test.each([
  ['${Token[AWS.Region.4]}', '${Token[AWS.AccountId.7]}'],
  ['\uE0000\uE001', '\uE0001\uE001'],
])('nothing is found where a deployment fills in region and account (%s)', (region, account) => {
  const vaultArn = VAULT.replace('us-west-2', region).replace('123456789012', account);

  expect(findings(lock({ Resource: vaultArn }), 'lock', vaultArn)).toEqual([]);
});

describe('where only the deployment knows the vault’s account, it may be any that the policy names', () => {
  const vaultArn = VAULT.replace('123456789012', '\uE000AWS_AccountId\uE001');
  const all = { Resource: vaultArn, Action: 'glacier:*' };
  const but = (condition: object) => lock({ Resource: vaultArn }, { ...all, Condition: condition });

  test.each([
    ['role', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/Admin' } }],
    ['pattern', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/cdk-*' } }],
    ['account', { StringNotEquals: { 'aws:PrincipalAccount': '111111111111' } }],
    ['role of the vault’s account', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::\uE000AWS_AccountId\uE001:role/Admin' } }],
  ])('a Deny of everything that spares a %s shuts nobody out for certain', (_what, condition) => {
    expect(findings(but(condition), 'lock', vaultArn)).toEqual([]);
  });

  test('a Deny of everything shuts out everybody', () => {
    const found = findings(lock({ ...all, Condition: undefined }), 'lock', vaultArn);

    expect(found.map(({ id }) => id)).toEqual(['deny-too-broad']);
  });
});

test('nothing is found in a number of days that a deployment fills in', () => {
  const days = lock({ Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '${Token[Days.12]}' } } });

  expect(findings(days)).toEqual([]);
});
