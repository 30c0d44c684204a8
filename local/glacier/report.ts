import { inventoryAt } from './inventory';
import { estates, isoDate } from './state';
import type { Vault } from './state';
import type { World } from '../server/world';

export interface VaultReport {
  readonly account: string;
  readonly region: string;
  readonly vaultName: string;
  readonly created: string;
  /** As it is now, not as of the last inventory. */
  readonly archives: number;
  readonly lastInventory: string | null;
  readonly accessPolicy: boolean;
  /** Without the lock id, which is shown once and to nobody else. */
  readonly lock: { readonly state: string; readonly created: string; readonly expires: string | null } | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** The vaults for `GET /_local/state`: what is really there, whatever a stale read would still show. */
export function glacierState(world: Pick<World, 'state' | 'clock'>): { readonly vaults: readonly VaultReport[] } {
  const now = world.clock.now();
  const vaults = Object.entries(estates(world)).flatMap(([key, { vaults: byName }]) => {
    const [account = '', region = ''] = key.split('/');
    return Object.values(byName).map((vault) => reportOf(vault, account, region, now));
  });
  return { vaults };
}

function reportOf(vault: Vault, account: string, region: string, now: number): VaultReport {
  const { lock } = vault;
  const inventory = inventoryAt(vault, now);
  const isOver = lock?.state === 'InProgress' && now >= lock.expires;
  return {
    account,
    region,
    vaultName: vault.name,
    created: isoDate(vault.created),
    archives: Object.keys(vault.archives).length,
    lastInventory: inventory && isoDate(inventory.date),
    accessPolicy: vault.accessPolicy !== null,
    lock:
      lock && !isOver
        ? { state: lock.state, created: isoDate(lock.created), expires: lock.state === 'InProgress' ? isoDate(lock.expires) : null }
        : null,
    tags: { ...vault.tags },
  };
}
