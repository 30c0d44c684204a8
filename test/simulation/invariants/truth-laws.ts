import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward, sent } from './evidence';
import type { GlacierLaws } from './glacier-laws';
import type { VaultLock } from '../../../local/glacier/state';
import { ResourceTypes } from '../../../src/private/contract';
import { glacierAcknowledgement, policyNameOf } from '../program/template';
import type { CallRecord } from '../world/api';
import { isLasting, isRead } from '../world/faults';
import type { Answer, Event, Run } from '../world/runs';
import { MINUTE, SECOND } from '../world/sim-clock';

/** Reads may show what was there so long ago. */
const STALE_MS = 10 * SECOND;
const isLock = ({ ResourceType }: Event) => ResourceType === ResourceTypes.GLACIER_VAULT_LOCK;
const vaultOf = (event: Event) => String((event.ResourceProperties as { VaultName?: unknown } | undefined)?.VaultName);

/** What the answers about a Glacier lock must tell, and what must not be refused. */
export class TruthLaws {
  private readonly changed = new Map<string, { readonly at: number; readonly by: Run }>();
  /** ResponseURL -> the window that the event is to complete. */
  private readonly tested = new Map<string, VaultLock>();

  constructor(
    private readonly evidence: Evidence,
    private readonly glacier: GlacierLaws,
    private readonly accuse: Accuse,
  ) {}

  sent(event: Event): void {
    const lock = this.windowToComplete(event);
    if (lock) this.tested.set(event.ResponseURL, lock);
  }

  after({ operation, on, by, at, error }: CallRecord): void {
    if (error === undefined && operation.startsWith('glacier:') && !isRead(operation)) this.changed.set(on, { at, by });
  }

  ended(run: Run): void {
    const { event, answers } = run;
    if (!isLock(event) || answers[0] === undefined) return;
    const answer = JSON.parse(answers[0]) as Answer;
    if (answer.Status === 'FAILED') return event.RequestType === 'Delete' ? this.judgeWedge(run, answer) : this.judgeRefusal(run, answer);
    const on = vaultOf(event);
    if (!this.isSettled(on, run)) return;
    const state = this.lockOf(on)?.state ?? 'None';
    const { LockState: told, LockExpirationDate: expires = '' } = answer.Data ?? {};
    // It ran out between the look and the answer.
    if (Date.parse(expires) < this.evidence.world.clock.now() + MINUTE) return;
    if (event.RequestType === 'Delete' && state !== 'None' && /has no lock$/.test(answer.Reason ?? '')) {
      this.accuse('tellsTheTruth', `the Delete of ${event.LogicalResourceId} says that ${on} has no lock, and it is ${state}`);
    }
    if (event.RequestType !== 'Delete' && told && told !== state) {
      this.accuse(
        'tellsTheTruth',
        `the ${event.RequestType} of ${event.LogicalResourceId} tells the lock state ${told}, and it is ${state}`,
      );
    }
  }

  private judgeRefusal({ event, statusAtAnswer = '' }: Run, { Reason }: Answer): void {
    const lock = this.tested.get(event.ResponseURL);
    if (!lock || !isForward(statusAtAnswer) || !this.evidence.isLight()) return;
    if (this.evidence.world.clock.now() > lock.expires - MINUTE) return;
    this.accuse('testedLock', `the lock of ${vaultOf(event)} was tested and is acknowledged, and is not completed: ${Reason}`);
  }

  private judgeWedge(run: Run, { Reason }: Answer): void {
    const { faults = [], deliveries = [] } = this.evidence.operation?.trouble ?? {};
    const isDenied =
      faults.length > 0 && faults.every(({ kind }) => isLasting(kind)) && deliveries.every(({ deaths }) => deaths.length === 0);
    if (isDenied && this.evidence.isOfOperation(run.event)) {
      this.accuse('deletesAnyway', `the Delete of ${run.event.LogicalResourceId} fails because something is denied: ${Reason}`);
    }
  }

  /** Nobody else has changed anything while the process looked. */
  private isSettled(on: string, run: Run): boolean {
    const { evidence } = this;
    const last = this.changed.get(on);
    const from = run.startedAt - STALE_MS;
    const lock = evidence.world.glacierVaults[on]?.lock;
    const isRunningOut = lock?.state === 'InProgress' && lock.expires < evidence.world.clock.now() + MINUTE;
    return (!last || last.by === run || last.at < from) && evidence.isUntouched(from) && !isRunningOut;
  }

  private lockOf(on: string): VaultLock | undefined {
    return this.evidence.world.glacierVaults[on]?.lock ?? undefined;
  }

  private windowToComplete(event: Event): VaultLock | undefined {
    const { Stage, Policy, Acknowledge } = sent({ event } as Run);
    if (!isLock(event) || event.RequestType !== 'Update' || Stage !== 'complete' || typeof Policy !== 'string') return undefined;
    const on = vaultOf(event);
    const policy = policyNameOf(on, Policy);
    const lock = this.lockOf(on);
    if (lock?.state !== 'InProgress' || policy === undefined || policyNameOf(on, lock.policy) !== policy) return undefined;
    const origin = this.glacier.initiator(lock.id);
    const isOwn = origin?.event.StackId === event.StackId && origin.event.LogicalResourceId === event.LogicalResourceId;
    const isEarlier = origin !== undefined && this.evidence.sendingOf(origin).operation < this.evidence.world.operationNumber;
    const isKept = origin !== undefined && hasKeptItsId(origin);
    return isOwn && isEarlier && isKept && Acknowledge === glacierAcknowledgement(on, policy) ? lock : undefined;
  }
}

/** It succeeded, or failed only because it had to start a window instead of completing one. */
function hasKeptItsId({ answers: [body] }: Run): boolean {
  if (body === undefined) return false;
  const { Status, Reason = '' } = JSON.parse(body) as Answer;
  return Status === 'SUCCESS' || /A new test window was started/.test(Reason);
}
