import * as crypto from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Control } from './control';
import { DroppedConnection } from './operation-gate';
import { AwsError, json } from './service';
import type { AwsRequest, AwsResponse, AwsService, Caller } from './service';

/** What the HTTP server serves; replaced as a whole on reset. */
export interface Served {
  readonly services: readonly AwsService[];
  readonly control: Control;
  readonly callerOf: (accessKeyId: string, region: string, sessionToken?: string) => Caller;
}

const LOCAL_ROUTE = /^\/_local(\/|$)/;
const CREDENTIAL_SCOPE = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;
/** The largest single-part archive of Glacier is 4 GB; nobody rehearses with that. */
const LARGEST_BODY = 256 * 1024 * 1024;

/** One port for all services: the signature's credential scope says which service and region a request is for, and who asks. */
export class HttpServer {
  private readonly server: http.Server;

  constructor(private readonly served: () => Served) {
    this.server = http.createServer((incoming, outgoing) => void this.answer(incoming, outgoing));
    // A CLI keeps connections open between polls; the default of 5 s makes it stumble over closed sockets.
    this.server.keepAliveTimeout = 60_000;
  }

  /** Listens on 127.0.0.1 only; resolves to the port. @throws Error when it is taken */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(portRefusal(error, port)));
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    try {
      const body = await readBody(incoming);
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      const response = LOCAL_ROUTE.test(pathname)
        ? await this.served().control.handle(incoming.method ?? 'GET', incoming.url ?? '/', body)
        : await this.route(incoming, rawPath(incoming.url), searchParams, body);
      write(outgoing, response);
    } catch (error) {
      if (error instanceof DroppedConnection) incoming.socket.destroy();
      else write(outgoing, unexpected(error));
    }
  }

  private async route(incoming: http.IncomingMessage, path: string, query: URLSearchParams, body: Buffer): Promise<AwsResponse> {
    const headers = flatten(incoming.headers);
    const scope = scopeOf(headers, query);
    if (!scope) {
      return json(400, {
        code: 'MissingAuthenticationTokenException',
        message: 'Missing Authentication Token: the local endpoint reads service and region from the request signature.',
        type: 'Client',
      });
    }
    const service = this.served().services.find((candidate) => candidate.names.includes(scope.service));
    if (!service) {
      return json(404, {
        code: 'UnknownService',
        message: `The service ${scope.service} is not served by the local endpoint.`,
        type: 'Client',
      });
    }
    const request: AwsRequest = {
      method: incoming.method ?? 'GET',
      path,
      query,
      headers,
      body,
      service: scope.service,
      region: scope.region,
      caller: this.served().callerOf(
        scope.accessKeyId,
        scope.region,
        headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined,
      ),
      requestId: crypto.randomUUID(),
    };
    return service.handle(request);
  }
}

function portRefusal(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Error(`\`--port\` ${port} is taken by another process; \`--port 0\` picks a free one.`);
  if (error.code === 'EACCES') return new Error(`\`--port\` ${port} may not be opened by this user; \`--port 0\` picks a free one.`);
  return error;
}

function rawPath(url: string | undefined): string {
  return (url ?? '/').split('?', 1)[0] ?? '/';
}

function scopeOf(headers: Readonly<Record<string, string>>, query: URLSearchParams) {
  const presigned = query.get('X-Amz-Credential');
  const match = CREDENTIAL_SCOPE.exec(headers.authorization ?? (presigned ? `Credential=${presigned}` : ''));
  return match && { accessKeyId: match[1]!, region: match[2]!, service: match[3]! };
}

function flatten(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

async function readBody(incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY) throw new AwsError('EntityTooLarge', `The local endpoint takes bodies of at most ${LARGEST_BODY} bytes.`, 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function write(outgoing: http.ServerResponse, response: AwsResponse): void {
  const body = response.body === undefined ? undefined : Buffer.from(response.body as string);
  const bodyless = response.status === 204 || response.status === 304;
  outgoing.writeHead(response.status, {
    ...response.headers,
    ...(bodyless || response.headers?.['content-length'] ? {} : { 'content-length': body?.length ?? 0 }),
  });
  outgoing.end(bodyless ? undefined : body);
}

function unexpected(error: unknown): AwsResponse {
  const known = error instanceof AwsError ? error : undefined;
  if (!known) console.error(error);
  return json(known?.status ?? 500, {
    code: known?.code ?? 'InternalFailure',
    message: error instanceof Error ? error.message : String(error),
    type: known ? 'Client' : 'Server',
  });
}
