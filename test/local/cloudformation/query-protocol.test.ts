import { queryList, queryMap, queryStructures } from '../../../local/protocol/query-input';
import { createQueryService } from '../../../local/protocol/query-protocol';
import type { QueryOperation } from '../../../local/protocol/query-protocol';
import { XmlMap } from '../../../local/protocol/xml';
import { AwsError } from '../../../local/server/service';
import { testWorld } from '../test-world';

async function call(operations: Record<string, QueryOperation>, parameters: Record<string, string>, method = 'POST') {
  const service = createQueryService({ names: ['sns'], xmlns: 'http://example.com/doc/', world: testWorld(), operations });
  const form = new URLSearchParams(parameters);
  const response = await service.handle({
    method,
    path: '/',
    query: method === 'GET' ? form : new URLSearchParams(),
    headers: {},
    body: Buffer.from(method === 'GET' ? '' : form.toString()),
    service: 'sns',
    region: 'us-east-1',
    caller: { accountId: '1', arn: 'arn' },
    requestId: 'request-1',
  });
  return { status: response.status, body: String(response.body) };
}

describe('the awsQuery protocol', () => {
  test('answers a result as XML: lists, maps, dates, booleans, escaped text, nothing for undefined', async () => {
    const operation = () => ({
      Names: ['a<b', 'c&"d"'],
      Attributes: new XmlMap({ Owner: 'me' }),
      At: new Date(0),
      Enabled: true,
      Nested: { Count: 3 },
      Absent: undefined,
      Empty: [],
    });
    expect((await call({ Get: operation }, { Action: 'Get' })).body).toBe(
      '<GetResponse xmlns="http://example.com/doc/"><GetResult>' +
        '<Names><member>a&lt;b</member><member>c&amp;&quot;d&quot;</member></Names>' +
        '<Attributes><entry><key>Owner</key><value>me</value></entry></Attributes>' +
        '<At>1970-01-01T00:00:00.000Z</At><Enabled>true</Enabled><Nested><Count>3</Count></Nested><Empty></Empty>' +
        '</GetResult><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></GetResponse>',
    );
  });

  test('reads parameters from the form or the query', async () => {
    const operations = { Echo: ({ Text }: Readonly<Record<string, string>>) => ({ Text }) };
    expect((await call(operations, { Action: 'Echo', Text: 'ü +' })).body).toContain('<Text>ü +</Text>');
    expect((await call(operations, { Action: 'Echo', Text: 'x' }, 'GET')).body).toContain('<Text>x</Text>');
  });

  test('answers an error with its code, message and status', async () => {
    const operations = {
      Refuse: () => {
        throw new AwsError('NotFound', 'There is no <topic>', 404);
      },
    };
    expect(await call(operations, { Action: 'Refuse' })).toEqual({
      status: 404,
      body:
        '<ErrorResponse xmlns="http://example.com/doc/"><Error><Type>Sender</Type><Code>NotFound</Code>' +
        '<Message>There is no &lt;topic&gt;</Message></Error><RequestId>request-1</RequestId></ErrorResponse>',
    });
  });

  test('refuses what it does not know at once', async () => {
    expect(await call({}, { Action: 'toString' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidAction</Code>'),
    });
    expect(await call({}, {})).toMatchObject({ status: 400, body: expect.stringContaining('<Code>MissingAction</Code>') });
  });
});

describe('lists in awsQuery parameters', () => {
  test('are read in the order of their numbers', () => {
    expect(queryList({ 'Names.member.10': 'j', 'Names.member.2': 'b', 'Names.member.1': 'a', Other: 'x' }, 'Names')).toEqual([
      'a',
      'b',
      'j',
    ]);
    expect(queryStructures({ 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }, 'Tags')).toEqual([{ Key: 'k', Value: 'v' }]);
    expect(queryMap({ 'Attributes.entry.1.key': 'k', 'Attributes.entry.1.value': 'v' }, 'Attributes')).toEqual({ k: 'v' });
  });
});
