import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newCalls } from './calls';
import type { Call } from './calls';
import type { StackEvent } from './convergence';
import { REGION } from './fleet';
import { MemoryWatch } from './memory';
import { Rehearsal } from '../../../examples/demo/rehearsal';
import type { CdkRun, State } from '../../../examples/demo/rehearsal';
import { estates } from '../../../local/glacier/state';
import type { Vault } from '../../../local/glacier/state';
import type { StateStore } from '../../../local/server/world';

/** The log keeps 10,000 calls; it is read long before that many have been made. */
const LOG_INTERVAL_MS = 10_000;
/** Between two calls of this program, which so stays below ten per second itself. */
const PACE_MS = 110;

/** A throttling endpoint, with an eye on its calls and its memory. */
export class LoadEndpoint {
  static async start(switches: Readonly<Record<string, string>>): Promise<LoadEndpoint> {
    return new LoadEndpoint(
      await Rehearsal.start(...Object.entries(switches).flatMap(([name, value]) => ['--switch', `${name}=${value}`])),
    );
  }

  readonly memory: MemoryWatch;
  private calls: Call[] = [];
  private lastLog: readonly Call[] = [];
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly rehearsal: Rehearsal) {
    const mark = fs.readFileSync(path.join(rehearsal.folder, 'state', 'process'), 'utf8');
    this.memory = new MemoryWatch(Number.parseInt(mark, 10));
    this.timer = setInterval(() => void this.readLog(), LOG_INTERVAL_MS);
  }

  get folder(): string {
    return this.rehearsal.folder;
  }

  async cdk(...args: readonly string[]): Promise<CdkRun> {
    return this.rehearsal.cdk(this.folder, ...args);
  }

  async state(): Promise<State> {
    return this.rehearsal.state();
  }

  /** The calls since the last time. */
  async takeCalls(): Promise<Call[]> {
    await this.readLog();
    const { calls } = this;
    this.calls = [];
    return calls;
  }

  /** The Glacier vaults with their locks' policies: what is really there, and for 450 of them faster than the API would tell. */
  glacierVaults(): Vault[] {
    const saved = JSON.parse(fs.readFileSync(path.join(this.folder, 'state', 'state.json'), 'utf8')) as Record<string, object>;
    const slice = <T extends object>(name: string, initial: () => T) => (saved[name] ?? initial()) as T;
    return Object.values(estates({ state: { slice } as StateStore })).flatMap(({ vaults }) => Object.values(vaults));
  }

  /** All events of a stack, the newest first. */
  async events(stackId: string): Promise<StackEvent[]> {
    const events: StackEvent[] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      await delay(PACE_MS);
      const page = await this.eventsPage(stackId, token);
      events.push(...page.events);
      token = page.next;
    }
    return events;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.memory.stop();
    await this.rehearsal.stop();
  }

  private async eventsPage(stackId: string, token: string): Promise<{ events: StackEvent[]; next?: string }> {
    const answer = await fetch(this.rehearsal.url, {
      method: 'POST',
      headers: {
        // The endpoint reads service and region out of the signature and does not check it.
        authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/${REGION}/cloudformation/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ Action: 'DescribeStackEvents', StackName: stackId, ...(token && { NextToken: token }) }).toString(),
    });
    const xml = await answer.text();
    if (!answer.ok) throw new Error(xml);
    const member = (name: string, text: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
    const events = [...xml.matchAll(/<member>(.*?)<\/member>/gs)].map(([, text = '']) => ({
      logicalId: member('LogicalResourceId', text) ?? '',
      status: member('ResourceStatus', text) ?? '',
      reason: member('ResourceStatusReason', text) ?? '',
      at: member('Timestamp', text) ?? '',
    }));
    return { events, next: member('NextToken', xml) };
  }

  private async readLog(): Promise<void> {
    const { calls } = (await (await fetch(`${this.rehearsal.url}/_local/calls`)).json()) as { calls: Call[] };
    this.calls.push(...newCalls(calls, this.lastLog));
    this.lastLog = calls;
  }
}
