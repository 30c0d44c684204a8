import { nearDate } from './backup-laws';
import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isHopeless } from './evidence';
import type { GlacierLaws } from './glacier-laws';
import type { Snapshot } from './outcome-laws';
import type { VaultLock } from '../../../local/backup/lock';
import type { Operation } from '../program/play';
import { backupVaultOf } from '../program/template';
import type { BackupSlotName, TemplateSpec } from '../program/template-spec';

const STOOD = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

export function sameLock(a: VaultLock | null, b: VaultLock | null, at: number): boolean {
  if (!a || !b) return a === b;
  return a.minRetentionDays === b.minRetentionDays && a.maxRetentionDays === b.maxRetentionDays && nearDate(a, at) === nearDate(b, at);
}

export const isImmutable = (lock: VaultLock | null | undefined, at: number) => typeof lock?.lockDate === 'number' && lock.lockDate <= at;

interface Addressee {
  readonly stackId: string;
  /** The vaults that a Delete of this operation was about. */
  readonly left: ReadonlySet<string>;
}

/** What must hold when a stack is gone, or has given something up, and nothing of it goes on any more. */
export class RemovalLaws {
  constructor(
    private readonly evidence: Evidence,
    private readonly glacier: GlacierLaws,
    private readonly accuse: Accuse,
  ) {}

  judge(operation: Operation, snapshot: Snapshot, stack: Addressee): void {
    const { evidence } = this;
    const { status, deployed } = snapshot;
    if (!deployed || !STOOD.test(status ?? '') || !evidence.isUntouched() || isHopeless(operation)) return;
    const now = evidence.world.stack(operation.stack);
    const isGone = operation.kind === 'DeleteStack' && now === undefined;
    const isUpdated = operation.kind === 'UpdateStack' && now?.status === 'UPDATE_COMPLETE';
    if (isGone) this.judgeWindows(stack);
    if (isGone || isUpdated) this.judgeBackup(deployed, isGone ? undefined : operation.template, snapshot, stack.stackId);
  }

  private judgeWindows({ stackId, left }: Addressee): void {
    for (const { name, lock } of Object.values(this.evidence.world.glacierVaults)) {
      const isRunning = lock?.state === 'InProgress' && lock.expires > this.evidence.world.clock.now();
      const { event } = (lock && this.glacier.initiator(lock.id)) ?? {};
      if (isRunning && event?.StackId === stackId && left.has(name)) {
        this.accuse('keepsItsWord', `the stack is gone, and the window that it started on ${name} runs on`);
      }
    }
  }

  private judgeBackup(before: TemplateSpec, after: TemplateSpec | undefined, { locks, owners }: Snapshot, stackId: string): void {
    const at = this.evidence.world.clock.now();
    const path = stackId.split('/').slice(1).join('/');
    const kept = Object.entries(after?.backup ?? {}).flatMap(([name, slot]) =>
      slot.lock ? [backupVaultOf(name as BackupSlotName, slot)] : [],
    );
    for (const [name, slot] of Object.entries(before.backup)) {
      const vault = backupVaultOf(name as BackupSlotName, slot);
      const [was, is] = [locks.get(vault) ?? null, this.evidence.world.backupVaults[vault]?.lock ?? null];
      if (!slot.lock || kept.includes(vault) || !owners.get(vault)?.includes(path)) continue;
      const stays = slot.lock.onRemoval === 'keep' || before.otherVersion || isImmutable(is ?? was, at);
      if (sameLock(is, stays ? was : null, at)) continue;
      this.accuse('keepsItsWord', `onRemoval ${slot.lock.onRemoval}: ${vault} had ${JSON.stringify(was)}, and has ${JSON.stringify(is)}`);
    }
  }
}
