import { retain } from './fakes/policies';
import { MINUTE } from './fakes/virtual-clock';
import { ARN, OWNER, World } from './fakes/world';
import { parseRequest } from '../../lambda/cloudformation/request';
import { Hold } from '../../lambda/glacier/lock/decide';
import { holdOf, ObservedLock, startedByThisRequest } from '../../lambda/glacier/lock/observe';
import { LockIntent, LockRecord } from '../../lambda/glacier/lock/record';
import { LockDescription } from '../../lambda/glacier/services';
import { policyFingerprint } from '../../src/policy';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();
const lock: LockDescription = { state: 'InProgress', policy: retain('ledger', 9), creationDate: iso(NOW - 10 * MINUTE) };
const owner = `${OWNER}/Thing`;
const OTHER = 'other/uuid/Lock';

const record: LockRecord = { owner, lockId: 'id', lockCreationDate: lock.creationDate, delivery: 'd' };
const live: LockIntent = {
  owner,
  fingerprint: policyFingerprint(ARN('ledger'), lock.policy),
  startedAt: NOW - 10 * MINUTE,
  leaseUntil: NOW + MINUTE,
  claim: 'c',
  delivery: 'd',
};
const over = { ...live, leaseUntil: NOW - MINUTE };
const otherPolicy = { fingerprint: 'sha256:other' };

const request = parseRequest(new World().event({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties: {} }));
const hold = (seen: ObservedLock, own?: LockIntent): Hold => holdOf('ledger', seen, { request, intent: own, now: NOW });

describe('whose a lock in progress is', () => {
  test.each<[string, ObservedLock, Hold]>([
    ['nothing is remembered', {}, 'foreign'],
    ['its id is on record', { record }, 'known'],
    ['the record is of another lock', { record: { ...record, lockCreationDate: iso(NOW) } }, 'foreign'],
    ['its id is on another owner’s record', { record: { ...record, owner: OTHER } }, 'foreign'],
    ['an invocation that may still run is about to replace it', { record, intent: live }, 'busy'],
    ['an invocation that may still run has just made it', { intent: live }, 'busy'],
    ['one whose time is over has made it', { intent: over }, 'lost'],
    ['one whose time is over meant another policy', { intent: { ...over, ...otherPolicy } }, 'foreign'],
    ['one whose time is over began after it', { intent: { ...over, startedAt: NOW - 5 * MINUTE } }, 'foreign'],
    [
      '… but it was this resource’s lock that it was to replace',
      { intent: { ...over, ...otherPolicy, aborts: lock.creationDate } },
      'lost',
    ],
    ['another owner’s intent', { intent: { ...over, owner: OTHER } }, 'foreign'],
    ['another owner’s intent in force', { intent: { ...live, owner: OTHER } }, 'foreign'],
  ])('%s', (_given, remembered, expected) => {
    expect(hold({ lock, ...remembered })).toBe(expected);
  });

  test('one’s own intent is no reason to wait, even when another was written over it', () => {
    expect(hold({ lock, intent: { ...live, claim: 'of a duplicate' } }, live)).toBe('lost');
  });
});

describe('without a lock', () => {
  test.each<[string, ObservedLock, Hold]>([
    ['nothing is remembered', {}, 'foreign'],
    ['a record of an ended window', { record }, 'foreign'],
    ['somebody is about to initiate for this resource', { intent: live }, 'busy'],
    ['somebody was about to', { intent: over }, 'foreign'],
    ['another owner is about to', { intent: { ...live, owner: OTHER } }, 'foreign'],
  ])('%s', (_given, remembered, expected) => {
    expect(hold(remembered)).toBe(expected);
  });
});

describe('whether this very request started the window', () => {
  const mine = { delivery: request.delivery };
  const later = { ...lock, creationDate: iso(NOW + 5_000) };
  // The signature says only in which second it was made.
  const sameSecond = { ...lock, creationDate: iso(NOW + 999) };
  const nextSecond = { ...lock, creationDate: iso(NOW + 1_000) };
  const recordOf = ({ creationDate }: LockDescription) => ({ ...record, lockCreationDate: creationDate });
  test.each<[string, ObservedLock, boolean]>([
    ['no lock', {}, false],
    ['another delivery, before this request', { lock, record }, false],
    ['this delivery', { lock, record: { ...record, ...mine } }, true],
    ['this delivery, which died before the id was on record', { lock, intent: { ...over, ...mine } }, true],
    ['a lock made since this request was signed', { lock: later, record: { ...record, lockCreationDate: later.creationDate } }, true],
    ['another delivery, in the second of the signature', { lock: sameSecond, record: recordOf(sameSecond) }, false],
    ['this delivery, in the second of the signature', { lock: sameSecond, record: { ...recordOf(sameSecond), ...mine } }, true],
    ['a lock made a second after the signature', { lock: nextSecond, record: recordOf(nextSecond) }, true],
    ['this delivery started a former window', { lock, record: { ...record, ...mine, lockCreationDate: iso(0) } }, false],
  ])('%s', (_given, observed, expected) => {
    expect(startedByThisRequest(observed, request)).toBe(expected);
  });
});
