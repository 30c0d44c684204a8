import type { Scenario, StackStep } from './scenario';
import {
  act,
  atTheConsole,
  calledOff,
  compliance,
  denied,
  deploy,
  elsewhere,
  failing,
  governance,
  LATE_MS,
  ofOtherVersion,
  pass,
  placeholder,
  scenario,
  takenBack,
  takenBackAtAnyMoment,
  template,
} from './scenario';
import type { BackupLockSpec, SiblingSpec } from '../program/template-spec';
import { DAY } from '../world/sim-clock';

const of = (lock: BackupLockSpec, ...siblings: readonly SiblingSpec[]) => template({ Prod: { lock } }, ...siblings);
const deployed = (lock: BackupLockSpec) => deploy(of(lock));
const remote = (lock: BackupLockSpec) => deploy(template({ Remote: { lock } }));

const tighter = { min: 14, max: 60 } as const;
const inGovernance = [deployed(governance())];
const inGrace = [deployed(compliance())];
const immutable = [...inGrace, pass(40 * DAY)];

type Updates = { readonly [name: string]: readonly [before: readonly StackStep[], after: BackupLockSpec] };

/** Every way to change a lock that an Update can ask for, without a lock date. */
const updates: Updates = {
  'change the bounds': [inGovernance, governance(tighter)],
  'move to another vault': [inGovernance, governance({ moved: true })],
};

/** The same with one. */
const updatesInGrace: Updates = {
  promotion: [inGovernance, compliance()],
  'promotion with other bounds': [inGovernance, compliance(tighter)],
  'longer cooling-off in grace': [inGrace, compliance({ coolingOff: 30 })],
  'change the bounds in grace': [inGrace, compliance(tighter)],
  'demotion in grace': [inGrace, governance()],
  'move to another vault in grace': [inGrace, compliance({ moved: true })],
};

/** `backup.putInGrace`: what a Put without a cooling-off period does to a lock date is documented nowhere. */
const ways = { keepLockDate: 'where a Put keeps the date', clearLockDate: 'where a Put clears it' } as const;
/** Where no such Put is made as long as nothing is taken back. */
const likeInTheOtherWay = ['promotion with other bounds', 'longer cooling-off in grace', 'move to another vault in grace'];

const inEitherWay = Object.entries(ways).flatMap(([way, title]) =>
  Object.entries(updatesInGrace).flatMap(([name, [before, after]]) => {
    const surroundings = {
      switches: { 'backup.putInGrace': way },
      isBrief: way === 'clearLockDate' && likeInTheOtherWay.includes(name),
      becomesPermanent: name === 'promotion',
    };
    return [
      scenario(`${name}, ${title}`, [...before, deployed(after)], surroundings),
      ...takenBack(`${name}, ${title}`, before, { Prod: { lock: after } }, surroundings),
    ];
  }),
);

/** What a lock can have come to, and whether it is to go with its resource. */
const states: { readonly [name: string]: readonly [lock: BackupLockSpec, ageDays: number] } = {
  'in governance mode': [governance(), 0],
  'in grace': [compliance(), 0],
  'that is immutable': [compliance(), 40],
};

