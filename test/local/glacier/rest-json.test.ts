import { createRestJsonService } from '../../../local/protocol/rest-json';
import type { RestJsonOperations } from '../../../local/protocol/rest-json';
import { AwsError } from '../../../local/server/service';
import type { AwsRequest, AwsResponse } from '../../../local/server/service';
import { testWorld } from '../test-world';
import { CALLERS } from './glacier-server';

const NAMESPACE = 'com.example.library';
const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;
const TIMESTAMP = 4;
const TIMESTAMP_DATE_TIME = 5;
const BLOB = 21;
const LIST_OF_STRINGS = 64;
const MAP_OF_STRINGS = 128;
const LABEL = 1;
const PAYLOAD = 16;

const structure = (name: string, members: Record<string, unknown>) => [3, NAMESPACE, name, 0, Object.keys(members), Object.values(members)];

/** A service that uses what Glacier's model does not have. */
const schemas = {
  PutBook$: [
    9,
    NAMESPACE,
    'PutBook',
    { http: ['PUT', '/shelves/{shelf}/books/{path+}', 200] },
    () =>
      structure('PutBookInput', {
        shelf: [STRING, LABEL],
        path: [STRING, LABEL],
        since: [TIMESTAMP, { httpQuery: 'since' }],
        topics: [LIST_OF_STRINGS, { httpQuery: 'topic' }],
        dryRun: [BOOLEAN, { httpQuery: 'dryRun' }],
        notes: [MAP_OF_STRINGS, { httpPrefixHeaders: 'x-note-' }],
        title: [STRING, { jsonName: 'Title' }],
        pages: NUMBER,
        cover: BLOB,
        printed: TIMESTAMP,
        chapters: [() => [1, NAMESPACE, 'Chapters', 0, () => structure('Chapter', { name: STRING })], 0],
      }),
    () =>
      structure('PutBookOutput', {
        etag: [STRING, { httpHeader: 'ETag' }],
        modified: [TIMESTAMP, { httpHeader: 'Last-Modified' }],
        notes: [MAP_OF_STRINGS, { httpPrefixHeaders: 'x-note-' }],
        title: [STRING, { jsonName: 'Title' }],
        cover: BLOB,
        printed: TIMESTAMP,
        bound: TIMESTAMP_DATE_TIME,
      }),
  ],
  GetText$: [
    9,
    NAMESPACE,
    'GetText',
    { http: ['GET', '/shelves/{shelf}/text', 200] },
    () => structure('GetTextInput', { shelf: [STRING, LABEL] }),
    () => structure('GetTextOutput', { text: [STRING, PAYLOAD] }),
  ],
  BurnBook$: [9, NAMESPACE, 'BurnBook', { http: ['DELETE', '/shelves/{shelf}/text/', 204] }, () => 'unit', () => 'unit'],
};

async function call(operations: RestJsonOperations, request: Partial<AwsRequest>): Promise<AwsResponse> {
  const service = createRestJsonService({
    names: ['library'],
    schemas,
    world: testWorld(),
    operations,
    errorBody: ({ message }) => ({ message }),
    errorHeaders: ({ code }) => ({ 'x-amzn-errortype': code }),
  });
  return service.handle({
    method: 'GET',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    service: 'library',
    region: 'us-east-1',
    caller: CALLERS.ALICE!,
    requestId: 'request-1',
    ...request,
  });
}

/** What PutBook's input becomes on its way in. */
async function received(request: Partial<AwsRequest>): Promise<{ input: object | undefined; response: AwsResponse }> {
  let input: object | undefined;
  const operations = {
    PutBook: (got: object) => {
      input = got;
      return {};
    },
  };
  const response = await call(operations, { method: 'PUT', path: '/shelves/a%20b/books/c/d%2Fe', ...request });
  return { input, response };
}

