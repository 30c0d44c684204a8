import {
  AbortVaultLockCommand,
  AddTagsToVaultCommand,
  CompleteVaultLockCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  DescribeVaultCommand,
  GetDataRetrievalPolicyCommand,
  GetVaultLockCommand,
  InitiateJobCommand,
  InitiateVaultLockCommand,
  ListTagsForVaultCommand,
  RemoveTagsFromVaultCommand,
  SetVaultAccessPolicyCommand,
  UploadArchiveCommand,
} from '@aws-sdk/client-glacier';
import type { GlacierClient } from '@aws-sdk/client-glacier';
import { ACCOUNT, CALLERS, OTHER_ACCOUNT, refusal, retention, startGlacier, vaultArn } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import { createAuthoriser } from '../../../local/iam/authoriser';
import type { AccessRequest } from '../../../local/server/world';

const DAY_MS = 24 * 60 * 60 * 1000;
const vault = { accountId: '-', vaultName: 'ledger' };
const denied = { name: 'AccessDeniedException', status: 403 };

let glacier: GlacierServer;
let alice: GlacierClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  glacier = await startGlacier({ switches });
  const { accountId, state, clock } = glacier.world;
  glacier.world.iam = createAuthoriser({ accountId, state, clock, delay: () => 0 });
  alice = glacier.client();
  await alice.send(new CreateVaultCommand(vault));
}
afterEach(() => glacier.close());

const statement = (more: object) => ({ Principal: '*', Resource: vaultArn('ledger'), ...more });
const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const setAccessPolicy = (...statements: object[]) =>
  alice.send(new SetVaultAccessPolicyCommand({ ...vault, policy: { Policy: document(...statements) } }));
const initiate = async (Policy: string) => (await alice.send(new InitiateVaultLockCommand({ ...vault, policy: { Policy } }))).lockId!;
const upload = async () => (await alice.send(new UploadArchiveCommand({ ...vault, body: Buffer.from('four') }))).archiveId!;
const deleteArchive = (archiveId: string) => alice.send(new DeleteArchiveCommand({ ...vault, archiveId }));
const advance = (days: number) => glacier.world.clock.advance(days * DAY_MS);

describe('retention of 365 days', () => {
  test('a lock in progress protects already, and no longer once it is aborted', async () => {
    await given();
    await initiate(retention('ledger', 365));
    const archiveId = await upload();

    expect(await refusal(deleteArchive(archiveId))).toMatchObject(denied);
    await alice.send(new AbortVaultLockCommand(vault));

    expect((await deleteArchive(archiveId)).$metadata.httpStatusCode).toBe(204);
  });

  test('a lock in progress protects no longer once its 24 hours are over', async () => {
    await given();
    await initiate(retention('ledger', 365));
    const archiveId = await upload();

    await advance(1);

    expect((await deleteArchive(archiveId)).$metadata.httpStatusCode).toBe(204);
  });

  test('a completed lock holds each archive from its own upload until it is 365 days old', async () => {
    await given();
    const lockId = await initiate(retention('ledger', 365));
    await alice.send(new CompleteVaultLockCommand({ ...vault, lockId }));
    const first = await upload();
    await advance(100);
    const second = await upload();

    await advance(264.999);
    expect(await refusal(deleteArchive(first))).toMatchObject(denied);
    await advance(0.001);

    expect((await deleteArchive(first)).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(deleteArchive(second))).toMatchObject(denied);
  });

  test('an archive id that nobody knows has no age, so that nothing denies it', async () => {
    await given();
    await initiate(retention('ledger', 365));

    expect((await deleteArchive('x')).$metadata.httpStatusCode).toBe(204);
  });

  test.each([
    ['whole', false],
    ['fractional', true],
  ])('glacier.archiveAge=%s: after 10.6 days an archive that is held for 10.5 days may be deleted: %p', async (setting, allowed) => {
    await given({ 'glacier.archiveAge': setting });
    const archiveId = await upload();
    await advance(10.6);
    await initiate(retention('ledger', 10.5));

    const response = await glacier.raw('DELETE', `/-/vaults/ledger/archives/${archiveId}`);

    expect(response.status).toBe(allowed ? 204 : 403);
  });

  test('the age counts for retrievals, too', async () => {
    await given();
    const ArchiveId = await upload();
    const condition = { NumericGreaterThanEquals: { 'glacier:ArchiveAgeInDays': '30' } };
    await setAccessPolicy(statement({ Effect: 'Deny', Action: 'glacier:InitiateJob', Condition: condition }));
    const retrieve = () =>
      alice.send(new InitiateJobCommand({ ...vault, jobParameters: { Type: 'archive-retrieval', ArchiveId, Tier: 'Expedited' } }));

    await advance(29);
    expect((await retrieve()).$metadata.httpStatusCode).toBe(202);
    await advance(1);

    expect(await refusal(retrieve())).toMatchObject(denied);
  });
});

test('a legal hold by tag: it holds while the tag says so, and lifts with it', async () => {
  await given();
  const condition = { StringLike: { 'glacier:ResourceTag/LegalHold': ['true', ''] } };
  await initiate(document(statement({ Effect: 'Deny', Action: 'glacier:DeleteArchive', Condition: condition })));
  const [first, second] = [await upload(), await upload()];

  expect((await deleteArchive(first)).$metadata.httpStatusCode).toBe(204);
  await alice.send(new AddTagsToVaultCommand({ ...vault, Tags: { LegalHold: 'true' } }));
  expect(await refusal(deleteArchive(second))).toMatchObject(denied);
  await alice.send(new RemoveTagsFromVaultCommand({ ...vault, TagKeys: ['LegalHold'] }));

  expect((await deleteArchive(second)).$metadata.httpStatusCode).toBe(204);
});

