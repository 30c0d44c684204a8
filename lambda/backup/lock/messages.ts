import { LockRefusal, LockVerdict } from './decide';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { backupLockFingerprint, RetentionBounds } from '../../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_OWNER_TAG } from '../../../src/private/contract';
import { acknowledgementProblem } from '../../cloudformation/acknowledgement';
import { Place } from '../place';
import { BackupVaultDescription } from '../services';

export interface Circumstances {
  readonly place: Place;
  readonly vault?: BackupVaultDescription;
  readonly acknowledge?: string;
  /** The resource that the owner tag names, if it is another one. */
  readonly otherOwner?: string;
  /** ARN of a recovery point that never expires. */
  readonly point?: string;
}

export const moment = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString());

export function boundsText({ minRetentionDays, maxRetentionDays }: RetentionBounds): string {
  const days = (value: number | undefined) => (value === undefined ? 'none' : `${value} days`);
  return `minimum ${days(minRetentionDays)}, maximum ${days(maxRetentionDays)}`;
}

export function removalByHand({ vaultName, region }: Place): string {
  return `aws backup delete-backup-vault-lock-configuration --backup-vault-name ${vaultName} --region ${region}`;
}

export function refusalText(why: LockRefusal, circumstances: Circumstances): string {
  const { place, vault, otherOwner, point } = circumstances;
  const subject = `backup vault ${place.vaultName}`;
  switch (why) {
    case 'vaultMissing':
      return `there is no ${subject} in ${place.arn.split(':').slice(3, 5).reverse().join(', ')}. Check the name, the region and the account of \`vault\`.`;
    case 'vaultNotReady':
      return `${subject} is in the state ${vault?.vaultState}; only one that is AVAILABLE can be locked. Deploy again when it is.`;
    case 'airGapped':
      return (
        `${subject} is of the type ${vault?.vaultType}, whose lock is set when the vault is made and can never be changed. Remove the ` +
        'BackupVaultLock: it can only lock vaults of the type BACKUP_VAULT.'
      );
    case 'managedElsewhere':
      return (
        `the lock of ${subject} is managed by another resource: ${otherOwner}. Remove it there first (the lock stays on the vault by default). ` +
        `If that stack is gone, remove the tag ${BACKUP_LOCK_OWNER_TAG} from the vault.`
      );
    case 'notAcknowledged':
      return notAcknowledged(circumstances);
    case 'immutable':
      return immutable(circumstances);
    case 'foreignBounds':
      return (
        `${subject} has a lock already that this stack did not make (${inForce(vault)}), with other bounds than the template. ` +
        'Give `minRetention` and `maxRetention` as they are, deploy, and change them afterwards; or have its owner remove the lock.'
      );
    case 'foreignLockDate':
      return (
        `${subject} has a lock with a lock date that this stack did not set: ${inForce(vault)}. \`mode\` governance would take the date away. ` +
        `Declare BackupLockMode.compliance() ${acknowledgeHint(circumstances)}, or remove the lock by hand (${removalByHand(place)}) and deploy again.`
      );
    case 'wouldShorten':
      return (
        `${subject} has the lock date ${moment(vault?.lockDate)}; \`coolingOff\` counts from now and would set an earlier one. To shorten it, deploy ` +
        '`mode` governance first, which takes the lock date away and keeps the lock, and then compliance with the shorter `coolingOff`.'
      );
    case 'pointsWithoutExpiry':
      return (
        `${subject} holds at least one recovery point that never expires (${point}). Under a lock in compliance mode it would be kept, and ` +
        'billed, for ever. Remove the lock, give such points a lifecycle or delete them; or set `allowRecoveryPointsWithoutExpiry: true`.'
      );
    case 'tooLate':
      return `the lock of ${subject} was not changed: the stack is no longer waiting for it, the request came too late or its deployment was taken back.`;
    case 'ownerUnknown':
      return (
        `the lock of ${subject} was to be removed, but the tag ${BACKUP_LOCK_OWNER_TAG} that says whose it is is missing, and it becomes permanent at ` +
        `${moment(vault?.lockDate)}. If it is of this stack, remove it (${removalByHand(place)}); set \`onRemoval\` to KEEP to leave it; then deploy again.`
      );
    case 'phaseUnknown':
      return (
        `the lock of ${subject} was not changed, because the status of the stack could not be read (cloudformation:DescribeStacks on the ` +
        `stack itself). Allow it to the function's role and deploy again.`
      );
  }
}

