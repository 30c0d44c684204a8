import {
  ACCOUNT,
  EVERYONE_ACCESS,
  INITIATE_SAMPLE,
  LEGAL_HOLD,
  OWNER_ACCESS,
  RETAIN_ONE_YEAR,
  TIME_BASED_DELETES,
  VAULT,
} from './published-policies';
import { Decision, evaluate, parsePolicy, PolicySet, Principal, RequestContext } from '../../src/policy';

const OTHER_ACCOUNT = '210987654321';
const OWNER_999 = '999999999999';
const VAULT_999 = `arn:aws:glacier:us-west-2:${OWNER_999}:vaults/examplevault`;

type Row = [what: string, principal: Principal, identity: PolicySet['identity'], context: RequestContext, expected: Decision['decision']];

const role = (accountId: string): Principal => ({ kind: 'aws', arn: `arn:aws:iam::${accountId}:role/app`, accountId });
const rootUser: Principal = { kind: 'aws', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };
const session: Principal = {
  kind: 'aws',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/app/nightly`,
  accountId: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/app`,
};
const age = (days: number, tags: RequestContext = {}): RequestContext => ({ 'glacier:ArchiveAgeInDays': String(days), ...tags });
const hold = (value: string): RequestContext => ({ 'glacier:ResourceTag/LegalHold': value });

function decide(policies: readonly string[], [, principal, identity, context]: Row, resource = VAULT, owner = ACCOUNT): string {
  const request = { action: 'glacier:DeleteArchive', resource, principal, resourceAccount: owner, context };
  const decision = evaluate(request, { identity, resource: policies.map((text) => parsePolicy(text, { requirePrincipal: true })) });
  expect(decision.unsupported).toEqual([]);
  return decision.decision;
}

describe('the guide’s lock policy "deny deletion for a year" (example 1)', () => {
  test.each<Row>([
    ['an administrator, 100 days', role(ACCOUNT), 'administrator', age(100), 'explicitDeny'],
    ['an administrator, 364 days', role(ACCOUNT), 'administrator', age(364), 'explicitDeny'],
    ['an administrator, 365 days', role(ACCOUNT), 'administrator', age(365), 'allow'],
    ['a role without policies, 400 days', role(ACCOUNT), [], age(400), 'implicitDeny'],
    ['an administrator, age not in the request', role(ACCOUNT), 'administrator', {}, 'allow'],
    ['the account’s root user, 1 day', rootUser, [], age(1), 'explicitDeny'],
    ['the account’s root user, 400 days', rootUser, [], age(400), 'allow'],
    ['a session of a role, 1 day', session, 'administrator', age(1), 'explicitDeny'],
  ])('%s', (...row) => {
    expect(decide([RETAIN_ONE_YEAR], row)).toBe(row[4]);
  });
});

describe('the guide’s lock policy "legal hold" (example 2)', () => {
  test.each<Row>([
    ['held by "true"', role(ACCOUNT), 'administrator', age(100, hold('true')), 'explicitDeny'],
    ['held by an empty tag', role(ACCOUNT), 'administrator', age(100, hold('')), 'explicitDeny'],
    ['"True" does not hold: values have a case', role(ACCOUNT), 'administrator', age(100, hold('True')), 'allow'],
    ['no tag, no identity policy: the inverted Allow lets young archives go', role(ACCOUNT), [], age(100), 'allow'],
    ['"false", 400 days, no identity policy', role(ACCOUNT), [], age(400, hold('false')), 'implicitDeny'],
    ['another account’s administrator, 100 days', role(OTHER_ACCOUNT), 'administrator', age(100), 'allow'],
    ['another account’s role without policies, 100 days', role(OTHER_ACCOUNT), [], age(100), 'implicitDeny'],
    ['another account’s administrator, 400 days', role(OTHER_ACCOUNT), 'administrator', age(400), 'implicitDeny'],
  ])('%s', (...row) => {
    expect(decide([LEGAL_HOLD], row)).toBe(row[4]);
  });
});

describe('an access policy that is open to everyone, under the lock policy of example 1', () => {
  test.each<Row>([
    ['another account’s administrator, 10 days', role(OTHER_ACCOUNT), 'administrator', age(10), 'explicitDeny'],
    ['another account’s administrator, 1000 days', role(OTHER_ACCOUNT), 'administrator', age(1000), 'allow'],
    ['nobody in particular, 1000 days', { kind: 'anonymous' }, [], age(1000), 'allow'],
    ['nobody in particular, 10 days', { kind: 'anonymous' }, [], age(10), 'explicitDeny'],
  ])('%s', (...row) => {
    expect(decide([EVERYONE_ACCESS, RETAIN_ONE_YEAR], row)).toBe(row[4]);
  });
});

test('without a resource policy another account’s administrator has no access', () => {
  expect(decide([], ['', role(OTHER_ACCOUNT), 'administrator', age(1000), 'implicitDeny'])).toBe('implicitDeny');
});

describe('the API reference’s InitiateVaultLock sample: denies its own account only, `<=`, key misspelt', () => {
  test.each<Row>([
    ['10 days: the misspelt key works, names have no case', role(OWNER_999), 'administrator', age(10), 'explicitDeny'],
    ['365 days: `<=` holds one day longer', role(OWNER_999), 'administrator', age(365), 'explicitDeny'],
    ['366 days', role(OWNER_999), 'administrator', age(366), 'allow'],
  ])('%s', (...row) => {
    expect(decide([INITIATE_SAMPLE], row, VAULT_999, OWNER_999)).toBe(row[4]);
  });

  test('another account that the access policy lets in is not held', () => {
    const access = EVERYONE_ACCESS.replace(VAULT, VAULT_999);
    const row: Row = ['', role(OTHER_ACCOUNT), 'administrator', age(10), 'allow'];
    expect(decide([access, INITIATE_SAMPLE], row, VAULT_999, OWNER_999)).toBe('allow');
  });
});

describe('the API reference’s SetVaultAccessPolicy sample: an account as principal only delegates', () => {
  test.each<Row>([
    ['a role with its own permission', role(OWNER_999), 'administrator', age(1), 'allow'],
    ['a role without policies', role(OWNER_999), [], age(1), 'implicitDeny'],
    ['another account', role(OTHER_ACCOUNT), 'administrator', age(1), 'implicitDeny'],
  ])('%s', (...row) => {
    expect(decide([OWNER_ACCESS], row, VAULT_999, OWNER_999)).toBe(row[4]);
  });
});

describe('the API reference’s GetVaultAccessPolicy sample, seen from the account that it names', () => {
  const outside = 'arn:aws:glacier:us-west-2:999999999999:vaults/examplevault';
  test.each<Row>([
    ['before the date', role(OWNER_999), 'administrator', { 'aws:CurrentTime': '2018-12-30T23:59:59Z' }, 'implicitDeny'],
    ['after the date', role(OWNER_999), 'administrator', { 'aws:CurrentTime': '2026-11-21T12:00:00Z' }, 'allow'],
    ['after the date, without permission of its own', role(OWNER_999), [], { 'aws:CurrentTime': '2026-11-21T12:00:00Z' }, 'implicitDeny'],
  ])('%s', (...row) => {
    expect(decide([TIME_BASED_DELETES], row, outside, ACCOUNT)).toBe(row[4]);
  });
});
