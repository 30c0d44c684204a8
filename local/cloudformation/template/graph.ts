/** For each node the nodes that have to be done before it. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/** The nodes that lie on a cycle; empty for an acyclic graph. */
export function nodesOnCycles(dependencies: Dependencies): string[] {
  // What neither depends on nor is needed by the rest can be peeled off from both ends; what remains lies on or between cycles.
  const withoutSources = peel(dependencies);
  return [...peel(reversed(withoutSources)).keys()].sort();
}

/** The same edges the other way round. */
export function reversed(dependencies: Dependencies): Map<string, string[]> {
  const result = new Map<string, string[]>([...dependencies.keys()].map((node) => [node, []]));
  for (const [node, needed] of dependencies) for (const other of needed) result.get(other)?.push(node);
  return result;
}

/** Nodes in an order in which each comes after its dependencies; among equals the given order stays. */
export function inOrder(dependencies: Dependencies): string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const visit = (node: string): void => {
    if (done.has(node) || !dependencies.has(node)) return;
    done.add(node);
    for (const needed of dependencies.get(node) ?? []) visit(needed);
    order.push(node);
  };
  for (const node of dependencies.keys()) visit(node);
  return order;
}

function peel(dependencies: Dependencies): Map<string, readonly string[]> {
  let left = new Map(dependencies);
  for (;;) {
    const rest = new Map([...left].filter(([, needed]) => needed.some((other) => left.has(other))));
    if (rest.size === left.size) return rest;
    left = rest;
  }
}
