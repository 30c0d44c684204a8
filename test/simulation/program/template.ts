import type {
  BackupLockSpec,
  BackupSlot,
  BackupSlotName,
  GlacierLockSpec,
  GlacierSlot,
  GlacierSlotName,
  LockPolicyName,
  TemplateSpec,
  VaultSpec,
} from './template-spec';
import { samePolicy } from '../../../src/policy/canonical';
import { acknowledgementOf, policyFingerprint } from '../../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../../src/private/backup-lock-fingerprint';
import { ResourceTypes } from '../../../src/private/contract';
import { ACCOUNT, OTHER_ACCOUNT, REGION } from '../world/services';

/** CloudFormation templates, in the words that the constructs write; a test holds the two together. */

const SERVICE_TIMEOUT_SECONDS = 900;
const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

export const glacierArn = (vault: string) => `arn:aws:glacier:${REGION}:${ACCOUNT}:vaults/${vault}`;
export const backupArn = (vault: string) =>
  `arn:aws:backup:${REGION}:${vault === REMOTE_VAULT ? OTHER_ACCOUNT : ACCOUNT}:backup-vault:${vault}`;

const GLACIER_NAMES: { readonly [slot in GlacierSlotName]: readonly [string, string] } = {
  Ledger: ['ledger', 'ledger-2'],
  Audit: ['audit', 'audit-2'],
  Mail: ['mail', 'mail-2'],
};
export const REMOTE_VAULT = 'remote';
/** The second name of `Test` belongs to a vault that cannot be locked, that of `Remote` to none. */
const BACKUP_NAMES: { readonly [slot in BackupSlotName]: readonly [string, string] } = {
  Prod: ['prod', 'prod-2'],
  Test: ['test', 'air-gapped'],
  Remote: [REMOTE_VAULT, 'missing'],
};
export const BACKUP_VAULTS = ['prod', 'prod-2', 'test', REMOTE_VAULT];
export const AIR_GAPPED_VAULT = 'air-gapped';

export function vaultNameOf(slot: GlacierSlotName, { vault }: GlacierSlot): string {
  return GLACIER_NAMES[slot][vault?.renamed ? 1 : 0];
}

export function backupVaultOf(slot: BackupSlotName, { lock }: BackupSlot): string {
  return BACKUP_NAMES[slot][lock?.moved ? 1 : 0];
}

