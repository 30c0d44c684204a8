import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { VirtualClock } from './fakes/virtual-clock';
import { STACK_ID } from './fakes/world';
import { httpPut } from '../../lambda/cloudformation/http-put';
import { Answer, responseBody, send, truncate } from '../../lambda/cloudformation/response';

const envelope = {
  ResponseURL: 'https://bucket.s3.amazonaws.com/key?Signature=secret',
  StackId: STACK_ID,
  RequestId: '11111111-2222-3333-4444-555555555555',
  LogicalResourceId: 'Lock',
};
const failed: Answer = { status: 'FAILED', physicalId: 'id', reason: 'because' };

describe('the body (checklist line 8)', () => {
  test('echoes what CloudFormation needs', () => {
    expect(JSON.parse(responseBody(envelope, { ...failed, data: { LockState: 'Locked' } }))).toEqual({
      Status: 'FAILED',
      Reason: 'because',
      PhysicalResourceId: 'id',
      StackId: STACK_ID,
      RequestId: envelope.RequestId,
      LogicalResourceId: 'Lock',
      Data: { LockState: 'Locked' },
    });
  });

  test.each([
    ['10 KB of letters', 'x'.repeat(10_000)],
    ['10 KB of three-byte characters', '語'.repeat(3_500)],
    ['10 KB of four-byte characters', '🔒'.repeat(2_500)],
    ['10 KB of what JSON writes with six characters', '\u0001'.repeat(10_000)],
  ])('a reason of %s is cut between characters, its beginning kept', (_what, tail) => {
    const body = responseBody(envelope, { ...failed, physicalId: 'p'.repeat(1024), reason: `the message first ${tail}` });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
    const { Reason } = JSON.parse(body) as { Reason: string };
    expect(Reason).toMatch(/^the message first .*…$/su);
    expect(Reason).not.toContain('\ufffd');
  });

  test('is never too long, whatever goes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.string({ maxLength: 1024 }), (reason, physicalId) => {
        expect(Buffer.byteLength(responseBody(envelope, { status: 'FAILED', physicalId, reason }))).toBeLessThanOrEqual(4096);
      }),
    );
  });

  test('truncate leaves what fits', () => {
    expect(truncate('äöü', 6)).toBe('äöü');
    expect(truncate('äöüß', 7)).toBe('äö…');
  });
});

describe('delivery (checklist line 10)', () => {
  const deliver = async (put: Parameters<typeof send>[0], clock = new VirtualClock()) =>
    clock.run(send(put, envelope.ResponseURL, 'body', clock, () => 1));

  test('fails four times, then succeeds', async () => {
    const answers = [503, 500, 403, undefined, 200];
    const clock = new VirtualClock();
    const start = clock.now();
    await deliver(async () => {
      const status = answers.shift();
      if (status === undefined) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return status;
    }, clock);
    expect(answers).toEqual([]);
    expect(clock.now() - start).toBe(200 + 400 + 800 + 1600);
  });

  test('gives up after the fifth, without naming the URL', async () => {
    const put = jest.fn(async () => 503);
    const failure = await deliver(put).catch((error: Error) => error.message);
    expect(put).toHaveBeenCalledTimes(5);
    expect(failure).toMatch(/5 attempts: HTTP 503/);
    expect(failure).not.toContain('secret');
  });

  test('over HTTP: content length in bytes, empty content type, nothing lost', async () => {
    const seen: { headers: http.IncomingHttpHeaders; url?: string; body: string }[] = [];
    const server = http.createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        seen.push({ headers: request.headers, url: request.url, body: Buffer.concat(parts).toString() });
        if (seen.length < 5) request.socket.destroy();
        else response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const body = responseBody(envelope, { ...failed, reason: 'gesperrt für immer 🔒' });
    const url = `http://127.0.0.1:${port}/key%7C1?Expires=1&Signature=a%2Bb`;
    await send(httpPut, url, body, { now: () => 0, sleep: async () => undefined }, () => 0);
    server.close();

    expect(seen).toHaveLength(5);
    expect(seen[4]).toMatchObject({ url: '/key%7C1?Expires=1&Signature=a%2Bb', body });
    expect(seen[4]?.headers).toMatchObject({ 'content-type': '', 'content-length': String(Buffer.byteLength(body)) });
  });
});
