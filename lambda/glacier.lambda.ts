import { randomUUID } from 'node:crypto';
import { cloudFormationStacks } from './aws/cloudformation-stacks';
import { sdkGlacier } from './aws/glacier-client';
import { ssmParameters } from './aws/ssm-parameters';
import { systemClock as clock } from './cloudformation/clock';
import { httpPut as put } from './cloudformation/http-put';
import { Envelope, Properties } from './cloudformation/request';
import { serve } from './cloudformation/serve';
import { ResourceTypes } from '../src/private/contract';
import { lockResource } from './glacier/lock/resource';
import { vaultResource } from './glacier/vault/resource';

const services = { glacier: sdkGlacier(), parameters: ssmParameters(), stacks: cloudFormationStacks(), clock, nonce: randomUUID };
const resources = {
  [ResourceTypes.GLACIER_VAULT]: vaultResource(services),
  [ResourceTypes.GLACIER_VAULT_LOCK]: lockResource(services),
};
const log = (entry: object) => console.log(JSON.stringify(entry));

export async function handler(event: Envelope & Properties, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  await serve(event, { resources, clock, log, random: Math.random, put, remainingMs: context.getRemainingTimeInMillis() });
}
