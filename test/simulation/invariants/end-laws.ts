import type { AccessLaws } from './access-laws';
import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward } from './evidence';
import type { Operation } from '../program/play';
import { policyNameOf } from '../program/template';
import type { CallRecord } from '../world/api';
import { isRead } from '../world/faults';
import type { Answer, Run } from '../world/runs';

/**
 * Reasons that a person can act upon, so that a last deployment may be refused with them. Anything else (too late, denied, not finished)
 * is no reason when nothing goes wrong any more.
 */
const GOOD_REASONS: readonly RegExp[] = [
  /needs `acknowledge`/,
  /exists already in this account/,
  /does not exist any more/,
  /belongs to another resource/,
  /no lock in progress that was tested/,
  /another policy under test/,
  /started by this same deployment/,
  /is in the state CREATING/,
  /is locked/,
  /permanent since/,
  /lock in progress that/,
  /there is no (backup )?vault/,
  /LOGICALLY_AIR_GAPPED/,
  /lock already that this stack did not make/,
  /lock date that this stack did not set/,
  /would set an earlier one/,
  /never expire/,
  /a new window|new (test )?window/,
  /other statements? /,
  /statements? of/,
];

/** What a lock policy that denies changes of tags and policies leads to. */
const DENIED = /was denied for 60 seconds/;

/** What must hold in the end, when all faults are over. */
export class EndLaws {
  private operation?: Operation;
  private refusals: string[] = [];

  constructor(
    private readonly evidence: Evidence,
    private readonly access: AccessLaws,
    private readonly accuse: Accuse,
  ) {}

  begins(operation: Operation): void {
    this.operation = operation;
    this.refusals = [];
  }

  after({ operation: call, by, on, error }: CallRecord): void {
    const isWrite = !isRead(call) && call !== 'sts:AssumeRole' && error === undefined;
    if (this.operation?.purpose !== 'unchanged' || !isWrite) return;
    // Two that wrote over each other could not know: this mends it.
    if (call.endsWith('BackupVaultAccessPolicy') && this.access.isRaced(on)) return;
    this.accuse('writesNothing', `an update of ${by.event.LogicalResourceId} that changes nothing calls ${call} on ${on}`);
  }

  ended({ event, answers, statusAtAnswer = '' }: Run): void {
    const { Status, Reason = '' } = JSON.parse(answers[0] ?? '{}') as Partial<Answer>;
    // Later ones are of resources that CloudFormation has cancelled because of the first.
    if (Status === 'FAILED' && isForward(statusAtAnswer)) this.refusals.push(Reason);
    if (Status !== 'FAILED' || this.operation?.purpose !== undefined || !this.evidence.isLight() || this.isGood(Reason)) return;
    const isCurrent = this.evidence.isOfOperation(event);
    const isNoticed = isCurrent && (isForward(statusAtAnswer) || event.RequestType === 'Delete');
    if (isNoticed) {
      this.accuse(
        'shrugsOff',
        `a few faults that pass fail the ${event.RequestType} of ${event.LogicalResourceId}: ${Reason.slice(0, 300)}`,
      );
    }
  }

  ends({ purpose, kind, stack }: Operation): void {
    if (purpose === undefined) return;
    const status = this.evidence.world.stack(stack)?.status ?? 'DELETE_COMPLETE';
    if (purpose === 'delete') {
      if (status !== 'DELETE_COMPLETE' && this.evidence.isUntouched()) {
        this.accuse('noWedge', `with no fault left, deleting ${stack} ends in ${status}`);
      }
      return;
    }
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status) || (kind !== 'CreateStack' && kind !== 'UpdateStack')) return;
    const bad = this.refusals.find((reason) => !this.isGood(reason));
    const isRefused = this.refusals.length > 0 && bad === undefined;
    if (purpose === 'unchanged' || !isRefused) {
      this.accuse(
        'converges',
        `with no fault left, ${purpose === 'last' ? 'the last deployment' : 'an unchanged one'} of ${stack} ends in ${status}: ${bad ?? this.refusals[0] ?? 'no reason'}`,
      );
    }
  }

  private isGood(reason: string): boolean {
    return GOOD_REASONS.some((good) => good.test(reason)) || (DENIED.test(reason) && this.isHeld()) || this.isManaged(reason);
  }

  /** Some lock denies changes of its vault. */
  private isHeld(): boolean {
    return Object.values(this.evidence.world.glacierVaults).some(({ name, lock }) => lock && policyNameOf(name, lock.policy) === 'hold');
  }

  /** By a resource of a stack that exists. */
  private isManaged(reason: string): boolean {
    const [, owner] = /managed by another resource: (?:adopted\/|dated\/)?([^/]+\/[^/]+)\//.exec(reason) ?? [];
    const stacks = Object.values(this.evidence.world.engine.api.store.state.stacks);
    // A lock that a removed construct was to keep goes on being what it made.
    return owner !== undefined && stacks.some(({ stackId }) => stackId.endsWith(`/${owner}`));
  }
}
