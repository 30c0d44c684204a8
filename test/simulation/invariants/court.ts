import { AccessLaws } from './access-laws';
import { AnswerLaws } from './answer-laws';
import { AnsweredLaws } from './answered-laws';
import { BackupLaws } from './backup-laws';
import type { Accuse, Violation } from './catalogue';
import { EndLaws } from './end-laws';
import { Evidence } from './evidence';
import { GlacierLaws } from './glacier-laws';
import { LatenessLaws } from './lateness-laws';
import { OutcomeLaws } from './outcome-laws';
import { TruthLaws } from './truth-laws';
import type { Judge, Operation } from '../program/play';
import type { CallRecord } from '../world/api';
import { isRead } from '../world/faults';
import type { Event, Run } from '../world/runs';
import type { SimWorld } from '../world/sim-world';

/** Holds a run against every invariant, after every step. */
export class Court implements Judge {
  readonly violations: Violation[] = [];
  private readonly evidence: Evidence;
  private readonly glacier: GlacierLaws;
  private readonly backup: BackupLaws;
  private readonly answers: AnswerLaws;
  private readonly outcomes: OutcomeLaws;
  private readonly lateness: LatenessLaws;
  private readonly end: EndLaws;
  private readonly access: AccessLaws;
  private readonly answered: AnsweredLaws;
  private readonly truth: TruthLaws;

  constructor(world: SimWorld) {
    const accuse: Accuse = (invariant, what) => {
      this.violations.push({ invariant, what, at: world.clock.now() });
    };
    this.evidence = new Evidence(world);
    this.glacier = new GlacierLaws(this.evidence, accuse);
    this.backup = new BackupLaws(this.evidence, accuse);
    this.answers = new AnswerLaws(this.evidence, accuse);
    this.access = new AccessLaws(this.evidence, accuse);
    this.outcomes = new OutcomeLaws(this.evidence, this.glacier, this.access, accuse);
    this.lateness = new LatenessLaws(this.evidence, accuse);
    this.end = new EndLaws(this.evidence, this.access, accuse);
    this.answered = new AnsweredLaws(this.evidence, accuse);
    this.truth = new TruthLaws(this.evidence, this.glacier, accuse);
  }

  get isOver(): boolean {
    return this.violations.length > 0;
  }

  sent(event: Event): void {
    this.evidence.sent(event);
    this.outcomes.sent(event);
    this.truth.sent(event);
  }

  started(run?: Run): void {
    if (run) this.evidence.started(run);
  }

  before(operation: string, on: string, by: Run): void {
    this.evidence.forwardAgo(by);
    this.answers.before(operation, by);
    if (operation.startsWith('glacier:')) this.glacier.note(on);
    else if (operation.startsWith('backup:')) this.noteBackup(on);
  }

  private noteBackup(on: string): void {
    this.backup.note(on);
    this.access.note(on);
  }

  after(call: CallRecord): void {
    this.evidence.asks(call);
    if (call.fault === 'hang') this.evidence.hangs(call.by);
    this.end.after(call);
    this.truth.after(call);
    this.answered.judge(call);
    this.lateness.judge(call);
    if (call.error === undefined && !isRead(call.operation)) this.evidence.wrote(call.by);
    if (call.operation.startsWith('glacier:')) this.glacier.judge(call);
    else if (call.operation.startsWith('backup:')) this.judgeBackup(call);
  }

  private judgeBackup(call: CallRecord): void {
    this.backup.judge(call);
    this.access.judge(call);
  }

  logged(run: Run, entry: object): void {
    this.answers.logged(run, entry);
  }

  ended(run: Run): void {
    this.answers.ended(run);
    this.outcomes.ended(run);
    this.end.ended(run);
    this.truth.ended(run);
    this.answered.ended(run);
    this.backup.ended(run);
    if (run.answers.length === 0 || this.evidence.hasHung(run)) this.evidence.disturbed();
  }

  begins(operation: Operation): void {
    this.evidence.begins(operation);
    this.outcomes.begins(operation);
    this.end.begins(operation);
  }

  ends(operation: Operation): void {
    this.outcomes.ends(operation);
    this.end.ends(operation);
  }

  rests(operation: Operation): void {
    this.outcomes.rests(operation);
  }

  interferes(): void {
    this.evidence.interferes();
  }

  passes(): void {}
}
