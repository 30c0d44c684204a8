import * as fc from 'fast-check';
import { UNDOCUMENTED } from './backup-lock-table';
import { acknowledgementFor, Before, lawsBrokenAfter, lawsBrokenBy, lawsBrokenByRemoval } from './backup-storm-laws';
import { Course, Delivery, StormStack, Template } from './backup-storm-stack';
import { awsError, connectionLost, Fault } from './fakes/faulty-service';
import { HOUR, MINUTE, SECOND } from './fakes/virtual-clock';

const DAY = 24 * HOUR;
const VAULTS = ['prod', 'test'];

const TROUBLES: readonly (() => Error)[] = [
  connectionLost,
  () => awsError('AccessDeniedException', 'not yet', 403),
  () => awsError('ServiceUnavailableException', 'later', 500),
  () => awsError('ThrottlingException', 'slower', 400),
];

const templates: fc.Arbitrary<Template> = fc
  .record({
    VaultName: fc.oneof({ weight: 8, arbitrary: fc.constant('prod') }, { weight: 1, arbitrary: fc.constant('test') }),
    Mode: fc.constantFrom('governance' as const, 'compliance' as const),
    MinRetentionDays: fc.constantFrom(7, 7, 14),
    MaxRetentionDays: fc.constantFrom(35, 35, 60),
    CoolingOffDays: fc.constantFrom(3, 7, 30),
    OnRemoval: fc.constantFrom('keep' as const, 'remove' as const),
    isAcknowledged: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
  })
  .map(({ isAcknowledged, CoolingOffDays, ...rest }) => {
    if (rest.Mode === 'governance') return rest;
    const Acknowledge = acknowledgementFor(rest.VaultName, isAcknowledged ? rest.MinRetentionDays : 1, rest.MaxRetentionDays);
    return { ...rest, CoolingOffDays, Acknowledge };
  });

const delivery = (latest: number): fc.Arbitrary<Delivery> =>
  fc.record(
    { after: fc.integer({ min: 0, max: latest }), diesAfter: fc.integer({ min: 0, max: 20 * SECOND }), retried: fc.boolean() },
    { requiredKeys: ['after'] },
  );
/** The first one lives, or is retried: otherwise CloudFormation waits for an answer in vain. */
const deliveries = fc
  .tuple(
    fc.record({
      after: fc.integer({ min: 0, max: 2 * SECOND }),
      diesAfter: fc.option(fc.integer({ min: 0, max: 20 * SECOND }), { nil: undefined, freq: 5 }),
    }),
    fc.array(fc.oneof({ weight: 4, arbitrary: delivery(15 * SECOND) }, delivery(5 * MINUTE), delivery(6 * HOUR)), { maxLength: 2 }),
  )
  .map(([first, others]) => [{ ...first, retried: true }, ...others]);

const courses: fc.Arbitrary<Course> = fc.record(
  {
    deliveries,
    takingBack: deliveries,
    siblingFailsAfter: fc.oneof(fc.integer({ min: 0, max: 20 * SECOND }), fc.integer({ min: 0, max: 6 * MINUTE })),
  },
  { requiredKeys: ['deliveries', 'takingBack'] },
);

const OPERATIONS = [
  ...['DescribeBackupVault', 'ListBackupVaults', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration'],
  ...['TagResource', 'UntagResource', 'ListTags', 'ListRecoveryPointsByBackupVault', 'DescribeStacks'],
];
const fault: fc.Arbitrary<Fault> = fc
  .record({
    operation: fc.constantFrom(...OPERATIONS),
    when: fc.constantFrom('before' as const, 'after' as const),
    trouble: fc.nat(TROUBLES.length - 1),
    times: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ trouble, when, ...rest }) => {
    const error = (TROUBLES[trouble] ?? connectionLost)();
    const hadNoEffect = error.name === 'AccessDeniedException' || error.name === 'ThrottlingException';
    return { ...rest, error, when: hadNoEffect ? 'before' : when };
  });

const CALM: Course = { deliveries: [{ after: 0 }], takingBack: [{ after: 0 }] };

