import { lockPolicy, policyNameOf } from './program/template';
import type { Template } from './program/template';
import type { CallRecord } from './world/api';
import { SimWorld } from './world/sim-world';
import type { Witness } from './world/sim-world';
import { ResourceTypes } from '../../src/private/contract';

/** As many vaults with a lock each as fit into 500 resources, beside what the provider needs. */
const VAULTS_PER_STACK = 240;
/** https://docs.aws.amazon.com/amazonglacier/latest/dev/creating-vaults.html */
const VAULTS_PER_REGION = 1000;
const STACKS_AT_ONCE = 2;
const LIMITS = { requestsPerSecond: 10, processes: 50 };
const TOKEN = 'arn:aws:lambda:eu-west-1:123456789012:function:glacier';
const COMMON = { ServiceToken: TOKEN, ServiceTimeout: 900 };

export interface FleetReport {
  readonly vaults: number;
  readonly regions: number;
  readonly stacks: number;
  readonly calls: number;
  readonly throttled: number;
  readonly virtualMs: number;
  /** What did not come out as asked for. */
  readonly wrong: readonly string[];
}

/**
 * Deploys so many vaults, each with a lock in its test window, over stacks, two at a time, as `cdk deploy --concurrency 2` does. A Region is
 * a world of its own: limits and quotas are per Region.
 */
export async function deployFleet(vaults: number, noise: number): Promise<FleetReport> {
  const names = Array.from({ length: vaults }, (_, index) => `vault-${index}`);
  const regions: FleetReport[] = [];
  for (const own of chunks(names, VAULTS_PER_REGION)) regions.push(await deployRegion(own, noise + regions.length));
  const sum = (member: 'stacks' | 'calls' | 'throttled' | 'virtualMs') => regions.reduce((total, region) => total + region[member], 0);
  return {
    ...{
      vaults,
      regions: regions.length,
      stacks: sum('stacks'),
      calls: sum('calls'),
      throttled: sum('throttled'),
      virtualMs: sum('virtualMs'),
    },
    wrong: regions.flatMap(({ wrong }) => wrong),
  };
}

async function deployRegion(names: readonly string[], noise: number): Promise<FleetReport> {
  const world = new SimWorld({ noise, skewMs: 0, switches: {}, readsCanBeStale: false, limits: LIMITS });
  const counter = new Counter();
  world.watch(counter);
  const stacks = chunks(names, VAULTS_PER_STACK).map((own, index) => ({ name: `fleet-${index}`, own }));
  const wrong: string[] = [];
  const queue = [...stacks];
  const deploy = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      await (
        await world.begin('CreateStack', next.name, { template: templateOf(next.own) })
      )();
      wrong.push(...problemsOf(world, next.name, next.own));
    }
  };
  await world.clock.run(Promise.all(Array.from({ length: STACKS_AT_ONCE }, deploy)));
  const { calls, throttled } = counter;
  return { vaults: names.length, regions: 1, stacks: stacks.length, calls, throttled, virtualMs: world.clock.offset, wrong };
}

/** To be looked at right after the deployment: a window ends after 24 hours. */
function problemsOf(world: SimWorld, stack: string, vaults: readonly string[]): string[] {
  const { status, events = [] } = world.stack(stack) ?? {};
  const failed = events
    .filter((event) => /FAILED|ROLLBACK/.test(event.status))
    .map((event) => `${event.logicalId}: ${event.reason ?? event.status}`);
  const unlocked = vaults.filter((name) => {
    const lock = world.glacierVaults[name]?.lock;
    return lock?.state !== 'InProgress' || policyNameOf(name, lock.policy) !== 'sevenYears';
  });
  return [...(status === 'CREATE_COMPLETE' ? [] : [`${stack} is ${status}`]), ...failed, ...unlocked.map((name) => `${name} has no lock`)];
}

function templateOf(vaults: readonly string[]): Template {
  const resources = vaults.flatMap((name, index) => [
    [`Vault${index}`, { Type: ResourceTypes.GLACIER_VAULT, Properties: { ...COMMON, VaultName: name } }],
    [
      `Lock${index}`,
      {
        Type: ResourceTypes.GLACIER_VAULT_LOCK,
        Properties: { ...COMMON, VaultName: name, Policy: lockPolicy(name, 'sevenYears'), Stage: 'initiate' },
        DependsOn: [`Vault${index}`],
      },
    ],
  ]);
  return { Resources: Object.fromEntries(resources) as Template['Resources'] };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}

class Counter implements Witness {
  calls = 0;
  throttled = 0;

  after({ error }: CallRecord): void {
    this.calls++;
    if (error === 'ThrottlingException' || error === 'Throttling') this.throttled++;
  }

  sent(): void {}
  started(): void {}
  before(): void {}
  logged(): void {}
  ended(): void {}
}
