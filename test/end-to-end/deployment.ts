import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Rehearsal } from '../../examples/demo/rehearsal';
import type { CdkRun, VaultSummary } from '../../examples/demo/rehearsal';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const ACKNOWLEDGEMENT = /= (\S+ sha256:[0-9a-f]{64})$/m;

interface Call {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly caller: string;
  readonly outcome: string;
}

/** Operations that change nothing. */
const READS = /^(Describe|Get|List)/;

/** One stack of one app, deployed by the real CLI to a local endpoint again and again with changing content. */
export class Deployment {
  static async start(stackName: string, ...args: readonly string[]): Promise<Deployment> {
    return new Deployment(await Rehearsal.start(...args), stackName);
  }

  private rounds = 0;

  private constructor(
    readonly rehearsal: Rehearsal,
    readonly stackName: string,
  ) {}

  async deploy(build: (stack: Stack) => void, ...args: readonly string[]): Promise<CdkRun> {
    return this.rehearsal.cdk(this.rehearsal.folder, 'deploy', '--require-approval', 'never', '--app', this.synth(build), ...args);
  }

  async destroy(build: (stack: Stack) => void): Promise<CdkRun> {
    return this.rehearsal.cdk(this.rehearsal.folder, 'destroy', '--force', '--app', this.synth(build));
  }

  /** A deployment that has to end well. @returns what the CLI wrote */
  async succeeds(build: (stack: Stack) => void, ...args: readonly string[]): Promise<string> {
    const run = await this.deploy(build, ...args);
    expect(run).toMatchObject({ exitCode: 0 });
    return run.output;
  }

  /** A deployment that has to fail and leave the stack in this status. @returns what the CLI wrote, in one line */
  async fails(build: (stack: Stack) => void, status: string): Promise<string> {
    const run = await this.deploy(build);
    expect(run.exitCode).not.toBe(0);
    expect(await this.status()).toBe(status);
    return run.output.replace(/\s+/g, ' ');
  }

  async status(): Promise<string> {
    return this.rehearsal.stackStatus(this.stackName);
  }

  async vault(name: string): Promise<VaultSummary | undefined> {
    return this.rehearsal.vault(name);
  }

  async faults(...faults: readonly object[]): Promise<void> {
    const answer = await fetch(`${this.rehearsal.url}/_local/faults`, { method: 'POST', body: JSON.stringify(faults) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** The operations of a service that changed something or tried to, since `from`. */
  async writes(from = 0, service = 'glacier'): Promise<string[]> {
    const calls = (await this.calls()).slice(from);
    return calls.filter((call) => call.service === service && !READS.test(call.operation)).map(describeCall);
  }

  async calls(): Promise<Call[]> {
    return ((await (await fetch(`${this.rehearsal.url}/_local/calls`)).json()) as { calls: Call[] }).calls;
  }

  /** What a person would do with `aws ssm put-parameter`. */
  async putParameter(Name: string, Value: string): Promise<void> {
    const answer = await fetch(this.rehearsal.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/${REGION}/ssm/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.PutParameter',
      },
      body: JSON.stringify({ Name, Value, Type: 'String', Overwrite: true }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async stop(): Promise<void> {
    await this.rehearsal.stop();
  }

  private synth(build: (stack: Stack) => void): string {
    const outdir = path.join(this.rehearsal.folder, `assembly-${this.rounds++}`);
    fs.mkdirSync(outdir);
    const app = new App({ outdir, analyticsReporting: false });
    build(new Stack(app, this.stackName, { env: { account: ACCOUNT, region: REGION } }));
    app.synth();
    return outdir;
  }
}

function describeCall({ operation, outcome }: Call): string {
  return outcome === 'ok' ? operation : `${operation}: ${outcome}`;
}
