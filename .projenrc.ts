/**
 * The only hand-edited build file. `npx projen` writes every other one (package.json, tsconfig.json, .eslintrc.json, …) from it.
 * Versions are pinned to a set that was tried together; docs/decisions/0007-toolchain.md says why for each that looks odd.
 */
import { execSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { awscdk, javascript, TextFile } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-vault-lock',
  description:
    'Write-once storage for AWS CDK: Amazon Glacier vaults with access policies and Vault Lock, and Vault Lock for AWS Backup vaults. A lock means what it says, is never made by accident, and never wedges a stack.',
  author: 'The cdk-vault-lock authors',
  authorAddress: 'https://github.com/cdk-vault-lock/cdk-vault-lock',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-vault-lock/cdk-vault-lock.git',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: [
    'awscdk',
    'aws',
    'glacier',
    'vault',
    'vault-lock',
    'backup',
    'backup-vault-lock',
    'worm',
    'write-once',
    'compliance',
    'retention',
    'legal-hold',
    'sec-17a-4',
  ],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  projenVersion: '0.103.25',
  minNodeVersion: '20.0.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',

  // The floor that consumers may have. Development runs on the newest (see devDeps), because it brings CloudFormation's own
  // template validation; CONTRIBUTING.md has the command that tries the floor.
  cdkVersion: '2.240.0',
  constructsVersion: '10.5.0',
  peerDependencyOptions: { pinnedDevDependency: false },

  devDeps: [
    'aws-cdk-lib@2.276.0',
    'constructs@10.8.1',
    // npm's `latest` of aws-cdk is 3.0.0, a stray build of April 2025 that cannot read today's assemblies.
    'aws-cdk@2.1148.1',
    '@aws-sdk/client-backup@3.1092.0',
    '@aws-sdk/client-glacier@3.1048.0',
    // The client's own parts, used directly by the handlers' signed requests and by the endpoint's wire formats.
    '@smithy/core@3.41.0',
    '@smithy/node-http-handler@4.14.2',
    '@smithy/signature-v4@5.7.5',
    '@smithy/types@4.20.0',
    // docs/decisions/0016-cdk-nag.md
    'cdk-nag@3.0.2',
    'diff@8.0.2',
    'esbuild@0.28.2',
    'fast-check@4.10.2',
    'fflate@0.8.3',
    'pure-rand@8.4.2',
    'tsx@4.23.15',
    'yaml@2.9.1',
    '@types/aws-lambda@8.10.164',
  ],
  allowScripts: ['esbuild', 'unrs-resolver', '@parcel/watcher', 'fsevents'],

  // Nothing here runs on a hosting service of its own: .ci/run is the whole of CI.
  github: false,
  release: false,
  depsUpgrade: false,
  vscode: false,
  sampleCode: false,
  // projen's *.lambda.ts discovery looks under src only, where jsii would compile the handlers into the library.
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  bin: { 'cdk-vault-lock': 'assets/cli/index.js' },

  prettier: true,
  prettierOptions: { settings: { singleQuote: true, printWidth: 140, trailingComma: javascript.TrailingComma.ALL } },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['lambda', 'local', 'test', 'examples', 'bench', 'projenrc'],
    prettier: true,
  },

  // '^30' and no closer: projen gives the same range to @types/jest, which stops at 30.0.0.
  jestOptions: {
    jestVersion: '^30',
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      // Generous: on two busy cores a test that takes half a second alone has been seen to take ten times as long.
      testTimeout: 60_000,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      setupFiles: ['<rootDir>/test/setup.ts'],
      moduleNameMapper: { '^cdk-vault-lock$': '<rootDir>/src/index.ts' },
      reporters: [new javascript.JestReporter('<rootDir>/test/closing-line-reporter.js')],
    },
  },
});

// unrs-resolver 1.13.0 names platform packages that npm does not hold, so `npm ci` would refuse the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// jsii tells at length that Node 20 has reached its end of life; it works.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// --- Bundles: what runs outside a synth is one file each, made when the package is built, so that no consumer needs esbuild or Docker.

const HANDLERS = 'tsx projenrc/bundle-handlers.ts';
/** `mainFields` puts the ES module sources first, which tree-shake. */
const ESBUILD =
  'esbuild --bundle --platform=node --target=node20 --format=cjs --minify --main-fields=module,main --legal-comments=none --log-level=warning';
const CLI = `${ESBUILD} --banner:js='#!/usr/bin/env node' local/cli.ts`;
/** Two commands in one checkout may bundle at the same time, so a bundle appears whole or not at all. `$$` is the shell's process id. */
const whole = (command: string, file: string) => `${command} --outfile=${file}.$$ && mv ${file}.$$ ${file}`;
const BUNDLE_CLI = whole(CLI, 'assets/cli/index.js');

const bundle = project.addTask('bundle', { description: 'Bundle the handlers and the command line into assets/' });
bundle.exec(HANDLERS);
bundle.exec(`${CLI} --outfile=assets/cli/index.js`);
project.preCompileTask.spawn(bundle);
project.gitignore.exclude('/assets/', '.cdk-vault-lock/', 'cdk.out/', 'cdk.context.json');
// projen ignores every folder called logs.
project.gitignore.include('/local/logs/', '/test/local/logs/');
project.npmignore!.include('/assets/');
for (const folder of ['lambda', 'local', 'examples', 'docs', 'bench', '.ci']) project.addPackageIgnore(`/${folder}/`);
for (const file of ['.prettierignore', '.prettierrc.json', '.gitignore', 'CONTRIBUTING.md']) project.addPackageIgnore(`/${file}`);

