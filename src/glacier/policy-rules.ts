import { Condition, MAX_POLICY_BYTES, parsePolicy, PolicyDocument, PolicySyntaxError, Statement } from '../policy';
import { holeWarnings, type PlacedWarning, type PolicyKind } from './policy-holes';
import { canBeVault, nameOf, surelyVault } from './policy-matching';
import { conditionHolds } from '../policy/conditions';
import { NEEDED } from '../policy/findings/reach';
import { isAgeKey } from '../policy/proof/axes';
import { actionMatches, namesAction } from '../policy/statement-matching';
import { isKnown, readable, withoutUnknown } from '../synthesis/known-text';
import type { Warning } from '../synthesis/warnings';

/** The policy to judge, and the vault that it is attached to; both as `knownText`. */
export interface PolicyInPlace {
  /** The construct's property, as the user knows it. */
  readonly property: string;
  /** JSON without white space. */
  readonly text: string;
  readonly vaultArn: string;
  readonly account: string;
}

export interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Judges a vault access policy. */
export function accessPolicyFindings(policy: PolicyInPlace): Findings {
  const document = parse(policy);
  if (!document.statements) return document;
  const exposed = document.statements.filter(isPublic);
  const lockedOut = document.statements.filter((statement) => deniesDeployments(statement, NEEDED.access, policy) !== 'no');
  return withHoles('access', policy, document, {
    errors: commonErrors(policy, document),
    warnings: [
      ...exposed.map((statement) => ({
        id: 'publicAccessPolicy',
        statement: document.statements.indexOf(statement),
        message:
          `\`${policy.property}\`: ${nameOf(statement, document)} lets everyone in, every AWS account there is, and the owner of the vault pays for what they do. ` +
          'Name the principals, or add a condition such as aws:PrincipalOrgID.',
      })),
      ...lockedOut.map((statement) => ({
        id: 'accessPolicyDeniesDeployments',
        statement: document.statements.indexOf(statement),
        message:
          `\`${policy.property}\`: ${nameOf(statement, document)} may deny calls that deployments of this vault make, so that they fail and cannot take the statement back. ` +
          'Name the actions or the principals that it is meant for.',
      })),
    ],
  });
}

/** Judges a Vault Lock policy, which nobody can repair once it is complete. */
export function lockPolicyFindings(policy: PolicyInPlace, allowSelfLockout: boolean): Findings {
  const document = parse(policy);
  if (!document.statements) return document;
  const lockouts = document.statements.map((statement) => ({ statement, denied: deniesDeployments(statement, NEEDED.lock, policy) }));
  const certain = allowSelfLockout ? [] : lockouts.filter(({ denied }) => denied === 'yes');
  const accepted = lockouts.filter(({ denied }) => denied === 'perhaps' || (denied === 'yes' && allowSelfLockout));
  return withHoles('lock', policy, document, {
    errors: [
      ...commonErrors(policy, document),
      ...certain.map(
        ({ statement }) =>
          `\`${policy.property}\`: ${nameOf(statement, document)} denies everyone, the deployments of this stack included, calls that they need: ` +
          `${neededAndDenied(statement).join(', ')}. The lock could be neither watched nor taken back nor completed. ` +
          'Name only the actions that you want to deny (e.g. glacier:DeleteArchive), or accept it with `allowSelfLockout: true`.',
      ),
    ],
    warnings: [...accepted.map(({ statement }) => selfLockoutWarning(statement, policy, document)), ...weaknesses(policy, document)],
  });
}

interface PlacedFindings extends Findings {
  readonly warnings: readonly PlacedWarning[];
}

/** A policy with errors is not looked at any closer: it is not deployed, and no warning is shown. */
function withHoles(kind: PolicyKind, policy: PolicyInPlace, document: PolicyDocument, { errors, warnings }: PlacedFindings): Findings {
  if (errors.length > 0) return { errors, warnings };
  const holes = holeWarnings(kind, policy, document, warnings);
  return { errors, warnings: [...warnings, ...holes] };
}

/** A text whose tokens do not stand inside JSON strings cannot be judged here; the handler does it. */
function parse({ property, text }: PolicyInPlace): PolicyDocument | (Findings & { readonly statements?: undefined }) {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    return isKnown(text)
      ? { errors: [`\`${property}\` is no policy: ${readable(error.message)}.`], warnings: [] }
      : { errors: [], warnings: [notJudged(property)] };
  }
}

function notJudged(property: string): Warning {
  return {
    id: 'policyNotJudged',
    message:
      `\`${property}\` can only be read after the deployment, so nobody knows what it means: a token stands for a list or a statement in it. ` +
      'Use tokens for texts only.',
  };
}

function commonErrors(policy: PolicyInPlace, document: PolicyDocument): string[] {
  return [...document.statements.flatMap((statement) => statementErrors(statement, policy, document)), ...sizeErrors(policy)];
}

