import type { Axes, Axis } from './axes';
import type { Condition } from '../model';
import type { Principal } from '../request';
import type { Truth } from '../truth';

/**
 * Looks for one case in which some statements match and others do not. Not every combination of all cells is tried: an axis is only
 * opened when a statement that is still undecided needs it.
 */

/** A statement as the search sees it: for each principal what it says of it, and its conditions on the other keys. */
export interface Clause {
  /** Whether the statement reaches each principal, and its conditions on principals hold; in the order of the principals. */
  readonly reaches: readonly Truth[];
  /** By axis. */
  readonly conditions: ReadonlyMap<string, readonly Condition[]>;
  /** Why the cells do not exhaust the statement. */
  readonly inexact?: string;
}

export interface Goal {
  readonly matching: readonly Clause[];
  readonly notMatching: readonly Clause[];
  /** Numbers of the principals that are worth a look: of those of whom all clauses say the same only the first. */
  readonly callers: readonly number[];
}

/** `sure`: what cannot be decided stands in the way. `possible`: it may be as it pleases. */
export type Doubt = 'sure' | 'possible';

export interface Found {
  readonly principal: Principal;
  /** By axis the cell's number; axes that do not matter are missing. */
  readonly cells: ReadonlyMap<string, number>;
}

/** What the whole question may cost, in cells looked at. */
export class Budget {
  private left: number;

  public constructor(cells: number) {
    this.left = cells;
  }

  public get exceeded(): boolean {
    return this.left < 0;
  }

  /** Takes one cell; `false` when there is none left. */
  public spend(): boolean {
    return --this.left >= 0;
  }
}

/** @param count of the principals */
export function callersOf(matching: readonly Clause[], notMatching: readonly Clause[], count: number): number[] {
  const rows = [...matching, ...notMatching].map(({ reaches }) => reaches);
  const first = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    if (matching.some(({ reaches }) => reaches[index] === false)) continue;
    let signature = '';
    for (const row of rows) signature += row[index] === true ? '1' : row[index] === false ? '0' : '?';
    if (!first.has(signature)) first.set(signature, index);
  }
  return [...first.values()];
}

export function findCase(
  goal: Goal,
  doubt: Doubt,
  principals: readonly Principal[],
  { byKey }: Pick<Axes, 'byKey'>,
  budget: Budget,
  fixed: ReadonlyMap<string, number> = new Map(),
): Found | undefined {
  for (const index of goal.callers) {
    if (!goal.matching.every((clause) => wanted(clause, index, doubt))) continue;
    const undecided = goal.notMatching.filter((clause) => !avoids(clause, clause.reaches[index] ?? false, doubt));
    const cells = assign({ matching: goal.matching, notMatching: undecided, doubt }, byKey, fixed, budget);
    if (cells) return { principal: principals[index]!, cells };
  }
  return undefined;
}

function wanted({ reaches }: Clause, index: number, doubt: Doubt): boolean {
  return reaches[index] === true || (reaches[index] === 'unknown' && doubt === 'possible');
}

/** Whether that truth of one of its parts keeps the statement from matching. */
function avoids({ inexact }: Clause, truth: Truth, doubt: Doubt): boolean {
  return truth === false || (doubt === 'possible' && (truth === 'unknown' || inexact !== undefined));
}

interface Open {
  readonly matching: readonly Clause[];
  readonly notMatching: readonly Clause[];
  readonly doubt: Doubt;
}

function assign(
  goal: Open,
  axes: ReadonlyMap<string, Axis>,
  cells: ReadonlyMap<string, number>,
  budget: Budget,
): ReadonlyMap<string, number> | undefined {
  if (!budget.spend()) return undefined;
  if (goal.matching.some((clause) => [...clause.conditions].some(([key]) => spoils(clause, key, axes, cells, goal.doubt)))) {
    return undefined;
  }
  const open = goal.notMatching.filter((clause) => !isAvoided(clause, axes, cells, goal.doubt));
  const next = nextAxis(goal.matching, cells) ?? nextAxis(open, cells);
  if (next === undefined) return open.length === 0 ? cells : undefined;
  if (open.some((clause) => [...clause.conditions.keys()].every((key) => cells.has(key)))) return undefined;
  for (const index of axes.get(next)?.cells.keys() ?? []) {
    const found = assign({ ...goal, notMatching: open }, axes, new Map([...cells, [next, index]]), budget);
    if (found) return found;
  }
  return undefined;
}

/** An axis that the first of these statements still needs. */
function nextAxis(clauses: readonly Clause[], cells: ReadonlyMap<string, number>): string | undefined {
  for (const { conditions } of clauses) {
    for (const key of conditions.keys()) if (!cells.has(key)) return key;
  }
  return undefined;
}

/** Whether the chosen cell of the axis keeps a statement from matching that has to match. */
function spoils(clause: Clause, key: string, axes: ReadonlyMap<string, Axis>, cells: ReadonlyMap<string, number>, doubt: Doubt): boolean {
  return truthsAt(clause, key, axes, cells).some((truth) => truth === false || (truth === 'unknown' && doubt === 'sure'));
}

function isAvoided(clause: Clause, axes: ReadonlyMap<string, Axis>, cells: ReadonlyMap<string, number>, doubt: Doubt): boolean {
  return [...clause.conditions.keys()].some((key) => truthsAt(clause, key, axes, cells).some((truth) => avoids(clause, truth, doubt)));
}

function truthsAt(clause: Clause, key: string, axes: ReadonlyMap<string, Axis>, cells: ReadonlyMap<string, number>): Truth[] {
  const index = cells.get(key);
  if (index === undefined) return [];
  return (clause.conditions.get(key) ?? []).map((condition) => axes.get(key)?.truths.get(condition)?.[index] ?? 'unknown');
}
