import {
  CreateVaultCommand,
  DeleteArchiveCommand,
  DescribeJobCommand,
  GetJobOutputCommand,
  InitiateJobCommand,
  ListJobsCommand,
  SetVaultNotificationsCommand,
  UploadArchiveCommand,
} from '@aws-sdk/client-glacier';
import type { GlacierClient, JobParameters } from '@aws-sdk/client-glacier';
import { refusal, startGlacier, vaultArn } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import type { RecordedMessage } from '../../../local/glacier';
import { treeHash } from '../../../local/glacier/tree-hash';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MEBIBYTE = 1024 * 1024;
const vault = { accountId: '-', vaultName: 'ledger' };
const topic = 'arn:aws:sns:us-east-1:123456789012:archives';

let glacier: GlacierServer;
let client: GlacierClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  glacier = await startGlacier({ switches });
  client = glacier.client();
  await client.send(new CreateVaultCommand(vault));
}
afterEach(() => glacier.close());

const upload = async (body: string | Buffer, archiveDescription?: string) =>
  (await client.send(new UploadArchiveCommand({ ...vault, body: Buffer.from(body), archiveDescription }))).archiveId!;
const initiate = async (jobParameters: JobParameters) => (await client.send(new InitiateJobCommand({ ...vault, jobParameters }))).jobId!;
const describeJob = (jobId: string) => client.send(new DescribeJobCommand({ ...vault, jobId }));
const output = (jobId: string, range?: string) => client.send(new GetJobOutputCommand({ ...vault, jobId, range }));
const text = async (jobId: string) => (await output(jobId)).body!.transformToString();
const messages = () => glacier.world.state.slice<RecordedMessage[]>('sns-messages', () => []);

describe('an archive retrieval', () => {
  test('takes four hours; then the bytes can be had for a day', async () => {
    await given();
    const ArchiveId = await upload('four', 'first quarter');

    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId });
    await glacier.world.clock.advance(4 * HOUR_MS - 1);
    expect(await describeJob(jobId)).toMatchObject({ Completed: false, StatusCode: 'InProgress' });
    expect(await refusal(output(jobId))).toMatchObject({ name: 'InvalidParameterValueException' });
    await glacier.world.clock.advance(1);

    const got = await output(jobId);
    expect(await got.body!.transformToString()).toBe('four');
    expect(got).toMatchObject({
      status: 200,
      contentType: 'application/octet-stream',
      archiveDescription: 'first quarter',
      checksum: treeHash(Buffer.from('four')),
    });
    await glacier.world.clock.advance(DAY_MS);
    expect(await refusal(describeJob(jobId))).toEqual({
      name: 'ResourceNotFoundException',
      message: `The job ID was not found: ${jobId}`,
      status: 404,
    });
  });

  test('is described with the nulls of the wire', async () => {
    await given();
    const ArchiveId = await upload('four');
    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId, Tier: 'Bulk', SNSTopic: topic });

    const { body } = await glacier.raw('GET', `/-/vaults/ledger/jobs/${jobId}`);

    const hash = treeHash(Buffer.from('four'));
    expect(JSON.parse(body)).toEqual({
      Action: 'ArchiveRetrieval',
      ArchiveId,
      ArchiveSHA256TreeHash: hash,
      ArchiveSizeInBytes: 4,
      Completed: false,
      CompletionDate: null,
      CreationDate: '2026-01-01T00:00:00.000Z',
      InventoryRetrievalParameters: null,
      InventorySizeInBytes: null,
      JobDescription: null,
      JobId: jobId,
      RetrievalByteRange: '0-3',
      SHA256TreeHash: null,
      SNSTopic: topic,
      StatusCode: 'InProgress',
      StatusMessage: null,
      Tier: 'Bulk',
      VaultARN: vaultArn('ledger'),
    });
  });

  test.each([
    ['Expedited', 5 / 60],
    ['Standard', 4],
    ['Bulk', 8],
  ])('of the tier %s takes %d hours', async (Tier, hours) => {
    await given();
    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId: await upload('four'), Tier });

    await glacier.world.clock.advance(hours * HOUR_MS - 1);
    expect((await describeJob(jobId)).Completed).toBe(false);
    await glacier.world.clock.advance(1);

    expect((await describeJob(jobId)).Completed).toBe(true);
  });

  test('glacier.jobSeconds=10', async () => {
    await given({ 'glacier.jobSeconds': '10' });
    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId: await upload('four') });

    await glacier.world.clock.advance(10_000);

    expect((await describeJob(jobId)).StatusCode).toBe('Succeeded');
  });

  test('can be for whole mebibytes, and read in ranges; the checksum comes where it can be checked', async () => {
    await given();
    const content = Buffer.concat(['a', 'b', 'c'].map((letter) => Buffer.alloc(MEBIBYTE, letter)));
    const ArchiveId = await upload(content);
    const RetrievalByteRange = `${MEBIBYTE}-${3 * MEBIBYTE - 1}`;
    const wholeJob = await initiate({ Type: 'archive-retrieval', ArchiveId });
    const partJob = await initiate({ Type: 'archive-retrieval', ArchiveId, RetrievalByteRange });
    await glacier.world.clock.advance(4 * HOUR_MS);

    const aligned = await output(wholeJob, `bytes=0-${2 * MEBIBYTE - 1}`);
    const unaligned = await output(wholeJob, 'bytes=10-19');
    const part = await output(partJob);

    expect(aligned).toMatchObject({
      status: 206,
      contentRange: 'bytes 0-2097151/3145728',
      checksum: treeHash(content.subarray(0, 2 * MEBIBYTE)),
    });
    expect(await unaligned.body!.transformToString()).toBe('a'.repeat(10));
    expect(unaligned.checksum).toBeUndefined();
    expect(Buffer.from(await part.body!.transformToByteArray()).equals(content.subarray(MEBIBYTE))).toBe(true);
    expect(await describeJob(partJob)).toMatchObject({ RetrievalByteRange, ArchiveSHA256TreeHash: treeHash(content) });
  });

  test('fails when the archive is deleted meanwhile', async () => {
    await given();
    const ArchiveId = await upload('four');
    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId });
    await client.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));

    await glacier.world.clock.advance(4 * HOUR_MS);

    expect(await describeJob(jobId)).toMatchObject({ Completed: true, StatusCode: 'Failed' });
    expect(await refusal(output(jobId))).toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test.each<[string, JobParameters, string]>([
    ['no type', {}, 'MissingParameterValueException'],
    ['an unknown type', { Type: 'archive-removal' }, 'InvalidParameterValueException'],
    ['no archive', { Type: 'archive-retrieval' }, 'MissingParameterValueException'],
    ['an archive that is not there', { Type: 'archive-retrieval', ArchiveId: 'x' }, 'ResourceNotFoundException'],
    ['an unknown tier', { Type: 'archive-retrieval', ArchiveId: 'x', Tier: 'Fast' }, 'InvalidParameterValueException'],
    ['a topic that is no ARN', { Type: 'inventory-retrieval', SNSTopic: 'archives' }, 'InvalidParameterValueException'],
    ['an inventory of an archive', { Type: 'inventory-retrieval', ArchiveId: 'x' }, 'InvalidParameterValueException'],
    ['an unknown format', { Type: 'inventory-retrieval', Format: 'XML' }, 'InvalidParameterValueException'],
    ['a limit of 0', { Type: 'inventory-retrieval', InventoryRetrievalParameters: { Limit: '0' } }, 'InvalidParameterValueException'],
    ['a query', { Type: 'select' }, 'NotImplemented'],
  ])('%s is refused', async (_, parameters, name) => {
    await given();

    expect(await refusal(initiate(parameters))).toMatchObject({ name });
  });

  test('a range that is not made of mebibytes is refused', async () => {
    await given();
    const ArchiveId = await upload('four');

    expect(await refusal(initiate({ Type: 'archive-retrieval', ArchiveId, RetrievalByteRange: '1-3' }))).toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});

