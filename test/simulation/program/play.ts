import { found, interfere } from './console';
import { goingOn, restrictedTo } from './program';
import type { Program, Step } from './program';
import { templateOf } from './template';
import type { Template } from './template';
import type { TemplateSpec } from './template-spec';
import { HOUR, MINUTE } from '../world/sim-clock';
import { SimWorld } from '../world/sim-world';
import type { StackOperation, StackOperationInput, Witness } from '../world/sim-world';

const STACKS = ['archive', 'second'] as const;
/** Nobody deploys again sooner. */
const BETWEEN_MS = 3_000;

/** One operation on a stack, as it was asked for. */
export interface Operation {
  readonly number: number;
  readonly stack: string;
  readonly kind: StackOperation;
  /** What is deployed. */
  readonly template?: TemplateSpec;
  readonly startedAt: number;
  readonly statusBefore?: string;
  /** Set when all troubles are over: the last deployment, another that changes nothing, the deletion. */
  readonly purpose?: 'last' | 'unchanged' | 'delete';
  /** The step's troubles; none when all is calm. */
  readonly trouble?: Extract<Step, { readonly faults: unknown }>;
}

/** Whoever judges a run. */
export interface Judge extends Witness {
  /** There is no need to go on. */
  readonly isOver: boolean;
  /** Before an operation is begun. */
  begins(operation: Operation): void;
  /** It has ended, and perhaps late deliveries are still to come. */
  ends(operation: Operation): void;
  /** Nothing goes on and nothing is to come. */
  rests(operation: Operation): void;
  /** Somebody used the console. */
  interferes(act: string): void;
  passes(ms: number): void;
}

type DeployStep = Extract<Step, { do: 'deploy' }>;
type Trouble = Extract<Step, { readonly faults: unknown }>;

/** Carries a program out. */
export class Player {
  readonly world: SimWorld;
  /** What was last deployed, or tried. */
  private readonly wanted = new Map<string, TemplateSpec>();
  /** What was last deployed with success. */
  private readonly deployed = new Map<string, TemplateSpec>();
  private readonly judge: Judge;
  private purpose: Operation['purpose'];

  constructor(
    private readonly program: Program,
    judgeOf: (world: SimWorld) => Judge,
  ) {
    const { noise, skewMs, switches, steps } = program;
    const readsCanBeStale = steps.some(({ step }) => 'faults' in step && step.faults.some(({ kind }) => kind === 'stale'));
    this.world = new SimWorld({ noise, skewMs, switches, readsCanBeStale });
    this.judge = judgeOf(this.world);
    this.world.watch(this.judge);
  }

  async play(): Promise<void> {
    const { world, program } = this;
    found(world, program.found);
    for (const { stack, step } of program.steps) {
      await this.step(STACKS[stack], step);
      if (this.judge.isOver) return;
    }
    await this.calmDown();
  }

  private async step(stack: string, step: Step): Promise<void> {
    const { world, judge } = this;
    if (step.do === 'pass') {
      judge.passes(step.ms);
      return world.clock.pass(step.ms);
    }
    if (step.do === 'console') {
      world.clock.at(world.clock.now() + step.afterMs, () => {
        judge.interferes(`${step.act} ${step.slot}`);
        interfere(world, step.act, step.slot);
      });
      return;
    }
    world.faults.set(step.faults);
    world.runtime.setPlan(step.deliveries);
    await this.carryOut(stack, step);
    world.faults.set([]);
    world.runtime.setPlan([]);
  }

  private async carryOut(stack: string, step: Trouble): Promise<void> {
    const { world } = this;
    if (step.do === 'deploy') return this.deploy(stack, restrictedTo(this.program.slots, step.template), step);
    const status = world.stack(stack)?.status;
    const wanted = this.wanted.get(stack);
    switch (step.do) {
      case 'delete':
        return this.operate('DeleteStack', stack, {}, step);
      case 'rollBack':
        return status === 'CREATE_FAILED' || status === 'UPDATE_FAILED' ? this.operate('RollbackStack', stack, {}, step) : undefined;
      case 'retry':
        return wanted && (status === 'UPDATE_FAILED' || status === 'CREATE_FAILED')
          ? this.update(stack, wanted, { ...step, do: 'retry' }, true)
          : undefined;
      default:
        return this.continueRollback(stack, step.do === 'skip', step);
    }
  }