const CONSOLE = ['unlocks', 'promotes', 'demotes', 'changesBounds', 'removesTags'] as const;
type Step =
  | { readonly do: 'deploy'; readonly template: Template; readonly course: Course }
  | { readonly do: 'remove' | 'deleteStack'; readonly course: Course }
  | { readonly do: 'console'; readonly what: (typeof CONSOLE)[number]; readonly after: number }
  | { readonly do: 'pass'; readonly ms: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deploy' as const), template: templates, course: courses }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove' as const, 'deleteStack' as const), course: courses }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('console' as const), what: fc.constantFrom(...CONSOLE), after: fc.nat(15 * SECOND) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10 * SECOND, HOUR, DAY, 8 * DAY, 40 * DAY) }) },
);

export const lives = fc.record({
  steps: fc.array(
    fc.record({
      step: steps,
      faults: fc.array(fault, { maxLength: 4 }),
      denied: fc.option(fc.record({ operation: fc.constantFrom(...OPERATIONS), ms: fc.integer({ min: 1, max: 30 * SECOND }) }), {
        freq: 3,
      }),
      settles: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  found: fc.constantFrom(
    ...([
      undefined,
      undefined,
      { minRetentionDays: 7, maxRetentionDays: 35 },
      { minRetentionDays: 7, maxRetentionDays: 35, days: 20 },
    ] as const),
  ),
  switches: fc.record(
    Object.fromEntries(Object.entries(UNDOCUMENTED).map(([name, values]) => [name, fc.constantFrom(...values)])) as object,
  ),
  staleReadsMs: fc.constantFrom(0, 0, 300, 3 * SECOND),
  nonces: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
  skewMs: fc.constantFrom(0, 0, -20 * SECOND, 20 * SECOND),
  latencies: fc.infiniteStream(
    fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 1, max: 400 }) }, fc.integer({ min: 1, max: 5 * SECOND })),
  ),
});
export type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

function interfere(stack: StormStack, what: (typeof CONSOLE)[number]): void {
  const vault = stack.backup.vaults.get('prod');
  if (!vault) return;
  const bounds = { minRetentionDays: 10, maxRetentionDays: 20 };
  if (what === 'removesTags') vault.tags = {};
  else if (stack.backup.isImmutable('prod')) return;
  else if (what === 'unlocks') vault.lock = undefined;
  else if (what === 'promotes') vault.lock = { ...(vault.lock ?? bounds), lockDate: stack.clock.now() + 10 * DAY };
  else if (what === 'demotes') vault.lock = vault.lock && { ...vault.lock, lockDate: undefined };
  else vault.lock = vault.lock && { ...vault.lock, ...bounds };
}

/** Lives a life, and holds every step against the laws. */
export class Storm {
  readonly stack = new StormStack();
  readonly broken: string[] = [];
  /** When somebody last used the console; in ms since 1970. */
  private interfered = -Infinity;

  constructor(private readonly life: Life) {
    const { stack } = this;
    const { found, switches, staleReadsMs, skewMs } = life;
    Object.assign(stack.backup, switches, { staleReadsMs });
    stack.skewMs = skewMs;
    stack.random = () => life.nonces.next().value as number;
    for (const name of VAULTS) {
      const { days, ...bounds } = { days: undefined, ...found };
      stack.watch(name, name === 'prod' && found ? { ...bounds, ...(days && { lockDate: stack.clock.now() + days * DAY }) } : undefined);
    }
  }

  async run(): Promise<void> {
    const { stack, life } = this;
    for (const service of [stack.backup, stack.stacks]) service.latency = () => life.latencies.next().value as number;
    for (const { step, faults, denied, settles } of life.steps) {
      for (const service of [stack.backup, stack.stacks]) {
        service.faults.push(...faults.map((one) => ({ ...one })));
        if (denied) service.deniedUntil.set(denied.operation, stack.clock.now() + denied.ms);
      }
      await this.live(step, settles);
      for (const service of [stack.backup, stack.stacks]) service.faults.length = 0;
    }
    await stack.settle();
    await this.calmDown();
  }

