import { randomUUID } from 'node:crypto';
import { FunctionRunner, Invocation } from './function-runner';
import { FunctionStore, InvokeConfig, ResolvedFunction } from './function-store';
import { Slots } from './slots';
import { LAMBDA_SWITCHES } from './switches';
import { FunctionInvoker, InvocationResult, Json } from '../cloudformation/resource-type';
import { AwsError } from '../server/service';
import { World } from '../server/world';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
const DEFAULT_RETRY_ATTEMPTS = 2;
const DEFAULT_EVENT_AGE_SECONDS = 6 * 3600;

/** Delivers events to functions as Lambda does: at once, or through the queue with its retries. */
export class Invoker implements FunctionInvoker {
  private readonly slots: Slots;
  private readonly retryDelayMs: number;
  private closed = false;

  constructor(
    private readonly world: World,
    private readonly store: FunctionStore,
    private readonly runner: FunctionRunner,
    private readonly sleep: (milliseconds: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {
    this.slots = new Slots(numberSwitch(world, 'lambda.concurrency'));
    this.retryDelayMs = numberSwitch(world, 'lambda.retryDelayMs');
  }

  /** CloudFormation's way: asynchronous. Resolves after the last try. */
  async invoke(functionName: string, event: Json, scope: { readonly region: string }): Promise<InvocationResult> {
    return this.invokeAsync(this.store.resolve(functionName, scope.region), JSON.stringify(event), randomUUID());
  }

  /** Tries again after an error of the function or a timeout, with the same request id, as often as the function's settings say. */
  async invokeAsync(target: ResolvedFunction, payload: string, requestId: string): Promise<Invocation> {
    const accepted = this.world.clock.now();
    for (let attempt = 0; ; attempt += 1) {
      const result = await this.runQueued(target, payload, requestId);
      const { maximumRetryAttempts = DEFAULT_RETRY_ATTEMPTS, maximumEventAgeInSeconds = DEFAULT_EVENT_AGE_SECONDS } =
        this.invokeConfig(target);
      const tooOld = this.world.clock.now() - accepted > maximumEventAgeInSeconds * 1000;
      if (result.functionError === undefined || attempt >= maximumRetryAttempts || tooOld || this.closed) return result;
      await this.sleep(this.retryDelayMs);
    }
  }

  /** The way of `Invoke` with `RequestResponse`. */
  async invokeSync(target: ResolvedFunction, payload: string, requestId: string): Promise<Invocation> {
    const release = this.slots.tryAcquire(target.configuration.arn, target.record.reservedConcurrency);
    if (release === undefined) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    return this.run(target, payload, requestId, release);
  }

  /** No further tries, and what runs is stopped. */
  close(): void {
    this.closed = true;
    this.runner.close();
  }

  private async runQueued(target: ResolvedFunction, payload: string, requestId: string): Promise<Invocation> {
    if (target.record.reservedConcurrency === 0) return throttled(target, requestId);
    const release = await this.slots.acquire(target.configuration.arn, target.record.reservedConcurrency);
    return this.run(target, payload, requestId, release);
  }

  private async run(target: ResolvedFunction, payload: string, requestId: string, release: () => void): Promise<Invocation> {
    try {
      return await this.runner.run(target, payload, requestId);
    } finally {
      release();
    }
  }

  /** Read anew before each retry: the function may have been changed or deleted meanwhile. */
  private invokeConfig({ configuration, qualifier }: ResolvedFunction): InvokeConfig {
    const record = this.store.find(configuration.name, configuration.region);
    return record === undefined ? { maximumRetryAttempts: 0 } : (record.invokeConfigs[qualifier] ?? {});
  }
}

function throttled({ configuration }: ResolvedFunction, requestId: string): Invocation {
  const errorMessage = `${configuration.name} has a reserved concurrency of 0, so none of its invocations ever starts.`;
  const payload = JSON.stringify({ errorType: 'TooManyRequestsException', errorMessage });
  return { requestId, functionError: 'Unhandled', payload, logTail: '', executedVersion: configuration.version };
}

function numberSwitch(world: World, name: keyof typeof LAMBDA_SWITCHES): number {
  return Number(world.switches[name] ?? LAMBDA_SWITCHES[name].default);
}
