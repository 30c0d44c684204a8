import * as fs from 'node:fs';
import * as path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { instrument } from './decide-rows/instrument';
import { mutated, Mutant } from './mutants/mutant';

const ROOT = path.join(__dirname, '..', '..');
const ROWS = path.join(__dirname, 'decide-rows', 'rows.ts');
const DECISIONS = /^lambda\/\w+\/\w+\/decide\.ts$/;

/** Pure, and asked the same things thousands of times: what they answer to a text alone is remembered. */
const REMEMBERED = new Map([
  ['src/policy/canonical.ts', 'canonicalPolicy'],
  ['src/policy/parse.ts', 'parsePolicy'],
]);

export interface SimulationBundle {
  /** A TypeScript file. */
  readonly entry: string;
  readonly outfile: string;
  /** The bug that the handlers are to have. */
  readonly mutant?: Mutant;
}

/**
 * One file that node runs without anything around it; `--enable-source-maps` makes its stack traces name the sources. The decide tables in
 * it note which of their rows give verdicts.
 *
 * @throws Error if the mutant does not apply, or changes nothing that the simulation runs
 */
export async function bundleSimulation({ entry, outfile, mutant }: SimulationBundle): Promise<void> {
  const bugs = mutant ? mutated(mutant, (file) => fs.readFileSync(path.join(ROOT, file), 'utf8')) : new Map<string, string>();
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path.resolve(entry)],
    outfile: path.resolve(outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    sourcesContent: false,
    legalComments: 'none',
    plugins: [handlers(bugs)],
    logLevel: 'warning',
    metafile: true,
  });
  const idle = [...bugs.keys()].filter((file) => !(file in metafile.inputs));
  if (idle.length > 0) throw new Error(`the mutant ${mutant?.name} changes ${idle.join(', ')}, which the simulation does not run`);
}

/** Serves the sources of the handlers: with their bugs, and the decide tables with their notes. */
function handlers(bugs: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'handlers',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/(lambda|src)\/.*\.ts$/ }, async ({ path: file }) => {
        const name = path.relative(ROOT, file).split(path.sep).join('/');
        const bug = bugs.get(name);
        const remembered = REMEMBERED.get(name);
        if (remembered) return { contents: remembering(remembered, await fs.promises.readFile(file, 'utf8')), loader: 'ts' };
        if (!DECISIONS.test(name)) return bug === undefined ? undefined : { contents: bug, loader: 'ts' };
        const source = bug ?? (await fs.promises.readFile(file, 'utf8'));
        return { contents: instrument(name, source, ROWS).text, loader: 'ts' };
      }),
  };
}

function remembering(name: string, source: string): string {
  const head = `export function ${name}(`;
  if (!source.includes(head)) throw new Error(`there is no ${name} to remember the answers of`);
  return `${source.replace(head, `function ${name}Anew(`)}
const answers = new Map<string, ReturnType<typeof ${name}Anew>>();
export function ${name}(text: string, options?: ParseOptions): ReturnType<typeof ${name}Anew> {
  const key = options ? JSON.stringify(options) + text : text;
  const answer = answers.get(key) ?? ${name}Anew(text, options);
  if (answers.size < 1000) answers.set(key, answer);
  return answer;
}
`;
}
