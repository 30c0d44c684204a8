import type { Backup } from './backup';
import { INVENTED, invalidParameter, RECORDED } from './errors';
import { parsePolicy } from '../../src/policy';
import type { PolicyDocument, Statement } from '../../src/policy';
import { IamStore } from '../iam/iam-store';

const ROLE = /^arn:[^:]*:iam::(\d{12}):role\//;

/** @throws AwsError `InvalidParameterValueException` for a policy that AWS Backup would not take */
export function checkPolicy(backup: Backup, text: string): void {
  const limit = Number(backup.switched('backup.policySizeLimit'));
  if (limit > 0 && Buffer.byteLength(text, 'utf8') > limit) throw invalidParameter(INVENTED.policyTooLong(limit));
  const { statements } = parsed(text);
  if (backup.switched('backup.wildcardAction') === 'refused' && statements.some(hasWildcardAction)) {
    throw invalidParameter(INVENTED.wildcardAction);
  }
  if (!statements.flatMap(actionsOf).every((action) => isKnownAction(action, backup.operations))) {
    throw invalidParameter(INVENTED.invalidPolicy);
  }
  if (backup.switched('backup.unknownPrincipal') === 'refused' && statements.some((statement) => hasUnknownRole(backup, statement))) {
    throw invalidParameter(RECORDED.invalidPrincipal);
  }
}

/** Without white space, arrays of one entry as that entry; `Statement` stays an array. */
export function readBackForm(text: string): string {
  const document = JSON.parse(text) as { Statement: unknown };
  const statements = Array.isArray(document.Statement) ? (document.Statement as unknown[]) : [document.Statement];
  return JSON.stringify({ ...document, Statement: statements.map(unwrap) });
}

function parsed(text: string): PolicyDocument {
  try {
    return parsePolicy(text, { requirePrincipal: true });
  } catch {
    throw invalidParameter(INVENTED.invalidPolicy);
  }
}

function actionsOf({ action = [], notAction = [] }: Statement): readonly string[] {
  return [...action, ...notAction];
}

function hasWildcardAction(statement: Statement): boolean {
  return actionsOf(statement).some((action) => /[*?]/.test(action));
}

/** One that is misspelt would protect nothing, so it is not let through here. */
function isKnownAction(action: string, operations: readonly string[]): boolean {
  const [service = '', name = ''] = action.toLowerCase().split(':', 2);
  if (/[*?]/.test(action)) return action === '*' || service === 'backup';
  // The two that are rights only: no operation has their name.
  const known = [...operations, 'CopyIntoBackupVault', 'CopyFromBackupVault'];
  return service === 'backup' && known.some((operation) => operation.toLowerCase() === name);
}

function hasUnknownRole(backup: Backup, { principal = [], notPrincipal = [] }: Statement): boolean {
  const { accountId, state, clock } = backup.world;
  const iam = new IamStore({ accountId, state, clock, delay: () => 0 });
  const knownBefore = clock.now() - Number(backup.switched('backup.principalSeconds')) * 1000;
  const isKnown = (arn: string) => (iam.roleOf(arn)?.createdAt ?? Infinity) <= knownBefore;
  return [...principal, ...notPrincipal].some(
    (pattern) => pattern.kind === 'aws' && ROLE.exec(pattern.arn)?.[1] === accountId && !isKnown(pattern.arn),
  );
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? unwrap(value[0]) : value.map(unwrap);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}
