import { allRows, rowsSeen } from './decide-rows/rows';
import { OPERATIONS } from './program/program';
import type { CallRecord } from './world/api';
import { canHit, FAULT_KINDS } from './world/faults';
import type { FaultKind } from './world/faults';
import type { Run } from './world/runs';
import type { Witness } from './world/sim-world';

/** What runs came to, as plain data that processes send each other. */
export interface Sum {
  runs: number;
  calls: number;
  operations: number;
  virtualMs: number;
  processes: number;
  deaths: number;
  copies: number;
  lostAnswers: number;
  /** `<operation> <fault>` -> how often. */
  readonly hits: Record<string, number>;
}

export const emptySum = (): Sum => ({
  ...{ runs: 0, calls: 0, operations: 0, virtualMs: 0, processes: 0, deaths: 0, copies: 0, lostAnswers: 0 },
  hits: {},
});

export function addSum(to: Sum, from: Sum): void {
  for (const name of ['runs', 'calls', 'operations', 'virtualMs', 'processes', 'deaths', 'copies', 'lostAnswers'] as const) {
    to[name] += from[name];
  }
  for (const [pair, times] of Object.entries(from.hits)) to.hits[pair] = (to.hits[pair] ?? 0) + times;
}

/** Counts what happens in a run. */
export class Tally implements Witness {
  private readonly urls = new Set<string>();

  constructor(private readonly sum: Sum) {}

  sent(): void {}

  started({ event }: Run): void {
    this.sum.processes++;
    if (this.urls.has(event.ResponseURL)) this.sum.copies++;
    this.urls.add(event.ResponseURL);
  }

  before(): void {}

  after({ operation, fault }: CallRecord): void {
    this.sum.calls++;
    if (fault) this.sum.hits[`${operation} ${fault}`] = (this.sum.hits[`${operation} ${fault}`] ?? 0) + 1;
  }

  logged(): void {}

  ended({ answers, answerWasLost }: Run): void {
    if (answerWasLost) this.sum.lostAnswers++;
    if (answers.length === 0) this.sum.deaths++;
  }
}

/** Every call with every fault that it can meet. */
export const ALL_PAIRS: readonly string[] = OPERATIONS.flatMap((operation) =>
  FAULT_KINDS.filter((kind) => canHit(operation, kind)).map((kind) => `${operation} ${kind}`),
);

export interface Coverage {
  readonly seen: number;
  readonly all: number;
  readonly missing: readonly string[];
}

export function pairCoverage({ hits }: Sum): Coverage {
  const missing = ALL_PAIRS.filter((pair) => !hits[pair]);
  return { seen: ALL_PAIRS.length - missing.length, all: ALL_PAIRS.length, missing };
}

export function rowCoverage(): Coverage {
  const missing = allRows().filter((row) => !rowsSeen().has(row));
  return { seen: allRows().length - missing.length, all: allRows().length, missing };
}

export function faultsByKind({ hits }: Sum): { readonly [kind in FaultKind]?: number } {
  const byKind: { [kind: string]: number } = {};
  for (const [pair, times] of Object.entries(hits)) {
    const kind = pair.split(' ')[1] ?? '';
    byKind[kind] = (byKind[kind] ?? 0) + times;
  }
  return byKind;
}
