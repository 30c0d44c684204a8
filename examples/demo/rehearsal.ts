import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { BackupClient } from '@aws-sdk/client-backup';
import { GlacierClient } from '@aws-sdk/client-glacier';
import type { Finding } from './progress';

// The SDK says on every start that releases of 2027 want a newer Node; the version here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const ROOT = path.resolve(__dirname, '..', '..');
const CLI = path.join(ROOT, 'assets', 'cli', 'index.js');
const CDK = path.join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

export interface CdkRun {
  readonly exitCode: number;
  /** Everything that the CLI wrote, without colours. */
  readonly output: string;
}

export interface VaultSummary {
  readonly vaultName: string;
  readonly lock: { readonly state: string; readonly created: string; readonly expires: string | null } | null;
}

export interface BackupVaultSummary {
  readonly region: string;
  readonly backupVaultName: string;
  readonly lock: {
    /** `GOVERNANCE`, `GRACE` or `IMMUTABLE`. */
    readonly state: string;
    readonly minRetentionDays: number | null;
    readonly maxRetentionDays: number | null;
    readonly lockDate: string | null;
  } | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StackSummary {
  readonly stackName: string;
  readonly status: string;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId: string;
    readonly status: string;
  }[];
}

export interface State {
  readonly vaults: readonly VaultSummary[];
  readonly backupVaults: readonly BackupVaultSummary[];
  readonly stacks: readonly StackSummary[];
}

export const DEPLOY = ['deploy', '--require-approval', 'never'];

/** What a deployment printed for its lock; empty if it printed none. */
export function acknowledgementIn({ output }: CdkRun): string {
  return /^\S*\.?\S*Acknowledgement\S* = (\S+ sha256:[0-9a-f]{64})$/m.exec(output)?.[1] ?? '';
}

export function failure(run: CdkRun): Finding {
  process.stdout.write(`${run.output}\n`);
  return { seen: `cdk ended with exit code ${run.exitCode}`, ok: false };
}

/** A local endpoint in a folder of its own, and the real CDK CLI run against it. */
export class Rehearsal {
  /** @param args further arguments of `cdk-vault-lock local` */
  static async start(...args: readonly string[]): Promise<Rehearsal> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-vault-lock-demo-'));
    const endpoint = spawn(process.execPath, [CLI, 'local', '--port', '0', '--state', path.join(folder, 'state'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: endpoint.stdout }).on('line', (line) => {
        const match = /^listening on (\S+)$/.exec(line);
        if (match) resolve(match[1]!);
      });
      endpoint.once('exit', (code) => reject(new Error(`the local endpoint ended with exit code ${code}`)));
    });
    return new Rehearsal(endpoint, url, folder);
  }

  readonly glacier: GlacierClient;
  readonly backup: BackupClient;

  private constructor(
    private readonly endpoint: ChildProcess,
    readonly url: string,
    /** Gone when the rehearsal stops. */
    readonly folder: string,
  ) {
    const client = { endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'AKIADEMO', secretAccessKey: 'not-a-secret' } };
    this.glacier = new GlacierClient(client);
    this.backup = new BackupClient(client);
  }

  /** Runs `cdk` in a folder with everything that could reach a real account taken out of its environment. */
  async cdk(app: string, ...args: readonly string[]): Promise<CdkRun> {
    const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)/.test(name));
    const child = spawn(process.execPath, [CDK, ...args, '--output', path.join(this.folder, 'cdk.out'), '--no-notices', '--no-color'], {
      cwd: app,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(kept),
        AWS_ENDPOINT_URL: this.url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'AKIA123456789012LOCK',
        AWS_SECRET_ACCESS_KEY: 'not-a-secret',
        AWS_CONFIG_FILE: os.devNull,
        AWS_SHARED_CREDENTIALS_FILE: os.devNull,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // The validation of the template costs seconds a run; the test suite has it on.
        CDK_VALIDATION: 'false',
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
    return { exitCode, output };
  }

  /** Moves the endpoint's clock. */
  async advance(time: { days?: number; hours?: number }): Promise<void> {
    const advanceSeconds = (time.days ?? 0) * 86_400 + (time.hours ?? 0) * 3_600;
    await fetch(`${this.url}/_local/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds }) });
  }

  async vault(name: string): Promise<VaultSummary | undefined> {
    return (await this.state()).vaults.find((vault) => vault.vaultName === name);
  }

  async backupVault(name: string): Promise<BackupVaultSummary | undefined> {
    return (await this.state()).backupVaults.find((vault) => vault.backupVaultName === name);
  }

  /** Whether the stack can be deployed again. */
  async isUsable(stackName: string): Promise<boolean> {
    return ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(await this.stackStatus(stackName));
  }

  async stackStatus(name: string): Promise<string> {
    return (await this.state()).stacks.filter((stack) => stack.stackName === name).at(-1)?.status ?? 'none';
  }

  /** What the functions of a stack have logged. */
  async logs(stackName: string): Promise<string> {
    const stack = (await this.state()).stacks.find((candidate) => candidate.stackName === stackName);
    const groups = stack?.resources.filter((resource) => resource.type === 'AWS::Logs::LogGroup') ?? [];
    const answers = await Promise.all(groups.map(async ({ physicalId }) => this.logEvents(physicalId)));
    return answers.flat().join('\n');
  }

  async state(): Promise<State> {
    return (await (await fetch(`${this.url}/_local/state`)).json()) as State;
  }

  private async logEvents(logGroupName: string): Promise<string[]> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: {
        // The endpoint reads service and region out of the signature and does not check it.
        authorization: 'AWS4-HMAC-SHA256 Credential=AKIADEMO/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
      },
      body: JSON.stringify({ logGroupName }),
    });
    const { events = [] } = (await answer.json()) as { events?: { message: string }[] };
    return events.map(({ message }) => message);
  }

  async stop(): Promise<void> {
    this.glacier.destroy();
    this.backup.destroy();
    this.endpoint.removeAllListeners('exit');
    await new Promise<void>((resolve) => {
      this.endpoint.once('exit', () => resolve());
      this.endpoint.kill('SIGTERM');
    });
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
