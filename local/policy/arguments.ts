import { parseArgs } from 'node:util';
import { actionOf, principalOf, resourceArnOf, vaultArnOf } from './requests';
import type { PolicyRequest } from './requests';
import { UsageError } from '../arguments';

export interface CheckArguments {
  readonly file: string;
  readonly vaultArn: string;
  readonly kind: 'lock' | 'access';
  readonly json: boolean;
}

/** A request whose policies are still files; or requests on the standard input. */
export type EvaluateArguments =
  { readonly batch: true } | ({ readonly batch: false; readonly files: readonly string[] } & Omit<PolicyRequest, 'policies'>);

/** @throws UsageError, UnusableInput */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...args],
      options: { 'vault-arn': { type: 'string' }, kind: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    }),
  );
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('`check` needs one policy file.');
  const { kind = 'lock' } = values;
  if (kind !== 'lock' && kind !== 'access') throw new UsageError(`\`--kind\` must be lock or access, got: ${kind}`);
  return { file, vaultArn: vaultArnOf(needed(values['vault-arn'], '--vault-arn')), kind, json: values.json ?? false };
}

/** @throws UsageError, UnusableInput */
export function parseEvaluateArguments(args: readonly string[]): EvaluateArguments {
  const { values, positionals } = read(() =>
    parseArgs({
      args: [...args],
      options: {
        policy: { type: 'string', multiple: true },
        'vault-arn': { type: 'string' },
        principal: { type: 'string' },
        action: { type: 'string' },
        'identity-allow': { type: 'boolean' },
        context: { type: 'string', multiple: true },
        batch: { type: 'boolean' },
      },
      allowPositionals: true,
    }),
  );
  if (values.batch) return { batch: true };
  const files = values.policy ?? [];
  if (files.length === 0) throw new UsageError('`evaluate` needs `--policy FILE`, or `--batch`.');
  return {
    batch: false,
    files,
    vaultArn: resourceArnOf(needed(values['vault-arn'], '--vault-arn')),
    principal: principalOf(needed(values.principal, '--principal')),
    action: actionOf(needed(values.action, '--action')),
    identityAllow: values['identity-allow'] ?? false,
    // `--context a=b c=d` and `--context a=b --context c=d` are the same.
    context: contextOf([...(values.context ?? []), ...positionals]),
  };
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`\`${option}\` is missing.`);
  return value;
}

/** A key that is given twice has several values. */
function contextOf(pairs: readonly string[]): Record<string, string[]> {
  const context = new Map<string, string[]>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`\`--context\` must be KEY=VALUE, got: ${pair}`);
    const key = pair.slice(0, at);
    context.set(key, [...(context.get(key) ?? []), pair.slice(at + 1)]);
  }
  return Object.fromEntries(context);
}
