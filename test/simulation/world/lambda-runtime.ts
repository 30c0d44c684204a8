import { RequestIds } from './request-ids';
import type { Death, Event, Run } from './runs';
import { bury, never } from './runs';
import type { SimClock } from './sim-clock';
import { MINUTE } from './sim-clock';
import type { Resource } from '../../../lambda/cloudformation/serve';
import { serve } from '../../../lambda/cloudformation/serve';
import type { Mailbox } from '../../../local/cloudformation/custom-resource/mailbox';
import type { FunctionInvoker, InvocationResult, Json } from '../../../local/cloudformation/resource-type';
import type { Slots } from '../../../local/lambda/slots';

/** As the providers configure their functions; a test holds the two together. */
export const FUNCTION_MS = 5 * MINUTE;
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: two more attempts, after one and two minutes. */
const RETRIES_AFTER_MS = [MINUTE, 2 * MINUTE];

/** What goes wrong with the deliveries of one event. */
export interface DeliveryFault {
  /** Which event of the step, counted from 0. */
  readonly event: number;
  /** Further deliveries, in ms after the event was sent. */
  readonly copies: readonly number[];
  /** Of the first attempt, of the second, … */
  readonly deaths: readonly Death[];
  /** So many answers don't get through. */
  readonly lostAnswers: number;
  /** The answers that don't get through are taken, and only the confirmation is lost. */
  readonly lostAfterwards: boolean;
}

export interface RuntimeWatcher {
  /** CloudFormation has sent an event. */
  sent(event: Event): void;
  /** A process has been started. */
  started(run: Run): void;
  /** It was answered, died, or failed. */
  ended(run: Run): void;
  /** One line of the function's log. */
  logged(run: Run, entry: object): void;
}

export interface RuntimeParts {
  readonly clock: SimClock;
  readonly random: () => number;
  readonly mailbox: Mailbox;
  /** By how much a function's clock is ahead of everybody else's. */
  readonly skewMs: number;
  readonly latencyMs: () => number;
  /** The resources of a function, with services that belong to one process. */
  readonly resources: (functionName: string, run: Run) => { readonly [resourceType: string]: Resource };
  /** What CloudFormation is doing with the event's stack: its running number, and its status. */
  readonly operationOf: (stackId: string) => { readonly number: number; readonly status: string };
  readonly watcher: RuntimeWatcher;
  /** How many processes may run at once. */
  readonly slots: Slots;
}

/** Lambda: asynchronous invocations with retries, processes that die, deliveries that come twice. */
export class LambdaRuntime implements FunctionInvoker {
  private readonly requestIds = new RequestIds();
  private plan: readonly DeliveryFault[] = [];
  private sentInStep = 0;
  private started = 0;
  private busy = 0;
  /** The siblings' troubles are over. */
  siblingsAreHealed = false;

  constructor(private readonly parts: RuntimeParts) {}

  /** Replaces the plan, and counts events anew. */
  setPlan(plan: readonly DeliveryFault[]): void {
    this.plan = plan;
    this.sentInStep = 0;
  }

  /** Whether any delivery is going on or still to come. */
  get isIdle(): boolean {
    return this.busy === 0;
  }

  /** As the engine does it; it learns of an end without an answer by its own timeout only, as CloudFormation does. */
  async invoke(functionArn: string, event: Json): Promise<InvocationResult> {
    const name = functionArn.split(':').at(-1) ?? '';
    if (name === 'sibling') await this.sibling(event as unknown as Event);
    else this.deliver(name, event as unknown as Event);
    return never();
  }

  /** Delivers the event as the plan says. */
  private deliver(name: string, sent: Event): void {
    const { watcher } = this.parts;
    const number = this.sentInStep++;
    const event = this.requestIds.given(sent);
    const fault = this.plan.find((each) => each.event === number);
    watcher.sent(event);
    this.later(0, async () => this.attempts(name, event, fault));
    for (const after of fault?.copies ?? []) this.later(after, async () => this.attempts(name, event));
  }

  private later(ms: number, work: () => Promise<void>): void {
    this.busy++;
    void this.parts.clock
      .sleep(ms)
      .then(work)
      .finally(() => this.busy--);
  }

