import { ApiCalls } from './api';
import type { CallRecord } from './api';
import { FaultPlan } from './faults';
import { LambdaRuntime } from './lambda-runtime';
import { randomFrom, seedIds } from './random';
import type { Event, Run } from './runs';
import { ACCOUNT, backupModel, backupServices, glacierModel, glacierServices, OTHER_ACCOUNT, REGION, requestBy } from './services';
import type { Models } from './services';
import { SimClock } from './sim-clock';
import { RecentPast } from './staleness';
import { accessResource } from '../../../lambda/backup/access/resource';
import { lockResource as backupLockResource } from '../../../lambda/backup/lock/resource';
import type { Resource } from '../../../lambda/cloudformation/serve';
import { lockResource } from '../../../lambda/glacier/lock/resource';
import { vaultResource } from '../../../lambda/glacier/vault/resource';
import { backupState } from '../../../local/backup';
import type { Vault as BackupVault } from '../../../local/backup/state';
import { estates as backupEstates } from '../../../local/backup/state';
import { createEngine } from '../../../local/cloudformation';
import type { Engine } from '../../../local/cloudformation';
import { stackOperations } from '../../../local/cloudformation/api/stack-operations';
import type { StackRecord } from '../../../local/cloudformation/stack/records';
import type { Vault } from '../../../local/glacier/state';
import { estates } from '../../../local/glacier/state';
import { createIam } from '../../../local/iam';
import { Slots } from '../../../local/lambda/slots';
import { MemoryState } from '../../../local/server/state-folder';
import { Throttle } from '../../../local/server/throttle';
import type { Authoriser, World } from '../../../local/server/world';
import { ParameterStore } from '../../../local/ssm/parameter-store';
import { ResourceTypes } from '../../../src/private/contract';

/** Whoever wants to know what happens. */
export interface Witness {
  sent(event: Event): void;
  started(run: Run): void;
  before(operation: string, on: string, by: Run): void;
  after(call: CallRecord): void;
  logged(run: Run, entry: object): void;
  ended(run: Run): void;
}

export interface SimWorldOptions {
  /** Decides latencies and nonces; 0: everything takes the same time. */
  readonly noise: number;
  readonly skewMs: number;
  readonly switches: Readonly<Record<string, string>>;
  readonly readsCanBeStale: boolean;
  /** @default - as much as anybody wants at once */
  readonly limits?: { readonly requestsPerSecond: number; readonly processes: number };
}

const STEADY_LATENCY_MS = 50;
/** One call in eight takes seconds. */
const latencyFrom = (random: () => number) => () => Math.ceil(random() * (random() < 0.125 ? 5_000 : 400));

/** Nobody has policies of his own here: within an account only what is attached to a vault can deny something. */
function forAdministrators(iam: Authoriser): Authoriser {
  return {
    authorise(request) {
      const { caller, resourceAccount = caller.accountId, resourcePolicies = [] } = request;
      if (resourceAccount !== caller.accountId || resourcePolicies.length > 0) iam.authorise(request);
    },
  };
}

/** AWS with the handlers in it, in one process: services, CloudFormation, Lambda, and one clock. */
export class SimWorld {
  readonly clock = new SimClock();
  readonly state = new MemoryState();
  readonly faults = new FaultPlan();
  readonly models: Models;
  readonly engine: Engine;
  readonly runtime: LambdaRuntime;
  private readonly witnesses: Witness[] = [];
  private readonly operations;
  private operationsBegun = 0;
  private readonly operationOf = new Map<string, number>();

  constructor(options: SimWorldOptions) {
    const { clock, state, faults } = this;
    const random = randomFrom(options.noise);
    seedIds(randomFrom(options.noise + 1));
    const latencyMs = options.noise === 0 ? () => STEADY_LATENCY_MS : latencyFrom(random);
    const iam = createIam({ accountId: ACCOUNT, state, clock, delay: () => 0 });
    const world: World = {
      ...{ accountId: ACCOUNT, clock, state, iam: forAdministrators(iam.authoriser), switches: options.switches },
      gate: { run: async (_request, _operation, effect) => effect(), delay: () => 0 },
      endpoint: () => 'http://127.0.0.1:0',
    };
    const told = { watcher: this.telling() };
    this.engine = createEngine({
      world,
      types: () => new Map(),
      invoker: { invoke: async (...given) => this.runtime.invoke(given[0], given[1]) },
      readTemplate: () => '',
      ssmValue: () => undefined,
      holdMs: 0,
    });
    this.models = {
      glacier: glacierModel(world),
      backup: backupModel(world),
      parameters: new ParameterStore(world),
      engine: this.engine.api,
    };
    this.operations = stackOperations(this.engine.api);
    const staleness = new RecentPast(world, clock, () => options.readsCanBeStale);
    const { requestsPerSecond = 0, processes = Infinity } = options.limits ?? {};
    const throttle = new Throttle(clock, requestsPerSecond);
    const admit = (operation: string) => {
      const [service = '', name = ''] = operation.split(':');
      throttle.admit(requestBy('handler', service), name);
    };
    const calls = new ApiCalls({ clock, faults, latencyMs, staleness, ...told, ...(requestsPerSecond > 0 && { admit }) });
    this.runtime = new LambdaRuntime({
      ...{ clock, random, latencyMs, skewMs: options.skewMs, mailbox: this.engine.mailbox, ...told },
      slots: new Slots(processes),
      resources: (name, run) => this.resourcesOf(name, run, calls, random),
      operationOf: (stackId) => ({
        number: this.operationOf.get(stackId) ?? 0,
        status: this.engine.api.store.find(stackId, REGION)?.status ?? 'DELETE_COMPLETE',
      }),
    });
  }

