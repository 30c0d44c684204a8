import { canonical } from './explore';
import { Run, State } from './frame';
import { Event, iso, Moment, ms, ownerFor, Whose } from './stack';
import { VaultProperties } from '../../../lambda/glacier/properties';
import { adopted, decideVault, decideVaultDeletion, VaultDeletion, VaultStep, VaultVerdict } from '../../../lambda/glacier/vault/decide';
import { ObservedVault } from '../../../lambda/glacier/vault/observe';
import { OWNER_TAG } from '../../../src/private/contract';

export const VAULT = 'ledger';

const policy = (action: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: action, Resource: '*' }] });
export const POLICIES = { A: policy('glacier:UploadArchive'), B: policy('glacier:DeleteArchive') };
const TOPIC = { topicArn: 'arn:aws:sns:eu-west-1:123456789012:t', events: ['ArchiveRetrievalCompleted'] };

const plain: VaultProperties = { vaultName: VAULT, adoptExisting: false, tags: {} };
export const TEMPLATES: { readonly [name: string]: VaultProperties } = {
  plain,
  full: { ...plain, accessPolicy: POLICIES.A, tags: { team: 'x' }, notifications: TOPIC },
  'another policy': { ...plain, accessPolicy: POLICIES.B, tags: { team: 'y' } },
  adopting: { ...plain, adoptExisting: true },
};

/** 3: by hand. */
export type Maker = Whose | 3;

export interface Vault {
  readonly owner: { readonly whose: Whose; readonly adopted: boolean } | null;
  readonly created: Moment;
  readonly holdsArchives: boolean;
  readonly policy: 'A' | 'B' | null;
  readonly team: string | null;
  readonly notifies: boolean;
  /** Known to nobody but the laws: who made it; nobody is there any more who has to take it away. */
  readonly by: Maker;
  readonly orphan: boolean;
}

export interface World {
  readonly vault: Vault | null;
  /** Known to nobody but the laws: the event that was fulfilled last, if nothing has happened to the vault since. */
  readonly settled: Moment;
}

export interface VaultRun extends Run {
  readonly at:
    | 'look'
    | 'wanted'
    | 'step'
    | 'whose'
    | 'verify'
    | 'stillWanted'
    | 'askToTakeBack'
    | 'isHalfMade'
    | 'takeBack'
    | 'askStanding'
    | 'remove';
  readonly lookedTwice: boolean;
  /** What is to be done, and how many of it is. */
  readonly steps: readonly VaultStep[];
  readonly done: number;
  readonly making: boolean;
  readonly isMade: boolean;
  /** What the owner tag said to the one that is about to delete the vault. */
  readonly deletion: VaultDeletion['do'] | null;
}

export type VaultState = State<World, VaultRun>;

export interface Decisions {
  readonly put: typeof decideVault;
  readonly delete: typeof decideVaultDeletion;
}
export const DECISIONS: Decisions = { put: decideVault, delete: decideVaultDeletion };

function tagsOf({ owner, team }: Vault) {
  const name = owner && (owner.adopted ? adopted(ownerFor(owner.whose)) : ownerFor(owner.whose));
  return { ...(name ? { [OWNER_TAG]: name } : {}), ...(team ? { team } : {}) };
}

function observed(vault: Vault): ObservedVault {
  const { [OWNER_TAG]: owner, ...tags } = tagsOf(vault) as { readonly [key: string]: string };
  return {
    creationDate: iso(vault.created),
    numberOfArchives: vault.holdsArchives ? 1 : 0,
    tags,
    owner,
    accessPolicy: vault.policy ? POLICIES[vault.policy] : undefined,
    notifications: vault.notifies ? TOPIC : undefined,
  };
}

/** Whether the vault looks as one call is to make it. */
export function isAsWritten(vault: Vault | null, step: VaultStep, event: Event): boolean {
  return step.do === 'createVault' || (vault !== null && canonical(afterStep(vault, step, event, 0)) === canonical(vault));
}

/** What one call makes of a vault. */
export function afterStep(vault: Vault | null, step: VaultStep, event: Event, now: Moment): Vault | null {
  if (step.do === 'createVault') {
    const { whose: by } = event;
    return vault ?? { owner: null, created: now, holdsArchives: false, policy: null, team: null, notifies: false, by, orphan: false };
  }
  if (!vault) return null;
  switch (step.do) {
    case 'addTags': {
      const { [OWNER_TAG]: name, team = vault.team } = step.tags;
      return { ...vault, team, owner: name ? { whose: event.whose, adopted: name.startsWith('adopted/') } : vault.owner };
    }
    case 'removeTags':
      return { ...vault, team: step.keys.includes('team') ? null : vault.team, owner: step.keys.includes(OWNER_TAG) ? null : vault.owner };
    case 'setAccessPolicy':
      return { ...vault, policy: step.policy === POLICIES.A ? 'A' : 'B' };
    case 'deleteAccessPolicy':
      return { ...vault, policy: null };
    case 'setNotifications':
      return { ...vault, notifies: true };
    case 'deleteNotifications':
      return { ...vault, notifies: false };
  }
}

export class Judge {
  readonly given = new Set<string>();
  private readonly known = new Map<string, VaultVerdict>();

  constructor(private readonly decisions: Decisions) {}

  put(vault: Vault | null, { event, lookedTwice }: Pick<VaultRun, 'event' | 'lookedTwice'>): VaultVerdict {
    const { type, to, from, whose, signedAt } = event;
    const key = canonical([vault, type, to, from, whose, signedAt, lookedTwice]);
    const known = this.known.get(key);
    if (known) return known;
    const verdict = this.decisions.put({
      creating: type === 'Create',
      owner: ownerFor(whose),
      signedAt: ms(signedAt),
      desired: TEMPLATES[to] ?? plain,
      old: TEMPLATES[from] ?? {},
      observed: vault ? observed(vault) : undefined,
      lookedTwice,
    });
    this.known.set(key, verdict);
    const steps = verdict.do === 'steps' ? verdict.steps.map((step) => step.do) : [];
    for (const what of verdict.do === 'steps' ? (steps.length > 0 ? steps : ['nothing']) : [kindOf(verdict)]) {
      this.given.add(`${type} ${what}`);
    }
    return verdict;
  }

  delete(vault: Vault | null, { whose }: Event): VaultDeletion {
    const deletion = this.decisions.delete(VAULT, ownerFor(whose), vault ? tagsOf(vault) : undefined);
    this.given.add(`Delete ${deletion.do}`);
    return deletion;
  }
}

export type Refusal = 'taken' | 'vanished' | 'anothers';

export function kindOf(verdict: VaultVerdict): string {
  if (verdict.do !== 'refuse') return verdict.do;
  return `refuse ${refusalOf(verdict.reason)}`;
}

export function refusalOf(reason: string): Refusal {
  if (reason.includes('exists already')) return 'taken';
  return reason.includes('does not exist any more') ? 'vanished' : 'anothers';
}
