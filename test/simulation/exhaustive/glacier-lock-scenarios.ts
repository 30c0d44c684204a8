import type { Scenario, StackStep } from './scenario';
import {
  act,
  calledOff,
  completed,
  denied,
  deploy,
  failing,
  glacierLock,
  LATE_MS,
  ofOtherVersion,
  pass,
  placeholder,
  scenario,
  takenBack,
  takenBackAtAnyMoment,
  template,
  vault,
} from './scenario';
import type { GlacierLockSpec, GlacierSlot, SiblingSpec } from '../program/template-spec';
import { DAY, HOUR, MINUTE } from '../world/sim-clock';

const slot = (lock?: Partial<GlacierLockSpec>): GlacierSlot => ({ vault: vault({ removal: 'Retain' }), lock: lock && glacierLock(lock) });
const of = (lock?: Partial<GlacierLockSpec>, ...siblings: readonly SiblingSpec[]) => template({ Ledger: slot(lock) }, ...siblings);
const deployed = (lock?: Partial<GlacierLockSpec>) => deploy(of(lock));
/** A lock on a vault that is not part of the stack. */
const alone = (lock: Partial<GlacierLockSpec>) => deploy(template({ Ledger: { lock: glacierLock(lock) } }));
const foundLedger = { found: { ledger: true } };

const once: Partial<GlacierLockSpec> = { stage: 'completeOnceAcknowledged' };
const other: Partial<GlacierLockSpec> = { policy: 'thirtyDays' };
const inProgress = [deployed({})];
const locked = [deployed({}), deployed(completed)];
const aborted = [deployed({}), deployed({ stage: 'abort' })];
const expired = [deployed({}), pass(DAY + HOUR)];

/** What a lock can have come to. */
const states: { readonly [name: string]: readonly StackStep[] } = {
  'in progress': inProgress,
  locked,
  aborted,
  'whose window is over': expired,
};

/** Every way to change a lock that an Update can ask for. */
const updates: { readonly [name: string]: readonly [before: readonly StackStep[], after: Partial<GlacierLockSpec>] } = {
  'change the policy in the window': [inProgress, other],
  complete: [inProgress, completed],
  abort: [inProgress, { stage: 'abort' }],
  'initiate after an abort': [aborted, {}],
  'complete when the window is over': [expired, completed],
  'change the policy when the window is over': [expired, other],
  'change the policy of a completed one': [locked, { ...completed, ...other }],
};

/** The life of a lock of Glacier. */
export const GLACIER_LOCK_SCENARIOS: readonly Scenario[] = [
  scenario('lock: create', [deployed({})]),
  scenario('lock: add', [deployed(), deployed({})]),
  scenario('lock: create on a vault of others', [alone({})], foundLedger),
  scenario('lock: complete on a vault of others', [alone({}), alone(completed)], foundLedger),
  scenario('lock: create where no vault is', [alone({})], { isBrief: true }),
  scenario('lock: create as another version of the library', [deploy(ofOtherVersion(of({})))], { isBrief: true }),
  scenario('lock: create, to be completed at once', [deployed(completed)]),
  scenario('lock: create, to be completed once acknowledged', [deployed(once)], { isBrief: true }),
  scenario('lock: create, to be aborted', [deployed({ stage: 'abort' })]),
  ...Object.entries(updates).flatMap(([name, [before, after]]) => [
    scenario(`lock: ${name}`, [...before, deployed(after)]),
    ...takenBack(`lock: ${name}`, before, { Ledger: slot(after) }, { becomesPermanent: name === 'complete' }),
  ]),
  scenario('lock: complete once acknowledged', [deployed(once), deployed({ ...once, acknowledge: 'right' })]),
  scenario('lock: complete in the last minute', [deployed({}), pass(DAY - MINUTE), deployed(completed)]),
  scenario(
    'lock: complete once acknowledged, when the window is over',
    [...[deployed(once), pass(DAY + HOUR)], deployed({ ...once, acknowledge: 'right' })],
    { isBrief: true },
  ),
  scenario('lock: complete without acknowledgement', [...inProgress, deployed({ stage: 'complete' })]),
  scenario('lock: complete with an old acknowledgement', [...inProgress, deployed({ stage: 'complete', acknowledge: 'stale' })], {
    isBrief: true,
  }),
  scenario('lock: complete with a slip', [...inProgress, deployed({ ...once, acknowledge: 'slip' })], { isBrief: true }),
  scenario('lock: complete another policy', [...inProgress, deployed({ ...completed, ...other })]),
  scenario('lock: abort a completed one', [...locked, deployed({ stage: 'abort' })]),
  scenario('lock: complete a completed one as another version of the library', [...locked, deploy(ofOtherVersion(of(completed)))]),
  ...takenBack('lock: create', [], { Ledger: slot({}) }),
  ...takenBackAtAnyMoment('lock: create', [], { Ledger: slot({}) }, 2_400),
  ...takenBack('lock: add', [deployed()], { Ledger: slot({}) }),
  ...takenBackAtAnyMoment('lock: complete', inProgress, { Ledger: slot(completed) }, 1_600),
  ...calledOff('lock: complete', inProgress, { Ledger: slot(completed) }),
  ...calledOff('lock: change the policy in the window', inProgress, { Ledger: slot(other) }),
  scenario('lock: create, deleted on failure', [deploy(of({}, failing(LATE_MS)), { onFailure: 'delete' })]),
  scenario('lock: create without rollback', [deploy(of({}, failing(LATE_MS)), { onFailure: 'keep' })]),
  scenario('lock: retry a creation without rollback', [denied('glacier:InitiateVaultLock', of({})), act('retry')]),
  scenario('lock: retry a completion without rollback', [...inProgress, denied('glacier:CompleteVaultLock', of(completed)), act('retry')]),
  scenario('lock: roll back a completion that was kept', [
    ...[...inProgress, deploy(of(completed, failing(LATE_MS)), { onFailure: 'keep' })],
    act('rollBack'),
  ]),
  scenario('lock: rename the vault', [
    deploy(template({ Ledger: { vault: vault(), lock: glacierLock() } })),
    deploy(template({ Ledger: { vault: vault({ renamed: true }), lock: glacierLock() } })),
  ]),
  scenario('lock: remove with the vault', [
    deploy(template({ Ledger: { vault: vault(), lock: glacierLock() } })),
    deploy(template({}, placeholder)),
  ]),
  scenario('lock: delete the stack with the vault', [deploy(template({ Ledger: { vault: vault(), lock: glacierLock() } })), act('delete')]),
  ...Object.entries(states).flatMap(([name, before]) => [
    scenario(`lock: remove one ${name}`, [...before, deployed()]),
    scenario(`lock: delete the stack of one ${name}`, [...before, act('delete')]),
  ]),
];
