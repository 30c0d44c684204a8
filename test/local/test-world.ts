import { VirtualClock } from '../../local/server/clock';
import { FaultGate } from '../../local/server/operation-gate';
import { MemoryState } from '../../local/server/state-folder';
import type { Authoriser, World } from '../../local/server/world';

export interface TestWorld extends World {
  readonly clock: VirtualClock;
  readonly gate: FaultGate;
  readonly state: MemoryState;
  /** Settable, because a real authoriser needs the world's own state and clock. */
  iam: Authoriser;
  /** Settable, because a server knows its port only when it listens. */
  url: string;
}

/** A world in memory: the clock stands still until it is advanced, everybody may do everything. */
export function testWorld(options: { now?: string; switches?: Record<string, string> } = {}): TestWorld {
  const start = Date.parse(options.now ?? '2026-01-01T00:00:00.000Z');
  const clock = new VirtualClock(() => start);
  const world: TestWorld = {
    accountId: '123456789012',
    clock,
    state: new MemoryState(),
    gate: new FaultGate(clock),
    iam: { authorise: () => {} },
    url: 'http://127.0.0.1:1',
    endpoint: () => world.url,
    switches: options.switches ?? {},
  };
  return world;
}
