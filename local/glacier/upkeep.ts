import type { Glacier, OpenVault } from './glacier';
import { inventoryAt } from './inventory';
import { completeJob, isForgotten } from './job-completion';
import { jobBlob } from './state';

/** What happens to a vault by itself: the lock's 24 hours run out, an inventory is taken, jobs end and are forgotten. */
export function upkeep(glacier: Glacier, at: OpenVault): void {
  const { vault } = at;
  const now = glacier.now();
  const before = { lock: vault.lock, inventory: vault.inventory };
  if (vault.lock?.state === 'InProgress' && now >= vault.lock.expires) vault.lock = null;
  vault.inventory = inventoryAt(vault, now);
  let changed = before.lock !== vault.lock || before.inventory !== vault.inventory;
  for (const job of Object.values(vault.jobs)) {
    if (job.status === 'InProgress' && now >= job.due) {
      completeJob(glacier, at, job);
      changed = true;
    }
    if (isForgotten(job, now)) {
      glacier.world.state.blobs.delete(jobBlob(job.id));
      delete vault.jobs[job.id];
      changed = true;
    }
  }
  if (changed) glacier.changed();
}

/** Tasks of the clock do not outlive the process, what they are for does. */
export function rearm(glacier: Glacier, account: string, region: string): void {
  for (const { name, lock, jobs } of Object.values(glacier.placeOf(account, region).estate.vaults)) {
    if (lock?.state === 'InProgress') glacier.wakeAt(lock.expires, account, region, name);
    for (const job of Object.values(jobs)) if (job.status === 'InProgress') glacier.wakeAt(job.due, account, region, name);
  }
}
