import { assumeRole } from './aws/assume-role';
import { sdkBackup } from './aws/backup-client';
import { cloudFormationStacks } from './aws/cloudformation-stacks';
import { accessResource } from './backup/access/resource';
import { lockResource } from './backup/lock/resource';
import { systemClock as clock } from './cloudformation/clock';
import { httpPut as put } from './cloudformation/http-put';
import { Envelope, Properties } from './cloudformation/request';
import { serve } from './cloudformation/serve';
import { ResourceTypes } from '../src/private/contract';

const services = { backup: sdkBackup, assumeRole, stacks: cloudFormationStacks() };
const resources = {
  [ResourceTypes.BACKUP_VAULT_LOCK]: lockResource(services),
  [ResourceTypes.BACKUP_VAULT_ACCESS]: accessResource(services),
};
const log = (entry: object) => console.log(JSON.stringify(entry));

export async function handler(event: Envelope & Properties, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  await serve(event, { resources, clock, log, random: Math.random, put, remainingMs: context.getRemainingTimeInMillis() });
}
