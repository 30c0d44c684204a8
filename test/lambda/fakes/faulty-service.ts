import { VirtualClock } from './virtual-clock';

export interface Fault {
  readonly operation: string;
  /** `before`: the call has no effect. `after`: it has, and its answer is lost. */
  readonly when: 'before' | 'after';
  /** `hang`: no answer ever, as in a process that died. */
  readonly error: Error | 'hang';
  /** How often. @default 1 */
  times?: number;
}

export function awsError(name: string, message = name, status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

export const connectionLost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** What all fakes share: latency, a list of calls, faults, and permissions that arrive late or never. */
export class FaultyService {
  readonly calls: string[] = [];
  readonly faults: Fault[] = [];
  /** Until when (ms since 1970) an operation is denied; `*` for all. */
  readonly deniedUntil = new Map<string, number>();
  private oneWay: (operation: string) => number;

  constructor(protected readonly clock: VirtualClock) {
    this.oneWay = () => 5;
  }

  /** One way, in ms. */
  set latency(latency: (operation: string) => number) {
    this.oneWay = latency;
  }

  count(...operations: readonly string[]): number {
    return this.calls.filter((call) => operations.includes(call)).length;
  }

  protected async perform<T>(operation: string, effect: () => T): Promise<T> {
    await this.clock.sleep(this.oneWay(operation));
    this.calls.push(operation);
    if (this.clock.now() < Math.max(this.deniedUntil.get(operation) ?? 0, this.deniedUntil.get('*') ?? 0)) {
      throw awsError(
        'AccessDeniedException',
        `User: arn:aws:sts::123456789012:assumed-role/handler is not authorized to perform: ${operation}`,
        403,
      );
    }
    await this.strike(operation, 'before');
    const result = effect();
    await this.strike(operation, 'after');
    await this.clock.sleep(this.oneWay(operation));
    return result;
  }

  private async strike(operation: string, when: Fault['when']): Promise<void> {
    const fault = this.faults.find((each) => each.operation === operation && each.when === when && (each.times ?? 1) > 0);
    if (!fault) return;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.error === 'hang') await new Promise(() => undefined);
    throw fault.error as Error;
  }
}
