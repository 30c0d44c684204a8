import { CfnParameter, Duration, Lazy, type Environment, type Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupLockMode, BackupVaultLock, type BackupVaultLockProps } from '../../src';
import { existingVault, printed, someAcknowledgement } from '../construct-fixtures/backup';
import { aStack, ENV, OTHER_ACCOUNT, synthesis } from '../construct-fixtures/stacks';

const WAY_OUT = 'Deploy with `BackupLockMode.governance()`, and copy what that deployment prints.';

interface Lock extends Partial<BackupVaultLockProps> {
  readonly env?: Environment;
  readonly vaultIn?: (stack: Stack) => backup.IBackupVault;
}

function promoted(acknowledge: string, { env, vaultIn = existingVault, ...props }: Lock = {}): Stack {
  const stack = aStack(env);
  new BackupVaultLock(stack, 'Lock', {
    vault: vaultIn(stack),
    minRetention: Duration.days(7),
    maxRetention: Duration.days(365),
    mode: BackupLockMode.compliance({ coolingOff: Duration.days(7), acknowledge }),
    ...props,
  });
  return stack;
}

describe('BackupLockMode.compliance takes what the governance deployment printed', () => {
  test('for an existing vault', () => {
    expect(synthesis(promoted(printed()))).not.toThrow();
  });

  test('for a vault of the stack', () => {
    const vaultIn = (stack: Stack) => new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    expect(synthesis(promoted(printed(), { vaultIn }))).not.toThrow();
  });

  test('whatever the cooling-off period', () => {
    const mode = BackupLockMode.compliance({ coolingOff: Duration.days(90), acknowledge: printed() });
    expect(synthesis(promoted(printed(), { mode }))).not.toThrow();
  });

  test('for a vault of another region and account', () => {
    const arn = `arn:aws:backup:us-east-1:${OTHER_ACCOUNT}:backup-vault:prod`;
    const stackWith = (acknowledge: string) => {
      const stack = aStack();
      new BackupVaultLock(stack, 'Lock', {
        vault: backup.BackupVault.fromBackupVaultArn(stack, 'Vault', arn),
        role: iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OTHER_ACCOUNT}:role/locker`),
        minRetention: Duration.days(7),
        maxRetention: Duration.days(365),
        mode: BackupLockMode.compliance({ coolingOff: Duration.days(7), acknowledge }),
      });
      return stack;
    };
    expect(synthesis(stackWith(printed(arn)))).not.toThrow();
    expect(synthesis(stackWith(printed()))).toThrow(/`acknowledge` is for another retention, account or region/);
  });

  test('for a lock without bounds', () => {
    expect(synthesis(promoted(printed(undefined, {}), { minRetention: undefined, maxRetention: undefined }))).not.toThrow();
  });
});

test.each(['', 'yes', 'prod', `prod sha256:${'a'.repeat(63)}`, `prod sha256:${'A'.repeat(64)}`, `pr.od sha256:${'a'.repeat(64)}`])(
  '%j is refused at once',
  (acknowledge) => {
    expect(() => BackupLockMode.compliance({ coolingOff: Duration.days(7), acknowledge })).toThrow(
      `\`acknowledge\` must be '<vault name> sha256:<64 hex digits>', got: '${acknowledge}'. ${WAY_OUT}`,
    );
  },
);

test.each([' ', '\n', '\t \r\n'])('white space %j around it, as copying brings it, does not count', (space) => {
  expect(synthesis(promoted(`${space}${printed()}${space}`))).not.toThrow();
  expect(synthesis(promoted(`${space}${someAcknowledgement('test')}${space}`))).toThrow(/names the vault 'test'/);
});

test('the acknowledgement of another vault is refused, wherever the stack is deployed to', () => {
  const message = `\`acknowledge\` names the vault 'test', but this lock is for 'prod'. ${WAY_OUT}`;

  expect(synthesis(promoted(someAcknowledgement('test')))).toThrow(message);
  expect(synthesis(promoted(someAcknowledgement('test'), { env: {} }))).toThrow(message);
});

test.each<[string, Lock]>([
  ['minimum', { minRetention: Duration.days(8) }],
  ['maximum', { maxRetention: Duration.days(366) }],
  ['missing bound', { maxRetention: undefined }],
  ['account', { env: { ...ENV, account: OTHER_ACCOUNT } }],
  ['region', { env: { ...ENV, region: 'us-east-1' } }],
  ['partition', { env: { ...ENV, region: 'cn-north-1' } }],
])('the acknowledgement of another %s is refused, and the right one is not told', (_, lock) => {
  const synth = synthesis(promoted(printed(), lock));

  expect(synth).toThrow(
    `\`acknowledge\` is for another retention, account or region than what would become permanent here, got: '${printed()}'. ${WAY_OUT}`,
  );
  try {
    synth();
  } catch (error) {
    expect(String(error).match(/sha256:[0-9a-f]{64}/g)).toEqual([printed().split(' ')[1]]);
  }
});

test.each<[string, Lock]>([
  ['account and region', { env: {} }],
  ['account', { env: { region: ENV.region } }],
  ["vault's name", { vaultIn: (stack) => existingVault(stack, new CfnParameter(stack, 'Name').valueAsString) }],
  ["vault's ARN", { vaultIn: (stack) => backup.BackupVault.fromBackupVaultArn(stack, 'V', new CfnParameter(stack, 'Arn').valueAsString) }],
  ['minimum', { minRetention: Duration.days(Lazy.number({ produce: () => 8 })) }],
])('it is left to the handler when the %s is not known', (_, lock) => {
  expect(synthesis(promoted(someAcknowledgement(), lock))).not.toThrow();
});
