import { Notifications, Tags } from './services';
import { vaultArn } from './vault-arn';
import { policySize } from '../../src/policy/canonical';
import { PolicyDocument } from '../../src/policy/model';
import { parsePolicy } from '../../src/policy/parse';
import { matchesPattern, wildcardPattern } from '../../src/policy/pattern';
import { statementName } from '../../src/policy/statement-name';
import { GlacierVaultLockProperties, GlacierVaultProperties, LockStage, LockStages, OWNER_TAG } from '../../src/private/contract';
import { Stack } from '../cloudformation/owner';
import { parseBoolean, shown } from '../cloudformation/properties';
import { Refusal } from '../cloudformation/refusal';
import { Properties } from '../cloudformation/request';

export interface VaultProperties {
  readonly vaultName: string;
  readonly adoptExisting: boolean;
  readonly accessPolicy?: string;
  readonly tags: Tags;
  readonly notifications?: Notifications;
}

export interface LockProperties {
  readonly vaultName: string;
  readonly policy: string;
  readonly stage: LockStage;
  readonly acknowledge?: string;
}

const MAX_POLICY_BYTES = 20_480;
const MAX_TAGS = 50;
const EVENTS = ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'];

export function parseVaultProperties(properties: Properties, stack: Stack): VaultProperties {
  const given = properties as Partial<Record<keyof GlacierVaultProperties, unknown>>;
  const vaultName = parseVaultName(given.VaultName);
  return {
    vaultName,
    adoptExisting: parseBoolean(given.AdoptExisting, '`adoptExisting`'),
    accessPolicy: given.AccessPolicy ? parsePolicyText(given.AccessPolicy, '`accessPolicy`', vaultArn(stack, vaultName)) : undefined,
    tags: parseTags(given.Tags),
    notifications: parseNotifications(given.NotificationTopicArn, given.NotificationEvents),
  };
}

export function parseLockProperties(properties: Properties, stack: Stack): LockProperties {
  const given = properties as Partial<Record<keyof GlacierVaultLockProperties, unknown>>;
  const stages: readonly unknown[] = Object.values(LockStages);
  if (!stages.includes(given.Stage)) throw new Refusal(`\`stage\` must be one of ${stages.join(', ')}; it is ${shown(given.Stage)}.`);
  const vaultName = parseVaultName(given.VaultName);
  return {
    vaultName,
    policy: requireRetention(parsePolicyText(given.Policy, '`policy`', vaultArn(stack, vaultName))),
    stage: given.Stage as LockStage,
    // Copied by people: what stands around it does not count.
    acknowledge: given.Acknowledge ? String(given.Acknowledge).trim() : undefined,
  };
}

/** What an earlier template said, read without judging: earlier versions of this library may have allowed other shapes. */
export function readOldVaultProperties(properties: Properties): Partial<VaultProperties> {
  const { AccessPolicy, NotificationTopicArn, Tags: tags } = properties;
  return {
    vaultName: readVaultName(properties),
    accessPolicy: AccessPolicy ? String(AccessPolicy) : undefined,
    tags: tags && typeof tags === 'object' && !Array.isArray(tags) ? (tags as Tags) : {},
    notifications: NotificationTopicArn ? { topicArn: String(NotificationTopicArn), events: [] } : undefined,
  };
}

/** The vault's name if it is a valid one. */
export function readVaultName(properties: Properties): string | undefined {
  const name = properties.VaultName;
  return typeof name === 'string' && isVaultName(name) ? name : undefined;
}

/** An empty name or one of dots would turn `DELETE /-/vaults/{name}` into a call on something else. */
function isVaultName(name: string): boolean {
  return /^[A-Za-z0-9_.-]{1,255}$/.test(name) && name !== '.' && name !== '..';
}

function parseVaultName(value: unknown): string {
  if (typeof value === 'string' && isVaultName(value)) return value;
  throw new Refusal(`\`vaultName\` must be 1 to 255 of A-Z a-z 0-9 _ . - and neither "." nor ".."; it is ${shown(value)}.`);
}

/** @param arn of the vault that the policy is for; a statement for another one protects nothing */
function parsePolicyText(value: unknown, name: string, arn: string): string {
  if (typeof value !== 'string') throw new Refusal(`${name} must be a policy document as JSON text.`);
  const stray = parsed(value, name).statements.findIndex(
    ({ resource }) => resource && !resource.some((pattern) => matchesPattern(wildcardPattern(pattern), arn)),
  );
  if (stray >= 0) {
    throw new Refusal(
      `${name}: ${statementName(stray)} can never mean the vault that it is attached to, ${arn}: its resources are others. ` +
        'Leave `resources` out, so that this vault is filled in; a vault of another account or region is locked from a stack there.',
    );
  }
  const size = policySize(value);
  if (size > MAX_POLICY_BYTES) {
    throw new Refusal(`${name} has ${size} bytes; Glacier takes at most ${MAX_POLICY_BYTES}. Merge statements or shorten lists.`);
  }
  return value;
}

/** A period that is filled in at deployment may turn out to be none. */
function requireRetention(policy: string): string {
  const idle = parsed(policy, '`policy`').statements.findIndex(({ effect, conditions }) =>
    conditions.some(
      ({ operator, key, values }) =>
        effect === 'Deny' &&
        /^NumericLessThan$/i.test(operator) &&
        /^glacier:ArchiveAgeInDays$/i.test(key) &&
        values.every((days) => !(Number(days) > 0)),
    ),
  );
  if (idle < 0) return policy;
  throw new Refusal(
    `\`policy\`: ${statementName(idle)} denies nothing, because no archive is younger than that. Retain for at least 1 day.`,
  );
}

function parsed(value: string, name: string): PolicyDocument {
  try {
    return parsePolicy(value, { requirePrincipal: true });
  } catch (error) {
    throw new Refusal(`${name} is not a valid policy: ${(error as Error).message}.`);
  }
}

function parseTags(value: unknown): Tags {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('`tags` must be a map of keys to values.');
  // CloudFormation's own tags are not ours to set, and Glacier refuses them.
  const tags = Object.entries(value as Properties).filter(([key]) => !key.startsWith('aws:'));
  if (tags.length > MAX_TAGS - 1) {
    throw new Refusal(`\`tags\` has ${tags.length} entries; a vault takes ${MAX_TAGS}, one of which says which resource owns it.`);
  }
  for (const [key, text] of tags) {
    if (key === OWNER_TAG) throw new Refusal(`\`tags\` must not contain ${OWNER_TAG}: it says which resource owns the vault.`);
    if (key.length < 1 || key.length > 128) throw new Refusal(`\`tags\`: the key ${shown(key)} must have 1 to 128 characters.`);
    if (typeof text !== 'string' || text.length > 255) {
      throw new Refusal(`\`tags\`: the value of ${shown(key)} must be a text of at most 255 characters.`);
    }
  }
  return Object.fromEntries(tags) as Tags;
}

function parseNotifications(topic: unknown, events: unknown): Notifications | undefined {
  const list: unknown[] = Array.isArray(events) ? events : events ? [events] : [];
  if (!topic && list.length === 0) return undefined;
  if (typeof topic !== 'string' || !topic || list.length === 0 || !list.every((event) => EVENTS.includes(event as string))) {
    throw new Refusal(`the vault's notifications need an SNS topic and one or both of the events ${EVENTS.join(', ')}.`);
  }
  return { topicArn: topic, events: list as string[] };
}
