import { HttpFront, Received, Reply, ServiceError } from './http-front';
import { World } from './world';

/** Glacier (REST JSON) and SSM (JSON 1.1). */
export class GlacierFront extends HttpFront {
  constructor(private readonly world: World) {
    super(world);
  }

  protected async reply(received: Received): Promise<Reply> {
    const target = String(received.headers['x-amz-target'] ?? '');
    if (!target) return this.glacier(received);
    return { status: 200, body: JSON.stringify(await this.ssm(target, JSON.parse(received.body) as { Name: string })) };
  }

  protected error({ name, message, $metadata }: ServiceError): Reply {
    return { status: $metadata?.httpStatusCode ?? 500, body: JSON.stringify({ code: name, __type: name, message, type: 'Client' }) };
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
