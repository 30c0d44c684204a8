import {
  CreateVaultCommand,
  GetDataRetrievalPolicyCommand,
  InitiateJobCommand,
  ListProvisionedCapacityCommand,
  PurchaseProvisionedCapacityCommand,
  SetDataRetrievalPolicyCommand,
  UploadArchiveCommand,
} from '@aws-sdk/client-glacier';
import type { DataRetrievalRule, GlacierClient } from '@aws-sdk/client-glacier';
import { refusal, startGlacier } from './glacier-server';
import type { GlacierServer } from './glacier-server';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const vault = { accountId: '-', vaultName: 'ledger' };

let glacier: GlacierServer;
let client: GlacierClient;
beforeEach(async () => {
  glacier = await startGlacier();
  client = glacier.client();
  await client.send(new CreateVaultCommand(vault));
});
afterEach(() => glacier.close());

describe('the data retrieval policy', () => {
  const set = (...Rules: DataRetrievalRule[]) => client.send(new SetDataRetrievalPolicyCommand({ accountId: '-', Policy: { Rules } }));
  const get = async () => (await client.send(new GetDataRetrievalPolicyCommand({ accountId: '-' }))).Policy?.Rules;

  const upload = async (body: string) => (await client.send(new UploadArchiveCommand({ ...vault, body: Buffer.from(body) }))).archiveId!;
  const retrieve = (ArchiveId: string) =>
    client.send(new InitiateJobCommand({ ...vault, jobParameters: { Type: 'archive-retrieval', ArchiveId } }));

  test('is None at first: no limit', async () => {
    expect(await get()).toEqual([{ Strategy: 'None' }]);
    expect((await glacier.raw('GET', '/-/policies/data-retrieval')).body).toBe(
      '{"Policy":{"Rules":[{"BytesPerHour":null,"Strategy":"None"}]}}',
    );
  });

  test('that limits the rate denies what would exceed it', async () => {
    const ArchiveId = await upload('x'.repeat(4000));
    await set({ Strategy: 'BytesPerHour', BytesPerHour: 1000 });
    expect(await get()).toEqual([{ Strategy: 'BytesPerHour', BytesPerHour: 1000 }]);

    await retrieve(ArchiveId);
    expect(await refusal(retrieve(ArchiveId))).toEqual({
      name: 'PolicyEnforcedException',
      message: 'InitiateJob request denied by current data retrieval policy.',
      status: 400,
    });
    await glacier.world.clock.advance(4 * HOUR_MS);

    expect((await retrieve(ArchiveId)).jobId).toEqual(expect.any(String));
  });

  test('of the free tier lets a small archive through', async () => {
    await set({ Strategy: 'FreeTier' });

    expect((await retrieve(await upload('four'))).jobId).toEqual(expect.any(String));
  });

  test.each<[string, DataRetrievalRule[]]>([
    ['no rule', []],
    ['two rules', [{ Strategy: 'None' }, { Strategy: 'FreeTier' }]],
    ['an unknown strategy', [{ Strategy: 'Cheap' }]],
    ['a rate with another strategy', [{ Strategy: 'FreeTier', BytesPerHour: 1 }]],
    ['no rate', [{ Strategy: 'BytesPerHour' }]],
    ['a rate of 0', [{ Strategy: 'BytesPerHour', BytesPerHour: 0 }]],
  ])('%s is refused', async (_, rules) => {
    expect(await refusal(set(...rules))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    expect(await get()).toEqual([{ Strategy: 'None' }]);
  });
});

test('provisioned capacity: two units for a month, whatever the region', async () => {
  const purchase = (region?: string) => glacier.client('ALICE', region).send(new PurchaseProvisionedCapacityCommand({ accountId: '-' }));
  const list = async () => (await client.send(new ListProvisionedCapacityCommand({ accountId: '-' }))).ProvisionedCapacityList;

  const { capacityId } = await purchase();
  await purchase('eu-central-1');

  expect(await list()).toHaveLength(2);
  expect((await list())?.[0]).toEqual({
    CapacityId: capacityId,
    StartDate: '2026-01-01T00:00:00.000Z',
    ExpirationDate: '2026-02-01T00:00:00.000Z',
  });
  expect(await refusal(purchase())).toMatchObject({ name: 'LimitExceededException', status: 400 });
  await glacier.world.clock.advance(31 * DAY_MS);
  expect(await list()).toEqual([]);
});
