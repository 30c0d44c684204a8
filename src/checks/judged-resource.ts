import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type { AppLocks } from './app-locks';
import { AIR_GAPPED_VAULT, backupLockOf, BACKUP_VAULT, type BackupLock } from './backup-lock';
import { deployerWarnings } from './deployer';
import { keyWarnings } from './encryption-key';
import { glacierShortfall } from './glacier-lock';
import { policyFindings, read, type AttachedPolicy } from './policy-findings';
import { backupShortfall, failing, MET, type Requirements, type Shortfall } from './requirements';
import { isAbsent, policyTextOf, type Days } from './template-value';
import { backupVaultArn, glacierVaultArn } from './vault-place';
import { rulesFor } from '../backup/backup-plans';
import { lockWarnings } from '../backup/lock-warnings';
import { GlacierVault } from '../glacier/vault';
import { GlacierVaultLock } from '../glacier/vault-lock';
import { LockStages, ResourceTypes } from '../private/contract';
import { isKnown, knownText } from '../synthesis/known-text';
import { identityOf } from '../synthesis/once-per-app';
import type { Warning } from '../synthesis/warnings';

/** What is asked of an app. */
export interface AppRequirements extends Requirements {
  readonly requireLock: boolean;
}

/** What is judged: a resource as it stands in the template, and what else there is. */
export interface JudgedResource {
  readonly resource: CfnResource;
  readonly properties: { readonly [name: string]: unknown };
  readonly asked: AppRequirements;
  readonly locks: AppLocks;
}

export interface Judgement {
  readonly failures: Shortfall;
  readonly warnings: readonly Warning[];
}

const JUDGES: { readonly [type: string]: (judged: JudgedResource) => Judgement } = {
  [BACKUP_VAULT]: judgeBackupVault,
  [AIR_GAPPED_VAULT]: judgeBackupVault,
  [ResourceTypes.BACKUP_VAULT_LOCK]: judgeBackupLock,
  [ResourceTypes.BACKUP_VAULT_ACCESS]: judgeBackupAccess,
  [ResourceTypes.GLACIER_VAULT]: judgeGlacierVault,
  [ResourceTypes.GLACIER_VAULT_LOCK]: judgeGlacierLock,
};

