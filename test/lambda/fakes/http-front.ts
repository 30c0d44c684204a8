import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { World } from './world';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** The fakes over HTTP, with the wire formats of Glacier (REST JSON), SSM (JSON 1.1) and CloudFormation (query). */
export class HttpFront {
  readonly received: Received[] = [];
  readonly answers: string[] = [];
  /** Takes the answer away after the call had its effect: `drop` the connection, or a proxy's `html` page. */
  disturb?: (line: string) => 'drop' | 'html' | undefined;
  private readonly server: http.Server;

  constructor(private readonly world: World) {
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

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
    };
    this.received.push(received);
    const reply = await this.world.clock.run(this.reply(received)).catch((error: Error & { $metadata?: { httpStatusCode?: number } }) => ({
      status: error.$metadata?.httpStatusCode ?? 500,
      body: JSON.stringify({ code: error.name, __type: error.name, message: error.message, type: 'Client' }),
      headers: {},
    }));
    const disturbance = this.disturb?.(`${received.method} ${received.path}`);
    if (disturbance === 'drop') request.socket.destroy();
    else if (disturbance === 'html') response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    else response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
  }

  private async reply(received: Received): Promise<Reply> {
    const { path, headers, body } = received;
    if (path.startsWith('/answer')) return { status: (this.answers.push(body), 200) };
    const target = String(headers['x-amz-target'] ?? '');
    if (target) return { status: 200, body: JSON.stringify(await this.ssm(target, JSON.parse(body) as { Name: string })) };
    if (body.includes('Action=DescribeStacks')) return this.describeStacks();
    return this.glacier(received);
  }

  private async describeStacks(): Promise<Reply> {
    const { status = '', lastUpdated } = (await this.world.stacks.describe()) ?? {};
    const updated = lastUpdated ? `<LastUpdatedTime>${lastUpdated}</LastUpdatedTime>` : '';
    const xml = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackStatus>${status}</StackStatus>${updated}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    return { status: 200, body: xml, headers: { 'content-type': 'text/xml' } };
  }

  private async ssm(target: string, input: { Name: string; Value?: string; Overwrite?: boolean }): Promise<object> {
    const { parameters } = this.world;
    if (target === 'AmazonSSM.PutParameter') {
      return { Version: await parameters.put(input.Name, input.Value ?? '', input.Overwrite ?? false) };
    }
    if (target === 'AmazonSSM.DeleteParameter') return (await parameters.delete(input.Name), {});
    const found = await parameters.get(input.Name);
    if (!found) throw Object.assign(new Error(), { name: 'ParameterNotFound', $metadata: { httpStatusCode: 400 } });
    return { Parameter: { Value: found.value, Version: found.version } };
  }

  private async glacier({ method, path, body }: Received): Promise<Reply> {
    const { glacier } = this.world;
    const [, , , name = '', part, id] = (path.split('?')[0] ?? '').split('/');
    const input = (body ? JSON.parse(body) : {}) as { Policy: string; Tags: { [key: string]: string }; TagKeys: string[] };
    switch (`${method} ${part ?? 'vault'}${id ? '/id' : ''}${path.includes('operation=') ? `?${path.split('operation=')[1]}` : ''}`) {
      case 'PUT vault':
        await glacier.createVault(name);
        return { status: 201, body: '{}', headers: { location: `/123456789012/vaults/${name}` } };
      case 'GET vault': {
        const { creationDate, numberOfArchives } = await glacier.describeVault(name);
        const description = { CreationDate: creationDate, LastInventoryDate: null, NumberOfArchives: numberOfArchives, SizeInBytes: 0 };
        return { status: 200, body: JSON.stringify(description) };
      }
      case 'DELETE vault':
        return (await glacier.deleteVault(name), { status: 204 });
      case 'GET tags':
        return { status: 200, body: JSON.stringify({ Tags: await glacier.listTagsForVault(name) }) };
      case 'POST tags?add':
        return (await glacier.addTagsToVault(name, input.Tags), { status: 204 });
      case 'PUT access-policy':
        return (await glacier.setVaultAccessPolicy(name, input.Policy), { status: 204 });
      case 'GET access-policy':
        return { status: 200, body: JSON.stringify({ Policy: await glacier.getVaultAccessPolicy(name) }) };
      case 'POST lock-policy':
        return { status: 201, body: '{}', headers: { 'x-amz-lock-id': await glacier.initiateVaultLock(name, input.Policy) } };
      case 'GET lock-policy': {
        const { state, policy, creationDate, expirationDate = null } = await glacier.getVaultLock(name);
        const lock = { Policy: policy, State: state, CreationDate: creationDate, ExpirationDate: expirationDate };
        return { status: 200, body: JSON.stringify(lock) };
      }
      case 'POST lock-policy/id':
        return (await glacier.completeVaultLock(name, decodeURIComponent(id ?? '')), { status: 204 });
      case 'DELETE lock-policy':
        return (await glacier.abortVaultLock(name), { status: 204 });
      default:
        return { status: 404, body: JSON.stringify({ code: 'UnknownRoute', message: `${method} ${path}`, type: 'Client' }) };
    }
  }
}
