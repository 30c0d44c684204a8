import * as fc from 'fast-check';
import { backupAccess, backupLock, delays, glacierLock, mostly, sibling, vault } from './contents';
import { BACKUP_ACTS, GLACIER_ACTS } from './program';
import type { ConsoleAct, Program, Step } from './program';
import type { BackupSlot, BackupSlotName, GlacierLockSpec, GlacierSlot, SiblingSpec, TemplateSpec } from './template-spec';
import { troubleOf } from './troubles';
import type { Field } from './troubles';
import { DAY, HOUR, MINUTE, SECOND } from '../world/sim-clock';

/** Lives of one vault: each deployment changes one thing of the template before, as people do. */

type Steps = Program['steps'];
type Trouble = Pick<Extract<Step, { readonly do: 'deploy' }>, 'faults' | 'deliveries' | 'settles'>;

/** One change of the template, or something else that happens to the stack. */
interface Turn<Change extends string, Content> {
  readonly change: Change;
  /** Where a changed value is taken from. */
  readonly content: Content;
  readonly trouble: Trouble;
  readonly sibling?: SiblingSpec;
  readonly stack: 0 | 1;
  readonly onFailure: 'rollback' | 'keep' | 'delete';
  readonly cancelAfterMs?: number;
  /** Beforehand, at the console; ignored in a career that nobody meddles with. */
  readonly act?: { readonly act: ConsoleAct; readonly slot: number };
  readonly afterMs: number;
  /** Afterwards. */
  readonly passMs?: number;
}

/** What happens to the stack as a whole. */
const STACK_CHANGES = ['deleteStack', 'retry', 'continue', 'rollBack', 'same'] as const;
type StackChange = (typeof STACK_CHANGES)[number];

const weighted = <T extends string>(weights: { readonly [change in T]: number }): fc.Arbitrary<T> =>
  fc.oneof(...Object.entries<number>(weights).map(([change, weight]) => ({ weight, arbitrary: fc.constant(change as T) })));

const turnOf = <Change extends string, Content>(
  field: Field,
  changes: fc.Arbitrary<Change>,
  content: fc.Arbitrary<Content>,
  acts: readonly ConsoleAct[],
  slot = 0,
): fc.Arbitrary<Turn<Change, Content>> =>
  fc.record({
    change: changes,
    content,
    trouble: fc.record<Trouble>(troubleOf(field, 0.4)),
    sibling: fc.option(sibling, { nil: undefined, freq: 2 }),
    stack: fc.oneof({ weight: 15, arbitrary: fc.constant(0 as const) }, { weight: 1, arbitrary: fc.constant(1 as const) }),
    onFailure: mostly<'rollback' | 'keep' | 'delete'>('rollback', 'keep', 'keep', 'delete'),
    cancelAfterMs: fc.option(delays, { nil: undefined, freq: 1 }).chain((ms) => mostly(undefined, ms)),
    act: fc.option(fc.record({ act: fc.constantFrom(...acts), slot: fc.constant(slot) }), { nil: undefined, freq: 2 }),
    afterMs: mostly(0, 5 * SECOND, 20 * SECOND),
    passMs: mostly<number | undefined>(undefined, 10 * MINUTE, 10 * MINUTE, HOUR, DAY, 8 * DAY),
  });

/** A template goes on from turn to turn, whether its deployment succeeds or not. */
function stepsOf<Slot extends object, Change extends string, Content>(
  first: Slot,
  turns: readonly Turn<Change | StackChange, Content>[],
  isTouched: boolean,
  changed: (slot: Slot, change: Change, content: Content, first: Slot) => Slot,
  aimOf: (change: Change | StackChange, content: Content) => string | undefined,
  templateOf: (slot: Slot) => Pick<TemplateSpec, 'glacier' | 'backup'>,
): Steps {
  let slot = first;
  return turns.flatMap((turn): Steps => {
    const { change, content, stack, act, afterMs, passMs } = turn;
    const trouble = aimed(turn.trouble, aimOf(change, content));
    const on = (...steps: readonly Step[]): Steps => steps.map((step) => ({ stack, step }));
    const before: Step[] = isTouched && act ? [{ do: 'console', ...act, afterMs }] : [];
    const after: Step[] = passMs === undefined ? [] : [{ do: 'pass', ms: passMs }];
    const deed = deedOf(change);
    if (deed) return on(...before, { do: deed, ...trouble }, ...after);
    if (!isOfStack(change)) slot = changed(slot, change, content, first);
    return on(...before, deployment({ ...turn, trouble }, templateOf(slot)), ...after);
  });
}

