/** What is wrong with an acknowledgement that does not match. @param goesStaleWith what it was given for, besides the vault */
export function acknowledgementProblem(vaultName: string, acknowledge: string | undefined, goesStaleWith: string): string {
  if (acknowledge === undefined) return 'is missing';
  if (!acknowledge.startsWith(`${vaultName} `)) return 'is for another vault';
  return `is stale: ${goesStaleWith}, the account or the region is not the one that it was given for`;
}
