import { BackupClient, DeleteRecoveryPointCommand, PutBackupVaultLockConfigurationCommand } from '@aws-sdk/client-backup';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { compliance, existingVault, inWords, lockOn } from './backup-lock-stack';
import { ACCOUNT, Deployment, REGION } from './deployment';
import { assumedRole } from './sessions';
import { BackupLockMode, BackupLockRemoval, BackupVaultLock } from '../../src';

jest.setTimeout(120_000);

const OTHER_ACCOUNT = '999999999999';
const BOUNDS = { minRetention: Duration.days(7), maxRetention: Duration.days(35) };

describe('who may do what to a locked backup vault, deployed by the real CDK CLI', () => {
  let deployment: Deployment;
  const clients: BackupClient[] = [];
  beforeEach(async () => (deployment = await Deployment.start('Backups')));
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await deployment.stop();
  });

  const clientOf = (options: { readonly region?: string; readonly credentials: object }) => {
    const client = new BackupClient({ endpoint: deployment.rehearsal.url, region: REGION, ...options } as object);
    clients.push(client);
    return client;
  };
  const vaultIn = async (region: string, account = ACCOUNT) =>
    (await deployment.rehearsal.state()).backupVaults.find(
      (vault) => vault.region === region && 'account' in vault && vault.account === account,
    );

  /** The function's role, as the library makes it; only its trust is widened, so that the test can act under its permissions. */
  const openRole = (stack: Stack) => {
    const role = stack.node.findAll().find((construct) => construct instanceof iam.Role) as iam.Role;
    role.assumeRolePolicy!.addStatements(
      new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new iam.AccountRootPrincipal()] }),
    );
    new CfnOutput(stack, 'RoleOfFunction', { value: role.roleArn });
  };
  const asFunction = async (output: string) => {
    const roleArn = /RoleOfFunction = (\S+)/.exec(output)![1]!;
    return clientOf({ credentials: await assumedRole(deployment.rehearsal.url, roleArn) });
  };
  /** `ok`, or the name of the error. */
  const put = async (client: BackupClient, BackupVaultName: string, ChangeableForDays?: number) =>
    client
      .send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName, MinRetentionDays: 7, MaxRetentionDays: 35, ChangeableForDays }))
      .then(
        () => 'ok',
        (error: Error) => error.name,
      );

  test('with locks in governance mode only, the function’s role cannot set a lock date on any vault', async () => {
    for (const name of ['locked', 'unlocked']) await existingVault(deployment.rehearsal.backup, name, { DeleteAfterDays: 35 });
    const output = await deployment.succeeds((stack) => {
      lockOn(stack, 'locked', { mode: BackupLockMode.governance() });
      openRole(stack);
    });
    const role = await asFunction(output);

    for (const vault of ['locked', 'unlocked']) {
      for (const days of [3, 7, 36_500]) {
        expect([vault, days, await put(role, vault, days)]).toEqual([vault, days, 'AccessDeniedException']);
      }
      // Nothing but `ChangeableForDays` stands in the way.
      expect([vault, await put(role, vault)]).toEqual([vault, 'ok']);
      expect(inWords(await deployment.rehearsal.backupVault(vault))).toBe('GOVERNANCE 7..35');
    }
    const [denied] = (await deployment.calls()).filter(({ outcome }) => outcome === 'AccessDeniedException');
    expect(denied).toMatchObject({
      service: 'backup',
      operation: 'PutBackupVaultLockConfiguration',
      caller: expect.stringContaining('assumed-role'),
    });
  });

  test('a lock in compliance mode opens a lock date to that vault only, not sooner than its cooling-off, and the role deletes no backup', async () => {
    const point = await existingVault(deployment.rehearsal.backup, 'dated', { DeleteAfterDays: 35 });
    await existingVault(deployment.rehearsal.backup, 'reversible');
    const output = await deployment.succeeds((stack) => {
      lockOn(stack, 'dated', { mode: compliance(7, { vaultName: 'dated' }) });
      lockOn(stack, 'reversible');
      openRole(stack);
    });
    const role = await asFunction(output);
    expect(await put(role, 'dated', 3)).toBe('AccessDeniedException');
    expect(await put(role, 'reversible', 7)).toBe('AccessDeniedException');
    expect(await put(role, 'dated', 7)).toBe('ok');
    // A date that is to be given up may have to be moved out of the way, whichever vault it is on by then.
    expect(await put(role, 'reversible', 36_500)).toBe('ok');
    const deletion = role.send(new DeleteRecoveryPointCommand({ BackupVaultName: 'dated', RecoveryPointArn: point }));
    await expect(deletion).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a vault in another region of the account: locked, promoted and unlocked there, and not here', async () => {
    const there = clientOf({ region: 'eu-west-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' } });
    await existingVault(there);
    await existingVault(deployment.rehearsal.backup);
    const abroad = (mode?: BackupLockMode) => (stack: Stack) => {
      const vault = backup.BackupVault.fromBackupVaultArn(stack, 'Abroad', `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:prod`);
      new BackupVaultLock(stack, 'Lock', { ...BOUNDS, vault, mode, onRemoval: BackupLockRemoval.REMOVE });
    };
    await deployment.succeeds(abroad());
    expect(inWords(await vaultIn('eu-west-1'))).toBe('GOVERNANCE 7..35');
    await deployment.succeeds(abroad(compliance(7, { region: 'eu-west-1' })));
    expect(inWords(await vaultIn('eu-west-1'))).toBe('GRACE 7..35');
    expect(await deployment.destroy(abroad())).toMatchObject({ exitCode: 0 });
    expect([inWords(await vaultIn('eu-west-1')), inWords(await vaultIn(REGION))]).toEqual(['none', 'none']);
    expect(await deployment.writes(0, 'backup')).toContain('DeleteBackupVaultLockConfiguration');
  });

  /** The function reaches the vault through a role of the account that trusts it and has what `permissionsOfRole()` says, and nothing else. */
  const throughRole = (mode?: BackupLockMode) => (stack: Stack) => {
    const vault = backup.BackupVault.fromBackupVaultName(stack, 'Existing', 'prod');
    const role = new iam.Role(stack, 'Reach', { roleName: 'reach', assumedBy: new iam.AccountRootPrincipal() });
    for (const statement of BackupVaultLock.permissionsOfRole(vault, mode)) role.addToPolicy(statement);
    new BackupVaultLock(stack, 'Lock', { ...BOUNDS, vault, mode, role, onRemoval: BackupLockRemoval.REMOVE });
  };

  test('through a role with the permissions of `permissionsOfRole()`: every call on the vault is made under it, from the first to the last', async () => {
    await existingVault(deployment.rehearsal.backup);
    const from = (await deployment.calls()).length;
    await deployment.succeeds(throughRole());
    const reach = clientOf({ credentials: await assumedRole(deployment.rehearsal.url, `arn:aws:iam::${ACCOUNT}:role/reach`) });
    expect(await put(reach, 'prod', 7)).toBe('AccessDeniedException');

    await deployment.succeeds(throughRole(compliance()));
    expect(inWords(await deployment.rehearsal.backupVault('prod'))).toBe('GRACE 7..35');
    expect(await deployment.destroy(throughRole(compliance()))).toMatchObject({ exitCode: 0 });
    expect(await deployment.rehearsal.backupVault('prod')).toMatchObject({ lock: null, tags: {} });
    const callers = (await deployment.calls())
      .slice(from)
      .filter(({ service }) => service === 'backup')
      .map(({ caller }) => caller);
    expect([...new Set(callers)].filter((caller) => !caller.includes(':assumed-role/reach/'))).toEqual([]);
  });

  test('through a role of another account, which the endpoint takes on trust: that account’s vault, not the one of this account', async () => {
    // The endpoint's IAM is that of one account, so it is not this test that says what the role of the other one needs.
    const roleArn = `arn:aws:iam::${OTHER_ACCOUNT}:role/reach`;
    const theirs = clientOf({ credentials: await assumedRole(deployment.rehearsal.url, roleArn) });
    await existingVault(theirs);
    await existingVault(deployment.rehearsal.backup);
    const other = (mode?: BackupLockMode) => (stack: Stack) => {
      const vault = backup.BackupVault.fromBackupVaultArn(stack, 'Theirs', `arn:aws:backup:${REGION}:${OTHER_ACCOUNT}:backup-vault:prod`);
      const role = iam.Role.fromRoleArn(stack, 'Reach', roleArn);
      new BackupVaultLock(stack, 'Lock', { ...BOUNDS, vault, mode, role, onRemoval: BackupLockRemoval.REMOVE });
    };
    await deployment.succeeds(other());
    expect(inWords(await vaultIn(REGION, OTHER_ACCOUNT))).toBe('GOVERNANCE 7..35');
    await deployment.succeeds(other(compliance(7, { account: OTHER_ACCOUNT })));
    expect(inWords(await vaultIn(REGION, OTHER_ACCOUNT))).toBe('GRACE 7..35');
    expect(inWords(await vaultIn(REGION))).toBe('none');
    expect(await deployment.destroy(other())).toMatchObject({ exitCode: 0 });
    expect(inWords(await vaultIn(REGION, OTHER_ACCOUNT))).toBe('none');
  });
});
