import { ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

export interface SandboxOrder {
  readonly arguments: readonly string[];
  /** The whole environment of the child. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** What the bootstrap reads from its standard input. */
  readonly input: string;
  /** How long loading the code may take. */
  readonly initLimitMs: number;
  /** How long the handler may run. */
  readonly timeoutMs: number;
  /** Kill the child so many milliseconds after the handler was called; 0: never. */
  readonly killAfterMs: number;
}

export interface SandboxAnswer {
  readonly failed: boolean;
  readonly payload: string;
  readonly maxMemoryKb: number;
}

export type SandboxEnd = { readonly initMs: number; readonly durationMs: number } & (
  | { readonly kind: 'answered'; readonly answer: SandboxAnswer }
  | { readonly kind: 'timedOut'; readonly limitMs: number }
  | { readonly kind: 'exited'; readonly cause: string }
);

export interface Sandbox {
  readonly ended: Promise<SandboxEnd>;
  kill(): void;
}

/** How long a grandchild may hold the output open after the function's process has ended. */
const OUTPUT_GRACE_MS = 200;

/** Runs one invocation in a child process of its own. Times are real time: a child cannot be moved with the endpoint's clock. */
export function startSandbox(order: SandboxOrder, onLine: (line: string) => void): Sandbox {
  // A process group of its own, so that whatever the function has started goes with it.
  const child = spawn(process.execPath, order.arguments, {
    cwd: order.folder,
    env: { ...order.environment },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  return { ended: observe(child, order, onLine), kill: () => killGroup(child) };
}

function observe(child: ChildProcess, order: SandboxOrder, onLine: (line: string) => void): Promise<SandboxEnd> {
  const started = performance.now();
  let ready: number | undefined;
  let answer: SandboxAnswer | undefined;
  let timedOut: number | undefined;
  const timers: NodeJS.Timeout[] = [];

  const expire = (limitMs: number) =>
    setTimeout(() => {
      timedOut = limitMs;
      killGroup(child);
    }, limitMs);
  timers.push(expire(order.initLimitMs));

  const onReport = (line: string) => {
    const report = JSON.parse(line) as { ready?: true; answer?: SandboxAnswer };
    if (report.answer !== undefined) answer = report.answer;
    if (report.ready === undefined) return;
    ready = performance.now();
    timers.splice(0).forEach(clearTimeout);
    timers.push(expire(order.timeoutMs));
    if (order.killAfterMs > 0) timers.push(setTimeout(() => killGroup(child), order.killAfterMs));
  };

  readLines(child.stdio[1] as NodeJS.ReadableStream, onLine);
  readLines(child.stdio[2] as NodeJS.ReadableStream, onLine);
  readLines(child.stdio[3] as NodeJS.ReadableStream, onReport);
  // A child that is killed before it has read its order closes the pipe; its end is reported through `exit`.
  child.stdin?.on('error', () => {});
  child.stdin?.end(order.input);

  return new Promise((resolve) => {
    const end = (cause: string) => {
      timers.splice(0).forEach(clearTimeout);
      const now = performance.now();
      const times = { initMs: (ready ?? now) - started, durationMs: now - (ready ?? started) };
      if (answer !== undefined) resolve({ kind: 'answered', answer, ...times });
      else if (timedOut !== undefined) resolve({ kind: 'timedOut', limitMs: timedOut, ...times });
      else resolve({ kind: 'exited', cause, ...times });
    };
    child.once('error', (error) => end(`Error: Runtime could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      const cause = causeOfExit(code, signal);
      killGroup(child);
      // When this process is busy, the timer can be due before what the child wrote has been read: that comes before the immediate.
      const grace = setTimeout(() => setImmediate(() => end(cause)), OUTPUT_GRACE_MS);
      child.once('close', () => {
        clearTimeout(grace);
        end(cause);
      });
    });
  });
}

function causeOfExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `Error: Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
  return code === 0 ? 'Error: Runtime exited without providing a reason' : `Error: Runtime exited with error: exit status ${code}`;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
    rest = '';
  });
}
