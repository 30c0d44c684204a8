import { parseRequest } from '../../lambda/cloudformation/request';
import { Hold } from '../../lambda/glacier/lock/decide';
import { holdOf } from '../../lambda/glacier/lock/observe';
import { LockDescription, LockRecord } from '../../lambda/glacier/services';
import { policyFingerprint } from '../../src/policy';
import { retain } from './fakes/policies';
import { MINUTE } from './fakes/virtual-clock';
import { ARN, OWNER, World } from './fakes/world';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();
const lock: LockDescription = { state: 'InProgress', policy: retain('ledger', 9), creationDate: iso(NOW - 10 * MINUTE) };

const finished: LockRecord = {
  owner: `${OWNER}/Thing`,
  fingerprint: policyFingerprint(ARN('ledger'), lock.policy),
  startedAt: NOW - 10 * MINUTE,
  claim: 'theirs',
  delivery: 'd',
  lockId: 'id',
  lockCreationDate: lock.creationDate,
};
const { lockId, lockCreationDate, ...bare } = finished;
const live: LockRecord = { ...bare, leaseUntil: NOW + MINUTE };
const over: LockRecord = { ...bare, leaseUntil: NOW - MINUTE };

function hold(type: 'Create' | 'Delete', seen: LockDescription | undefined, record?: LockRecord, mine = false): Hold {
  const request = parseRequest(new World().event({ type, resource: 'GLACIER_VAULT_LOCK', properties: {} }));
  return holdOf(
    'ledger',
    { lock: seen, record: record && { record, version: 4 } },
    { request, claim: 'theirs', holding: mine ? 4 : 3, now: NOW },
  );
}

describe('whose a lock in progress is', () => {
  test.each<[string, LockRecord | undefined, Hold]>([
    ['no record', undefined, 'foreign'],
    ['a record of its id', finished, 'known'],
    ['a record of another lock', { ...finished, lockCreationDate: iso(NOW) }, 'foreign'],
    ['another owner’s record of its id', { ...finished, owner: 'other/uuid/Lock' }, 'foreign'],
    ['the intent of an invocation that may still run', live, 'busy'],
    ['the intent of one whose time is over', over, 'lost'],
    ['… who meant another policy', { ...over, fingerprint: 'sha256:other' }, 'foreign'],
    ['… who began after the lock was there', { ...over, startedAt: NOW - 5 * MINUTE }, 'foreign'],
    ['… who was about to abort it, its id still known', { ...over, fingerprint: 'sha256:other', lockId, lockCreationDate }, 'known'],
    ['… who was about to abort it, its id lost before', { ...over, fingerprint: 'sha256:other', lockCreationDate }, 'lost'],
  ])('%s', (_given, record, expected) => {
    expect(hold('Create', lock, record)).toBe(expected);
  });

  test('an invocation’s own intent is no reason to wait for itself', () => {
    expect(hold('Create', lock, live, true)).toBe('lost');
  });
});

describe('without a lock', () => {
  test.each<[string, 'Create' | 'Delete', LockRecord | undefined, Hold]>([
    ['nobody is there', 'Create', undefined, 'foreign'],
    ['a duplicate is about to initiate', 'Create', live, 'busy'],
    ['another stack is about to initiate', 'Create', { ...live, owner: 'other/uuid/Lock' }, 'busy'],
    ['another stack’s business does not concern a Delete', 'Delete', { ...live, owner: 'other/uuid/Lock' }, 'foreign'],
    ['a Delete waits for its own Create', 'Delete', live, 'busy'],
    ['an old record is no obstacle', 'Create', finished, 'foreign'],
  ])('%s', (_given, type, record, expected) => {
    expect(hold(type, undefined, record)).toBe(expected);
  });
});
