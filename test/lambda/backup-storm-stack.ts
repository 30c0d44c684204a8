import { AsyncLocalStorage } from 'node:async_hooks';
import { Ask, BackupWorld, Event, Response, STACK_ID } from './fakes/backup-world';
import { BackupLock, FakeBackupVault } from './fakes/fake-backup';
import { MINUTE, SECOND } from './fakes/virtual-clock';
import { lockResource } from '../../lambda/backup/lock/resource';
import { Backup } from '../../lambda/backup/services';
import { Clock } from '../../lambda/cloudformation/clock';
import { serve } from '../../lambda/cloudformation/serve';
import { StackDescription } from '../../lambda/cloudformation/stack-phase';
import { ResourceTypes } from '../../src/private/contract';

/** What the function may run, and what CloudFormation waits for an answer, as the provider sets them. */
const FUNCTION_MS = 5 * MINUTE;
const SERVICE_MS = 15 * MINUTE;
/** When Lambda invokes a function again that died. */
const RETRY_MS = 60 * SECOND;
/** Nobody deploys again sooner. */
const BETWEEN_MS = 3 * SECOND;
/** What the pre-signed URL of an answer takes. */
const MAX_ANSWER_BYTES = 4096;

export interface Template {
  readonly VaultName: string;
  readonly Mode: 'governance' | 'compliance';
  readonly MinRetentionDays: number;
  readonly MaxRetentionDays: number;
  readonly CoolingOffDays?: number;
  readonly Acknowledge?: string;
  readonly OnRemoval: 'keep' | 'remove';
}

/** One delivery of an event to the function. */
export interface Delivery {
  /** In ms after the event was sent. */
  readonly after: number;
  /** The process dies so many ms later. */
  readonly diesAfter?: number;
  /** Lambda invokes it again then. */
  readonly retried?: boolean;
}

/** How one step of a deployment goes. */
export interface Course {
  /** Of the event, and of the one that takes it back. */
  readonly deliveries: readonly Delivery[];
  readonly takingBack: readonly Delivery[];
  /** Another resource of the stack fails so many ms after the event was sent; absent: none does. */
  readonly siblingFailsAfter?: number;
}

export interface Running {
  readonly event: Event;
  readonly startedAt: number;
  /** The invocation belongs to a deployment that goes forward, as CloudFormation sent it. */
  readonly forward: boolean;
  answers: number;
  died: boolean;
}

export interface LockChange {
  readonly by?: Running;
  readonly at: number;
  readonly vault: string;
  /** Of the stack of `by`. */
  readonly status: string;
  /** The lock before was not made by the stack. */
  readonly wasForeign: boolean;
  readonly before?: BackupLock;
  readonly after?: BackupLock;
}

/** How the last event of a resource ended; `undefined`: nobody answered in time. */
export type Answer = Response | undefined;

type Status = StackDescription | undefined;

const never = async () => new Promise<never>(() => undefined);

/** CloudFormation, Lambda, and one stack with one lock: everything comes twice, late, and dies in between. */
export class StormStack extends BackupWorld {
  readonly changes: LockChange[] = [];
  readonly invocations: Running[] = [];
  readonly broken: string[] = [];
  /** By how much the function's clock differs from CloudFormation's and AWS Backup's. */
  skewMs = 0;
  /** Between 0 and 1. */
  random: () => number;
  template?: Template;
  physicalId?: string;
  /** What the invocations that still run, or are still to come, will resolve to. */
  private running: Promise<unknown>[] = [];
  private readonly invocation = new AsyncLocalStorage<Running>();
  private readonly statuses = new Map<string, Status>();
  private generation = 0;
  private unfinished = 0;

  constructor() {
    super();
    this.random = () => 0.5;
    Object.defineProperty(this.stacks, 'stack', {
      get: () => this.statuses.get(this.invocation.getStore()?.event.StackId ?? this.stackId),
    });
  }

  get stackId(): string {
    return STACK_ID.replace(/.$/, String(this.generation));
  }

  get status(): string {
    return this.statuses.get(this.stackId)?.status ?? '';
  }

  /** A vault whose every change of its lock is written down. */
  watch(name: string, lock?: BackupLock): FakeBackupVault {
    const vault = this.backup.put(name);
    let current = lock;
    let wasForeign = true;
    Object.defineProperty(vault, 'lock', {
      enumerable: true,
      get: () => current,
      set: (after: BackupLock | undefined) => {
        const before = current;
        current = after;
        const by = this.invocation.getStore();
        const { status = '' } = this.stacks.stack ?? {};
        this.changes.push({ by, at: this.clock.now(), vault: name, status, wasForeign, before, after });
        wasForeign = by === undefined;
        this.logs.push(JSON.stringify({ ms: this.clock.now(), run: by && this.invocations.indexOf(by), before, after }));
      },
    });
    return vault;
  }

