import { deployFleet } from './fleet';

/** `npm run simulate -- --vaults N`: a fleet of locked vaults, throttled. */
export async function simulateFleet(vaults: number, noise: number): Promise<number> {
  const started = performance.now();
  const { regions, stacks, calls, throttled, virtualMs, wrong } = await deployFleet(vaults, noise);
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  console.log(
    [
      `${whole(vaults)} vaults with a lock each in ${stacks} stacks of ${regions} Regions, two at a time, 10 requests per second and API, 50 processes: seed ${noise}`,
      `${whole(calls)} API calls (${(calls / vaults).toFixed(1)} per vault), ${whole(throttled)} of them throttled`,
      `${(virtualMs / 3_600_000).toFixed(1)} virtual hours, Region after Region, in ${((performance.now() - started) / 1000).toFixed(0)} s`,
      wrong.length === 0 ? 'every stack is CREATE_COMPLETE, every lock is in progress, nothing failed' : wrong.slice(0, 20).join('\n'),
    ].join('\n'),
  );
  return wrong.length === 0 ? 0 : 1;
}
