import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { unzipSync } from 'fflate';
import { BOOTSTRAP_SOURCE } from './bootstrap-source';
import { CFN_RESPONSE_SOURCE } from './cfn-response-source';
import { FunctionCode, FunctionStore } from './function-store';
import { PRELOAD_SOURCE } from './preload-source';

/** The scopes of the packages that Lambda's Node.js runtimes bring along. */
const RUNTIME_SCOPES = ['@aws-sdk', '@smithy', '@aws-crypto'];

/**
 * Where code lies while it runs. It is outside of the project on purpose: a function must not find the packages of the project
 * that is deployed, because it would not find them on AWS.
 */
export class CodeFolder {
  readonly root: string;

  /** @param runtimeModules `node_modules` folders whose AWS SDK stands for the one that the runtime brings along. */
  constructor(
    private readonly store: FunctionStore,
    runtimeModules: readonly string[] = [],
    root: string = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-vault-lock-')),
  ) {
    fs.mkdirSync(root, { recursive: true });
    this.root = fs.realpathSync(root);
    this.write('package.json', '{}');
    this.write('runtime/bootstrap.cjs', BOOTSTRAP_SOURCE);
    this.write('runtime/preload.cjs', PRELOAD_SOURCE);
    RUNTIME_SCOPES.forEach((scope) => this.linkScope(scope, runtimeModules));
  }

  get runtime(): string {
    return path.join(this.root, 'runtime');
  }

  /** Node looks into the `node_modules` of every parent folder, for CommonJS and for ES modules alike. */
  get modules(): string {
    return path.join(this.root, 'node_modules');
  }

  /** The folder that takes the place of `/tmp` as the function's home. */
  home(functionName: string): string {
    const folder = path.join(this.root, 'home', functionName);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Unpacks the code once and returns its folder. */
  taskRoot(code: FunctionCode): string {
    if (code.kind === 'image') throw new Error('container images are not run by the local endpoint');
    return this.unpackOnce(path.join('functions', folderName(code.sha256)), () =>
      code.kind === 'zip' ? unzip(this.store.readZip(code.blob)) : inlineFiles(code.text),
    );
  }

  /** The `node_modules` that a layer brings along. */
  layerModules(layerVersionArn: string): string {
    const layer = this.store.layerVersion(layerVersionArn);
    const folder = this.unpackOnce(path.join('layers', folderName(layer.sha256)), () => unzip(this.store.readZip(layer.blob)));
    return path.join(folder, 'nodejs', 'node_modules');
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  private unpackOnce(name: string, files: () => Record<string, Uint8Array>): string {
    const folder = path.join(this.root, name);
    if (fs.existsSync(folder)) return folder;
    // Read before the folder is made: one that exists is taken for complete.
    const entries = Object.entries(files());
    fs.mkdirSync(folder, { recursive: true });
    for (const [file, content] of entries) this.write(path.join(name, file), content, folder);
    return folder;
  }

  private write(name: string, content: string | Uint8Array, inside: string = this.root): void {
    const file = path.join(this.root, name);
    if (!file.startsWith(inside + path.sep)) throw new Error(`The archive names a file outside of itself: ${name}`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }

  private linkScope(scope: string, runtimeModules: readonly string[]): void {
    const target = runtimeModules.map((folder) => path.resolve(folder, scope)).find((candidate) => fs.existsSync(candidate));
    const link = path.join(this.modules, scope);
    if (target === undefined || fs.existsSync(link)) return;
    fs.mkdirSync(this.modules, { recursive: true });
    fs.symlinkSync(target, link, 'junction');
  }
}

function folderName(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

function unzip(content: Buffer): Record<string, Uint8Array> {
  const files = unzipSync(content);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('/')));
}

/** Inline code gets AWS's module `cfn-response` put beside it. */
function inlineFiles(text: string): Record<string, Uint8Array> {
  return { 'index.js': Buffer.from(text), 'cfn-response.js': Buffer.from(CFN_RESPONSE_SOURCE) };
}
