import type { Backup, Place } from './backup';
import { completeBackupJob, completeCopyJob } from './job-completion';
import { expiryOf } from './lifecycle';

/** What happens in a place by itself: jobs end, recovery points expire (in a locked vault, too). */
export function upkeep(backup: Backup, place: Place): void {
  const { backupJobs, copyJobs, vaults } = place.estate;
  const now = backup.now();
  let changed = false;
  for (const job of Object.values(backupJobs)) {
    if (job.state !== 'RUNNING' || now < job.due) continue;
    completeBackupJob(backup, place, job);
    changed = true;
  }
  for (const job of Object.values(copyJobs)) {
    if (job.state !== 'RUNNING' || now < job.due) continue;
    completeCopyJob(backup, place, job);
    changed = true;
  }
  for (const { recoveryPoints } of Object.values(vaults)) {
    for (const { arn, created, lifecycle } of Object.values(recoveryPoints)) {
      const expiry = expiryOf(created, lifecycle);
      if (expiry === null || now < expiry) continue;
      delete recoveryPoints[arn];
      changed = true;
    }
  }
  if (changed) backup.changed();
}

/** Tasks of the clock do not outlive the process, what they are for does. */
export function rearm(backup: Backup, account: string, region: string): void {
  const place = backup.placeOf(account, region);
  const { backupJobs, copyJobs, vaults } = place.estate;
  for (const job of [...Object.values(backupJobs), ...Object.values(copyJobs)]) {
    if (job.state === 'RUNNING') backup.wakeAt(job.due, place);
  }
  for (const { recoveryPoints } of Object.values(vaults)) {
    for (const { created, lifecycle } of Object.values(recoveryPoints)) {
      const expiry = expiryOf(created, lifecycle);
      if (expiry !== null) backup.wakeAt(expiry, place);
    }
  }
}