export function lockPolicy(vault: string, name: LockPolicyName): string {
  const Resource = [glacierArn(vault)];
  const retain = (days: string) => ({
    ...{ Sid: 'retain', Effect: 'Deny', Principal: '*', Action: ['glacier:DeleteArchive'], Resource },
    Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': days } },
  });
  const hold = {
    ...{ Sid: 'hold', Effect: 'Deny', Principal: '*', Resource },
    Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault', 'glacier:SetVaultAccessPolicy'],
  };
  const statements = { sevenYears: [retain('2555')], thirtyDays: [retain('30')], hold: [retain('2555'), hold] }[name];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export function accessPolicy(vault: string, name: Exclude<VaultSpec['access'], 'none'>): string {
  const account = { partner: '999999999999', auditor: '888888888888' }[name];
  const statement = { Effect: 'Allow', Principal: { AWS: account }, Action: ['glacier:UploadArchive'], Resource: glacierArn(vault) };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export function tagsOf({ tags }: VaultSpec): { readonly [key: string]: string } {
  return tags === 'none' ? {} : { team: tags, cost: 'none' };
}

/** What the user would have read off the deployment before. */
export function glacierAcknowledgement(vault: string, policy: LockPolicyName): string {
  return acknowledgementOf(vault, policyFingerprint(glacierArn(vault), lockPolicy(vault, policy)));
}

export function backupAcknowledgement(vault: string, min: number, max: number): string {
  return acknowledgementOf(vault, backupLockFingerprint(backupArn(vault), { minRetentionDays: min, maxRetentionDays: max }));
}

export function accessStatements(name: Exclude<BackupSlot['access'], undefined>): readonly object[] {
  const block = {
    ...{ Sid: 'blockDeletion', Effect: 'Deny', Principal: '*', Action: ['backup:DeleteRecoveryPoint'], Resource: '*' },
  };
  const partner = {
    ...{ Sid: 'partner', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' } },
    ...{ Action: ['backup:CopyIntoBackupVault'], Resource: '*' },
  };
  const home = {
    ...{ Sid: 'home', Effect: 'Deny', Principal: '*', Action: ['backup:DeleteBackupVault'], Resource: '*' },
    Condition: { StringNotEquals: { 'aws:PrincipalTag/vault': '${aws:username}' } },
  };
  return { blockDeletion: [block], partner: [partner], both: [block, partner], home: [home] }[name];
}

/** What the construct beside it writes. */
export const BESIDE: readonly object[] = [
  { Sid: 'beside', Effect: 'Deny', Principal: '*', Action: ['backup:UpdateRecoveryPointLifecycle'], Resource: '*' },
];

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: { readonly [logicalId: string]: Resource };
}

export function templateOf(spec: TemplateSpec): Template {
  const { glacier, backup, siblings } = spec;
  const resources: { [logicalId: string]: Resource | undefined } = {};
  for (const slot of Object.keys(glacier) as GlacierSlotName[]) Object.assign(resources, glacierResources(slot, glacier[slot] ?? {}));
  for (const slot of Object.keys(backup) as BackupSlotName[]) Object.assign(resources, backupResources(slot, backup[slot] ?? {}));
  siblings.forEach(({ fail, delayMs }, index) => {
    const properties = { ServiceToken: functionArn('sibling'), Fail: fail, DelayMs: String(delayMs) };
    resources[`Sibling${index}`] = { Type: 'Custom::Sibling', Properties: properties };
  });
  const present = Object.entries(resources).filter((entry): entry is [string, Resource] => entry[1] !== undefined);
  return { Resources: Object.fromEntries(spec.otherVersion ? present.map(otherVersion) : present) };
}

function glacierResources(slot: GlacierSlotName, content: GlacierSlot): { [logicalId: string]: Resource | undefined } {
  const { vault, lock } = content;
  const name = vaultNameOf(slot, content);
  return {
    [`${slot}Vault`]: vault && vaultResource(name, vault),
    [`${slot}Lock`]: lock && lockResource(slot, name, lock, vault !== undefined),
  };
}

function vaultResource(name: string, spec: VaultSpec): Resource {
  const { adopt, removal, access, notify } = spec;
  return {
    Type: ResourceTypes.GLACIER_VAULT,
    Properties: {
      ...common('glacier'),
      VaultName: name,
      ...(adopt && { AdoptExisting: 'true' }),
      ...(access !== 'none' && { AccessPolicy: accessPolicy(name, access) }),
      ...(spec.tags !== 'none' && { Tags: tagsOf(spec) }),
      ...(notify && {
        NotificationTopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:topic`,
        NotificationEvents: ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'],
      }),
    },
    DeletionPolicy: removal,
    UpdateReplacePolicy: removal,
  };
}

function lockResource(slot: GlacierSlotName, vault: string, { policy, stage, acknowledge }: GlacierLockSpec, inStack: boolean): Resource {
  const right = glacierAcknowledgement(vault, policy);
  const stale = glacierAcknowledgement(vault, policy === 'thirtyDays' ? 'sevenYears' : 'thirtyDays');
  const given = { right, stale, slip: right.slice(0, -1), none: undefined }[acknowledge];
  return {
    Type: ResourceTypes.GLACIER_VAULT_LOCK,
    Properties: {
      ...common('glacier'),
      VaultName: vault,
      Policy: lockPolicy(vault, policy),
      Stage: stage,
      ...(given !== undefined && { Acknowledge: given }),
    },
    ...(inStack && { DependsOn: [`${slot}Vault`] }),
    ...removed,
  };
}

function backupResources(slot: BackupSlotName, content: BackupSlot): { [logicalId: string]: Resource | undefined } {
  const { lock, access, beside } = content;
  const vault = backupVaultOf(slot, content);
  return {
    [`${slot}BackupLock`]: lock && backupLockResource(vault, lock),
    [`${slot}BackupAccess`]: access && accessResource(vault, accessStatements(access)),
    [`${slot}BackupBeside`]: beside ? accessResource(vault, BESIDE) : undefined,
  };
}

function accessResource(vault: string, statements: readonly object[]): Resource {
  return {
    Type: ResourceTypes.BACKUP_VAULT_ACCESS,
    Properties: { ...common('backup'), ...placeOf(vault), Statements: JSON.stringify(statements) },
    ...removed,
  };
}

function backupLockResource(vault: string, spec: BackupLockSpec): Resource {
  const { mode, min, max, coolingOff, acknowledge, onRemoval, allowPoints } = spec;
  const acknowledgement = { right: backupAcknowledgement(vault, min, max), stale: backupAcknowledgement(vault, 1, max), none: undefined };
  return {
    Type: ResourceTypes.BACKUP_VAULT_LOCK,
    Properties: {
      ...{ ...common('backup'), ...placeOf(vault), Mode: mode, MinRetentionDays: String(min), MaxRetentionDays: String(max) },
      ...(mode === 'compliance' && { CoolingOffDays: String(coolingOff), Acknowledge: acknowledgement[acknowledge] }),
      ...(allowPoints && mode === 'compliance' && { AllowPointsWithoutExpiry: 'true' }),
      OnRemoval: onRemoval,
    },
    ...removed,
  };
}

function placeOf(vault: string): object {
  if (vault !== REMOTE_VAULT) return { VaultName: vault };
  return { VaultName: vault, VaultAccount: OTHER_ACCOUNT, RoleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/locker` };
}

const removed = { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };
const common = (name: string) => ({ ServiceToken: functionArn(name), ServiceTimeout: SERVICE_TIMEOUT_SECONDS });

/** Optional properties that it did not know yet, and one that it knew and we do not. */
function otherVersion([logicalId, resource]: [string, Resource]): [string, Resource] {
  const { ServiceTimeout, OnRemoval, AllowPointsWithoutExpiry, AdoptExisting, ...Properties } = resource.Properties;
  void [ServiceTimeout, OnRemoval, AllowPointsWithoutExpiry, AdoptExisting];
  return [logicalId, { ...resource, Properties: { ...Properties, Legacy: 'yes' } }];
}

const POLICY_NAMES: readonly LockPolicyName[] = ['sevenYears', 'thirtyDays', 'hold'];

/** Which of the lock policies it is, in whatever form the service keeps it. */
export function policyNameOf(vault: string, text: string): LockPolicyName | undefined {
  return POLICY_NAMES.find((name) => samePolicy(text, lockPolicy(vault, name)));
}
