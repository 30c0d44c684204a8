import type { AccessLaws } from './access-laws';
import { nearDate } from './backup-laws';
import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward, isHopeless, isStuck } from './evidence';
import type { GlacierLaws } from './glacier-laws';
import { isImmutable, RemovalLaws, sameLock } from './removal-laws';
import type { VaultLock } from '../../../local/backup/lock';
import { samePolicy } from '../../../src/policy/canonical';
import { BACKUP_LOCK_OWNER_TAG, LOCK_RECORD_PREFIX, ResourceTypes } from '../../../src/private/contract';
import type { Operation } from '../program/play';
import { accessPolicy, accessStatements, backupVaultOf, BESIDE, policyNameOf, tagsOf, vaultNameOf } from '../program/template';
import type { BackupLockSpec, BackupSlotName, GlacierLockSpec, GlacierSlot, GlacierSlotName, TemplateSpec } from '../program/template-spec';
import type { Event, Run } from '../world/runs';
import { REGION } from '../world/services';
import type { SimWorld } from '../world/sim-world';

/** How things stood before an operation. */
export interface Snapshot {
  readonly locks: ReadonlyMap<string, VaultLock | null>;
  /** What the owner tags say. */
  readonly owners: ReadonlyMap<string, string>;
  /** The access policies of backup vaults. */
  readonly policies: ReadonlyMap<string, string>;
  readonly status?: string;
  readonly deployed?: TemplateSpec;
  readonly vaults: ReadonlySet<string>;
  readonly lockIds: ReadonlySet<string>;
  readonly at: number;
}

const FAILED = /_FAILED$/;

/** Calls that are answered only after many seconds, more than one. */
function isSlow({ trouble }: Operation): boolean {
  const slow = trouble?.faults.filter(({ kind }) => kind.startsWith('timeout') || kind === 'hang') ?? [];
  return slow.reduce((sum, { times }) => sum + times, 0) > 1;
}

/** What must hold when an operation on a stack has ended, and when nothing of it goes on any more. */
export class OutcomeLaws {
  private snapshot?: Snapshot;
  private stackId = '';
  private died = false;
  /** Logical ids of the resources that CloudFormation has asked something of, in this operation. */
  private readonly asked = new Set<string>();
  /** Those that were asked when the operation went forward no more. */
  private readonly askedBack = new Set<string>();
  /** Vaults that a Delete of a Glacier lock was about. */
  private readonly left = new Set<string>();
  /** What each stack was last deployed with, by success. */
  private readonly deployed = new Map<string, TemplateSpec>();

  private readonly removals: RemovalLaws;

  constructor(
    private readonly evidence: Evidence,
    private readonly glacier: GlacierLaws,
    private readonly access: AccessLaws,
    private readonly accuse: Accuse,
  ) {
    this.removals = new RemovalLaws(evidence, glacier, accuse);
  }

  /** Who dies leaves its tags, which mean nothing on a vault without a lock. */
  ended({ answers }: Run): void {
    this.died ||= answers.length === 0;
  }

  sent({ LogicalResourceId, RequestType, ResourceType, ResourceProperties, StackId }: Event): void {
    this.asked.add(LogicalResourceId);
    if (!isForward(this.evidence.statusOf(StackId))) this.askedBack.add(LogicalResourceId);
    if (RequestType === 'Delete' && ResourceType === ResourceTypes.GLACIER_VAULT_LOCK) {
      this.left.add(String((ResourceProperties as { VaultName?: unknown }).VaultName));
    }
  }

