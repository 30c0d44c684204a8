import { Mutant } from './mutant';

/** What came of simulating the handlers, with a bug in them or without. */
export interface Trial extends Finding {
  /** Nothing for the handlers as they are. */
  readonly mutant?: Mutant;
  readonly seconds: number;
  readonly output: string;
}

export interface Finding {
  /** `broken`: the simulation did not come to a result, which is no merit of its invariants. */
  readonly result: 'caught' | 'survived' | 'broken';
  /** The one that caught it. */
  readonly invariant?: string;
  /** How many runs it took to catch it, if the simulation has said so. */
  readonly runs?: number;
}

/**
 * What a simulation that began at a seed has found, by its exit status and its lines `seed <number>, shrunk to:` and `violated: <invariant>`.
 * One that fails without naming an invariant has not caught anything.
 */
export function findingOf(status: number | null, output: string, firstSeed: number): Finding {
  if (status === 0) return { result: 'survived' };
  const invariant = /^violated: (.+)$/m.exec(output)?.[1]?.trim();
  if (status !== 1 || invariant === undefined) return { result: 'broken' };
  const seed = /^seed (\d+)\b/m.exec(output)?.[1];
  return { result: 'caught', invariant, runs: seed === undefined ? undefined : Number(seed) - firstSeed + 1 };
}

const [BEGIN, END] = ['<!-- mutants -->', '<!-- /mutants -->'];

/** One line of the terminal. */
export function scoreLine({ mutant, result, invariant, runs, seconds }: Trial): string {
  const by = invariant === undefined ? '' : `by ${invariant}`;
  const after = runs === undefined ? '' : `${runs} ${runs === 1 ? 'run' : 'runs'}`;
  const columns = [
    (mutant?.name ?? '(no bug)').padEnd(50),
    result.padEnd(8),
    by.padEnd(50),
    after.padStart(11),
    `${seconds.toFixed(1)} s`.padStart(8),
  ];
  return columns.join('  ');
}

export function score(trials: readonly Trial[]): string {
  return `caught ${trials.filter(({ result }) => result === 'caught').length}/${trials.length}`;
}

/**
 * @returns the page with a table of the trials between its two markers
 * @throws Error if it has none
 */
export function withTable(page: string, trials: readonly Trial[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no lines ${BEGIN} and ${END}, between which the table of the mutants belongs`);
  return `${page.slice(0, from)}${BEGIN}\n\n${table(trials)}\n\n${page.slice(to)}`;
}

function table(trials: readonly Trial[]): string {
  const rows = trials.map(({ mutant, invariant, result }) => [
    `\`${mutant?.name}\``,
    mutant?.description ?? '',
    String(mutant?.rule),
    invariant ?? `**${result}**`,
  ]);
  const lines = [['Mutant', 'What is wrong', 'Rule', 'Caught by'], ['---', '---', '---', '---'], ...rows];
  return [...lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`), '', `${score(trials)}.`].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
