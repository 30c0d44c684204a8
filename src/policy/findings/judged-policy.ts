import { meantDocument, withoutNotPrincipal } from './meant';
import type { Finding } from './model';
import type { Service } from './vocabulary';
import type { PolicyDocument, Statement } from '../model';
import { Region, retentionOf, Retention } from '../proof';
import { placedStatements } from '../proof/clauses';
import { principalCells } from '../proof/principal-cells';
import type { Principal } from '../request';
import { actionMatches, hasVariables } from '../statement-matching';
import { statementName } from '../statement-name';
import { hasSymbol } from '../symbols';

export interface FindingsInput {
  readonly kind: 'lock' | 'access';
  /** `undefined` when the text is no policy; what is wrong with it may still be found in the text. */
  readonly document: PolicyDocument | undefined;
  readonly text: string;
  readonly vaultArn: string;
  /** What the document alone retains. */
  readonly retention: Retention;
}

/** A policy made ready for the rules. */
export interface JudgedPolicy {
  readonly kind: 'lock' | 'access';
  readonly service: Service;
  readonly vaultArn: string;
  readonly text: string;
  /** As it is written. */
  readonly document: PolicyDocument;
  /** Without slips of the pen, statement by statement the same. */
  readonly mended: PolicyDocument;
  /** The same, and a Deny with `NotPrincipal` for everyone. */
  readonly meant: PolicyDocument;
  /** Whether `${…}` in values are policy variables. */
  readonly variables: boolean;
  /** What it would retain as it was meant. */
  readonly retention: Retention;
  readonly account: string;
  /** Somebody of the vault's own account whom the policy does not mention. */
  readonly colleague: Principal;
  /** Somebody of an account that the policy does not mention. */
  readonly stranger: Principal;
}

/** One thing to look for. Pure. */
export type Rule = (policy: JudgedPolicy) => readonly Finding[];

export const DELETE_ARCHIVE = 'glacier:DeleteArchive';
const FOREIGN_ACCOUNTS = ['999999999999', '888888888888', '777777777777', '666666666666', '555555555555'];
const ACCOUNT_ID = /^\d{12}$/;
const ROLE_NAMES = ['anyone', 'somebody', 'whoever', 'another'];

export function judgedPolicy(input: FindingsInput & { readonly document: PolicyDocument }): JudgedPolicy {
  const { kind, document, vaultArn, text } = input;
  const [, partition = 'aws', , , account = ''] = vaultArn.split(':');
  const service = serviceOf(vaultArn);
  const mended = meantDocument(document, service, vaultArn);
  const meant = withoutNotPrincipal(mended);
  const foreign = FOREIGN_ACCOUNTS.find((id) => id !== account && !text.includes(id)) ?? '000000000000';
  return {
    kind,
    service,
    vaultArn,
    text,
    document,
    mended,
    meant,
    variables: hasVariables(document),
    retention: meant === document ? input.retention : retentionOf([meant], vaultArn),
    account,
    colleague: roleOf(partition, account, text),
    stranger: roleOf(partition, foreign, text),
  };
}

export function serviceOf(vaultArn: string): Service {
  return vaultArn.split(':')[2] === 'backup' ? 'backup' : 'glacier';
}

function roleOf(partition: string, accountId: string, policyText: string): Principal {
  const name = ROLE_NAMES.find((candidate) => !policyText.includes(candidate)) ?? 'role-of-no-policy';
  return { kind: 'aws', arn: `arn:${partition}:iam::${accountId}:role/${name}`, accountId };
}

/**
 * Everybody of the vault's account whom the policy can tell apart. Where only the deployment knows the account, it may turn out to be any
 * that the policy names.
 */
export function ownersOf({ mended, vaultArn, account }: JudgedPolicy): Owners {
  const { principals, inexact } = principalCells(vaultArn, placedStatements([mended]));
  const mayOwn = (id: string) => id === account || (hasSymbol(account) && ACCOUNT_ID.test(id));
  return {
    principals: principals.filter((principal) => principal.kind === 'aws' && mayOwn(principal.accountId)),
    complete: inexact.size === 0,
  };
}

export interface Owners {
  readonly principals: readonly Principal[];
  /** Whether there are no others. */
  readonly complete: boolean;
}

/** What a caller from anywhere brings: none of what policies use to let in their own people. */
export const FROM_ANYWHERE: NonNullable<Region['context']> = {
  'aws:PrincipalOrgID': 'o-anybodys',
  'aws:PrincipalOrgPaths': 'o-anybodys/r-root/',
  'aws:SourceAccount': null,
  'aws:SourceArn': null,
  'aws:SourceOrgID': null,
  'aws:SourceVpc': null,
  'aws:SourceVpce': null,
  'aws:SourceVpcArn': null,
  'aws:VpceAccount': null,
  'aws:VpceOrgID': null,
  'aws:VpcSourceIp': null,
  'aws:SourceIdentity': null,
  'aws:userid': 'AIDAANYBODY',
  // Reserved (RFC 7526): nobody's network.
  'aws:SourceIp': '192.88.99.77',
};

/** The same of an account on its own, which is in no organization. */
export const FROM_NO_ORGANIZATION: NonNullable<Region['context']> = {
  ...FROM_ANYWHERE,
  'aws:PrincipalOrgID': null,
  'aws:PrincipalOrgPaths': null,
};

/** Statements of the document as it was meant, with their places. */
export function statementsOf({ meant }: JudgedPolicy): { readonly statement: Statement; readonly index: number }[] {
  return meant.statements.map((statement, index) => ({ statement, index }));
}

/** Denies of archives' deletion, as they were meant. */
export function deletionDenies(policy: JudgedPolicy): { readonly statement: Statement; readonly index: number }[] {
  return statementsOf(policy).filter(({ statement }) => statement.effect === 'Deny' && actionMatches(statement, DELETE_ARCHIVE));
}

/** Whether the key is a tag of the vault. */
export function isTagKey(key: string): boolean {
  return /^glacier:resourcetag\//i.test(key);
}

export function isDateKey(key: string): boolean {
  return /^aws:(currenttime|epochtime)$/i.test(key);
}

/** How messages call a statement. */
export function nameOf({ sid }: Statement, index: number): string {
  return statementName(index, sid);
}