describe('a request', () => {
  test('is taken apart as its model says: labels, query, headers, body', async () => {
    const { input } = await received({
      query: new URLSearchParams('since=2026-01-01T00:00:00Z&topic=law&topic=tax&dryRun=true'),
      headers: { 'x-note-author': 'me' },
      body: Buffer.from(
        JSON.stringify({
          Title: 'Ledger',
          pages: 12,
          cover: 'Zm91cg==',
          printed: 1767225600.5,
          chapters: [{ name: 'one', unknown: 1 }, null],
        }),
      ),
    });

    expect(input).toEqual({
      shelf: 'a b',
      path: 'c/d/e',
      since: new Date('2026-01-01T00:00:00Z'),
      topics: ['law', 'tax'],
      dryRun: true,
      notes: { author: 'me' },
      title: 'Ledger',
      pages: 12,
      cover: Buffer.from('four'),
      printed: new Date('2026-01-01T00:00:00.500Z'),
      chapters: [{ name: 'one' }],
    });
  });

  test.each([
    ['{"pages":"12"}', 'STRING_VALUE can not be converted to a Number'],
    ['{"Title":1}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"Title":{}}', 'Start of structure or map found where not expected.'],
    ['{"chapters":{}}', 'Expected list or null'],
    ['{"chapters":["one"]}', 'Expected null or start of structure'],
    ['{"printed":"yesterday"}', 'Unable to parse timestamp: yesterday'],
  ])('with the body %s is not let through', async (body, message) => {
    const { input, response } = await received({ body: Buffer.from(body) });

    expect(input).toBeUndefined();
    expect(response).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'SerializationException' } });
    expect(JSON.parse(String(response.body))).toEqual({ message });
  });
});

describe('an answer', () => {
  test('is spread over headers and body; nulls and order stay', async () => {
    const output = {
      printed: new Date('2026-01-01T00:00:00.500Z'),
      title: 'Ledger',
      etag: 'abc',
      modified: new Date('2026-01-01T00:00:00Z'),
      notes: { author: 'me' },
      cover: null,
      bound: new Date('2026-01-02T00:00:00Z'),
    };

    const response = await call({ PutBook: () => output }, { method: 'PUT', path: '/shelves/a/books/b' });

    expect(response).toEqual({
      status: 200,
      headers: {
        'x-amzn-RequestId': 'request-1',
        'Content-Type': 'application/json',
        ETag: 'abc',
        'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
        'x-note-author': 'me',
      },
      body: '{"printed":1767225600.5,"Title":"Ledger","cover":null,"bound":"2026-01-02T00:00:00.000Z"}',
    });
  });

  test('whose payload is text is that text', async () => {
    const response = await call({ GetText: () => ({ text: 'once upon a time' }) }, { path: '/shelves/a/text' });

    expect(response).toMatchObject({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'once upon a time' });
  });

  test('of an operation without output is its status; a slash at the end of the template means nothing', async () => {
    const response = await call({ BurnBook: () => ({}) }, { method: 'DELETE', path: '/shelves/a/text' });

    expect(response).toEqual({ status: 204, headers: { 'x-amzn-RequestId': 'request-1' } });
  });

  test('of an operation that is known but not written is 501', async () => {
    const response = await call({}, { path: '/shelves/a/text' });

    expect(response.status).toBe(501);
    expect(JSON.parse(String(response.body))).toEqual({ message: 'library:GetText is not implemented by the local endpoint.' });
  });

  test('is the error that the operation throws on purpose; others are not caught', async () => {
    const refuse = () => {
      throw new AwsError('TooLoudException', 'Hush.', 418);
    };
    const fail = () => {
      throw new TypeError('a mistake of ours');
    };

    expect(await call({ GetText: refuse }, { path: '/shelves/a/text' })).toMatchObject({ status: 418, body: '{"message":"Hush."}' });
    await expect(call({ GetText: fail }, { path: '/shelves/a/text' })).rejects.toThrow('a mistake of ours');
  });
});
