import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { version } from '../../package.json';

const ROOT = path.join(__dirname, '../..');

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'local/cli.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('cdk-vault-lock', () => {
  test('--version', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('a port that is none is a mistake of usage', () => {
    expect(run('local', '--port', '-1')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cdk-vault-lock: `--port` must be a number from 0 to 65535, got: -1\n\nUsage:') as string,
    });
  });
});
