import * as fs from 'node:fs';
import { parseCheckArguments, parseEvaluateArguments } from './arguments';
import { answerLines } from './batch';
import { check, reportText } from './check';
import { answer, policyOf, UnusableInput } from './requests';

const EXIT_UNUSABLE = 2;

/** `cdk-vault-lock check`: 0 without findings, 1 with, 2 for what is no policy. */
export function checkCommand(args: readonly string[]): number {
  const { file, json, ...input } = parseCheckArguments(args);
  const { report, problem, exitCode } = check({ ...input, text: readText(file) });
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (report.valid || report.findings.length > 0) process.stdout.write(reportText(report, input));
  if (problem !== undefined) process.stderr.write(`cdk-vault-lock: ${file}: ${problem}\n`);
  return exitCode;
}

/** `cdk-vault-lock evaluate`: 0, or 2 for what cannot be used. */
export async function evaluateCommand(args: readonly string[]): Promise<number> {
  const options = parseEvaluateArguments(args);
  if (options.batch) return (await answerLines(process.stdin, process.stdout)) ? 0 : EXIT_UNUSABLE;
  const { files, batch: _, ...request } = options;
  const policies = files.map((file) => policyOf(readText(file), file));
  process.stdout.write(`${JSON.stringify(answer({ ...request, policies }))}\n`);
  return 0;
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnusableInput(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}
