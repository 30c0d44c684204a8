import type { SwitchDefinition } from '../server/switches';
import type { World } from '../server/world';

/** Behaviour of Amazon Glacier that AWS does not document, or documents in two ways. The defaults are the likelier answers. */
export const GLACIER_SWITCHES = {
  'glacier.newCustomer': {
    values: ['false', 'true'],
    default: 'false',
    doc: 'true: every operation answers NoLongerSupportedException, as for an account that may no longer use Amazon Glacier.',
  },
  'glacier.deleteMissingVault': {
    values: ['204', '404'],
    default: '204',
    doc: 'What DeleteVault answers for a vault that does not exist: the guide calls it idempotent, the model lists ResourceNotFoundException.',
  },
  'glacier.deleteVaultInProgress': {
    values: ['204', '403'],
    default: '204',
    doc: 'What DeleteVault answers for an empty vault whose lock is in progress. (An empty locked vault was seen to be deleted.)',
  },
  'glacier.deleteMissingNotifications': {
    values: ['204', '404'],
    default: '204',
    doc: 'What DeleteVaultNotifications answers when no notifications are set.',
  },
  'glacier.initiateOnLocked': {
    values: ['403', '400'],
    default: '403',
    doc: 'What InitiateVaultLock answers once the lock is complete: AccessDeniedException or InvalidParameterValueException.',
  },
  'glacier.completeWithoutLock': {
    values: ['404', '400'],
    default: '404',
    doc: 'What CompleteVaultLock answers when there is no lock, or when its 24 hours are over.',
  },
  'glacier.completeOtherId': {
    values: ['InvalidParameterValueException', 'InvalidParameterException'],
    default: 'InvalidParameterValueException',
    doc: 'The code (400) of CompleteVaultLock with another lock id while the lock is in progress; the guide only says "InvalidParameter".',
  },
  'glacier.initiateLockBody': {
    values: ['{}', 'empty'],
    default: '{}',
    doc: 'The body of a successful InitiateVaultLock. CreateVault was seen to answer {}.',
  },
  'glacier.tagAccount': {
    values: ['caller', 'owner'],
    default: 'caller',
    doc: "Whose account the tag operations take: only the caller's (guide), or that of the vault's owner (model).",
  },
  'glacier.archiveAge': {
    values: ['whole', 'fractional'],
    default: 'whole',
    doc: 'glacier:ArchiveAgeInDays in whole days that have elapsed, or with a fraction.',
  },
  'glacier.policySize': {
    values: ['minified', 'sent'],
    default: 'minified',
    doc: 'Whether the 20 KB of a policy count without white space or as sent; UTF-8 bytes either way.',
  },
  'glacier.foreignResource': {
    values: ['accepted', 'refused'],
    default: 'accepted',
    doc: 'Whether a policy may name another vault as Resource. Official samples do; such a statement has no effect.',
  },
  'glacier.notPrincipal': {
    values: ['refused', 'accepted'],
    default: 'refused',
    doc: 'Whether a policy may use NotPrincipal. No official sample does.',
  },
  'glacier.policyWithoutVersion': {
    values: ['refused', 'accepted'],
    default: 'refused',
    doc: 'Whether a policy may leave out Version. Every official sample has one.',
  },
  'glacier.listMarker': {
    values: ['excluded', 'included'],
    default: 'excluded',
    doc: 'Whether a page of ListVaults starts after the vault that the marker names (text of the guide) or with it (sample of the guide).',
  },
  'glacier.inventoryBeforeFirst': {
    values: ['404', 'empty'],
    default: '404',
    doc: 'What an inventory-retrieval job of a vault without an inventory gets: refused at once, or an empty list.',
  },
  'glacier.staleReadSeconds': {
    values: 'number',
    default: '0',
    doc: 'For how long after a change GetVaultAccessPolicy, GetVaultLock and GetVaultNotifications still answer what was before.',
  },
  'glacier.jobSeconds': {
    values: 'number',
    default: '14400',
    doc: 'How long an inventory job, and an archive job of the Standard tier, takes. Expedited takes 5 minutes, Bulk twice this time.',
  },
} as const satisfies Readonly<Record<string, SwitchDefinition>>;

export type GlacierSwitch = keyof typeof GLACIER_SWITCHES;

export function switchValue(world: Pick<World, 'switches'>, name: GlacierSwitch): string {
  return world.switches[name] ?? GLACIER_SWITCHES[name].default;
}
