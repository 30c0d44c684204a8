import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

jest.setTimeout(60_000);

const ROOT = path.resolve(__dirname, '..', '..');
const CLI = path.join(ROOT, 'assets', 'cli', 'index.js');

describe('cdk-vault-lock local', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-line-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const state = () => path.join(folder, 'state');

  async function listening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const lines: string[] = [];
      createInterface({ input: child.stdout! }).on('line', (line) => {
        lines.push(line);
        const match = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
        if (match && lines.length === 1) resolve(match[1]!);
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code}, said: ${lines.join('\n')}`)));
    });
  }

  const ended = async (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  async function output(...args: readonly string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [CLI, 'local', '--state', state(), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, AWS_PROFILE: 'production' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { exitCode, stdout, stderr };
  }

  test('prints one line when it is ready, serves, and stops on SIGTERM: also when npm started it', async () => {
    const child = spawn('npm', ['run', '-s', 'cli', '--', 'local', '--port', '0', '--state', state()], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await listening(child);
    expect(await (await fetch(`${url}/_local/health`)).json()).toEqual({ status: 'ok' });
    child.kill('SIGTERM');
    await ended(child);
    await expect(fetch(`${url}/_local/health`)).rejects.toThrow('fetch failed');
  });

  test('runs a command against itself, without a way to a real account, and passes its exit code on', async () => {
    const script =
      "console.log(JSON.stringify([process.env.AWS_PROFILE, process.env.AWS_ENDPOINT_URL])); fetch(process.env.AWS_ENDPOINT_URL + '/_local/health').then(() => process.exit(7))";
    const run = await output('--', process.execPath, '-e', script);
    expect(run).toMatchObject({ exitCode: 7, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual([null, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
  });

  test('keeps its world, clock included, between calls', async () => {
    const advance = "fetch(process.env.AWS_ENDPOINT_URL + '/_local/clock', { method: 'POST', body: '{\"advanceSeconds\": 86400.5}' })";
    await output('--', process.execPath, '-e', advance);
    const read = "fetch(process.env.AWS_ENDPOINT_URL + '/_local/clock').then((answer) => answer.text()).then(console.log)";
    expect(JSON.parse((await output('--', process.execPath, '-e', read)).stdout)).toMatchObject({ offsetSeconds: 86_400.5 });
  });

  test('says what is wrong with its arguments, and exits with 2', async () => {
    expect(await output('--port', 'x')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('`--port` must be a number') });
    expect(await output('--', './no-such-program')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Cannot run ./no-such-program'),
    });
    expect(await output('--switch', 'glacier.nonsense=1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('glacier.nonsense'),
    });
  });
});
