import * as path from 'node:path';
import { BACKUP_SWITCHES, backupState, createBackup } from './backup';
import { createCloudFormation } from './cloudformation';
import type { CloudFormation } from './cloudformation';
import { CLOUDFORMATION_SWITCHES } from './cloudformation/switches';
import { createGlacierService, GLACIER_SWITCHES, glacierState } from './glacier';
import { createIam, credentialsForRole } from './iam';
import { createLambda } from './lambda';
import { LAMBDA_SWITCHES } from './lambda/switches';
import { createLogs } from './logs';
import { createQueryService } from './protocol/query-protocol';
import { createEc2Service, publish, resourceTypes, snsOperations, SNS_XMLNS } from './resources';
import { createS3 } from './s3';
import { VirtualClock } from './server/clock';
import { Control } from './server/control';
import { HttpServer } from './server/http-server';
import type { Served } from './server/http-server';
import { FaultGate } from './server/operation-gate';
import { FolderState } from './server/state-folder';
import { checkSwitches, SERVER_SWITCHES } from './server/switches';
import { Throttle } from './server/throttle';
import type { World } from './server/world';
import { createSsm } from './ssm';

export interface EndpointOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly stateFolder: string;
  readonly accountId: string;
  readonly switches: Readonly<Record<string, string>>;
}

/** All services together, made anew on reset. */
interface Parts extends Served {
  readonly close: () => void;
}

/** The local AWS endpoint: every service on one port of 127.0.0.1, over one state folder. */
export class LocalEndpoint {
  static async start(options: EndpointOptions): Promise<LocalEndpoint> {
    checkSwitches(options.switches, {
      ...BACKUP_SWITCHES,
      ...CLOUDFORMATION_SWITCHES,
      ...GLACIER_SWITCHES,
      ...LAMBDA_SWITCHES,
      ...SERVER_SWITCHES,
    });
    const state = new FolderState(options.stateFolder);
    const endpoint = new LocalEndpoint(options, state);
    try {
      endpoint.port = await endpoint.server.listen(options.port);
    } catch (error) {
      endpoint.parts.close();
      state.close();
      throw error;
    }
    return endpoint;
  }

  private readonly server = new HttpServer(() => this.parts);
  private parts: Parts;
  private port = 0;

  private constructor(
    private readonly options: EndpointOptions,
    private readonly state: FolderState,
  ) {
    this.parts = this.assemble();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get accountId(): string {
    return this.options.accountId;
  }

  async stop(): Promise<void> {
    await this.server.close();
    this.parts.close();
    this.state.close();
  }

  private assemble(): Parts {
    const { accountId, switches } = this.options;
    const saved = this.state.slice<{ offset: number }>('clock', () => ({ offset: 0 }));
    const clock = new VirtualClock(Date.now, saved.offset);
    const requestsPerSecond = Number(switches['server.requestsPerSecond'] ?? SERVER_SWITCHES['server.requestsPerSecond'].default);
    const gate = new FaultGate(clock, new Throttle(clock, requestsPerSecond));
    const iam = createIam({ accountId, state: this.state, clock, delay: () => gate.delay('iam', 'grant') });
    const world: World = { accountId, clock, state: this.state, gate, iam: iam.authoriser, endpoint: () => this.url, switches };

    const s3 = createS3(world);
    const ssm = createSsm(world);
    const lambda = createLambda(world, {
      credentialsForRole,
      // A function may expect SDK clients of the Lambda runtime; the user's project is the only place to find some.
      runtimeModules: [path.join(process.cwd(), 'node_modules')],
    });
    const backup = createBackup(world, { publish: (topicArn, message) => void publish(world, topicArn, message) });
    const cloudFormation: CloudFormation = createCloudFormation({
      world,
      types: () => new Map([...resourceTypes(world), ...iam.resourceTypes, ...backup.resourceTypes]),
      invoker: lambda.invoker,
      readTemplate: s3.readTemplate,
      ssmValue: ssm.ssmValue,
    });
    cloudFormation.resume();

    const control = new Control({
      clock,
      gate,
      faultTargets: () => new Map(this.parts.services.flatMap(({ names, operations }) => names.map((name) => [name, operations]))),
      summary: () => this.summary(world, cloudFormation),
      receiveResponse: (key, body) => cloudFormation.responses.receive(key, body),
      advanced: () => {
        saved.offset = clock.offset;
        this.state.changed();
      },
      reset: () => this.reset(),
    });
    return {
      services: [
        ...iam.services(world),
        ...s3.services,
        ...ssm.services,
        ...createLogs(world).services,
        ...lambda.services,
        createEc2Service(world),
        createQueryService({ names: ['sns'], xmlns: SNS_XMLNS, world, operations: snsOperations(world) }),
        createGlacierService(world, { publish: (topicArn, message) => void publish(world, topicArn, message) }),
        backup.service,
        cloudFormation.service,
      ],
      control,
      callerOf: iam.callerOf,
      close: () => {
        lambda.close();
        clock.stop();
      },
    };
  }

  private summary(world: World, cloudFormation: CloudFormation) {
    const { vaults } = glacierState(world);
    const locks = vaults.flatMap(({ account, region, vaultName, lock }) => (lock ? [{ account, region, vaultName, ...lock }] : []));
    const now = new Date(world.clock.now()).toISOString();
    return { now, account: world.accountId, vaults, locks, ...backupState(world), ...cloudFormation.state() };
  }

  private reset(): void {
    this.parts.close();
    this.state.clear();
    this.parts = this.assemble();
  }
}
