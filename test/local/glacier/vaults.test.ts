import {
  CreateVaultCommand,
  DeleteArchiveCommand,
  DeleteVaultCommand,
  DescribeVaultCommand,
  GetVaultAccessPolicyCommand,
  ListTagsForVaultCommand,
  ListVaultsCommand,
  SetVaultAccessPolicyCommand,
  AddTagsToVaultCommand,
  UploadArchiveCommand,
  waitUntilVaultExists,
} from '@aws-sdk/client-glacier';
import type { GlacierClient } from '@aws-sdk/client-glacier';
import { OTHER_ACCOUNT, refusal, startGlacier, vaultArn } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import { glacierState } from '../../../local/glacier';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

let glacier: GlacierServer;
let client: GlacierClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  glacier = await startGlacier({ switches });
  client = glacier.client();
}
afterEach(() => glacier.close());

const create = (vaultName: string, accountId = '-') => client.send(new CreateVaultCommand({ accountId, vaultName }));
const describeVault = (vaultName: string) => client.send(new DescribeVaultCommand({ accountId: '-', vaultName }));
const deleteVault = (vaultName: string) => client.send(new DeleteVaultCommand({ accountId: '-', vaultName }));
const list = (options: { limit?: number; marker?: string } = {}) => client.send(new ListVaultsCommand({ accountId: '-', ...options }));
const upload = async (vaultName: string, body: string) =>
  (await client.send(new UploadArchiveCommand({ accountId: '-', vaultName, body: Buffer.from(body) }))).archiveId!;
const deleteArchive = (vaultName: string, archiveId: string) =>
  client.send(new DeleteArchiveCommand({ accountId: '-', vaultName, archiveId }));

