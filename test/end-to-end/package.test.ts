import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { LEGAL_HOLD, VAULT } from '../policy/published-policies';

jest.setTimeout(300_000);

const ROOT = path.resolve(__dirname, '..', '..');

/** A user's own app, plain JavaScript as `cdk init` without TypeScript would have it, in a folder of its own. */
const APP = `
const { App, CfnResource, Duration, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { GlacierVault, GlacierVaultLock, VaultLockPolicy } = require('cdk-vault-lock');

const app = new App();
const stack = new Stack(app, 'UserStack');
const vault = new GlacierVault(stack, 'Archive');
new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(Number(app.node.tryGetContext('days') ?? 30))) });
if (app.node.tryGetContext('failing')) new CfnResource(stack, 'Sibling', { type: 'Test::Does::NotExist' });
`;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe('the packed library', () => {
  let folder: string;
  let packed: Packed;
  let modules: string;
  let bin: string;

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'user-app-'));
    const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    packed = (JSON.parse(answer) as Packed[])[0]!;
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'user-app', private: true }));
    fs.writeFileSync(path.join(folder, 'app.js'), APP);
    fs.writeFileSync(path.join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.js' }));
    modules = path.join(folder, 'node_modules');
    fs.mkdirSync(path.join(modules, '.bin'), { recursive: true });
    execFileSync('tar', ['-xzf', path.join(folder, packed.filename)], { cwd: modules });
    fs.renameSync(path.join(modules, 'package'), path.join(modules, 'cdk-vault-lock'));
    // What npm would install beside it; nothing of it is ours.
    for (const name of ['aws-cdk-lib', 'constructs', 'aws-cdk']) {
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
    }
    bin = path.join(modules, 'cdk-vault-lock', 'assets', 'cli', 'index.js');
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('holds lib, assets, API.md, README and .jsii, and no sources of handlers or tests', () => {
    const files = packed.files.map((file) => file.path);
    for (const expected of [
      '.jsii',
      'API.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.md',
      'lib/index.js',
      'assets/lambda/backup/index.js',
      'assets/lambda/glacier/index.js',
      'assets/cli/index.js',
    ]) {
      expect(files).toContain(expected);
    }
    expect(files.filter((file) => !/^(lib|assets)\//.test(file)).sort()).toEqual(
      ['.jsii', 'API.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'package.json'].sort(),
    );
    expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  });

  test('deploys, updates, rolls back on a failing sibling and destroys in an app that knows nothing of this repository', async () => {
    const cdk = (...args: string[]) =>
      run(folder, process.execPath, bin, 'local', '--', process.execPath, path.join(modules, 'aws-cdk', 'bin', 'cdk'), ...args);
    const deploy = (...args: string[]) => cdk('deploy', '--require-approval', 'never', '--progress', 'events', '--no-color', ...args);

    const created = await deploy();
    expect(created.output).toMatch(/Acknowledgement\S* = \S+ sha256:[0-9a-f]{64}/);
    expect(created.exitCode).toBe(0);

    expect(await deploy('-c', 'days=60')).toMatchObject({ exitCode: 0 });
    const failed = await deploy('-c', 'days=90', '-c', 'failing=true');
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toMatch(/UPDATE_ROLLBACK_COMPLET/);
    expect((await cdk('diff', '--no-color')).output).toMatch(/30/);
    expect(await cdk('destroy', '--force')).toMatchObject({ exitCode: 0 });
  });

  test('questions a policy that no CDK app knows of', async () => {
    const policy = path.join(folder, 'policy.json');
    fs.writeFileSync(policy, LEGAL_HOLD);

    const checked = await run(folder, process.execPath, bin, 'check', policy, '--vault-arn', VAULT, '--json');
    expect(checked.exitCode).toBe(1);
    expect(JSON.parse(checked.output)).toMatchObject({ valid: true, retention: { days: 0, proven: false } });

    const asked = ['--vault-arn', VAULT, '--principal', 'anonymous', '--action', 'glacier:DeleteArchive', '--context'];
    const evaluated = await run(folder, process.execPath, bin, 'evaluate', '--policy', policy, ...asked, 'glacier:ArchiveAgeInDays=3');
    expect(evaluated).toEqual({ exitCode: 0, output: '{"decision":"allow","statement":1}\n' });
  });
});

async function run(cwd: string, program: string, ...args: readonly string[]): Promise<{ exitCode: number; output: string }> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { exitCode, output };
}
