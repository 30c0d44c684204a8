import type { DescribeJobInput, GetJobOutputInput, InitiateJobInput, JobParameters, ListJobsInput } from '@aws-sdk/client-glacier';
import { checkedDescription } from './archive-operations';
import { invalidParameter, INVENTED, missingParameter, notFound, RECORDED } from './errors';
import type { Glacier, OpenVault } from './glacier';
import { newId } from './identifiers';
import { jobDescription } from './job-completion';
import { checkTopic } from './notification-operations';
import { pageOf } from './paging';
import { retrievalIsAllowed } from './retrieval-policy';
import { jobBlob } from './state';
import type { Job } from './state';
import { isTreeHashAligned, treeHash } from './tree-hash';
import { lookUp } from '../server/look-up';
import type { AwsRequest } from '../server/service';
import { AwsError } from '../server/service';

const MEBIBYTE = 1024 * 1024;
const LONGEST_PAGE = 50;
const STATUSES: readonly string[] = ['InProgress', 'Succeeded', 'Failed'];
const EXPEDITED_MS = 5 * 60 * 1000;

export function jobOperations(glacier: Glacier) {
  return {
    InitiateJob(input: InitiateJobInput, request: AwsRequest) {
      const parameters = input.jobParameters ?? {};
      const at = glacier.open('InitiateJob', input, request, parameters.ArchiveId);
      const job = newJob(glacier, at, parameters);
      at.vault.jobs[job.id] = job;
      glacier.wakeAt(job.due, at.account, at.region, at.name);
      glacier.changed();
      return { location: `${at.path}/jobs/${job.id}`, jobId: job.id };
    },

    DescribeJob(input: DescribeJobInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('DescribeJob', input, request);
      return jobDescription(jobOf(vault.jobs, input.jobId), arn);
    },

    ListJobs(input: ListJobsInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('ListJobs', input, request);
      const { statuscode: status, completed } = input;
      if (status && !STATUSES.includes(status)) throw invalidParameter(RECORDED.invalidJobStatus(status));
      if (completed && !['true', 'false'].includes(completed)) throw invalidParameter(INVENTED.invalidJob('completed filter', completed));
      const jobs = Object.values(vault.jobs)
        .filter((job) => !status || job.status === status)
        .filter((job) => !completed || String(job.status !== 'InProgress') === completed)
        .sort((a, b) => a.created - b.created);
      const page = pageOf(jobs, ({ id }) => id, { limit: input.limit, marker: input.marker, longest: LONGEST_PAGE });
      return { JobList: page.items.map((job) => jobDescription(job, arn)), Marker: page.marker };
    },

    GetJobOutput(input: GetJobOutputInput, request: AwsRequest) {
      const { vault } = glacier.open('GetJobOutput', input, request);
      const job = jobOf(vault.jobs, input.jobId);
      const output = glacier.world.state.blobs.get(jobBlob(job.id));
      if (job.status !== 'Succeeded' || !output) throw invalidParameter(INVENTED.jobNotDone(job.id));
      return outputOf(job, output, input.range);
    },
  };
}

function newJob(glacier: Glacier, at: OpenVault, parameters: JobParameters): Job {
  const { Type: type, SNSTopic: topic, Description: description } = parameters;
  if (!type) throw missingParameter('Type');
  if (type === 'select') throw new AwsError('NotImplemented', 'Select jobs are not implemented by the local endpoint.', 501);
  if (type !== 'archive-retrieval' && type !== 'inventory-retrieval') throw invalidParameter(INVENTED.invalidJob('type', type));
  if (topic) checkTopic(topic);
  const created = glacier.now();
  const base = {
    id: newId('job'),
    created,
    due: created + durationOf(glacier, type === 'archive-retrieval' ? tierOf(parameters) : 'Standard'),
    description: checkedDescription(description) || null,
    topic: topic || null,
    status: 'InProgress' as const,
    outputSize: null,
    treeHash: null,
  };
  return type === 'archive-retrieval'
    ? { ...base, action: 'ArchiveRetrieval', archive: retrievalOf(at, parameters) }
    : { ...base, action: 'InventoryRetrieval', inventory: inventoryWish(glacier, at, parameters) };
}

