/**
 * Bundles the handlers: one file each, made when the package is built, so that no consumer needs esbuild or Docker. Run as a program it
 * writes them to assets/; with `--packages` it only prints the names of the packages whose code is in them.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { STAND_INS } from '../lambda/aws/stand-ins';

/** A function of its own each: no stack pays for a service that it does not use, and the roles stay apart. */
export const HANDLERS = ['glacier', 'backup'] as const;

/**
 * The SDK describes all operations of a service in one file of array literals. esbuild keeps those with computed keys (`{ [_h]: … }`),
 * though nobody uses them, because a key's `toString` might do something. Here keys are strings: wrapped in a pure call, what is unused goes.
 */
const treeShakenSchemas: Plugin = {
  name: 'tree-shaken schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@aws-sdk\/client-\w+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path: file }) => ({
      contents: (await fs.promises.readFile(file, 'utf8')).replace(
        /^((?:export )?var [\w$]+ = )(\[[^;]*\]);$/gm,
        '$1/* @__PURE__ */ (() => $2)();',
      ),
    })),
};

/** @returns the files whose code is in the bundle, relative to the root of the project */
export async function bundleHandler(service: (typeof HANDLERS)[number], outfile: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: path.join(__dirname, '..'),
    entryPoints: [`lambda/${service}.lambda.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    // The ES module sources first: they tree-shake.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    alias: STAND_INS,
    plugins: [treeShakenSchemas],
    logLevel: 'warning',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** Two commands in one checkout may bundle at the same time, so a bundle appears whole or not at all. */
async function write(service: (typeof HANDLERS)[number]): Promise<void> {
  const file = path.join(__dirname, '..', 'assets', 'lambda', service, 'index.js');
  await bundleHandler(service, `${file}.${process.pid}`);
  fs.renameSync(`${file}.${process.pid}`, file);
}

async function printPackages(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'));
  const files = await Promise.all(HANDLERS.map(async (service) => bundleHandler(service, path.join(folder, `${service}.js`))));
  fs.rmSync(folder, { recursive: true });
  const names = files.flat().flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  console.log([...new Set(names)].join('\n'));
}

if (require.main === module) void (process.argv.includes('--packages') ? printPackages() : Promise.all(HANDLERS.map(write)));
