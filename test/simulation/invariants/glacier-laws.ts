import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { sent } from './evidence';
import type { Vault, VaultLock } from '../../../local/glacier/state';
import { LOCK_RECORD_PREFIX } from '../../../src/private/contract';
import { policyNameOf } from '../program/template';
import type { CallRecord } from '../world/api';
import type { Run } from '../world/runs';
import { REGION } from '../world/services';
import { SECOND } from '../world/sim-clock';

/** What a few slow calls take. */
const RACE_MS = 10 * SECOND;

interface Maker {
  readonly stackId: string;
  readonly logicalId: string;
}

interface Before {
  readonly vault?: Vault;
  readonly lock: Vault['lock'];
  readonly archives: number;
}

const isSame = (vault: string, policy: string, other: unknown) =>
  typeof other === 'string' && policyNameOf(vault, policy) !== undefined && policyNameOf(vault, policy) === policyNameOf(vault, other);

/** What must hold of every call to Glacier. */
export class GlacierLaws {
  private before: Before = { lock: null, archives: 0 };
  /** Lock id -> who initiated it, in which operation. */
  private readonly initiated = new Map<string, { readonly by: Run; readonly operation: number }>();
  /** Vaults that a handler made, by the vault's record: a later vault of the name is another. */
  private readonly made = new WeakMap<Vault, Maker[]>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  isOurs(lockId: string): boolean {
    return this.initiated.has(lockId);
  }

  initiator(lockId: string): Run | undefined {
    return this.initiated.get(lockId)?.by;
  }

  maker(vault: Vault): Maker | undefined {
    return this.made.get(vault)?.[0];
  }

  note(on: string): void {
    const vault = this.evidence.world.glacierVaults[on];
    this.before = { vault, lock: vault?.lock ?? null, archives: Object.keys(vault?.archives ?? {}).length };
  }

  judge({ operation, on, by, error }: CallRecord): void {
    if (error !== undefined) return;
    const vault = this.evidence.world.glacierVaults[on];
    switch (operation) {
      case 'glacier:CreateVault':
        return this.noteMaker(by, vault);
      case 'glacier:DeleteVault':
        return this.judgeDeletion(on, by);
      case 'glacier:InitiateVaultLock':
        return this.judgeInitiation(on, by, vault);
      case 'glacier:CompleteVaultLock':
        return this.judgeCompletion(on, by, vault);
      case 'glacier:AbortVaultLock':
        return this.judgeAbort(on, by);
      case 'glacier:DeleteVaultAccessPolicy':
        if (by.event.RequestType !== 'Delete' && sent(by).AccessPolicy !== undefined) {
          this.accuse('noGap', `the access policy of ${on} is deleted by a request that asks for one`);
        }
    }
  }

  /** Of two that make a vault in the same seconds neither can know which one was first. */
  private noteMaker({ event }: Run, vault: Vault | undefined): void {
    if (!vault || (this.before.vault && this.evidence.world.clock.now() - vault.created >= RACE_MS)) return;
    const makers = this.before.vault ? (this.made.get(vault) ?? []) : [];
    if (this.before.vault && makers.length === 0) return;
    this.made.set(vault, [...makers, { stackId: event.StackId, logicalId: event.LogicalResourceId }]);
  }

  private judgeDeletion(on: string, by: Run): void {
    const { vault, archives } = this.before;
    if (!vault) return;
    if (archives > 0) this.accuse('nothingLost', `vault ${on} is deleted with ${archives} archives`);
    const makers = this.made.get(vault) ?? [];
    // Made by another between the last look and the call.
    if (makers.length > 0 && this.evidence.world.clock.now() - vault.created < RACE_MS) return;
    if (!makers.some(({ stackId, logicalId }) => stackId === by.event.StackId && logicalId === by.event.LogicalResourceId)) {
      this.accuse('ownVaultsOnly', `${by.event.LogicalResourceId} deletes vault ${on}, which it did not make`);
    }
  }

  private judgeInitiation(on: string, by: Run, vault: Vault | undefined): void {
    const { Policy, Stage } = sent(by);
    const { lock } = vault ?? {};
    if (!lock) return;
    this.initiated.set(lock.id, { by, operation: this.evidence.sendingOf(by).operation });
    if (by.event.RequestType === 'Delete' || Stage === 'abort' || !isSame(on, lock.policy, Policy)) {
      this.accuse('meansWhatItSays', `a lock is initiated on ${on} that the request does not ask for`);
    }
  }

  private judgeCompletion(on: string, by: Run, vault: Vault | undefined): void {
    const { lock: before } = this.before;
    const { lock } = vault ?? {};
    if (before?.state !== 'InProgress' || lock?.state !== 'Locked') return;
    const { evidence, accuse } = this;
    const { Policy, Acknowledge } = sent(by);
    if (
      Acknowledge === undefined ||
      !isSame(on, lock.policy, Policy) ||
      !evidence.acknowledged.has(`${on} ${policyNameOf(on, lock.policy)}`)
    ) {
      accuse('acknowledged', `the lock of ${on} is completed, and no template acknowledged its policy`);
    }
    const origin = this.initiated.get(lock.id);
    const { operation } = evidence.sendingOf(by);
    const isSeen = !this.evidence.isMeddledWith(lock.created);
    if (!origin && isSeen) accuse('foreignLocksStay', `the lock of ${on} is completed, but somebody else initiated it`);
    else if (origin?.operation === operation) accuse('testedLock', `the lock of ${on} is initiated and completed in one deployment`);
    if (by.event.RequestType === 'Delete' || evidence.isTooLate(by)) {
      accuse('notInRollback', `the lock of ${on} is completed while its stack is in ${evidence.statusOf(by.event.StackId)}`);
    }
  }

  private judgeAbort(on: string, by: Run): void {
    const { lock } = this.before;
    if (lock?.state !== 'InProgress') return;
    const origin = this.initiated.get(lock.id);
    if (!origin) {
      if (!this.evidence.isMeddledWith(lock.created)) {
        this.accuse('foreignLocksStay', `a lock that somebody else initiated on ${on} is aborted`);
      }
      return;
    }
    this.judgeRestart(on, by, lock);
    if (origin.by.event.StackId !== by.event.StackId) this.accuse('foreignLocksStay', `another stack's lock on ${on} is aborted`);
  }

  private judgeRestart(on: string, by: Run, lock: VaultLock): void {
    const { Policy, Stage } = sent(by);
    if (by.event.RequestType === 'Delete' || Stage === 'abort' || !isSame(on, lock.policy, Policy)) return;
    const record = this.evidence.world.models.parameters.find(`${LOCK_RECORD_PREFIX}${on}`, REGION);
    const { lockId } = JSON.parse(record?.value ?? '{}') as { lockId?: string };
    if (lockId === lock.id) this.accuse('windowStays', `the window on ${on}, which is on record, is aborted to start it anew`);
  }
}
