/** What JavaScript lets through. */
import { Duration } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { BackupLockMode, BackupVaultAccess, BackupVaultLock, type BackupLockCompliance } from '../../src';
import { existingVault, locked, someAcknowledgement } from '../construct-fixtures/backup';
import { aStack } from '../construct-fixtures/stacks';

/** For want of types. */
const given = <T>(value: unknown) => value as T;

const VAULT_WAY_OUT = 'Refer to an existing vault with `BackupVault.fromBackupVaultName()` or `BackupVault.fromBackupVaultArn()`.';

test.each<[string, (vault: backup.IBackupVault) => unknown]>([
  ['a lock', (vault) => new BackupVaultLock(aStack(), 'Lock', { vault })],
  ['an access policy', (vault) => new BackupVaultAccess(aStack(), 'Access', { vault })],
  ['the permissions for a lock', (vault) => BackupVaultLock.permissionsOfRole(vault)],
  ['the permissions for an access policy', (vault) => BackupVaultAccess.permissionsOfRole(vault)],
])('`vault` of %s must be a vault', (_, use) => {
  expect(() => use(given('prod'))).toThrow(`\`vault\` must be an IBackupVault, got: 'prod'. ${VAULT_WAY_OUT}`);
  expect(() => use(given(undefined))).toThrow(`\`vault\` must be an IBackupVault, got: undefined. ${VAULT_WAY_OUT}`);
  const resource = new backup.CfnBackupVault(aStack(), 'Vault', { backupVaultName: 'prod' });
  expect(() => use(given(resource))).toThrow(`\`vault\` must be an IBackupVault, got: an object of CfnBackupVault. ${VAULT_WAY_OUT}`);
});

test('`role` and `exempt` must be roles', () => {
  const arn = 'arn:aws:iam::111111111111:role/locker';
  const wayOut = 'Refer to an existing role with `Role.fromRoleArn()`.';
  expect(() => locked({ role: given<iam.IRole>(arn) })).toThrow(`\`role\` must be an IRole, got: '${arn}'. ${wayOut}`);

  const stack = aStack();
  const access = new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack) });
  expect(() => access.blockRecoveryPointDeletion({ exempt: [given<iam.IRole>(arn)] })).toThrow(
    `\`exempt\` must be an IRole, got: '${arn}'. ${wayOut}`,
  );
});

test.each([
  [7, '7'],
  [0, '0'],
  [null, 'null'],
  ['7 days', "'7 days'"],
])('retentions must be durations, and %j is none', (value, text) => {
  for (const name of ['minRetention', 'maxRetention'] as const) {
    expect(() => locked({ [name]: given<Duration>(value) })).toThrow(
      `\`${name}\` must be a Duration, got: ${text}. Give one, e.g. with \`Duration.days()\`.`,
    );
  }
});

test('compliance takes a cooling-off period and an acknowledgement', () => {
  const compliance = (value: unknown) => () => BackupLockMode.compliance(given<BackupLockCompliance>(value));

  expect(compliance(undefined)).toThrow('`compliance` must be given, with `coolingOff` and `acknowledge`, got: undefined.');
  expect(compliance({ acknowledge: someAcknowledgement() })).toThrow('`coolingOff` must be a Duration, got: undefined.');
  expect(compliance({ coolingOff: Duration.days(7) })).toThrow(
    "`acknowledge` must be '<vault name> sha256:<64 hex digits>', got: 'undefined'.",
  );
});

test('`mode` must be a mode, not its name', () => {
  expect(() => locked({ mode: given<BackupLockMode>('compliance') })).toThrow(
    "`mode` must be a BackupLockMode, got: 'compliance'. Give `BackupLockMode.governance()` or `BackupLockMode.compliance()`.",
  );
});