  /** One delivery: tried again when the process dies. */
  private async attempts(name: string, event: Event, fault?: DeliveryFault): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const release = await this.parts.slots.acquire(name);
      const done = await this.run(name, event, {
        death: fault?.deaths[attempt],
        lostAnswers: attempt === 0 ? fault?.lostAnswers : 0,
        fault,
      });
      release();
      const pause = RETRIES_AFTER_MS[attempt];
      if (done || pause === undefined) return;
      await this.parts.clock.sleep(pause);
    }
  }

  private async run(
    name: string,
    event: Event,
    { death, lostAnswers = 0, fault }: { readonly death?: Death; readonly lostAnswers?: number; readonly fault?: DeliveryFault },
  ): Promise<boolean> {
    const { clock, random, skewMs, watcher, resources, operationOf } = this.parts;
    const { number: operation, status: statusAtSending } = operationOf(event.StackId);
    const run: Run = {
      ...{ event, operation, statusAtSending, death, number: this.started++, startedAt: clock.now() },
      ...{ calls: 0, dead: false, answers: [] },
    };
    watcher.started(run);
    let toLose = lostAnswers;
    const served = serve(event, {
      resources: resources(name, run),
      clock: {
        now: () => clock.now() + skewMs,
        sleep: async (ms, signal) => clock.sleep(ms, signal).then(async () => (run.dead ? never() : undefined)),
      },
      log: (entry) => watcher.logged(run, entry),
      random,
      put: async (url, body) => this.put(run, url, body, () => toLose-- > 0, fault?.lostAfterwards ?? false),
      remainingMs: FUNCTION_MS,
    }).then(
      () => true,
      () => false,
    );
    const done = await Promise.race([served, this.endOf(run)]);
    // Whoever has answered is only frozen: when the process thaws for the next event, what was left undone goes on.
    run.dead ||= !done;
    run.endedAt = clock.now();
    watcher.ended(run);
    return done;
  }

  /** When the process dies, or its time is up. */
  private async endOf(run: Run): Promise<false> {
    const { clock } = this.parts;
    return Promise.race([
      new Promise<false>((resolve) => (run.died = () => resolve(false))),
      clock.sleep(FUNCTION_MS).then((): false => false),
    ]);
  }

  private async put(run: Run, url: string, body: string, isLost: () => boolean, afterwards: boolean): Promise<number> {
    const { clock, latencyMs, mailbox } = this.parts;
    if (run.dead) return never();
    const { death } = run;
    const number = run.calls++;
    if (death?.atCall === number && death.when === 'before') return bury(run);
    await clock.sleep(latencyMs());
    if (run.dead) return never();
    const lost = isLost();
    if (!lost || afterwards) {
      run.answers.push(body);
      run.statusAtAnswer ??= this.parts.operationOf(run.event.StackId).status;
      mailbox.receive(new URL(url).pathname.slice(1), Buffer.from(this.requestIds.takenBack(run.event, body)));
    }
    if (lost) run.answerWasLost = true;
    if (lost) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    if (death?.atCall === number) return bury(run);
    return 200;
  }

  /** A resource of somebody else's, which fails when its properties say so. */
  private async sibling(event: Event): Promise<void> {
    const { mailbox } = this.parts;
    const { Fail, DelayMs = '0' } = (event.ResourceProperties ?? {}) as { Fail?: string; DelayMs?: string };
    const before = (event.OldResourceProperties ?? {}) as { Fail?: string };
    const fails = !this.siblingsAreHealed && failsNow(event.RequestType, Fail, before.Fail);
    this.later(Number(DelayMs), async () => {
      const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'sibling' } = event;
      const answer = {
        Status: fails ? 'FAILED' : 'SUCCESS',
        Reason: 'as its properties say',
        PhysicalResourceId,
        StackId,
        RequestId,
        LogicalResourceId,
      };
      mailbox.receive(new URL(event.ResponseURL).pathname.slice(1), Buffer.from(JSON.stringify(answer)));
    });
  }
}

/** `forward` fails a Create or an Update to it, `rollback` the Update that takes it back, `delete` the Delete. */
function failsNow(type: Event['RequestType'], now?: string, before?: string): boolean {
  if (type === 'Delete') return now === 'delete';
  return now === 'forward' || (type === 'Update' && before === 'rollback');
}
