import type * as backup from 'aws-cdk-lib/aws-backup';
import { templateEntry } from '../synthesis/template-entry';

/** A vault with a lock by CloudFormation's own means cannot have one of ours. To be called when the tree is complete. */
export function nativeLockErrors(vault: backup.CfnBackupVault, vaultName: string): string[] {
  if (templateEntry(vault).Properties?.LockConfiguration === undefined) return [];
  return [
    `\`vault\` must not have a lock of its own, but '${vault.node.path}' gives '${vaultName}' a \`lockConfiguration\`: CloudFormation would change ` +
      'the lock behind this construct. Drop the `lockConfiguration`. Where it is deployed already, that unlocks the vault for a moment: CloudFormation removes ' +
      'that lock, as long as it can be removed, and this construct makes it anew in the same deployment. Let that deployment have nothing else in it: if it fails ' +
      'and is rolled back, the vault can end unlocked.',
  ];
}
