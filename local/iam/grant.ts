import { canonicalStatement, evaluate, parsePolicy } from '../../src/policy';
import type { Effect, EvaluationRequest, PolicyDocument } from '../../src/policy';

/**
 * A policy document and what it replaced, as long as that still counts. IAM is eventually consistent: a right that is given takes
 * effect some time later. One that is taken away is gone at once here, the harder case for whoever relies on it.
 */
export interface Grant {
  /** In the order in which they were written; the last one is the document of record. */
  versions: GrantVersion[];
}

export interface GrantVersion {
  readonly document: string;
  /** Milliseconds since 1970. */
  readonly effectiveAt: number;
}

/** The document of record. */
export function documentOf(grant: Grant): string {
  return grant.versions[grant.versions.length - 1]?.document ?? '';
}

/** The grant with another document of record. `delay` (milliseconds) is asked only if the document gives a right that it did not give. */
export function rewriteGrant(grant: Grant | undefined, document: string, now: number, delay: () => number): Grant {
  const versions = grant ? stillCounting(grant.versions, now) : [];
  const last = versions[versions.length - 1];
  const since = last && isNoWider(last.document, document) ? Math.max(now, last.effectiveAt) : now + delay();
  return { versions: [...versions, { document, effectiveAt: since }] };
}

/**
 * What the grant says to a request at a time. A document that has not taken effect denies already, and allows what both it and the one
 * in effect allow.
 */
export function documentsInForce(grant: Grant, request: EvaluationRequest, now: number): PolicyDocument[] {
  const [inEffect, ...pending] = stillCounting(grant.versions, now);
  if (inEffect === undefined) return [];
  const record = parsePolicy(documentOf(grant));
  if (pending.length === 0 && inEffect.effectiveAt <= now) return [record];
  const before = inEffect.effectiveAt <= now ? parsePolicy(inEffect.document) : undefined;
  const decision = before && evaluateAlone(before, request);
  if (before && decision === 'explicitDeny') return [before];
  return [decision === 'allow' ? record : only('Deny', record)];
}

/** From the last version that is in effect on. */
function stillCounting(versions: readonly GrantVersion[], now: number): GrantVersion[] {
  const inEffect = versions.map(({ effectiveAt }) => effectiveAt <= now).lastIndexOf(true);
  return versions.slice(Math.max(0, inEffect));
}

function evaluateAlone(document: PolicyDocument, request: EvaluationRequest) {
  return evaluate(request, { identity: [document], resource: [], boundary: undefined }).decision;
}

function isNoWider(before: string, after: string): boolean {
  const [old, next] = [parsePolicy(before), parsePolicy(after)];
  return includesAll(texts('Allow', old), texts('Allow', next)) && includesAll(texts('Deny', next), texts('Deny', old));
}

function includesAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((text) => all.includes(text));
}

function texts(effect: Effect, document: PolicyDocument): string[] {
  return only(effect, document).statements.map((statement) => canonicalStatement({ ...statement, sid: undefined }));
}

function only(effect: Effect, document: PolicyDocument): PolicyDocument {
  return { ...document, statements: document.statements.filter((statement) => statement.effect === effect) };
}
