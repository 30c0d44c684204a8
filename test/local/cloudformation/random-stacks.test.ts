import * as fc from 'fast-check';
import { Harness, things } from './harness';

interface Node {
  readonly name: number;
  readonly value: number;
  readonly fails: boolean;
  readonly needs: readonly number[];
}

/** Up to six things, each depending only on earlier ones; names are their physical ids, so another name replaces. */
const stack = fc.array(
  fc.record<Node>({
    name: fc.nat(2),
    value: fc.nat(2),
    fails: fc.nat(7).map((chance) => chance === 0),
    needs: fc.array(fc.nat(5), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const idOf = (index: number, node: Node) => `R${index}-${node.name}`;

/** @param before how many things the deployed version has: those fail when they are updated, the others when they are created. */
function template(nodes: readonly Node[], before: number) {
  const entries = nodes.map((node, index): [string, Record<string, unknown>] => [
    `R${index}`,
    {
      DependsOn: node.needs.filter((need) => need < index).map((need) => `R${need}`),
      Properties: { Name: idOf(index, node), Value: String(node.value), Fail: node.fails ? (index < before ? 'update' : 'create') : '' },
    },
  ]);
  return things(Object.fromEntries(entries));
}

/** The physical ids that exist after all calls so far, with their values. */
function alive(harness: Harness): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const { verb, physicalId, properties } of harness.calls) {
    const failed = properties.Fail === verb;
    if (verb === 'delete') found.delete(physicalId!);
    else if (!failed) found.set(String(properties.Name), properties.Value);
  }
  return found;
}

describe('whatever is deployed over whatever, with whatever failing', () => {
  test('a success leaves exactly what the template says, a rollback exactly what was there before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stack, { minLength: 1, maxLength: 4 }), async (versions) => {
        const harness = new Harness();
        let deployed = new Map<string, unknown>();
        for (const nodes of versions) {
          const status = await harness.deploy(template(nodes, deployed.size)).catch((error: Error) => error.message);
          if (status === 'ROLLBACK_COMPLETE') {
            expect(alive(harness)).toEqual(new Map());
            return;
          }
          if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') {
            deployed = new Map(nodes.map((node, index) => [idOf(index, node), String(node.value)]));
          } else {
            expect(['UPDATE_ROLLBACK_COMPLETE', 'ValidationError: No updates are to be performed.']).toContain(status);
          }
          expect(Object.fromEntries(alive(harness))).toEqual(Object.fromEntries(deployed));
        }
        expect(await harness.destroy()).toBe('DELETE_COMPLETE');
        expect(alive(harness)).toEqual(new Map());
      }),
      { numRuns: 150 },
    );
  });
});
