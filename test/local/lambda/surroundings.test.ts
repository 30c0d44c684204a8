import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { lambdaFixture, LambdaFixture } from './lambda-fixture';

/** What a function sees around itself. */
describe('around a function', () => {
  let fixture: LambdaFixture;
  beforeEach(() => (fixture = lambdaFixture({ switches: { 'lambda.retryDelayMs': '0' } })));
  afterEach(() => fixture.lambda.close());

  const run = async (source: string, properties = {}) => {
    await fixture.deploy('fn', { 'index.js': source }, properties);
    return (await fixture.invoke('fn')).payload;
  };

  test('the environment holds Lambda’s variables and the function’s own, and nothing of this process', async () => {
    process.env.LEAK_CANARY = 'a secret of the developer';
    process.env.AWS_PROFILE = 'production';
    try {
      const environment = (await run('exports.handler = async () => process.env;', {
        Environment: { Variables: { TABLE: 'ledger' } },
      })) as Record<string, string>;
      expect(Object.keys(environment).sort()).toEqual(
        [
          'AWS_ACCESS_KEY_ID',
          'AWS_DEFAULT_REGION',
          'AWS_EC2_METADATA_DISABLED',
          'AWS_ENDPOINT_URL',
          'AWS_EXECUTION_ENV',
          'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
          'AWS_LAMBDA_FUNCTION_NAME',
          'AWS_LAMBDA_FUNCTION_VERSION',
          'AWS_LAMBDA_INITIALIZATION_TYPE',
          'AWS_LAMBDA_LOG_GROUP_NAME',
          'AWS_LAMBDA_LOG_STREAM_NAME',
          'AWS_REGION',
          'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
          'AWS_SECRET_ACCESS_KEY',
          'AWS_SESSION_TOKEN',
          'HOME',
          'LAMBDA_RUNTIME_DIR',
          'LAMBDA_TASK_ROOT',
          'LANG',
          'NODE_PATH',
          'PATH',
          'TABLE',
          'TZ',
          '_HANDLER',
          '_X_AMZN_TRACE_ID',
          'npm_config_offline',
        ].sort(),
      );
      expect(environment).toMatchObject({
        TABLE: 'ledger',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: fixture.world.endpoint(),
        AWS_SESSION_TOKEN: 'arn:aws:iam::123456789012:role/worker#fn',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      });
      expect(environment.HOME).not.toBe(process.env.HOME);
    } finally {
      delete process.env.LEAK_CANARY;
      delete process.env.AWS_PROFILE;
    }
  });

  test('the time of day is the endpoint’s, for a clock that was moved ahead', async () => {
    const before = Date.now();
    await fixture.world.clock.advance(2556 * 86_400_000);
    const source = `exports.handler = async () => ({
      now: Date.now(), made: new Date().getTime(), written: new Date(Date()).getTime(), own: new (new Date().constructor)().getTime(),
      fixed: new Date(0).toISOString(), parts: new Date(2026, 0, 1).getFullYear(), isDate: new Date() instanceof Date,
      subclass: new (class Stamp extends Date {})().getTime(), utc: Date.UTC(2026, 0, 1),
    });`;
    const seen = (await run(source)) as Record<string, number>;
    for (const name of ['now', 'made', 'own', 'subclass', 'written']) {
      expect(seen[name]).toBeGreaterThan(before + 2556 * 86_400_000 - 1000);
      expect(seen[name]).toBeLessThan(before + 2557 * 86_400_000);
    }
    expect(seen).toMatchObject({ fixed: '1970-01-01T00:00:00.000Z', parts: 2026, isDate: true, utc: Date.UTC(2026, 0, 1) });
  });

  test.each([
    ['https', "require('https').get('https://glacier.eu-central-1.amazonaws.com/').on('error', resolve)"],
    ['http to an address', "require('http').get('http://169.254.169.254/latest/meta-data/').on('error', resolve)"],
    ['a socket', "require('net').connect(443, 'sts.amazonaws.com').on('error', resolve)"],
    ['TLS', "require('tls').connect({ host: 'sts.amazonaws.com', port: 443 }).on('error', resolve)"],
    ['HTTP/2', "require('http2').connect('https://sts.amazonaws.com').on('error', resolve)"],
    ['fetch', "fetch('https://sts.amazonaws.com/').catch((error) => resolve(error.cause))"],
    ['an ES import', "import('node:net').then(({ connect }) => connect(443, 'sts.amazonaws.com').on('error', resolve))"],
  ])('no other machine can be reached: %s', async (_way, attempt) => {
    const source = `exports.handler = () => new Promise((resolve) => ${attempt}).then(({ code, message }) => ({ code, message }));`;
    expect(await run(source)).toEqual({
      code: 'ERR_LOCAL_ENDPOINT_ONLY',
      message: expect.stringMatching(
        /^A function that the local endpoint runs can connect to 127\.0\.0\.1 only, not to .+:(80|443)\. /,
      ) as string,
    });
  });

  test('the runtime’s AWS SDK is there for CommonJS and for ES modules if the endpoint was given one', async () => {
    fixture.lambda.close();
    fixture = lambdaFixture({}, { runtimeModules: [`${process.cwd()}/node_modules`] });
    const source = `exports.handler = async () => [
      typeof require('@aws-sdk/client-glacier').GlacierClient, typeof (await import('@aws-sdk/client-glacier')).GlacierClient];`;
    expect(await run(source)).toEqual(['function', 'function']);
  });

  describe('CloudFormation’s response bucket', () => {
    let server: Server;
    let received: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[];

    beforeEach(async () => {
      received = [];
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          received.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
          response.end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      fixture.world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    const host = 'cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com';
    const place = '/arn%3Aaws%3Acloudformation%3Aeu-central-1%3A123456789012%3Astack/Demo/1%7CRes%7C42?X-Amz-Signature=abc';

    test.each([
      [
        'https.request with options, as cfn-response and CDK’s Provider do it',
        `const request = require('https').request({ hostname: '${host}', port: 443, path: '${place}', method: 'PUT',
           headers: { 'content-type': '', 'content-length': 2, Host: '${host}' } }, (response) => resolve(response.statusCode));
         request.end('{}');`,
      ],
      [
        'https.request with a URL and options',
        `require('https').request(new URL('https://${host}${place}'), { method: 'PUT' }, (response) => resolve(response.statusCode)).end('{}');`,
      ],
      ['fetch', `fetch('https://${host}${place}', { method: 'PUT', body: '{}' }).then(({ status }) => resolve(status));`],
      [
        'fetch with a Request',
        `fetch(new Request('https://${host}${place}', { method: 'PUT', body: '{}' })).then(({ status }) => resolve(status));`,
      ],
    ])('is this endpoint: %s', async (_way, statement) => {
      expect(await run(`exports.handler = () => new Promise((resolve) => { ${statement} });`)).toBe(200);
      expect(received).toEqual([
        {
          method: 'PUT',
          url: `/_local/responses${place}`,
          headers: expect.objectContaining({ host: fixture.world.url.slice(7) }) as object,
          body: '{}',
        },
      ]);
    });

    test('is what AWS’s cfn-response module for inline code writes to', async () => {
      const source = `
        const response = require('cfn-response');
        exports.handler = (event, context) => response.send(event, context, response.SUCCESS, { Answer: 'größer' }, 'the-id', true);`;
      await fixture.deploy('fn', {}, { Code: { ZipFile: source } });
      const event = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l', ResponseURL: `https://${host}${place}` };
      const { functionError, logTail } = await fixture.invoke('fn', event);
      expect(functionError).toBeUndefined();
      expect(logTail).toContain('Status code: 200');
      expect(received[0]?.url).toBe(`/_local/responses${place}`);
      expect(JSON.parse(received[0]?.body ?? '')).toEqual({
        Status: 'SUCCESS',
        Reason: expect.stringMatching(/^See the details in CloudWatch Log Stream: 2026\/01\/01\//) as string,
        PhysicalResourceId: 'the-id',
        StackId: 's',
        RequestId: 'r',
        LogicalResourceId: 'l',
        NoEcho: true,
        Data: { Answer: 'größer' },
      });
    });
  });
});
