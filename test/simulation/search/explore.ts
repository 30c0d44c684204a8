import { Broken } from './invariants';

/** What can happen next. */
export interface Move<S> {
  readonly name: string;
  readonly to: S;
  readonly broken?: readonly Broken[];
}

export interface Model<S> {
  readonly start: S;
  moves(from: S): readonly Move<S>[];
}

export interface Violation extends Broken {
  /** The shortest way there. */
  readonly path: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Moves on the longest of the shortest ways. */
  readonly depth: number;
  /** Of processor time. */
  readonly seconds: number;
  /** The first one of each invariant. */
  readonly violations: readonly Violation[];
}

/** Moments are numbers from here on, so that they can be told from every other number in a state. */
export const FIRST_MOMENT = 1000;

/** The same for states that differ only in when things happened, not in their order. */
export function canonical(state: unknown): string {
  const values: unknown[] = [];
  const moments: number[] = [];
  flatten(state, values, moments);
  const order = [...new Set(moments.map((at) => values[at] as number))].sort((a, b) => a - b);
  for (const at of moments) values[at] = `@${order.indexOf(values[at] as number)}`;
  return values.join();
}

/** @param moments where among the values they are */
function flatten(value: unknown, values: unknown[], moments: number[]): void {
  if (typeof value === 'object' && value !== null) {
    values.push('(');
    for (const name in value) flatten(value[name as keyof typeof value], values, moments);
    values.push(')');
    return;
  }
  if (typeof value === 'number' && value >= FIRST_MOMENT) moments.push(values.length);
  values.push(value ?? '-');
}

/** More states than this are a model that is not finite. */
const MOST_STATES = 3_000_000;

/** Breadth first, every state once, until there is no new one. */
export function explore<S>({ start, moves }: Model<S>, until: (found: readonly Violation[]) => boolean = () => false): Exploration {
  const from = process.cpuUsage();
  const seen = new Set<string>([canonical(start)]);
  const queue: (S | undefined)[] = [start];
  const parents: number[] = [-1];
  const names: string[] = [''];
  const depths: number[] = [0];
  const violations: Violation[] = [];
  let transitions = 0;
  const wayTo = (index: number): string[] => {
    const way: string[] = [];
    for (let at = index; at > 0; at = parents[at] ?? 0) way.unshift(names[at] ?? '');
    return way;
  };
  for (let index = 0; index < queue.length && !until(violations); index++) {
    const state = queue[index] as S;
    queue[index] = undefined;
    for (const { name, to, broken = [] } of moves(state)) {
      transitions++;
      for (const one of broken) {
        if (!violations.some(({ invariant }) => invariant === one.invariant)) violations.push({ ...one, path: [...wayTo(index), name] });
      }
      const key = canonical(to);
      if (seen.has(key)) continue;
      if (seen.add(key).size > MOST_STATES) throw new Error(`more than ${MOST_STATES} states`);
      queue.push(to);
      parents.push(index);
      names.push(name);
      depths.push((depths[index] ?? 0) + 1);
    }
  }
  return { states: seen.size, transitions, depth: depths[depths.length - 1] ?? 0, seconds: process.cpuUsage(from).user / 1e6, violations };
}

export function story({ invariant, rule, detail, path }: Violation): string {
  return [`${invariant}: ${detail}`, `  rule: ${rule}`, ...path.map((move, index) => `  ${index + 1}. ${move}`)].join('\n');
}