test('a lock in progress can shut out its own administrators; it opens again after 24 hours', async () => {
  await given();
  await initiate(document(statement({ Effect: 'Deny', Action: 'glacier:*' })));
  const abort = () => alice.send(new AbortVaultLockCommand(vault));
  const get = () => alice.send(new GetVaultLockCommand(vault));

  expect(await refusal(abort())).toMatchObject(denied);
  expect(await refusal(get())).toMatchObject(denied);
  // Not a matter of the vault's own policies.
  expect((await alice.send(new CreateVaultCommand(vault))).$metadata.httpStatusCode).toBe(201);
  await advance(1);

  expect(await refusal(get())).toMatchObject({ name: 'ResourceNotFoundException' });
});

test('access policy and lock bind together: the Deny of one beats the Allow of the other', async () => {
  await given();
  await setAccessPolicy(statement({ Effect: 'Allow', Action: 'glacier:DeleteArchive' }));
  await initiate(retention('ledger', 365));

  expect(await refusal(deleteArchive(await upload()))).toMatchObject(denied);
});

describe('another account', () => {
  const theirs = { accountId: ACCOUNT, vaultName: 'ledger' };
  const describeVault = (vaultName = 'ledger') =>
    glacier.client('STRANGER').send(new DescribeVaultCommand({ accountId: ACCOUNT, vaultName }));

  test('gets nothing without the access policy, and does not learn what exists', async () => {
    await given();

    expect(await refusal(describeVault())).toMatchObject(denied);
    expect(await refusal(describeVault('missing'))).toMatchObject(denied);
  });

  test('gets what the access policy grants', async () => {
    await given();
    await setAccessPolicy(
      statement({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` }, Action: 'glacier:DescribeVault' }),
    );

    expect((await describeVault()).VaultARN).toBe(vaultArn('ledger'));
    expect(await refusal(glacier.client('BOB').send(new DescribeVaultCommand({ accountId: OTHER_ACCOUNT, vaultName: 'x' })))).toMatchObject(
      denied,
    );
  });

  test("never gets what takes the caller's own account", async () => {
    await given();
    await setAccessPolicy(statement({ Effect: 'Allow', Action: 'glacier:*' }));
    const stranger = glacier.client('STRANGER');
    const policy = { Policy: retention('ledger', 1) };

    expect(await refusal(stranger.send(new InitiateVaultLockCommand({ ...theirs, policy })))).toMatchObject(denied);
    expect(await refusal(stranger.send(new AbortVaultLockCommand(theirs)))).toMatchObject(denied);
    expect(await refusal(stranger.send(new CreateVaultCommand(theirs)))).toMatchObject(denied);
    expect(await refusal(stranger.send(new GetDataRetrievalPolicyCommand({ accountId: ACCOUNT })))).toMatchObject(denied);
  });

  test.each([
    ['caller', 403],
    ['owner', 200],
  ])('glacier.tagAccount=%s', async (setting, status) => {
    await given({ 'glacier.tagAccount': setting });
    await setAccessPolicy(statement({ Effect: 'Allow', Action: 'glacier:ListTagsForVault' }));

    const { status: answered } = await glacier.raw('GET', `/${ACCOUNT}/vaults/ledger/tags`, { accessKey: 'STRANGER' });

    expect(answered).toBe(status);
    expect((await alice.send(new ListTagsForVaultCommand(vault))).Tags).toEqual({});
  });
});

test('what the authoriser is asked', async () => {
  await given();
  const asked: AccessRequest[] = [];
  await alice.send(new AddTagsToVaultCommand({ ...vault, Tags: { LegalHold: 'true' } }));
  await setAccessPolicy(statement({ Effect: 'Allow', Action: 'glacier:DescribeVault' }));
  await initiate(retention('ledger', 365));
  const archiveId = await upload();
  await advance(0.75);
  glacier.world.iam = { authorise: (request) => void asked.push(request) };
  const request = {
    'aws:CurrentTime': '2026-01-01T18:00:00.000Z',
    'aws:EpochTime': '1767290400',
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:RequestedRegion': 'us-east-1',
  };

  await deleteArchive(archiveId);
  await alice.send(new CreateVaultCommand(vault));
  await glacier.raw('GET', '/-/vaults');

  expect(asked).toEqual([
    {
      caller: CALLERS.ALICE,
      action: 'glacier:DeleteArchive',
      resource: vaultArn('ledger'),
      resourcePolicies: [expect.stringContaining('DescribeVault') as string, expect.stringContaining('retain') as string],
      resourceAccount: ACCOUNT,
      context: { ...request, 'glacier:ResourceTag/LegalHold': 'true', 'glacier:ArchiveAgeInDays': '0' },
    },
    {
      caller: CALLERS.ALICE,
      action: 'glacier:CreateVault',
      resource: vaultArn('ledger'),
      resourcePolicies: [],
      resourceAccount: ACCOUNT,
      context: { ...request, 'glacier:ResourceTag/LegalHold': 'true' },
    },
    {
      caller: CALLERS.ALICE,
      action: 'glacier:ListVaults',
      resource: `arn:aws:glacier:us-east-1:${ACCOUNT}:vaults/`,
      resourceAccount: ACCOUNT,
      context: request,
    },
  ]);
});
