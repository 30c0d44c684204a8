/** Policies as AWS published them, word for word but for white space. Several do not do what their authors say; see the tests. */

export const ACCOUNT = '123456789012';
export const VAULT = 'arn:aws:glacier:us-west-2:123456789012:vaults/examplevault';

/** Guide, "Vault Lock Policies", example 1: deny deletion of archives less than 365 days old. */
export const RETAIN_ONE_YEAR = `{ "Version":"2012-10-17", "Statement":[ { "Sid": "deny-based-on-archive-age", "Principal": "*",
  "Effect": "Deny", "Action": "glacier:DeleteArchive", "Resource": [ "arn:aws:glacier:us-west-2:123456789012:vaults/examplevault" ],
  "Condition": { "NumericLessThan" : { "glacier:ArchiveAgeInDays" : "365" } } } ] }`;

/** Guide, "Vault Lock Policies", example 2: legal hold, and an age rule that is the wrong way round. */
export const LEGAL_HOLD = `{ "Version":"2012-10-17", "Statement":[ { "Sid": "no-one-can-delete-any-archive-from-vault", "Principal": "*",
  "Effect": "Deny", "Action": [ "glacier:DeleteArchive" ], "Resource": [ "arn:aws:glacier:us-west-2:123456789012:vaults/examplevault" ],
  "Condition": { "StringLike": { "glacier:ResourceTag/LegalHold": [ "true", "" ] } } },
  { "Sid": "you-can-delete-archive-less-than-1-year-old", "Principal": "*", "Effect": "Allow", "Action": [ "glacier:DeleteArchive" ],
  "Resource": [ "arn:aws:glacier:us-west-2:123456789012:vaults/examplevault" ],
  "Condition": { "NumericLessThan": { "glacier:ArchiveAgeInDays": "365" } } } ] }`;

/** API reference, InitiateVaultLock: note the account root as the only principal and the spelling of the key. */
export const INITIATE_SAMPLE =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Define-vault-lock","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"glacier:DeleteArchive","Resource":"arn:aws:glacier:us-west-2:999999999999:vaults/examplevault","Condition":{"NumericLessThanEquals":{"glacier:ArchiveAgeinDays":"365"}}}]}';

/** API reference, SetVaultAccessPolicy. */
export const OWNER_ACCESS =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Define-owner-access-rights","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"glacier:DeleteArchive","Resource":"arn:aws:glacier:us-west-2:999999999999:vaults/examplevault"}]}';

/** API reference, GetVaultAccessPolicy: a bare account id as the principal. */
export const TIME_BASED_DELETES =
  ' { "Version": "2012-10-17", "Statement": [ { "Sid": "allow-time-based-deletes", "Principal": { "AWS": "999999999999" }, "Effect": "Allow", "Action": "glacier:Delete*", "Resource": [ "arn:aws:glacier:us-west-2:999999999999:vaults/examplevault" ], "Condition": { "DateGreaterThan": { "aws:CurrentTime": "2018-12-31T00:00:00Z" } } } ] } ';

export const EVERYONE_ACCESS = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"glacier:*","Resource":"${VAULT}"}}`;
