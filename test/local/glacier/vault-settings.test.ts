import {
  AddTagsToVaultCommand,
  CreateVaultCommand,
  DeleteVaultAccessPolicyCommand,
  DeleteVaultNotificationsCommand,
  GetVaultAccessPolicyCommand,
  GetVaultNotificationsCommand,
  ListTagsForVaultCommand,
  RemoveTagsFromVaultCommand,
  SetVaultAccessPolicyCommand,
  SetVaultNotificationsCommand,
} from '@aws-sdk/client-glacier';
import type { GlacierClient } from '@aws-sdk/client-glacier';
import { ACCOUNT, refusal, startGlacier, vaultArn } from './glacier-server';
import type { GlacierServer } from './glacier-server';

const vault = { accountId: '-', vaultName: 'ledger' };
let glacier: GlacierServer;
let client: GlacierClient;

async function given(switches: Record<string, string> = {}): Promise<void> {
  glacier = await startGlacier({ switches });
  client = glacier.client();
  await client.send(new CreateVaultCommand(vault));
}
afterEach(() => glacier.close());

describe('the access policy', () => {
  const set = (Policy: string) => client.send(new SetVaultAccessPolicyCommand({ ...vault, policy: { Policy } }));
  const get = async () => (await client.send(new GetVaultAccessPolicyCommand(vault))).policy?.Policy;
  const remove = () => client.send(new DeleteVaultAccessPolicyCommand(vault));
  const allow = (more: object = {}) => ({
    Effect: 'Allow',
    Principal: '*',
    Action: 'glacier:DescribeVault',
    Resource: vaultArn('ledger'),
    ...more,
  });
  const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

  test('comes back without white space, one-element arrays as scalars, elements in a fixed order', async () => {
    await given();
    const sent = {
      Statement: [
        {
          Action: ['glacier:DescribeVault'],
          Resource: [vaultArn('ledger')],
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': [true] } },
          Effect: 'Allow',
          Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:user/alice`] },
          Sid: 'WhatIsIt',
        },
      ],
      Id: 'reading',
      Version: '2012-10-17',
    };

    await set(JSON.stringify(sent, null, 2));

    expect(await get()).toBe(
      '{"Version":"2012-10-17","Id":"reading","Statement":[{"Sid":"WhatIsIt","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"},"Action":"glacier:DescribeVault",' +
        '"Resource":"arn:aws:glacier:us-east-1:123456789012:vaults/ledger","Condition":{"Bool":{"aws:MultiFactorAuthPresent":true}}}]}',
    );
  });

  test.each(['"*"', '{"AWS":"*"}'])('keeps the principal %s as it was sent', async (principal) => {
    await given();

    await set(document(allow({ Principal: JSON.parse(principal) as unknown })));

    expect(await get()).toContain(`"Principal":${principal},`);
  });

  test('is replaced as a whole, and removed without complaint when there is none', async () => {
    await given();
    await set(document(allow({ Sid: 'first' })));
    await set(document(allow({ Sid: 'second' })));
    expect(await get()).not.toContain('first');

    await remove();
    expect((await remove()).$metadata.httpStatusCode).toBe(204);

    expect(await refusal(get())).toEqual({
      name: 'ResourceNotFoundException',
      message: 'No vault access policy is set for: ledger',
      status: 404,
    });
  });

  test('that is invalid leaves the one before in place', async () => {
    await given();
    await set(document(allow({ Sid: 'first' })));

    expect(await refusal(set(document(allow({ Effect: 'Maybe' }))))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });

    expect(await get()).toContain('first');
  });

  test('may have exactly 20,480 bytes', async () => {
    await given();
    const filled = (bytes: number) => {
      const rest = Buffer.byteLength(document(allow({ Sid: '' })));
      return document(allow({ Sid: 'é' + 'x'.repeat(bytes - rest - 2) }));
    };
    expect(Buffer.byteLength(filled(20_480))).toBe(20_480);

    expect((await set(filled(20_480))).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(set(filled(20_481)))).toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test.each([
    ['minified', 204],
    ['sent', 400],
  ])('glacier.policySize=%s: white space', async (setting, status) => {
    await given({ 'glacier.policySize': setting });
    const spaced = document(allow()) + ' '.repeat(20_480);

    const response = await glacier.raw('PUT', '/-/vaults/ledger/access-policy', { body: JSON.stringify({ Policy: spaced }) });

    expect(response.status).toBe(status);
  });

  test.each([
    ['glacier.foreignResource', 'accepted', allow({ Resource: vaultArn('another') }), 204],
    ['glacier.foreignResource', 'refused', allow({ Resource: vaultArn('another') }), 400],
    ['glacier.foreignResource', 'refused', allow({ Resource: vaultArn('led*') }), 204],
    ['glacier.notPrincipal', 'accepted', allow({ Principal: undefined, NotPrincipal: { AWS: ACCOUNT } }), 204],
    ['glacier.notPrincipal', 'refused', allow({ Principal: undefined, NotPrincipal: { AWS: ACCOUNT } }), 400],
  ])('%s=%s', async (name, setting, statement, status) => {
    await given({ [name]: setting });

    const response = await glacier.raw('PUT', '/-/vaults/ledger/access-policy', { body: JSON.stringify({ Policy: document(statement) }) });

    expect(response.status).toBe(status);
  });

  test.each([
    ['accepted', 204],
    ['refused', 400],
  ])('glacier.policyWithoutVersion=%s', async (setting, status) => {
    await given({ 'glacier.policyWithoutVersion': setting });

    const body = JSON.stringify({ Policy: JSON.stringify({ Statement: [allow()] }) });

    expect((await glacier.raw('PUT', '/-/vaults/ledger/access-policy', { body })).status).toBe(status);
  });

  test('glacier.staleReadSeconds=3: a deleted policy is shown a little longer', async () => {
    await given({ 'glacier.staleReadSeconds': '3' });
    await set(document(allow({ Sid: 'first' })));
    await glacier.world.clock.advance(3000);

    await remove();
    expect(await get()).toContain('first');
    await glacier.world.clock.advance(3000);

    expect(await refusal(get())).toMatchObject({ status: 404 });
  });
});

describe('tags', () => {
  beforeEach(() => given());
  const add = (Tags: Record<string, string>) => client.send(new AddTagsToVaultCommand({ ...vault, Tags }));
  const remove = (TagKeys: string[]) => client.send(new RemoveTagsFromVaultCommand({ ...vault, TagKeys }));
  const list = async () => (await client.send(new ListTagsForVaultCommand(vault))).Tags;
  const many = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [`key${from + index}`, 'value']));

  test('are added, overwritten and removed by key; keys have case', async () => {
    await add({ LegalHold: 'true', legalhold: 'false' });
    await add({ LegalHold: '' });
    await remove(['legalhold', 'missing']);

    expect(await list()).toEqual({ LegalHold: '' });
  });

  test('ten per call, fifty in all', async () => {
    expect(await refusal(add(many(1, 11)))).toMatchObject({ name: 'InvalidParameterValueException' });
    for (let from = 1; from <= 41; from += 10) await add(many(from, from + 9));

    expect(await refusal(add({ oneMore: '' }))).toMatchObject({ name: 'LimitExceededException', status: 400 });
    expect((await add({ key1: 'changed' })).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(remove(Object.keys(many(1, 11))))).toMatchObject({ name: 'InvalidParameterValueException' });
    expect(Object.keys((await list()) ?? {})).toHaveLength(50);
  });

  test.each<[string, Record<string, string>]>([
    ['no tag', {}],
    ['an empty key', { '': 'value' }],
    ['a key of 129 characters', { ['k'.repeat(129)]: 'value' }],
    ['a value of 256 characters', { key: 'v'.repeat(256) }],
    ['a reserved key', { 'aws:cloudformation:stack-name': 'value' }],
    ['a character that is not in the list', { key: 'a;b' }],
  ])('%s is refused, and nothing is added', async (_, tags) => {
    expect(await refusal(add(tags))).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
    expect(await list()).toEqual({});
  });

  test('a colon and letters of any script are fine', async () => {
    await add({ Übersicht: 'a:b/c=d+e-f@g_h i.j' });

    expect(await list()).toEqual({ Übersicht: 'a:b/c=d+e-f@g_h i.j' });
  });

  test('a body without tags is a missing parameter', async () => {
    const response = await glacier.raw('POST', '/-/vaults/ledger/tags?operation=remove', { body: '{"TagsKeys":["a"]}' });

    expect(JSON.parse(response.body)).toMatchObject({ code: 'MissingParameterValueException' });
  });
});

describe('notifications', () => {
  const topic = 'arn:aws:sns:us-east-1:123456789012:archives';
  const set = (SNSTopic: string | undefined, Events: string[] | undefined) =>
    client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig: { SNSTopic, Events } }));
  const get = () => client.send(new GetVaultNotificationsCommand(vault));
  const remove = () => client.send(new DeleteVaultNotificationsCommand(vault));

  test('are set, replaced and removed', async () => {
    await given();
    await set(topic, ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted']);
    await set(topic, ['InventoryRetrievalCompleted']);
    expect((await get()).vaultNotificationConfig).toEqual({ SNSTopic: topic, Events: ['InventoryRetrievalCompleted'] });

    await remove();

    expect(await refusal(get())).toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('No notification configuration is set for vault: ') as string,
    });
  });

  test.each<[string, string | undefined, string[] | undefined, string]>([
    ['a topic that is no ARN', 'archives', ['InventoryRetrievalCompleted'], 'InvalidParameterValueException'],
    ['an unknown event', topic, ['ArchiveDeleted'], 'InvalidParameterValueException'],
    ['no topic', undefined, ['InventoryRetrievalCompleted'], 'MissingParameterValueException'],
    ['no event', topic, [], 'MissingParameterValueException'],
  ])('%s is refused', async (_, SNSTopic, events, name) => {
    await given();

    expect(await refusal(set(SNSTopic, events))).toMatchObject({ name, status: 400 });
  });

  test.each([
    ['204', 204],
    ['404', 404],
  ])('glacier.deleteMissingNotifications=%s', async (setting, status) => {
    await given({ 'glacier.deleteMissingNotifications': setting });

    expect((await glacier.raw('DELETE', '/-/vaults/ledger/notification-configuration')).status).toBe(status);
  });
});
