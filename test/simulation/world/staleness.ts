import type { Staleness } from './api';
import { ACCOUNT, OTHER_ACCOUNT } from './services';
import type { SimClock } from './sim-clock';
import { SECOND } from './sim-clock';
import { estates as backupEstates } from '../../../local/backup/state';
import { estates as glacierEstates } from '../../../local/glacier/state';
import type { World } from '../../../local/server/world';

/** Later than that after a change, every read sees it. */
const STALE_MS = 3 * SECOND;

type Shelf = { [name: string]: unknown };

/** Reads that do not see the last change yet. Both services promise nothing about it. */
export class RecentPast implements Staleness {
  private readonly past = new Map<string, { readonly at: number; readonly was: unknown }>();

  constructor(
    private readonly world: Pick<World, 'state'>,
    private readonly clock: SimClock,
    private readonly isOn: () => boolean,
  ) {}

  remember(operation: string, on: string): void {
    if (!this.isOn()) return;
    const was = this.shelfOf(operation, on)?.[on];
    this.past.set(keyOf(operation, on), { at: this.clock.now(), was: was && structuredClone(was) });
  }

  stale<T>(operation: string, on: string, read: () => T | Promise<T>): T | Promise<T> {
    const past = this.past.get(keyOf(operation, on));
    const shelf = this.shelfOf(operation, on);
    if (!past || !shelf || this.clock.now() - past.at > STALE_MS) return read();
    const now = shelf[on];
    put(shelf, on, past.was);
    try {
      return read();
    } finally {
      put(shelf, on, now);
    }
  }

  /** Where the thing that the operation is about is kept. */
  private shelfOf(operation: string, on: string): Shelf | undefined {
    const service = operation.split(':')[0];
    if (service === 'ssm') return Object.values(this.world.state.slice<{ [region: string]: Shelf }>('ssm', () => ({})))[0];
    const estates = service === 'glacier' ? glacierEstates(this.world) : service === 'backup' ? backupEstates(this.world) : {};
    const found = Object.entries(estates).filter(([place]) => place.startsWith(ACCOUNT) || place.startsWith(OTHER_ACCOUNT));
    const shelves = found.map(([, { vaults }]) => vaults as Shelf);
    return shelves.find((vaults) => on in vaults) ?? shelves[0];
  }
}

function keyOf(operation: string, on: string): string {
  return `${operation.split(':')[0]} ${on}`;
}

function put(shelf: Shelf, name: string, value: unknown): void {
  if (value === undefined) delete shelf[name];
  else shelf[name] = value;
}
