import * as fc from 'fast-check';
import { lives, Storm } from './backup-storm-life';

/**
 * A stack with one lock lives through random deployments: events come twice, late, beside their Delete, into dying processes, over a slow
 * network that loses answers; reads lag, clocks differ, people use the console. fast-check prints the seed of a failure.
 * BACKUP_STORM_RUNS says how many lives.
 */
const RUNS = { numRuns: Number(process.env.BACKUP_STORM_RUNS ?? 250) };

test('a stack’s life in a storm: every law holds after every step', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (one) => {
      const storm = new Storm(one);
      await storm.stack.clock.run(storm.run());
      if (process.env.BACKUP_STORM_LOGS && storm.brokenLaws.length > 0) process.stdout.write(`${storm.stack.logs.join('\n')}\n`);
      expect(storm.brokenLaws).toEqual([]);
    }),
    RUNS,
  );
}, 600_000);
