import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BackupClient, CreateBackupVaultCommand, DescribeBackupVaultCommand, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { refusal } from './backup-server';
import { LocalEndpoint } from '../../../local/endpoint';
import type { Call } from '../../../local/server/operation-gate';

const ACCOUNT = '123456789012';
const PARTNER = '210987654321';
const ADMINISTRATOR = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

type Keys = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

let stateFolder: string;
let endpoint: LocalEndpoint;
let clients: BackupClient[];
beforeEach(async () => {
  stateFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'assumed-role-'));
  endpoint = await LocalEndpoint.start({ port: 0, accountId: ACCOUNT, switches: {}, stateFolder });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await endpoint.stop();
  fs.rmSync(stateFolder, { recursive: true, force: true });
});

function backupIn(region: string, credentials: Keys = ADMINISTRATOR): BackupClient {
  const client = new BackupClient({ endpoint: endpoint.url, region, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

/** AssumeRole as a handler without the STS client sends it: a form, signed by hand, to the endpoint of a region. */
async function assumeRole(RoleArn: string, region: string): Promise<Keys> {
  const { hostname, port, host } = new URL(endpoint.url);
  const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', RoleArn, RoleSessionName: 'vault-lock' }).toString();
  const signer = new SignatureV4({ credentials: ADMINISTRATOR, region, service: 'sts', sha256: Hash.bind(null, 'sha256') });
  const request = new HttpRequest({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const { method, headers } = await signer.sign(request);
  const xml = await (await fetch(endpoint.url, { method, headers, body })).text();
  const element = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1] ?? '';
  return {
    accessKeyId: element('AccessKeyId'),
    secretAccessKey: element('SecretAccessKey'),
    sessionToken: element('SessionToken'),
  };
}

const create = async (client: BackupClient, name: string) =>
  (await client.send(new CreateBackupVaultCommand({ BackupVaultName: name }))).BackupVaultArn;
const names = async (client: BackupClient) =>
  (await client.send(new ListBackupVaultsCommand({}))).BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName);

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const iam = async (parameters: Record<string, string>) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request, Signature=0';
  const { status } = await fetch(endpoint.url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(parameters) });
  expect(status).toBe(200);
};

test("a session that was asked for in one region reaches another region's vaults", async () => {
  await create(backupIn('eu-west-1'), 'far');
  const keys = await assumeRole(`arn:aws:iam::${ACCOUNT}:role/Elsewhere`, 'us-east-1');

  expect(await names(backupIn('eu-west-1', keys))).toEqual(['far']);
  expect(await names(backupIn('us-east-1', keys))).toEqual([]);
});

test("a session of another account's role has that account's vaults, and cannot see this one's", async () => {
  await create(backupIn('us-east-1'), 'ours');
  const partner = backupIn('us-east-1', await assumeRole(`arn:aws:iam::${PARTNER}:role/VaultLock`, 'us-east-1'));

  expect(await create(partner, 'theirs')).toBe(`arn:aws:backup:us-east-1:${PARTNER}:backup-vault:theirs`);

  expect(await names(partner)).toEqual(['theirs']);
  expect(await refusal(partner.send(new DescribeBackupVaultCommand({ BackupVaultName: 'ours' })))).toMatchObject({ status: 403 });
  const { calls } = (await (await fetch(`${endpoint.url}/_local/calls`)).json()) as { calls: Call[] };
  expect(calls.find(({ caller }) => caller.includes(PARTNER))).toMatchObject({
    service: 'backup',
    operation: 'CreateBackupVault',
    caller: `arn:aws:sts::${PARTNER}:assumed-role/VaultLock/vault-lock`,
  });
});

test('a role that is here is held to its policies, in whatever region', async () => {
  const trust = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' };
  const mayDescribe = { Effect: 'Allow', Action: 'backup:DescribeBackupVault', Resource: `arn:aws:backup:*:${ACCOUNT}:backup-vault:far` };
  await iam({ Action: 'CreateRole', RoleName: 'Reader', AssumeRolePolicyDocument: document(trust) });
  await iam({ Action: 'PutRolePolicy', RoleName: 'Reader', PolicyName: 'read', PolicyDocument: document(mayDescribe) });
  await create(backupIn('eu-west-1'), 'far');
  const reader = backupIn('eu-west-1', await assumeRole(`arn:aws:iam::${ACCOUNT}:role/Reader`, 'us-east-1'));

  expect((await reader.send(new DescribeBackupVaultCommand({ BackupVaultName: 'far' }))).Locked).toBe(false);
  expect(await refusal(names(reader))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
});
