import { vaultArn } from './backup';
import type { LockRequest } from './lock';
import { causeOf } from './native-handler';
import type { NativeHandler } from './native-handler';
import type { Properties, ResourceScope } from '../cloudformation/resource-type';
import { numberProperty, objectProperty, requiredText, textList } from '../resources/properties';
import { isChanged } from '../resources/recorded-type';

/**
 * What a template says about a vault beside its creation and tags: put when it has changed, taken away when the property has gone. So removing
 * `LockConfiguration` unlocks the vault.
 *
 * @param rePutsLock put the lock again although it has not changed
 */
export async function applySettings(
  handler: NativeHandler,
  name: string,
  properties: Properties,
  previous: Properties,
  scope: ResourceScope,
  rePutsLock = false,
): Promise<void> {
  const lock = lockConfigurationOf(properties);
  const vault = { BackupVaultName: name };
  const call = (operation: string, input: object = {}) => handler.call(scope, operation, { ...vault, ...input });

  if (isChanged(properties, previous, 'AccessPolicy')) {
    if (isSet(properties, 'AccessPolicy')) await call('PutBackupVaultAccessPolicy', { Policy: policyText(properties) });
    else await call('DeleteBackupVaultAccessPolicy');
  }
  if (isChanged(properties, previous, 'Notifications')) {
    if (isSet(properties, 'Notifications')) await call('PutBackupVaultNotifications', notificationsOf(properties));
    else await call('DeleteBackupVaultNotifications');
  }
  const changesLock = isChanged(properties, previous, 'LockConfiguration');
  if (lock && (changesLock || rePutsLock)) await call('PutBackupVaultLockConfiguration', lock);
  if (!lock && changesLock) await call('DeleteBackupVaultLockConfiguration').catch(unlessNotFound);
}

/** @throws Error for one without `MinRetentionDays`, which only CloudFormation requires */
export function lockConfigurationOf(properties: Properties): LockRequest | undefined {
  if (!isSet(properties, 'LockConfiguration')) return undefined;
  const lock = objectProperty(properties, 'LockConfiguration');
  const days = (property: string) => numberProperty(lock, property);
  if (days('MinRetentionDays') === undefined) {
    throw new Error('Properties validation failed: #/LockConfiguration: required key [MinRetentionDays] not found');
  }
  return {
    MinRetentionDays: days('MinRetentionDays'),
    MaxRetentionDays: days('MaxRetentionDays'),
    ChangeableForDays: days('ChangeableForDays'),
  };
}

/** A map here, not a list as with most types. */
export function tagsOf(properties: Properties): Record<string, string> {
  return Object.fromEntries(Object.entries(objectProperty(properties, 'BackupVaultTags')).map(([key, value]) => [key, String(value)]));
}

/** After the creation, which brings its own. */
export async function changeTags(
  handler: NativeHandler,
  name: string,
  properties: Properties,
  previous: Properties,
  scope: ResourceScope,
): Promise<void> {
  const [tags, before] = [tagsOf(properties), tagsOf(previous)];
  const { partition, region, accountId: account } = scope;
  const target = { ResourceArn: vaultArn({ partition, region, account }, name) };
  const added = Object.fromEntries(Object.entries(tags).filter(([key, value]) => before[key] !== value));
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(tags, key));
  if (removed.length > 0) await handler.call(scope, 'UntagResource', { ...target, TagKeyList: removed });
  if (Object.keys(added).length > 0) await handler.call(scope, 'TagResource', { ...target, Tags: added });
}

function notificationsOf(properties: Properties) {
  const notifications = objectProperty(properties, 'Notifications');
  return { SNSTopicArn: requiredText(notifications, 'SNSTopicArn'), BackupVaultEvents: textList(notifications, 'BackupVaultEvents') };
}

function policyText(properties: Properties): string {
  const policy = properties.AccessPolicy;
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}

function isSet(properties: Properties, name: string): boolean {
  return properties[name] !== undefined && properties[name] !== null;
}

/** What the handler takes away may be gone already. */
function unlessNotFound(error: unknown): void {
  if (causeOf(error) !== 'ResourceNotFoundException') throw error;
}
