import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { HttpFront } from './http-front';
import { Ask, Response, StackEvents } from './stack-events';
import { bundleHandler, HANDLERS } from '../../../projenrc/bundle-handlers';

/** A handler in one file, as it is shipped, which runs in a process of its own. */
export class BundledFunction {
  static async of(service: (typeof HANDLERS)[number]): Promise<BundledFunction> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-vault-lock-'));
    return new BundledFunction(folder, await bundleHandler(service, path.join(folder, 'index.js')));
  }

  /** @param inputs the files whose code is in it */
  private constructor(
    private readonly folder: string,
    readonly inputs: readonly string[],
  ) {}

  private get file(): string {
    return path.join(this.folder, 'index.js');
  }

  get bytes(): number {
    return fs.statSync(this.file).size;
  }

  /** Runs the function as Lambda does: a process with the role's credentials in its environment. */
  async invoke(events: StackEvents, front: HttpFront, endpoint: string, ask: Ask): Promise<{ response: Response; log: string }> {
    const event = { ...events.event(ask), ResponseURL: `${endpoint}/answer?Signature=very-secret-${front.answers.length}` };
    const script = `require(${JSON.stringify(this.file)}).handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 60000 })`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script], {
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'role-secret',
        AWS_SESSION_TOKEN: 'role-token',
        AWS_ENDPOINT_URL: endpoint,
      },
    });
    return { response: JSON.parse(front.answers.at(-1) ?? '{}') as Response, log: stdout + stderr };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}
