import type { Inventory, Vault } from './state';

export const DAY_MS = 24 * 60 * 60 * 1000;
/** A vault with one archive of 4 bytes was seen to report 32,772 bytes. */
export const OVERHEAD_PER_ARCHIVE = 32 * 1024;

/**
 * The vault's inventory at `now`. One is taken every 24 hours from the first upload, and only if something was written since the last.
 * Has to be asked before each write, so that an inventory that fell due in between shows what was there at its own time.
 */
export function inventoryAt(vault: Pick<Vault, 'firstWrite' | 'lastWrite' | 'archives' | 'inventory'>, now: number): Inventory | null {
  if (vault.firstWrite === null || vault.lastWrite === null) return vault.inventory;
  const days = Math.floor((vault.lastWrite - vault.firstWrite) / DAY_MS) + 1;
  const due = vault.firstWrite + days * DAY_MS;
  if (due > now || (vault.inventory && vault.inventory.date >= due)) return vault.inventory;
  return { date: due, archives: Object.values(vault.archives) };
}

/** Nothing was ever written, or nothing was there at the last inventory and nothing was written since. */
export function isDeletable(vault: Vault): boolean {
  if (vault.lastWrite === null) return true;
  return vault.inventory !== null && vault.inventory.date > vault.lastWrite && vault.inventory.archives.length === 0;
}

export function sizeInBytes(inventory: Inventory | null): number {
  return (inventory?.archives ?? []).reduce((sum, archive) => sum + archive.size + OVERHEAD_PER_ARCHIVE, 0);
}
