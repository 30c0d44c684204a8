import { explore, parsePolicy, PolicySyntaxError, type PolicyDocument } from '../policy';
import { mustBeDenied, obligationsOf, type Claim, type Obligation } from './claim';
import { undecidedText, type AskedPolicy } from './proof-words';
import { deniedToSpared, forAllButSpared } from './spared-principals';
import { assumedPeriods } from './symbolic-period';
import { isKnown, readable } from '../synthesis/known-text';

/** The policies that are attached to a vault, and the vault; all as `knownText`. */
export interface AttachedPolicies {
  readonly lock: string;
  readonly vaultArn: string;
  /** `undefined`: there is none, or nobody knows it. Asked for only where it matters. */
  access(): string | undefined;
}

/** What came of a claim that is not proved. */
export interface Disproof {
  readonly claim: Claim;
  /** `unknown`: there is no counter-example either. */
  readonly verdict: 'fails' | 'unknown';
  /** Whole sentences. */
  readonly reason: string;
}

/** Which of the claims are not proved, and why. */
export function disprove(claims: readonly Claim[], { lock, access, vaultArn }: AttachedPolicies): Disproof[] {
  return claims.flatMap((claim) => {
    // What the lock must deny it must deny by itself.
    if (mustBeDenied(claim) && isProved(claim, { lock, vaultArn })) return [];
    const attached = { lock, access: access(), vaultArn };
    return !mustBeDenied(claim) && isProved(claim, attached) ? [] : (disproveOne(claim, attached) ?? []);
  });
}

interface Attached {
  readonly lock: string;
  readonly access?: string | undefined;
  readonly vaultArn: string;
}

/** By policies what is proved of them. */
const PROVED = new Map<string, Set<string>>();
const MAX_PROVED = 1000;

/** An app has many vaults with the same policy. What is proved for a vault whose name is not known is proved for every vault. */
function isProved(claim: Claim, attached: Attached): boolean {
  const general = forAnyName(attached);
  const key = `${general.vaultArn}\n${general.lock}\n${general.access ?? ''}`;
  const proved = PROVED.get(key) ?? new Set();
  const claimed = JSON.stringify(claim);
  if (proved.has(claimed)) return true;
  if (disproveOne(claim, general) !== undefined) return false;
  if (PROVED.size >= MAX_PROVED) PROVED.clear();
  PROVED.set(key, proved.add(claimed));
  return true;
}

/** No mark of `knownText` has a space. */
const ANY_NAME = '\uE000any vault\uE001';

function forAnyName({ lock, access, vaultArn }: Attached): Attached {
  const anyArn = vaultArn.replace(/[^/]+$/, ANY_NAME);
  const generalize = (text: string) => text.split(vaultArn).join(anyArn);
  return { lock: generalize(lock), access: access === undefined ? undefined : generalize(access), vaultArn: anyArn };
}

/** The policies, read: what a claim is held against. */
interface Case {
  readonly claim: Claim;
  readonly vaultArn: string;
  readonly lock: PolicyDocument;
  readonly access: readonly PolicyDocument[];
  /** What the days of the claim are taken for, where they are not known. */
  readonly assumedDays?: number;
}

function disproveOne(claim: Claim, attached: Attached): Disproof | undefined {
  const documents = parsed(attached);
  if ('verdict' in documents) return { claim, ...documents };
  const blind = blindSpot(claim, documents);
  if (blind !== undefined) return { claim, verdict: 'unknown', reason: blind };
  return firstDefined(casesOf(claim, documents, attached.vaultArn), (asked) =>
    firstDefined(obligationsOf(claim, documents, asked.assumedDays), (obligation) => examine(asked, obligation)),
  );
}

