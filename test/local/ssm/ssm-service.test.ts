import { AwsError } from '../../../local/server/service';
import { createSsm, Ssm } from '../../../local/ssm';
import { awsRequest, ROLE_CALLER } from '../resources/aws-request';
import { testWorld, TestWorld } from '../test-world';

describe('Parameter Store', () => {
  let world: TestWorld;
  let ssm: Ssm;
  beforeEach(() => {
    world = testWorld();
    ssm = createSsm(world);
  });

  const call = async (operation: string, input: object, request = {}) => {
    const [service] = ssm.services;
    const sent = awsRequest({
      headers: { 'x-amz-target': `AmazonSSM.${operation}` },
      body: Buffer.from(JSON.stringify(input)),
      ...request,
    });
    const response = await service?.handle(sent);
    return { status: response?.status, body: JSON.parse(String(response?.body)) as Record<string, unknown> };
  };

  test('versions count from 1, and only with Overwrite', async () => {
    const put = { Name: '/ledger/lock-id', Type: 'String', Value: 'one' };
    expect(await call('PutParameter', put)).toEqual({ status: 200, body: { Version: 1, Tier: 'Standard' } });
    expect(await call('PutParameter', { ...put, Value: 'two' })).toEqual({
      status: 400,
      body: {
        __type: 'ParameterAlreadyExists',
        message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      },
    });
    expect(ssm.ssmValue('/ledger/lock-id', 'eu-central-1')).toBe('one');
    expect(await call('PutParameter', { Name: '/ledger/lock-id', Value: 'two', Overwrite: true })).toMatchObject({ body: { Version: 2 } });
    expect((await call('GetParameter', { Name: '/ledger/lock-id' })).body).toEqual({
      Parameter: {
        Name: '/ledger/lock-id',
        Type: 'String',
        Value: 'two',
        Version: 2,
        LastModifiedDate: Date.parse('2026-01-01T00:00:00Z') / 1000,
        ARN: 'arn:aws:ssm:eu-central-1:123456789012:parameter/ledger/lock-id',
        DataType: 'text',
      },
    });
  });

  test('a parameter belongs to one region and can be deleted once', async () => {
    await call('PutParameter', { Name: 'plain', Type: 'String', Value: 'x' });
    expect(await call('GetParameter', { Name: 'plain' }, { region: 'us-east-1' })).toMatchObject({
      status: 400,
      body: { __type: 'ParameterNotFound' },
    });
    expect(await call('DeleteParameter', { Name: 'plain' })).toEqual({ status: 200, body: {} });
    expect(await call('DeleteParameter', { Name: 'plain' })).toMatchObject({ status: 400, body: { __type: 'ParameterNotFound' } });
  });

  test('the account looks bootstrapped until somebody says otherwise', async () => {
    const name = '/cdk-bootstrap/hnb659fds/version';
    expect((await call('GetParameter', { Name: name, WithDecryption: true })).body).toMatchObject({ Parameter: { Value: '33' } });
    await call('PutParameter', { Name: name, Type: 'String', Value: '5' });
    expect(ssm.ssmValue(name, 'eu-central-1')).toBe('5');
  });

  test('lists of names and paths', async () => {
    for (const name of ['/a/x', '/a/y', '/a/b/z', '/ab']) await call('PutParameter', { Name: name, Type: 'String', Value: name });
    const names = (body: Record<string, unknown>) => (body.Parameters as { Name: string }[]).map(({ Name }) => Name);
    const several = (await call('GetParameters', { Names: ['/a/x', '/none'] })).body;
    expect([names(several), several.InvalidParameters]).toEqual([['/a/x'], ['/none']]);
    expect(names((await call('GetParametersByPath', { Path: '/a' })).body)).toEqual(['/a/x', '/a/y']);
    expect(names((await call('GetParametersByPath', { Path: '/a/', Recursive: true })).body)).toEqual(['/a/b/z', '/a/x', '/a/y']);
  });

  test('a secret is not given away without decryption', async () => {
    await call('PutParameter', { Name: 's', Type: 'SecureString', Value: 'open sesame' });
    expect((await call('GetParameter', { Name: 's' })).body).not.toMatchObject({ Parameter: { Value: 'open sesame' } });
    expect((await call('GetParameter', { Name: 's', WithDecryption: true })).body).toMatchObject({ Parameter: { Value: 'open sesame' } });
  });

  test.each([
    ['a name with a space', { Name: 'a b', Type: 'String', Value: 'x' }, 'can only contain letters, numbers and the symbols .-_/'],
    ['a reserved name', { Name: '/aws/x', Type: 'String', Value: 'x' }, 'prefixed with "ssm" or "aws"'],
    ['no type', { Name: 'x', Value: 'x' }, 'A parameter type is required'],
    ['another type', { Name: 'x', Type: 'Number', Value: 'x' }, "Value 'Number' at 'type'"],
    ['no value', { Name: 'x', Type: 'String', Value: '' }, 'length greater than or equal to 1'],
    ['4,097 bytes', { Name: 'x', Type: 'String', Value: 'é'.repeat(2048) + 'x' }, 'maximum parameter value of 4096'],
  ])('refuses %s', async (_what, input, message) => {
    const { status, body } = await call('PutParameter', input);
    expect({ status, type: body.__type }).toEqual({ status: 400, type: 'ValidationException' });
    expect(body.message).toContain(message);
    expect(ssm.ssmValue(input.Name, 'eu-central-1')).toBeUndefined();
  });

  test('a role is held to its permissions, by an ARN with one slash before the name', async () => {
    const asked: string[] = [];
    world.iam = {
      authorise: ({ action, resource }) => {
        asked.push(`${action} ${resource}`);
        throw new AwsError('AccessDeniedException', 'not authorized', 403);
      },
    };
    const put = { Name: '/ledger/lock-id', Type: 'String', Value: 'x' };
    expect(await call('PutParameter', put, { caller: ROLE_CALLER })).toEqual({
      status: 403,
      body: { __type: 'AccessDeniedException', message: 'not authorized' },
    });
    await call('GetParameter', { Name: 'plain' }, { caller: ROLE_CALLER });
    expect(asked).toEqual([
      'ssm:PutParameter arn:aws:ssm:eu-central-1:123456789012:parameter/ledger/lock-id',
      'ssm:GetParameter arn:aws:ssm:eu-central-1:123456789012:parameter/plain',
    ]);
    expect(ssm.ssmValue('/ledger/lock-id', 'eu-central-1')).toBeUndefined();
  });

  test('unknown operations and broken bodies are refused at once', async () => {
    expect(await call('StartAutomationExecution', {})).toEqual({
      status: 400,
      body: {
        __type: 'UnknownOperationException',
        message: 'AmazonSSM.StartAutomationExecution is not implemented by the local endpoint.',
      },
    });
    expect(await call('GetParameter', {}, { body: Buffer.from('{') })).toMatchObject({
      status: 400,
      body: { __type: 'SerializationException' },
    });
    expect(await call('toString', {})).toMatchObject({ status: 400, body: { __type: 'UnknownOperationException' } });
  });
});
