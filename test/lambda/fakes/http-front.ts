import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { StackEvents } from './stack-events';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
}

export type ServiceError = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

/** The fakes over HTTP. Here: what CloudFormation takes and says; the services' own wire formats are in the subclasses. */
export abstract class HttpFront {
  readonly received: Received[] = [];
  readonly answers: string[] = [];
  /** Takes the answer away after the call had its effect: `drop` the connection, or a proxy's `html` page. */
  disturb?: (line: string) => 'drop' | 'html' | undefined;
  private readonly server: http.Server;

  constructor(private readonly events: StackEvents) {
    this.server = http.createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  protected abstract reply(received: Received): Promise<Reply>;

  protected abstract error(error: ServiceError): Reply;

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: Buffer.concat(parts).toString() };
    this.received.push(received);
    const reply = await this.events.clock.run(this.answer(received)).catch((error: ServiceError) => this.error(error));
    const disturbance = this.disturb?.(`${method} ${path}`);
    if (disturbance === 'drop') request.socket.destroy();
    else if (disturbance === 'html') response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    else response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
  }

  private async answer(received: Received): Promise<Reply> {
    if (received.path.startsWith('/answer')) return { status: (this.answers.push(received.body), 200) };
    return received.body.includes('Action=DescribeStacks') ? this.describeStacks() : this.reply(received);
  }

  private async describeStacks(): Promise<Reply> {
    const { status = '', lastUpdated } = (await this.events.stacks.describe()) ?? {};
    const updated = lastUpdated ? `<LastUpdatedTime>${lastUpdated}</LastUpdatedTime>` : '';
    const xml = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackStatus>${status}</StackStatus>${updated}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    return { status: 200, body: xml, headers: { 'content-type': 'text/xml' } };
  }
}
