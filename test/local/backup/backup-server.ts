import * as http from 'node:http';
import { BackupClient } from '@aws-sdk/client-backup';
import { backupState, createBackup } from '../../../local/backup';
import type { Properties, ResourceScope, ResourceType } from '../../../local/cloudformation/resource-type';
import { Control } from '../../../local/server/control';
import { HttpServer } from '../../../local/server/http-server';
import { ACCOUNT, CALLERS, REGION } from '../glacier/glacier-server';
import type { RawRequest, RawResponse } from '../glacier/glacier-server';
import { resourceScope } from '../resources/resource-scope';
import { testWorld } from '../test-world';
import type { TestWorld } from '../test-world';

export { ACCOUNT, CALLERS, OTHER_ACCOUNT, REGION, refusal } from '../glacier/glacier-server';

export const DAY_MS = 24 * 60 * 60 * 1000;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/backup`;
export const vaultArn = (name: string, account = ACCOUNT) => `arn:aws:backup:${REGION}:${account}:backup-vault:${name}`;
export const fileSystem = (id: string) => `arn:aws:elasticfilesystem:${REGION}:${ACCOUNT}:file-system/${id}`;
export const volume = (id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/${id}`;

export interface BackupServer {
  readonly world: TestWorld;
  /** What went out through SNS: `topic: message`. */
  readonly published: string[];
  client(accessKey?: string): BackupClient;
  /** One request byte by byte, with nothing added but a credential scope. */
  raw(method: string, path: string, request?: RawRequest): Promise<RawResponse>;
  /** The same state, served as after a restart of the process. */
  restart(): void;
  /** A CloudFormation resource type of Backup, in `eu-central-1`. */
  type(name: string): { readonly [Verb in keyof ResourceType]: (...args: TypeArguments<Verb>) => ReturnType<ResourceType[Verb]> };
  report(): ReturnType<typeof backupState>['backupVaults'];
  close(): Promise<void>;
}

type WithoutScope<Args> = Args extends [...infer Rest, ResourceScope] ? Rest : never;
type TypeArguments<Verb extends keyof ResourceType> = WithoutScope<Parameters<ResourceType[Verb]>>;

/** AWS Backup on a port of its own, in a world in memory. */
export async function startBackup(options: { switches?: Record<string, string>; now?: string } = {}): Promise<BackupServer> {
  const world = testWorld(options);
  const published: string[] = [];
  const create = () => createBackup(world, { publish: (topic, message) => void published.push(`${topic}: ${message}`) });
  let parts = create();
  const { clock, gate } = world;
  const unused = () => false;
  const faultTargets = () => new Map(parts.service.names.map((name) => [name, parts.service.operations]));
  const control = new Control({
    clock,
    gate,
    faultTargets,
    summary: () => backupState(world),
    receiveResponse: unused,
    advanced: unused,
    reset: unused,
  });
  const callerOf = (key: string) => CALLERS[key] ?? callerOfRole(key);
  const server = new HttpServer(() => ({ services: [parts.service], control, callerOf }));
  const port = await server.listen(0);
  const clients: BackupClient[] = [];
  return {
    world,
    published,
    client: (accessKeyId = 'ALICE') => {
      const credentials = { accessKeyId, secretAccessKey: 'secret' };
      const client = new BackupClient({ endpoint: `http://127.0.0.1:${port}`, region: REGION, credentials, maxAttempts: 1 });
      clients.push(client);
      return client;
    },
    raw: (method, path, request = {}) => send(port, method, path, request),
    restart: () => {
      world.clock.stop();
      parts = create();
    },
    type: (name) => {
      const type = parts.resourceTypes.get(name);
      if (!type) throw new Error(`no type ${name}`);
      const scope = resourceScope(world, 'Vault', name);
      return {
        create: (properties: Properties) => type.create(properties, scope),
        update: (id: string, properties: Properties, previous: Properties) => type.update(id, properties, previous, scope),
        delete: (id: string, properties: Properties) => type.delete(id, properties, scope),
      };
    },
    report: () => backupState(world).backupVaults,
    close: async () => {
      for (const client of clients) client.destroy();
      world.clock.stop();
      await server.close();
    },
  };
}

/** Any other access key is the name of a role. */
function callerOfRole(name: string) {
  return {
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  };
}

async function send(port: number, method: string, path: string, request: RawRequest): Promise<RawResponse> {
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${request.accessKey ?? 'ALICE'}/20260101/${REGION}/backup/aws4_request, Signature=0`,
    'content-length': String(Buffer.byteLength(request.body ?? '')),
    ...request.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ host: '127.0.0.1', port, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}
