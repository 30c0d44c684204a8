import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.resolve(__dirname, '..');
const EXAMPLES = [...fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);

/** Compiles texts that live in memory, as files of the project root. */
function diagnostics(sources: readonly string[]): string[] {
  const { config } = ts.readConfigFile(path.join(ROOT, 'test', 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path.join(ROOT, 'test'));
  options.paths = { 'cdk-vault-lock': [path.join(ROOT, 'src', 'index.ts')] };
  // Examples show values without using them.
  options.noUnusedLocals = false;
  const files = new Map(sources.map((source, at) => [path.join(ROOT, `readme-example-${at + 1}.ts`), source]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) =>
    files.has(name) ? ts.createSourceFile(name, files.get(name)!, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter((diagnostic) => diagnostic.file && files.has(diagnostic.file.fileName))
    .map((diagnostic) => `${path.basename(diagnostic.file!.fileName)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`);
}

describe('README', () => {
  test('has examples, and each compiles against the sources', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(5);
    expect(diagnostics(EXAMPLES)).toEqual([]);
  }, 60_000);

  test('an example that does not compile would be seen', () => {
    expect(diagnostics(["import { NoSuchConstruct } from 'cdk-vault-lock';\nexport const x = NoSuchConstruct;\n"])).not.toEqual([]);
  }, 60_000);

  test('no example can make anything permanent by being pasted', () => {
    // `complete` needs a literal acknowledgement; none stands in an example.
    expect(EXAMPLES.join('\n')).not.toMatch(/VaultLockStage\.complete\(|BackupLockMode\.compliance\(/);
    expect(EXAMPLES.join('\n')).not.toMatch(/sha256:[0-9a-f]{64}/);
  });
});