  /** The storm is over: the next deployment does what it says, and one that changes nothing writes nothing. */
  private async calmDown(): Promise<void> {
    const { stack } = this;
    for (const service of [stack.backup, stack.stacks]) service.latency = () => 50;
    stack.backup.staleReadsMs = 0;
    await stack.clock.sleep(HOUR);
    const { template } = stack;
    if (!template) return;
    const next: Template = { ...template, OnRemoval: template.OnRemoval === 'keep' ? 'remove' : 'keep' };
    const refused = stack.backup.lockOf(template.VaultName);
    const answer = await stack.deploy(next, CALM);
    this.mustSucceed('a deployment after the storm', answer);
    const isPermanent = stack.backup.isImmutable(template.VaultName);
    if (stack.template !== next && this.interfered === -Infinity && !isPermanent) {
      this.broken.push(`converges: a deployment after the storm is refused, with the lock ${JSON.stringify(refused)}`);
    }
    if (stack.template !== next) return;
    this.broken.push(...lawsBrokenAfter(stack, next, this.before()));
    const writes = stack.backup.writes.length;
    await stack.redeploy(CALM);
    if (stack.backup.writes.length > writes) this.broken.push('rule 6, "an unchanged desired state makes no writing call": it made some');
  }

  /** Every law that was broken, once. */
  get brokenLaws(): string[] {
    const { stack, broken } = this;
    return [...new Set([...stack.broken, ...stack.changes.flatMap(lawsBrokenBy), ...broken])];
  }

  private async live(step: Step, settles: boolean): Promise<void> {
    const { stack } = this;
    stack.logs.push(JSON.stringify({ ms: stack.clock.now(), step: { ...step, course: undefined } }));
    if (step.do === 'pass') return stack.clock.sleep(step.ms);
    if (step.do === 'console') return void this.interfereLater(step);
    if (stack.status === 'UPDATE_ROLLBACK_FAILED') return;
    if (step.do === 'deploy') return this.deploy(step.template, step.course, settles);
    const { template } = stack;
    if (!template) return;
    const { isAtRest } = stack;
    const before = this.before();
    const startedAt = stack.clock.now();
    const answer = step.do === 'remove' ? await stack.remove(step.course) : await stack.deleteStack(step.course);
    this.mustSucceed(`a ${step.do}`, answer);
    if (!settles) return;
    await stack.settle();
    if (isAtRest && before.untouched && this.interfered < startedAt) this.broken.push(...lawsBrokenByRemoval(stack, template, before));
  }

  private before(): Before {
    const { stack, interfered } = this;
    const locks = new Map(VAULTS.map((name) => [name, stack.backup.lockOf(name)]));
    return { template: stack.template, locks, untouched: interfered === -Infinity };
  }

  private async deploy(template: Template, course: Course, settles: boolean): Promise<void> {
    const { stack } = this;
    if (JSON.stringify(template) === JSON.stringify(stack.template)) return;
    const isAtRest = stack.isAtRest;
    const startedAt = stack.clock.now();
    const before = this.before();
    const answer = await stack.deploy(template, course);
    if (stack.template !== template) this.mustSucceed('a rollback', answer);
    if (!settles) return;
    await stack.settle();
    if (!isAtRest || this.interfered >= startedAt || answer?.Status !== 'SUCCESS') return;
    this.broken.push(...lawsBrokenAfter(stack, template, before));
  }

  private mustSucceed(what: string, answer: Awaited<ReturnType<StormStack['deploy']>>): void {
    const reason = answer?.Reason ?? 'no answer';
    // Without the tag nobody knows whose the lock is that was to go.
    const isExcused = this.interfered !== -Infinity && reason.includes('whose it is is missing');
    if (answer?.Status === 'SUCCESS' || isExcused) return;
    this.broken.push(`rule 4, "Rollback and delete always end": ${what} ends with ${reason}`);
  }

  private async interfereLater({ what, after }: Extract<Step, { do: 'console' }>): Promise<void> {
    await this.stack.clock.sleep(after);
    this.interfered = this.stack.clock.now();
    interfere(this.stack, what);
  }
}