describe('creating', () => {
  beforeEach(() => given());

  test('a vault that exists is created again without any effect', async () => {
    await create('ledger');
    await client.send(new AddTagsToVaultCommand({ accountId: '-', vaultName: 'ledger', Tags: { team: 'audit' } }));
    await glacier.world.clock.advance(HOUR_MS);

    expect((await create('ledger')).location).toBe('/123456789012/vaults/ledger');

    expect((await describeVault('ledger')).CreationDate).toBe('2026-01-01T00:00:00.000Z');
    expect((await client.send(new ListTagsForVaultCommand({ accountId: '-', vaultName: 'ledger' }))).Tags).toEqual({ team: 'audit' });
  });

  test.each(['a b', 'a/b', 'ä', 'x'.repeat(256), '.', '..'])('%p is no vault name', async (vaultName) => {
    const path = `/-/vaults/${vaultName.startsWith('.') ? vaultName : encodeURIComponent(vaultName)}`;

    expect(JSON.parse((await glacier.raw('PUT', path)).body)).toMatchObject({ code: 'InvalidParameterValueException' });
  });

  test.each(['A-z_0.9', 'x'.repeat(255), 'constructor'])('%p is a vault name', async (vaultName) => {
    expect((await create(vaultName)).location).toBe(`/123456789012/vaults/${vaultName}`);
  });

  test('the account in the path is the caller, or nobody may do it', async () => {
    expect((await create('ledger', '123456789012')).$metadata.httpStatusCode).toBe(201);
    expect(await refusal(create('ledger', OTHER_ACCOUNT))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(await refusal(create('ledger', '12'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  });

  test('accounts and regions have vaults of their own', async () => {
    await create('ledger');

    const elsewhere = glacier.client('ALICE', 'eu-central-1');
    const stranger = glacier.client('STRANGER');

    expect((await elsewhere.send(new ListVaultsCommand({ accountId: '-' }))).VaultList).toEqual([]);
    expect((await stranger.send(new ListVaultsCommand({ accountId: '-' }))).VaultList).toEqual([]);
  });

  test('the waiter of the SDK sees a vault that exists', async () => {
    await create('ledger');

    const { state } = await waitUntilVaultExists({ client, maxWaitTime: 5 }, { accountId: '-', vaultName: 'ledger' });

    expect(state).toBe('SUCCESS');
  });
});

test('the 1,001st vault of a region is one too many', async () => {
  await given();
  for (let index = 0; index < 1000; index++) await glacier.raw('PUT', `/-/vaults/v${index}`);

  expect(await refusal(create('v1000'))).toMatchObject({ name: 'LimitExceededException', status: 400 });
  expect((await create('v999')).$metadata.httpStatusCode).toBe(201);
});

test.each([
  ['cn-north-1', 'arn:aws-cn:glacier:cn-north-1:123456789012:vaults/ledger'],
  ['us-gov-west-1', 'arn:aws-us-gov:glacier:us-gov-west-1:123456789012:vaults/ledger'],
])('a vault in %s has the ARN of its partition', async (region, arn) => {
  await given();
  const there = glacier.client('ALICE', region);
  await there.send(new CreateVaultCommand({ accountId: '-', vaultName: 'ledger' }));

  expect((await there.send(new DescribeVaultCommand({ accountId: '-', vaultName: 'ledger' }))).VaultARN).toBe(arn);
});

describe('listing', () => {
  const names = ['B', 'Z1', 'a', 'a-1', 'a.1', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

  async function givenVaults(switches?: Record<string, string>): Promise<void> {
    await given(switches);
    for (const name of [...names].reverse()) await create(name);
  }

  async function allPages(limit?: number): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    for (let marker: string | undefined; seen.length < 50;) {
      const page = await list({ limit, marker });
      seen.push(...(page.VaultList ?? []).map(({ VaultName }) => VaultName));
      marker = page.Marker ?? undefined;
      if (!marker) break;
    }
    return seen;
  }

  test('a page has ten vaults in ASCII order and the marker of the next one', async () => {
    await givenVaults();

    const { VaultList, Marker } = await list();

    expect(VaultList?.map(({ VaultName }) => VaultName)).toEqual(names.slice(0, 10));
    expect(Marker).toBe(vaultArn('f'));
  });

  test.each(['excluded', 'included'])('glacier.listMarker=%s: the pages hold every vault once', async (setting) => {
    await givenVaults({ 'glacier.listMarker': setting });

    expect(await allPages(5)).toEqual(names);
    expect(await allPages(1)).toEqual(names);
    expect(await allPages()).toEqual(names);
    const { VaultList } = await list({ marker: vaultArn('c'), limit: 1 });
    expect(VaultList?.[0]?.VaultName).toBe(setting === 'included' ? 'c' : 'd');
  });

  test.each([0, 11])('a limit of %d is refused', async (limit) => {
    await given();

    expect(await refusal(list({ limit }))).toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test('the marker of a vault that is gone still continues behind it', async () => {
    await givenVaults();
    await deleteVault('f');

    expect((await list({ marker: vaultArn('f') })).VaultList?.map(({ VaultName }) => VaultName)).toEqual(['g', 'h']);
  });
});

describe('the inventory', () => {
  beforeEach(() => given());
  const shown = async () => {
    const { NumberOfArchives, SizeInBytes, LastInventoryDate } = await describeVault('ledger');
    return { NumberOfArchives, SizeInBytes, LastInventoryDate };
  };
  const fresh = { NumberOfArchives: 0, SizeInBytes: 0, LastInventoryDate: undefined };

  test('comes a day after the first upload; each archive counts 32 KiB more than its bytes, as recorded', async () => {
    await create('ledger');
    await glacier.world.clock.advance(3 * DAY_MS);
    await upload('ledger', 'four');
    expect(await shown()).toEqual(fresh);

    await glacier.world.clock.advance(DAY_MS - 1);
    expect(await shown()).toEqual(fresh);
    await glacier.world.clock.advance(1);

    expect(await shown()).toEqual({ NumberOfArchives: 1, SizeInBytes: 32_772, LastInventoryDate: '2026-01-05T00:00:00.000Z' });
  });

  test('keeps its date as long as nothing is written', async () => {
    await create('ledger');
    await upload('ledger', 'four');
    await glacier.world.clock.advance(10 * DAY_MS);

    expect((await shown()).LastInventoryDate).toBe('2026-01-02T00:00:00.000Z');

    await upload('ledger', 'five!');
    expect(await shown()).toMatchObject({ NumberOfArchives: 1, LastInventoryDate: '2026-01-02T00:00:00.000Z' });
    await glacier.world.clock.advance(DAY_MS);
    expect(await shown()).toEqual({ NumberOfArchives: 2, SizeInBytes: 2 * 32_768 + 9, LastInventoryDate: '2026-01-12T00:00:00.000Z' });
  });

  test('shows what was there when it was due, though a delete came before anybody asked', async () => {
    await create('ledger');
    const archiveId = await upload('ledger', 'four');
    await glacier.world.clock.advance(DAY_MS + HOUR_MS);

    await deleteArchive('ledger', archiveId);

    expect(await shown()).toMatchObject({ NumberOfArchives: 1, LastInventoryDate: '2026-01-02T00:00:00.000Z' });
  });
});

describe('deleting', () => {
  const notEmpty = {
    name: 'InvalidParameterValueException',
    message: `Vault not empty or recently written to: ${vaultArn('ledger')}`,
    status: 400,
  };

  test('a vault that was never written to goes at once, and its access policy and tags with it', async () => {
    await given();
    await create('ledger');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'glacier:*', Resource: '*' }],
    });
    await client.send(new SetVaultAccessPolicyCommand({ accountId: '-', vaultName: 'ledger', policy: { Policy } }));
    await client.send(new AddTagsToVaultCommand({ accountId: '-', vaultName: 'ledger', Tags: { team: 'audit' } }));

    await deleteVault('ledger');
    await create('ledger');

    expect(await refusal(client.send(new GetVaultAccessPolicyCommand({ accountId: '-', vaultName: 'ledger' })))).toMatchObject({
      status: 404,
    });
    expect((await client.send(new ListTagsForVaultCommand({ accountId: '-', vaultName: 'ledger' }))).Tags).toEqual({});
  });

  test('a vault that was emptied has to wait for the next inventory', async () => {
    await given();
    await create('ledger');
    const archiveId = await upload('ledger', 'four');
    await glacier.world.clock.advance(DAY_MS + HOUR_MS);
    await deleteArchive('ledger', archiveId);

    expect(await refusal(deleteVault('ledger'))).toEqual(notEmpty);
    await glacier.world.clock.advance(22 * HOUR_MS);
    expect(await refusal(deleteVault('ledger'))).toEqual(notEmpty);
    await glacier.world.clock.advance(HOUR_MS);

    expect((await deleteVault('ledger')).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(describeVault('ledger'))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a vault with archives is never deleted', async () => {
    await given();
    await create('ledger');
    await upload('ledger', 'four');
    await glacier.world.clock.advance(400 * DAY_MS);

    expect(await refusal(deleteVault('ledger'))).toEqual(notEmpty);
  });

  test('glacier.deleteMissingVault=204: nothing to do is done', async () => {
    await given();

    expect((await deleteVault('ledger')).$metadata.httpStatusCode).toBe(204);
  });

  test('glacier.deleteMissingVault=404', async () => {
    await given({ 'glacier.deleteMissingVault': '404' });

    expect(await refusal(deleteVault('ledger'))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Vault not found for ARN: ${vaultArn('ledger')}`,
      status: 404,
    });
  });
});

test('glacier.newCustomer=true: every operation says that it is no longer supported', async () => {
  await given({ 'glacier.newCustomer': 'true' });
  const noLongerSupported = {
    name: 'NoLongerSupportedException',
    message: 'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
    status: 400,
  };

  expect(await refusal(create('ledger'))).toEqual(noLongerSupported);
  expect(await refusal(deleteVault('ledger'))).toEqual(noLongerSupported);
  expect(await refusal(list())).toEqual(noLongerSupported);
});

test('the summary for the control route shows what is there, lock and archives included', async () => {
  await given();
  await create('ledger');
  await upload('ledger', 'four');
  await client.send(new AddTagsToVaultCommand({ accountId: '-', vaultName: 'ledger', Tags: { team: 'audit' } }));

  expect(glacierState(glacier.world)).toEqual({
    vaults: [
      {
        account: '123456789012',
        region: 'us-east-1',
        vaultName: 'ledger',
        created: '2026-01-01T00:00:00.000Z',
        archives: 1,
        lastInventory: null,
        accessPolicy: false,
        lock: null,
        tags: { team: 'audit' },
      },
    ],
  });
});