/** Of the faults the first one hits what the change is about, which few others call. */
function aimed(trouble: Trouble, operation: string | undefined): Trouble {
  const [first, ...rest] = trouble.faults;
  return operation === undefined || !first ? trouble : { ...trouble, faults: [{ ...first, operation, skip: 0 }, ...rest] };
}

function isOfStack(change: string): change is StackChange {
  return (STACK_CHANGES as readonly string[]).includes(change);
}

function deedOf(change: string): 'delete' | 'retry' | 'continue' | 'rollBack' | undefined {
  if (change === 'deleteStack') return 'delete';
  return change === 'retry' || change === 'continue' || change === 'rollBack' ? change : undefined;
}

/** The first sibling keeps a stack alive that has lost all the rest. */
const KEEPER: SiblingSpec = { fail: '', delayMs: 0 };

function deployment(
  { trouble, sibling: other, onFailure, cancelAfterMs }: Turn<string, unknown>,
  content: Pick<TemplateSpec, 'glacier' | 'backup'>,
): Step {
  const siblings = other ? [KEEPER, other] : [KEEPER];
  return { do: 'deploy', template: { ...content, siblings, otherVersion: false }, onFailure, cancelAfterMs, ...trouble };
}

const COMMON_WEIGHTS = { deleteStack: 3, retry: 1, continue: 1, rollBack: 1, same: 1 };

const GLACIER_WEIGHTS = {
  ...COMMON_WEIGHTS,
  ...{ onward: 12, policy: 2, initiate: 2, complete: 3, completeOnce: 1, abort: 2, slip: 1 },
  ...{ tags: 2, access: 3, notify: 2, adopt: 1, rename: 1, dropLock: 3, dropVault: 4, restore: 5 },
};
type GlacierChange = Exclude<keyof typeof GLACIER_WEIGHTS, StackChange>;

const glacierContent = fc.record({ vault, lock: glacierLock });
type GlacierContent = Required<GlacierSlot>;

function changedLock(lock: GlacierLockSpec, change: GlacierChange, given: GlacierLockSpec): GlacierLockSpec {
  const right = { ...lock, acknowledge: 'right' as const };
  switch (change) {
    case 'onward':
      return { ...right, stage: 'onward' };
    case 'policy':
      return { ...right, stage: 'onward', policy: given.policy === lock.policy ? 'thirtyDays' : given.policy };
    case 'completeOnce':
      return { ...lock, stage: 'completeOnceAcknowledged', acknowledge: given.acknowledge };
    case 'slip':
      return { ...lock, stage: 'complete', acknowledge: given.acknowledge };
    case 'initiate':
    case 'complete':
    case 'abort':
      return { ...right, stage: change };
    default:
      return lock;
  }
}

function changedGlacier(slot: GlacierSlot, change: GlacierChange, content: GlacierContent, first: GlacierSlot): GlacierSlot {
  switch (change) {
    case 'tags':
    case 'access':
    case 'notify':
    case 'adopt':
      return slot.vault ? { ...slot, vault: { ...slot.vault, [change]: content.vault[change] } } : first;
    case 'rename':
      return slot.vault ? { ...slot, vault: { ...slot.vault, renamed: !slot.vault.renamed } } : first;
    case 'dropLock':
      return { vault: slot.vault };
    case 'dropVault':
      return {};
    case 'restore':
      return first;
    default:
      return { ...slot, lock: changedLock(slot.lock ?? content.lock, change, content.lock) };
  }
}

function aimOfGlacier(change: GlacierChange | StackChange, { vault: { notify, access, tags } }: GlacierContent): string | undefined {
  switch (change) {
    case 'notify':
      return `glacier:${notify ? 'Get' : 'Delete'}VaultNotifications`;
    case 'access':
      return `glacier:${access === 'none' ? 'Delete' : 'Get'}VaultAccessPolicy`;
    case 'tags':
      return tags === 'none' ? 'glacier:RemoveTagsFromVault' : 'glacier:AddTagsToVault';
    default:
      return undefined;
  }
}

