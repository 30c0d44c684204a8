import type { FakeBackupVault } from './fake-backup';
import { VirtualClock } from './virtual-clock';

interface Snapshot {
  /** Up to when (ms since 1970) the vaults looked so. */
  readonly until: number;
  readonly vaults: ReadonlyMap<string, FakeBackupVault>;
}

/** How the vaults looked before each write. */
export class FakeVaultHistory {
  private readonly snapshots: Snapshot[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly vaults: ReadonlyMap<string, FakeBackupVault>,
  ) {}

  /** To be called before a write. */
  remember(): void {
    const vaults = new Map([...this.vaults].map(([name, vault]) => [name, { ...vault }]));
    this.snapshots.push({ until: this.clock.now(), vaults });
  }

  /** The vault as a read shows it that knows of nothing newer than so long ago. */
  seen(name: string, staleMs: number): FakeBackupVault | undefined {
    const then = this.clock.now() - staleMs;
    const former = staleMs > 0 ? this.snapshots.find(({ until }) => until > then) : undefined;
    return (former?.vaults ?? this.vaults).get(name);
  }
}
