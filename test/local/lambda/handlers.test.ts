import { lambdaFixture, LambdaFixture } from './lambda-fixture';

/** What a handler may look like: each is run as real code in a child process. */
describe('a handler', () => {
  let fixture: LambdaFixture;
  beforeEach(() => (fixture = lambdaFixture({ switches: { 'lambda.retryDelayMs': '0' } })));
  afterEach(() => fixture.lambda.close());

  const run = async (files: Record<string, string>, properties = {}) => {
    await fixture.deploy('fn', files, properties);
    return fixture.invoke('fn', { question: 42 });
  };

  test('is an async function in CommonJS and gets the event and Lambda’s context', async () => {
    const source = `exports.handler = async (event, context) => ({
      event,
      functionName: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
      logGroup: context.logGroupName, logStream: context.logStreamName, version: context.functionVersion,
      requestIdLength: context.awsRequestId.length, remaining: context.getRemainingTimeInMillis(),
    });`;
    const { payload, functionError } = await run({ 'index.js': source });
    expect(functionError).toBeUndefined();
    expect(payload).toEqual({
      event: { question: 42 },
      functionName: 'fn',
      arn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
      memory: '128',
      logGroup: '/aws/lambda/fn',
      logStream: expect.stringMatching(/^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/) as string,
      version: '$LATEST',
      requestIdLength: 36,
      remaining: expect.any(Number) as number,
    });
    const { remaining } = payload as { remaining: number };
    expect(remaining).toBeGreaterThan(5000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  test('is an ES module in a folder, with imports of its own', async () => {
    const files = {
      'lib/answer.mjs': 'export const answer = (q) => q + 1;',
      'src/main.mjs': "import { answer } from '../lib/answer.mjs'; export const run = async ({ question }) => answer(question);",
    };
    expect((await run(files, { Handler: 'src/main.run' })).payload).toBe(43);
  });

  test('is an ES module by its package.json', async () => {
    const files = { 'package.json': '{"type":"module"}', 'index.js': 'await null; export const handler = async () => "module";' };
    expect((await run(files)).payload).toBe('module');
  });

  test('calls back, and its answer waits for what is still going on', async () => {
    const source = `exports.handler = (event, context, callback) => {
      callback(null, 'early');
      setTimeout(() => console.log('still done'), 30);
    };`;
    const { payload, logTail } = await run({ 'index.js': source });
    expect(payload).toBe('early');
    expect(logTail).toContain('still done');
  });

  test('calls back and does not wait if it says so', async () => {
    const source = `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => console.log('never done'), 5000);
      callback(null, 'early');
    };`;
    const { payload, logTail } = await run({ 'index.js': source });
    expect(payload).toBe('early');
    expect(logTail).not.toContain('never done');
  });

  test('is frozen once it has answered', async () => {
    const source = `exports.handler = async () => { setTimeout(() => console.log('thawed'), 1); return 'frozen'; };`;
    const { payload, logTail } = await run({ 'index.js': source });
    expect(payload).toBe('frozen');
    expect(logTail).not.toContain('thawed');
  });

  test.each([
    ['nodejs22.x', null],
    ['nodejs24.x', 'returned'],
  ])('that returns without a promise on %s answers %j', async (runtime, expected) => {
    expect((await run({ 'index.js': "exports.handler = () => 'returned';" }, { Runtime: runtime })).payload).toBe(expected);
  });

  test('with a callback is refused on nodejs24.x, as the runtime does', async () => {
    const { functionError, payload } = await run(
      { 'index.js': 'exports.handler = (e, c, callback) => callback();' },
      { Runtime: 'nodejs24.x' },
    );
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });

  test.each([
    ['rejects', "exports.handler = async () => { throw new TypeError('no such vault'); };", 'TypeError', 'no such vault'],
    ['throws', "exports.handler = () => { throw new RangeError('too far'); };", 'RangeError', 'too far'],
    ['calls back with an error', "exports.handler = (e, c, callback) => callback(new Error('called back'));", 'Error', 'called back'],
    ['throws a string', "exports.handler = async () => { throw 'plain'; };", 'string', 'plain'],
    ['throws later', "exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('later'); }, 1));", 'Error', 'later'],
    [
      'forgets a promise',
      "exports.handler = () => new Promise(() => { Promise.reject(new Error('forgotten')); });",
      'Runtime.UnhandledPromiseRejection',
      'Error: forgotten',
    ],
    ['fails to load', "throw new Error('at load'); exports.handler = 1;", 'Error', 'at load'],
    ['is not exported', 'exports.other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['has a syntax error', 'exports.handler = (', 'Runtime.UserCodeSyntaxError', 'SyntaxError: Unexpected end of input'],
  ])('that %s is a function error', async (_what, source, errorType, errorMessage) => {
    await fixture.deploy('fn', { 'index.js': source });
    const { functionError, payload } = await fixture.invoke('fn');
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType, errorMessage });
  });

  test('that needs a module which is not in its zip fails, whatever this project has installed', async () => {
    const { payload } = await run({ 'index.js': "require('fflate'); exports.handler = async () => 1;" });
    expect(payload).toMatchObject({ errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining("'fflate'") as string });
  });

  test('that needs an SDK client which this machine does not have is told where to put it', async () => {
    const { payload } = await run({ 'index.js': "require('@aws-sdk/client-sfn'); exports.handler = async () => 1;" });
    expect(payload).toMatchObject({
      errorMessage: expect.stringContaining('run npm install --no-save @aws-sdk/client-sfn there') as string,
    });
  });

  test('that ends the process has not answered', async () => {
    const { functionError, payload, logTail } = await run({
      'index.js': "exports.handler = async () => { console.log('bye'); process.exit(3); };",
    });
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) as string });
    expect(logTail).toContain('bye');
  });

  test('in Python is refused in clear words', async () => {
    const { functionError, payload } = await run({ 'index.py': 'def handler(): pass' }, { Runtime: 'python3.13' });
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorMessage: 'runtime python3.13 is not run by the local endpoint' });
  });
});
