import type { FaultKind, FaultPlan } from './faults';
import { isRead, strikeOf } from './faults';
import { bury, never } from './runs';
import type { Run } from './runs';
import type { SimClock } from './sim-clock';
import { AwsError } from '../../../local/server/service';

/** One call as it happened. */
export interface CallRecord {
  readonly by: Run;
  readonly operation: string;
  /** The vault, parameter or stack. */
  readonly on: string;
  readonly at: number;
  readonly fault?: FaultKind;
  /** Absent: it had an effect, or a read was answered. */
  readonly error?: string;
}

/** Told of everything that happens between handlers and services. */
export interface Watcher {
  /** Right before a call may have an effect. */
  before(operation: string, on: string, by: Run): void;
  /** Right after it had, or was refused. */
  after(record: CallRecord): void;
}

/** What of the state a stale read looks at. */
export interface Staleness {
  /** Called before a writing call. */
  remember(operation: string, on: string): void;
  /** Runs a read against what was there before the last writing call, if that is recent. */
  stale<T>(operation: string, on: string, read: () => T | Promise<T>): T | Promise<T>;
}

export interface ApiParts {
  readonly clock: SimClock;
  readonly faults: FaultPlan;
  readonly latencyMs: () => number;
  readonly staleness: Staleness;
  readonly watcher: Watcher;
  /** Throws an AwsError for what comes too fast. @default - nothing does */
  readonly admit?: (operation: string) => void;
}

/** The network between a process and the services: slow, lossy, and cut when the process dies. */
export class ApiCalls {
  constructor(private readonly parts: ApiParts) {}

  async call<T>(by: Run, operation: string, on: string, effect: () => T | Promise<T>): Promise<T> {
    const { clock, latencyMs } = this.parts;
    if (by.dead) return never();
    const number = by.calls++;
    if (dies(by, number, 'before')) return bury(by);
    await clock.sleep(latencyMs());
    // A request that is on its way arrives even if its sender has died meanwhile.
    const result = await this.arrive(by, operation, on, effect).catch(async (error: unknown) => {
      await clock.sleep(latencyMs());
      throw by.dead ? await never() : error;
    });
    if (dies(by, number, 'after')) return bury(by);
    await clock.sleep(latencyMs());
    return by.dead ? never() : result;
  }

  private async arrive<T>(by: Run, operation: string, on: string, effect: () => T | Promise<T>): Promise<T> {
    const { faults, staleness } = this.parts;
    this.admit(by, operation, on);
    const fault = faults.take(operation);
    if (fault === undefined) return this.happen(by, operation, on, effect);
    if (fault === 'stale') return this.happen(by, operation, on, () => staleness.stale(operation, on, effect), fault);
    return this.strike(by, operation, on, effect, fault);
  }

  private admit(by: Run, operation: string, on: string): void {
    const { clock, watcher, admit } = this.parts;
    try {
      admit?.(operation);
    } catch (error) {
      watcher.after({ by, operation, on, at: clock.now(), error: (error as Error).name });
      throw error instanceof AwsError ? asSdkError(error) : error;
    }
  }

  private async strike<T>(
    by: Run,
    operation: string,
    on: string,
    effect: () => T | Promise<T>,
    fault: Exclude<FaultKind, 'stale'>,
  ): Promise<T> {
    const { clock, watcher } = this.parts;
    const { when, error, ms = 0 } = strikeOf(fault);
    if (when === 'after') await this.happen(by, operation, on, effect, fault);
    else watcher.after({ by, operation, on, at: clock.now(), fault, error: error(operation).name });
    if (ms > 0) await clock.sleep(ms);
    throw error(operation);
  }

  private async happen<T>(by: Run, operation: string, on: string, effect: () => T | Promise<T>, fault?: FaultKind): Promise<T> {
    const { clock, staleness, watcher } = this.parts;
    if (!isRead(operation)) staleness.remember(operation, on);
    watcher.before(operation, on, by);
    const record = { by, operation, on, at: clock.now(), fault };
    try {
      const made = effect();
      // What happens at once is told at once, before anything else happens.
      const result = made instanceof Promise ? ((await made) as T) : made;
      watcher.after(record);
      return result;
    } catch (error) {
      watcher.after({ ...record, error: (error as Error).name });
      throw error instanceof AwsError ? asSdkError(error) : error;
    }
  }
}

function dies({ death }: Run, number: number, when: 'before' | 'after'): boolean {
  return death !== undefined && death.atCall === number && death.when === when;
}

/** As the SDK hands it to the handlers. */
function asSdkError({ code, message, status }: AwsError): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
}