function statementErrors(statement: Statement, { property, vaultArn }: PolicyInPlace, document: PolicyDocument): string[] {
  const name = nameOf(statement, document);
  const errors: string[] = [];
  if (statement.notPrincipal) {
    errors.push(
      `\`${property}\`: ${name} has \`NotPrincipal\`, which Glacier does not document and which never means the sessions of a role. ` +
        'Use `principals: [new StarPrincipal()]` with an ArnNotLike condition on aws:PrincipalArn.',
    );
  } else if (!statement.principal) {
    errors.push(
      `\`${property}\`: ${name} has no principal, and a policy that is attached to a vault must say whom it means. ` +
        'Add `principals`; `new StarPrincipal()` means everyone.',
    );
  }
  const dead = statement.resource
    ? !statement.resource.some((resource) => canBeVault(resource, vaultArn))
    : statement.notResource?.some((resource) => surelyVault(resource, vaultArn));
  if (dead) {
    errors.push(
      `\`${property}\`: ${name} is for '${readable((statement.resource ?? ['everything but this vault']).join("', '"))}' and can never mean the vault that it is attached to, ` +
        `'${readable(vaultArn)}'. Leave \`resources\` out: this vault is filled in.`,
    );
  }
  for (const action of [...(statement.action ?? []), ...(statement.notAction ?? [])].filter(cannotBeInVaultPolicy)) {
    errors.push(
      `\`${property}\`: ${name} names the action '${readable(action)}', which no policy of a vault can have, so that Glacier refuses the whole policy. ` +
        'Use actions of `glacier:` that work on a vault; put the others into policies of roles or users.',
    );
  }
  return errors;
}

/** Amazon Glacier Developer Guide, "API permissions: actions, resources, and conditions": these three are for identities only. */
const IDENTITY_ONLY = ['glacier:createvault', 'glacier:getdataretrievalpolicy', 'glacier:setdataretrievalpolicy'];

function cannotBeInVaultPolicy(action: string): boolean {
  if (!isKnown(action)) return false;
  const service = action.split(':', 1)[0] ?? '';
  return !namesAction(service, 'glacier') || IDENTITY_ONLY.includes(action.toLowerCase());
}

function sizeErrors({ property, text }: PolicyInPlace): string[] {
  const bytes = Buffer.byteLength(withoutUnknown(text), 'utf8');
  if (bytes <= MAX_POLICY_BYTES) return [];
  return [
    `\`${property}\` must have at most ${MAX_POLICY_BYTES} bytes (the 20 KB of Glacier), got: ${isKnown(text) ? '' : 'at least '}${bytes} bytes. ` +
      'Put principals and actions that share a rule into one statement, or use wildcards.',
  ];
}

/**
 * Whether the statement takes away what deployments need. A condition on who calls may well spare the role of the
 * deployments (its name is not known yet): perhaps. No other condition can be relied on to spare it for ever.
 */
function deniesDeployments(statement: Statement, needed: readonly string[], { account }: PolicyInPlace): 'no' | 'perhaps' | 'yes' {
  const concernsUs = statement.effect === 'Deny' && needed.some((action) => actionMatches(statement, action));
  if (!concernsUs || !coversOwnRole(statement, account) || statement.conditions.some(neverHoldsForDeployments)) return 'no';
  return statement.conditions.some(({ key }) => /^aws:(principal|user)/i.test(key)) ? 'perhaps' : 'yes';
}

function neededAndDenied(statement: Statement): string[] {
  return NEEDED.lock.filter((action) => actionMatches(statement, action));
}

function coversOwnRole(statement: Statement, account: string): boolean {
  return (statement.principal ?? []).some((principal) => {
    if (principal.kind === 'everyone') return true;
    if (principal.kind === 'account') return principal.accountId === account || !isKnown(account);
    return principal.kind === 'aws' && principal.arn.endsWith(':root') && !isKnown(principal.arn);
  });
}

/** What every call of the deployments' function brings; their requests are for no archive, and have no age. */
const CONTEXT_OF_DEPLOYMENTS = { 'aws:SecureTransport': 'true', 'aws:PrincipalIsAWSService': 'false' };

function neverHoldsForDeployments(condition: Condition): boolean {
  const isGiven = Object.keys(CONTEXT_OF_DEPLOYMENTS).some((key) => key.toLowerCase() === condition.key.toLowerCase());
  return (isGiven || isAgeKey(condition.key)) && conditionHolds(condition, CONTEXT_OF_DEPLOYMENTS, true) === false;
}

function isPublic(statement: Statement): boolean {
  const everyone = statement.principal?.some(({ kind }) => kind === 'everyone') ?? false;
  return statement.effect === 'Allow' && everyone && statement.conditions.length === 0;
}

function selfLockoutWarning(statement: Statement, { property }: PolicyInPlace, document: PolicyDocument): PlacedWarning {
  return {
    id: 'selfLockout',
    statement: document.statements.indexOf(statement),
    message:
      `\`${property}\`: ${nameOf(statement, document)} may deny the deployments of this stack ${neededAndDenied(statement).join(', ')}. ` +
      'Once the lock is complete, nobody can change that.',
  };
}

/** What a lock policy says in vain. */
function weaknesses({ property }: PolicyInPlace, document: PolicyDocument): PlacedWarning[] {
  const sparing = document.statements.filter((statement) => statement.effect === 'Deny' && sparesOtherAccounts(statement));
  return sparing.map((statement) => ({
    id: 'lockPolicySparesOtherAccounts',
    statement: document.statements.indexOf(statement),
    message: `\`${property}\`: ${nameOf(statement, document)} denies principals of the named accounts only; an access policy may later let in others. Use \`new StarPrincipal()\` to mean everyone.`,
  }));
}

function sparesOtherAccounts(statement: Statement): boolean {
  return statement.principal?.every(({ kind }) => kind === 'account') ?? false;
}
