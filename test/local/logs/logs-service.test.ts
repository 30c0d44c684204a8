import { createLogs } from '../../../local/logs';
import { messageFilter } from '../../../local/logs/filter-pattern';
import { LogStore } from '../../../local/logs/log-store';
import { awsRequest } from '../resources/aws-request';
import { testWorld, TestWorld } from '../test-world';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('CloudWatch Logs', () => {
  let world: TestWorld;
  beforeEach(() => (world = testWorld()));

  const call = async (operation: string, input: object, target = 'Logs_20140328') => {
    const service = createLogs(world).services.find(({ names }) => names.includes(target === 'Logs_20140328' ? 'logs' : 'cloudtrail'));
    const request = awsRequest({ headers: { 'x-amz-target': `${target}.${operation}` }, body: Buffer.from(JSON.stringify(input)) });
    const response = await service?.handle(request);
    return { status: response?.status, body: JSON.parse(String(response?.body)) as Record<string, unknown> };
  };
  const write = (...messages: string[]) =>
    messages.forEach((message, index) =>
      new LogStore(world).sink('eu-central-1').append('/aws/lambda/fn', `stream-${index % 2}`, NOW + index, message),
    );
  const filter = async (input: object) =>
    ((await call('FilterLogEvents', { logGroupName: '/aws/lambda/fn', ...input })).body.events as { message: string }[]).map(
      ({ message }) => message,
    );

  test('a function’s lines can be read across streams, in order of time', async () => {
    write('START', 'boom from handler', 'END');
    expect(await filter({})).toEqual(['START', 'boom from handler', 'END']);
    expect(await filter({ startTime: NOW + 1 })).toEqual(['boom from handler', 'END']);
    expect(await filter({ endTime: NOW })).toEqual(['START']);
    expect(await filter({ filterPattern: '"from handler"' })).toEqual(['boom from handler']);
    expect(await filter({ logStreamNames: ['stream-1'] })).toEqual(['boom from handler']);
    expect(await filter({ limit: 1 })).toEqual(['START']);
  });

  test('groups are made, found, given a retention and deleted', async () => {
    expect(await call('CreateLogGroup', { logGroupName: 'g', tags: { team: 'records' } })).toEqual({ status: 200, body: {} });
    expect(await call('CreateLogGroup', { logGroupName: 'g' })).toMatchObject({
      status: 400,
      body: { __type: 'ResourceAlreadyExistsException' },
    });
    await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 30 });
    expect((await call('DescribeLogGroups', { logGroupNamePrefix: 'g' })).body).toMatchObject({
      logGroups: [{ logGroupName: 'g', retentionInDays: 30, arn: 'arn:aws:logs:eu-central-1:123456789012:log-group:g:*' }],
    });
    const resourceArn = 'arn:aws:logs:eu-central-1:123456789012:log-group:g';
    expect((await call('ListTagsForResource', { resourceArn })).body).toEqual({ tags: { team: 'records' } });
    await call('DeleteLogGroup', { logGroupName: 'g' });
    expect(await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 30 })).toEqual({
      status: 400,
      body: { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
    });
  });

  test('a retention that CloudWatch does not offer is refused', async () => {
    await call('CreateLogGroup', { logGroupName: 'g' });
    expect(await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 31 })).toMatchObject({ status: 400 });
  });

  test('streams and their events', async () => {
    write('one', 'two');
    expect(await call('GetLogEvents', { logGroupName: '/aws/lambda/fn', logStreamName: 'stream-0' })).toMatchObject({
      body: { events: [{ message: 'one' }] },
    });
    expect((await call('GetLogEvents', { logGroupName: '/aws/lambda/fn', logStreamName: 'none' })).body).toEqual({
      __type: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    const { body } = await call('DescribeLogStreams', { logGroupName: '/aws/lambda/fn', orderBy: 'LastEventTime', descending: true });
    expect((body.logStreams as { logStreamName: string }[]).map(({ logStreamName }) => logStreamName)).toEqual(['stream-1', 'stream-0']);
  });

  test('the logs stay small: old events and old streams are dropped', () => {
    const store = new LogStore(world);
    for (let line = 0; line < 2100; line += 1) store.append('eu-central-1', 'g', 's', NOW, String(line));
    expect(store.get('eu-central-1', 'g').streams.s?.events[0]?.message).toBe('100');
    for (let stream = 0; stream < 105; stream += 1) store.append('eu-central-1', 'g', `t${stream}`, NOW, 'x');
    expect(Object.keys(store.get('eu-central-1', 'g').streams)).toHaveLength(100);
    expect(store.get('eu-central-1', 'g').streams.s).toBeUndefined();
  });

  test('CloudTrail has no events', async () => {
    expect(await call('LookupEvents', {}, 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101')).toEqual({
      status: 200,
      body: { Events: [] },
    });
  });
});

describe('a filter pattern', () => {
  test.each([
    ['ERROR vault', 'ERROR no vault', true],
    ['ERROR vault', 'ERROR no lock', false],
    ['"no vault"', 'vault no', false],
    ['?ERROR ?WARN', 'a WARN line', true],
    ['?ERROR ?WARN', 'an INFO line', false],
    ['vault -denied', 'vault denied', false],
    ['', 'anything', true],
  ])('%s on "%s": %s', (pattern, message, expected) => {
    expect(messageFilter(pattern)(message)).toBe(expected);
  });

  test('in JSON form is refused rather than misread', () => {
    expect(() => messageFilter('{ $.level = "ERROR" }')).toThrow('is not run by the local endpoint');
  });
});
