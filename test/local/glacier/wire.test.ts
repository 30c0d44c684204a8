import * as fs from 'node:fs';
import { join } from 'node:path';
import { startGlacier } from './glacier-server';
import type { GlacierServer } from './glacier-server';
import { GLACIER_SWITCHES } from '../../../local/glacier';

/** Bodies and lengths here were recorded from the real service. */
describe('the wire format', () => {
  let glacier: GlacierServer;
  beforeEach(async () => (glacier = await startGlacier({ now: '2017-09-16T19:15:15.128Z' })));
  afterEach(() => glacier.close());

  const create = (name: string) => glacier.raw('PUT', `/-/vaults/${name}`);

  test('CreateVault answers {} and the path with the real account id', async () => {
    const response = await create('test-glacier-remove-named');

    expect(response.status).toBe(201);
    expect(response.body).toBe('{}');
    expect(response.headers.location).toBe('/123456789012/vaults/test-glacier-remove-named');
    expect(response.headers['content-type']).toBe('application/json');
  });

  test('every answer has a request id of 47 URL-safe characters', async () => {
    expect((await create('examplevault')).headers['x-amzn-requestid']).toMatch(/^[A-Za-z0-9_-]{47}$/);
    expect((await glacier.raw('GET', '/-/vaults/missing')).headers['x-amzn-requestid']).toMatch(/^[A-Za-z0-9_-]{47}$/);
  });

  test('an error body has code, message and type, in this order, and 125 bytes as recorded', async () => {
    await create('test-glacier-remove-named');

    const response = await glacier.raw('GET', '/-/vaults/test-glacier-remove-named/access-policy');

    expect(response.status).toBe(404);
    expect(response.body).toBe(
      '{"code":"ResourceNotFoundException","message":"No vault access policy is set for: test-glacier-remove-named","type":"Client"}',
    );
    expect(Buffer.byteLength(response.body)).toBe(125);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers).not.toHaveProperty('x-amzn-errortype');
  });

  test('DescribeVault of a fresh vault writes zeros and the null date: 234 bytes for a name of 27 characters', async () => {
    await create('test-glacier-vault-describe');

    const response = await glacier.raw('GET', '/-/vaults/test-glacier-vault-describe');

    expect(response.body).toBe(
      '{"CreationDate":"2017-09-16T19:15:15.128Z","LastInventoryDate":null,"NumberOfArchives":0,"SizeInBytes":0,' +
        '"VaultARN":"arn:aws:glacier:us-east-1:123456789012:vaults/test-glacier-vault-describe","VaultName":"test-glacier-vault-describe"}',
    );
    expect(Buffer.byteLength(response.body)).toBe(234);
  });

  test('ListVaults writes the null marker: 240 bytes for one vault with a name of 15 characters', async () => {
    await create('c7n-test-delete');

    const response = await glacier.raw('GET', '/-/vaults');

    expect(response.body).toMatch(/^\{"Marker":null,"VaultList":\[\{"CreationDate"/);
    expect(Buffer.byteLength(response.body)).toBe(240);
  });

  test('ListTagsForVault without tags has 11 bytes', async () => {
    await create('examplevault');

    expect((await glacier.raw('GET', '/-/vaults/examplevault/tags')).body).toBe('{"Tags":{}}');
  });

  test('204 comes without body and content type', async () => {
    await create('examplevault');

    const response = await glacier.raw('DELETE', '/-/vaults/examplevault');

    expect(response.status).toBe(204);
    expect(response.body).toBe('');
    expect(response.headers).not.toHaveProperty('content-type');
  });

  test('a missing vault is named by its ARN', async () => {
    const response = await glacier.raw('GET', '/123456789012/vaults/examplevault');

    expect(response.status).toBe(404);
    expect(JSON.parse(response.body)).toEqual({
      code: 'ResourceNotFoundException',
      message: 'Vault not found for ARN: arn:aws:glacier:us-east-1:123456789012:vaults/examplevault',
      type: 'Client',
    });
  });

  test('the API version is required', async () => {
    const response = await glacier.raw('GET', '/-/vaults', { headers: { 'x-amz-glacier-version': '' } });

    expect(response.status).toBe(400);
    expect(response.body).toBe(
      '{"code":"MissingParameterValueException","message":"Required parameter missing: API version","type":"Client"}',
    );
  });

  test.each([
    ['PATCH', '/-/vaults/examplevault'],
    ['GET', '/'],
    ['POST', '/-/vaults/examplevault/tags'],
    ['POST', '/-/vaults/examplevault/tags?operation=replace'],
    ['DELETE', '/-/vaults/'],
    ['GET', '/-/vaults/%E0%A4%A'],
  ])('there is no operation %s %s: answered at once, as 404', async (method, path) => {
    const response = await glacier.raw(method, path);

    expect(response.status).toBe(404);
    expect(JSON.parse(response.body)).toMatchObject({ code: 'UnknownOperationException', type: 'Client' });
  });

  test('a trailing slash lists the vaults, as an SDK asks for an empty vault name', async () => {
    expect((await glacier.raw('GET', '/-/vaults/')).body).toBe('{"Marker":null,"VaultList":[]}');
  });

  test.each([
    ['no JSON', '{"Policy": '],
    ['a list', '[]'],
    ['a policy that is an object instead of a string', '{"Policy":{"Version":"2012-10-17"}}'],
    ['a policy that is a number', '{"Policy":1}'],
  ])('a body that is %s is a SerializationException', async (_, body) => {
    await create('examplevault');

    const response = await glacier.raw('PUT', '/-/vaults/examplevault/access-policy', { body });

    expect(response.status).toBe(400);
    expect(JSON.parse(response.body)).toMatchObject({ code: 'SerializationException', type: 'Client' });
  });

  test('requests as botocore sends them: no hash headers on JSON, percent-encoded marker, empty query parameters', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const marker = encodeURIComponent('arn:aws:glacier:us-east-1:123456789012:vaults/a');

    const page = await glacier.raw('GET', `/-/vaults?marker=${marker}&limit=1`);
    const all = await glacier.raw('GET', '/-/vaults?marker=&limit=');
    const added = await glacier.raw('POST', '/-/vaults/a/tags?operation=add', { body: '{"Tags": {"Department": "légal"}}' });

    expect(JSON.parse(page.body)).toMatchObject({
      Marker: 'arn:aws:glacier:us-east-1:123456789012:vaults/b',
      VaultList: [{ VaultName: 'b' }],
    });
    expect((JSON.parse(all.body) as { VaultList: unknown[] }).VaultList).toHaveLength(3);
    expect(added.status).toBe(204);
    expect((await glacier.raw('GET', '/-/vaults/a/tags')).body).toBe('{"Tags":{"Department":"légal"}}');
  });

  test('a fault of the server has type Server', async () => {
    glacier.world.gate.setFaults([{ service: 'glacier', operation: 'ListVaults', error: 'ServiceUnavailableException' }]);

    const response = await glacier.raw('GET', '/-/vaults');

    expect(response.status).toBe(500);
    expect(JSON.parse(response.body)).toMatchObject({ code: 'ServiceUnavailableException', type: 'Server' });
  });

  test('a connection that a fault drops stays dropped, and the effect is there', async () => {
    glacier.world.gate.setFaults([{ service: 'glacier', operation: 'CreateVault', when: 'after', dropConnection: true }]);

    await expect(create('examplevault')).rejects.toThrow();

    expect((await glacier.raw('GET', '/-/vaults/examplevault')).status).toBe(200);
  });

  test('every call reaches the call log under its operation', async () => {
    await create('examplevault');
    await glacier.raw('GET', '/-/vaults/missing');

    expect(glacier.world.gate.calls.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['CreateVault', 'ok'],
      ['DescribeVault', 'ResourceNotFoundException'],
    ]);
  });
});

test('a switch that does not exist, or has no such setting, is refused by name', async () => {
  await expect(startGlacier({ switches: { 'glacier.deleteMissing': '404' } })).rejects.toThrow('`glacier.deleteMissing` must be one of');
  await expect(startGlacier({ switches: { 'glacier.deleteMissingVault': '405' } })).rejects.toThrow(
    '`glacier.deleteMissingVault` must be 204 or 404, but is "405"',
  );
  expect(Object.keys(GLACIER_SWITCHES).every((name) => name.startsWith('glacier.'))).toBe(true);
});

test('docs/local-glacier.md has every switch with its default and what it decides', () => {
  const page = fs.readFileSync(join(__dirname, '../../../docs/local-glacier.md'), 'utf8');

  for (const [name, { default: setting, doc }] of Object.entries(GLACIER_SWITCHES)) {
    expect(page).toMatch(new RegExp(`\\| \`${name}\` +\\| [^|]+\\| \`${setting}\` +\\|`));
    expect(page).toContain(doc);
  }
});