/** The lock policy and, if there is one, the access policy; or why that cannot be. */
function parsed({ lock, access }: Attached): PolicyDocument[] | Omit<Disproof, 'claim'> {
  const texts = [{ name: 'lock policy', text: lock }, ...(access === undefined ? [] : [{ name: 'access policy', text: access }])];
  const documents: PolicyDocument[] = [];
  for (const { name, text } of texts) {
    try {
      documents.push(parsePolicy(text));
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      if (!isKnown(text)) return { verdict: 'unknown', reason: `The ${name} can only be read after the deployment.` };
      return { verdict: 'fails', reason: `The ${name} is no policy: ${error.message}.` };
    }
  }
  return documents;
}

/** Of a caller of whom only a token is known nobody can tell whether it is a role or a user, nor its name. */
function blindSpot(claim: Claim, documents: readonly PolicyDocument[]): string | undefined {
  if (!('arn' in claim) || claim.arn.includes(':')) return undefined;
  const conditions = documents.flatMap(({ statements }) => statements.flatMap((statement) => statement.conditions));
  const asking = conditions.find(({ key }) => /^aws:(principaltype|username)$/i.test(key));
  return asking && `A statement asks for ${asking.key}, which is only known of this principal after the deployment.`;
}

function casesOf(claim: Claim, documents: readonly PolicyDocument[], vaultArn: string): Case[] {
  const caseOf = ([lock, ...access]: readonly PolicyDocument[]): Case => ({ claim, vaultArn, lock: lock!, access });
  if (claim.kind !== 'noDeletionBefore' || isKnown(claim.days)) return [caseOf(documents)];
  return assumedPeriods(claim.days, documents).map(({ days, policies }) => ({ ...caseOf(policies), assumedDays: days }));
}

function examine({ claim, vaultArn, lock, access, assumedDays }: Case, obligation: Obligation): Disproof | undefined {
  const { question, spared } = obligation;
  if (spared.length > 0 && holdsForAllButSpared(obligation, lock, vaultArn)) return undefined;
  const own: AskedPolicy = { document: lock, name: 'lock policy' };
  const others = access.map((document): AskedPolicy => ({ document, name: 'access policy' }));
  const excluded = excludedBy(obligation);
  const ask = (asked: readonly AskedPolicy[]) => ({
    asked,
    answer: explore({
      ...question,
      policies: asked.map(({ document }) => document),
      policyNames: asked.map(({ name }) => (name === undefined ? null : `the ${name}`)),
      vaultArn,
    }),
  });
  const first = ask(mustBeDenied(claim) ? [own, ...excluded] : [own, ...others, ...excluded]);
  if (first.answer.verdict === 'holds') return undefined;

  // The more telling one, because it may name the statement that lets somebody in.
  const together = mustBeDenied(claim) && others.length > 0 ? ask([own, ...others, ...excluded]) : first;
  const { asked, answer } = together.answer.verdict === 'fails' ? together : first;
  const remarks = [
    ...(together.answer.verdict === 'holds' ? ['Only the access policy denies it, and that can be changed at any time.'] : []),
    ...(assumedDays === undefined ? [] : [`This is so with a period of ${assumedDays} days.`]),
  ];
  const disproof = (verdict: Disproof['verdict'], text: string) => ({ claim, verdict, reason: [text, ...remarks].join(' ') });
  if (answer.verdict === 'holds') return undefined;
  return answer.verdict === 'fails'
    ? disproof('fails', readable(answer.counterExample.explanation))
    : disproof('unknown', undecidedText(answer, { action: question.action, vaultArn, asked }));
}

/** What the question is not about, as a policy of its own. */
function excludedBy({ beside, spared }: Obligation): AskedPolicy[] {
  const statements = spared.length > 0 ? [...beside, deniedToSpared(spared)] : beside;
  return statements.length > 0 ? [{ document: { statements } }] : [];
}

/** A proof, where there is one; no counter-example, because whoever is spared is looked at like all the others. */
function holdsForAllButSpared({ question, beside, spared }: Obligation, lock: PolicyDocument, vaultArn: string): boolean {
  const policies = [forAllButSpared(lock, spared), { statements: beside }];
  return explore({ ...question, policies, vaultArn }).verdict === 'holds';
}

function firstDefined<T, R>(items: readonly T[], judge: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = judge(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