export function isJudged({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType in JUDGES;
}

/** To be called when the tree is complete. */
export function judge(judged: JudgedResource): Judgement {
  return JUDGES[judged.resource.cfnResourceType]!(judged);
}

function judgeBackupVault(judged: JudgedResource): Judgement {
  const { resource, properties, asked, locks } = judged;
  const own = backupLockOf(resource.cfnResourceType, properties);
  const isLocked = own !== undefined || locks.has(resource, properties.BackupVaultName);
  const failures = own
    ? backupShortfall(own, asked)
    : isLocked || !asked.requireLock
      ? MET
      : withoutLock('BackupVaultLock, or a `lockConfiguration`');
  const warnings = [
    ...(own && resource.cfnResourceType === BACKUP_VAULT ? nativeLockWarnings(judged, own) : []),
    ...(isLocked ? keyWarnings(resource) : []),
    ...backupPolicyWarnings(resource, properties.AccessPolicy, backupVaultArn(Stack.of(resource), properties.BackupVaultName)),
  ];
  return { failures, warnings };
}

/** A `BackupVaultLock` says all else about itself. */
function judgeBackupLock({ resource, properties, asked }: JudgedResource): Judgement {
  const lock = backupLockOf(resource.cfnResourceType, properties)!;
  return { failures: backupShortfall(lock, asked), warnings: [] };
}

function judgeBackupAccess({ resource, properties }: JudgedResource): Judgement {
  const stack = Stack.of(resource);
  const { VaultName, VaultRegion, VaultAccount, Statements } = properties;
  // A list of statements, and not yet a policy.
  const text = `{"Version":"2012-10-17","Statement":${knownText(stack, Statements)}}`;
  const vaultArn = backupVaultArn(stack, VaultName, { region: VaultRegion, account: VaultAccount });
  return { failures: MET, warnings: policyWarnings({ kind: 'access', text, vaultArn }) };
}

function judgeGlacierVault({ resource, properties, asked, locks }: JudgedResource): Judgement {
  const { VaultName, AccessPolicy } = properties;
  const isLocked = !asked.requireLock || locks.has(resource, VaultName);
  return {
    failures: isLocked ? MET : withoutLock('GlacierVaultLock'),
    warnings: resource.node.scope instanceof GlacierVault ? [] : glacierPolicyWarnings('access', resource, VaultName, AccessPolicy),
  };
}

function judgeGlacierLock({ resource, properties, asked }: JudgedResource): Judgement {
  const { VaultName, Policy, Stage } = properties;
  if (Stage === LockStages.ABORT) return { failures: MET, warnings: [] };
  const stack = Stack.of(resource);
  return {
    failures: glacierShortfall(policyTextOf(stack, Policy), glacierVaultArn(stack, VaultName), asked.minimumDays),
    warnings: resource.node.scope instanceof GlacierVaultLock ? [] : glacierPolicyWarnings('lock', resource, VaultName, Policy),
  };
}

function withoutLock(remedy: string): Shortfall {
  return failing(
    'vaultWithoutLock',
    `This vault must have a lock (\`requireLock\` of VaultLockChecks), and has none in this app: whoever has the permission can delete what is in it. Give it a ${remedy}.`,
  );
}

function nativeLockWarnings({ resource, properties }: JudgedResource, { mode, minRetention, maxRetention }: BackupLock): Warning[] {
  const stack = Stack.of(resource);
  const name = knownText(stack, properties.BackupVaultName);
  const given = { minRetentionDays: minRetention, maxRetentionDays: maxRetention };
  return lockWarnings({
    vaultName: name,
    bounds: { minRetentionDays: known(minRetention), maxRetentionDays: known(maxRetention) },
    given: (['minRetentionDays', 'maxRetentionDays'] as const).filter((bound) => given[bound] !== 'none'),
    compliance: mode === 'compliance',
    rules: () =>
      rulesFor(
        {
          literalName: name,
          literalArn: backupVaultArn(stack, name),
          properties: { VaultName: name },
          definition: resource as backup.CfnBackupVault,
          dependables: [],
          identity: isKnown(name) ? identityOf(resource, stack, name) : resource.node.path,
        },
        resource,
      ),
  });
}

function known(days: Days): number | undefined {
  return typeof days === 'number' ? days : undefined;
}

function backupPolicyWarnings(resource: CfnResource, policy: unknown, vaultArn: string): Warning[] {
  const stack = Stack.of(resource);
  if (isAbsent(policy)) return [];
  const text = textOrMark(stack, policy);
  const findings = policyWarnings({ kind: 'access', text, vaultArn });
  // Who shuts out everybody has shut out the deployer.
  return findings.some(({ id }) => id === 'deny-too-broad') ? findings : [...findings, ...deployerWarnings(stack, { text, vaultArn })];
}

function glacierPolicyWarnings(kind: 'lock' | 'access', resource: CfnResource, vaultName: unknown, policy: unknown): Warning[] {
  const stack = Stack.of(resource);
  return isAbsent(policy) ? [] : policyWarnings({ kind, text: textOrMark(stack, policy), vaultArn: glacierVaultArn(stack, vaultName) });
}

function textOrMark(stack: Stack, policy: unknown): string {
  return policyTextOf(stack, policy) ?? knownText(stack, policy);
}

function policyWarnings(policy: AttachedPolicy): Warning[] {
  const findings = policyFindings(policy);
  if (findings.length === 0 && !read(policy.text)) return [notJudged(policy)];
  return findings;
}

function notJudged({ kind, text }: AttachedPolicy): Warning {
  return {
    id: 'policyNotJudged',
    message: isKnown(text)
      ? `The ${kind} policy of this vault is no policy, and is refused. Write one in JSON.`
      : `Only the deployment knows the ${kind} policy of this vault, so nobody knows what it means. Write it so that it can be read when the app is synthesized: conditions of the template may choose a text in it, and not a statement.`,
  };
}
