import type { World } from '../server/world';

/** Times are milliseconds since 1970. */
export interface Archive {
  readonly id: string;
  readonly description: string;
  readonly created: number;
  readonly size: number;
  readonly treeHash: string;
}

export interface Inventory {
  readonly date: number;
  readonly archives: readonly Archive[];
}

export interface VaultLock {
  readonly state: 'InProgress' | 'Locked';
  readonly id: string;
  readonly policy: string;
  readonly created: number;
  readonly expires: number;
}

export interface VaultNotifications {
  readonly topic: string;
  readonly events: readonly string[];
}

export interface MultipartUpload {
  readonly id: string;
  readonly description: string;
  readonly partSize: number;
  readonly created: number;
  /** By first byte. */
  readonly parts: { [start: number]: { readonly size: number; readonly treeHash: string } };
}

export interface Job {
  readonly id: string;
  readonly action: 'ArchiveRetrieval' | 'InventoryRetrieval';
  readonly created: number;
  readonly due: number;
  readonly description: string | null;
  readonly topic: string | null;
  readonly archive?: Archive & { readonly start: number; readonly end: number; readonly tier: string };
  readonly inventory?: { format: string; startDate: string | null; endDate: string | null; limit: string | null; marker: string | null };
  status: 'InProgress' | 'Succeeded' | 'Failed';
  /** Size of the output of an inventory job. */
  outputSize: number | null;
  treeHash: string | null;
}

/** What can be read stale for a while after a change. */
export interface Readable {
  accessPolicy: string | null;
  lock: VaultLock | null;
  notifications: VaultNotifications | null;
}

export interface Vault extends Readable {
  readonly name: string;
  readonly created: number;
  readonly archives: { [archiveId: string]: Archive };
  /** When the first archive came: the daily inventories are counted from here. */
  firstWrite: number | null;
  /** When an archive was last added or removed. */
  lastWrite: number | null;
  inventory: Inventory | null;
  tags: { [key: string]: string };
  readonly uploads: { [uploadId: string]: MultipartUpload };
  /** Archive ids by the multipart upload that made them, because completing is idempotent. */
  readonly completedUploads: { [uploadId: string]: string };
  readonly jobs: { [jobId: string]: Job };
  readonly stale: { [Part in keyof Readable]?: { readonly until: number; readonly value: Readable[Part] } };
}

export interface RetrievalRule {
  readonly strategy: 'BytesPerHour' | 'FreeTier' | 'None';
  readonly bytesPerHour: number | null;
}

export interface CapacityUnit {
  readonly id: string;
  readonly start: number;
  readonly expires: number;
}

/** What one account has in one region. */
export interface Estate {
  readonly vaults: { [name: string]: Vault };
  retrievalRule: RetrievalRule;
  capacity: CapacityUnit[];
}

/** Provisioned capacity is counted per account, whatever the region. */
export const ANY_REGION = '*';

/** Asked for anew each time, because a reset of the endpoint replaces the state. */
export function estates(world: Pick<World, 'state'>): { [accountAndRegion: string]: Estate } {
  return world.state.slice<{ [accountAndRegion: string]: Estate }>('glacier', () => ({}));
}

export function estate(world: Pick<World, 'state'>, account: string, region: string): Estate {
  return (estates(world)[`${account}/${region}`] ??= {
    vaults: {},
    retrievalRule: { strategy: 'None', bytesPerHour: null },
    capacity: [],
  });
}

export function newVault(name: string, created: number): Vault {
  return {
    name,
    created,
    archives: {},
    firstWrite: null,
    lastWrite: null,
    inventory: null,
    accessPolicy: null,
    lock: null,
    notifications: null,
    tags: {},
    uploads: {},
    completedUploads: {},
    jobs: {},
    stale: {},
  };
}

export const archiveBlob = (archiveId: string) => `glacier-archive-${archiveId}`;
export const partBlob = (uploadId: string, start: number) => `glacier-part-${uploadId}-${start}`;
export const jobBlob = (jobId: string) => `glacier-job-${jobId}`;

/** Dates as Glacier writes them, with milliseconds. */
export const isoDate = (time: number) => new Date(time).toISOString();
