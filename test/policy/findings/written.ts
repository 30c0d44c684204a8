import { check } from '../../../local/policy/check';
import type { Finding } from '../../../src/policy';
import { ACCOUNT, VAULT } from '../published-policies';

export const AGE = 'glacier:ArchiveAgeInDays';
export const HOLD = 'glacier:ResourceTag/LegalHold';
export const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;
export const PARTNER = '210987654321';
export const BACKUP_VAULT = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:nightly`;

export type StatementJson = { readonly [element: string]: unknown };

export const under = (days: string | number, operator = 'NumericLessThan') => ({ [operator]: { [AGE]: days } });

/** Statements that keep archives for a year unless they say otherwise. An element that is `undefined` is not there. */
export function lock(...statements: StatementJson[]): string {
  return written(
    statements.map((statement) => ({
      Effect: 'Deny',
      ...('NotPrincipal' in statement ? {} : { Principal: '*' }),
      ...('NotAction' in statement ? {} : { Action: 'glacier:DeleteArchive' }),
      ...('NotResource' in statement ? {} : { Resource: VAULT }),
      Condition: under('365'),
      ...statement,
    })),
  );
}

/** Statements that let a partner upload unless they say otherwise. */
export function access(...statements: StatementJson[]): string {
  return written(
    statements.map((statement) => ({
      Effect: 'Allow',
      ...('NotPrincipal' in statement ? {} : { Principal: { AWS: PARTNER } }),
      Action: 'glacier:UploadArchive',
      Resource: VAULT,
      ...statement,
    })),
  );
}

export function backup(...statements: StatementJson[]): string {
  return written(statements.map((statement) => ({ Effect: 'Deny', Principal: '*', Resource: '*', ...statement })));
}

function written(statements: readonly StatementJson[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Nobody but the administrator may change tags. */
export const TAG_PROTECTION: StatementJson = {
  Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'],
  Condition: { ArnNotLike: { 'aws:PrincipalArn': ADMIN } },
};

export const RETENTION: StatementJson = {};

export function findings(text: string, kind: 'lock' | 'access' = 'lock', vaultArn = VAULT): readonly Finding[] {
  return check({ kind, text, vaultArn }).report.findings;
}

export function ids(text: string, kind: 'lock' | 'access' = 'lock', vaultArn = VAULT): string[] {
  return findings(text, kind, vaultArn).map(({ id }) => id);
}
