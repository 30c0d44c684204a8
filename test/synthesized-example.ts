import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const TSX = path.join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
export const EXAMPLE_ENV = { account: '123456789012', region: 'us-east-1' };

/** Synthesizes an example as the CLI would, and returns the text of its templates by file name. */
export function synthesizedExample(example: string, context: Record<string, string> = {}): Record<string, string> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'example-'));
  try {
    execFileSync(process.execPath, [TSX, '--tsconfig', '../tsconfig.json', 'app.ts'], {
      cwd: path.join(ROOT, 'examples', example),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        CDK_DEFAULT_ACCOUNT: EXAMPLE_ENV.account,
        CDK_DEFAULT_REGION: EXAMPLE_ENV.region,
        CDK_VALIDATION: 'false',
      },
    });
    const files = fs.readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(outdir, file), 'utf8')]));
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}
