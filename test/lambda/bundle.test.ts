import { access, allow, policyOf, sidsOf, THEIRS } from './fakes/access-policies';
import { BackupFront } from './fakes/backup-front';
import { BackupWorld } from './fakes/backup-world';
import { BundledFunction } from './fakes/bundled-function';
import { GlacierFront } from './fakes/glacier-front';
import { allowUpload, retain } from './fakes/policies';
import { HOUR } from './fakes/virtual-clock';
import { ARN, Ask, World } from './fakes/world';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';

const SECRETS = ['very-secret', 'role-secret', 'role-token', 'secret-of-', 'token-of-', 'Statement', '-secret'];

describe.each([
  ['glacier', 'client-backup'],
  ['backup', 'client-glacier'],
] as const)('the bundle of %s', (service, foreign) => {
  let bundle: BundledFunction;
  beforeAll(async () => {
    bundle = await BundledFunction.of(service);
  });
  afterAll(() => bundle.remove());

  test('has at most 200,000 bytes', () => {
    expect(bundle.bytes).toBeLessThanOrEqual(200_000);
  });

  test('has nothing of the CDK, of the endpoint, or of a service that it does not call', () => {
    const packages = ['aws-cdk-lib', 'constructs', `@aws-sdk/${foreign}`];
    const unwanted = [...packages.map((name) => `node_modules/${name}/`), 'local/', 'test/'];
    expect(bundle.inputs.filter((file) => unwanted.some((start) => file.startsWith(start)))).toEqual([]);
  });
});

describe('the Glacier function', () => {
  const POLICY = retain('ledger', 2555);
  // The function has the machine's own clock.
  const world = new World(Date.now());
  const front = new GlacierFront(world);
  let bundle: BundledFunction;
  let endpoint: string;
  beforeAll(async () => {
    bundle = await BundledFunction.of('glacier');
    endpoint = await front.start();
  });
  afterAll(async () => {
    await front.stop();
    bundle.remove();
  });
  const invoke = async (ask: Ask) => bundle.invoke(world, front, endpoint, ask);

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
    for (const secret of SECRETS) expect(told).not.toContain(secret);
  }, 30_000);

  test('a network that takes answers away: the lock is there, and its id on record', async () => {
    // The bundle goes by the machine's clock, from which Glacier's does not differ by a day.
    world.clock.advance(-23 * HOUR);
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
});

describe('the Backup function', () => {
  const world = new BackupWorld(Date.now());
  const front = new BackupFront(world);
  let bundle: BundledFunction;
  let endpoint: string;
  beforeAll(async () => {
    bundle = await BundledFunction.of('backup');
    endpoint = await front.start();
  });
  afterAll(async () => {
    await front.stop();
    bundle.remove();
  });
  const invoke = async (ask: Ask) => bundle.invoke(world, front, endpoint, ask);
  let told = '';

  test('takes a vault from nothing to a lock in its cooling-off and back over HTTP', async () => {
    world.backup.put('prod');
    const governance = { VaultName: 'prod', Mode: 'governance', MinRetentionDays: 7, MaxRetentionDays: 365, OnRemoval: 'remove' };
    const made = await invoke({ type: 'Create', resource: 'BACKUP_VAULT_LOCK', properties: governance });
    expect(made.response).toMatchObject({ Status: 'SUCCESS', Data: { Mode: 'governance', LockDate: '' } });
    expect(world.backup.lockOf('prod')).toEqual({ minRetentionDays: 7, maxRetentionDays: 365 });

    world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
    const compliance = { ...governance, Mode: 'compliance', CoolingOffDays: 30, Acknowledge: made.response.Data?.Acknowledgement };
    const physicalId = made.response.PhysicalResourceId;
    const promoted = await invoke({ type: 'Update', resource: 'BACKUP_VAULT_LOCK', properties: compliance, old: governance, physicalId });
    expect(promoted.response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId, Data: { Mode: 'compliance' } });
    const lockDate = world.backup.lockOf('prod')?.lockDate ?? 0;
    expect(Math.round((lockDate - Date.now()) / HOUR)).toBe(30 * 24);
    expect(promoted.response.Data?.LockDate).toBe(new Date(lockDate).toISOString());

    world.stacks.stack = { status: 'DELETE_IN_PROGRESS' };
    const gone = await invoke({ type: 'Delete', resource: 'BACKUP_VAULT_LOCK', properties: compliance, physicalId });
    expect(gone.response).toMatchObject({ Status: 'SUCCESS' });
    expect(world.backup.lockOf('prod')).toBeUndefined();
    told += [made, promoted, gone].map(({ log }) => log).join('');
  }, 60_000);

  test('writes the access policy of a vault in another account and region, through a network that takes answers away', async () => {
    world.stacks.stack = { status: 'CREATE_IN_PROGRESS' };
    const there = world.backupIn('us-east-1', '222222222222');
    there.put('prod', { accessPolicy: policyOf(THEIRS) });
    const disturbances: [string, 'drop' | 'html'][] = [
      ['GET /backup-vaults/prod', 'html'],
      ['PUT /backup-vaults/prod/access-policy', 'drop'],
      ['PUT /answer', 'drop'],
      ['POST /', 'html'],
    ];
    front.disturb = (line) => {
      const index = disturbances.findIndex(([start]) => line.startsWith(start));
      return index < 0 ? undefined : disturbances.splice(index, 1)[0]?.[1];
    };
    const place = { VaultRegion: 'us-east-1', VaultAccount: '222222222222', RoleArn: 'arn:aws:iam::222222222222:role/vaults' };
    const made = await invoke({ type: 'Create', resource: 'BACKUP_VAULT_ACCESS', properties: { ...access(allow('A')), ...place } });
    front.disturb = undefined;
    expect(made.response).toMatchObject({
      Status: 'SUCCESS',
      Data: { VaultArn: 'arn:aws:backup:us-east-1:222222222222:backup-vault:prod' },
    });
    expect(disturbances).toEqual([]);
    expect(sidsOf({ backup: there })).toEqual(['Theirs', 'A']);
    told += made.log;
  }, 60_000);

  test('signs every call with the right credentials, for the right service and region', () => {
    const calls = front.received.filter(({ path }) => !path.startsWith('/answer'));
    const signers = calls.map(({ headers }) =>
      /Credential=(\w+)\/\d{8}\/([\w/-]+)\/aws4_request/
        .exec(headers.authorization ?? '')
        ?.slice(1)
        .join(' '),
    );
    expect([...new Set(signers)].sort()).toEqual([
      'AKIAEXAMPLE eu-west-1/backup',
      'AKIAEXAMPLE eu-west-1/cloudformation',
      'AKIAEXAMPLE eu-west-1/sts',
      'ASIA2 us-east-1/backup',
    ]);
    for (const { headers } of calls) expect(headers['user-agent']).toBe('cdk-vault-lock');
  });

  test('logs no secret and no policy', () => {
    expect(told).toContain('"vault":"prod"');
    for (const secret of SECRETS) expect(told).not.toContain(secret);
  });
});
