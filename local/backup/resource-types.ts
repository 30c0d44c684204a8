import * as crypto from 'node:crypto';
import type { Backup } from './backup';
import { vaultArn } from './backup';
import { NativeHandler } from './native-handler';
import { applySettings, changeTags, lockConfigurationOf, tagsOf } from './native-settings';

import type { Vault } from './state';
import { vaultState } from './vault-operations';
import type { Properties, ResourceResult, ResourceScope, ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import type { RestJsonOperations } from '../protocol/rest-json';
import { numberProperty, requiredText, textProperty } from '../resources/properties';
import { isChanged, recordedType, refuseReplacementOfNamed } from '../resources/recorded-type';
import { lookUp } from '../server/look-up';

/** The CloudFormation resource types of AWS Backup: vaults are alive, plans and selections are only recorded. */
export function backupResourceTypes(backup: Backup, operations: RestJsonOperations): ResourceTypes {
  const handler = new NativeHandler(backup.world, operations);
  return new Map([
    ['AWS::Backup::BackupVault', vaultType(backup, handler)],
    ['AWS::Backup::LogicallyAirGappedBackupVault', airGappedVaultType(backup, handler)],
    ['AWS::Backup::BackupPlan', backupPlanType()],
    ['AWS::Backup::BackupSelection', backupSelectionType()],
  ]);
}

function vaultType(backup: Backup, handler: NativeHandler): ResourceType {
  return nativeVaultType(backup, handler, {
    replaceOn: ['EncryptionKeyArn'],
    create: async (properties, scope) => {
      lockConfigurationOf(properties);
      await handler.call(scope, 'CreateBackupVault', creation(properties));
    },
    attributes: (vault, arn) => ({ BackupVaultArn: arn, BackupVaultName: vault.name }),
  });
}

function airGappedVaultType(backup: Backup, handler: NativeHandler): ResourceType {
  return nativeVaultType(backup, handler, {
    replaceOn: ['EncryptionKeyArn', 'MinRetentionDays', 'MaxRetentionDays'],
    create: async (properties, scope) => {
      await handler.call(scope, 'CreateLogicallyAirGappedBackupVault', {
        ...creation(properties),
        MinRetentionDays: numberProperty(properties, 'MinRetentionDays'),
        MaxRetentionDays: numberProperty(properties, 'MaxRetentionDays'),
      });
      const { available } = vaultOf(backup, requiredText(properties, 'BackupVaultName'), scope)!;
      await new Promise<void>((resolve) => void backup.world.clock.at(available, resolve));
    },
    attributes: (vault, arn) => ({
      BackupVaultArn: arn,
      BackupVaultName: vault.name,
      EncryptionKeyArn: vault.encryptionKeyArn,
      VaultState: vaultState(vault, backup.now()),
      VaultType: vault.type,
    }),
  });
}

interface NativeVaultProps {
  /** Properties, beside the name, whose change is a replacement. */
  readonly replaceOn: readonly string[];
  readonly create: (properties: Properties, scope: ResourceScope) => Promise<void>;
  readonly attributes: (vault: Vault, arn: string) => ResourceResult['attributes'];
}

function nativeVaultType(backup: Backup, handler: NativeHandler, props: NativeVaultProps): ResourceType {
  const result = (name: string, scope: ResourceScope): ResourceResult => {
    const { region, partition, accountId: account } = scope;
    const vault = vaultOf(backup, name, scope);
    if (!vault) throw new Error(`Resource of type '${scope.resourceType}' with identifier '${name}' was not found.`);
    return { physicalId: name, attributes: props.attributes(vault, vaultArn({ region, partition, account }, name)) };
  };
  const create: ResourceType['create'] = async (properties, scope) => {
    const name = requiredText(properties, 'BackupVaultName');
    await props.create(properties, scope);
    try {
      await applySettings(handler, name, properties, {}, scope);
      return result(name, scope);
    } catch (error) {
      // CloudFormation deletes what it could not make to the end.
      await handler.call(scope, 'DeleteBackupVault', { BackupVaultName: name }).catch(() => undefined);
      throw error;
    }
  };
  return {
    create,
    update: async (physicalId, properties, previous, scope) => {
      if (props.replaceOn.some((property) => isChanged(properties, previous, property))) {
        refuseReplacementOfNamed(properties, previous, 'BackupVaultName');
        return create(properties, scope);
      }
      if (textProperty(properties, 'BackupVaultName') !== physicalId) return create(properties, scope);
      result(physicalId, scope);
      const rePuts = backup.switched('backup.nativeRePutsLock') === 'yes';
      await applySettings(handler, physicalId, properties, previous, scope, rePuts);
      await changeTags(handler, physicalId, properties, previous, scope);
      return result(physicalId, scope);
    },
    delete: async (physicalId, _properties, scope) => {
      // A missing vault is a 403 to callers; CloudFormation's handler knows better.
      if (!vaultOf(backup, physicalId, scope)) return;
      await handler.call(scope, 'DeleteBackupVault', { BackupVaultName: physicalId });
    },
  };
}

function creation(properties: Properties) {
  return {
    BackupVaultName: requiredText(properties, 'BackupVaultName'),
    BackupVaultTags: tagsOf(properties),
    EncryptionKeyArn: textProperty(properties, 'EncryptionKeyArn'),
    CreatorRequestId: crypto.randomUUID(),
  };
}

function vaultOf(backup: Backup, name: string, { accountId, region }: ResourceScope): Vault | undefined {
  return lookUp(backup.placeOf(accountId, region).estate.vaults, name);
}

function backupPlanType(): ResourceType {
  return recordedType({
    generate: () => crypto.randomUUID(),
    attributes: ({ name, scope: { partition, region, accountId } }) => ({
      BackupPlanId: name,
      BackupPlanArn: `arn:${partition}:backup:${region}:${accountId}:backup-plan:${name}`,
      VersionId: crypto.randomBytes(36).toString('base64'),
    }),
  });
}

function backupSelectionType(): ResourceType {
  return recordedType({
    generate: (_scope, properties) => `${requiredText(properties, 'BackupPlanId')}_${crypto.randomUUID()}`,
    attributes: ({ name, properties }) => {
      const plan = requiredText(properties, 'BackupPlanId');
      return { Id: name, BackupPlanId: plan, SelectionId: name.slice(plan.length + 1) };
    },
    replaceOn: ['*'],
  });
}
