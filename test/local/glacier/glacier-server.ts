import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { GlacierClient } from '@aws-sdk/client-glacier';
import { createGlacierService } from '../../../local/glacier';
import type { GlacierOptions } from '../../../local/glacier';
import type { AwsService, Caller } from '../../../local/server/service';
import { testWorld } from '../test-world';
import type { TestWorld } from '../test-world';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '999999999999';
export const REGION = 'us-east-1';

/** Who signs with which access key. */
export const CALLERS: Readonly<Record<string, Caller>> = {
  ALICE: { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/alice` },
  BOB: { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/bob` },
  STRANGER: { accountId: OTHER_ACCOUNT, arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/stranger` },
};

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly accessKey?: string;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface GlacierServer {
  readonly world: TestWorld;
  client(accessKey?: string, region?: string): GlacierClient;
  /** One request byte by byte, with nothing added but the API version and a credential scope. */
  raw(method: string, path: string, request?: RawRequest): Promise<RawResponse>;
  /** The same state, served as after a restart of the process. */
  restart(): void;
  close(): Promise<void>;
}

/** A Glacier on a port of its own, in a world in memory. */
export async function startGlacier(
  options: { switches?: Record<string, string>; now?: string } & GlacierOptions = {},
): Promise<GlacierServer> {
  const world = testWorld(options);
  let service = createGlacierService(world, options);
  const server = http.createServer((incoming, outgoing) => void answer(service, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients: GlacierClient[] = [];
  return {
    world,
    client: (accessKeyId = 'ALICE', region = REGION) => {
      const client = new GlacierClient({
        endpoint: `http://127.0.0.1:${port}`,
        region,
        credentials: { accessKeyId, secretAccessKey: 'secret' },
        maxAttempts: 1,
      });
      clients.push(client);
      return client;
    },
    raw: (method, path, request = {}) => send(port, method, path, request),
    restart: () => {
      world.clock.stop();
      service = createGlacierService(world, options);
    },
    close: async () => {
      for (const client of clients) client.destroy();
      world.clock.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(service: AwsService, incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const [, accessKey = '', region = ''] = /Credential=([^/]+)\/\d{8}\/([^/]+)\/glacier\//.exec(incoming.headers.authorization ?? '') ?? [];
  try {
    const response = await service.handle({
      method: incoming.method ?? 'GET',
      path,
      query: new URLSearchParams(query),
      headers: incoming.headers as Record<string, string>,
      body: Buffer.concat(chunks),
      service: 'glacier',
      region,
      caller: CALLERS[accessKey]!,
      requestId: 'f6a0b1c2-0000-4000-8000-000000000000',
    });
    outgoing.writeHead(response.status, response.headers).end(response.body);
  } catch {
    incoming.socket.destroy();
  }
}

async function send(port: number, method: string, path: string, request: RawRequest): Promise<RawResponse> {
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${request.accessKey ?? 'ALICE'}/20260101/${REGION}/glacier/aws4_request, Signature=0`,
    'x-amz-glacier-version': '2012-06-01',
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

/** What a call was refused with; fails the test when the call succeeded. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string; status: number | undefined }> {
  const outcome = await call.then(
    () => undefined,
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => error,
  );
  if (!outcome) throw new Error('the call was expected to be refused, but it succeeded');
  return { name: outcome.name, message: outcome.message, status: outcome.$metadata?.httpStatusCode };
}

export const vaultArn = (name: string, account = ACCOUNT) => `arn:aws:glacier:${REGION}:${account}:vaults/${name}`;

/** A lock policy that keeps archives for `days`. */
export function retention(name: string, days: number): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'retain',
        Effect: 'Deny',
        Principal: '*',
        Action: ['glacier:DeleteArchive'],
        Resource: [vaultArn(name)],
        Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': String(days) } },
      },
    ],
  });
}
