import { possiblePrincipals } from './session-role';
import { evaluateSurely, parsePolicy, parsePolicyJson, PolicySyntaxError } from '../../src/policy';
import type { PolicyDocument, Principal, RequestContext } from '../../src/policy';

/** One request and the policies that it meets, as the command line takes them. */
export interface PolicyRequest {
  readonly policies: readonly PolicyDocument[];
  readonly vaultArn: string;
  readonly principal: Principal;
  readonly action: string;
  /** Whether the caller's own account lets it do everything. */
  readonly identityAllow: boolean;
  readonly context: RequestContext;
}

export interface PolicyAnswer {
  readonly decision: 'allow' | 'explicitDeny' | 'implicitDeny' | 'unknown';
  /** Index of the deciding statement in its policy; `null` where no statement of these policies decides. */
  readonly statement: number | null;
}

/** What is asked cannot be used; the message says why. */
export class UnusableInput extends Error {}

export function answer(request: PolicyRequest): PolicyAnswer {
  const [first = UNKNOWN, ...others] = possiblePrincipals(request).map((principal) => answerFor({ ...request, principal }));
  return others.every(({ decision }) => decision === first.decision) ? first : UNKNOWN;
}

const UNKNOWN: PolicyAnswer = { decision: 'unknown', statement: null };

function answerFor({ policies, vaultArn, identityAllow, ...request }: PolicyRequest): PolicyAnswer {
  const decision = evaluateSurely(
    { ...request, resource: vaultArn, resourceAccount: accountOf(vaultArn) },
    { identity: identityAllow ? 'administrator' : [], resource: policies },
  );
  if (decision === 'unknown') return UNKNOWN;
  return { decision: decision.decision, statement: decision.kind === 'resource' ? (decision.statement ?? null) : null };
}

/**
 * @param policy the document, or its text
 * @throws UnusableInput
 */
export function policyOf(policy: unknown, name: string): PolicyDocument {
  try {
    return typeof policy === 'string' ? parsePolicy(policy) : parsePolicyJson(policy);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw new UnusableInput(`${name}: ${error.message}`);
    throw error;
  }
}

const VAULT_ARN = /^arn:[\w-]+:(glacier:[\w-]+:\d{12}:vaults\/[\w.-]+|backup:[\w-]+:\d{12}:backup-vault:[\w./-]+)$/;

/** @throws UnusableInput unless it is the ARN of a vault */
export function vaultArnOf(text: string): string {
  if (VAULT_ARN.test(text)) return text;
  throw new UnusableInput(
    `\`--vault-arn\` must be the ARN of a Glacier vault or a backup vault, such as arn:aws:glacier:us-east-1:123456789012:vaults/ledger, got: ${text}`,
  );
}

/** @throws UnusableInput unless it is the ARN of a vault, or of something in it */
export function resourceArnOf(text: string): string {
  if (/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(text)) return text;
  throw new UnusableInput(`\`--vault-arn\` must be an ARN such as arn:aws:glacier:us-east-1:123456789012:vaults/ledger, got: ${text}`);
}

/**
 * An ARN, an account id (its root user), a service such as `backup.amazonaws.com`, or `anonymous`.
 *
 * @throws UnusableInput
 */
export function principalOf(text: string): Principal {
  if (text === 'anonymous') return { kind: 'anonymous' };
  if (/^\d{12}$/.test(text)) return { kind: 'aws', arn: `arn:aws:iam::${text}:root`, accountId: text };
  if (/^arn:[^:]+:(iam|sts)::[^:]+:.+$/.test(text)) return { kind: 'aws', arn: text, accountId: accountOf(text) };
  if (/^[\w-]+(\.[\w-]+)+$/.test(text)) return { kind: 'service', name: text };
  throw new UnusableInput(
    `\`--principal\` must be an IAM or STS ARN, a service such as backup.amazonaws.com, or \`anonymous\`, got: ${text}`,
  );
}

/** @throws UnusableInput */
export function actionOf(text: string): string {
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(text)) return text;
  throw new UnusableInput(`\`--action\` must be service:Operation, such as glacier:DeleteArchive, got: ${text}`);
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
