import { randomUUID } from 'node:crypto';
import { FunctionConfiguration } from './function-store';
import { LogSink } from '../logs/log-store';
import { Clock } from '../server/clock';

/** `x-amz-log-result` holds the last 4 KB. */
const TAIL_BYTES = 4096;

/** The log of one invocation in Lambda's text form, with the endpoint's time. */
export class InvocationLog {
  readonly stream: string;
  private lines: string[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly sink: LogSink,
    private readonly configuration: FunctionConfiguration,
    private readonly requestId: string,
  ) {
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.stream = `${day}/[${configuration.version}]${randomUUID().replaceAll('-', '')}`;
  }

  start(): void {
    this.line(`START RequestId: ${this.requestId} Version: ${this.configuration.version}`);
  }

  /** One log event; the bootstrap writes line breaks inside a message as carriage returns. */
  line(text: string): void {
    const message = text.replace(/\r$/, '').replaceAll('\r', '\n');
    this.lines.push(message);
    this.sink.append(this.configuration.logGroup, this.stream, this.clock.now(), message);
  }

  timedOut(limitMs: number): void {
    const time = new Date(this.clock.now()).toISOString();
    this.line(`${time} ${this.requestId} Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`);
  }

  end(durationMs: number, initMs: number, maxMemoryKb: number | undefined): void {
    this.line(`END RequestId: ${this.requestId}`);
    const memory = this.configuration.memorySize;
    const used = maxMemoryKb === undefined ? memory : Math.round(maxMemoryKb / 1024);
    const fields = [
      `REPORT RequestId: ${this.requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs)} ms`,
      `Memory Size: ${memory} MB`,
      `Max Memory Used: ${used} MB`,
      `Init Duration: ${initMs.toFixed(2)} ms`,
    ];
    this.line(fields.join('\t'));
  }

  tail(): string {
    return Buffer.from(this.lines.join('\n') + '\n')
      .subarray(-TAIL_BYTES)
      .toString('utf8');
  }
}
