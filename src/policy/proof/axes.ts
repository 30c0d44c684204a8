import { hasVariable, KeyCell, keyCells, KeyCells } from './key-cells';
import { numberCells } from './line-cells';
import { Memory } from './memory';
import type { Asked } from './principal-cells';
import { PRINCIPAL_KEYS } from './principal-conditions';
import type { Region } from './question';
import { conditionHolds } from '../conditions';
import type { Condition } from '../model';
import { numberOf } from '../operators';
import type { Truth } from '../truth';

/** The condition keys that a question hangs on, each cut into cells. */

export const AGE_KEY = 'glacier:archiveageindays';
export const AGE_NAME = 'glacier:ArchiveAgeInDays';
const INITIATE_JOB = 'glacier:initiatejob';
/** Service Authorization Reference, Amazon S3 Glacier: no other action's request carries the archive's age. */
export const ACTIONS_WITH_AGE = ['glacier:deletearchive', INITIATE_JOB];

/** Condition keys have no case. */
export function isAgeKey(key: string): boolean {
  return key.toLowerCase() === AGE_KEY;
}

/** Whether requests for the action say how old the archive is. */
export function carriesAge(action: string): boolean {
  return ACTIONS_WITH_AGE.includes(action.toLowerCase());
}

export interface Axis {
  /** As the policies write it. */
  readonly name: string;
  readonly cells: readonly KeyCell[];
  /** What each condition on the key says in each cell. */
  readonly truths: ReadonlyMap<Condition, readonly Truth[]>;
}

export interface Axes {
  /** By lower-case name. */
  readonly byKey: ReadonlyMap<string, Axis>;
  /** Conditions that the cells do not exhaust, and why. */
  readonly inexact: ReadonlyMap<Condition, string>;
}

interface Use {
  readonly condition: Condition;
  readonly variables: boolean;
}

export function axesOf(asked: readonly Asked[], action: string, region: Region): Axes {
  const uses = new Map<string, Use[]>();
  for (const { statement, variables } of asked) {
    for (const condition of statement.conditions) {
      const key = condition.key.toLowerCase();
      if (PRINCIPAL_KEYS.has(key)) continue;
      const list = uses.get(key) ?? [];
      uses.set(key, list);
      if (!list.some((use) => use.condition === condition)) list.push({ condition, variables });
    }
  }
  const byKey = new Map<string, Axis>();
  const inexact = new Map<Condition, string>();
  const fixed = fixedKeys(region);
  for (const [key, list] of uses) {
    const found = remembered(cutKeys, key, list, () => keyCells(key, list));
    for (const [condition, reason] of found.inexact) {
      // A given value leaves nothing open but what the policy's own value depends on.
      if (!fixed.has(key) || condition.values.some(hasVariable)) inexact.set(condition, reason);
    }
    byKey.set(key, axisOf(key, list, fixed, found.cells, action, region));
  }
  return { byKey, inexact };
}

const cutKeys = /* @__PURE__ */ new Memory<KeyCells>();
const freeAxes = /* @__PURE__ */ new Memory<Axis>();
const ageAxes = /* @__PURE__ */ new Memory<Axis>();

function remembered<T>(memory: Memory<T>, key: string, uses: readonly Use[], find: () => T): T {
  const about = uses.map(({ condition }) => condition);
  return memory.recall(about, `${key} ${uses.map(({ variables }) => Number(variables)).join('')}`, find);
}

function axisOf(
  key: string,
  uses: readonly Use[],
  fixed: ReadonlyMap<string, KeyCell>,
  found: readonly KeyCell[],
  action: string,
  region: Region,
): Axis {
  const name = key === AGE_KEY ? AGE_NAME : (uses[0]?.condition.key ?? key);
  if (fixed.has(key)) return axis(name, [fixed.get(key)], uses);
  // Every age stays a cell of its own: a retention is counted in them.
  if (key === AGE_KEY) {
    const cells = ageCells(uses, action, region);
    const { from, below } = region.age ?? {};
    return remembered(ageAxes, `${action} ${region.age ? `${from} ${below}` : ''}`, uses, () => axis(name, cells, uses));
  }
  return remembered(freeAxes, key, uses, () => distinct(axis(name, found, uses)));
}

function axis(name: string, cells: readonly KeyCell[], uses: readonly Use[]): Axis {
  const truths = uses.map(({ condition, variables }): [Condition, Truth[]] => [
    condition,
    cells.map((cell) => conditionHolds(condition, cell === undefined ? {} : { [name]: cell }, variables)),
  ]);
  return { name, cells, truths: new Map(truths) };
}

/** Of cells in which all conditions say the same one is enough. */
function distinct({ name, cells, truths }: Axis): Axis {
  const seen = new Set<string>();
  const kept = cells.flatMap((_, index) => {
    const signature = [...truths.values()].map((row) => String(row[index])).join();
    if (seen.has(signature)) return [];
    seen.add(signature);
    return [index];
  });
  const pick = <T>(list: readonly T[]) => kept.map((index) => list[index] as T);
  return { name, cells: pick(cells), truths: new Map([...truths].map(([condition, row]) => [condition, pick(row)])) };
}

function fixedKeys({ tags = {}, context = {} }: Region): Map<string, KeyCell> {
  const cell = (value: string | readonly string[] | null): KeyCell =>
    value === null ? undefined : typeof value === 'string' ? [value] : value;
  return new Map([
    ...Object.entries(tags).map(([key, value]): [string, KeyCell] => [`glacier:resourcetag/${key.toLowerCase()}`, cell(value)]),
    ...Object.entries(context).map(([key, value]): [string, KeyCell] => [key.toLowerCase(), cell(value)]),
  ]);
}

/** Ascending. An age is never negative, and every archive has one; only a job for the vault's inventory is about no archive. */
function ageCells(uses: readonly Use[], action: string, region: Region): KeyCell[] {
  const { age = {} } = region;
  if (!carriesAge(action)) return [undefined];
  const constants = uses.flatMap(({ condition }) => condition.values.map((value) => numberOf(value) ?? Number.NaN));
  const from = Math.max(0, age.from ?? 0);
  const below = age.below ?? Number.POSITIVE_INFINITY;
  const cells = numberCells([from, below, ...constants], from).filter((days) => days < below);
  const ages = cells.map((days) => [String(days)]);
  return action.toLowerCase() === INITIATE_JOB && region.age === undefined ? [...ages, undefined] : ages;
}
