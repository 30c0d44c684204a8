import type { Operation } from '../program/play';
import type { GlacierSlotName, TemplateSpec } from '../program/spec';
import { backupVaultOf, vaultNameOf } from '../program/template';
import type { BackupSlotName } from '../program/spec';
import { isLasting } from '../world/faults';
import type { Event, Run } from '../world/runs';
import type { SimWorld } from '../world/sim-world';

/** What is known of an event that CloudFormation sent. */
export interface Sending {
  readonly event: Event;
  readonly operation: number;
  readonly at: number;
  /** The stack's status then. */
  readonly status: string;
}

export type Sent = { readonly [name: string]: unknown };

export const sent = ({ event }: Run): Sent => event.ResourceProperties as Sent;
export const sentBefore = ({ event }: Run): Sent => (event.OldResourceProperties ?? {}) as Sent;
export const isForward = (status: string) => status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS';

/** What happened so far, as far as judging needs it. */
export class Evidence {
  private readonly sendings = new Map<string, Sending>();
  private readonly writers = new WeakSet<Run>();
  private readonly forwardUntil = new Map<string, number>();
  /** Contents that a deployed template acknowledged: `<vault> <policy>` and `<vault> <min> <max>`. */
  readonly acknowledged = new Set<string>();
  /** When the console was used last. */
  interferedAt = -Infinity;
  /** What is going on now, or was last. */
  operation?: Operation;

  constructor(readonly world: SimWorld) {}

  begins(operation: Operation): void {
    this.operation = operation;
    const { template } = operation;
    if (template) for (const content of acknowledgedContents(template)) this.acknowledged.add(content);
  }

  sent(event: Event): void {
    const { world } = this;
    const status = this.statusOf(event.StackId);
    this.sendings.set(event.ResponseURL, { event, status, operation: world.operationNumber, at: world.clock.now() });
  }

  sendingOf({ event }: Run): Sending {
    const sending = this.sendings.get(event.ResponseURL);
    if (!sending) throw new Error('an event that was never sent');
    return sending;
  }

  statusOf(stackId: string): string {
    return this.world.engine.api.store.state.stacks[stackId]?.status ?? 'DELETE_COMPLETE';
  }

  /** To be called at every call: how long ago the event's deployment was last seen going forward, in ms. */
  forwardAgo(by: Run): number {
    const { world } = this;
    const key = by.event.ResponseURL;
    const sending = this.sendingOf(by);
    const isSame = world.operationsOn(by.event.StackId) === sending.operation;
    if (isSame && isForward(this.statusOf(by.event.StackId))) this.forwardUntil.set(key, world.clock.now());
    return world.clock.now() - (this.forwardUntil.get(key) ?? -Infinity);
  }

  /** Whether the process has written something before, which it may take back. */
  takesBack(by: Run): boolean {
    return this.writers.has(by);
  }

  wrote(by: Run): void {
    this.writers.add(by);
  }

  /** Nobody used the console since, or ever. */
  isUntouched(since = -Infinity): boolean {
    return this.interferedAt <= since;
  }

  /** Something was denied or closed for as long as the operation took: then nothing that is to be done can be demanded. */
  static isHopeless({ trouble }: Operation): boolean {
    return trouble?.faults.some(({ kind }) => isLasting(kind)) ?? false;
  }
}

function acknowledgedContents({ glacier, backup }: TemplateSpec): string[] {
  const contents: string[] = [];
  for (const [name, slot] of Object.entries(glacier)) {
    const { lock } = slot;
    const vault = vaultNameOf(name as GlacierSlotName, slot);
    const completes = lock?.stage === 'complete' || lock?.stage === 'completeOnceAcknowledged';
    if (lock && completes && lock.acknowledge === 'right') contents.push(`${vault} ${lock.policy}`);
  }
  for (const [name, slot] of Object.entries(backup)) {
    const { lock } = slot;
    const isGiven = lock?.mode === 'compliance' && lock.acknowledge === 'right';
    if (isGiven) contents.push(`${backupVaultOf(name as BackupSlotName, slot)} ${lock.min} ${lock.max}`);
  }
  return contents;
}