/** The life of a lock of AWS Backup. */
export const BACKUP_LOCK_SCENARIOS: readonly Scenario[] = [
  scenario('governance: create', [deployed(governance())]),
  scenario('governance: create as another version of the library', [deploy(ofOtherVersion(of(governance())))], { isBrief: true }),
  scenario('governance: adopt what is locked the same', [deployed(governance())], { found: { prodLock: 'governance' } }),
  scenario('governance: create where another lock is', [deployed(governance(tighter))], { found: { prodLock: 'governance' } }),
  scenario('governance: create where a lock date is', [deployed(governance())], { found: { prodLock: 'compliance' } }),
  scenario('governance: create where another stack has its lock', [elsewhere(deployed(governance())), deployed(governance())]),
  scenario('governance: create on a vault that cannot be locked', [deploy(template({ Test: { lock: governance({ moved: true }) } }))]),
  scenario('governance: create where no vault is', [deploy(template({ Remote: { lock: governance({ moved: true }) } }))]),
  scenario('compliance: create', [deployed(compliance())]),
  scenario('compliance: create without acknowledgement', [deployed(compliance({ acknowledge: 'none' }))]),
  scenario('compliance: adopt what is locked the same', [deployed(compliance())], { found: { prodLock: 'compliance' } }),
  scenario('compliance: create where a lock is', [deployed(compliance())], { found: { prodLock: 'governance' } }),
  scenario('compliance: create on a vault that keeps something for ever', [atTheConsole('backsUp', 0), pass(DAY), deployed(compliance())]),
  ...takenBack('governance: create', [], { Prod: { lock: governance() } }),
  ...takenBackAtAnyMoment('governance: create', [], { Prod: { lock: governance() } }, 1_600),
  ...takenBack('compliance: create', [], { Prod: { lock: compliance() } }),
  ...takenBackAtAnyMoment('compliance: create', [], { Prod: { lock: compliance() } }, 2_000),
  ...takenBack('compliance: create where a lock is', [], { Prod: { lock: compliance() } }, { found: { prodLock: 'governance' } }),
  ...Object.entries(updates).flatMap(([name, [before, after]]) => [
    scenario(name, [...before, deployed(after)]),
    ...takenBack(name, before, { Prod: { lock: after } }),
  ]),
  ...inEitherWay,
  ...takenBackAtAnyMoment('promotion', inGovernance, { Prod: { lock: compliance() } }, 1_600),
  ...calledOff('promotion', inGovernance, { Prod: { lock: compliance() } }),
  ...calledOff('change the bounds', inGovernance, { Prod: { lock: governance(tighter) } }),
  scenario('promotion without acknowledgement', [...inGovernance, deployed(compliance({ acknowledge: 'none' }))]),
  scenario('promotion with an old acknowledgement', [...inGovernance, deployed(compliance({ acknowledge: 'stale' }))], { isBrief: true }),
  scenario('promotion with what is kept for ever', [
    ...[...inGovernance, atTheConsole('backsUp', 0), pass(DAY)],
    deployed(compliance({ allowPoints: true })),
  ]),
  scenario('shorter cooling-off in grace', [...inGrace, deployed(compliance({ coolingOff: 3 }))]),
  scenario('shorter cooling-off by way of governance mode', [...inGrace, deployed(governance()), deployed(compliance({ coolingOff: 3 }))]),
  scenario('change the bounds of an immutable one', [...immutable, deployed(compliance(tighter))]),
  scenario('demotion of an immutable one', [...immutable, deployed(governance())]),
  ...['refuse', 'accept'].map((way) =>
    scenario(
      `longer cooling-off of an immutable one, where an identical Put is ${way === 'refuse' ? 'refused' : 'accepted'}`,
      [...immutable, deployed(compliance({ coolingOff: 30 }))],
      { switches: { 'backup.identicalPutWhenImmutable': way } },
    ),
  ),
  ...takenBack('longer cooling-off of an immutable one', immutable, { Prod: { lock: compliance({ coolingOff: 30 }) } }),
  scenario('move an immutable one', [...immutable, deployed(compliance({ moved: true }))]),
  scenario('governance: create, deleted on failure', [deploy(of(governance(), failing(LATE_MS)), { onFailure: 'delete' })]),
  scenario('compliance: create without rollback', [deploy(of(compliance(), failing(LATE_MS)), { onFailure: 'keep' })]),
  scenario('retry a promotion without rollback', [
    ...inGovernance,
    denied('backup:PutBackupVaultLockConfiguration', of(compliance())),
    act('retry'),
  ]),
  scenario('roll back a promotion that was kept', [
    ...[...inGovernance, deploy(of(compliance(), failing(LATE_MS)), { onFailure: 'keep' })],
    act('rollBack'),
  ]),
  scenario('remote: create', [remote(governance())]),
  scenario('remote: promotion', [remote(governance()), remote(compliance())]),
  scenario('remote: delete the stack', [remote(governance()), act('delete')]),
  ...takenBack('remote: create', [], { Remote: { lock: governance() } }),
  ...takenBack('remote: promotion', [remote(governance())], { Remote: { lock: compliance() } }, { becomesPermanent: true }),
  ...Object.entries(states).flatMap(([name, [lock, ageDays]]) =>
    (['remove', 'keep'] as const).flatMap((onRemoval) => {
      const before = [deployed({ ...lock, onRemoval }), pass(ageDays * DAY)];
      return [
        scenario(`${onRemoval} one ${name} when it leaves the template`, [...before, deploy(template({}, placeholder))]),
        scenario(`${onRemoval} one ${name} when the stack is deleted`, [...before, act('delete')]),
      ];
    }),
  ),
  scenario('delete the stack of an adopted one', [deployed(governance()), act('delete')], { found: { prodLock: 'governance' } }),
];
