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
  if (isVaultName(properties.VaultName)) {
    throw new Refusal(
      `\`vault\` is one of account ${shown(properties.VaultAccount ?? stack.account)}, but the calls would be made in account ` +
        `${shown(callingAccount(properties, stack))}. Give a \`role\` of the vault's account, and import the vault by its ARN.`,
    );
  }
  throw new Refusal(
    `\`vault\`: the lock and the access policy of AWS Backup take vault names of 2 to 50 of A-Z a-z 0-9 _ -; it is ${shown(properties.VaultName)}.`,
  );
}

/** Without judging; `undefined`: the properties name no vault, or one of an account that the calls would not reach. */
export function readPlace(properties: Properties, stack: Stack): Place | undefined {
  const given = properties as Partial<Record<keyof BackupVaultPlace, unknown>>;
  const vaultName = given.VaultName;
  const region = String(given.VaultRegion || stack.region);
  const account = String(given.VaultAccount || stack.account);
  // Otherwise it would be a vault of the same name in another account.
  if (!isVaultName(vaultName) || account !== callingAccount(properties, stack)) return undefined;
  return {
    vaultName,
    region,
    arn: `arn:${stack.partition}:backup:${region}:${account}:backup-vault:${vaultName}`,
    roleArn: given.RoleArn ? String(given.RoleArn) : undefined,
  };
}

/** Anything else would be a call on something else: the name is part of the path. */
function isVaultName(value: unknown): value is string {
  return typeof value === 'string' && new RegExp(`^${VAULT_NAME}$`).test(value);
}

function callingAccount({ RoleArn }: Properties, stack: Stack): string {
  return RoleArn ? (String(RoleArn).split(':')[4] ?? '') : stack.account;
}
