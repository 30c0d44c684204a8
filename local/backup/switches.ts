import type { SwitchDefinition } from '../server/switches';
import type { World } from '../server/world';

/** Behaviour of AWS Backup that AWS does not document. The defaults are the likelier answers. */
export const BACKUP_SWITCHES = {
  'backup.putInGrace': {
    values: ['keepLockDate', 'clearLockDate'],
    default: 'keepLockDate',
    doc: 'What a Put without ChangeableForDays does to the LockDate of a lock that is still cooling off. Other emulators disagree.',
  },
  'backup.omittedRetention': {
    values: ['clear', 'keep'],
    default: 'clear',
    doc: 'What a Put without MinRetentionDays or MaxRetentionDays does to the value that the lock has.',
  },
  'backup.identicalPutWhenImmutable': {
    values: ['refuse', 'accept'],
    default: 'refuse',
    doc: 'What a Put with the minimum and maximum that are there gets once the lock is immutable; accept: 200, and nothing changes.',
  },
  'backup.deleteWithoutLock': {
    values: ['200', 'RNF'],
    default: '200',
    doc: 'What DeleteBackupVaultLockConfiguration answers when there is no lock: 200, or ResourceNotFoundException.',
  },
  'backup.missingVault': {
    values: ['403', '400'],
    default: '403',
    doc: 'What an operation on a missing vault gets: AccessDeniedException as reported, or ResourceNotFoundException as in the model.',
  },
  'backup.lockMissingVault': {
    values: ['403', '400'],
    default: '403',
    doc: 'The same for putting and deleting the lock configuration, of which there is no report.',
  },
  'backup.logicallyAirGappedPut': {
    values: ['InvalidRequestException', 'InvalidParameterValueException', 'AccessDeniedException'],
    default: 'InvalidRequestException',
    doc: 'The error of putting or deleting the lock configuration of a logically air-gapped or restore access vault.',
  },
  'backup.airGappedLockDate': {
    values: ['creation', 'absent'],
    default: 'creation',
    doc: 'The LockDate that a logically air-gapped vault shows; it is locked in compliance mode from the start either way.',
  },
  'backup.airGappedSeconds': {
    values: 'number',
    default: '10',
    doc: 'How long a logically air-gapped or restore access vault is CREATING before it is AVAILABLE.',
  },
  'backup.minRetentionUpperBound': {
    values: ['36500', 'none'],
    default: '36500',
    doc: 'The largest MinRetentionDays that a Put takes when there is no MaxRetentionDays. The model has no bound.',
  },
  'backup.policySizeLimit': {
    values: 'number',
    default: '0',
    doc: 'The largest access policy in bytes; 0: any size. Neither the model nor the page of quotas has a limit.',
  },
  'backup.policyReadBack': {
    values: ['sent', 'minified'],
    default: 'sent',
    doc: 'The form in which an access policy is read back: as sent, or without white space and with arrays of one entry as that entry.',
  },
  'backup.wildcardAction': {
    values: ['refused', 'accepted'],
    default: 'refused',
    doc: 'Whether an access policy may have wildcards in Action. The guide says that they are not supported, but not what happens.',
  },
  'backup.unknownPrincipal': {
    values: ['refused', 'accepted'],
    default: 'refused',
    doc: "Whether an access policy may name a role of the endpoint's account that IAM here does not know as principal, or not yet.",
  },
  'backup.principalSeconds': {
    values: 'number',
    default: '0',
    doc: 'How long after its creation a role is not yet a valid principal of an access policy, because IAM has not spread the word.',
  },
  'backup.denialMessage': {
    values: ['detailed', 'insufficient'],
    default: 'detailed',
    doc: 'Whether a caller without the right is told what it lacks, or just what one gets for a missing vault.',
  },
  'backup.mountCapsule': {
    values: ['required', 'ignored'],
    default: 'required',
    doc: 'Whether creating a vault takes backup-storage:MountCapsule, with a 403 without message for whoever lacks it.',
  },
  'backup.automaticEfsVault': {
    values: ['absent', 'present'],
    default: 'absent',
    doc: 'Whether each Region has aws/efs/automatic-backup-vault, as one in which EFS backs up by itself.',
  },
  'backup.jobSeconds': {
    values: 'number',
    default: '0',
    doc: 'How long a backup or copy job takes; 0: it is done when it has been started.',
  },
  'backup.nativeRePutsLock': {
    values: ['no', 'yes'],
    default: 'no',
    doc: 'Whether AWS::Backup::BackupVault puts its LockConfiguration again when an update changes something else.',
  },
} as const satisfies Readonly<Record<string, SwitchDefinition>>;

export type BackupSwitch = keyof typeof BACKUP_SWITCHES;

export function switchValue(world: Pick<World, 'switches'>, name: BackupSwitch): string {
  return world.switches[name] ?? BACKUP_SWITCHES[name].default;
}
