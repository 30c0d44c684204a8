import {
  CreateBackupVaultCommand,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteBackupVaultNotificationsCommand,
  GetBackupVaultAccessPolicyCommand,
  GetBackupVaultNotificationsCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultNotificationsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-backup';
import type { BackupClient, BackupVaultEvent } from '@aws-sdk/client-backup';
import { ACCOUNT, OTHER_ACCOUNT, refusal, startBackup, vaultArn } from './backup-server';
import type { BackupServer } from './backup-server';
import { createIam } from '../../../local/iam';

const vault = { BackupVaultName: 'ledger' };
let backup: BackupServer;
let client: BackupClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  backup = await startBackup({ switches });
  client = backup.client();
  await client.send(new CreateBackupVaultCommand(vault));
}
afterEach(() => backup.close());

const invalid = { name: 'InvalidParameterValueException', status: 400 };
const missing = { name: 'ResourceNotFoundException', status: 400 };

describe('the access policy', () => {
  const statement = { Effect: 'Deny', Principal: '*', Action: ['backup:DeleteRecoveryPoint'], Resource: ['*'] };
  const document = (more: object = {}) => JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...more }] });
  const put = (Policy: string | undefined) => client.send(new PutBackupVaultAccessPolicyCommand({ ...vault, Policy }));
  const get = () => client.send(new GetBackupVaultAccessPolicyCommand(vault));

  test('is read back as it was sent', async () => {
    await given();
    const text = JSON.stringify(JSON.parse(document()), null, 2);
    await put(text);

    expect(await get()).toMatchObject({ BackupVaultName: 'ledger', BackupVaultArn: vaultArn('ledger'), Policy: text });
  });

  test('backup.policyReadBack=minified: without white space, and entries out of their arrays', async () => {
    await given({ 'backup.policyReadBack': 'minified' });
    await put(JSON.stringify(JSON.parse(document()), null, 2));

    expect((await get()).Policy).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"backup:DeleteRecoveryPoint","Resource":"*"}]}',
    );
  });

  test('replaces the one before, as a whole', async () => {
    await given();
    await put(document({ Sid: 'First' }));
    await put(document({ Sid: 'Second' }));

    expect((await get()).Policy).not.toContain('First');
  });

  test('is not found before it is put and after it is deleted, which may be done twice', async () => {
    await given();
    expect(await refusal(get())).toMatchObject(missing);
    await put(document());
    for (const _time of [1, 2]) await client.send(new DeleteBackupVaultAccessPolicyCommand(vault));
    expect(await refusal(get())).toMatchObject(missing);
  });

  test.each([
    ['no JSON', '{'],
    ['no policy', '{"a":1}'],
    ['without Principal', document({ Principal: undefined })],
    ['without Resource', document({ Resource: undefined })],
    ["another service's action", document({ Action: 's3:GetObject' })],
    ['a misspelt action', document({ Action: 'backup:DeleteRecoveryPoints' })],
    ['a wildcard in Action', document({ Action: 'backup:Delete*' })],
  ])('is refused when it is %s', async (_what, text) => {
    await given();
    expect(await refusal(put(text))).toMatchObject(invalid);
    expect(await refusal(get())).toMatchObject(missing);
  });

  test('has to be there', async () => {
    await given();
    expect(await refusal(put(undefined))).toMatchObject({ name: 'MissingParameterValueException', status: 400 });
  });

  test('may name the rights that no operation has: copies into and from the vault', async () => {
    await given();
    await put(document({ Action: ['backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault'] }));
    expect((await get()).Policy).toContain('CopyIntoBackupVault');
  });

  test('backup.wildcardAction=accepted', async () => {
    await given({ 'backup.wildcardAction': 'accepted' });
    await put(document({ Effect: 'Allow', Action: 'backup:Describe*' }));
    expect((await get()).Policy).toContain('backup:Describe*');
  });

  test('backup.policySizeLimit: any size at first, else so many bytes', async () => {
    const long = document({ Sid: 'x'.repeat(30_000) });
    await given();
    await put(long);
    await backup.close();
    await given({ 'backup.policySizeLimit': '20480' });
    expect(await refusal(put(long))).toMatchObject(invalid);
  });

  describe('with a principal', () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/service/auditor`;
    const named = (AWS: string) => document({ Principal: { AWS } });

    const createRole = () => {
      const { accountId, state, clock } = backup.world;
      const { entities } = createIam({ accountId, state, clock, delay: () => 0 }).store;
      const trustPolicy = '{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}';
      entities.createRole({ name: 'auditor', path: '/service/', trustPolicy });
    };

    test('takes a role of the account only once IAM knows it', async () => {
      await given();
      expect(await refusal(put(named(role)))).toEqual({ ...invalid, message: 'Provided principal is not valid' });

      createRole();

      expect((await put(named(role))).$metadata.httpStatusCode).toBe(200);
    });

    test('backup.principalSeconds: takes a new role only after a while', async () => {
      await given({ 'backup.principalSeconds': '10' });
      createRole();
      expect(await refusal(put(named(role)))).toEqual({ ...invalid, message: 'Provided principal is not valid' });

      await backup.world.clock.advance(10_000);

      expect((await put(named(role))).$metadata.httpStatusCode).toBe(200);
    });

    test.each([`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, '*', `arn:aws:iam::${OTHER_ACCOUNT}:role/unknown`])(
      'takes %s',
      async (principal) => {
        await given();
        expect((await put(named(principal))).$metadata.httpStatusCode).toBe(200);
      },
    );

    test('backup.unknownPrincipal=accepted: takes any role', async () => {
      await given({ 'backup.unknownPrincipal': 'accepted' });
      expect((await put(named(role))).$metadata.httpStatusCode).toBe(200);
    });
  });
});

