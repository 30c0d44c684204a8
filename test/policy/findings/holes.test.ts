import { BAD_POLICIES } from './bad-policies';
import { access, findings, ids, lock, under } from './written';
import { check } from '../../../local/policy/check';
import { VAULT } from '../published-policies';

describe.each([...new Set(BAD_POLICIES.map(({ id }) => id))])('%s', (id) => {
  const policies = BAD_POLICIES.filter((policy) => policy.id === id);

  test.each(policies)('$what', ({ text, kind, vaultArn }) => {
    expect([...new Set(ids(text, kind, vaultArn))]).toEqual([id]);
  });
});

test.each(BAD_POLICIES)('$id ($what) says what is wrong, what to write, and where', ({ text, kind = 'lock', vaultArn = VAULT }) => {
  const { report, exitCode } = check({ text, kind, vaultArn });

  expect(exitCode).toBe(1);
  for (const { message, remedy, severity, statement } of report.findings) {
    expect(message).toMatch(/^(Statement\[\d\]|The (lock|policy) ).*\.$/s);
    expect(remedy).toMatch(/^[A-Z].{10,}\.$/s);
    expect(['error', 'warning']).toContain(severity);
    expect(statement === null || statement >= 0).toBe(true);
  }
});

describe('several holes of one policy are each told once', () => {
  test('slips of the pen do not hide what else is wrong', () => {
    const text = lock({
      Principal: undefined,
      Action: 'glacier:DeletArchive',
      Resource: `${VAULT}/*`,
      Condition: { NumericLessThanEquals: { 'glacier:ArchiveAgeInDay': '365' } },
    });

    expect(ids(text)).toEqual(['no-principal', 'resource-suffix', 'typo-key', 'wrong-action', 'off-by-one']);
  });

  test('each with the statement that it is about', () => {
    const text = lock({ Condition: under('364') }, { Effect: 'Allow', Action: 'glacier:ListJobs', Condition: undefined });

    expect(findings(text).map(({ id, statement }) => [id, statement])).toEqual([
      ['off-by-one', 0],
      ['public-access', 1],
    ]);
  });

  test('who may set the tag of a hold that nobody protects may write it in another case', () => {
    const hold = lock({}, { Condition: { StringEquals: { 'glacier:ResourceTag/LegalHold': 'true' } } });

    expect(ids(hold)).toEqual(['tag-removable', 'hold-value-case']);
  });

  test('an organization that need not be there lets in those who have none', () => {
    const ifExists = { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };
    const forAll = { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-abcdefghij' } };

    expect(ids(access({ Principal: '*', Condition: ifExists }), 'access')).toEqual(['if-exists', 'public-access']);
    expect(ids(access({ Principal: '*', Condition: forAll }), 'access')).toEqual(['negated-operator-missing-key', 'public-access']);
  });

  test('a hold and an age in one statement hold only together', () => {
    const both = { ...under('365'), StringEqualsIgnoreCase: { 'glacier:ResourceTag/LegalHold': 'true' } };

    expect(ids(lock({ Condition: both }))).toEqual(['conditional-deny', 'tag-removable']);
  });
});

test('what is meant is quoted', () => {
  const [slip] = findings(lock({ Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDay': '365' } } }));
  const [day] = findings(lock({ Condition: under('365', 'NumericLessThanEquals') }));

  const [service] = findings(lock({ Condition: { Null: { 'aws:ResourceTag/LegalHold': 'false' } } }));

  expect(slip?.remedy).toBe('Write "glacier:ArchiveAgeInDays".');
  expect(service?.remedy).toBe('Write "glacier:ResourceTag/LegalHold".');
  expect(day?.message).toBe('Statement[0] keeps archives for 366 days, a day more than 365: an archive of 365 days cannot be deleted yet.');
});
