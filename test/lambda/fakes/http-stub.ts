import * as http from 'node:http';
import { AddressInfo } from 'node:net';

interface Seen {
  readonly line: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface StubReply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** A server that gives the answers that it is told to, and a process environment that leads every AWS client to it. */
export class HttpStub {
  readonly seen: Seen[] = [];
  /** What comes next; the last one stays. `drop`: the connection is closed without an answer. */
  replies: (StubReply | 'drop')[] = [{ status: 204 }];
  private readonly saved = { ...process.env };
  private readonly server = http.createServer((request, response) => void this.serve(request, response));

  set reply(reply: StubReply | 'drop') {
    this.replies = [reply];
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    process.env.AWS_REGION = 'eu-west-1';
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  }

  async stop(): Promise<void> {
    process.env = this.saved;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  reset(): void {
    this.seen.length = 0;
    this.reply = { status: 204 };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(parts).toString() });
    const reply = (this.replies.length > 1 ? this.replies.shift() : this.replies[0]) ?? 'drop';
    if (reply === 'drop') request.socket.destroy();
    else response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
  }
}

/** The error that a call rejects with. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}
