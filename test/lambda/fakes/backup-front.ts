import { BackupWorld } from './backup-world';
import { HttpFront, Received, Reply, ServiceError } from './http-front';

interface Input {
  readonly MinRetentionDays?: number;
  readonly MaxRetentionDays?: number;
  readonly ChangeableForDays?: number;
  readonly Policy?: string;
  readonly Tags?: { readonly [key: string]: string };
  readonly TagKeyList?: readonly string[];
}

const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000);

/** AWS Backup (REST JSON) and STS (query). */
export class BackupFront extends HttpFront {
  constructor(private readonly world: BackupWorld) {
    super(world);
  }

  protected async reply(received: Received): Promise<Reply> {
    const form = new URLSearchParams(received.body);
    if (form.get('Action') === 'AssumeRole') return this.assumeRole(form.get('RoleArn') ?? '');
    return { status: 200, body: JSON.stringify(await this.backup(received)) };
  }

  /** The header names the error; `Code` is a number of AWS Backup's own. */
  protected error({ name, message, $metadata }: ServiceError): Reply {
    const body = JSON.stringify({ Code: 'ERROR_9101', Message: message, Type: 'Client', Context: null });
    return { status: $metadata?.httpStatusCode ?? 500, body, headers: { 'x-amzn-errortype': name } };
  }

  private async assumeRole(roleArn: string): Promise<Reply> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.world.services().assumeRole(roleArn);
    const xml = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    return { status: 200, body: xml, headers: { 'content-type': 'text/xml' } };
  }

  private async backup({ method, path, headers, body }: Received): Promise<object | undefined> {
    const [, accessKeyId = '', region = ''] = /Credential=([^/]+)\/\d+\/([^/]+)\/backup\//.exec(headers.authorization ?? '') ?? [];
    const assumed = accessKeyId.startsWith('ASIA') ? { accessKeyId, secretAccessKey: '' } : undefined;
    const backup = this.world.services().backup(region, assumed);
    const url = new URL(path, 'http://localhost');
    const [kind, name = '', part = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const token = url.searchParams.get('nextToken') ?? undefined;
    const input = (body ? JSON.parse(body) : {}) as Input;
    switch (`${method} ${[kind, name && '*', part].filter(Boolean).join('/')}`) {
      case 'GET backup-vaults': {
        const { items, nextToken = null } = await backup.listVaultNames(token);
        return { BackupVaultList: items.map((BackupVaultName) => ({ BackupVaultName })), NextToken: nextToken };
      }
      case 'GET backup-vaults/*': {
        const { vaultType, vaultState, locked, lockDate, ...bounds } = await backup.describeVault(name);
        const { minRetentionDays: MinRetentionDays = null, maxRetentionDays: MaxRetentionDays = null } = bounds;
        const lock = { Locked: locked, LockDate: seconds(lockDate), MinRetentionDays, MaxRetentionDays };
        return { BackupVaultName: name, VaultType: vaultType, VaultState: vaultState, ...lock };
      }
      case 'GET backup-vaults/*/recovery-points': {
        const { items, nextToken = null } = await backup.listRecoveryPoints(name, token);
        const points = items.map(({ arn, expires }) => ({ RecoveryPointArn: arn, Lifecycle: expires ? { DeleteAfterDays: 35 } : null }));
        return { RecoveryPoints: points, NextToken: nextToken };
      }
      case 'PUT backup-vaults/*/vault-lock': {
        const { MinRetentionDays: minRetentionDays, MaxRetentionDays: maxRetentionDays, ChangeableForDays: changeableForDays } = input;
        return void (await backup.putLock(name, { minRetentionDays, maxRetentionDays, changeableForDays }));
      }
      case 'DELETE backup-vaults/*/vault-lock':
        return void (await backup.deleteLock(name));
      case 'GET backup-vaults/*/access-policy':
        return { BackupVaultName: name, Policy: await backup.getAccessPolicy(name) };
      case 'PUT backup-vaults/*/access-policy':
        return void (await backup.putAccessPolicy(name, input.Policy ?? ''));
      case 'DELETE backup-vaults/*/access-policy':
        return void (await backup.deleteAccessPolicy(name));
      case 'GET tags/*':
        return { Tags: await backup.listTags(name) };
      case 'POST tags/*':
        return void (await backup.addTags(name, input.Tags ?? {}));
      case 'POST untag/*':
        return void (await backup.removeTags(name, input.TagKeyList ?? []));
      default:
        throw Object.assign(new Error(`${method} ${path}`), { name: 'UnknownRoute', $metadata: { httpStatusCode: 404 } });
    }
  }
}
