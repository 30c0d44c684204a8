import * as fs from 'node:fs';
import * as path from 'node:path';
import { applyPatch, parsePatch } from 'diff';

/** A deliberate bug. */
export interface Mutant {
  /** That of its file. */
  readonly name: string;
  /** What is wrong, and whom it hurts. */
  readonly description: string;
  /** The number of the rule that it breaks; 0 if the file does not say. */
  readonly rule: number;
  /** A unified diff against the root of the project. */
  readonly diff: string;
}

const RULE = /^Breaks rule (\d+): /;

/** @returns all mutants, in the order of their names */
export function readMutants(folder = __dirname): Mutant[] {
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.patch'));
  return files.sort().map((file) => readMutant(path.join(folder, file)));
}

/** A patch file is comment lines that begin with `#`, and a diff. */
export function readMutant(file: string): Mutant {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const diffAt = lines.findIndex((line) => line.startsWith('--- '));
  const comments = lines.slice(0, diffAt).flatMap((line) => /^# ?(.*)$/.exec(line)?.[1] ?? []);
  return {
    name: path.basename(file, '.patch'),
    description: comments.filter((line) => !RULE.test(line)).join(' '),
    rule: Number(comments.map((line) => RULE.exec(line)?.[1]).find((number) => number !== undefined) ?? 0),
    diff: lines.slice(diffAt).join('\n'),
  };
}

/**
 * @param read the source of a file, named relative to the root of the project
 * @returns the sources with the bug in them
 * @throws Error if the sources have moved on since the patch was made
 */
export function mutated({ name, diff }: Mutant, read: (file: string) => string): ReadonlyMap<string, string> {
  const sources = parsePatch(diff).map((patch) => {
    const file = patch.oldFileName?.replace(/^a\//, '') ?? '';
    const text = applyPatch(read(file), patch, { fuzzFactor: 0 });
    if (text === false) {
      throw new Error(`the mutant ${name} does not apply to ${file} any more. Write its bug into the source as it is now.`);
    }
    return [file, text] as const;
  });
  return new Map(sources);
}