  begins({ stack }: Operation): void {
    const { world } = this;
    for (const each of [this.asked, this.askedBack, this.left]) each.clear();
    this.died = false;
    if (!world.stack(stack)) this.deployed.delete(stack);
    this.snapshot = {
      locks: new Map(Object.entries(world.backupVaults).map(([name, { lock }]) => [name, lock])),
      owners: new Map(Object.entries(world.backupVaults).map(([name, { tags }]) => [name, tags[BACKUP_LOCK_OWNER_TAG] ?? ''])),
      policies: new Map(Object.entries(world.backupVaults).map(([name, { accessPolicy: text }]) => [name, text ?? ''])),
      status: world.stack(stack)?.status,
      deployed: world.stack(stack) && this.deployed.get(stack),
      vaults: new Set(Object.keys(world.glacierVaults)),
      lockIds: new Set(Object.values(world.glacierVaults).flatMap(({ lock }) => (lock ? [lock.id] : []))),
      at: world.clock.now(),
    };
  }

  ends(operation: Operation): void {
    const { stack, template } = operation;
    this.stackId = this.world.lastStackId(stack);
    const record = this.world.stack(stack);
    if (template && /^(CREATE|UPDATE)_COMPLETE$/.test(record?.status ?? '')) this.deployed.set(stack, template);
    if (record && FAILED.test(record.status)) this.judgeFailure(operation, record.status);
  }

  rests(operation: Operation): void {
    const { snapshot, evidence } = this;
    if (!snapshot || !evidence.isUntouched(snapshot.at)) return;
    const { stack, template, kind } = operation;
    const status = this.world.stack(stack)?.status ?? 'DELETE_COMPLETE';
    this.removals.judge(operation, snapshot, { stackId: this.stackId, left: this.left });
    if (template && /^(CREATE|UPDATE)_COMPLETE$/.test(status)) return this.judgeSuccess(template, operation);
    if (isStuck(operation)) return;
    if (template && (status === 'ROLLBACK_COMPLETE' || (kind === 'CreateStack' && status === 'DELETE_COMPLETE'))) {
      return this.judgeFailedCreation(template, snapshot);
    }
    if (template && status === 'UPDATE_ROLLBACK_COMPLETE') this.judgeRolledBackUpdate(template, snapshot);
  }

  private get world(): SimWorld {
    return this.evidence.world;
  }

  /** `DELETE_FAILED`, `ROLLBACK_FAILED` and so on are for siblings, and for what was denied to us all along. */
  private judgeFailure(operation: Operation, status: string): void {
    const record = this.world.stack(operation.stack);
    if (!record || isHopeless(operation) || status === 'CREATE_FAILED' || status === 'UPDATE_FAILED') return;
    const ours = Object.values(record.resources).filter(
      (resource) => FAILED.test(resource.status) && this.askedBack.has(resource.logicalId),
    );
    const stuck = ours.filter(({ status: end }) => end === (status === 'UPDATE_ROLLBACK_FAILED' ? 'UPDATE_FAILED' : 'DELETE_FAILED'));
    for (const { logicalId, statusReason = '' } of stuck) {
      // Nobody knows any more whose the lock is that was to go, and it would become permanent.
      if (!this.evidence.isUntouched() && statusReason.includes('whose it is is missing')) continue;
      // It had waited for a process that had died, and then the network took the rest of its time.
      if (this.evidence.wasDisturbed() && isSlow(operation) && statusReason.includes('not finished within the time')) continue;
      this.accuse('noWedge', `${logicalId} leaves the stack in ${status}: ${statusReason}`);
    }
  }

  private judgeSuccess(template: TemplateSpec, operation: Operation): void {
    for (const [name, slot] of Object.entries(template.glacier)) this.judgeGlacier(name as GlacierSlotName, slot, operation);
    for (const [name, slot] of Object.entries(template.backup)) {
      const vault = backupVaultOf(name as BackupSlotName, slot);
      if (slot.lock && this.asked.has(`${name}BackupLock`)) this.judgeBackupLock(vault, slot.lock);
      if (slot.access && this.asked.has(`${name}BackupAccess`)) this.judgeBackupAccess(vault, accessStatements(slot.access));
      if (slot.beside && this.asked.has(`${name}BackupBeside`)) this.judgeBackupAccess(vault, BESIDE);
    }
  }

