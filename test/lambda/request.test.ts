import { OWNER, STACK_ID, World } from './fakes/world';
import { ownerOf, parseStackId } from '../../lambda/cloudformation/owner';
import { parseRequest, signedAt } from '../../lambda/cloudformation/request';
import { phaseOf } from '../../lambda/cloudformation/stack-phase';

describe('who a request is from', () => {
  test('owner, partition, region and account come from the stack id', () => {
    const stack = parseStackId('arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/archive/uuid-1');
    expect(stack).toMatchObject({ partition: 'aws-cn', region: 'cn-north-1', account: '123456789012', name: 'archive', uuid: 'uuid-1' });
    expect(ownerOf(parseStackId(STACK_ID), 'Ledger')).toBe(`${OWNER}/Ledger`);
  });

  test('an owner fits into a tag value, with `adopted/` before it, and two long logical ids stay two', () => {
    const stack = parseStackId(
      `arn:aws:cloudformation:eu-west-1:123456789012:stack/${'s'.repeat(128)}/0a1b2c3d-0000-1111-2222-333344445555`,
    );
    const [a, b] = ['A', 'B'].map((end) => ownerOf(stack, 'L'.repeat(254) + end));
    expect(a?.length).toBeLessThanOrEqual(247);
    expect(a).not.toBe(b);
  });

  test('something that is no stack is refused', () => {
    expect(() => parseStackId('arn:aws:s3:::bucket')).toThrow('StackId');
  });

  test('one event has one delivery mark, however often it comes; another has another, although its RequestId may be the same', () => {
    const world = new World();
    const event = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: {} });
    const retried = { ...world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties: {} }), RequestId: event.RequestId };
    expect(parseRequest(event).delivery).toBe(parseRequest({ ...event }).delivery);
    expect(parseRequest(event).delivery).not.toBe(parseRequest(retried).delivery);
    expect(JSON.stringify(parseRequest(event))).not.toContain('very-secret');
  });
});

test.each([
  ['version 4', 'https://b.s3.amazonaws.com/k?X-Amz-Date=20260301T120000Z&X-Amz-Expires=7200', Date.UTC(2026, 2, 1, 12)],
  [
    'version 2, as recorded',
    'https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Expires=1458241868&Signature=s',
    Date.UTC(2016, 2, 17, 17, 11, 8),
  ],
  ['none', 'http://127.0.0.1:1/answer', undefined],
])('the time of signing, signature %s', (_version, url, expected) => {
  expect(signedAt(url)).toBe(expected);
});

describe('what the stack is doing', () => {
  const at = Date.parse('2026-03-01T12:00:00Z');
  test.each([
    ['CREATE_IN_PROGRESS', 'forward'],
    ['UPDATE_IN_PROGRESS', 'forward'],
    ['ROLLBACK_IN_PROGRESS', 'rollback'],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'rollback'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'over'],
    ['UPDATE_COMPLETE', 'over'],
    ['UPDATE_ROLLBACK_FAILED', 'over'],
    ['DELETE_IN_PROGRESS', 'over'],
    ['DELETE_COMPLETE', 'over'],
    ['SOME_NEW_STATUS', 'over'],
  ])('%s: %s', (status, phase) => {
    expect(phaseOf({ status }, { signedAt: at })).toBe(phase);
  });

  test('a request that was signed before the running update is late', () => {
    const stack = { status: 'UPDATE_IN_PROGRESS', lastUpdated: '2026-03-01T12:00:00.900Z' };
    expect(phaseOf(stack, { signedAt: at })).toBe('forward');
    expect(phaseOf(stack, { signedAt: at - 60_000 })).toBe('over');
    expect(phaseOf(stack, { signedAt: undefined })).toBe('forward');
  });

  test('no stack, no phase', () => {
    expect(phaseOf(undefined, { signedAt: at })).toBe('over');
  });
});
