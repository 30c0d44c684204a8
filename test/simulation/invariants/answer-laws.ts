import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { FUNCTION_MS } from '../world/lambda-runtime';
import type { Answer, Run } from '../world/runs';
import type { SimWorld } from '../world/sim-world';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const MAX_ANSWER_BYTES = 4096;
const MAX_REASON = 1024;
/** So much of its time a function keeps for its answer. */
const MARGIN_MS = 10_000;

/** What must hold of every process, its log and its answer. */
export class AnswerLaws {
  private readonly logs = new Map<Run, string[]>();
  /** When a process began to send its answer. */
  private readonly answering = new WeakMap<Run, number>();
  private readonly callsAtEnd = new WeakMap<Run, number>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  logged(run: Run, entry: object): void {
    const lines = this.logs.get(run) ?? [];
    lines.push(JSON.stringify(entry));
    if ('answer' in entry) this.answering.set(run, this.world.clock.now());
    this.logs.set(run, lines);
  }

  /** Before a call has an effect. */
  before(operation: string, by: Run): void {
    const calls = this.callsAtEnd.get(by);
    if (calls === undefined || by.calls <= calls) return;
    const { RequestType, LogicalResourceId } = by.event;
    this.accuse('answeredOnce', `the ${RequestType} of ${LogicalResourceId} has been answered, and its process goes on with ${operation}`);
  }

  ended(run: Run): void {
    this.callsAtEnd.set(run, run.calls);
    const lines = this.logs.get(run) ?? [];
    this.logs.delete(run);
    const { event, answers } = run;
    const bodies = [...new Set(answers)];
    const what = `the ${event.RequestType} of ${event.LogicalResourceId}`;
    if (bodies.length > 1) this.accuse('answeredOnce', `${what} is answered with ${bodies.length} different answers`);
    const [body] = bodies;
    if (body === undefined) return this.judgeSilence(run, what);
    if (Buffer.byteLength(body) > MAX_ANSWER_BYTES) {
      this.accuse('answeredOnce', `${what} is answered with ${Buffer.byteLength(body)} bytes`);
    }
    if (this.world.clock.now() - run.startedAt > FUNCTION_MS) this.accuse('answeredOnce', `${what} is answered too late`);
    this.judgeAnswer(run, JSON.parse(body) as Answer, what);
    this.judgeWords(run, [...lines, body], what);
  }

  private judgeSilence(run: Run, what: string): void {
    const { death, calls, answerWasLost, startedAt } = run;
    if (death && calls > death.atCall) return;
    const since = this.answering.get(run);
    if (since === undefined) return this.accuse('answeredOnce', `${what} is not answered, and nothing killed the process`);
    // The network may take the time that is left.
    if (since - startedAt >= FUNCTION_MS - MARGIN_MS) return;
    if (answerWasLost && this.evidence.losesAnswers) return;
    this.accuse('answeredOnce', `an answer to ${what} got lost, and was not put again`);
  }

  private get world(): SimWorld {
    return this.evidence.world;
  }

  private judgeAnswer({ event }: Run, { Status, PhysicalResourceId, Reason }: Answer, what: string): void {
    if (Status === 'FAILED') {
      if (event.RequestType !== 'Create' && PhysicalResourceId !== event.PhysicalResourceId) {
        this.accuse(
          'sameIdentity',
          `${what} fails and answers with another id: ${PhysicalResourceId} instead of ${event.PhysicalResourceId}`,
        );
      }
      if (!Reason || /^unexpected|undefined|\[object/.test(Reason)) {
        this.accuse('clearWords', `${what} fails with the reason ${JSON.stringify(Reason)}`);
      }
    }
    if (event.RequestType === 'Delete' && PhysicalResourceId !== event.PhysicalResourceId) {
      this.accuse('sameIdentity', `${what} answers with another id: ${PhysicalResourceId}`);
    }
    if (Buffer.byteLength(Reason ?? '') > MAX_REASON) this.accuse('clearWords', `${what} gives a reason of ${Reason?.length} characters`);
  }

  private judgeWords({ event }: Run, lines: readonly string[], what: string): void {
    const { Policy } = (event.ResourceProperties ?? {}) as { Policy?: string };
    const locks = Object.values(this.world.glacierVaults).flatMap(({ lock }) => (lock ? [lock.id] : []));
    const secrets = [event.ResponseURL, ...locks, ...(Policy ? [JSON.stringify(Policy).slice(1, -1)] : [])];
    const line = lines.find((each) => secrets.some((secret) => each.includes(secret)) || /\n\s+at |"stack":/.test(each));
    if (line !== undefined) {
      this.accuse('clearWords', `${what} tells a policy, a lock id, a response URL or a stack trace: ${line.slice(0, 200)}`);
    }
  }
}
