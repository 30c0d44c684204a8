import { access, ADMIN, AGE, backup, HOLD, lock, PARTNER, RETENTION, StatementJson, TAG_PROTECTION, under } from './written';
import { ACCOUNT, OWNER_ACCESS, RETAIN_ONE_YEAR, VAULT } from '../published-policies';

/** Policies that do what they say. */

type Named = readonly [what: string, text: string];

const held: StatementJson = { Condition: { StringEqualsIgnoreCase: { [HOLD]: 'true' } } };
const outsiders = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };

export const GOOD_LOCKS: readonly Named[] = [
  ['the guide’s retention of a year', RETAIN_ONE_YEAR],
  ['everyone in the other way to write it', lock({ Principal: { AWS: '*' } })],
  ['arrays', lock({ Principal: { AWS: ['*'] }, Action: ['glacier:DeleteArchive'], Resource: [VAULT], Condition: under(['365'] as never) })],
  ['a wildcard in the action', lock({ Action: 'glacier:Delete*' })],
  ['NotAction', lock({ NotAction: ['glacier:Get*', 'glacier:InitiateJob'] })],
  ['wildcards in the resource', lock({ Resource: `arn:aws:glacier:*:${ACCOUNT}:vaults/*` })],
  ['any resource', lock({ Resource: '*' })],
  ['the vault among others', lock({ Resource: [`${VAULT}-archive`, VAULT] })],
  ['all vaults but another one', lock({ NotResource: `${VAULT}-archive` })],
  ['a key in another case', lock({ Condition: { numericlessthan: { 'GLACIER:archiveageindays': '365' } } })],
  ['seven years, leap days included', lock({ Condition: under('2557') })],
  ['a leap year', lock({ Condition: under(366) })],
  ['"or equal", one day below a year', lock({ Condition: under('364', 'NumericLessThanEquals') })],
  ['a quarter', lock({ Condition: under('91') })],
  ['a number of days that is nothing special', lock({ Condition: under('1234') })],
  ['a day', lock({ Condition: under('1') })],
  ['what its name says', lock({ Sid: 'Retain364Days', Condition: under('364') })],
  ['for ever', lock({ Condition: undefined })],
  [
    'two statements that add up',
    lock({ Condition: under('100') }, { Condition: { ...under('365'), NumericGreaterThanEquals: { [AGE]: '100' } } }),
  ],
  ['a hold that only the administrator may lift', lock(RETENTION, held, TAG_PROTECTION)],
  [
    'a hold by any value, whose tag nobody else may remove',
    lock({ Condition: { StringLike: { [HOLD]: '*' } } }, { ...TAG_PROTECTION, Action: 'glacier:RemoveTagsFromVault' }),
  ],
  ['a hold by the mere tag', lock({ Condition: { Null: { [HOLD]: 'false' } } }, TAG_PROTECTION)],
  ['a hold by a word', lock(RETENTION, { Condition: { StringEquals: { [HOLD]: 'true' } } }, TAG_PROTECTION)],
  ['a hold by a word as the guide on tags writes it', lock({ Condition: { StringEquals: { [HOLD]: 'True' } } }, TAG_PROTECTION)],
  [
    'a hold by a word or nothing, as the guide on locks writes it',
    lock({ Condition: { StringLike: { [HOLD]: ['true', ''] } } }, TAG_PROTECTION),
  ],
  ['a hold by a word in both cases', lock({ Condition: { StringEquals: { [HOLD]: ['true', 'True'] } } }, TAG_PROTECTION)],
  ['a hold by a file number', lock({ Condition: { StringEquals: { [HOLD]: 'LIT-2024-17' } } }, TAG_PROTECTION)],
  [
    'a hold that everybody may set and only the administrator may lift',
    lock(held, { ...TAG_PROTECTION, Condition: { ...(TAG_PROTECTION.Condition as object), StringEqualsIgnoreCase: { [HOLD]: 'true' } } }),
  ],
  [
    'a hold until release that says that it means vaults without the tag',
    lock({ Condition: { Null: { [HOLD]: 'true' } } }, { Condition: { StringNotEquals: { [HOLD]: 'released' } } }, TAG_PROTECTION),
  ],
  ['outsiders are denied everything', lock(RETENTION, { Action: 'glacier:*', Condition: outsiders })],
  ['outsiders are denied everything, and nothing is said about age', lock({ Action: 'glacier:*', Condition: outsiders })],
  ['only the administrator may delete', lock({ Condition: TAG_PROTECTION.Condition })],
  ['nothing without encryption', lock(RETENTION, { Action: 'glacier:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
  ['no deletion without MFA', lock(RETENTION, { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })],
  [
    'a role is held longer than everyone',
    lock(RETENTION, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Intern` }, Condition: under('730') }),
  ],
  [
    'the access policy is frozen',
    lock(RETENTION, { Action: ['glacier:SetVaultAccessPolicy', 'glacier:DeleteVaultAccessPolicy'], Condition: undefined }),
  ],
  ['only old archives are retrieved', lock(RETENTION, { Action: 'glacier:InitiateJob', Condition: under('30') })],
  ['everything is denied to all but the administrator', lock(RETENTION, { Action: 'glacier:*', Condition: TAG_PROTECTION.Condition })],
];

export const GOOD_ACCESS: readonly Named[] = [
  ['a partner may upload', access({})],
  [
    'the guide’s cross-account upload',
    access({
      Sid: 'cross-account-upload',
      Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, 'arn:aws:iam::444455556666:root'] },
      Action: [
        'glacier:UploadArchive',
        'glacier:InitiateMultipartUpload',
        'glacier:AbortMultipartUpload',
        'glacier:CompleteMultipartUpload',
      ],
      Resource: [VAULT],
    }),
  ],
  [
    'the guide’s deletion with MFA',
    access({
      Sid: 'add-mfa-delete-requirement',
      Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`] },
      Action: ['glacier:Delete*'],
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': true } },
    }),
  ],
  ['the API reference’s permission for the owner', OWNER_ACCESS.split('999999999999').join(ACCOUNT)],
  ['everyone of the organization', access({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } })],
  ['everyone of an account', access({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': PARTNER } } })],
  ['everyone behind an endpoint', access({ Principal: '*', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } } })],
  ['everyone of a network', access({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })],
  [
    'everyone, and outsiders are denied',
    access({ Principal: '*' }, { Effect: 'Deny', Principal: '*', Action: 'glacier:*', Condition: outsiders }),
  ],
  ['the deletion of old archives', access({ Action: 'glacier:DeleteArchive', Condition: under('365', 'NumericGreaterThanEquals') })],
  [
    'nothing without encryption',
    access({ Effect: 'Deny', Principal: '*', Action: 'glacier:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ],
  ['a permission that ends', access({ Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } })],
];

export const GOOD_BACKUP: readonly Named[] = [
  [
    'recovery points are kept, but for who deploys',
    backup({
      Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'],
      Condition: { ArnNotLike: { 'aws:PrincipalArn': ADMIN } },
    }),
  ],
  [
    'the guide’s "deny access to a resource type"',
    backup({
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/MyRole` },
      Action: [
        'backup:UpdateRecoveryPointLifecycle',
        'backup:DescribeRecoveryPoint',
        'backup:DeleteRecoveryPoint',
        'backup:GetRecoveryPointRestoreMetadata',
        'backup:StartRestoreJob',
      ],
      Resource: ['arn:aws:ec2:eu-west-1::snapshot/*'],
    }),
  ],
  ['a partner may copy into the vault', backup({ Effect: 'Allow', Principal: { AWS: PARTNER }, Action: 'backup:CopyIntoBackupVault' })],
];
