import type { Estate } from './state';

const GIBIBYTE = 1024 ** 3;
/** 10 GB a month, prorated: https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html */
const FREE_BYTES_PER_HOUR = (10 * GIBIBYTE) / 30 / 24;
/** A standard retrieval is counted over the four hours that it takes. */
const HOURS_PER_RETRIEVAL = 4;

/** Whether `bytes` more may be retrieved beside the jobs that are under way. An approximation: AWS does not publish how it counts. */
export function retrievalIsAllowed({ retrievalRule, vaults }: Estate, bytes: number): boolean {
  if (retrievalRule.strategy === 'None') return true;
  const jobs = Object.values(vaults).flatMap((vault) => Object.values(vault.jobs));
  const underWay = jobs
    .filter((job) => job.status === 'InProgress')
    .reduce((sum, { archive }) => sum + (archive ? archive.end + 1 - archive.start : 0), 0);
  return (underWay + bytes) / HOURS_PER_RETRIEVAL <= (retrievalRule.bytesPerHour ?? FREE_BYTES_PER_HOUR);
}
