import { lambdaFixture, LambdaFixture, REGION } from './lambda-fixture';
import { LogStore } from '../../../local/logs/log-store';
import { resourceTypes } from '../../../local/resources';
import { resourceScope } from '../resources/resource-scope';

describe('an invocation', () => {
  let fixture: LambdaFixture;
  beforeEach(() => (fixture = lambdaFixture({ switches: { 'lambda.retryDelayMs': '0', 'lambda.concurrency': '2' } })));
  afterEach(() => fixture.lambda.close());

  const retryAttempts = async (name: string, attempts: number) => {
    const type = resourceTypes(fixture.world).get('AWS::Lambda::EventInvokeConfig');
    const properties = { FunctionName: name, Qualifier: '$LATEST', MaximumRetryAttempts: attempts };
    await type?.create(properties, resourceScope(fixture.world, 'Config', 'AWS::Lambda::EventInvokeConfig'));
  };
  const starts = (name: string) => fixture.log(`/aws/lambda/${name}`).filter((line) => line.startsWith('START'));

  test('writes its console output into the log group, one event per message, between Lambda’s own lines', async () => {
    const source = `exports.handler = async () => {
      console.log('two\\nlines'); console.error('an error %d', 5); process.stdout.write('raw output\\n');
    };`;
    await fixture.deploy('fn', { 'index.js': source });
    await fixture.invoke('fn');
    const log = fixture.log('/aws/lambda/fn');
    const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(log[0] ?? '')?.[1] ?? '';
    expect(id).toHaveLength(36);
    expect(log.slice(1)).toEqual([
      expect.stringMatching(new RegExp(`^\\d{4}-.*Z\t${id}\tINFO\ttwo\nlines$`)),
      expect.stringMatching(new RegExp(`^\\d{4}-.*Z\t${id}\tERROR\tan error 5$`)),
      'raw output',
      `END RequestId: ${id}`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB`,
        ),
      ),
    ]);
  });

  test('bears the endpoint’s time in its log and goes to the log group that the function names', async () => {
    await fixture.world.clock.advance(3_600_000);
    await fixture.deploy('fn', { 'index.js': 'exports.handler = async () => 1;' }, { LoggingConfig: { LogGroup: '/vaults/handler' } });
    await fixture.invoke('fn');
    const [stream] = Object.values(new LogStore(fixture.world).get(REGION, '/vaults/handler').streams);
    expect(stream?.events.map(({ timestamp }) => new Date(timestamp).toISOString())).toEqual(Array(3).fill('2026-01-01T01:00:00.000Z'));
  });

  test('loses nothing of a large answer and a large log line', async () => {
    await fixture.deploy('fn', {
      'index.js': "exports.handler = async () => { console.log('y'.repeat(300000)); return 'x'.repeat(2000000); };",
    });
    const { payload } = await fixture.invoke('fn');
    expect(payload).toBe('x'.repeat(2_000_000));
    expect(fixture.log('/aws/lambda/fn')[1]).toHaveLength(300_000 + '2026-01-01T00:00:00.000Z\t'.length + 37 + 'INFO\t'.length);
  });

  test('that takes longer than the function’s timeout is killed, with everything it has started', async () => {
    await fixture.deploy(
      'fn',
      {
        'index.js':
          "exports.handler = () => { require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); return new Promise(() => setInterval(() => {}, 1000)); };",
      },
      { Timeout: 1 },
    );
    await retryAttempts('fn', 0);
    const started = performance.now();
    const { functionError, payload, logTail } = await fixture.invoke('fn');
    expect(performance.now() - started).toBeLessThan(5000);
    expect(functionError).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/) as string,
    });
    expect(logTail).toMatch(/Task timed out after 1\.00 seconds\nEND RequestId/);
  });

  test('that fails is tried twice more with the same request id, and the last result counts', async () => {
    const source = `const marker = process.env.HOME + '/tries';
      exports.handler = async () => {
        const fs = require('fs');
        fs.appendFileSync(marker, '.');
        if (fs.readFileSync(marker, 'utf8').length < 3) throw new Error('not yet');
        return 'third time';
      };`;
    await fixture.deploy('fn', { 'index.js': source });
    const { functionError, payload } = await fixture.invoke('fn');
    expect({ functionError, payload }).toEqual({ functionError: undefined, payload: 'third time' });
    expect(starts('fn')).toHaveLength(3);
    expect(new Set(starts('fn')).size).toBe(1);
  });

  test('that fails is not tried again if the function says so', async () => {
    await fixture.deploy('fn', { 'index.js': "exports.handler = async () => { throw new Error('once'); };" });
    await retryAttempts('fn', 0);
    expect((await fixture.invoke('fn')).payload).toMatchObject({ errorMessage: 'once' });
    expect(starts('fn')).toHaveLength(1);
  });

  test('is killed by the fault `lambda kill`, and its retry answers', async () => {
    fixture.world.gate.setFaults([{ service: 'lambda', operation: 'kill', delayMs: 20 }]);
    await fixture.deploy('fn', { 'index.js': "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 150, 'survived'));" });
    expect((await fixture.invoke('fn')).payload).toBe('survived');
    expect(fixture.log('/aws/lambda/fn')).toContainEqual(expect.stringMatching(/Runtime exited with error: signal: killed$/));
    expect(starts('fn')).toHaveLength(2);
  });

  test('waits while as many run as the switch `lambda.concurrency` allows', async () => {
    const source = `exports.handler = async () => {
      const from = performance.timeOrigin + performance.now();
      await new Promise((resolve) => setTimeout(resolve, 150));
      return [from, performance.timeOrigin + performance.now()];
    };`;
    await fixture.deploy('fn', { 'index.js': source });
    const spans = (await Promise.all([1, 2, 3, 4].map(() => fixture.invoke('fn')))).map(({ payload }) => payload as [number, number]);
    const atOnce = spans.map(([from]) => spans.filter(([start, end]) => start <= from && from < end).length);
    expect(Math.max(...atOnce)).toBe(2);
  });

  test('never starts while the function’s reserved concurrency is 0', async () => {
    await fixture.deploy('fn', { 'index.js': 'exports.handler = async () => 1;' }, { ReservedConcurrentExecutions: 0 });
    expect((await fixture.invoke('fn')).payload).toMatchObject({ errorType: 'TooManyRequestsException' });
    expect(starts('fn')).toHaveLength(0);
  });

  test('of code that is no zip file is a function error', async () => {
    await fixture.deploy('fn', { 'index.js': '' });
    const { functions } = fixture.world.state.slice<{
      functions: Record<string, Record<string, { configuration: { code: { blob: string } } }>>;
    }>('lambda', () => ({
      functions: {},
    }));
    fixture.world.state.blobs.put(functions[REGION]?.fn?.configuration.code.blob ?? '', Buffer.from('no zip'));
    expect((await fixture.invoke('fn')).payload).toMatchObject({ errorType: 'Runtime.InvalidCode', errorMessage: 'invalid zip data' });
  });

  test('of a function that does not exist is refused', async () => {
    await expect(fixture.invoke('nobody')).rejects.toThrow('Function not found: arn:aws:lambda:eu-central-1:123456789012:function:nobody');
  });

  test('by a version’s or an alias’s ARN runs the code of that version', async () => {
    const types = resourceTypes(fixture.world);
    const create = (type: string, properties: Record<string, string>) =>
      types.get(type)?.create(properties, resourceScope(fixture.world, 'Part', type));
    await fixture.deploy('fn', { 'index.js': "exports.handler = async (e, context) => ['first', context.invokedFunctionArn];" });
    await create('AWS::Lambda::Version', { FunctionName: 'fn' });
    await create('AWS::Lambda::Alias', { FunctionName: 'fn', Name: 'live', FunctionVersion: '1' });
    const same = { FunctionName: 'fn', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::123456789012:role/worker' };
    const second = { ...same, Code: { ZipFile: "exports.handler = async () => 'second';" } };
    await types.get('AWS::Lambda::Function')?.update('fn', second, same, resourceScope(fixture.world, 'fn', 'AWS::Lambda::Function'));
    const live = 'arn:aws:lambda:eu-central-1:123456789012:function:fn:live';
    expect((await fixture.invoke('fn')).payload).toBe('second');
    expect((await fixture.invoke(live)).payload).toEqual(['first', live]);
    expect((await fixture.invoke('fn:1')).payload).toEqual(['first', 'arn:aws:lambda:eu-central-1:123456789012:function:fn:1']);
  });
});
