import type { Scenario } from './scenario';
import {
  act,
  atTheConsole,
  calledOff,
  denied,
  deploy,
  failing,
  LATE_MS,
  ofOtherVersion,
  placeholder,
  scenario,
  takenBack,
  takenBackAtAnyMoment,
  template,
  vault,
} from './scenario';
import type { SiblingSpec, VaultSpec } from '../program/template-spec';

const full = { tags: 'finance', access: 'partner', notify: true } as const;
const of = (spec: Partial<VaultSpec> = {}, ...siblings: readonly SiblingSpec[]) =>
  template({ Ledger: { vault: vault(spec) } }, ...siblings);
const created = (spec: Partial<VaultSpec> = {}) => deploy(of(spec));
const foundLedger = { found: { ledger: true } };

/** The life of a vault of Glacier. */
export const GLACIER_VAULT_SCENARIOS: readonly Scenario[] = [
  scenario('vault: create', [created(full)]),
  scenario('vault: create, to be kept', [created({ removal: 'Retain', tags: 'finance' })]),
  scenario('vault: create as another version of the library', [deploy(ofOtherVersion(of(full)))], { isBrief: true }),
  scenario('vault: create where one is', [created(full)], foundLedger),
  scenario('vault: adopt', [created({ ...full, adopt: true })], foundLedger),
  scenario('vault: add tags', [created(), created({ tags: 'finance' })]),
  scenario('vault: change tags', [created({ tags: 'finance' }), created({ tags: 'legal' })]),
  scenario('vault: remove tags', [created({ tags: 'finance' }), created()]),
  scenario('vault: add access policy', [created(), created({ access: 'partner' })]),
  scenario('vault: change access policy', [created({ access: 'partner' }), created({ access: 'auditor' })]),
  scenario('vault: remove access policy', [created({ access: 'partner' }), created()]),
  scenario('vault: add notifications', [created(), created({ notify: true })]),
  scenario('vault: remove notifications', [created({ notify: true }), created()]),
  scenario('vault: change everything', [created(full), created({ tags: 'legal', access: 'auditor' })]),
  scenario('vault: rename', [created(full), created({ ...full, renamed: true })]),
  scenario('vault: rename, the old one kept', [created({ removal: 'Retain' }), created({ removal: 'Retain', renamed: true })]),
  scenario('vault: rename a full one', [created(), atTheConsole('uploads', 0), created({ renamed: true })]),
  ...takenBack('vault: create', [], { Ledger: { vault: vault(full) } }),
  ...takenBackAtAnyMoment('vault: create', [], { Ledger: { vault: vault(full) } }, 1_400),
  ...takenBack('vault: create, to be kept', [], { Ledger: { vault: vault({ removal: 'Retain' }) } }),
  ...takenBack('vault: adopt', [], { Ledger: { vault: vault({ ...full, adopt: true }) } }, foundLedger),
  ...takenBack('vault: change everything', [created(full)], { Ledger: { vault: vault({ tags: 'legal', access: 'auditor' }) } }),
  ...takenBack('vault: rename', [created(full)], { Ledger: { vault: vault({ ...full, renamed: true }) } }),
  ...takenBack('vault: add', [deploy(template({}, placeholder))], { Ledger: { vault: vault(full) } }),
  ...calledOff('vault: change everything', [created(full)], { Ledger: { vault: vault({ tags: 'legal', access: 'auditor' }) } }),
  ...calledOff('vault: rename', [created(full)], { Ledger: { vault: vault({ ...full, renamed: true }) } }),
  scenario('vault: create, deleted on failure', [deploy(of(full, failing(LATE_MS)), { onFailure: 'delete' })]),
  scenario('vault: create without rollback', [deploy(of(full, failing(LATE_MS)), { onFailure: 'keep' })]),
  scenario('vault: create without rollback, failing at once', [deploy(of(full, failing(0)), { onFailure: 'keep' })]),
  scenario('vault: retry a creation without rollback', [denied('glacier:SetVaultAccessPolicy', of(full)), act('retry')]),
  scenario('vault: roll back a creation that was kept', [deploy(of(full, failing(LATE_MS)), { onFailure: 'keep' }), act('rollBack')]),
  scenario('vault: delete a creation that was kept', [deploy(of(full, failing(LATE_MS)), { onFailure: 'keep' }), act('delete')]),
  scenario('vault: retry an update without rollback', [
    created(full),
    denied('glacier:SetVaultAccessPolicy', of({ tags: 'legal', access: 'auditor' })),
    act('retry'),
  ]),
  scenario('vault: roll back an update that was kept', [
    created(full),
    deploy(of({ tags: 'legal' }, failing(LATE_MS)), { onFailure: 'keep' }),
    act('rollBack'),
  ]),
  scenario('vault: remove', [created(full), deploy(template({}, placeholder))]),
  scenario('vault: delete the stack', [created(full), act('delete')]),
  scenario('vault: delete the stack of a full one', [created(), atTheConsole('uploads', 0), act('delete')]),
  scenario('vault: delete the stack of an adopted one', [created({ adopt: true }), act('delete')], foundLedger),
];