describe('notifications', () => {
  const SNSTopicArn = `arn:aws:sns:us-east-1:${ACCOUNT}:backups`;
  const put = (events: string[], topic: string | undefined = SNSTopicArn) =>
    client.send(new PutBackupVaultNotificationsCommand({ ...vault, SNSTopicArn: topic, BackupVaultEvents: events as BackupVaultEvent[] }));
  const get = () => client.send(new GetBackupVaultNotificationsCommand(vault));
  beforeEach(() => given());

  test('are put, read and deleted', async () => {
    expect(await refusal(get())).toMatchObject(missing);
    await put(['BACKUP_JOB_FAILED', 'RECOVERY_POINT_MODIFIED']);
    expect(await get()).toMatchObject({
      BackupVaultName: 'ledger',
      BackupVaultArn: vaultArn('ledger'),
      SNSTopicArn,
      BackupVaultEvents: ['BACKUP_JOB_FAILED', 'RECOVERY_POINT_MODIFIED'],
    });
    await client.send(new DeleteBackupVaultNotificationsCommand(vault));
    expect(await refusal(get())).toMatchObject(missing);
  });

  test('take a topic and known events', async () => {
    expect(await refusal(put(['BACKUP_JOB_LATE']))).toMatchObject(invalid);
    expect(await refusal(put(['BACKUP_JOB_FAILED'], 'backups'))).toMatchObject(invalid);
    expect(await refusal(put([]))).toMatchObject({ name: 'MissingParameterValueException' });
    expect(await refusal(put(['BACKUP_JOB_FAILED'], ''))).toMatchObject({ name: 'MissingParameterValueException' });
  });
});

describe('tags', () => {
  const ResourceArn = vaultArn('ledger');
  const tag = (Tags: Record<string, string>, arn = ResourceArn) => client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
  const tags = async () => (await client.send(new ListTagsCommand({ ResourceArn }))).Tags;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, '']));
  beforeEach(() => given());

  test('are added, changed and removed', async () => {
    await tag({ team: 'books', stage: 'test' });
    await tag({ stage: 'live', 'légal hold': 'ja/nein' });
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeyList: ['team', 'unknown'] }));

    expect(await tags()).toEqual({ stage: 'live', 'légal hold': 'ja/nein' });
    expect(backup.report()).toMatchObject([{ tags: { stage: 'live' } }]);
  });

  test('come with a vault from the start', async () => {
    await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'other', BackupVaultTags: { team: 'books' } }));
    expect((await client.send(new ListTagsCommand({ ResourceArn: vaultArn('other') }))).Tags).toEqual({ team: 'books' });
  });

  test('are 50 at most', async () => {
    await tag(many(50));
    expect(await refusal(tag({ another: '' }))).toMatchObject({ name: 'LimitExceededException', status: 400 });
  });

  test.each([{ 'aws:team': 'x' }, { '': 'x' }, { ['k'.repeat(129)]: 'x' }, { team: 'v'.repeat(257) }])('are refused: %j', async (odd) => {
    expect(await refusal(tag(odd as Record<string, string>))).toMatchObject(invalid);
  });

  test('come in pages', async () => {
    await tag({ a: '1', b: '2' });
    const first = await client.send(new ListTagsCommand({ ResourceArn, MaxResults: 1 }));
    const second = await client.send(new ListTagsCommand({ ResourceArn, MaxResults: 1, NextToken: first.NextToken }));
    expect([first.Tags, second.Tags, second.NextToken]).toEqual([{ a: '1' }, { b: '2' }, undefined]);
  });

  test('belong to something that is there, and to Backup', async () => {
    expect(await refusal(tag({}, vaultArn('missing')))).toMatchObject(missing);
    expect(await refusal(tag({}, vaultArn('ledger', OTHER_ACCOUNT)))).toMatchObject(missing);
    expect(await refusal(tag({}, 'arn:aws:ec2:us-east-1::snapshot/snap-1'))).toMatchObject(invalid);
  });
});
