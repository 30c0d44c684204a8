import { randomUUID } from 'node:crypto';
import { CodeFolder } from './code-folder';
import { Credentials, functionEnvironment } from './environment';
import { FunctionConfiguration, ResolvedFunction } from './function-store';
import { InvocationLog } from './invocation-log';
import { Sandbox, SandboxEnd, startSandbox } from './sandbox';
import { LogSink, LogStore } from '../logs/log-store';
import { World } from '../server/world';

export interface Invocation {
  readonly requestId: string;
  /** Absent: the handler returned normally. */
  readonly functionError?: string;
  readonly payload: string;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
  readonly executedVersion: string;
}

export interface FunctionRunnerProps {
  readonly world: World;
  readonly code: CodeFolder;
  readonly logs: LogStore;
  readonly credentialsForRole: (roleArn: string, sessionName: string) => Credentials;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib: 10 seconds. */
const INIT_LIMIT_MS = 10_000;
/** Callback handlers ended with nodejs22.x, as the runtime itself announces. */
const FIRST_ASYNC_ONLY_RUNTIME = 24;

/** Runs functions' real code, one child process for each invocation. */
export class FunctionRunner {
  private readonly running = new Set<Sandbox>();
  private closed = false;

  constructor(private readonly props: FunctionRunnerProps) {}

  async run(target: ResolvedFunction, payload: string, requestId: string): Promise<Invocation> {
    const { configuration } = target;
    const log = new InvocationLog(this.props.world.clock, this.sink(configuration.region), configuration, requestId);
    const refusal = this.closed ? 'The local endpoint has been stopped.' : refuse(configuration);
    if (refusal !== undefined) {
      log.line(refusal);
      return ended(configuration, requestId, log, { errorType: 'Runtime.NotRun', errorMessage: refusal });
    }
    log.start();
    let end: SandboxEnd;
    try {
      end = await this.runSandbox(target, payload, requestId, log);
    } catch (error) {
      // Code or a layer that cannot be unpacked is the function's fault, not the endpoint's.
      const errorMessage = error instanceof Error ? error.message : String(error);
      log.line(errorMessage);
      return ended(configuration, requestId, log, { errorType: 'Runtime.InvalidCode', errorMessage });
    }
    const failure = failureOf(end, requestId);
    if (end.kind === 'timedOut') log.timedOut(end.limitMs);
    if (end.kind === 'exited') log.line(`RequestId: ${requestId} ${end.cause}`);
    log.end(end.durationMs, end.initMs, end.kind === 'answered' ? end.answer.maxMemoryKb : undefined);
    if (failure !== undefined) return ended(configuration, requestId, log, failure);
    return ended(configuration, requestId, log, undefined, end.kind === 'answered' ? end.answer : undefined);
  }

  /** Stops whatever runs, without a word in the logs: they may already belong to a new world. */
  close(): void {
    this.closed = true;
    this.running.forEach((sandbox) => sandbox.kill());
  }

  private sink(region: string): LogSink {
    const sink = this.props.logs.sink(region);
    return { append: (...event) => (this.closed ? undefined : sink.append(...event)) };
  }

  private async runSandbox(target: ResolvedFunction, payload: string, requestId: string, log: InvocationLog): Promise<SandboxEnd> {
    const sandbox = startSandbox(this.order(target, payload, requestId, log.stream), (line) => log.line(line));
    this.running.add(sandbox);
    try {
      return await sandbox.ended;
    } finally {
      this.running.delete(sandbox);
    }
  }

  private order({ configuration, invokedArn }: ResolvedFunction, payload: string, requestId: string, logStream: string) {
    const { world, code } = this.props;
    const taskRoot = code.taskRoot(configuration.code);
    const environment = functionEnvironment({
      configuration,
      credentials: this.props.credentialsForRole(configuration.roleArn, configuration.name),
      endpoint: world.endpoint(),
      logStream,
      taskRoot,
      runtimeFolder: code.runtime,
      home: code.home(configuration.name),
      // In Lambda's order; the task root itself is what lets inline code say require('cfn-response').
      modulePath: [...configuration.layers.map((layer) => code.layerModules(layer)), code.modules, taskRoot],
    });
    const context = {
      functionVersion: configuration.version,
      functionName: configuration.name,
      memoryLimitInMB: String(configuration.memorySize),
      logGroupName: configuration.logGroup,
      logStreamName: logStream,
      invokedFunctionArn: invokedArn,
      awsRequestId: requestId,
    };
    const timeoutMs = configuration.timeout * 1000;
    return {
      arguments: [`--max-old-space-size=${Math.floor(configuration.memorySize * 0.9)}`, `${code.runtime}/bootstrap.cjs`],
      environment: { ...environment, _X_AMZN_TRACE_ID: `Root=1-${randomUUID()};Sampled=0` },
      folder: taskRoot,
      input: JSON.stringify({
        event: payload,
        context,
        timeoutMs,
        handler: configuration.handler,
        taskRoot,
        asyncOnly: runtimeVersion(configuration) >= FIRST_ASYNC_ONLY_RUNTIME,
        endpoint: world.endpoint(),
        clockOffset: Math.round(world.clock.offset),
      }),
      initLimitMs: Math.max(INIT_LIMIT_MS, timeoutMs),
      timeoutMs,
      killAfterMs: world.gate.delay('lambda', 'kill'),
    };
  }
}

function refuse(configuration: FunctionConfiguration): string | undefined {
  if (configuration.code.kind === 'image') return 'a function from a container image is not run by the local endpoint';
  if (runtimeVersion(configuration) > 0) return undefined;
  return `runtime ${configuration.runtime} is not run by the local endpoint`;
}

/** 22 for `nodejs22.x`, 0 for what is not Node.js. */
function runtimeVersion(configuration: FunctionConfiguration): number {
  return Number(/^nodejs(\d+)/.exec(configuration.runtime ?? '')?.[1] ?? 0);
}

function failureOf(end: SandboxEnd, requestId: string): object | undefined {
  if (end.kind === 'timedOut') {
    const seconds = (end.limitMs / 1000).toFixed(2);
    return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds` };
  }
  if (end.kind === 'exited') return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} ${end.cause}` };
  return undefined;
}

function ended(
  configuration: FunctionConfiguration,
  requestId: string,
  log: InvocationLog,
  failure: object | undefined,
  answer?: { readonly failed: boolean; readonly payload: string },
): Invocation {
  return {
    requestId,
    functionError: failure !== undefined || answer?.failed === true ? 'Unhandled' : undefined,
    payload: failure === undefined ? (answer?.payload ?? 'null') : JSON.stringify(failure),
    logTail: log.tail(),
    executedVersion: configuration.version,
  };
}
