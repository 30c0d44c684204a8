import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

describe('npm run demo', () => {
  test('tells the whole story and ends with exit code 0', () => {
    const root = path.resolve(__dirname, '..', '..');
    const tsx = path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const run = spawnSync(process.execPath, [tsx, 'examples/demo/index.ts'], { cwd: root, encoding: 'utf8' });
    expect(run.stdout).toContain('22 of 22 steps as expected');
    expect(run.status).toBe(0);
  }, 240_000);
});
