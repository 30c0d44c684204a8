import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface LocalArguments {
  /** 0: any free port. */
  readonly port: number;
  readonly state: string;
  readonly accountId: string;
  readonly switches: Readonly<Record<string, string>>;
  /** The command to run against the endpoint; absent: serve until stopped. */
  readonly command?: readonly string[];
}

export const USAGE = `Usage:
  cdk-vault-lock local --port 4566            serve until stopped (SIGTERM, Ctrl-C)
  cdk-vault-lock local -- npx cdk deploy ...  serve on a free port, run the command against it, stop
  cdk-vault-lock check POLICY.json --vault-arn ARN [--kind lock|access] [--json]
                                              what a vault's policy retains, and what is suspicious about it
                                              (exit code 0: no finding, 1: findings, 2: unusable input)
  cdk-vault-lock evaluate --policy FILE [--policy FILE2] --vault-arn ARN --principal ARN|SERVICE|anonymous
                          --action A [--identity-allow] [--context KEY=VALUE ...]
                                              what the policies of a vault decide about one request
  cdk-vault-lock evaluate --batch             the same for a JSON request a line of the standard input

Options of local:
  --port N        the port on 127.0.0.1; 0 picks a free one (default without a command: 4566)
  --state DIR     where the endpoint's world is kept between calls (default: .cdk-vault-lock)
  --account ID    the account to be, 12 digits (default: 123456789012)
  --switch K=V    choose a behaviour that AWS does not document, see docs/local-endpoint.md; may be repeated

Options of all:
  --help          this text
  --version       the version of this package
`;

export class UsageError extends Error {}

const DEFAULT_PORT = 4566;

/** @throws UsageError */
export function parseLocalArguments(args: readonly string[]): LocalArguments {
  const split = args.indexOf('--');
  const command = split < 0 ? undefined : args.slice(split + 1);
  if (command?.length === 0) throw new UsageError('After `--` there must be a command to run.');
  const values = read(split < 0 ? args : args.slice(0, split));
  const accountId = values.account ?? '123456789012';
  if (!/^\d{12}$/.test(accountId)) throw new UsageError(`\`--account\` must be 12 digits, got: ${accountId}`);
  return {
    port: values.port === undefined ? (command ? 0 : DEFAULT_PORT) : portOf(values.port),
    state: values.state ?? '.cdk-vault-lock',
    accountId,
    switches: Object.fromEntries((values.switch ?? []).map(switchOf)),
    command,
  };
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: withNegativeNumbers(args),
      options: {
        port: { type: 'string' },
        state: { type: 'string' },
        account: { type: 'string' },
        switch: { type: 'string', multiple: true },
      },
      strict: true,
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** parseArgs takes `-1` for an option; here it can only be a value, to be refused as what it is. */
function withNegativeNumbers(args: readonly string[]): string[] {
  return args.reduce<string[]>(
    (taken, arg) =>
      /^-\d/.test(arg) && taken.at(-1)?.startsWith('--') ? [...taken.slice(0, -1), `${taken.at(-1)}=${arg}`] : [...taken, arg],
    [],
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`\`--port\` must be a number from 0 to 65535, got: ${text}`);
  return port;
}

function switchOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`\`--switch\` must be NAME=VALUE, got: ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
