import * as path from 'node:path';
import { createCloudFormation } from './cloudformation';
import { createGlacierService, glacierSummary } from './glacier';
import { createIam } from './iam';
import { createLambda } from './lambda';
import { createLogs } from './logs';
import { createQueryService } from './protocol/query-protocol';
import { resourceTypes } from './resources';
import { createS3 } from './s3';
import { VirtualClock } from './server/clock';
import { Control } from './server/control';
import { HttpServer } from './server/http-server';
import type { Served } from './server/http-server';
import { FaultGate } from './server/operation-gate';
import { FolderState } from './server/state-folder';
import type { World } from './server/world';
import { createSsm } from './ssm';

export interface EndpointOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly stateFolder: string;
  readonly accountId: string;
  readonly switches: Readonly<Record<string, string>>;
}
