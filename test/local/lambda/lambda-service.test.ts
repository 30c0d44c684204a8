import { lambdaFixture, LambdaFixture } from './lambda-fixture';
import type { AwsRequest, AwsResponse } from '../../../local/server/service';
import { AwsError } from '../../../local/server/service';
import { awsRequest } from '../resources/aws-request';

describe('the Lambda API', () => {
  let fixture: LambdaFixture;
  beforeEach(async () => {
    fixture = lambdaFixture({ switches: { 'lambda.retryDelayMs': '0' } });
    await fixture.deploy('fn', {
      'index.js': 'exports.handler = async (event) => { console.log("ran"); if (event.fail) throw new Error("asked"); return event; };',
    });
  });
  afterEach(() => fixture.lambda.close());

  const send = async (request: Partial<AwsRequest>): Promise<AwsResponse> => {
    const [service] = fixture.lambda.services;
    if (service === undefined) throw new Error('no Lambda service');
    return service.handle(awsRequest({ service: 'lambda', region: 'eu-central-1', ...request }));
  };
  const invoke = (body: string, headers: Record<string, string> = {}, name = 'fn') =>
    send({ method: 'POST', path: `/2015-03-31/functions/${name}/invocations`, headers, body: Buffer.from(body) });

  test('invokes a function and gives its answer, its version and the end of its log', async () => {
    const { status, headers, body } = await invoke('{"a":1}', { 'x-amz-log-type': 'Tail' });
    expect({ status, body }).toEqual({ status: 200, body: '{"a":1}' });
    expect(headers).toMatchObject({ 'x-amz-executed-version': '$LATEST' });
    expect(headers).not.toHaveProperty('x-amz-function-error');
    expect(Buffer.from(headers?.['x-amz-log-result'] ?? '', 'base64').toString()).toMatch(/^START .*\tran\nEND .*\nREPORT /s);
  });

  test('answers a function’s error with status 200 and does not try again', async () => {
    const { status, headers, body } = await invoke('{"fail":true}');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'x-amz-function-error': 'Unhandled' });
    expect(JSON.parse(String(body))).toMatchObject({ errorType: 'Error', errorMessage: 'asked' });
    expect(fixture.log('/aws/lambda/fn').filter((line) => line.startsWith('START'))).toHaveLength(1);
  });

  test('takes an event and answers before the function has run', async () => {
    expect(await invoke('{}', { 'x-amz-invocation-type': 'Event' })).toMatchObject({ status: 202 });
    expect(fixture.log('/aws/lambda/fn')).not.toContainEqual(expect.stringMatching(/\tran$/));
  });

  test('only checks for a DryRun', async () => {
    expect(await invoke('{}', { 'x-amz-invocation-type': 'DryRun' })).toMatchObject({ status: 204 });
    expect(fixture.log('/aws/lambda/fn')).toEqual([]);
  });

  test('takes ARNs, percent-encoded', async () => {
    const arn = encodeURIComponent('arn:aws:lambda:eu-central-1:123456789012:function:fn');
    expect(await invoke('1', {}, arn)).toMatchObject({ status: 200, body: '1' });
  });

  test('describes a function', async () => {
    const { body } = await send({ method: 'GET', path: '/2015-03-31/functions/fn/configuration' });
    expect(JSON.parse(String(body))).toMatchObject({
      FunctionName: 'fn',
      FunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
      Runtime: 'nodejs22.x',
      Timeout: 10,
      State: 'Active',
      LoggingConfig: { LogGroup: '/aws/lambda/fn' },
    });
    const { body: whole } = await send({ method: 'GET', path: '/2015-03-31/functions/fn' });
    expect(JSON.parse(String(whole))).toMatchObject({ Configuration: { FunctionName: 'fn' } });
  });

  test.each([
    ['a function that is not there', 'POST', '/2015-03-31/functions/nobody/invocations', '{}', 404, 'ResourceNotFoundException'],
    ['a body that is not JSON', 'POST', '/2015-03-31/functions/fn/invocations', '{', 400, 'InvalidRequestContentException'],
    ['an operation that is not implemented', 'POST', '/2015-03-31/functions', '{}', 501, 'NotImplementedException'],
    ['a path that is not Lambda’s', 'GET', '/vaults', '', 404, 'UnknownOperationException'],
  ])('refuses %s', async (_what, method, path, body, status, code) => {
    expect(await send({ method, path, body: Buffer.from(body) })).toMatchObject({ status, headers: { 'x-amzn-errortype': code } });
  });

  test('holds a role to its permission to invoke', async () => {
    const asked: unknown[] = [];
    fixture.world.iam = {
      authorise: ({ action, resource }) => {
        asked.push({ action, resource });
        throw new AwsError('AccessDeniedException', 'not authorized', 403);
      },
    };
    const caller = {
      accountId: '123456789012',
      arn: 'arn:aws:sts::123456789012:assumed-role/w/s',
      roleArn: 'arn:aws:iam::123456789012:role/w',
    };
    const response = await send({ method: 'POST', path: '/2015-03-31/functions/fn/invocations', caller });
    expect(response).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
    expect(asked).toEqual([{ action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:eu-central-1:123456789012:function:fn' }]);
  });
});