  private judgeGlacier(name: GlacierSlotName, slot: GlacierSlot, operation: Operation): void {
    const vaultName = vaultNameOf(name, slot);
    const vault = this.world.glacierVaults[vaultName];
    if (!vault) {
      return this.evidence.isUntouched() && slot.vault && this.asked.has(`${name}Vault`)
        ? this.accuse('meansWhatItSays', `there is no vault ${vaultName}`)
        : undefined;
    }
    if (slot.lock && this.asked.has(`${name}Lock`)) this.judgeGlacierLock(vaultName, slot.lock, operation);
    if (!slot.vault || !this.evidence.isUntouched() || !this.asked.has(`${name}Vault`)) return;
    const { access } = slot.vault;
    const tags = Object.entries(tagsOf(slot.vault));
    if (tags.some(([key, value]) => vault.tags[key] !== value)) this.accuse('meansWhatItSays', `${vaultName} lacks tags`);
    const policy = access === 'none' ? null : accessPolicy(vaultName, access);
    if (policy !== null && !(vault.accessPolicy && samePolicy(vault.accessPolicy, policy))) {
      this.accuse('meansWhatItSays', `${vaultName} has another access policy`);
    }
    if (slot.vault.notify && vault.notifications === null) this.accuse('meansWhatItSays', `${vaultName} lacks its notifications`);
  }

  private judgeGlacierLock(vaultName: string, { policy, stage }: GlacierLockSpec, { startedAt }: Operation): void {
    const lock = this.world.glacierVaults[vaultName]?.lock;
    if (!this.evidence.isUntouched()) return;
    const isSame = lock != null && policyNameOf(vaultName, lock.policy) === policy;
    const shown = `${lock?.state ?? 'no lock'}${isSame ? '' : ' of another policy'}`;
    if (stage === 'complete' && !(lock?.state === 'Locked' && isSame)) {
      this.accuse('meansWhatItSays', `${vaultName} is to be locked, and has ${shown}`);
    }
    if (stage === 'abort' && lock?.state === 'Locked') this.accuse('meansWhatItSays', `${vaultName} is to be aborted, and has ${shown}`);
    // The window may have run out since: only what this deployment asked for again is looked at.
    const isFresh = lock && lock.created >= startedAt;
    if (stage === 'initiate' && isFresh && !isSame) this.accuse('meansWhatItSays', `${vaultName} is to be tested, and has ${shown}`);
  }

  private judgeBackupLock(vault: string, { mode, min, max }: BackupLockSpec): void {
    const at = this.world.clock.now();
    const lock = this.world.backupVaults[vault]?.lock;
    if (isImmutable(lock, at) || !this.evidence.isUntouched()) return;
    const hasBounds = lock?.minRetentionDays === min && lock.maxRetentionDays === max;
    const hasMode = (nearDate(lock, at) === undefined) === (mode === 'governance');
    if (hasBounds && hasMode) return;
    this.accuse('meansWhatItSays', `${vault} is to be locked ${min} to ${max} (${mode}), and has ${JSON.stringify(lock ?? null)}`);
  }

  private judgeBackupAccess(vault: string, wanted: readonly object[]): void {
    const { accessPolicy: text } = this.world.backupVaults[vault] ?? {};
    const { Statement = [] } = JSON.parse(text ?? '{}') as { Statement?: { Sid?: string }[] };
    const missing = (wanted as { Sid: string }[]).filter(({ Sid }) => !Statement.some((each) => each.Sid === Sid));
    if (missing.length > 0 && this.evidence.isUntouched() && !this.access.isRaced(vault)) {
      this.accuse('meansWhatItSays', `${vault} lacks the statements ${missing.map(({ Sid }) => Sid).join()}`);
    }
  }