/** What a Delete that removes nothing tells. */
export function forgottenText(why: Extract<LockVerdict, { do: 'forget' }>['why'], place: Place, vault?: BackupVaultDescription): string {
  const subject = `backup vault ${place.vaultName}`;
  switch (why) {
    case 'noLock':
      return `${subject} has no lock to remove`;
    case 'notOurs':
      return `the lock of ${subject} is left as it is: no tag ${BACKUP_LOCK_OWNER_TAG} says that this resource made it. To remove it: ${removalByHand(place)}`;
    case 'immutable':
      return `the lock of ${subject} is forgotten by the stack and stays in force (${inForce(vault)}): nobody can remove it`;
    case 'tooLate':
      return `the lock of ${subject} is left as it is: the stack is no longer waiting for its removal`;
    case 'kept':
      return (
        `the lock of ${subject} stays in force (${inForce(vault)}), as \`onRemoval\` asks.` +
        `${vault?.lockDate === undefined ? '' : ` It becomes permanent at ${moment(vault.lockDate)}.`} To remove it: ${removalByHand(place)}`
      );
  }
}

export const LEFT_BY_ROLLBACK =
  'the lock is left as it is: a rollback never sets a lock date. To set one again, deploy `mode` governance and then compliance.';

export function movedAwayText(vault: BackupVaultDescription): string {
  return (
    `AWS Backup kept the lock date when the lock was put without one, so it was moved as far away as it goes: ${moment(vault.lockDate)}. ` +
    'Until then the lock can be changed and removed like one in governance mode.'
  );
}

export function tagsChangeText({ vaultName }: Place): string {
  return (
    `backup vault ${vaultName}: the tags that mark a change of its lock are not what was set. If ${BACKUP_LOCK_OWNER_TAG} names ` +
    'another resource, two stacks lock the same vault.'
  );
}

function notAcknowledged({ place, acknowledge }: Circumstances): string {
  return (
    `a lock in compliance mode becomes permanent for backup vault ${place.vaultName}, and needs \`acknowledge\`; what the template gives ` +
    `${acknowledgementProblem(place.vaultName, acknowledge, '`minRetention`, `maxRetention`')}. Deploy these bounds with ` +
    '`mode` governance; that deployment shows the acknowledgement in its outputs and in the log of its function.'
  );
}

function immutable(circumstances: Circumstances): string {
  const { place, vault } = circumstances;
  return (
    `the lock of backup vault ${place.vaultName} is permanent since ${moment(vault?.lockDate)} (${boundsText(vault ?? {})}); nobody can change or ` +
    `remove it, AWS included. Put what is in force into the template: BackupLockMode.compliance() with these bounds and the \`coolingOff\` as it was, ` +
    `${acknowledgeHint(circumstances)}; or remove the construct, the lock stays in force.`
  );
}

/** Said only of a lock that has its date already: what it acknowledges is so, whatever the template says. */
function acknowledgeHint({ place, vault }: Circumstances): string {
  return `with \`acknowledge\`: '${acknowledgementOf(place.vaultName, backupLockFingerprint(place.arn, vault ?? {}))}'`;
}

function inForce(vault: BackupVaultDescription | undefined): string {
  const date = vault?.lockDate === undefined ? 'governance mode' : `compliance mode, lock date ${moment(vault.lockDate)}`;
  return `${date}, ${boundsText(vault ?? {})}`;
}
