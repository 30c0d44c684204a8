import * as sdk from '@aws-sdk/client-backup';
import { accessPolicyOperations } from './access-policy-operations';
import { Backup } from './backup';
import type { Publish } from './backup';
import { errorBody, errorHeaders } from './errors';
import { jobOperations } from './job-operations';
import { lockOperations } from './lock-operations';
import { notificationOperations } from './notification-operations';
import { recoveryPointOperations } from './recovery-point-operations';
import { backupResourceTypes } from './resource-types';
import { estates } from './state';
import { BACKUP_SWITCHES } from './switches';
import { tagOperations } from './tag-operations';
import { rearm } from './upkeep';
import { vaultOperations } from './vault-operations';
import type { ResourceTypes } from '../cloudformation/resource-type';
import { createRestJsonService } from '../protocol/rest-json';
import { operationNames } from '../protocol/rest-json-route';
import type { AwsService } from '../server/service';
import { checkSwitches } from '../server/switches';
import type { World } from '../server/world';

export interface BackupOptions {
  /** Sends the messages about jobs and recovery points. @default - nobody hears of them */
  readonly publish?: Publish;
}

export interface BackupParts {
  readonly service: AwsService;
  readonly resourceTypes: ResourceTypes;
}

/**
 * AWS Backup, API 2018-11-15: vaults, their locks, policies, notifications and tags, recovery points and the jobs that make them. Every
 * other operation of the service is answered with 501.
 *
 * @throws Error for a `backup.` switch that does not exist
 */
export function createBackup(world: World, options: BackupOptions = {}): BackupParts {
  checkSwitches(backupSwitches(world), BACKUP_SWITCHES);
  const backup = new Backup(world, options.publish ?? (() => {}), operationNames(sdk));
  for (const key of Object.keys(estates(world))) {
    const [account = '', region = ''] = key.split('/');
    rearm(backup, account, region);
  }
  const operations = {
    ...vaultOperations(backup),
    ...lockOperations(backup),
    ...accessPolicyOperations(backup),
    ...notificationOperations(backup),
    ...tagOperations(backup),
    ...recoveryPointOperations(backup),
    ...jobOperations(backup),
  };
  return {
    service: createRestJsonService({ names: ['backup'], schemas: sdk, world, operations, errorBody, errorHeaders }),
    resourceTypes: backupResourceTypes(backup, operations),
  };
}

/** The switches that are Backup's to check. */
function backupSwitches({ switches }: World): World['switches'] {
  return Object.fromEntries(Object.entries(switches).filter(([name]) => name.startsWith('backup.')));
}