/** @returns also whether there is a vault of the name already */
export const glacierCareers = (field: Field): fc.Arbitrary<{ readonly steps: Steps; readonly isFound: boolean }> =>
  fc
    .record({
      first: fc.record({ isOwn: mostly(true, false), isFound: mostly(false, true, true), content: glacierContent }),
      isTouched: mostly(false, true, true, true, true),
      turns: fc.array(turnOf(field, weighted(GLACIER_WEIGHTS), glacierContent, [...GLACIER_ACTS, 'replacesLock', 'uploads']), {
        minLength: 2,
        maxLength: 5,
        size: 'max',
      }),
    })
    .map(({ first: { isOwn, isFound, content }, isTouched, turns }) => {
      const first: GlacierSlot = {
        vault: isOwn ? { ...content.vault, renamed: false, adopt: isFound !== content.vault.adopt } : undefined,
        lock: content.lock,
      };
      const steps = stepsOf(first, turns, isTouched, changedGlacier, aimOfGlacier, (Ledger) => ({ glacier: { Ledger }, backup: {} }));
      return { steps, isFound };
    });

const BACKUP_WEIGHTS = {
  ...COMMON_WEIGHTS,
  ...{ onward: 6, promote: 4, demote: 3, bounds: 2, coolingOff: 2, slip: 1, points: 1, removal: 2, move: 1 },
  ...{ dropLock: 3, restore: 3, access: 4, dropAccess: 2, beside: 2 },
};
type BackupChange = Exclude<keyof typeof BACKUP_WEIGHTS, StackChange>;

const backupContent = fc.record({ lock: backupLock, access: backupAccess });
type BackupContent = Required<Pick<BackupSlot, 'lock' | 'access'>>;

function changedBackupLock(slot: BackupSlot, change: BackupChange, { lock: given }: BackupContent): BackupSlot {
  const lock = slot.lock ?? given;
  const right = { ...lock, acknowledge: 'right' as const };
  switch (change) {
    case 'onward':
      return { ...slot, lock: { ...right, mode: 'onward' } };
    case 'promote':
      return { ...slot, lock: { ...right, mode: 'compliance' } };
    case 'demote':
      return { ...slot, lock: { ...right, mode: 'governance' } };
    case 'bounds':
      return { ...slot, lock: { ...right, min: lock.min === 7 ? 14 : 7, max: given.max } };
    case 'coolingOff':
      return { ...slot, lock: { ...right, coolingOff: given.coolingOff } };
    case 'removal':
      return { ...slot, lock: { ...lock, onRemoval: lock.onRemoval === 'keep' ? 'remove' : 'keep' } };
    case 'points':
      return { ...slot, lock: { ...lock, allowPoints: !lock.allowPoints } };
    case 'move':
      return { ...slot, lock: { ...lock, moved: !lock.moved } };
    default:
      return { ...slot, lock: { ...lock, mode: 'compliance', acknowledge: given.acknowledge } };
  }
}

function changedBackup(slot: BackupSlot, change: BackupChange, content: BackupContent, first: BackupSlot): BackupSlot {
  switch (change) {
    case 'access':
      return { ...slot, access: content.access };
    case 'dropAccess':
      return { lock: slot.lock };
    case 'beside':
      return { ...slot, beside: !slot.beside };
    case 'dropLock':
      return { ...slot, lock: undefined };
    case 'restore':
      return first;
    default:
      return changedBackupLock(slot, change, content);
  }
}

const aimOfBackup = (change: BackupChange | StackChange): string | undefined =>
  change === 'dropAccess' ? 'backup:DeleteBackupVaultAccessPolicy' : undefined;

export const backupCareers = (field: Field, name: BackupSlotName = 'Prod'): fc.Arbitrary<{ readonly steps: Steps }> =>
  fc
    .record({
      first: fc.record({
        content: backupContent,
        has: fc.constantFrom('lock' as const, 'lock' as const, 'access' as const, 'both' as const),
      }),
      isTouched: mostly(false, true, true, true, true),
      turns: fc.array(
        turnOf(
          field,
          weighted(BACKUP_WEIGHTS),
          backupContent,
          [...BACKUP_ACTS, 'takesSid', 'changesStatements', 'backsUp'],
          name === 'Remote' ? 2 : 0,
        ),
        { minLength: 2, maxLength: 5, size: 'max' },
      ),
    })
    .map(({ first: { content, has }, isTouched, turns }) => {
      const lock = { ...content.lock, moved: name === 'Remote' && content.lock.moved };
      const first: BackupSlot = { lock: has === 'access' ? undefined : lock, access: has === 'lock' ? undefined : content.access };
      return { steps: stepsOf(first, turns, isTouched, changedBackup, aimOfBackup, (slot) => ({ glacier: {}, backup: { [name]: slot } })) };
    });
