import { spawn } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseLocalArguments, USAGE, UsageError } from './arguments';
import type { LocalArguments } from './arguments';
import { childEnvironment } from './child-environment';
import { LocalEndpoint } from './endpoint';
import { version } from '../package.json';
import { checkCommand, evaluateCommand } from './policy/commands';
import { UnusableInput } from './policy/requests';

const EXIT_USAGE = 2;

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (command === undefined || command === '--help' || command === 'help' || rest[0] === '--help') {
    process.stdout.write(USAGE);
    return command === undefined ? EXIT_USAGE : 0;
  }
  if (command === '--version' || command === 'version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (command === 'check') return checkCommand(rest);
  if (command === 'evaluate') return evaluateCommand(rest);
  if (command !== 'local') throw new UsageError(`There is no command ${command}.`);
  return local(parseLocalArguments(rest));
}

async function local(options: LocalArguments): Promise<number> {
  const endpoint = await LocalEndpoint.start({
    port: options.port,
    stateFolder: path.resolve(options.state),
    accountId: options.accountId,
    switches: options.switches,
  });
  try {
    return options.command ? await runAgainst(endpoint, options.command) : await serve(endpoint);
  } finally {
    await endpoint.stop();
  }
}

/** Serves until somebody stops the process. */
async function serve(endpoint: LocalEndpoint): Promise<number> {
  process.stdout.write(`listening on ${endpoint.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  return 0;
}

/** Runs the command with its terminal handed through, and passes its exit code on. */
async function runAgainst(endpoint: LocalEndpoint, [program, ...args]: readonly string[]): Promise<number> {
  const child = spawn(program!, args, { stdio: 'inherit', env: childEnvironment(process.env, endpoint.url, endpoint.accountId) });
  // Ctrl-C reaches the child by itself (same terminal); we wait for it to end. Other signals are handed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new UsageError(`Cannot run ${program}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? (os.constants.signals[signal] ?? 0) : 0)));
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`cdk-vault-lock: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${USAGE}`);
    process.exit(error instanceof UsageError || error instanceof UnusableInput ? EXIT_USAGE : 1);
  },
);