describe('an inventory retrieval', () => {
  test('lists the archives as of the last inventory', async () => {
    await given();
    const archiveId = await upload('four', 'first quarter');
    await glacier.world.clock.advance(DAY_MS);
    await upload('later');

    const jobId = await initiate({ Type: 'inventory-retrieval' });
    await glacier.world.clock.advance(4 * HOUR_MS);

    const got = await text(jobId);
    expect(JSON.parse(got)).toEqual({
      VaultARN: vaultArn('ledger'),
      InventoryDate: '2026-01-02T00:00:00.000Z',
      ArchiveList: [
        {
          ArchiveId: archiveId,
          ArchiveDescription: 'first quarter',
          CreationDate: '2026-01-01T00:00:00.000Z',
          Size: 4,
          SHA256TreeHash: treeHash(Buffer.from('four')),
        },
      ],
    });
    expect(await describeJob(jobId)).toMatchObject({ InventorySizeInBytes: got.length, Action: 'InventoryRetrieval' });
    expect((await output(jobId)).contentType).toBe('application/json');
  });

  test('goes page by page and by date', async () => {
    await given();
    const ids: string[] = [];
    for (const content of ['a', 'b', 'c']) {
      ids.push(await upload(content));
      await glacier.world.clock.advance(HOUR_MS);
    }
    await glacier.world.clock.advance(DAY_MS);
    const listed = async (InventoryRetrievalParameters: JobParameters['InventoryRetrievalParameters']) => {
      const jobId = await initiate({ Type: 'inventory-retrieval', InventoryRetrievalParameters });
      await glacier.world.clock.advance(4 * HOUR_MS);
      const { ArchiveList } = JSON.parse(await text(jobId)) as { ArchiveList: { ArchiveId: string }[] };
      const { InventoryRetrievalParameters: told } = await describeJob(jobId);
      return { ids: ArchiveList.map(({ ArchiveId }) => ArchiveId), marker: told?.Marker };
    };

    const first = await listed({ Limit: '2' });
    const second = await listed({ Limit: '2', Marker: first.marker });
    const dated = await listed({ StartDate: '2026-01-01T01:00:00Z', EndDate: '2026-01-01T02:00:00Z' });

    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(second).toEqual({ ids: ids.slice(2), marker: undefined });
    expect(dated.ids).toEqual([ids[1]]);
  });

  test('comes as CSV, with quotes escaped by a backslash', async () => {
    await given();
    const archiveId = await upload('four', 'my archive description,1"2');
    await glacier.world.clock.advance(DAY_MS);

    const jobId = await initiate({ Type: 'inventory-retrieval', Format: 'CSV' });
    await glacier.world.clock.advance(4 * HOUR_MS);

    expect((await output(jobId)).contentType).toBe('text/csv');
    expect(await text(jobId)).toBe(
      'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash\r\n' +
        `${archiveId},"my archive description,1\\"2",2026-01-01T00:00:00.000Z,4,${treeHash(Buffer.from('four'))}\r\n`,
    );
  });

  test('glacier.inventoryBeforeFirst=404', async () => {
    await given();

    expect(await refusal(initiate({ Type: 'inventory-retrieval' }))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test('glacier.inventoryBeforeFirst=empty', async () => {
    await given({ 'glacier.inventoryBeforeFirst': 'empty' });
    const jobId = await initiate({ Type: 'inventory-retrieval' });

    await glacier.world.clock.advance(4 * HOUR_MS);

    expect(JSON.parse(await text(jobId))).toEqual({ VaultARN: vaultArn('ledger'), InventoryDate: null, ArchiveList: [] });
  });
});

describe('the list of jobs', () => {
  const listJobs = (filter: { statuscode?: string; completed?: string; limit?: number; marker?: string } = {}) =>
    client.send(new ListJobsCommand({ ...vault, ...filter }));

  test('is sorted by start, filtered by status, and paged', async () => {
    await given();
    const ArchiveId = await upload('four');
    const jobs: string[] = [];
    for (const Tier of ['Standard', 'Expedited', 'Standard']) {
      jobs.push(await initiate({ Type: 'archive-retrieval', ArchiveId, Tier }));
      await glacier.world.clock.advance(1000);
    }
    await glacier.world.clock.advance(HOUR_MS);
    const ids = (page: { JobList?: { JobId?: string }[] }) => page.JobList?.map(({ JobId }) => JobId);

    const first = await listJobs({ limit: 2 });

    expect(ids(first)).toEqual(jobs.slice(0, 2));
    expect(ids(await listJobs({ limit: 2, marker: first.Marker }))).toEqual(jobs.slice(2));
    expect(ids(await listJobs({ statuscode: 'Succeeded' }))).toEqual([jobs[1]]);
    expect(ids(await listJobs({ completed: 'false' }))).toEqual([jobs[0], jobs[2]]);
  });

  test('refuses an unknown status with the recorded text', async () => {
    await given();

    expect(await refusal(listJobs({ statuscode: 'finished' }))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'The job status code is not valid: finished',
      status: 400,
    });
  });
});

describe('a finished job', () => {
  test("tells its own topic and the vault's, once each, with what DescribeJob says", async () => {
    await given();
    const own = 'arn:aws:sns:us-east-1:123456789012:own';
    const vaultNotificationConfig = { SNSTopic: topic, Events: ['ArchiveRetrievalCompleted'] };
    await client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig }));
    const jobId = await initiate({ Type: 'archive-retrieval', ArchiveId: await upload('four'), SNSTopic: own });

    await glacier.world.clock.advance(DAY_MS);

    expect(messages().map(({ topicArn, at }) => [topicArn, at])).toEqual([
      [own, '2026-01-01T04:00:00.000Z'],
      [topic, '2026-01-01T04:00:00.000Z'],
    ]);
    expect(JSON.parse(messages()[0]!.message)).toMatchObject({ JobId: jobId, StatusCode: 'Succeeded' });
  });

  test('of another kind than the vault wants to hear of tells nobody', async () => {
    await given({ 'glacier.inventoryBeforeFirst': 'empty' });
    const vaultNotificationConfig = { SNSTopic: topic, Events: ['ArchiveRetrievalCompleted'] };
    await client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig }));
    await initiate({ Type: 'inventory-retrieval' });

    await glacier.world.clock.advance(DAY_MS);

    expect(messages()).toEqual([]);
  });

  test('goes to the publisher that was given, also after a restart', async () => {
    const published: string[] = [];
    glacier = await startGlacier({ publish: (topicArn) => published.push(topicArn) });
    client = glacier.client();
    await client.send(new CreateVaultCommand(vault));
    await initiate({ Type: 'archive-retrieval', ArchiveId: await upload('four'), SNSTopic: topic });
    glacier.restart();

    await glacier.world.clock.advance(4 * HOUR_MS);

    expect(published).toEqual([topic]);
  });
});