  /** Counts the operations on stacks that were begun. */
  get operationNumber(): number {
    return this.operationsBegun;
  }

  /** The last operation on a stack. */
  operationsOn(stackId: string): number {
    return this.operationOf.get(stackId) ?? 0;
  }

  watch(witness: Witness): void {
    this.witnesses.push(witness);
  }

  stack(name: string): StackRecord | undefined {
    return this.engine.api.store.find(name, REGION);
  }

  /** The id of the stack that has this name, or had it last. */
  lastStackId(name: string): string {
    const all = Object.values(this.engine.api.store.state.stacks).filter(({ stackName }) => stackName === name);
    return all.at(-1)?.stackId ?? '';
  }

  /** The vaults of Glacier by name. */
  get glacierVaults(): { readonly [name: string]: Vault } {
    return estates({ state: this.state })[`${ACCOUNT}/${REGION}`]?.vaults ?? {};
  }

  /** The vaults of AWS Backup by name, of both accounts: no name is used in both. */
  get backupVaults(): { readonly [name: string]: BackupVault } {
    const all = backupEstates({ state: this.state });
    return { ...all[`${ACCOUNT}/${REGION}`]?.vaults, ...all[`${OTHER_ACCOUNT}/${REGION}`]?.vaults };
  }

  /** Begins an operation on a stack. @returns what resolves when it has ended. @throws AwsError if CloudFormation refuses it */
  async begin(operation: StackOperation, stackName: string, given: StackOperationInput = {}): Promise<() => Promise<void>> {
    const { template, disableRollback = false, onFailure, skip = [] } = given;
    const request = requestBy('deployer', 'cloudformation');
    const known = this.stack(stackName);
    // To cancel is part of what is cancelled.
    const isNew = operation !== 'CancelUpdateStack';
    if (isNew) this.operationsBegun++;
    if (known && isNew) this.operationOf.set(known.stackId, this.operationsBegun);
    const parameters: Record<string, string> = { StackName: stackName };
    if (template !== undefined) parameters.TemplateBody = JSON.stringify(template);
    if (disableRollback) parameters.DisableRollback = 'true';
    if (onFailure) parameters.OnFailure = onFailure;
    skip.forEach((logicalId, index) => (parameters[`ResourcesToSkip.member.${index + 1}`] = logicalId));
    const { operations } = this;
    const perform = operations[operation];
    if (!perform) throw new Error(`there is no operation ${operation}`);
    await perform(parameters, request);
    const stack = known ?? this.stack(stackName);
    if (stack && isNew) this.operationOf.set(stack.stackId, this.operationsBegun);
    const { ending } = this.engine.api.operations;
    const end = stack && ending.call(this.engine.api.operations, stack, request.caller.arn);
    return async () => end;
  }

  /** What `GET /_local/state` would show of AWS Backup. */
  backupReport(): ReturnType<typeof backupState> {
    return backupState({ state: this.state, clock: this.clock } as unknown as World);
  }

  private resourcesOf(name: string, run: Run, calls: ApiCalls, random: () => number): { readonly [resourceType: string]: Resource } {
    if (name === 'glacier') {
      const nonce = () => String(Math.floor(random() * 2 ** 48));
      const services = glacierServices(run, calls, this.models, { clock: this.clock, nonce });
      return { [ResourceTypes.GLACIER_VAULT]: vaultResource(services), [ResourceTypes.GLACIER_VAULT_LOCK]: lockResource(services) };
    }
    const services = backupServices(run, calls, this.models);
    return {
      [ResourceTypes.BACKUP_VAULT_LOCK]: backupLockResource(services),
      [ResourceTypes.BACKUP_VAULT_ACCESS]: accessResource(services),
    };
  }

  /** One witness that tells all of them. */
  private telling(): Witness {
    const all = this.witnesses;
    return {
      sent: (event) => all.forEach((each) => each.sent(event)),
      started: (run) => all.forEach((each) => each.started(run)),
      before: (operation, on, by) => all.forEach((each) => each.before(operation, on, by)),
      after: (call) => all.forEach((each) => each.after(call)),
      logged: (run, entry) => all.forEach((each) => each.logged(run, entry)),
      ended: (run) => all.forEach((each) => each.ended(run)),
    };
  }
}

export type StackOperation =
  'CreateStack' | 'UpdateStack' | 'DeleteStack' | 'RollbackStack' | 'ContinueUpdateRollback' | 'CancelUpdateStack';

export interface StackOperationInput {
  readonly template?: object;
  readonly disableRollback?: boolean;
  readonly onFailure?: 'DELETE';
  readonly skip?: readonly string[];
}