  /** From whatever state the stack is in, as a person would who reads the errors. */
  async deploy(stack: string, given: TemplateSpec, step?: DeployStep): Promise<void> {
    const { world } = this;
    const template = goingOn(given, world.stack(stack) && this.deployed.get(stack));
    const disableRollback = step?.onFailure === 'keep';
    let status = world.stack(stack)?.status;
    if (status === 'UPDATE_ROLLBACK_FAILED') {
      await this.continueRollback(stack, false, step);
      await this.continueRollback(stack, true, step);
      status = world.stack(stack)?.status;
    }
    if ((status === 'CREATE_FAILED' || status === 'UPDATE_FAILED') && !disableRollback) {
      await this.operate('RollbackStack', stack, {}, step);
      status = world.stack(stack)?.status;
    }
    if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED') {
      await this.operate('DeleteStack', stack, {}, step);
      status = world.stack(stack)?.status;
    }
    const content = Object.keys(templateOf(template).Resources).length > 0;
    if (status !== undefined && /FAILED$/.test(status) && !disableRollback) return;
    if (!content) return;
    this.wanted.set(stack, template);
    if (status !== undefined && status !== 'DELETE_COMPLETE') return this.update(stack, template, step, disableRollback);
    const onFailure = step?.onFailure === 'delete' ? 'DELETE' : undefined;
    return this.operate('CreateStack', stack, { template: templateOf(template), disableRollback, onFailure }, step, template);
  }

  private async update(stack: string, template: TemplateSpec, step: Trouble | undefined, disableRollback: boolean): Promise<void> {
    const cancelAfterMs = step?.do === 'deploy' ? step.cancelAfterMs : undefined;
    const { clock } = this.world;
    let callOff = (): void => undefined;
    if (cancelAfterMs !== undefined) callOff = clock.at(clock.now() + BETWEEN_MS + cancelAfterMs, async () => this.cancel(stack));
    await this.operate('UpdateStack', stack, { template: templateOf(template), disableRollback }, step, template);
    callOff();
  }

  private async cancel(stack: string): Promise<void> {
    await this.world.begin('CancelUpdateStack', stack).catch(() => undefined);
  }

  private async continueRollback(stack: string, skipping: boolean, step?: Trouble): Promise<void> {
    const record = this.world.stack(stack);
    if (record?.status !== 'UPDATE_ROLLBACK_FAILED') return;
    const { siblingsAreHealed } = this.world.runtime;
    this.world.runtime.siblingsAreHealed = true;
    const failed = Object.values(record.resources).filter(({ status }) => status === 'UPDATE_FAILED');
    await this.operate('ContinueUpdateRollback', stack, { skip: skipping ? failed.map(({ logicalId }) => logicalId) : [] }, step);
    this.world.runtime.siblingsAreHealed = siblingsAreHealed;
  }

  private async operate(
    kind: StackOperation,
    stack: string,
    input: StackOperationInput,
    trouble?: Trouble,
    template?: TemplateSpec,
  ): Promise<void> {
    const { world, judge } = this;
    const { clock } = world;
    await clock.pass(BETWEEN_MS);
    const operation: Operation = {
      ...{ number: world.operationNumber + 1, stack, kind, template, trouble, purpose: this.purpose },
      ...{ startedAt: clock.now(), statusBefore: world.stack(stack)?.status },
    };
    const isAtRest = world.runtime.isIdle;
    judge.begins(operation);
    const ending = await world.begin(kind, stack, input).catch(() => undefined);
    // CloudFormation has nothing to do for it, or cannot in this state.
    if (!ending) return;
    await clock.run(ending());
    if (template && /^(CREATE|UPDATE)_COMPLETE$/.test(world.stack(stack)?.status ?? '')) this.deployed.set(stack, template);
    judge.ends(operation);
    if (trouble?.settles === false) return;
    await this.settle();
    if (isAtRest) judge.rests(operation);
  }

  /** Waits until nothing goes on any more. */
  private async settle(): Promise<void> {
    const { clock, runtime } = this.world;
    while (!runtime.isIdle) await clock.pass(MINUTE);
  }

  private async calmDown(): Promise<void> {
    const { world } = this;
    world.faults.set([]);
    world.runtime.setPlan([]);
    world.runtime.siblingsAreHealed = true;
    await this.settle();
    await world.clock.pass(HOUR);
    for (const [stack, template] of this.wanted) {
      if (world.stack(stack) === undefined) continue;
      this.purpose = 'last';
      await this.deploy(stack, calm(template));
      await this.redeploy(stack, 'once');
      this.purpose = 'unchanged';
      await this.redeploy(stack, 'twice');
    }
    for (const stack of this.wanted.keys()) {
      this.purpose = 'delete';
      if (world.stack(stack) && !this.judge.isOver) await this.operate('DeleteStack', stack, {});
    }
  }

  /** Every resource hears of an update that changes nothing that counts. */
  private async redeploy(stack: string, marker: string): Promise<void> {
    const template = this.deployed.get(stack);
    const isThere = /^(CREATE|UPDATE)_COMPLETE$/.test(this.world.stack(stack)?.status ?? '');
    if (!template || !isThere || this.judge.isOver) return;
    await this.operate('UpdateStack', stack, { template: marked(templateOf(template), marker) }, undefined, template);
  }
}

function calm(template: TemplateSpec): TemplateSpec {
  return { ...template, siblings: template.siblings.map((sibling) => ({ ...sibling, fail: '' })) };
}

/** With a property that means nothing to anybody. */
function marked({ Resources }: Template, marker: string): Template {
  const mark = (resource: (typeof Resources)[string]) => ({ ...resource, Properties: { ...resource.Properties, Marker: marker } });
  return { Resources: Object.fromEntries(Object.entries(Resources).map(([logicalId, resource]) => [logicalId, mark(resource)])) };
}
