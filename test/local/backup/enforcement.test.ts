import {
  CreateBackupVaultCommand,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupVaultCommand,
  ListBackupVaultsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient } from '@aws-sdk/client-backup';
import { ACCOUNT, CALLERS, DAY_MS, fileSystem, OTHER_ACCOUNT, refusal, ROLE, startBackup, vaultArn } from './backup-server';
import type { BackupServer } from './backup-server';
import { createIam } from '../../../local/iam';
import type { Iam } from '../../../local/iam';
import type { AccessRequest } from '../../../local/server/world';

const vault = { BackupVaultName: 'ledger' };
const denied = { name: 'AccessDeniedException', status: 403 };
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const TRUST = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

let backup: BackupServer;
let alice: BackupClient;
let iam: Iam;

async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches });
  const { accountId, state, clock } = backup.world;
  iam = createIam({ accountId, state, clock, delay: () => 0 });
  backup.world.iam = iam.authoriser;
  alice = backup.client();
  await alice.send(new CreateBackupVaultCommand(vault));
}
afterEach(() => backup.close());

/** A client that acts as a new role with just these rights. */
function as(role: string, ...statements: object[]): BackupClient {
  iam.store.entities.createRole({ name: role, path: '/', trustPolicy: TRUST });
  iam.store.entities.putPolicy('role', role, 'rights', document(...statements));
  return backup.client(role);
}
const allow = (Action: string | string[], more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const setPolicy = (...statements: object[]) =>
  alice.send(
    new PutBackupVaultAccessPolicyCommand({
      ...vault,
      Policy: document(...statements.map((statement) => ({ Principal: '*', Resource: '*', ...statement }))),
    }),
  );
const makePoint = async () => {
  const job = new StartBackupJobCommand({ ...vault, ResourceArn: fileSystem('fs-1'), IamRoleArn: ROLE });
  return (await alice.send(job)).RecoveryPointArn!;
};

describe('a right that is bound to what a lock asks for', () => {
  const put = (client: BackupClient, days: object) => client.send(new PutBackupVaultLockConfigurationCommand({ ...vault, ...days }));
  const action = 'backup:PutBackupVaultLockConfiguration';

  test('governance only: ChangeableForDays must not be in the request', async () => {
    await given();
    const governor = as('governor', allow(action, { Condition: { Null: { 'backup:ChangeableForDays': 'true' } } }));

    expect((await put(governor, { MinRetentionDays: 7 })).$metadata.httpStatusCode).toBe(200);
    expect(await refusal(put(governor, { MinRetentionDays: 7, ChangeableForDays: 30 }))).toMatchObject(denied);
    expect((await alice.send(new DescribeBackupVaultCommand(vault))).LockDate).toBeUndefined();
  });

  test.each([
    ['backup:ChangeableForDays', { ChangeableForDays: 29 }, { ChangeableForDays: 30 }],
    ['backup:MinRetentionDays', { MinRetentionDays: 29 }, { MinRetentionDays: 30 }],
    ['backup:MaxRetentionDays', { MaxRetentionDays: 29 }, { MaxRetentionDays: 30 }],
  ])('at least 30 of %s', async (key, less, enough) => {
    await given();
    const careful = as('careful', allow(action, { Condition: { NumericGreaterThanEquals: { [key]: '30' } } }));

    expect(await refusal(put(careful, less))).toMatchObject(denied);
    expect(await refusal(put(careful, {}))).toMatchObject(denied);
    expect((await put(careful, enough)).$metadata.httpStatusCode).toBe(200);
  });
});

describe('the access policy', () => {
  test('denies everybody what it denies, and no longer once it is deleted', async () => {
    await given();
    const RecoveryPointArn = await makePoint();
    await setPolicy({ Effect: 'Deny', Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'] });
    const remove = () => alice.send(new DeleteRecoveryPointCommand({ ...vault, RecoveryPointArn }));

    expect(await refusal(remove())).toMatchObject(denied);
    await alice.send(new DeleteBackupVaultAccessPolicyCommand(vault));

    expect((await remove()).$metadata.httpStatusCode).toBe(200);
  });

  test('about the vault by ARN misses what is about its recovery points', async () => {
    await given();
    const RecoveryPointArn = await makePoint();
    await setPolicy({ Effect: 'Deny', Resource: vaultArn('ledger'), Action: ['backup:UpdateRecoveryPointLifecycle'] });
    const update = new UpdateRecoveryPointLifecycleCommand({ ...vault, RecoveryPointArn, Lifecycle: { DeleteAfterDays: 1 } });

    expect((await alice.send(update)).$metadata.httpStatusCode).toBe(200);
  });

  test('can shut its own author out, and spares whom it names', async () => {
    await given();
    const keeper = as('keeper', allow('backup:*'));
    await setPolicy({
      Effect: 'Deny',
      Action: ['backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy'],
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/keeper` } },
    });

    expect(await refusal(alice.send(new DeleteBackupVaultAccessPolicyCommand(vault)))).toMatchObject(denied);
    expect((await keeper.send(new DeleteBackupVaultAccessPolicyCommand(vault))).$metadata.httpStatusCode).toBe(200);
  });

  test('never lets another account in', async () => {
    await given();
    await setPolicy({ Effect: 'Allow', Principal: { AWS: OTHER_ACCOUNT }, Action: 'backup:ListRecoveryPointsByBackupVault' });
    const list = new ListRecoveryPointsByBackupVaultCommand({ ...vault, BackupVaultAccountId: ACCOUNT });

    expect(await refusal(backup.client('STRANGER').send(list))).toMatchObject({
      ...denied,
      message: 'Insufficient privileges to perform this action.',
    });
    expect((await alice.send(list)).RecoveryPoints).toEqual([]);
  });
});

describe('a role without rights', () => {
  test('is told what it lacks, whether or not the vault exists', async () => {
    await given();
    const nobody = as('nobody', allow('s3:GetObject'));

    for (const BackupVaultName of ['ledger', 'missing']) {
      expect(await refusal(nobody.send(new DescribeBackupVaultCommand({ BackupVaultName })))).toMatchObject({
        ...denied,
        message: expect.stringContaining(
          `is not authorized to perform: backup:DescribeBackupVault on resource: ${vaultArn(BackupVaultName)}`,
        ),
      });
    }
  });

  test('backup.denialMessage=insufficient: cannot tell by the text either', async () => {
    await given({ 'backup.denialMessage': 'insufficient' });
    const nobody = as('nobody', allow('s3:GetObject'));

    for (const BackupVaultName of ['ledger', 'missing']) {
      expect(await refusal(nobody.send(new DescribeBackupVaultCommand({ BackupVaultName })))).toEqual({
        ...denied,
        message: 'Insufficient privileges to perform this action.',
      });
    }
  });

  test('is bound to the tags that it may give and take', async () => {
    await given();
    const only = { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } } };
    const tagger = as('tagger', allow(['backup:TagResource', 'backup:UntagResource'], only));
    const tag = (key: string) => tagger.send(new TagResourceCommand({ ResourceArn: vaultArn('ledger'), Tags: { [key]: 'books' } }));
    const untag = (key: string) => tagger.send(new UntagResourceCommand({ ResourceArn: vaultArn('ledger'), TagKeyList: [key] }));

    expect((await tag('team')).$metadata.httpStatusCode).toBe(200);
    expect((await untag('team')).$metadata.httpStatusCode).toBe(200);
    expect(await refusal(tag('cost'))).toMatchObject(denied);
    expect(await refusal(untag('cost'))).toMatchObject(denied);
  });

  test('needs a statement about every resource to list the vaults', async () => {
    await given();
    const narrow = as('narrow', { Effect: 'Allow', Action: 'backup:ListBackupVaults', Resource: vaultArn('ledger') });
    const wide = as('wide', allow('backup:ListBackupVaults'));

    expect(await refusal(narrow.send(new ListBackupVaultsCommand({})))).toMatchObject(denied);
    expect((await wide.send(new ListBackupVaultsCommand({}))).BackupVaultList).toHaveLength(1);
  });

  test('is let in by a tag of the vault', async () => {
    await given();
    const condition = { Condition: { StringEquals: { 'aws:ResourceTag/team': 'books' } } };
    const books = as('books', allow('backup:DescribeBackupVault', condition));
    const describeVault = () => books.send(new DescribeBackupVaultCommand(vault));

    expect(await refusal(describeVault())).toMatchObject(denied);
    await alice.send(new TagResourceCommand({ ResourceArn: vaultArn('ledger'), Tags: { team: 'books' } }));

    expect((await describeVault()).BackupVaultName).toBe('ledger');
  });

  test('makes no vault without backup-storage:MountCapsule: a 403 with nothing in it', async () => {
    await given();
    const maker = as('maker', allow('backup:CreateBackupVault'));

    expect(await refusal(maker.send(new CreateBackupVaultCommand({ BackupVaultName: 'other' })))).toMatchObject(denied);
    const raw = await backup.raw('PUT', '/backup-vaults/other', { body: '{}', accessKey: 'maker' });
    expect(raw.body).toBe('{"Message":""}');
  });

  test('backup.mountCapsule=ignored: it does', async () => {
    await given({ 'backup.mountCapsule': 'ignored' });
    const maker = as('maker', allow('backup:CreateBackupVault'));

    expect((await maker.send(new CreateBackupVaultCommand({ BackupVaultName: 'other' }))).BackupVaultArn).toBe(vaultArn('other'));
  });
});

test('what the authoriser is asked', async () => {
  await given();
  const RecoveryPointArn = await makePoint();
  await setPolicy({ Effect: 'Allow', Action: 'backup:DescribeBackupVault' });
  await alice.send(new TagResourceCommand({ ResourceArn: vaultArn('ledger'), Tags: { team: 'books' } }));
  const asked: AccessRequest[] = [];
  backup.world.iam = { authorise: (request) => void asked.push(request) };
  const common = { caller: CALLERS.ALICE, resourceAccount: ACCOUNT };
  const context = { 'aws:RequestedRegion': 'us-east-1' };
  const resourcePolicies = [expect.stringContaining('DescribeBackupVault') as string];

  await backup.world.clock.advance(DAY_MS);
  await alice.send(new PutBackupVaultLockConfigurationCommand({ ...vault, MinRetentionDays: 7, ChangeableForDays: 3 }));
  await refusal(alice.send(new DeleteRecoveryPointCommand({ ...vault, RecoveryPointArn })));
  await alice.send(new ListBackupVaultsCommand({}));

  expect(asked).toEqual([
    {
      ...common,
      action: 'backup:PutBackupVaultLockConfiguration',
      resource: vaultArn('ledger'),
      resourcePolicies,
      context: { ...context, 'aws:ResourceTag/team': 'books', 'backup:MinRetentionDays': '7', 'backup:ChangeableForDays': '3' },
    },
    {
      ...common,
      action: 'backup:DeleteRecoveryPoint',
      resource: RecoveryPointArn,
      resourcePolicies,
      context: { ...context, 'aws:ResourceTag/team': 'books' },
    },
    { ...common, action: 'backup:ListBackupVaults', resource: '*', resourcePolicies: [], context },
  ]);
});
