import { canonical, FIRST_MOMENT } from './explore';
import { Run, State } from './frame';
import { Event, Moment, ms, ownerFor, requestOf, Whose } from './stack';
import { Claim, claimTag } from '../../../lambda/backup/lock/claims';
import { decideLock, LockSituation, LockVerdict } from '../../../lambda/backup/lock/decide';
import { ObservedLock, ownerTag } from '../../../lambda/backup/lock/observe';
import { LockProperties, parseLockProperties } from '../../../lambda/backup/lock/properties';
import { situationOf } from '../../../lambda/backup/lock/situation';
import { Tags } from '../../../lambda/backup/services';
import { Invocation } from '../../../lambda/cloudformation/invocation';
import { Properties, Request } from '../../../lambda/cloudformation/request';
import { Standing } from '../../../lambda/cloudformation/stack-phase';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../../src/private/backup-lock-fingerprint';
import { BACKUP_LOCK_CLAIM_TAG } from '../../../src/private/contract';

export type Bounds = 'P' | 'Q';
const DAYS = { P: { minRetentionDays: 7, maxRetentionDays: 35 }, Q: { minRetentionDays: 14, maxRetentionDays: 35 } } as const;

export interface Template {
  readonly mode: 'governance' | 'compliance';
  readonly bounds: Bounds;
  readonly coolingOff?: number;
  /** The bounds that it was given for, right or wrong. */
  readonly acknowledged?: Bounds;
  readonly onRemoval: 'keep' | 'remove';
}

export const TEMPLATES: { readonly [name: string]: Template } = {
  'governance P': { mode: 'governance', bounds: 'P', onRemoval: 'keep' },
  'governance P, remove': { mode: 'governance', bounds: 'P', onRemoval: 'remove' },
  'governance Q': { mode: 'governance', bounds: 'Q', onRemoval: 'keep' },
  'compliance P in 3 days': { mode: 'compliance', bounds: 'P', coolingOff: 3, acknowledged: 'P', onRemoval: 'keep' },
  'compliance P in 3 days, remove': { mode: 'compliance', bounds: 'P', coolingOff: 3, acknowledged: 'P', onRemoval: 'remove' },
  'compliance P in 5 days': { mode: 'compliance', bounds: 'P', coolingOff: 5, acknowledged: 'P', onRemoval: 'keep' },
  'compliance Q in 3 days': { mode: 'compliance', bounds: 'Q', coolingOff: 3, acknowledged: 'Q', onRemoval: 'keep' },
  'compliance Q in 3 days with the acknowledgement of P': {
    mode: 'compliance',
    bounds: 'Q',
    coolingOff: 3,
    acknowledged: 'P',
    onRemoval: 'keep',
  },
};

/** 3: by hand. */
export type Maker = Whose | 3;

export interface LockDate {
  /** Today, or long ago; the days are counted from then, or from this morning. */
  readonly setAt: Moment;
  readonly days: number;
  /** Known to nobody but the laws. */
  readonly by: Maker;
  readonly delivery: Moment;
  readonly orphan: boolean;
}

export interface Lock {
  readonly bounds: Bounds;
  readonly date: LockDate | null;
  /** Known to nobody but the laws: who put the first lock there; nobody is there any more who has to take it away. */
  readonly by: Maker;
  readonly orphan: boolean;
}

export interface ClaimTag {
  /** Of the invocation. */
  readonly startedAt: Moment;
  readonly delivery: Moment;
  readonly lapsed: boolean;
}

export interface OwnerTag {
  readonly whose: Whose;
  readonly found: 'none' | 'governance' | 'coolingOff';
}

export interface World {
  readonly vault: 'usable' | 'missing' | 'notReady' | 'airGapped';
  readonly lock: Lock | null;
  readonly owner: OwnerTag | null;
  readonly claims: readonly ClaimTag[];
  /** Known to nobody but the laws: the event that was fulfilled last, if nothing has happened to the lock since. */
  readonly settled: Moment;
}

/** What AWS does not document, and what only a look at the vault's contents tells. */
export interface Nature {
  /** A Put without `ChangeableForDays` keeps the lock date. */
  readonly keepsDate: boolean;
  readonly pointsWithoutExpiry: boolean;
  readonly vault: World['vault'];
}

export type At = 'look' | 'askPhase' | 'claim' | 'lookForPoints' | 'put' | 'delete' | 'wanted' | 'disown' | 'withdraw' | 'release';

/** What `LockWork` remembers. */
export interface Memory {
  readonly claimed: boolean;
  readonly phase: Standing | null;
  readonly dateKept: boolean;
  readonly points: 'none' | 'some' | null;
  readonly claims: number;
  /** What it has written down about itself. */
  readonly newOwner: OwnerTag | null;
  readonly wentForward: boolean;
  readonly hasToBeWanted: boolean;
}

export const FRESH: Memory = {
  claimed: false,
  phase: null,
  dateKept: false,
  points: null,
  claims: 0,
  newOwner: null,
  wentForward: false,
  hasToBeWanted: false,
};

export interface LockRun extends Run {
  readonly at: At;
  readonly startedAt: Moment;
  readonly memory: Memory;
  /** Of the work that is taken back, while it is. */
  readonly outer: Memory | null;
  readonly verdict: LockVerdict | null;
  /** The claims that it saw last, as far as they still count. */
  readonly seen: readonly ClaimTag[];
  /** What the owner tag is to say, if it is to be written. */
  readonly tag: OwnerTag | null;
  readonly success: boolean;
  /** How often it has looked whether it may withdraw. */
  readonly looks: number;
}

export type LockState = State<World, LockRun>;
export type Decide = typeof decideLock;

