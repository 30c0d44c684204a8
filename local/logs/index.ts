import { createCloudTrailService } from './cloudtrail-service';
import { LogStore } from './log-store';
import { createLogsService } from './logs-service';
import { AwsService } from '../server/service';
import { World } from '../server/world';

export type { LogSink } from './log-store';

export function createLogs(world: World): { readonly services: readonly AwsService[] } {
  return { services: [createLogsService(world, new LogStore(world)), createCloudTrailService(world)] };
}
