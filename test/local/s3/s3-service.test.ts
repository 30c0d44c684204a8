import { createHash } from 'node:crypto';
import { createS3, S3 } from '../../../local/s3';
import type { AwsRequest } from '../../../local/server/service';
import { AwsError } from '../../../local/server/service';
import { awsRequest, ROLE_CALLER } from '../resources/aws-request';
import { testWorld, TestWorld } from '../test-world';

const STAGING = 'cdk-hnb659fds-assets-123456789012-eu-central-1';

describe('S3', () => {
  let world: TestWorld;
  let s3: S3;
  beforeEach(() => {
    world = testWorld();
    s3 = createS3(world);
  });

  const send = async (method: string, url: string, request: Partial<AwsRequest> = {}) => {
    const { pathname, searchParams } = new URL(`http://127.0.0.1${url}`);
    const [service] = s3.services;
    const response = await service?.handle(awsRequest({ service: 's3', method, path: pathname, query: searchParams, ...request }));
    return { status: response?.status, headers: response?.headers ?? {}, body: String(response?.body ?? '') };
  };
  const put = (url: string, content: string | Buffer, headers: Record<string, string> = {}) =>
    send('PUT', url, { body: Buffer.from(content), headers });
  const texts = (xml: string, name: string) => [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1]);

  describe('the CDK CLI’s upload of an asset', () => {
    test('finds the staging bucket without a bootstrap stack, does not find the asset, uploads and finds it', async () => {
      const list = `/${STAGING}?list-type=2&prefix=abc.zip&max-keys=1`;
      expect(texts((await send('GET', list)).body, 'KeyCount')).toEqual(['0']);
      expect((await send('GET', `/${STAGING}?location`)).body).toContain('>eu-central-1</LocationConstraint>');
      expect((await send('GET', `/${STAGING}?encryption`)).body).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
      const checksum = createHash('sha256').update('zip content').digest('base64');
      const answer = await put(`/${STAGING}/abc.zip`, 'zip content', { 'x-amz-checksum-sha256': checksum });
      expect(answer).toMatchObject({ status: 200, headers: { etag: `"${createHash('md5').update('zip content').digest('hex')}"` } });
      const listed = (await send('GET', list)).body;
      expect([texts(listed, 'KeyCount'), texts(listed, 'Key'), texts(listed, 'Size')]).toEqual([['1'], ['abc.zip'], ['11']]);
      expect(s3.readObject(STAGING, 'abc.zip').toString()).toBe('zip content');
    });

    test('in parts, in any order of arrival', async () => {
      const started = await send('POST', `/${STAGING}/big.zip?uploads`);
      const [uploadId] = texts(started.body, 'UploadId');
      const second = await put(`/${STAGING}/big.zip?partNumber=2&uploadId=${uploadId}`, 'second');
      const first = await put(`/${STAGING}/big.zip?partNumber=1&uploadId=${uploadId}`, 'first ');
      expect((await send('HEAD', `/${STAGING}/big.zip`)).status).toBe(404);
      const parts = [first, second].map(
        ({ headers }, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${headers.etag}</ETag></Part>`,
      );
      const completion = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
      const done = await send('POST', `/${STAGING}/big.zip?uploadId=${uploadId}`, { body: Buffer.from(completion) });
      expect(texts(done.body, 'ETag')[0]).toMatch(/-2&#34;$|-2&quot;$/);
      expect(s3.readObject(STAGING, 'big.zip').toString()).toBe('first second');
      expect(await send('POST', `/${STAGING}/big.zip?uploadId=${uploadId}`, { body: Buffer.from(completion) })).toMatchObject({
        status: 404,
      });
    });

    test('that is given up leaves nothing', async () => {
      const [uploadId] = texts((await send('POST', `/${STAGING}/big.zip?uploads`)).body, 'UploadId');
      await put(`/${STAGING}/big.zip?partNumber=1&uploadId=${uploadId}`, 'x');
      expect((await send('DELETE', `/${STAGING}/big.zip?uploadId=${uploadId}`)).status).toBe(204);
      expect(texts((await put(`/${STAGING}/big.zip?partNumber=1&uploadId=${uploadId}`, 'x')).body, 'Code')).toEqual(['NoSuchUpload']);
    });

    test('in aws-chunked form is stored without its frame', async () => {
      const body = '6;chunk-signature=ab\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';
      await put(`/${STAGING}/chunked`, body, {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
      });
      const { body: content, headers } = await send('GET', `/${STAGING}/chunked`);
      expect(content).toBe('hello world');
      expect(headers).not.toHaveProperty('content-encoding');
      const broken = await put(`/${STAGING}/broken`, '6\r\nhel', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' });
      expect(texts(broken.body, 'Code')).toEqual(['IncompleteBody']);
    });

    test('that was damaged on the way is refused', async () => {
      const answer = await put(`/${STAGING}/abc.zip`, 'other content', { 'x-amz-checksum-sha256': 'AAAA' });
      expect([answer.status, texts(answer.body, 'Code')]).toEqual([400, ['BadDigest']]);
    });
  });

  test('keys are what was sent, percent-decoded, and metadata comes back', async () => {
    const key = 'a folder/größe & <more>+1.txt';
    const url = `/${STAGING}/${key.split('/').map(encodeURIComponent).join('/')}`;
    await put(url, 'x', { 'content-type': 'text/plain', 'x-amz-meta-origin': 'test' });
    expect(s3.readObject(STAGING, key).toString()).toBe('x');
    expect((await send('HEAD', url)).headers).toMatchObject({
      'content-type': 'text/plain',
      'x-amz-meta-origin': 'test',
      'content-length': '1',
    });
    expect((await send('GET', `/${STAGING}?list-type=2`)).body).toContain('<Key>a folder/größe &amp; &lt;more&gt;+1.txt</Key>');
    expect(texts((await send('GET', `/${STAGING}?list-type=2&encoding-type=url`)).body, 'Key')).toEqual([encodeURIComponent(key)]);
  });

  test('listings are sorted, rolled up by delimiter, and come in pages', async () => {
    for (const key of ['b/2', 'a', 'b/1', 'c/1', 'd']) await put(`/${STAGING}/${key}`, key);
    const pages: (string | undefined)[][] = [];
    let token: string | undefined = '';
    while (token !== undefined) {
      const next = token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`;
      const { body } = await send('GET', `/${STAGING}?list-type=2&delimiter=%2F&max-keys=2${next}`);
      pages.push([...texts(body, 'Key'), ...texts(body.replace('<Prefix></Prefix>', ''), 'Prefix')]);
      [token] = texts(body, 'NextContinuationToken');
    }
    expect(pages).toEqual([
      ['a', 'b/'],
      ['d', 'c/'],
    ]);
  });

  test('a part of an object can be read', async () => {
    await put(`/${STAGING}/digits`, '0123456789');
    expect(await send('GET', `/${STAGING}/digits`, { headers: { range: 'bytes=2-4' } })).toMatchObject({
      status: 206,
      body: '234',
      headers: { 'content-range': 'bytes 2-4/10' },
    });
    expect((await send('GET', `/${STAGING}/digits`, { headers: { range: 'bytes=-3' } })).body).toBe('789');
    expect((await send('GET', `/${STAGING}/digits`, { headers: { range: 'bytes=10-' } })).status).toBe(416);
  });

  test('several objects are deleted at once, and versions are listed, as CDK’s autoDeleteObjects does it', async () => {
    await put(`/${STAGING}/x%26y`, '1');
    await put(`/${STAGING}/z`, '2');
    const versions = (await send('GET', `/${STAGING}?versions`)).body;
    expect([texts(versions, 'Key').length, texts(versions, 'VersionId')]).toEqual([2, ['null', 'null']]);
    const body = Buffer.from(
      '<Delete><Object><Key>x&amp;y</Key><VersionId>null</VersionId></Object><Object><Key>z</Key></Object></Delete>',
    );
    expect(texts((await send('POST', `/${STAGING}?delete`, { body })).body, 'Key')).toHaveLength(2);
    expect(texts((await send('GET', `/${STAGING}?list-type=2`)).body, 'KeyCount')).toEqual(['0']);
  });

  test.each([
    ['GET', '/no-such-bucket?list-type=2', 404, 'NoSuchBucket'],
    ['GET', `/${STAGING}/nothing`, 404, 'NoSuchKey'],
    ['GET', `/${STAGING}?tagging`, 404, 'NoSuchTagSet'],
    ['GET', `/${STAGING}?website`, 501, 'NotImplemented'],
    ['PUT', `/${STAGING}/key?retention`, 501, 'NotImplemented'],
    ['PATCH', `/${STAGING}/key`, 501, 'NotImplemented'],
  ])('%s %s is answered %i %s in XML', async (method, url, status, code) => {
    const answer = await send(method, url);
    expect([answer.status, texts(answer.body, 'Code')]).toEqual([status, [code]]);
  });

  test('a role is held to its permissions in S3’s words', async () => {
    const asked: string[] = [];
    world.iam = {
      authorise: ({ action, resource }) => {
        asked.push(`${action} ${resource}`);
        throw new AwsError('AccessDeniedException', 'not authorized', 403);
      },
    };
    const answer = await send('PUT', `/${STAGING}/dir/key`, { caller: ROLE_CALLER, body: Buffer.from('x') });
    expect([answer.status, texts(answer.body, 'Code')]).toEqual([403, ['AccessDenied']]);
    await send('GET', `/${STAGING}?list-type=2`, { caller: ROLE_CALLER });
    expect(asked).toEqual([`s3:PutObject arn:aws:s3:::${STAGING}/dir/key`, `s3:ListBucket arn:aws:s3:::${STAGING}`]);
    expect(() => s3.readObject(STAGING, 'dir/key')).toThrow('The specified key does not exist.');
  });

  test('a bucket’s policy counts for a role, too', async () => {
    const policy = '{"Version":"2012-10-17","Statement":[]}';
    await put(`/${STAGING}?policy`, policy);
    const asked: unknown[] = [];
    world.iam = { authorise: ({ resourcePolicies, context }) => void asked.push([resourcePolicies, context]) };
    await send('DELETE', `/${STAGING}/key`, { caller: ROLE_CALLER });
    expect(asked).toEqual([[[policy], { 'aws:SecureTransport': 'true', 's3:ResourceAccount': '123456789012' }]]);
  });

  test('an unexpected failure is answered in XML, too', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    world.iam = {
      authorise: () => {
        throw new TypeError('a mistake of the endpoint');
      },
    };
    const answer = await send('GET', `/${STAGING}/key`, { caller: ROLE_CALLER });
    expect([answer.status, texts(answer.body, 'Code'), texts(answer.body, 'Message')]).toEqual([
      500,
      ['InternalError'],
      ['a mistake of the endpoint'],
    ]);
    expect(printed).toHaveBeenCalledTimes(1);
  });

  describe('a template URL', () => {
    beforeEach(() => put(`/${STAGING}/dir/template.json`, '{"Resources":{}}'));

    test.each([
      `http://127.0.0.1:4566/${STAGING}/dir/template.json`,
      `http://127.0.0.1:9999/${STAGING}/dir/template.json`,
      `https://s3.eu-central-1.amazonaws.com/${STAGING}/dir/template.json`,
      `https://${STAGING}.s3.eu-central-1.amazonaws.com/dir/template.json`,
      `http://${STAGING}.localhost:4566/dir/template.json?versionId=1`,
    ])('is read whatever its host and port are: %s', (url) => {
      expect(s3.readTemplate(url)).toBe('{"Resources":{}}');
    });

    test.each([
      ['not a URL', 'TemplateURL must be a supported URL.'],
      [`s3://${STAGING}/dir/template.json`, 'TemplateURL must be a supported URL.'],
      [`http://127.0.0.1:1/${STAGING}/other.json`, 'S3 error: The specified key does not exist.'],
    ])('that leads nowhere is refused: %s', (url, message) => {
      expect(() => s3.readTemplate(url)).toThrow(expect.objectContaining({ code: 'ValidationError', message }) as Error);
    });
  });
});
