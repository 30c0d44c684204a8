import { access, ADMIN, AGE, backup, BACKUP_VAULT, HOLD, lock, PARTNER, RETENTION, StatementJson, TAG_PROTECTION, under } from './written';
import { ACCOUNT, EVERYONE_ACCESS, VAULT } from '../published-policies';

/** Policies that each have one hole, written in several ways. */

export interface BadPolicy {
  readonly what: string;
  readonly text: string;
  readonly id: string;
  /** @default lock */
  readonly kind?: 'lock' | 'access';
  /** @default - the vault of the published policies */
  readonly vaultArn?: string;
}

const forId =
  (id: string, more: Partial<BadPolicy> = {}) =>
  (policies: readonly (readonly [what: string, text: string])[]): BadPolicy[] =>
    policies.map(([what, text]) => ({ what, text, id, ...more }));

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const on = (tag: object) => ({ Condition: tag });
const ignoringCase = { StringEqualsIgnoreCase: { [HOLD]: 'true' } };
const isTrue = { StringEquals: { [HOLD]: 'true' } };
const whoIs = (condition: object) => lock({ Condition: { ...under('365'), ...condition } });

export const BAD_POLICIES: readonly BadPolicy[] = [
  ...forId('no-principal')([
    ['a Deny of nobody', lock({ Principal: undefined })],
    ['an empty list', lock({ Principal: { AWS: [] } })],
    ['an empty text', lock({ Principal: '' })],
  ]),
  ...forId('no-principal', { kind: 'access' })([['an Allow of nobody', access({ Principal: undefined })]]),
  ...forId('notprincipal')([
    ['a role', lock({ NotPrincipal: { AWS: ADMIN } })],
    ['a role and its account', lock({ NotPrincipal: { AWS: [ADMIN, ACCOUNT] } })],
  ]),
  ...forId('owner-only-principal')([
    ['the account’s root', lock({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })],
    ['the account’s id', lock({ Principal: { AWS: [ACCOUNT] } })],
    ['the account and a partner', lock({ Principal: { AWS: [ACCOUNT, PARTNER] } })],
    ['a role', lock({ Principal: { AWS: role('Operator') } })],
    ['everyone of the account, by a condition', whoIs({ StringEquals: { 'aws:PrincipalAccount': ACCOUNT } })],
    ['everyone of the account, by a pattern', whoIs({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:*` } })],
    ['everyone of the organization', whoIs({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })],
    ['all but a partner', whoIs({ StringNotEquals: { 'aws:PrincipalAccount': PARTNER } })],
    ['for ever', lock({ Principal: { AWS: ACCOUNT }, Condition: undefined })],
    ['roles and users by name', lock({ Principal: { AWS: [role('Operator'), `arn:aws:iam::${ACCOUNT}:user/joe`] } })],
    ['a partner alone', lock({ Principal: { AWS: PARTNER } })],
    ['a service', lock({ Principal: { Service: 'backup.amazonaws.com' } })],
    ['everyone of the account, if it exists', whoIs({ StringEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } })],
    ['the hold, beside a retention of everyone', lock(RETENTION, { Principal: { AWS: ACCOUNT }, ...on(ignoringCase) }, TAG_PROTECTION)],
  ]),
  ...forId('exempt-principal')([
    ['a role, by a pattern', whoIs({ ArnNotLike: { 'aws:PrincipalArn': ADMIN } })],
    ['a role, by its ARN', whoIs({ StringNotEquals: { 'aws:PrincipalArn': ADMIN } })],
    ['the root user', whoIs({ StringNotEquals: { 'aws:PrincipalType': 'Account' } })],
    ['the organization', whoIs({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })],
  ]),
  ...forId('wrong-resource')([
    ['another name', lock({ Resource: `${VAULT}-2` })],
    ['another case', lock({ Resource: VAULT.replace('examplevault', 'ExampleVault') })],
    ['another region', lock({ Resource: VAULT.replace('us-west-2', 'eu-west-1') })],
    ['another partition', lock({ Resource: VAULT.replace('arn:aws:', 'arn:aws-cn:') })],
    ['another account', lock({ Resource: VAULT.replace(ACCOUNT, PARTNER) })],
    ['no vault', lock({ Resource: VAULT.replace('vaults/', 'vault/') })],
    ['no ARN', lock({ Resource: 'examplevault' })],
    ['an array', lock({ Resource: [`${VAULT}2`, `${VAULT}3`] })],
    ['a pattern of others', lock({ Resource: `${VAULT}-*` })],
    ['a pattern of other regions', lock({ Resource: `arn:aws:glacier:eu-*:${ACCOUNT}:vaults/*` })],
    ['a character more', lock({ Resource: `${VAULT}?` })],
    ['a character less', lock({ Resource: VAULT.slice(0, -1) })],
    ['no account', lock({ Resource: VAULT.replace(ACCOUNT, '') })],
    ['a bucket', lock({ Resource: 'arn:aws:s3:::examplevault' })],
    ['a backup vault', lock({ Resource: BACKUP_VAULT })],
    ['NotResource', lock({ NotResource: VAULT })],
    ['NotResource with a wildcard', lock({ NotResource: ['arn:aws:glacier:us-west-2:*:vaults/*'] })],
  ]),
  ...forId('resource-suffix')([
    ['/*', lock({ Resource: `${VAULT}/*` })],
    ['a slash', lock({ Resource: `${VAULT}/` })],
    ['archives', lock({ Resource: [`${VAULT}/archives/*`] })],
    ['one archive', lock({ Resource: `${VAULT}/archives/NkbByEejwEggmBz2fTHgJrg0XBoDfjP4q6iu87` })],
    ['a colon', lock({ Resource: `${VAULT}:*` })],
    ['wildcards before it', lock({ Resource: 'arn:aws:glacier:*:*:vaults/example*/*' })],
  ]),
  ...forId('inverted-age')([
    ['greater', lock({ Condition: under('365', 'NumericGreaterThan') })],
    ['greater or equal', lock({ Condition: under(365, 'NumericGreaterThanEquals') })],
    ['if it exists is another hole', lock({ Action: ['glacier:Delete*'], Condition: under(['365'] as never, 'NumericGreaterThan') })],
    ['NotAction', lock({ NotAction: 'glacier:Get*', Condition: under('365', 'NumericGreaterThan') })],
    ['a key in another case', lock({ Condition: { NumericGreaterThan: { 'glacier:archiveageindays': '2555' } } })],
    ['all but new archives', lock({ Condition: { ...under('0', 'NumericGreaterThan'), NumericLessThan: { [AGE]: '365' } } })],
    ['beside a hold', lock(on(ignoringCase), TAG_PROTECTION, { Condition: under('2555', 'NumericGreaterThanEquals') })],
    ['between two ages', lock({ Condition: { ...under('365', 'NumericGreaterThan'), NumericLessThan: { [AGE]: '3650' } } })],
    ['one age only', lock({ Condition: under('365', 'NumericEquals') })],
    [
      'an Allow of young ones, beside a Deny of old ones',
      lock({ Condition: under('365', 'NumericGreaterThan') }, { Action: 'glacier:InitiateJob' }),
    ],
  ]),
  ...forId('inverted-age', { kind: 'access' })([
    ['an Allow of young ones', access({ Action: 'glacier:DeleteArchive', Condition: under('365') })],
    ['the same with wildcards', access({ Action: ['glacier:*'], Condition: under('364', 'NumericLessThanEquals') })],
  ]),
  ...forId('off-by-one')([
    ['"or equal" to a year', lock({ Condition: under('365', 'NumericLessThanEquals') })],
    ['"or equal" to seven years', lock({ Condition: under(2555, 'NumericLessThanEquals') })],
    ['"or equal" to a month', lock({ Condition: under('30', 'NumericLessThanEquals') })],
    ['"or equal" to a hundred days', lock({ Condition: under('100', 'NumericLessThanEquals') })],
    [
      '"or equal", beside an age of 0',
      lock({ Condition: { ...under('365', 'NumericLessThanEquals'), NumericGreaterThanEquals: { [AGE]: 0 } } }),
    ],
    ['a day below a year', lock({ Condition: under('364') })],
    ['a day below ten years', lock({ Condition: under('3649') })],
    ['a day below a quarter', lock({ Condition: under('89') })],
    ['a day above ten years, which have at least two leap days', lock({ Condition: under('3651') })],
    ['a day below what its name says', lock({ Sid: 'Retain100Days', Condition: under('99') })],
    ['a day above what its name says', lock({ Sid: 'deny-for-365-days', Condition: under('366') })],
    ['a day below the years that its name says', lock({ Sid: 'keep-7-years', Condition: under('2554') })],
  ]),
  ...forId('allow-only')([
    ['one Allow', access({})],
    ['old archives may be deleted', access({ Action: 'glacier:DeleteArchive', Condition: under('365', 'NumericGreaterThanEquals') })],
  ]),
  ...forId('tag-removable')([
    ['nothing about tags', lock(on(ignoringCase))],
    ['beside a retention', lock(RETENTION, on(ignoringCase))],
    ['any value', lock(on({ StringLike: { [HOLD]: '*' } }))],
    ['the mere tag', lock(on({ Null: { [HOLD]: 'false' } }))],
    ['only adding is denied', lock(on(ignoringCase), { ...TAG_PROTECTION, Action: 'glacier:AddTagsToVault' })],
    ['only removing is denied', lock(on(ignoringCase), { ...TAG_PROTECTION, Action: 'glacier:RemoveTags*' })],
    [
      'the denial is about another tag',
      lock(on(ignoringCase), { ...TAG_PROTECTION, Condition: { ...setBy('Audit'), ArnNotLike: { 'aws:PrincipalArn': ADMIN } } }),
    ],
    ['the denial spares other accounts', lock(on(ignoringCase), { ...TAG_PROTECTION, Principal: { AWS: ACCOUNT } })],
    [
      'the denial spares the whole account',
      lock(on(ignoringCase), protection({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:*` } })),
    ],
    [
      'the denial is only of those without MFA',
      lock(on(ignoringCase), protection({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })),
    ],
    ['the denial is only of plain HTTP', lock(on(ignoringCase), protection({ Bool: { 'aws:SecureTransport': 'false' } }))],
    [
      'the administrator is allowed, and nobody is denied',
      lock(on(ignoringCase), { ...TAG_PROTECTION, Effect: 'Allow', Principal: { AWS: ADMIN }, Condition: undefined }),
    ],
    ['a set operator', lock(on({ 'ForAnyValue:StringEqualsIgnoreCase': { [HOLD]: ['true'] } }))],
    ['a pattern of values', lock(on({ StringLike: { [HOLD]: 'case-*' } }))],
  ]),
  ...forId('hold-value-case')([
    [
      'another statement writes it otherwise',
      lock(on(isTrue), { Action: 'glacier:DeleteVault', ...on({ StringEquals: { [HOLD]: 'True' } }) }, TAG_PROTECTION),
    ],
    [
      'who sets it must write it otherwise',
      lock(on({ StringLike: { [HOLD]: ['true', ''] } }), TAG_PROTECTION, {
        Action: 'glacier:AddTagsToVault',
        Condition: { StringNotEquals: { 'aws:RequestTag/LegalHold': 'TRUE' } },
      }),
    ],
  ]),
  ...forId('hold-unliftable')([
    ['nobody may change tags', lock(on(ignoringCase), { ...TAG_PROTECTION, Condition: undefined })],
    ['nobody may change tags under the hold', lock(on(ignoringCase), { Action: 'glacier:*Tags*Vault', ...on(ignoringCase) })],
  ]),
  ...forId('too-large')([['a long Sid', lock({ Sid: 'Keep'.repeat(5200) })]]),
  ...forId('typo-key')([
    ['broken off', lock({ Condition: { NumericLessThan: { 'glacier:ArchiveAge': '365' } } })],
    ['a letter is missing', lock({ Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDay': '365' } } })],
    ['two are swapped', lock({ Condition: { NumericLessThan: { 'glacier:ArchvieAgeInDays': '365' } } })],
    ['another service', lock({ Condition: { NumericLessThan: { 'glaicer:ArchiveAgeInDays': '365' } } })],
    ['no service', lock({ Condition: { NumericLessThan: { ArchiveAgeInDays: '365' } } })],
    ['a key that there is not', lock(RETENTION, { Condition: { StringEquals: { 'glacier:Colour': 'red' } } })],
    ['a tag', lock(on({ StringEqualsIgnoreCase: { 'glacier:ResourceTags/LegalHold': 'true' } }), TAG_PROTECTION)],
    ['an age in other words', lock({ Condition: { NumericLessThan: { 'glacier:AgeInDays': '365' } } })],
    ['the age under a global name', lock({ Condition: { NumericLessThan: { 'aws:ArchiveAgeInDays': '365' } } })],
    ['a tag without its name', lock(RETENTION, on({ StringEqualsIgnoreCase: { 'glacier:ResourceTag': 'true' } }), TAG_PROTECTION)],
    [
      'the tag under its global name, which Glacier does not have',
      lock(on({ StringEqualsIgnoreCase: { 'aws:ResourceTag/LegalHold': 'true' } }), TAG_PROTECTION),
    ],
    ['a global key', lock(RETENTION, { Condition: { Bool: { 'aws:SecureTransports': 'false' } } })],
  ]),
  ...forId('wrong-action')([
    ['misspelt', lock({ Action: 'glacier:DeleteArchives' })],
    ['misspelt, with a wildcard', lock({ Action: ['glacier:DeletArch*'] })],
    ['misspelt in NotAction', lock({ NotAction: ['glacier:GetVaultLok', 'glacier:InitiateJob'] })],
    ['another service', lock(RETENTION, { Action: 's3:DeleteObject' })],
    ['another service alone', lock({ Action: ['s3:DeleteObject', 'backup:DeleteRecoveryPoint'] })],
    ['no service', lock({ Action: 'DeleteArchive' })],
    ['no service, in NotAction', lock(RETENTION, { NotAction: ['glacier:Get*', 'InitiateJob'] })],
    ['the deletion of the vault, by age', lock({ Action: 'glacier:DeleteVault' })],
    ['the deletion of the vault', lock({ Action: 'glacier:DeleteVault', Condition: undefined })],
    ['retrieval, by age', lock({ Action: 'glacier:InitiateJob' })],
    ['all but the deletion of archives, by age', lock({ NotAction: 'glacier:DeleteArchive' })],
    ['the age of an upload', lock(RETENTION, { Action: 'glacier:UploadArchive' })],
    ['the age of a vault', lock({ Action: ['glacier:DeleteArchive', 'glacier:DeleteVault'] })],
    ['what only policies of roles and users can be about', lock(RETENTION, { Action: 'glacier:CreateVault', Condition: undefined })],
  ]),
  ...forId('deny-too-broad')([
    ['everything', lock({ Action: 'glacier:*', Condition: undefined })],
    ['all reading, for the account', lock(RETENTION, { Action: 'glacier:Get*', Principal: { AWS: ACCOUNT }, Condition: undefined })],
    ['all reading', lock(RETENTION, { Action: 'glacier:Get*', Condition: undefined })],
    ['new archives can not be read either', lock({ Action: 'glacier:*' })],
    ['NotAction, of what has an age', lock({ NotAction: 'glacier:Get*' })],
    ['all of the lock', lock(RETENTION, { Action: 'glacier:*VaultLock', Condition: undefined })],
    ['all actions of all services', lock({ Action: '*', Resource: '*', Condition: undefined })],
    ['everything that has no age, too', lock(RETENTION, { NotAction: 'glacier:DeleteArchive', Condition: undefined })],
    ['abort', lock(RETENTION, { Action: ['glacier:AbortVaultLock'], Condition: undefined })],
    ['NotAction', lock({ NotAction: 'glacier:UploadArchive', Condition: undefined })],
    [
      'in two halves',
      lock(
        RETENTION,
        { Action: 'glacier:Abort*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
        { Action: 'glacier:AbortVaultLock', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Action: 'glacier:AbortVaultLock', Condition: { Null: { 'aws:SecureTransport': 'true' } } },
      ),
    ],
  ]),
  ...forId('deny-too-broad', { kind: 'access' })([
    ['the access policy itself', access({}, { Effect: 'Deny', Principal: '*', Action: 'glacier:SetVaultAccessPolicy' })],
  ]),
  ...forId('public-access', { kind: 'access' })([
    ['everything', EVERYONE_ACCESS],
    ['one action', access({ Principal: { AWS: '*' } })],
    ['in an array', access({ Principal: { AWS: [PARTNER, '*'] } })],
    ['with MFA, which everyone can have', access({ Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })],
    ['encrypted', access({ Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    ['of a type that everyone can have', access({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } } })],
    ['with a tag that everyone can have', access({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'archive' } } })],
    ['with any organization', access({ Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } })],
    ['as a role of any account', access({ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } })],
    ['old archives only', access({ Principal: '*', Action: 'glacier:DeleteArchive', Condition: under('365', 'NumericGreaterThan') })],
    [
      'from both halves of all addresses',
      access({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } }),
    ],
    ['from every address', access({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } })],
    [
      'while a Deny only takes the deletion',
      access({ Principal: '*', Action: 'glacier:*' }, { Effect: 'Deny', Principal: '*', Action: 'glacier:Delete*Archive' }),
    ],
  ]),
  ...forId('negated-operator-missing-key')([
    ['a hold until release', lock(on({ StringNotEqualsIgnoreCase: { [HOLD]: 'released' } }), TAG_PROTECTION)],
    ['a pattern', lock(on({ StringNotLike: { [HOLD]: 'released-*' } }), TAG_PROTECTION)],
    ['ForAllValues', lock(on({ 'ForAllValues:StringEqualsIgnoreCase': { [HOLD]: 'true' } }), TAG_PROTECTION)],
    ['an age on what has none', lock(RETENTION, { Action: ['glacier:*Archive'], Condition: under('3650', 'NumericNotEquals') })],
  ]),
  ...forId('negated-operator-missing-key', { kind: 'access' })([
    ['an Allow of all but a tag', access({ Condition: { StringNotEquals: { 'glacier:ResourceTag/Class': 'secret' } } })],
    ['an Allow of all but a network', access({ Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })],
  ]),
  ...forId('if-exists')([
    ['the age', lock({ Condition: under('365', 'NumericLessThanIfExists') })],
    ['a tag', lock(on({ StringEqualsIgnoreCaseIfExists: { [HOLD]: 'true' } }), TAG_PROTECTION)],
  ]),
  ...forId('if-exists', { kind: 'access' })([
    ['MFA that need not be there', access({ Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } })],
  ]),
  ...forId('wrong-effect-case')([
    ['lower case', lock({ Effect: 'deny' })],
    ['upper case', lock(RETENTION, { Effect: 'DENY' })],
    ['a space', lock({ Effect: 'Deny ' })],
  ]),
  ...forId('unsupported-condition')([
    ['an operator', lock({ Condition: { NumericLess: { [AGE]: '365' } } })],
    ['a number with its unit', lock({ Condition: under('365 days') })],
    ['an operator for texts', lock({ Condition: under('365', 'StringEquals') })],
    ['an operator for dates', lock({ Condition: { DateLessThan: { [AGE]: '2030-01-01T00:00:00Z' } } })],
    ['an operator with "or" in it', lock({ Condition: under('365', 'NumericLessThanOrEquals') })],
    ['an age in words', lock({ Condition: under('one year') })],
    ['Null of something', lock(RETENTION, { Condition: { Null: { [HOLD]: 'maybe' } } }, TAG_PROTECTION)],
    ['Null, if it exists', lock(RETENTION, { Action: 'glacier:UploadArchive', Condition: { NullIfExists: { 'aws:SourceIp': 'true' } } })],
  ]),
  ...forId('expiry-by-date')([
    ['ISO', lock({ Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } })],
    ['a day', lock({ Condition: { DateLessThanEquals: { 'AWS:currenttime': ['2029-12-31'] } } })],
    ['seconds', lock({ Condition: { NumericLessThan: { 'aws:EpochTime': '1893456000' } } })],
    ['and the age', lock({ Condition: { ...under('365'), DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } })],
    [
      'NotAction',
      lock({
        NotAction: ['glacier:Get*', 'glacier:Describe*', 'glacier:List*', 'glacier:*Lock'],
        Condition: { DateLessThan: { 'aws:EpochTime': 1893456000 } },
      }),
    ],
  ]),
  ...forId('expiry-by-date', { kind: 'access' })([
    [
      'deletion from a date on',
      access({ Action: 'glacier:Delete*', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2018-12-31T00:00:00Z' } } }),
    ],
  ]),
  ...forId('conditional-deny')([
    ['MFA', whoIs({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })],
    ['a network', whoIs({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
    ['transport', whoIs({ Bool: { 'aws:SecureTransport': 'false' } })],
  ]),
  ...forId('never-denies')([
    ['below 0', lock({ Condition: under('0') })],
    ['two ages that exclude each other', lock({ Condition: { NumericLessThan: { [AGE]: '30' }, NumericGreaterThan: { [AGE]: '365' } } })],
    ['no age', lock({ Condition: { Null: { [AGE]: 'true' } } })],
  ]),
  ...forId('deny-incomplete', { kind: 'access', vaultArn: BACKUP_VAULT })([
    [
      'the lifecycle is open',
      backup({ Action: ['backup:DeleteRecoveryPoint', 'backup:PutBackupVaultAccessPolicy'], Condition: TAG_PROTECTION.Condition }),
    ],
    ['the policy is open', backup({ Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'] })],
  ]),
  ...forId('deny-too-broad', { kind: 'access', vaultArn: BACKUP_VAULT })([
    [
      'nobody may change the policy',
      backup({ Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'] }),
    ],
  ]),
  ...forId('wrong-resource', { kind: 'access', vaultArn: BACKUP_VAULT })([
    [
      'recovery points by the ARN of the vault',
      backup({ Principal: { AWS: role('Operator') }, Action: 'backup:DeleteRecoveryPoint', Resource: BACKUP_VAULT }),
    ],
    [
      'another backup vault',
      backup({ Principal: { AWS: role('Operator') }, Action: 'backup:DeleteBackupVault', Resource: `${BACKUP_VAULT}2` }),
    ],
  ]),
  ...forId('wrong-action', { kind: 'access', vaultArn: BACKUP_VAULT })([
    ['wildcards', backup({ Effect: 'Allow', Principal: { AWS: PARTNER }, Action: 'backup:CopyInto*' })],
    ['misspelt', backup({ Effect: 'Allow', Principal: { AWS: PARTNER }, Action: 'backup:CopyIntoBackupVaults' })],
  ]),
  ...forId('typo-key', { kind: 'access', vaultArn: BACKUP_VAULT })([
    ['a key of Glacier', backup({ Principal: { AWS: role('Operator') }, Action: 'backup:StartBackupJob', Condition: under('365') })],
  ]),
  ...forId('public-access', { kind: 'access', vaultArn: BACKUP_VAULT })([
    ['everyone may copy into the vault', backup({ Effect: 'Allow', Action: 'backup:CopyIntoBackupVault' })],
  ]),
];

function protection(condition: object): StatementJson {
  return { ...TAG_PROTECTION, Condition: condition };
}

function setBy(tag: string): object {
  return { StringEqualsIgnoreCase: { [`glacier:ResourceTag/${tag}`]: 'true' } };
}
