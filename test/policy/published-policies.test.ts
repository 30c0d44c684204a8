import * as fs from 'node:fs';
import * as path from 'node:path';
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
import { check } from '../../local/policy/check';
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

interface Published {
  readonly what: string;
  readonly text: string;
  readonly vaultArn: string;
  readonly kind: 'lock' | 'access';
  readonly days: number;
  /** With the statement that each is about. */
  readonly findings: readonly string[];
  readonly counterExample?: { readonly principal: string; readonly statement: number | null; readonly tags: object };
}

const OUTSIDER = 'arn:aws:iam::888888888888:role/anyone';

const PUBLISHED: readonly Published[] = [
  {
    what: 'the sample of initiate_vault_lock leaves other accounts free, and is a day longer than said',
    text: INITIATE_SAMPLE,
    vaultArn: VAULT_999,
    kind: 'lock',
    days: 0,
    findings: ['owner-only-principal 0', 'off-by-one 0'],
    counterExample: { principal: OUTSIDER, statement: 0, tags: {} },
  },
  {
    what: 'the sample of SetVaultAccessPolicy is an access policy, and no retention',
    text: OWNER_ACCESS,
    vaultArn: VAULT_999,
    kind: 'access',
    days: 0,
    findings: [],
    counterExample: { principal: OUTSIDER, statement: null, tags: {} },
  },
  {
    what: 'the guide’s example 1 does what it says',
    text: RETAIN_ONE_YEAR,
    vaultArn: VAULT,
    kind: 'lock',
    days: 365,
    findings: [],
  },
  {
    what: 'the guide’s example 2 retains nothing',
    text: LEGAL_HOLD,
    vaultArn: VAULT,
    kind: 'lock',
    days: 0,
    findings: ['inverted-age 1', 'tag-removable 0', 'hold-value-case 0', 'public-access 1'],
    counterExample: { principal: 'arn:aws:iam::999999999999:role/anyone', statement: 1, tags: { LegalHold: null } },
  },
  {
    what: 'the sample of GetVaultAccessPolicy goes by the calendar',
    text: TIME_BASED_DELETES,
    vaultArn: VAULT_999,
    kind: 'access',
    days: 0,
    findings: ['expiry-by-date 0'],
    counterExample: { principal: OUTSIDER, statement: null, tags: {} },
  },
];

describe('the verdict on what AWS published', () => {
  test.each(PUBLISHED)('$what', ({ text, vaultArn, kind, days, findings, counterExample }) => {
    const { report, exitCode } = check({ text, vaultArn, kind });

    expect(report).toMatchObject({ valid: true, unknown: [], retention: { days, proven: days > 0 } });
    expect(report.findings.map(({ id, statement }) => `${id} ${statement}`)).toEqual(findings);
    expect(exitCode).toBe(findings.length > 0 ? 1 : 0);
    if (counterExample === undefined) expect(report.retention.counterExample).toBeUndefined();
    else expect(report.retention.counterExample).toMatchObject({ ...counterExample, archiveAgeInDays: 0 });
  });

  test.each(PUBLISHED.filter(({ counterExample }) => counterExample))(
    '$what: the counter-example is one',
    ({ text, vaultArn, counterExample }) => {
      const { principal = '' } = counterExample ?? {};
      const [, , , , owner = ''] = vaultArn.split(':');
      const [, , , , accountId = ''] = principal.split(':');
      const everyone = EVERYONE_ACCESS.replace(VAULT, vaultArn);
      const row: Row = ['', { kind: 'aws', arn: principal, accountId }, 'administrator', age(0), 'allow'];

      expect(accountId).not.toBe(owner);
      expect(decide([everyone, text], row, vaultArn, owner)).toBe('allow');
    },
  );

  test('the sample of initiate_vault_lock is for another vault than the one that it locks', () => {
    const { report } = check({ text: INITIATE_SAMPLE, vaultArn: VAULT_999.replace('examplevault', 'my-vault'), kind: 'lock' });

    expect(report.findings.map(({ id }) => id)).toEqual(['wrong-resource', 'owner-only-principal', 'off-by-one']);
  });

  test('what is an access policy protects nothing as a lock', () => {
    const { report } = check({ text: OWNER_ACCESS, vaultArn: VAULT_999, kind: 'lock' });

    expect(report.findings.map(({ id }) => id)).toEqual(['allow-only']);
  });
});

describe('the page about published policies', () => {
  const page = fs.readFileSync(path.join(__dirname, '../../docs/published-policies.md'), 'utf8');
  const documents = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json ?? '') as unknown);
  const rows = page.split('\n').filter((line) => line.startsWith('| ['));

  test.each(PUBLISHED.map((policy, index) => ({ ...policy, index })))('$what', ({ text, vaultArn, kind, days, index }) => {
    const { retention, findings } = check({ text, vaultArn, kind }).report;
    const listed = [...(rows[index] ?? '').matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, id]) => id);

    expect(documents[index]).toEqual(JSON.parse(text));
    expect(rows[index]).toContain(`| ${days} days`);
    expect(listed).toEqual(findings.map(({ id }) => id));
    expect(page).toContain(retention.counterExample ? `> ${retention.counterExample.explanation}` : 'there is no counter-example');
  });
});
