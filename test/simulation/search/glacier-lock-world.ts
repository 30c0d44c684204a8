import { canonical } from './explore';
import { Run, State } from './frame';
import { Event, iso, Moment, ownerFor, requestOf, Whose } from './stack';
import { Request } from '../../../lambda/cloudformation/request';
import { decideLock, LockSituation, LockVerdict } from '../../../lambda/glacier/lock/decide';
import { holdOf, ObservedLock, startedByThisRequest } from '../../../lambda/glacier/lock/observe';
import { vaultArn } from '../../../lambda/glacier/vault-arn';
import { policyFingerprint } from '../../../src/policy/fingerprint';
import { LockStage } from '../../../src/private/contract';

export type Policy = 'A' | 'B';

export interface Template {
  readonly stage: LockStage;
  readonly policy: Policy;
  /** The policy that it was given for, right or wrong. */
  readonly acknowledged?: Policy;
}

export const TEMPLATES: { readonly [name: string]: Template } = {
  'initiate A': { stage: 'initiate', policy: 'A' },
  'initiate B': { stage: 'initiate', policy: 'B' },
  'complete A': { stage: 'complete', policy: 'A', acknowledged: 'A' },
  'complete A unacknowledged': { stage: 'complete', policy: 'A' },
  'complete B with the acknowledgement of A': { stage: 'complete', policy: 'B', acknowledged: 'A' },
  'once acknowledged A, not yet': { stage: 'completeOnceAcknowledged', policy: 'A' },
  'once acknowledged A': { stage: 'completeOnceAcknowledged', policy: 'A', acknowledged: 'A' },
  'once acknowledged A with the acknowledgement of B': { stage: 'completeOnceAcknowledged', policy: 'A', acknowledged: 'B' },
  'abort A': { stage: 'abort', policy: 'A' },
};

/** 3: by hand. */
export type Initiator = Whose | 3;

export interface Lock {
  readonly state: 'InProgress' | 'Locked';
  readonly policy: Policy;
  /** Tells it from every other lock. */
  readonly created: Moment;
  /** Known to nobody but the laws: who initiated it, in which deployment; nobody is there any more who has to take it away. */
  readonly by: Initiator;
  readonly deployment: Moment;
  readonly orphan: boolean;
}

export interface LockRecord {
  readonly owner: Whose;
  readonly delivery: Moment;
  /** Of the lock whose id it holds, and of the lock that it names. */
  readonly id: Moment;
  readonly created: Moment;
}

export interface Intent {
  readonly owner: Whose;
  readonly policy: Policy;
  readonly startedAt: Moment;
  /** When its lease ended; 0: it has not. */
  readonly lapsedAt: Moment;
  /** When its writer began: no two begin at once. */
  readonly claim: Moment;
  readonly delivery: Moment;
  readonly aborts: Moment;
}

export interface World {
  readonly lock: Lock | null;
  readonly record: LockRecord | null;
  readonly intent: Intent | null;
  /** Known to nobody but the laws: the event that was fulfilled last, if nothing has happened to the lock since. */
  readonly settled: Moment;
}

export interface LockRun extends Run {
  readonly at: At;
  /** Its own, once in force. */
  readonly intent: Intent | null;
  readonly lookedTwice: boolean;
  /** An Update asks once what the stack is doing before it waits: a rollback has to end. */
  readonly asked: boolean;
  readonly hasToEnd: boolean;
  readonly idRejected: boolean;
  readonly verdict: LockVerdict | null;
  readonly situation: LockSituation | null;
  /** Of the lock that it saw. */
  readonly former: Moment;
  /** When the intent was written that is to be replaced. */
  readonly stale: Moment;
  /** Of the record that it saw, or of the lock that it made. */
  readonly id: Moment;
  /** When it wrote the intent for the last time, whether that came into force or not. */
  readonly wrote: Moment;
  /** A lock may have been made by it. */
  readonly tried: boolean;
  /** When the lock was created whose id it has put on record. */
  readonly remembered: Moment;
  /** What it saw is its own: the record, and the intent by when that was written. */
  readonly forgets: { readonly record: boolean; readonly intent: Moment } | null;
  /** How it is to end. */
  readonly success: boolean;
}

export type At =
  | 'look'
  | 'askPhase'
  | 'claim'
  | 'replace'
  | 'check'
  | 'ask'
  | 'abortFormer'
  | 'initiate'
  | 'readBack'
  | 'putRecord'
  | 'complete'
  | 'abort'
  | 'forget'
  | 'forgetRecord'
  | 'forgetIntent'
  | 'release'
  | 'takeBack'
  | 'dropIntent'
  | 'answer';

