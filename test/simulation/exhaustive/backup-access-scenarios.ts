import type { Scenario } from './scenario';
import {
  act,
  calledOff,
  deploy,
  elsewhere,
  governance,
  ofOtherVersion,
  placeholder,
  scenario,
  takenBack,
  takenBackAtAnyMoment,
  template,
} from './scenario';
import type { BackupSlot } from '../program/template-spec';

type Access = BackupSlot['access'];
const of = (access: Access) => template({ Prod: { access } });
const deployed = (access: Access) => deploy(of(access));
const remote = (access: Access) => deploy(template({ Remote: { access } }));
/** A second stack keeps its own statement in the vault's policy. */
const besideAnother = [elsewhere(deployed('partner'))];

/** The life of statements in the access policy of a vault of AWS Backup. */
export const BACKUP_ACCESS_SCENARIOS: readonly Scenario[] = [
  scenario('access: create', [deployed('blockDeletion')]),
  scenario('access: create as another version of the library', [deploy(ofOtherVersion(of('blockDeletion')))], { isBrief: true }),
  scenario('access: create beside another', [...besideAnother, deployed('blockDeletion')]),
  scenario('access: create what another has', [...besideAnother, deployed('both')]),
  scenario('access: add a statement', [deployed('blockDeletion'), deployed('both')]),
  scenario('access: change the statements', [deployed('blockDeletion'), deployed('partner')]),
  scenario('access: change the statements beside another', [...besideAnother, deployed('blockDeletion'), deployed('both')]),
  scenario('access: take a statement away', [deployed('both'), deployed('partner')]),
  scenario('access: remove', [deployed('both'), deploy(template({}, placeholder))]),
  scenario('access: remove beside another', [...besideAnother, deployed('blockDeletion'), deploy(template({}, placeholder))]),
  scenario('access: delete the stack', [deployed('both'), act('delete')]),
  scenario('access: delete the stack beside another', [...besideAnother, deployed('blockDeletion'), act('delete')]),
  scenario('access: create with a lock', [deploy(template({ Prod: { lock: governance(), access: 'both' } }))]),
  scenario('access: create in another account', [remote('both')]),
  scenario('access: change in another account', [remote('blockDeletion'), remote('partner')]),
  scenario('access: delete in another account', [remote('both'), act('delete')]),
  ...takenBack('access: create', [], { Prod: { access: 'both' } }),
  ...takenBackAtAnyMoment('access: create', [], { Prod: { access: 'both' } }, 1_400),
  ...takenBack('access: create beside another', besideAnother, { Prod: { access: 'blockDeletion' } }),
  ...takenBack('access: change the statements', [deployed('blockDeletion')], { Prod: { access: 'partner' } }),
  ...takenBack('access: add a statement', [deployed('blockDeletion')], { Prod: { access: 'both' } }),
  ...calledOff('access: change the statements', [deployed('blockDeletion')], { Prod: { access: 'partner' } }),
];
