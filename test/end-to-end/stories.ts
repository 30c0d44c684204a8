/** More of them at once only wait for the processor. */
const AT_ONCE = 5;
const TIMEOUT_MS = 300_000;

/**
 * A test of each story. They are played beside each other, because handlers and services mostly wait in them; in a hook, because jest lets
 * a `test.concurrent` load nothing any more once another test has ended, and the CDK loads its modules when they are needed.
 */
export function describeStories(title: string, stories: Readonly<Record<string, () => Promise<void>>>): void {
  const failures = new Map<string, unknown>();
  describe(title, () => {
    beforeAll(async () => {
      const waiting = Object.entries(stories);
      const playOn = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [name, play] = next;
          await play().catch((error: unknown) => failures.set(name, error));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, playOn));
    }, TIMEOUT_MS);

    test.each(Object.keys(stories))('%s', (name) => {
      if (failures.has(name)) throw failures.get(name);
    });
  });
}
