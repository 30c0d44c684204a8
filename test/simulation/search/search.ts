import { Exploration, explore, story } from './explore';
import { Bounds, Frame, Handler, Judged, Run } from './frame';
import { InvariantName } from './invariants';

export interface Search extends Exploration {
  /** Each violation as the shortest list of moves that leads to it. */
  readonly stories: readonly string[];
}

/** The whole space within the bounds, which it prints; or until the first violation of one invariant. */
export function search<W extends Judged, R extends Run>(handler: Handler<W, R>, bounds: Bounds, until?: InvariantName): Search {
  const frame = new Frame(handler, bounds);
  const found = explore(frame, (violations) => until !== undefined && violations.some(({ invariant }) => invariant === until));
  const { states, transitions, depth, seconds } = found;
  const size = `${states} states, ${transitions} transitions, depth ${depth}, ${seconds.toFixed(1)} s`;
  if (until === undefined) {
    process.stdout.write(`${size}, a request takes up to ${frame.longest} steps; bounds: ${JSON.stringify(bounds)}\n`);
  }
  return { ...found, stories: found.violations.map(story) };
}
