import { samePolicy } from '../../../src/policy/canonical';
import { OWNER_TAG } from '../../../src/private/contract';
import { VaultProperties } from '../properties';
import { Notifications, Tags } from '../services';
import { ObservedVault } from './observe';

export interface VaultSituation {
  /** The vault is new to this resource: a Create, or an Update to another name. */
  readonly creating: boolean;
  readonly owner: string;
  readonly signedAt?: number;
  readonly desired: VaultProperties;
  /** What the template said before about this same vault; nothing when creating. */
  readonly old: Partial<VaultProperties>;
  /** `undefined`: there is no such vault. */
  readonly observed?: ObservedVault;
  /** The vault was looked at before, some seconds ago, and looked the same. */
  readonly lookedTwice: boolean;
}

export type VaultStep =
  | { readonly do: 'createVault' }
  | { readonly do: 'addTags'; readonly tags: Tags }
  | { readonly do: 'removeTags'; readonly keys: readonly string[] }
  | { readonly do: 'setAccessPolicy'; readonly policy: string }
  | { readonly do: 'deleteAccessPolicy' }
  | { readonly do: 'setNotifications'; readonly notifications: Notifications }
  | { readonly do: 'deleteNotifications' };

export type VaultVerdict =
  /** `making`: without these steps there would be no vault of this resource, so if they fail it goes again. */
  | { readonly do: 'steps'; readonly steps: readonly VaultStep[]; readonly making: boolean }
  | { readonly do: 'lookAgain' }
  | { readonly do: 'refuse'; readonly reason: string };

/** Marks a vault that was taken over: such a vault is managed, but never deleted. */
export const adopted = (owner: string) => `adopted/${owner}`;

export function decideVault(situation: VaultSituation): VaultVerdict {
  const { creating, owner, desired, observed } = situation;
  if (!observed) {
    return creating ? steps([{ do: 'createVault' }, ...differences(situation, owner)], true) : refuse(vanished(desired.vaultName));
  }
  const known = observed.owner === owner || observed.owner === adopted(owner);
  if (!creating) {
    // A missing owner tag is not put back: someone may have taken it away to keep the vault from being deleted.
    if (known || observed.owner === undefined) return steps(differences(situation, observed.owner));
    return refuse(
      `the vault ${desired.vaultName} belongs to another resource now (${observed.owner}). Remove it from one of the two stacks.`,
    );
  }
  if (observed.owner === owner) return steps(differences(situation, owner));
  // Nobody who makes a vault leaves it without a tag for that long, so it is the one whose creation was not answered.
  if (isFresh(situation, observed)) return situation.lookedTwice ? steps(differences(situation, owner), true) : { do: 'lookAgain' };
  return desired.adoptExisting ? steps(differences(situation, adopted(owner))) : refuse(taken(desired.vaultName, observed.owner));
}

/** As a creation leaves a vault whose answer nobody got. */
function isFresh({ signedAt }: VaultSituation, { owner, tags, creationDate, lastInventoryDate, numberOfArchives }: ObservedVault): boolean {
  const isBare = owner === undefined && Object.keys(tags).length === 0 && !lastInventoryDate && numberOfArchives === 0;
  return isBare && signedAt !== undefined && Date.parse(creationDate) >= signedAt;
}

/** Writes only what differs, and only what the old or the new template names. */
function differences({ desired, old, observed }: VaultSituation, owner: string | undefined): VaultStep[] {
  const seen = observed?.tags ?? {};
  const missing = Object.entries(desired.tags).filter(([key, value]) => seen[key] !== value);
  if (owner !== undefined && observed?.owner !== owner) missing.unshift([OWNER_TAG, owner]);
  const surplus = Object.keys(old.tags ?? {}).filter((key) => key in seen && !(key in desired.tags));
  const { accessPolicy, notifications } = desired;
  return [
    ...(missing.length > 0 ? [{ do: 'addTags', tags: Object.fromEntries(missing) } as const] : []),
    ...(accessPolicy !== undefined && !(observed?.accessPolicy !== undefined && samePolicy(observed.accessPolicy, accessPolicy))
      ? [{ do: 'setAccessPolicy', policy: accessPolicy } as const]
      : []),
    ...(accessPolicy === undefined && old.accessPolicy !== undefined && observed?.accessPolicy !== undefined
      ? [{ do: 'deleteAccessPolicy' } as const]
      : []),
    ...(notifications && !sameNotifications(notifications, observed?.notifications)
      ? [{ do: 'setNotifications', notifications } as const]
      : []),
    ...(!notifications && old.notifications && observed?.notifications ? [{ do: 'deleteNotifications' } as const] : []),
    ...(surplus.length > 0 ? [{ do: 'removeTags', keys: surplus } as const] : []),
  ];
}

export function sameNotifications(a: Notifications, b: Notifications | undefined): boolean {
  const list = ({ events }: Notifications) => [...new Set(events)].sort().join();
  return b !== undefined && a.topicArn === b.topicArn && list(a) === list(b);
}

export type VaultDeletion = { readonly do: 'deleteVault' } | { readonly do: 'keep' | 'release'; readonly note: string };

/** @param tags of the vault; `undefined`: there is no such vault */
export function decideVaultDeletion(vaultName: string, owner: string, tags: Tags | undefined): VaultDeletion {
  if (!tags) return { do: 'keep', note: `vault ${vaultName} does not exist` };
  if (tags[OWNER_TAG] === owner) return { do: 'deleteVault' };
  // Released, it can be managed by whoever had it before, or adopted by another stack.
  if (tags[OWNER_TAG] === adopted(owner)) {
    return {
      do: 'release',
      note: `vault ${vaultName} is released: it was adopted, not created, by this stack. Its access policy stays as it is`,
    };
  }
  return { do: 'keep', note: `vault ${vaultName} is left as it is: this stack did not create it` };
}

function steps(list: readonly VaultStep[], making = false): VaultVerdict {
  return { do: 'steps', steps: list, making };
}

function refuse(reason: string): VaultVerdict {
  return { do: 'refuse', reason };
}

export function taken(vaultName: string, owner: string | undefined): string {
  const whose = owner === undefined ? 'not created by this library' : `created or adopted by ${owner}`;
  return (
    `a vault named ${vaultName} exists already in this account and region (${whose}). Give another \`vaultName\`, or set ` +
    '`adoptExisting: true` to manage this vault from here on; it will then never be deleted by this stack.'
  );
}

function vanished(vaultName: string): string {
  return (
    `the vault ${vaultName} does not exist any more: it was deleted outside of CloudFormation. A new one under its name would be empty and ` +
    'unlocked, so none was made. Remove the construct from the stack, deploy, and add it again; or use another `vaultName`.'
  );
}