  private judgeFailedCreation(template: TemplateSpec, { locks, lockIds, policies, vaults, at }: Snapshot): void {
    const { world, accuse, stackId } = this;
    this.judgeStatements(template, policies);
    for (const [name, slot] of Object.entries(template.glacier)) {
      const vaultName = vaultNameOf(name as GlacierSlotName, slot);
      const vault = world.glacierVaults[vaultName];
      const lock = vault?.lock;
      if (lock?.state === 'InProgress' && !lockIds.has(lock.id) && this.glacier.initiator(lock.id)?.event.StackId === stackId) {
        accuse('nothingLeft', `the failed creation leaves a lock in progress on ${vaultName}`);
      }
      const record = world.models.parameters.find(`${LOCK_RECORD_PREFIX}${vaultName}`, REGION);
      const isNew = record && record.lastModified >= at;
      if (isNew && slot.lock && lock?.state !== 'InProgress' && lock?.state !== 'Locked') {
        accuse('nothingLeft', `the failed creation leaves the record of ${vaultName}`);
      }
      const isOurs = vault && !vaults.has(vaultName) && slot.vault?.removal === 'Delete' && this.glacier.maker(vault) !== undefined;
      // Who dies between CreateVault and the tag leaves a vault that might be anybody's, and rule 9 comes first.
      const isMarked = Object.keys(vault?.tags ?? {}).length > 0;
      // Nor can one that finishes after the Delete has been answered, and dies then.
      if (isOurs && isMarked && !this.died && Object.keys(vault.archives).length === 0) {
        accuse('nothingLeft', `the failed creation leaves the vault ${vaultName}`);
      }
    }
    for (const [name, slot] of Object.entries(template.backup)) {
      if (!slot.lock) continue;
      const vault = backupVaultOf(name as BackupSlotName, slot);
      const [was, is] = [locks.get(vault) ?? null, world.backupVaults[vault]?.lock ?? null];
      if (!sameLock(was, is, world.clock.now())) {
        accuse('nothingLeft', `the failed creation leaves ${vault} with ${JSON.stringify(is)} instead of ${JSON.stringify(was)}`);
      }
      const owner = world.backupVaults[vault]?.tags[BACKUP_LOCK_OWNER_TAG];
      // Nor what reads did not show.
      const wasHidden = this.died || this.evidence.operation?.trouble?.faults.some(({ kind }) => kind === 'stale');
      if (owner?.includes(stackId.split('/').slice(1).join('/')) && this.evidence.isUntouched() && !wasHidden) {
        accuse('nothingLeft', `the failed creation leaves its owner tag on ${vault}`);
      }
    }
  }

  /** What a failed creation wrote into access policies. */
  private judgeStatements(template: TemplateSpec, policies: Snapshot['policies']): void {
    for (const [name, slot] of Object.entries(template.backup)) {
      const vault = backupVaultOf(name as BackupSlotName, slot);
      const own = [...(slot.access ? accessStatements(slot.access) : []), ...(slot.beside ? BESIDE : [])] as { readonly Sid: string }[];
      const has = (text: string | null | undefined, { Sid }: { readonly Sid: string }) => text?.includes(`"Sid":"${Sid}"`) ?? false;
      const left = own.find((each) => has(this.world.backupVaults[vault]?.accessPolicy, each) && !has(policies.get(vault), each));
      if (left && !this.access.isRaced(vault)) this.accuse('nothingLeft', `the failed creation leaves statement ${left.Sid} on ${vault}`);
    }
  }

  private judgeRolledBackUpdate(template: TemplateSpec, { locks, deployed }: Snapshot): void {
    const at = this.world.clock.now();
    for (const [name, slot] of Object.entries(template.backup)) {
      const before = deployed?.backup[name as BackupSlotName];
      const vault = backupVaultOf(name as BackupSlotName, slot);
      if (!slot.lock || !before?.lock || backupVaultOf(name as BackupSlotName, before) !== vault) continue;
      const [was, is] = [locks.get(vault) ?? null, this.world.backupVaults[vault]?.lock ?? null];
      if (was && !is) this.accuse('noGap', `a rolled-back update leaves ${vault} without a lock`);
      const isNew = nearDate(is, at) !== undefined && nearDate(is, at) !== nearDate(was, at);
      if (before.lock.mode === 'governance' && isNew) this.accuse('nothingLeft', `a rolled-back promotion leaves a lock date on ${vault}`);
    }
  }
}
