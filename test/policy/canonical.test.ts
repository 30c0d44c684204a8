import * as fc from 'fast-check';
import { policy, rewrite } from './arbitrary-policy';
import { EVERYONE_ACCESS, LEGAL_HOLD, RETAIN_ONE_YEAR, VAULT } from './published-policies';
import { acknowledgementOf, canonicalPolicy, MAX_POLICY_BYTES, policyFingerprint, policySize, samePolicy } from '../../src/policy';

const chooser = fc.infiniteStream(fc.nat({ max: 1_000_000 })).map((numbers) => (choices: number) => {
  const { value } = numbers.next() as { value: number };
  return value % choices;
});

describe('the canonical text of a policy', () => {
  test('does not depend on how the policy is written', () => {
    fc.assert(
      fc.property(policy, chooser, (document, choose) => {
        const written = rewrite(document, choose);
        expect(canonicalPolicy(written)).toBe(canonicalPolicy(JSON.stringify(document)));
      }),
    );
  });

  test('is a policy itself, and its own canonical text', () => {
    fc.assert(
      fc.property(policy, (document) => {
        const canonical = canonicalPolicy(JSON.stringify(document));
        expect(canonicalPolicy(canonical)).toBe(canonical);
      }),
    );
  });

  test('changes with every element of every statement', () => {
    const changes = {
      Sid: 'another-sid',
      Principal: { AWS: 'arn:aws:iam::333333333333:role/other' },
      Action: ['glacier:AbortVaultLock'],
      Resource: ['arn:aws:glacier:us-west-2:333333333333:vaults/other'],
      Condition: { StringEquals: { 'aws:PrincipalArn': 'other' } },
    };
    const name = fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[]));
    fc.assert(
      fc.property(policy, name, fc.nat(), (document, changed, at) => {
        const index = at % document.Statement.length;
        const statements = document.Statement.map((item, i) => (i === index ? { ...item, [changed]: changes[changed] } : item));
        expect(samePolicy(JSON.stringify(document), JSON.stringify({ ...document, Statement: statements }))).toBe(false);
      }),
    );
  });

  test.each([
    ['the number of days', '"365"', '"364"'],
    ['the operator', 'NumericLessThan', 'NumericLessThanEquals'],
    ['the effect', '"Deny"', '"Allow"'],
    ['the case of the vault’s name', 'vaults/examplevault', 'vaults/ExampleVault'],
    ['the version: the old one knows no policy variables', '2012-10-17', '2008-10-17'],
    ['who is meant', '"Principal": "*"', '"Principal": {"AWS": "123456789012"}'],
    ['everyone, or everyone but', '"Principal"', '"NotPrincipal"'],
    ['the action, or every other', '"Action"', '"NotAction"'],
  ])('differs in %s', (_what, from, to) => {
    expect(RETAIN_ONE_YEAR).toContain(from);
    expect(samePolicy(RETAIN_ONE_YEAR, RETAIN_ONE_YEAR.replaceAll(from, to))).toBe(false);
  });

  test('keeps the case of condition values: "True" is not "true" to IAM', () => {
    expect(samePolicy(LEGAL_HOLD, LEGAL_HOLD.replace('"true"', '"True"'))).toBe(false);
  });

  test('is the same for a policy as sent and as Glacier gives it back: minified, one-element arrays as scalars', () => {
    const sent =
      '{"Id": "a", "Version": "2012-10-17", "Statement": [{"Action": ["glacier:DescribeVault"], "Resource": ["x"], "Effect": "Allow", "Principal": "*"}]}';
    const back =
      '{"Version":"2012-10-17","Id":"a","Statement":{"Effect":"Allow","Principal":"*","Action":"glacier:DescribeVault","Resource":"x"}}';
    expect(samePolicy(sent, back)).toBe(true);
  });

  test('reads well enough to be looked at', () => {
    expect(canonicalPolicy(EVERYONE_ACCESS)).toBe(
      `{"Statement":[{"Action":["glacier:*"],"Effect":"Allow","Principal":{"AWS":["*"]},"Resource":["${VAULT}"]}],"Version":"2012-10-17"}`,
    );
  });
});

describe('samePolicy', () => {
  test.each(['', '{}', 'null', '{"Version":"2012-10-17","Statement":[]}'])('is false for the text %j, which is no policy', (text) => {
    expect(samePolicy(text, text)).toBe(false);
    expect(samePolicy(RETAIN_ONE_YEAR, text)).toBe(false);
  });
});

describe('policySize', () => {
  test('counts UTF-8 bytes of the document without white space', () => {
    expect(policySize('{ "Id" :\n "Ä€" }')).toBe(Buffer.byteLength('{"Id":"Ä€"}'));
    expect(policySize('{"Id":"Ä€"}')).toBe(14);
  });

  test('is held against 20 KB', () => {
    expect(MAX_POLICY_BYTES).toBe(20 * 1024);
  });
});

describe('policyFingerprint', () => {
  const fingerprint = policyFingerprint(VAULT, RETAIN_ONE_YEAR);

  test('names the vault and the meaning of the policy', () => {
    expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(policyFingerprint(VAULT, JSON.stringify(JSON.parse(RETAIN_ONE_YEAR)))).toBe(fingerprint);
    expect(policyFingerprint(VAULT, RETAIN_ONE_YEAR.replace('365', '366'))).not.toBe(fingerprint);
  });

  test.each([
    ['account', '123456789012', '210987654321'],
    ['region', 'us-west-2', 'eu-central-1'],
    ['name', 'examplevault', 'othervault'],
  ])('goes stale when the vault’s %s changes', (_what, from, to) => {
    expect(policyFingerprint(VAULT.replace(from, to), RETAIN_ONE_YEAR)).not.toBe(fingerprint);
  });

  test('is pinned: users keep acknowledgements in their code', () => {
    expect(fingerprint).toBe('sha256:b28b5823f0986d84e21793d818c8674cdd33d57f33dc39ae6592130dd5d44664');
    expect(acknowledgementOf('ledger', fingerprint)).toBe(`ledger ${fingerprint}`);
  });
});