export type LockState = State<World, LockRun>;
export type Decide = typeof decideLock;

const VAULT = 'ledger';
const textOf = (policy: Policy) =>
  JSON.stringify({
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: policy === 'A' ? 'glacier:DeleteArchive' : 'glacier:InitiateJob', Resource: '*' },
    ],
  });
const TEXTS = { A: textOf('A'), B: textOf('B') };
const ARN = vaultArn({ partition: 'aws', region: 'eu-west-1', account: '123456789012' } as Request['stack'], VAULT);
const FINGERPRINTS = { A: policyFingerprint(ARN, TEXTS.A), B: policyFingerprint(ARN, TEXTS.B) };

/** Later than all that a state knows of. */
const NOW = '2100-01-01T00:00:00.000Z';

const dateOf = (created: Moment) => (created === 0 ? '2000-01-01T00:00:00.000Z' : iso(created));

function intentOf({ owner, policy, startedAt, lapsedAt, claim, delivery, aborts }: Intent) {
  return {
    owner: ownerFor(owner),
    fingerprint: FINGERPRINTS[policy],
    startedAt: Date.parse(dateOf(startedAt)),
    leaseUntil: lapsedAt ? Date.parse(iso(lapsedAt)) : Number.MAX_SAFE_INTEGER,
    claim: String(claim),
    delivery: String(delivery),
    aborts: aborts === 0 ? undefined : dateOf(aborts),
  };
}

/** As `LockReader` reads it: a completed lock alone, and on Create and Update the intent only where it matters. */
function observed({ lock, record, intent }: World, event: Event): ObservedLock {
  if (!lock || lock.state === 'InProgress') {
    const settled = event.type !== 'Delete' && (!lock || (record?.owner === event.whose && record.created === lock.created));
    return {
      lock: lock ? { state: lock.state, policy: TEXTS[lock.policy], creationDate: dateOf(lock.created) } : undefined,
      record: record
        ? { owner: ownerFor(record.owner), lockId: '', lockCreationDate: dateOf(record.created), delivery: String(record.delivery) }
        : undefined,
      intent: intent && !settled ? intentOf(intent) : undefined,
    };
  }
  return { lock: { state: lock.state, policy: TEXTS[lock.policy], creationDate: dateOf(lock.created) } };
}

export function situationOf(world: World, run: LockRun): LockSituation {
  const { event, idRejected, lastMoment, hasToEnd, intent: own } = run;
  const request = requestOf(event);
  const seen = observed(world, event);
  const desired = event.type === 'Delete' ? undefined : TEMPLATES[event.to];
  const old = TEMPLATES[event.from];
  const now = hasToEnd && lastMoment ? Infinity : Date.parse(NOW);
  const hold = holdOf(VAULT, seen, { request, intent: own ? intentOf(own) : undefined, now });
  return {
    request: event.type,
    stage: desired?.stage ?? 'abort',
    acknowledged: desired !== undefined && desired.acknowledged === desired.policy,
    lock: world.lock?.state ?? 'None',
    samePolicy: desired !== undefined && world.lock?.policy === desired.policy,
    hold: hold === 'known' && idRejected ? 'lost' : hold,
    startedByThisRequest: startedByThisRequest(seen, request),
    keptByRollback: event.type === 'Update' && old?.stage !== 'abort' && old?.policy === desired?.policy,
    meantToComplete: desired?.acknowledged !== undefined,
  };
}

/** What the handler makes of what it sees; the same for all states that look the same to it. */
export class Judge {
  /** Every kind of verdict that was given. */
  readonly given = new Set<string>();
  private readonly known = new Map<string, LockSituation>();

  constructor(private readonly decideBy: Decide) {}

  look(world: World, run: LockRun): { readonly situation: LockSituation; readonly verdict: LockVerdict } {
    const { lock, record, intent } = world;
    const key = canonical([run.event, lock, record, intent, run.intent, run.idRejected, run.lastMoment, run.hasToEnd]);
    const situation = this.known.get(key) ?? situationOf(world, run);
    this.known.set(key, situation);
    return { situation, verdict: this.decide(situation) };
  }

  decide(situation: LockSituation): LockVerdict {
    const verdict = this.decideBy(situation);
    const { abortFirst, failing, why, late } = { abortFirst: false, failing: undefined, why: undefined, late: false, ...verdict };
    this.given.add([situation.request, verdict.do, abortFirst ? 'anew' : '', failing, why, late ? 'late' : ''].filter(Boolean).join(' '));
    return verdict;
  }
}
