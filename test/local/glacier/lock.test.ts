import {
  AbortVaultLockCommand,
  CompleteVaultLockCommand,
  CreateVaultCommand,
  DeleteVaultCommand,
  GetVaultLockCommand,
  InitiateVaultLockCommand,
} from '@aws-sdk/client-glacier';
import type { GlacierClient } from '@aws-sdk/client-glacier';
import { refusal, retention, startGlacier } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import { glacierState } from '../../../local/glacier';
import { newId } from '../../../local/glacier/identifiers';

const HOUR_MS = 60 * 60 * 1000;
const vaultName = 'ledger';
const vault = { accountId: '-', vaultName };
const policy = { Policy: retention(vaultName, 365) };

const invalidPolicy = 'The specified vault lock policy is invalid. Provide a valid policy.';

let glacier: GlacierServer;
let client: GlacierClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  glacier = await startGlacier({ switches });
  client = glacier.client();
  await client.send(new CreateVaultCommand(vault));
}
afterEach(() => glacier.close());

const initiate = async () => (await client.send(new InitiateVaultLockCommand({ ...vault, policy }))).lockId!;
const complete = (lockId: string) => client.send(new CompleteVaultLockCommand({ ...vault, lockId }));
const abort = () => client.send(new AbortVaultLockCommand(vault));
const get = () => client.send(new GetVaultLockCommand(vault));
const status = async (call: Promise<{ $metadata: { httpStatusCode?: number } }>) => (await call).$metadata.httpStatusCode;

