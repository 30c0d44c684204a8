import { Stack } from '../cloudformation/owner';

/** Of a vault in the stack's account and region; the only ones that a stack can make. */
export function vaultArn({ partition, region, account }: Stack, vaultName: string): string {
  return `arn:${partition}:glacier:${region}:${account}:vaults/${vaultName}`;
}