function tierOf({ Tier: tier }: JobParameters): string {
  if (tier && !['Expedited', 'Standard', 'Bulk'].includes(tier)) throw invalidParameter(INVENTED.invalidJob('tier', tier));
  return tier || 'Standard';
}

function durationOf(glacier: Glacier, tier: string): number {
  if (tier === 'Expedited') return EXPEDITED_MS;
  return Number(glacier.switched('glacier.jobSeconds')) * 1000 * (tier === 'Bulk' ? 2 : 1);
}

function retrievalOf(at: OpenVault, parameters: JobParameters): Job['archive'] {
  if (!parameters.ArchiveId) throw missingParameter('ArchiveId');
  const archive = lookUp(at.vault.archives, parameters.ArchiveId);
  if (!archive) throw notFound(INVENTED.archiveNotFound(parameters.ArchiveId));
  const [start, end] = rangeOf(parameters.RetrievalByteRange, archive.size);
  if (!retrievalIsAllowed(at.estate, end + 1 - start)) throw new AwsError('PolicyEnforcedException', RECORDED.deniedByRetrievalPolicy, 400);
  return { ...archive, start, end, tier: tierOf(parameters) };
}

/** Whole mebibytes, or up to the archive's end. */
function rangeOf(range: string | undefined, size: number): readonly [number, number] {
  if (!range) return [0, size - 1];
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  const [start, end] = [Number(first), Number(last)];
  const isAligned = start % MEBIBYTE === 0 && ((end + 1) % MEBIBYTE === 0 || end === size - 1);
  if (first === undefined || !isAligned || start > end || end >= size) throw invalidParameter(INVENTED.invalidRange(range));
  return [start, end];
}

function inventoryWish(glacier: Glacier, { vault, arn }: OpenVault, parameters: JobParameters): Job['inventory'] {
  const { Format: format = 'JSON', InventoryRetrievalParameters: wish = {}, ArchiveId: archiveId } = parameters;
  if (archiveId) throw invalidParameter(INVENTED.invalidJob('archive ID', archiveId));
  if (!['JSON', 'CSV'].includes(format)) throw invalidParameter(INVENTED.invalidJob('format', format));
  for (const date of [wish.StartDate, wish.EndDate]) {
    if (date && Number.isNaN(Date.parse(date))) throw invalidParameter(INVENTED.invalidJob('date', date));
  }
  if (wish.Limit && !/^[1-9]\d*$/.test(wish.Limit)) throw invalidParameter(INVENTED.invalidJob('limit', wish.Limit));
  if (!vault.inventory && glacier.switched('glacier.inventoryBeforeFirst') === '404') throw notFound(INVENTED.noInventory(arn));
  return {
    format,
    startDate: wish.StartDate || null,
    endDate: wish.EndDate || null,
    limit: wish.Limit || null,
    marker: wish.Marker || null,
  };
}

function jobOf(jobs: Readonly<Record<string, Job>>, jobId: string | undefined): Job {
  const job = lookUp(jobs, jobId);
  if (!job) throw notFound(RECORDED.jobNotFound(jobId ?? ''));
  return job;
}

function outputOf(job: Job, output: Buffer, range: string | undefined) {
  const [start, end] = byteRange(range, output.length);
  const content = output.subarray(start, end + 1);
  const archive = job.archive && { archiveDescription: job.archive.description, checksum: rangeHash(job, content, start, end) };
  return {
    ...archive,
    acceptRanges: 'bytes',
    contentType: archive ? 'application/octet-stream' : job.inventory?.format === 'CSV' ? 'text/csv' : 'application/json',
    ...(range && { contentRange: `bytes ${start}-${end}/${output.length}`, status: 206 }),
    body: content,
  };
}

function byteRange(range: string | undefined, length: number): readonly [number, number] {
  if (!range) return [0, length - 1];
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const start = Number(first);
  const end = last ? Math.min(Number(last), length - 1) : length - 1;
  if (first === undefined || start > end) throw invalidParameter(INVENTED.invalidRange(range));
  return [start, end];
}

/** Only where the range is a subtree of the archive's tree hash can anybody check it. */
function rangeHash(job: Job, content: Buffer, start: number, end: number): string | undefined {
  const { archive } = job;
  if (!archive || job.treeHash === null) return undefined;
  return isTreeHashAligned(archive.start + start, archive.start + end, archive.size) ? treeHash(content) : undefined;
}
