import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { HttpFront } from './fakes/http-front';
import { allowUpload, retain } from './fakes/policies';
import { HOUR } from './fakes/virtual-clock';
import { ARN, Ask, Response, World } from './fakes/world';
import { STAND_INS } from '../../lambda/aws/stand-ins';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';

const POLICY = retain('ledger', 2555);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-vault-lock-'));
const bundle = path.join(folder, 'index.js');
// The function has the machine's own clock.
const world = new World(Date.now());
const front = new HttpFront(world);
let endpoint: string;

beforeAll(async () => {
  buildSync({
    entryPoints: ['lambda/glacier.lambda.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    alias: STAND_INS,
    logLevel: 'error',
  });
  endpoint = await front.start();
});
afterAll(async () => {
  await front.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Runs the bundled function as Lambda does: a process with the role's credentials in its environment. */
async function invoke(ask: Ask): Promise<{ response: Response; log: string }> {
  const event = { ...world.event(ask), ResponseURL: `${endpoint}/answer?Signature=very-secret-${front.answers.length}` };
  const script = `require(${JSON.stringify(bundle)}).handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 60000 })`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script], {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'role-secret',
      AWS_SESSION_TOKEN: 'role-token',
      AWS_ENDPOINT_URL: endpoint,
    },
  });
  return { response: JSON.parse(front.answers.at(-1) ?? '{}') as Response, log: stdout + stderr };
}

test('has at most 200,000 bytes', () => {
  expect(fs.statSync(bundle).size).toBeLessThanOrEqual(200_000);
});

test('takes a vault from nothing to a permanent lock over HTTP', async () => {
  const properties = { VaultName: 'ledger', AccessPolicy: allowUpload('ledger'), Tags: { team: 'finance' } };
  const vault = await invoke({ type: 'Create', resource: 'GLACIER_VAULT', properties });
  expect(vault.response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ledger', Data: { VaultArn: ARN('ledger') } });

  const initiate = { VaultName: 'ledger', Policy: POLICY, Stage: 'initiate' };
  const started = await invoke({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties: initiate });
  expect(started.response).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });

  world.clock.advance(23 * HOUR);
  world.stacks.stack = { status: 'UPDATE_IN_PROGRESS', lastUpdated: new Date(world.clock.now()).toISOString() };
  const acknowledge = acknowledgementOf('ledger', policyFingerprint(ARN('ledger'), POLICY));
  const complete = { ...initiate, Stage: 'complete', Acknowledge: acknowledge };
  const physicalId = started.response.PhysicalResourceId;
  const locked = await invoke({ type: 'Update', resource: 'GLACIER_VAULT_LOCK', properties: complete, old: initiate, physicalId });
  expect(locked.response).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: physicalId,
    Data: { LockState: 'Locked', LockExpirationDate: '' },
  });
  expect(world.glacier.lockOf('ledger')?.locked).toBe(true);

  world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
  const gone = await invoke({ type: 'Delete', resource: 'GLACIER_VAULT_LOCK', properties: complete, physicalId });
  expect(gone.response).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('stays in force') as string });
  expect(world.parameters.record('ledger')).toBeUndefined();

  const told = [vault, started, locked, gone].map(({ log }) => log).join('');
  for (const secret of ['very-secret', 'role-secret', 'role-token', 'Statement', '-secret']) expect(told).not.toContain(secret);
}, 30_000);

test('a network that takes answers away: the lock is there, and its id on record', async () => {
  world.glacier.put('diary');
  world.stacks.stack = { status: 'CREATE_IN_PROGRESS' };
  const disturbances: [string, 'drop' | 'html'][] = [
    ['GET /-/vaults/diary/lock-policy', 'html'],
    ['POST /-/vaults/diary/lock-policy', 'drop'],
    ['PUT /answer', 'drop'],
    ['POST /', 'drop'],
  ];
  front.disturb = (line) => {
    const index = disturbances.findIndex(([start]) => line.startsWith(start) && (start !== 'POST /' || line === start));
    return index < 0 ? undefined : disturbances.splice(index, 1)[0]?.[1];
  };
  const properties = { VaultName: 'diary', Policy: retain('diary', 1), Stage: 'initiate' };
  const { response } = await invoke({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties });
  front.disturb = undefined;

  expect(response).toMatchObject({ Status: 'SUCCESS', Data: { LockState: 'InProgress' } });
  expect(disturbances).toEqual([]);
  expect(world.parameters.record('diary')?.lockId).toBe(world.glacier.lockOf('diary')?.id);
}, 30_000);

test('signs every call with the role’s credentials, for the right service', () => {
  const calls = front.received.filter(({ path: url }) => !url.startsWith('/answer'));
  expect(calls.length).toBeGreaterThan(15);
  for (const { headers } of calls) {
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/(glacier|ssm|cloudformation)\/aws4_request/,
    );
    expect(headers).toMatchObject({ 'x-amz-security-token': 'role-token', 'user-agent': 'cdk-vault-lock' });
  }
  const glacier = calls.filter(({ path: url }) => url.includes('/vaults/'));
  for (const { headers } of glacier) expect(headers['x-amz-glacier-version']).toBe('2012-06-01');
  expect(glacier.find(({ method, path: url }) => method === 'POST' && url.endsWith('lock-policy'))?.headers).toHaveProperty(
    'x-amz-sha256-tree-hash',
  );
});