describe('no lock', () => {
  beforeEach(() => given());

  test('initiate starts one: 201, an id of 24 characters in a header, {} in the body', async () => {
    const response = await glacier.raw('POST', `/-/vaults/${vaultName}/lock-policy`, { body: JSON.stringify(policy) });

    expect(response.status).toBe(201);
    expect(response.headers['x-amz-lock-id']).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(response.body).toBe('{}');
  });

  test('get and complete find none', async () => {
    expect(await refusal(get())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    expect(await refusal(complete('AE863rKkWZU53SLW5be4DUcW'))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test('abort is idempotent', async () => {
    expect(await status(abort())).toBe(204);
  });
});

describe('a lock in progress', () => {
  beforeEach(() => given());

  test('get shows it with both dates, but not its id', async () => {
    const lockId = await initiate();

    const shown = await glacier.raw('GET', `/-/vaults/${vaultName}/lock-policy`);

    expect(JSON.parse(shown.body)).toEqual({
      CreationDate: '2026-01-01T00:00:00.000Z',
      ExpirationDate: '2026-01-02T00:00:00.000Z',
      Policy: expect.stringContaining('"Action":"glacier:DeleteArchive"') as string,
      State: 'InProgress',
    });
    expect(shown.body).not.toContain(lockId);
    expect(JSON.stringify(shown.headers)).not.toContain(lockId);
    expect(JSON.stringify(glacierState(glacier.world))).not.toContain(lockId);
  });

  test('initiate is denied until it is aborted; the new lock has a new id and a new window', async () => {
    const first = await initiate();
    expect(await refusal(initiate())).toMatchObject({ name: 'AccessDeniedException', status: 403 });

    await glacier.world.clock.advance(5 * HOUR_MS);
    expect(await status(abort())).toBe(204);
    const second = await initiate();

    expect(second).not.toBe(first);
    expect((await get()).ExpirationDate).toBe('2026-01-02T05:00:00.000Z');
    expect(await refusal(complete(first))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
  });

  test('complete takes only its own id', async () => {
    const lockId = await initiate();

    expect(await refusal(complete('AE863rKkWZU53SLW5be4DUcW'))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    expect((await get()).State).toBe('InProgress');
    expect(await status(complete(lockId))).toBe(204);
    expect((await get()).State).toBe('Locked');
  });

  test('abort removes it', async () => {
    await initiate();

    expect(await status(abort())).toBe(204);
    expect(await refusal(get())).toMatchObject({ status: 404 });
  });

  test('it is there up to the last millisecond of 24 hours, and then gone', async () => {
    const lockId = await initiate();

    await glacier.world.clock.advance(24 * HOUR_MS - 1);
    expect((await get()).State).toBe('InProgress');
    await glacier.world.clock.advance(1);

    expect(await refusal(get())).toMatchObject({ status: 404 });
    expect(await refusal(complete(lockId))).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await initiate()).not.toBe(lockId);
  });

  test('it expires without anybody asking, also after a restart', async () => {
    await initiate();
    glacier.restart();

    await glacier.world.clock.advance(24 * HOUR_MS);

    const state = glacier.world.state.slice<Record<string, { vaults: Record<string, { lock: unknown }> }>>('glacier', () => ({}));
    expect(state['123456789012/us-east-1']?.vaults[vaultName]?.lock).toBeNull();
  });

  test('an empty vault is deleted, its lock with it', async () => {
    await initiate();

    expect(await status(client.send(new DeleteVaultCommand(vault)))).toBe(204);
    await client.send(new CreateVaultCommand(vault));

    expect(await refusal(get())).toMatchObject({ status: 404 });
  });
});

describe('a completed lock', () => {
  let lockId: string;
  beforeEach(async () => {
    await given();
    lockId = await initiate();
    await glacier.world.clock.advance(23 * HOUR_MS);
    await complete(lockId);
  });

  test('get shows the date of its initiation and a null expiration', async () => {
    const shown = await glacier.raw('GET', `/-/vaults/${vaultName}/lock-policy`);

    expect(JSON.parse(shown.body)).toMatchObject({ CreationDate: '2026-01-01T00:00:00.000Z', ExpirationDate: null, State: 'Locked' });
  });

  test('complete is idempotent with the original id, for ever', async () => {
    await glacier.world.clock.advance(1000 * 24 * HOUR_MS);

    expect(await status(complete(lockId))).toBe(204);
  });

  test('initiate, abort and complete with another id are denied', async () => {
    expect(await refusal(initiate())).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(await refusal(abort())).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(await refusal(complete('AE863rKkWZU53SLW5be4DUcW'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect((await get()).State).toBe('Locked');
  });

  test('it does not expire', async () => {
    await glacier.world.clock.advance(25 * HOUR_MS);

    expect((await get()).State).toBe('Locked');
  });

  test('an empty vault is deleted all the same, and its name is free for an unlocked one', async () => {
    expect(await status(client.send(new DeleteVaultCommand(vault)))).toBe(204);
    await client.send(new CreateVaultCommand(vault));

    expect(await refusal(get())).toMatchObject({ status: 404 });
  });
});

describe('a lost answer', () => {
  test('initiate whose answer is lost leaves a lock whose id nobody knows', async () => {
    await given();
    glacier.world.gate.setFaults([{ service: 'glacier', operation: 'InitiateVaultLock', when: 'after', dropConnection: true }]);

    await expect(initiate()).rejects.toThrow();

    expect((await get()).State).toBe('InProgress');
    expect(await refusal(initiate())).toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('what is undocumented is a switch', () => {
  const otherId = 'AE863rKkWZU53SLW5be4DUcW';

  test.each([
    ['404', 'ResourceNotFoundException', 404],
    ['400', 'InvalidParameterValueException', 400],
  ])('glacier.completeWithoutLock=%s', async (setting, name, code) => {
    await given({ 'glacier.completeWithoutLock': setting });

    expect(await refusal(complete(otherId))).toMatchObject({ name, status: code });
  });

  test.each([
    ['403', 'AccessDeniedException', 403],
    ['400', 'InvalidParameterValueException', 400],
  ])('glacier.initiateOnLocked=%s', async (setting, name, code) => {
    await given({ 'glacier.initiateOnLocked': setting });
    await complete(await initiate());

    expect(await refusal(initiate())).toMatchObject({ name, status: code });
  });

  test.each(['InvalidParameterValueException', 'InvalidParameterException'])('glacier.completeOtherId=%s', async (name) => {
    await given({ 'glacier.completeOtherId': name });
    await initiate();

    expect(await refusal(complete(otherId))).toMatchObject({ name, status: 400 });
  });

  test.each([
    ['{}', '{}'],
    ['empty', ''],
  ])('glacier.initiateLockBody=%s', async (setting, body) => {
    await given({ 'glacier.initiateLockBody': setting });

    const response = await glacier.raw('POST', `/-/vaults/${vaultName}/lock-policy`, { body: JSON.stringify(policy) });

    expect(response.body).toBe(body);
    expect(response.headers['x-amz-lock-id']).toHaveLength(24);
  });

  test('glacier.deleteVaultInProgress=403', async () => {
    await given({ 'glacier.deleteVaultInProgress': '403' });
    await initiate();

    expect(await refusal(client.send(new DeleteVaultCommand(vault)))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    await abort();
    expect(await status(client.send(new DeleteVaultCommand(vault)))).toBe(204);
  });

  test('glacier.staleReadSeconds=2: get goes on showing the state before complete', async () => {
    await given({ 'glacier.staleReadSeconds': '2' });
    const lockId = await initiate();
    await glacier.world.clock.advance(5000);

    await complete(lockId);
    expect((await get()).State).toBe('InProgress');
    await glacier.world.clock.advance(2000);

    expect((await get()).State).toBe('Locked');
  });
});

describe('an invalid lock policy', () => {
  beforeEach(() => given());
  const statement = { Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: '*' };
  const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const { Principal: _principal, ...withoutPrincipal } = statement;

  test.each([
    ['is not JSON', '{'],
    ['has no statement', '{"Version":"2012-10-17","Statement":[]}'],
    ['has no principal', document(withoutPrincipal)],
    ['has an unknown version', JSON.stringify({ Version: '2020-01-01', Statement: [statement] })],
    ['has an action of another service', document({ ...statement, Action: 's3:DeleteObject' })],
    ['has an action that no vault policy may have', document({ ...statement, Action: 'glacier:CreateVault' })],
    ['has a misspelt action', document({ ...statement, Action: 'glacier:DeleteArchives' })],
    ['has an unknown condition operator', document({ ...statement, Condition: { NumericLesThan: { 'glacier:ArchiveAgeInDays': '1' } } })],
    ['has a resource that is no ARN', document({ ...statement, Resource: 'ledger' })],
    ['has more than 20 KB', document({ ...statement, Sid: 'x'.repeat(20_481) })],
  ])('that %s gets the one recorded text', async (_, text) => {
    const refused = await refusal(client.send(new InitiateVaultLockCommand({ ...vault, policy: { Policy: text } })));

    expect(refused).toEqual({ name: 'InvalidParameterValueException', message: invalidPolicy, status: 400 });
    expect(await refusal(get())).toMatchObject({ status: 404 });
  });

  test('no policy at all is a missing parameter', async () => {
    expect(await refusal(client.send(new InitiateVaultLockCommand(vault)))).toMatchObject({ name: 'MissingParameterValueException' });
  });
});

test('no lock id starts with a hyphen, which the AWS CLI would take for an option', () => {
  const ids = Array.from({ length: 1000 }, () => newId('lock'));

  expect(ids.filter((id) => id.startsWith('-'))).toEqual([]);
  expect(new Set(ids).size).toBe(1000);
});
