import type { Json, Properties, ResourceScope } from '../../../local/cloudformation/resource-type';
import { createIam } from '../../../local/iam';
import type { Iam } from '../../../local/iam';
import { AwsError } from '../../../local/server/service';
import type { AwsRequest, AwsService, Caller } from '../../../local/server/service';
import type { AccessRequest } from '../../../local/server/world';
import { TestWorld, testWorld } from '../test-world';

export const ACCOUNT = '123456789012';
export const VAULT = `arn:aws:glacier:us-east-1:${ACCOUNT}:vaults/ledger`;
export const LAMBDA_TRUST = trust({ Service: 'lambda.amazonaws.com' });
export const ACCOUNT_TRUST = trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
export const ADMINISTRATOR: Caller = { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/local` };

export interface IamWorld extends TestWorld {
  readonly access: Iam;
}

export function iamWorld(): IamWorld {
  const world = testWorld();
  const delay = () => world.gate.delay('iam', 'grant');
  const access = createIam({ accountId: world.accountId, state: world.state, clock: world.clock, delay });
  world.iam = access.authoriser;
  return Object.assign(world, { access });
}

export function trust(principal: Json): { [key: string]: Json } {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] };
}

export function statement(effect: 'Allow' | 'Deny', action: Json, resource: Json = '*') {
  return { Effect: effect, Action: action, Resource: resource };
}

export function document(...statements: Json[]): { [key: string]: Json } {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: Json, resource: Json = '*'): { [key: string]: Json } {
  return document(statement('Allow', action, resource));
}

/** A session of the role `name` of the account. */
export function sessionOf(name: string, accountId = ACCOUNT): Caller {
  return { accountId, arn: `arn:aws:sts::${accountId}:assumed-role/${name}/run`, roleArn: `arn:aws:iam::${accountId}:role/${name}` };
}

/** `allowed`, or the message of the refusal. */
export function answer(world: IamWorld, request: Partial<AccessRequest>): string {
  try {
    world.iam.authorise({ caller: ADMINISTRATOR, action: 'glacier:DeleteArchive', resource: VAULT, ...request });
    return 'allowed';
  } catch (error) {
    if (error instanceof AwsError && error.status === 403) return `${error.code}: ${error.message}`;
    throw error;
  }
}

export function isAllowed(world: IamWorld, caller: Caller, action: string, resource = VAULT): boolean {
  return answer(world, { caller, action, resource }) === 'allowed';
}

/** Works on resources as a stack `Demo` would. */
export function stackOf(world: IamWorld) {
  const scope = (logicalId: string, resourceType: string): ResourceScope => ({
    world,
    accountId: ACCOUNT,
    region: 'us-east-1',
    partition: 'aws',
    stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Demo/1',
    stackName: 'Demo',
    logicalId,
    resourceType,
    generateName: (maxLength = 255) => `Demo-${logicalId}-${++names}`.slice(0, maxLength),
  });
  let names = 0;
  const typed = (name: string) => {
    const type = world.access.resourceTypes.get(name);
    if (!type) throw new Error(`no ${name}`);
    return type;
  };
  return {
    create: async (type: string, logicalId: string, properties: Properties) => typed(type).create(properties, scope(logicalId, type)),
    update: async (type: string, logicalId: string, id: string, properties: Properties, previous: Properties) =>
      typed(type).update(id, properties, previous, scope(logicalId, type)),
    delete: async (type: string, logicalId: string, id: string, properties: Properties) =>
      typed(type).delete(id, properties, scope(logicalId, type)),
  };
}

/** Sends a query request to IAM or STS; gives the status and the XML. */
export async function query(world: IamWorld, service: 'iam' | 'sts', parameters: Record<string, string>, caller: Caller = ADMINISTRATOR) {
  const found: AwsService | undefined = world.access.services(world).find(({ names }) => names.includes(service));
  const request: AwsRequest = {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
    service,
    region: 'us-east-1',
    caller,
    requestId: 'request-1',
  };
  const response = await found?.handle(request);
  return { status: response?.status, xml: String(response?.body) };
}

/** The text of the first element of that name. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
