import { LOCK_RECORD_PREFIX } from '../../../src/private/contract';
import type { Operation } from '../program/play';
import { backupVaultOf, vaultNameOf } from '../program/template';
import type { GlacierSlotName, TemplateSpec, BackupSlotName } from '../program/template-spec';
import type { CallRecord } from '../world/api';
import { isLasting } from '../world/faults';
import type { Fault } from '../world/faults';
import type { Event, Run } from '../world/runs';
import { REGION } from '../world/services';
import { MINUTE } from '../world/sim-clock';
import type { SimWorld } from '../world/sim-world';

/** What is known of an event that CloudFormation sent. */
export interface Sending {
  readonly event: Event;
  readonly operation: number;
  readonly at: number;
  /** The stack's status then. */
  readonly status: string;
}

/** A call that was decided upon while the deployment went forward may arrive that much later. */
const ON_ITS_WAY_MS = 2 * MINUTE;
/** Without these one can still take back what was made. */
const MAKING = ['ssm:PutParameter', 'glacier:InitiateVaultLock', 'glacier:CompleteVaultLock', 'glacier:AddTagsToVault'];
/** More than that on one call, and a handler may give up. */
const FEW = 4;
/** The lease of a process that died is over then. */
const AFTERMATH_MS = 10 * MINUTE;
/** So often an answer is put. */
export const ANSWER_ATTEMPTS = 5;

export type Sent = { readonly [name: string]: unknown };

export const sent = ({ event }: Run): Sent => event.ResourceProperties as Sent;
export const sentBefore = ({ event }: Run): Sent => (event.OldResourceProperties ?? {}) as Sent;
export const isForward = (status: string) => status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS';

/** What happened so far, as far as judging needs it. */
export class Evidence {
  private readonly sendings = new Map<string, Sending>();
  private readonly writers = new WeakSet<Run>();
  /** Whether a process was told that its deployment goes forward, when it asked last. */
  private readonly told = new WeakMap<Run, boolean | undefined>();
  private readonly startedLate = new WeakSet<Run>();
  private readonly meddledAt = new Set<number>();
  private readonly hung = new WeakSet<Run>();
  private disturbedAt = -Infinity;
  private wasAtRest = true;
  private readonly forwardUntil = new Map<string, number>();
  /** Contents that a deployed template acknowledged: `<vault> <policy>` and `<vault> <min> <max>`. */
  readonly acknowledged = new Set<string>();
  /** When the console was used last. */
  interferedAt = -Infinity;
  /** Some answer may never have got through. */
  losesAnswers = false;
  /** What is going on now, or was last. */
  operation?: Operation;

  constructor(readonly world: SimWorld) {}

  begins(operation: Operation): void {
    this.operation = operation;
    this.losesAnswers ||= operation.trouble?.deliveries.some(({ lostAnswers }) => lostAnswers >= ANSWER_ATTEMPTS) ?? false;
    this.wasAtRest = this.world.runtime.isIdle;
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

  /** Sent in what is going on now, or was last, and by the stack's last operation. */
  isOfOperation({ ResponseURL, StackId }: Event): boolean {
    const { operation } = this.sendings.get(ResponseURL) ?? {};
    return operation === this.world.operationNumber && operation === this.world.operationsOn(StackId);
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

  /** A process starts: in what the stack is doing then. */
  started(by: Run): void {
    if (!this.goesForward(by)) this.startedLate.add(by);
  }

  /** A process asks CloudFormation how the stack is. */
  asks({ by, operation, error, fault }: CallRecord): void {
    const isAnswered = error === undefined && fault === undefined;
    if (operation === 'cloudformation:DescribeStacks') this.told.set(by, isAnswered ? this.goesForward(by) : undefined);
  }

  /** CloudFormation did not say, and nobody else can know. */
  isUntold(by: Run): boolean {
    return this.told.has(by) && this.told.get(by) === undefined;
  }

  private goesForward({ event }: Run): boolean {
    const { operation } = this.sendings.get(event.ResponseURL) ?? {};
    return this.world.operationsOn(event.StackId) === operation && isForward(this.statusOf(event.StackId));
  }

  /** The stack was not going forward any more when the process started, or for longer than a call may be on its way. */
  isTooLate(by: Run): boolean {
    return this.startedLate.has(by) || this.told.get(by) === false || this.forwardAgo(by) > ON_ITS_WAY_MS;
  }

  /** Somebody used the console while a process was at work, which cannot tell. */
  isMeddledWith(at: number): boolean {
    return this.meddledAt.has(at);
  }

  interferes(): void {
    const { clock, runtime } = this.world;
    this.interferedAt = clock.now();
    if (!runtime.isIdle || this.isAnnounced()) this.meddledAt.add(this.interferedAt);
  }

  /** A process has died after it had announced a lock, and might have made one until its lease ends. */
  private isAnnounced(): boolean {
    const { clock, models, glacierVaults } = this.world;
    const intents = Object.keys(glacierVaults).map((name) => models.parameters.find(`${LOCK_RECORD_PREFIX}${name}/intent`, REGION));
    return intents.some((intent) => intent && leaseOf(intent.value) >= clock.now() - MINUTE);
  }

  /** One of its calls was answered only after minutes. */
  hasHung(by: Run): boolean {
    return this.hung.has(by);
  }

  hangs(by: Run): void {
    this.hung.add(by);
  }

  /** A process died or had to give up: what it announced stands for a while, and makes others wait. */
  disturbed(): void {
    this.disturbedAt = this.world.clock.now();
  }

  wasDisturbed(): boolean {
    return this.world.clock.now() - this.disturbedAt < AFTERMATH_MS;
  }

  /** Nothing goes wrong in this operation, and nothing did shortly before, but a few faults that pass. */
  isLight(): boolean {
    const { operation } = this;
    if (!operation || !this.wasAtRest || !this.isUntouched() || this.wasDisturbed()) return false;
    const { faults = [], deliveries = [] } = operation.trouble ?? {};
    const times = faults.reduce((sum, fault) => sum + fault.times, 0);
    const isBad = deliveries.some(({ deaths, lostAnswers }) => deaths.length > 0 || lostAnswers >= ANSWER_ATTEMPTS);
    return times <= FEW && !isBad && !isHopeless(operation);
  }

  /** Nobody used the console since, or ever. */
  isUntouched(since = -Infinity): boolean {
    return this.interferedAt <= since;
  }
}

const leaseOf = (intent: string) => (JSON.parse(intent) as { readonly leaseUntil?: number }).leaseUntil ?? 0;

/** Something was denied or closed for as long as the operation took: then nothing that is to be done can be demanded. */
export function isHopeless({ trouble }: Operation): boolean {
  return trouble?.faults.some(isStubborn) ?? false;
}

/** What was begun cannot be taken back. */
export function isStuck({ trouble }: Operation): boolean {
  return trouble?.faults.some((fault) => isStubborn(fault) && !(MAKING.includes(fault.operation) && fault.kind !== 'hang')) ?? false;
}

function isStubborn({ kind, times }: Fault): boolean {
  return isLasting(kind) || kind === 'hang' || times > FEW;
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
