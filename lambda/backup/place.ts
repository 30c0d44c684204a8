import { VAULT_NAME } from '../../src/private/backup-limits';
import { BackupVaultPlace } from '../../src/private/contract';
import { Stack } from '../cloudformation/owner';
import { shown } from '../cloudformation/properties';
import { Refusal } from '../cloudformation/refusal';
import { Properties } from '../cloudformation/request';

/** Where a vault is, and how to get there. */
export interface Place {
  readonly vaultName: string;
  readonly region: string;
  readonly arn: string;
  readonly roleArn?: string;
}

/** @throws Refusal */
export function parsePlace(properties: Properties, stack: Stack): Place {
  const place = readPlace(properties, stack);
  if (place) return place;
  throw new Refusal(
    `\`vault\`: the lock and the access policy of AWS Backup take vault names of 2 to 50 of A-Z a-z 0-9 _ -; it is ${shown(properties.VaultName)}.`,
  );
}

/** Without judging; `undefined`: the properties name no vault. */
export function readPlace(properties: Properties, stack: Stack): Place | undefined {
  const given = properties as Partial<Record<keyof BackupVaultPlace, unknown>>;
  const vaultName = given.VaultName;
  // Anything else would be a call on something else: the name is part of the path.
  if (typeof vaultName !== 'string' || !new RegExp(`^${VAULT_NAME}$`).test(vaultName)) return undefined;
  const region = String(given.VaultRegion || stack.region);
  const account = String(given.VaultAccount || stack.account);
  return {
    vaultName,
    region,
    arn: `arn:${stack.partition}:backup:${region}:${account}:backup-vault:${vaultName}`,
    roleArn: given.RoleArn ? String(given.RoleArn) : undefined,
  };
}
