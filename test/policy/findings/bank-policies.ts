import { access, AGE, HOLD, lock, PARTNER, RETENTION, StatementJson, TAG_PROTECTION, under } from './written';
import { ACCOUNT, VAULT } from '../published-policies';

/** Policies as a bank writes them, and how long each of them keeps archives. */

export interface BankPolicy {
  readonly what: string;
  readonly text: string;
  readonly days: number | 'forever';
  /** @default lock */
  readonly kind?: 'lock' | 'access';
  /** @default - the vault of the published policies */
  readonly vaultArn?: string;
}

const SEVEN_YEARS = '2557';
const LEGAL = `arn:aws:iam::${ACCOUNT}:role/LegalHold`;
const UPLOAD = [
  'glacier:UploadArchive',
  'glacier:InitiateMultipartUpload',
  'glacier:UploadMultipartPart',
  'glacier:CompleteMultipartUpload',
];
const EVERYTHING = 'glacier:*';

const held: StatementJson = { Condition: { StringEquals: { [HOLD]: 'true' } } };
const keptBut = (...statements: StatementJson[]) => lock({ Condition: under(SEVEN_YEARS) }, ...statements);
const keptAndHeld = (who: object) => keptBut(held, { ...TAG_PROTECTION, Condition: who });
const kept = (what: string, text: string): BankPolicy => ({ what, text, days: Number(SEVEN_YEARS) });
const given = (what: string, ...statements: StatementJson[]): BankPolicy => ({
  what,
  text: access(...statements),
  days: 0,
  kind: 'access',
});
const elsewhere = (what: string, vaultArn: string): BankPolicy => ({ what, vaultArn, text: lock({ Resource: vaultArn }), days: 365 });

const RETENTIONS = [
  1, 30, 90, 180, 365, 366, 730, 731, 1095, 1096, 1461, 1825, 1826, 1827, 2191, 2192, 2555, 2556, 2557, 3650, 3652, 3653, 10957, 36525,
];

export const BANK_POLICIES: readonly BankPolicy[] = [
  ...RETENTIONS.map((days) => ({ what: `${days} days`, text: lock({ Condition: under(String(days)) }), days })),
  { what: '"or equal", one day below seven years', text: lock({ Condition: under('2554', 'NumericLessThanEquals') }), days: 2555 },
  { what: 'a part of a day begins the next', text: lock({ Condition: under('364.5') }), days: 365 },
  { what: 'several ages, of which the longest counts', text: lock({ Condition: under(['365', '730'] as never) }), days: 730 },
  { what: 'an age of 0 and more', text: lock({ Condition: { ...under('365'), NumericGreaterThanEquals: { [AGE]: '0' } } }), days: 365 },
  { what: 'young and old', text: lock(RETENTION, { Condition: under('365', 'NumericGreaterThanEquals') }), days: 'forever' },
  { what: 'a hold alone', text: lock(held, TAG_PROTECTION), days: 0 },
  elsewhere('GovCloud', 'arn:aws-us-gov:glacier:us-gov-west-1:111122223333:vaults/ledger'),
  elsewhere('China', 'arn:aws-cn:glacier:cn-north-1:111122223333:vaults/ledger'),
  elsewhere('a name with dots', 'arn:aws:glacier:eu-central-1:111122223333:vaults/ledger.2024_q1-a'),
  kept('a hold whose keeper is no pattern', keptAndHeld({ ArnNotEquals: { 'aws:PrincipalArn': LEGAL } })),
  kept('a hold whose keeper is compared as a text', keptAndHeld({ StringNotEquals: { 'aws:PrincipalArn': LEGAL } })),
  kept(
    'a hold with several keepers',
    keptAndHeld({ StringNotLike: { 'aws:PrincipalARN': [LEGAL, `arn:aws:iam::${ACCOUNT}:role/legal/*`] } }),
  ),
  kept(
    'a hold kept from IAM Identity Center',
    keptAndHeld({
      ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Legal_*` },
    }),
  ),
  kept('a hold kept by another account', keptAndHeld({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/Auditor` } })),
  kept(
    'a hold protected by two statements',
    keptBut(held, { ...TAG_PROTECTION, Action: 'glacier:AddTags*' }, { ...TAG_PROTECTION, Action: 'glacier:RemoveTags*' }),
  ),
  kept(
    'two holds',
    keptBut(
      held,
      { Condition: { StringEquals: { 'glacier:ResourceTag/TaxAudit': 'open' } } },
      { ...TAG_PROTECTION, Condition: { ArnNotLike: { 'aws:PrincipalArn': LEGAL } } },
    ),
  ),
  kept(
    'only the cleaner deletes what is old',
    keptBut({ Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/Cleaner` } } }),
  ),
  kept('the vault cannot be deleted either', keptBut({ Action: 'glacier:DeleteVault', Condition: undefined })),
  kept(
    'MFA to delete the vault',
    keptBut({ Action: 'glacier:DeleteVault', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }),
  ),
  kept(
    'MFA to retrieve',
    keptBut({ Action: ['glacier:InitiateJob', 'glacier:GetJobOutput'], Condition: { Null: { 'aws:MultiFactorAuthPresent': 'true' } } }),
  ),
  kept(
    'retrieval through an endpoint',
    keptBut({ Action: 'glacier:InitiateJob', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } } }),
  ),
  kept(
    'retrieval from the office',
    keptBut({ Action: 'glacier:InitiateJob', Condition: { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } } }),
  ),
  kept(
    'a data perimeter',
    keptBut({
      Action: EVERYTHING,
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  ),
  kept(
    'no uploads once the books are closed',
    keptBut({ Action: 'glacier:UploadArchive', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } }),
  ),
  kept('a partner may only upload', keptBut({ Principal: { AWS: PARTNER }, NotAction: UPLOAD, Condition: undefined })),
  kept(
    'only the deployer completes the lock',
    keptBut({
      Action: ['glacier:AbortVaultLock', 'glacier:CompleteVaultLock'],
      Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/cdk-*` } },
    }),
  ),
  kept('a partner may upload, for ever', keptBut({ Effect: 'Allow', Principal: { AWS: PARTNER }, Action: UPLOAD, Condition: undefined })),
  given('partners upload in parts', { Principal: { AWS: [PARTNER, '777788889999'] }, Action: UPLOAD }),
  given('partners of two organizations', {
    Principal: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-abcdefghij', 'o-zyxwvutsrq'] } },
  }),
  given('a unit of the organization', {
    Principal: '*',
    Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/r-ab12/ou-ab12-11111111/*' } },
  }),
  given('roles of a partner by pattern', {
    Principal: '*',
    Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/archive-*` } },
  }),
  given('a service on behalf of the account', {
    Principal: { Service: 'backup.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
  }),
  given('the auditor reads', {
    Principal: { AWS: `arn:aws:iam::${PARTNER}:role/Auditor` },
    Action: ['glacier:Get*', 'glacier:List*', 'glacier:Describe*', 'glacier:InitiateJob'],
  }),
  given('nobody deletes without MFA', {
    Effect: 'Deny',
    Principal: '*',
    Action: ['glacier:DeleteArchive', 'glacier:DeleteVault'],
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  }),
  given(
    'a partner with a floor',
    { Action: EVERYTHING },
    { Effect: 'Deny', Action: ['glacier:Delete*', 'glacier:*VaultLock', 'glacier:*AccessPolicy'] },
  ),
  {
    ...given('retention in the access policy'),
    text: access({ Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: [VAULT], Condition: under('90') }),
    days: 90,
  },
];
