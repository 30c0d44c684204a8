import { CfnResource, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { Dependable, type IConstruct, type IDependable } from 'constructs';
import { identityOf } from '../synthesis/once-per-app';

/** The resource behind a vault that this app defines, as far as the vault itself tells. */
export function definitionOf(vault: backup.IBackupVault): backup.CfnBackupVault | undefined {
  const child = vault.node.defaultChild;
  if (isVaultResource(child)) return child;
  const name = Tokenization.reverse(vault.backupVaultName);
  const target = Reference.isReference(name) ? name.target : undefined;
  return isVaultResource(target) ? target : undefined;
}

/** The resource in this app that is the same vault, though it is referred to by name. To be called when the tree is complete. */
export function findDefinition(scope: IConstruct, identity: string): backup.CfnBackupVault | undefined {
  return scope.node.root.node.findAll().find((construct): construct is backup.CfnBackupVault => {
    return isVaultResource(construct) && identityOf(construct, Stack.of(construct), construct.backupVaultName) === identity;
  });
}

/** To wait for the vault's resource if it stands in the same stack, though it is referred to by name and may be defined later. */
export function waitForDefinition(scope: IConstruct, identity: string): IDependable {
  const dependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      const definition = findDefinition(scope, identity);
      return definition && Stack.of(definition) === Stack.of(scope) ? [definition] : [];
    },
  });
  return dependable;
}

function isVaultResource(construct: IConstruct | undefined): construct is backup.CfnBackupVault {
  return (
    construct !== undefined &&
    CfnResource.isCfnResource(construct) &&
    construct.cfnResourceType === backup.CfnBackupVault.CFN_RESOURCE_TYPE_NAME
  );
}