const DAY_MS = 86_400_000;
const FAR_AWAY = 36_500;
const VAULT = 'archive';
const ARN = `arn:aws:backup:eu-west-1:123456789012:backup-vault:${VAULT}`;

/** In this mode it can become permanent within the life of the stack. */
export const isNear = (date: LockDate | null | undefined): date is LockDate => date !== null && date !== undefined && date.days < FAR_AWAY;
export const isImmutable = (lock: Lock | null) => isNear(lock?.date) && lock.date.days <= 0;
export const dateMs = ({ setAt, days }: LockDate) => ms(setAt === 0 ? FIRST_MOMENT : setAt) + days * DAY_MS;
export const farAway = FAR_AWAY;

function propertiesOf(name: string): Properties {
  const template = TEMPLATES[name];
  if (!template) return {};
  const { mode, bounds, coolingOff, acknowledged, onRemoval } = template;
  const { minRetentionDays, maxRetentionDays } = DAYS[bounds];
  return {
    VaultName: VAULT,
    Mode: mode,
    MinRetentionDays: String(minRetentionDays),
    MaxRetentionDays: String(maxRetentionDays),
    CoolingOffDays: coolingOff === undefined ? undefined : String(coolingOff),
    Acknowledge: acknowledged && acknowledgementOf(VAULT, backupLockFingerprint(ARN, DAYS[acknowledged])),
    OnRemoval: onRemoval,
  };
}

function requestFor(event: Event): Request {
  const { type, to, from, ofMade } = event;
  return requestOf(event, {
    physicalId: type === 'Create' ? undefined : type === 'Update' || ofMade ? `${ARN}/vault-lock` : 'Lock-not-created',
    properties: propertiesOf(to),
    oldProperties: propertiesOf(from),
  });
}

function claimOf({ startedAt, delivery, lapsed }: ClaimTag): Claim {
  const until = ms(startedAt) + (lapsed ? 0 : DAY_MS);
  return { key: `${BACKUP_LOCK_CLAIM_TAG}/${until}-0`, delivery: String(delivery), until };
}

export const ownClaim = ({ startedAt, event }: Pick<LockRun, 'startedAt' | 'event'>): ClaimTag => ({
  startedAt,
  delivery: event.signedAt,
  lapsed: false,
});

function observed({ vault, lock, owner, claims }: World): ObservedLock {
  if (vault === 'missing') return { tags: {} };
  const vaultType = vault === 'airGapped' ? 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' : 'BACKUP_VAULT';
  const seen = { vaultType, vaultState: vault === 'notReady' ? 'CREATING' : 'AVAILABLE', locked: lock !== null };
  const locked = lock ? { ...DAYS[lock.bounds], lockDate: lock.date ? dateMs(lock.date) : undefined } : {};
  const ownerTags: Tags = owner ? ownerTag({ owner: ownerFor(owner.whose) } as Request, owner.found) : {};
  return { vault: { ...seen, ...locked }, tags: Object.assign({}, ownerTags, ...claims.map((claim) => claimTag(claimOf(claim)))) as Tags };
}

const CLOCK = { now: () => 0, sleep: async () => undefined };
const invocationUntil = (deadline: number) =>
  new Invocation(
    CLOCK,
    () => undefined,
    () => 0,
    deadline,
  );
const IN_TIME = invocationUntil(Infinity);
const AT_LAST = invocationUntil(0);

/** The event that takes this one back, as CloudFormation would send it. */
export function reversed(event: Event): Event {
  return event.type === 'Create' ? { ...event, type: 'Delete' } : { ...event, to: event.from, from: event.to };
}

/** What the handler makes of what it sees; the same for all states that look the same to it. */
export class Judge {
  /** Every kind of verdict that was given. */
  readonly given = new Set<string>();
  private readonly situations = new Map<string, LockSituation>();
  private readonly desired = new Map<string, LockProperties>();

  constructor(private readonly decideBy: Decide) {}

  look(world: World, run: LockRun, now: Moment, knowsTemplate = true): LockVerdict {
    const situation = this.situation(world, run, now, knowsTemplate);
    const verdict = this.decideBy(situation);
    const { why, date } = { why: undefined, date: undefined, ...verdict };
    const left = verdict.do === 'nothing' && verdict.leftByRollback ? 'leftByRollback' : '';
    this.given.add([situation.request, verdict.do, why, date, left].filter(Boolean).join(' '));
    return verdict;
  }

  private situation(world: World, run: LockRun, now: Moment, knowsTemplate: boolean): LockSituation {
    const { vault, lock, owner, claims } = world;
    const { event, startedAt, memory, outer, lastMoment } = run;
    const { claimed, phase, dateKept, points } = memory;
    const seen = [vault, lock?.bounds, lock?.date?.setAt, lock?.date?.days, owner, claims, event, startedAt, now];
    const key = canonical([seen, claimed, phase, dateKept, points, outer !== null, lastMoment, knowsTemplate, lock === null]);
    const known = this.situations.get(key);
    if (known) return known;
    const request = requestFor(outer ? reversed(event) : event);
    const invocation = lastMoment ? AT_LAST : IN_TIME;
    CLOCK.now = () => ms(now);
    const situation = situationOf(
      request,
      request.type === 'Delete' || !knowsTemplate ? undefined : this.parsed(request, outer ? event.from : event.to),
      observed(world),
      {
        claim: claimed ? claimOf(ownClaim(run)) : undefined,
        phase: phase ?? undefined,
        dateKept,
        pointsWithoutExpiry: points ?? undefined,
      },
      invocation,
    );
    this.situations.set(key, situation);
    return situation;
  }

  private parsed({ properties, stack }: Request, name: string): LockProperties {
    const known = this.desired.get(name) ?? parseLockProperties(properties, stack);
    this.desired.set(name, known);
    return known;
  }
}
