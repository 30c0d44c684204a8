import type { Glacier, OpenVault } from './glacier';
import { archiveBlob, isoDate, jobBlob } from './state';
import type { Archive, Job } from './state';
import { isTreeHashAligned, treeHash } from './tree-hash';

/** "Not for at least 24 hours after completion": https://docs.aws.amazon.com/amazonglacier/latest/dev/api-describe-job-get.html */
const KEPT_MS = 24 * 60 * 60 * 1000;

export function isForgotten(job: Job, now: number): boolean {
  return job.status !== 'InProgress' && now >= job.due + KEPT_MS;
}

/** Makes the job's output, or fails it, and tells the topics that want to know. */
export function completeJob(glacier: Glacier, at: OpenVault, job: Job): void {
  const output = job.archive ? retrievedBytes(glacier, job.archive) : inventoryOutput(at, job);
  job.status = output ? 'Succeeded' : 'Failed';
  if (output) {
    glacier.world.state.blobs.put(jobBlob(job.id), output);
    if (!job.archive) job.outputSize = output.length;
    else if (isTreeHashAligned(job.archive.start, job.archive.end, job.archive.size)) job.treeHash = treeHash(output);
  }
  const message = JSON.stringify(jobDescription(job, at.arn));
  const wanted = at.vault.notifications?.events.includes(`${job.action}Completed`) ? at.vault.notifications.topic : null;
  for (const topic of [job.topic, wanted]) if (topic) glacier.publish(topic, message);
}

/** In the order and with the nulls of the guide's samples. */
export function jobDescription(job: Job, vaultArn: string) {
  const { archive, inventory } = job;
  return {
    Action: job.action,
    ArchiveId: archive?.id ?? null,
    ArchiveSHA256TreeHash: archive?.treeHash ?? null,
    ArchiveSizeInBytes: archive?.size ?? null,
    Completed: job.status !== 'InProgress',
    CompletionDate: job.status === 'InProgress' ? null : isoDate(job.due),
    CreationDate: isoDate(job.created),
    InventoryRetrievalParameters: inventory
      ? {
          EndDate: inventory.endDate,
          Format: inventory.format,
          Limit: inventory.limit,
          Marker: inventory.marker,
          StartDate: inventory.startDate,
        }
      : null,
    InventorySizeInBytes: job.outputSize,
    JobDescription: job.description,
    JobId: job.id,
    RetrievalByteRange: archive ? `${archive.start}-${archive.end}` : null,
    SHA256TreeHash: job.treeHash,
    SNSTopic: job.topic,
    StatusCode: job.status,
    StatusMessage: job.status === 'InProgress' ? null : job.status,
    Tier: archive?.tier ?? null,
    VaultARN: vaultArn,
  };
}

function retrievedBytes(glacier: Glacier, { id, start, end }: NonNullable<Job['archive']>): Buffer | undefined {
  return glacier.world.state.blobs.get(archiveBlob(id))?.subarray(start, end + 1);
}

/** The last inventory as the job asked for it; sets the marker for the next job when there is more of it. */
function inventoryOutput({ vault, arn }: OpenVault, job: Job): Buffer {
  const wish = job.inventory!;
  const all = [...(vault.inventory?.archives ?? [])].sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  const wanted = all.filter(
    ({ created }) =>
      (wish.startDate === null || created >= Date.parse(wish.startDate)) && (wish.endDate === null || created < Date.parse(wish.endDate)),
  );
  const rest = wanted.slice(wish.marker === null ? 0 : wanted.findIndex(({ id }) => id === wish.marker) + 1);
  const page = rest.slice(0, wish.limit === null ? undefined : Number(wish.limit));
  wish.marker = rest.length > page.length ? page[page.length - 1]!.id : null;
  if (wish.format === 'CSV') return Buffer.from(csv(page));
  const date = vault.inventory ? isoDate(vault.inventory.date) : null;
  return Buffer.from(JSON.stringify({ VaultARN: arn, InventoryDate: date, ArchiveList: page.map(inventoryEntry) }));
}

function inventoryEntry({ id, description, created, size, treeHash: hash }: Archive) {
  return { ArchiveId: id, ArchiveDescription: description, CreationDate: isoDate(created), Size: size, SHA256TreeHash: hash };
}

/** Quotes are escaped by a backslash and backslashes are not escaped, as the guide's page on Get Job Output says. */
function csv(archives: readonly Archive[]): string {
  const rows = archives.map((archive) => Object.values(inventoryEntry(archive)));
  const field = (value: string | number) => (/[",]/.test(String(value)) ? `"${String(value).replace(/"/g, '\\"')}"` : String(value));
  return [['ArchiveId', 'ArchiveDescription', 'CreationDate', 'Size', 'SHA256TreeHash'], ...rows]
    .map((row) => `${row.map(field).join(',')}\r\n`)
    .join('');
}
