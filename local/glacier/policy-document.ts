import { switchValue } from './switches';
import { MAX_POLICY_BYTES, parsePolicy, policySize } from '../../src/policy';
import type { PolicyDocument, Statement } from '../../src/policy';
import type { World } from '../server/world';

/** Identity policies only: https://docs.aws.amazon.com/amazonglacier/latest/dev/glacier-api-permissions-ref.html */
const IDENTITY_ONLY = ['createvault', 'getdataretrievalpolicy', 'setdataretrievalpolicy'];
const VERSIONED = /^(2012-10-17|2008-10-17)$/;
const STRING = 'String(Not)?Equals(IgnoreCase)?|String(Not)?Like';
const NUMBER_OR_DATE = '(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)';
const OTHER = 'Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)';
const OPERATOR = new RegExp(`^((ForAllValues|ForAnyValue):)?(${STRING}|${NUMBER_OR_DATE}|${OTHER})(IfExists)?$|^Null$`, 'i');

export interface PolicyRules {
  readonly world: Pick<World, 'switches'>;
  readonly vaultArn: string;
  /** Names of all operations of the service. */
  readonly operations: readonly string[];
}

/** The policy as a vault takes it, in the form in which it is read back; undefined when Glacier would call it invalid. */
export function acceptPolicy(text: string, rules: PolicyRules): string | undefined {
  try {
    const document = parsePolicy(text, { requirePrincipal: true });
    const size = switchValue(rules.world, 'glacier.policySize') === 'sent' ? Buffer.byteLength(text, 'utf8') : policySize(text);
    if (size > MAX_POLICY_BYTES || !hasVersion(document, rules)) return undefined;
    return document.statements.every((statement) => isAcceptable(statement, rules)) ? readBackForm(text) : undefined;
  } catch {
    return undefined;
  }
}

const DOCUMENT_ORDER = ['Version', 'Id', 'Statement'];
const STATEMENT_ORDER = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;

/**
 * The form that Glacier was seen to answer: minified, arrays of one entry as that entry (`Statement` stays an array), elements in a
 * fixed order. `"*"` and `{"AWS":"*"}` stay as they were sent.
 */
export function readBackForm(text: string): string {
  const document = JSON.parse(text) as Record<string, unknown>;
  const statements = Array.isArray(document.Statement) ? (document.Statement as unknown[]) : [document.Statement];
  const unwrapped = statements.map((statement) => inOrder(unwrap(statement) as Record<string, unknown>, STATEMENT_ORDER));
  return JSON.stringify(inOrder({ ...document, Statement: unwrapped }, DOCUMENT_ORDER));
}

function hasVersion(document: PolicyDocument, rules: PolicyRules): boolean {
  if (document.version === undefined) return switchValue(rules.world, 'glacier.policyWithoutVersion') === 'accepted';
  return VERSIONED.test(document.version);
}

function isAcceptable(statement: Statement, rules: PolicyRules): boolean {
  const actions = [...(statement.action ?? []), ...(statement.notAction ?? [])];
  return (
    actions.every((action) => isVaultAction(action, rules.operations)) &&
    statement.conditions.every(({ operator }) => OPERATOR.test(operator)) &&
    (statement.notPrincipal === undefined || switchValue(rules.world, 'glacier.notPrincipal') === 'accepted') &&
    [...(statement.resource ?? []), ...(statement.notResource ?? [])].every((resource) => isVaultResource(resource, rules))
  );
}

/** An action that can apply to a vault; one that is misspelt would protect nothing, so it is not let through here either. */
function isVaultAction(action: string, operations: readonly string[]): boolean {
  if (action === '*') return true;
  const [service, name = ''] = action.toLowerCase().split(':', 2);
  const pattern = wildcard(name);
  return service === 'glacier' && operations.some((known) => !IDENTITY_ONLY.includes(known.toLowerCase()) && pattern.test(known));
}

function isVaultResource(resource: string, rules: PolicyRules): boolean {
  if (resource !== '*' && !resource.startsWith('arn:')) return false;
  return switchValue(rules.world, 'glacier.foreignResource') === 'accepted' || wildcard(resource).test(rules.vaultArn);
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i');
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? unwrap(value[0]) : value.map(unwrap);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}

function inOrder(value: Readonly<Record<string, unknown>>, order: readonly string[]): object {
  return Object.fromEntries(order.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));
}