  /** Whether a process died that worked on such a request. */
  diedIn(type: 'Create' | 'Update' | 'Delete'): boolean {
    return this.invocations.some(({ died, event }) => died && event.RequestType === type);
  }

  /** Nothing runs any more and nothing is still to come. */
  get isAtRest(): boolean {
    return this.unfinished === 0;
  }

  /** Waits until it is at rest. */
  async settle(): Promise<void> {
    while (this.running.length > 0) await Promise.all(this.running.splice(0));
  }

  /** Adds the lock to the stack, or changes it. */
  async deploy(template: Template, course: Course): Promise<Answer> {
    await this.clock.sleep(BETWEEN_MS);
    const isNew = !this.statuses.has(this.stackId);
    this.begin(isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS');
    return this.template ? this.update(template, this.template, course) : this.create(template, isNew, course);
  }

  /** An Update that changes nothing that counts. */
  async redeploy({ deliveries }: Course): Promise<Answer> {
    this.begin('UPDATE_IN_PROGRESS');
    const properties = { ...this.template, Unrelated: this.invocations.length };
    const { physicalId, template: old } = this;
    const answer = await this.answerTo({ type: 'Update', resource: 'BACKUP_VAULT_LOCK', properties, old, physicalId }, deliveries);
    this.turn('UPDATE_COMPLETE');
    return answer;
  }

  /** Takes the lock out of the stack. */
  async remove(course: Course): Promise<Answer> {
    this.begin('UPDATE_IN_PROGRESS');
    this.turn('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    const answer = await this.delete(this.template as Template, course.deliveries, this.physicalId);
    this.forget('UPDATE_COMPLETE');
    return answer;
  }

  /** Deletes the stack; what follows happens in a new one of the same name. */
  async deleteStack(course: Course): Promise<Answer> {
    this.turn('DELETE_IN_PROGRESS');
    const answer = this.template && (await this.delete(this.template, course.deliveries, this.physicalId));
    this.forget(!answer || answer.Status === 'SUCCESS' ? 'DELETE_COMPLETE' : 'DELETE_FAILED');
    this.generation++;
    return answer;
  }

  private async create(template: Template, isNew: boolean, course: Course): Promise<Answer> {
    const answer = await this.askOrFail({ type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties: template }, course);
    if (answer?.Status === 'SUCCESS' && course.siblingFailsAfter === undefined) {
      this.turn(isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
      this.template = template;
      this.physicalId = answer.PhysicalResourceId;
      return answer;
    }
    if (isNew) {
      this.turn('ROLLBACK_IN_PROGRESS');
    } else {
      this.turn('UPDATE_ROLLBACK_IN_PROGRESS');
      await this.clock.sleep(SECOND);
      this.turn('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    }
    const invented = `archive-Thing-${this.invocations.length}ABCDEFGHIJK`;
    const back = await this.delete(template, course.takingBack, answer?.PhysicalResourceId ?? invented);
    if (isNew) {
      this.turn('ROLLBACK_COMPLETE');
      this.turn('DELETE_COMPLETE');
      this.generation++;
    } else {
      this.turn('UPDATE_ROLLBACK_COMPLETE');
    }
    return back;
  }

  private async update(template: Template, old: Template, course: Course): Promise<Answer> {
    const { physicalId = '' } = this;
    const ask = { type: 'Update', resource: 'BACKUP_VAULT_LOCK', properties: template, old, physicalId } as const;
    const answer = await this.askOrFail(ask, course);
    const now = answer?.Status === 'SUCCESS' ? answer.PhysicalResourceId : physicalId;
    if (answer?.Status === 'SUCCESS' && course.siblingFailsAfter === undefined) {
      this.turn('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      if (now !== physicalId) await this.delete(old, [{ after: 0 }], physicalId);
      this.turn('UPDATE_COMPLETE');
      this.template = template;
      this.physicalId = now;
      return answer;
    }
    this.turn('UPDATE_ROLLBACK_IN_PROGRESS');
    const back = await this.answerTo({ ...ask, properties: old, old: template, physicalId: now }, course.takingBack);
    if (back?.Status !== 'SUCCESS') {
      this.turn('UPDATE_ROLLBACK_FAILED');
      this.physicalId = now;
      return back;
    }
    this.turn('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    if (now !== back.PhysicalResourceId) await this.delete(template, [{ after: 0 }], now);
    this.turn('UPDATE_ROLLBACK_COMPLETE');
    this.physicalId = back.PhysicalResourceId;
    return back;
  }

  private async delete(template: Template, deliveries: readonly Delivery[], physicalId: string | undefined): Promise<Answer> {
    return this.answerTo({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties: template, physicalId }, deliveries);
  }

  /** @returns nothing if the other resource fails first: then CloudFormation does not wait for the answer */
  private async askOrFail(ask: Ask, { deliveries, siblingFailsAfter }: Course): Promise<Answer> {
    const sibling = siblingFailsAfter === undefined ? never() : this.clock.sleep(siblingFailsAfter).then(() => undefined);
    const sentAt = this.clock.now();
    const answer = await Promise.race([this.answerTo(ask, deliveries), sibling]);
    if (siblingFailsAfter !== undefined && answer) await this.clock.sleep(Math.max(0, sentAt + siblingFailsAfter - this.clock.now()));
    return answer;
  }

  /** The first answer to an event, or nothing when there was none for as long as CloudFormation waits. */
  private async answerTo(ask: Ask, deliveries: readonly Delivery[]): Promise<Answer> {
    const event = this.event({ ...ask, stackId: this.stackId });
    const forward = this.status === 'CREATE_IN_PROGRESS' || this.status === 'UPDATE_IN_PROGRESS';
    const answers = deliveries.map(async (delivery) => this.invokeLater(event, forward, delivery));
    this.unfinished += answers.length;
    for (const each of answers) void each.finally(() => this.unfinished--);
    this.running.push(...answers);
    const first = Promise.any(answers.map(async (answer) => answer.then((response) => response ?? Promise.reject(new Error('died')))));
    return Promise.race([first.catch(never), this.clock.sleep(SERVICE_MS).then(() => undefined)]);
  }

  private async invokeLater(event: Event, forward: boolean, { after, diesAfter, retried }: Delivery): Promise<Answer> {
    await this.clock.sleep(after);
    const answer = await this.invoke(event, forward, diesAfter);
    if (answer || !retried) return answer;
    await this.clock.sleep(RETRY_MS);
    return this.invoke(event, forward);
  }

  private async invoke(event: Event, forward: boolean, diesAfter?: number): Promise<Answer> {
    const running: Running = { event, startedAt: this.clock.now(), forward, answers: 0, died: false };
    this.invocations.push(running);
    return this.invocation.run(running, async () => {
      const death =
        diesAfter === undefined ? never() : this.clock.sleep(diesAfter).then(() => void (running.died ||= running.answers === 0));
      return Promise.race([this.run(running), death]);
    });
  }

  private async run(running: Running): Promise<Response> {
    let body = '';
    const clock: Clock = { now: () => this.clock.now() + this.skewMs, sleep: async (ms, signal) => this.clock.sleep(ms, signal) };
    const services = this.services();
    const resource = lockResource({
      stacks: mortal(services.stacks, running),
      backup: (...where) => mortal<Backup>(services.backup(...where), running),
      assumeRole: services.assumeRole,
    });
    await serve(running.event, {
      resources: { [ResourceTypes.BACKUP_VAULT_LOCK]: resource },
      clock,
      log: (entry) => this.logs.push(JSON.stringify({ ms: this.clock.now(), run: this.invocations.indexOf(running), ...entry })),
      random: () => this.random(),
      put: async (_url, text) => {
        if (running.died) return never();
        running.answers++;
        body = text;
        if (Buffer.byteLength(text) > MAX_ANSWER_BYTES) this.broken.push(`answer of ${Buffer.byteLength(text)} bytes`);
        if (this.clock.now() - running.startedAt >= FUNCTION_MS) {
          this.broken.push(`answer after ${this.clock.now() - running.startedAt} ms`);
        }
        return 200;
      },
      remainingMs: FUNCTION_MS,
    });
    if (running.answers !== 1) this.broken.push(`${running.answers} answers to one delivery`);
    return JSON.parse(body) as Response;
  }

  private begin(status: string): void {
    const isFirst = !this.statuses.has(this.stackId);
    this.statuses.set(this.stackId, { status, lastUpdated: isFirst ? undefined : new Date(this.clock.now()).toISOString() });
  }

  private turn(status: string): void {
    this.statuses.set(this.stackId, { ...this.statuses.get(this.stackId), status });
    this.logs.push(JSON.stringify({ ms: this.clock.now(), stack: status }));
  }

  private forget(status: string): void {
    this.turn(status);
    this.template = undefined;
    this.physicalId = undefined;
  }
}

/** A service that nobody hears of any more once the process is dead; a call that was on its way still has its effect. */
function mortal<T extends object>(service: T, running: Running): T {
  return new Proxy(service, {
    get:
      (target, name) =>
      async (...given: unknown[]) => {
        if (running.died) return never();
        const call = (target as Record<string | symbol, (...given: unknown[]) => Promise<unknown>>)[name] as (
          ...given: unknown[]
        ) => Promise<unknown>;
        try {
          return await call.apply(target, given);
        } finally {
          if (running.died) await never();
        }
      },
  });
}
