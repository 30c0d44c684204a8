import { expiryOf } from './lifecycle';
import { lockStateOf } from './lock';
import { estates, isoDate } from './state';
import type { Vault } from './state';
import { vaultState } from './vault-operations';
import type { World } from '../server/world';

export interface BackupVaultReport {
  readonly account: string;
  readonly region: string;
  readonly backupVaultName: string;
  readonly vaultType: string;
  readonly vaultState: string;
  readonly created: string;
  readonly recoveryPoints: number;
  readonly accessPolicy: boolean;
  readonly lock: {
    /** `GOVERNANCE`, `GRACE` or `IMMUTABLE`. */
    readonly state: string;
    readonly minRetentionDays: number | null;
    readonly maxRetentionDays: number | null;
    readonly lockDate: string | null;
  } | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** The backup vaults for `GET /_local/state`. */
export function backupState(world: Pick<World, 'state' | 'clock'>): { readonly backupVaults: readonly BackupVaultReport[] } {
  const now = world.clock.now();
  const backupVaults = Object.entries(estates(world)).flatMap(([key, { vaults }]) => {
    const [account = '', region = ''] = key.split('/');
    return Object.values(vaults).map((vault) => reportOf(vault, account, region, now));
  });
  return { backupVaults };
}

function reportOf(vault: Vault, account: string, region: string, now: number): BackupVaultReport {
  const { lock } = vault;
  const isExpired = (expiry: number | null) => expiry !== null && now >= expiry;
  return {
    account,
    region,
    backupVaultName: vault.name,
    vaultType: vault.type,
    vaultState: vaultState(vault, now),
    created: isoDate(vault.created),
    recoveryPoints: Object.values(vault.recoveryPoints).filter(({ created, lifecycle }) => !isExpired(expiryOf(created, lifecycle))).length,
    accessPolicy: vault.accessPolicy !== null,
    lock: lock && {
      state: vault.type === 'BACKUP_VAULT' ? lockStateOf(lock, now) : 'IMMUTABLE',
      minRetentionDays: lock.minRetentionDays,
      maxRetentionDays: lock.maxRetentionDays,
      lockDate: lock.lockDate === null ? null : isoDate(lock.lockDate),
    },
    tags: { ...vault.tags },
  };
}
