import type { Dependencies } from '../template/graph';

/** CloudFormation works on many resources at once but not on all; the figure is not published. */
export const RESOURCES_AT_ONCE = 25;

export interface WalkOptions {
  /** Stop: nothing new is started. Continue: everything that does not depend on the failed one still runs. */
  readonly onFailure: 'stop' | 'continue';
  /** Called once, when the first failure stops the walk. */
  readonly onStop?: () => void;
  /** Asked before each start; true stops the walk from outside. */
  readonly stopped?: () => boolean;
  readonly atOnce?: number;
}

/**
 * Works on each node as soon as its dependencies are done, several at a time.
 * @param work resolves to false when it has failed; it must not reject.
 * @returns the nodes that were neither failed nor done.
 */
export async function walk(dependencies: Dependencies, work: (node: string) => Promise<boolean>, options: WalkOptions): Promise<string[]> {
  const waiting = new Set(dependencies.keys());
  const done = new Set<string>();
  const running = new Set<Promise<void>>();
  let halted = false;
  const ready = (node: string) => (dependencies.get(node) ?? []).every((needed) => done.has(needed) || !dependencies.has(needed));
  const start = (node: string): void => {
    waiting.delete(node);
    const run: Promise<void> = work(node).then((succeeded) => {
      running.delete(run);
      if (succeeded) {
        done.add(node);
      } else if (options.onFailure === 'stop' && !halted) {
        halted = true;
        options.onStop?.();
      }
    });
    running.add(run);
  };
  for (;;) {
    for (const node of [...waiting]) {
      if (halted || options.stopped?.() || running.size >= (options.atOnce ?? RESOURCES_AT_ONCE)) break;
      if (ready(node)) start(node);
    }
    if (running.size === 0) return [...waiting];
    await Promise.race(running);
  }
}