/** The packages whose code is in the command line, by name. */
function packagesOfCli(): string[] {
  const metafile = path.join(os.tmpdir(), `bundle-${process.pid}.json`);
  execSync(`node_modules/.bin/${CLI} --metafile=${metafile} --outfile=${metafile}.js`);
  const { inputs } = JSON.parse(fs.readFileSync(metafile, 'utf8')) as { inputs: object };
  for (const file of [metafile, `${metafile}.js`]) fs.rmSync(file);
  return Object.keys(inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
}

function packagesOfHandlers(): string[] {
  return execSync(`node_modules/.bin/${HANDLERS} --packages`, { encoding: 'utf8' }).trim().split('\n');
}

function licenceOf(name: string): string {
  const folder = path.join('node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  const text = fs.readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  // The Apache License stands in this package's own LICENSE; the others ask for their text with the copyright line.
  const body = license === 'Apache-2.0' || !text ? '' : `\n\n${fs.readFileSync(path.join(folder, text), 'utf8').trim()}`;
  return `## ${name} ${version} (${license})${body}`;
}

const bundled = [...new Set([...packagesOfHandlers(), ...packagesOfCli()])].sort();
new TextFile(project, 'THIRD-PARTY-NOTICES.md', {
  lines: [
    '# Third-party software in assets/',
    '',
    'The bundled handlers and the command line contain code of these packages.',
    '',
    ...bundled.map(licenceOf).join('\n\n').split('\n'),
    '',
  ],
});

// --- Commands. npm runs these without projen, whose start alone takes seconds; `exec` hands npm's signals on to node.
project.setScript('bundle:handlers', HANDLERS);
project.setScript('bundle:cli', BUNDLE_CLI);
project.setScript('cli', 'npm run -s bundle:cli && exec node assets/cli/index.js');
project.setScript('demo', 'npm run -s bundle:handlers && npm run -s bundle:cli && tsx examples/demo/index.ts');
project.setScript('simulate', 'tsx test/simulation/index.ts');
project.setScript('simulate:exhaustive', 'tsx test/simulation/exhaustive/index.ts');
project.setScript('simulate:mutants', 'tsx test/simulation/mutants/index.ts');
project.setScript('load', 'npm run -s bundle:handlers && npm run -s bundle:cli && tsx test/simulation/load/index.ts');
project.setScript('bench', 'npm run -s bundle:handlers && npm run -s bundle:cli && tsx bench/index.ts');

// --- Each folder that is not compiled by jsii is type-checked and linted with a tsconfig of its own.
for (const folder of ['lambda', 'local', 'examples', 'bench']) {
  new javascript.TypescriptConfig(project, {
    fileName: `${folder}/tsconfig.json`,
    extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
    include: ['**/*.ts'],
    compilerOptions: {
      noEmit: true,
      rootDir: '..',
      declaration: false,
      ...(folder === 'examples' ? { paths: { 'cdk-vault-lock': ['../src/index.ts'] } } : {}),
    },
  });
}
const typecheck = project.addTask('typecheck', { description: 'Type-check everything that jsii does not compile' });
for (const folder of ['lambda', 'local', 'examples', 'bench', 'test']) typecheck.exec(`tsc --noEmit -p ${folder}/tsconfig.json`);

// --- `npm test`: jest comes last, because its closing line is the verdict.
const jest = project.testTask.steps.find((step) => step.exec?.startsWith('jest') ?? step.execArgs?.[0] === 'jest')!;
project.testTask.reset();
project.testTask.spawn(bundle);
// test/end-to-end/package.test.ts packs the library and installs it into an app.
project.testTask.spawn(project.compileTask);
project.testTask.spawn(typecheck);
project.testTask.spawn(project.eslint!.eslintTask);
project.testTask.exec(jest.exec ?? jest.execArgs!.join(' '), { receiveArgs: true });

// --- The arrows of docs/architecture.md: who may import whom.
const NO_CDK = { group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], message: 'Nothing here may know the CDK (docs/architecture.md).' };
const NO_SDK = { group: ['@aws-sdk/*', '@smithy/*'], message: 'Constructs never call AWS (docs/architecture.md).' };
project.eslint!.addRules({
  'import/no-restricted-paths': [
    'error',
    {
      zones: [
        { target: './src', from: ['./lambda', './local', './test', './examples', './bench'] },
        { target: './src/policy', from: './src', except: ['./policy'] },
        { target: './src/private', from: './src', except: ['./private'] },
        ...['backup', 'glacier', 'provider', 'synthesis'].map((folder) => ({ target: `./src/${folder}`, from: './src/checks' })),
        { target: './lambda', from: './src', except: ['./policy', './private'] },
        { target: './lambda', from: ['./local', './test', './examples', './bench'] },
        { target: './local', from: './src', except: ['./policy'] },
        { target: './local', from: ['./lambda', './test', './examples', './bench'] },
        { target: './test/local', from: './lambda' },
        { target: './test/lambda', from: './local' },
      ].map((zone) => ({ ...zone, message: 'This import runs against the arrows of docs/architecture.md.' })),
    },
  ],
});
const restrictImports = (files: string[], ...patterns: object[]) =>
  project.eslint!.addOverride({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
restrictImports(['src/**/*.ts'], NO_SDK);
restrictImports(['src/policy/**/*.ts', 'src/private/**/*.ts'], NO_CDK, NO_SDK);
restrictImports(['lambda/**/*.ts', 'local/**/*.ts'], NO_CDK);
// Examples import the library by its name, as its users do.
project.eslint!.addOverride({
  files: ['examples/**/*.ts'],
  rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk-vault-lock$'] }] },
});
// Command lines and long-running programs talk to a person.
project.eslint!.addOverride({
  files: ['lambda/**/*.ts', 'local/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
  rules: { 'no-console': 'off' },
});

project.synth();
