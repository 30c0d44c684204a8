import { findHoles, parsePolicy, PolicySyntaxError, recoveryPointRetentionOf, retentionOf, statementName } from '../../src/policy';
import type { Finding, PolicyDocument, Retention } from '../../src/policy';

export interface CheckInput {
  readonly kind: 'lock' | 'access';
  readonly text: string;
  readonly vaultArn: string;
}

/** What `cdk-vault-lock check --json` prints. */
export interface CheckReport {
  readonly valid: boolean;
  readonly retention: Omit<Retention, 'unknown'>;
  readonly findings: readonly Finding[];
  readonly unknown: readonly { readonly statement: number | null; readonly reason: string }[];
}

export interface CheckResult {
  readonly report: CheckReport;
  /** Why the text is no policy. */
  readonly problem?: string;
  readonly exitCode: 0 | 1 | 2;
}

const NOTHING_RETAINED: Retention = { days: 0, proven: false, unknown: [] };

/** What a bare policy retains, and what is suspicious about it. */
export function check(input: CheckInput): CheckResult {
  const parsed = parse(input.text);
  const document = typeof parsed === 'string' ? undefined : parsed;
  const archives = document ? retentionOf([document], input.vaultArn) : NOTHING_RETAINED;
  const findings = findHoles({ ...input, document, retention: archives });
  const { unknown, ...retention } = document && isBackup(input) ? recoveryPointRetentionOf([document], input.vaultArn) : archives;
  const report: CheckReport = {
    valid: document !== undefined,
    retention,
    findings,
    unknown: unknown.map(({ statement, reason }) => ({ statement, reason })),
  };
  if (findings.length > 0) return { report, exitCode: 1, ...(typeof parsed === 'string' && { problem: parsed }) };
  return typeof parsed === 'string' ? { report, problem: parsed, exitCode: 2 } : { report, exitCode: 0 };
}

function isBackup({ vaultArn }: Pick<CheckInput, 'vaultArn'>): boolean {
  return vaultArn.split(':')[2] === 'backup';
}

function parse(text: string): PolicyDocument | string {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error.message;
    // Too deep or too long for a JSON parser is no policy either.
    if (error instanceof RangeError) return 'the policy is too deep or too long to be read';
    throw error;
  }
}

/** The report in words. */
export function reportText({ retention, findings, unknown }: CheckReport, input: Pick<CheckInput, 'kind' | 'vaultArn'>): string {
  const { days, counterExample } = retention;
  const what = isBackup(input) ? 'a recovery point' : 'an archive';
  const nobody = input.kind === 'lock' && !isBackup(input) ? 'Nobody' : 'As long as this policy is in place, nobody';
  const kept =
    days === 'forever'
      ? `${nobody} can ever delete ${what}.`
      : days === 0
        ? `The policy does not keep everybody from deleting ${what}.`
        : `${nobody} can delete ${what} before it is ${days} ${days === 1 ? 'day' : 'days'} old.`;
  return [
    kept,
    ...(counterExample ? [`  ${counterExample.explanation}`] : []),
    ...unknown.map(({ statement, reason }) => `unknown: ${statement === null ? 'the policy' : statementName(statement)}: ${reason}`),
    ...findings.map(({ id, severity, message, remedy }) => `${severity} ${id}: ${message}\n  ${remedy}`),
    '',
  ].join('\n');
}
