import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import { daysOf } from './template-value';
import { templateEntry } from '../synthesis/template-entry';
import type { Warning } from '../synthesis/warnings';

const KEY = 'AWS::KMS::Key';

/** AWS KMS API reference, ScheduleKeyDeletion: PendingWindowInDays, 7 to 30; this is the default. */
const LONGEST_PENDING_WINDOW = 30;

/** Whoever deletes the key of a locked vault has made its recovery points unreadable, lock or no lock. */
export function keyWarnings(vault: CfnResource): Warning[] {
  const key = keyOf(vault);
  if (!key) return [];
  const entry = templateEntry(key);
  const deleting = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).filter((name) => (entry[name] ?? 'Delete') === 'Delete');
  if (deleting.length === 0) return [];
  const window = daysOf(entry.Properties?.PendingWindowInDays);
  const days = typeof window === 'number' ? window : LONGEST_PENDING_WINDOW;
  return [
    {
      id: 'lockedVaultKeyDeletable',
      message:
        `This vault is locked, but its key '${key.node.path}' is deleted with its stack (\`${deleting.join('` and `')}\` Delete), ${days} days later at the latest: ` +
        'then nobody can read the recovery points any more, although nobody can delete them. Give the key RemovalPolicy.RETAIN.',
    },
  ];
}

/** The key, if this app defines it. */
function keyOf(vault: CfnResource): CfnResource | undefined {
  const { encryptionKeyArn } = vault as Partial<Pick<backup.CfnBackupVault, 'encryptionKeyArn'>>;
  const token = encryptionKeyArn === undefined ? undefined : Tokenization.reverse(encryptionKeyArn);
  const target = Reference.isReference(token) ? token.target : undefined;
  return target && CfnResource.isCfnResource(target) && target.cfnResourceType === KEY ? target : undefined;
}
