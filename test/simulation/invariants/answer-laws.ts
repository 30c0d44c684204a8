import type { Accuse } from './catalogue';
import type { Answer, Run } from '../world/runs';
import { FUNCTION_MS } from '../world/lambda-runtime';
import type { SimWorld } from '../world/sim-world';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const MAX_ANSWER_BYTES = 4096;
const MAX_REASON = 1024;

/** What must hold of every process, its log and its answer. */
export class AnswerLaws {
  private readonly logs = new Map<Run, string[]>();

  constructor(
    private readonly world: SimWorld,
    private readonly accuse: Accuse,
  ) {}

  logged(run: Run, entry: object): void {
    const lines = this.logs.get(run) ?? [];
    lines.push(JSON.stringify(entry));
    this.logs.set(run, lines);
  }

  ended(run: Run): void {
    const lines = this.logs.get(run) ?? [];
    this.logs.delete(run);
    const { event, answers } = run;
    const bodies = [...new Set(answers)];
    const what = `the ${event.RequestType} of ${event.LogicalResourceId}`;
    if (bodies.length > 1) this.accuse('answeredOnce', `${what} is answered with ${bodies.length} different answers`);
    const [body] = bodies;
    if (body === undefined) {
      if (!run.death && !run.answerWasLost) this.accuse('answeredOnce', `${what} is not answered, and nothing killed the process`);
      return;
    }
    if (Buffer.byteLength(body) > MAX_ANSWER_BYTES)
      this.accuse('answeredOnce', `${what} is answered with ${Buffer.byteLength(body)} bytes`);
    if (this.world.clock.now() - run.startedAt > FUNCTION_MS) this.accuse('answeredOnce', `${what} is answered too late`);
    this.judgeAnswer(run, JSON.parse(body) as Answer, what);
    this.judgeWords(run, [...lines, body], what);
  }

  private judgeAnswer({ event }: Run, { Status, PhysicalResourceId, Reason }: Answer, what: string): void {
    if (Status === 'FAILED') {
      if (event.RequestType !== 'Create' && PhysicalResourceId !== event.PhysicalResourceId) {
        this.accuse(
          'sameIdentity',
          `${what} fails and answers with another id: ${PhysicalResourceId} instead of ${event.PhysicalResourceId}`,
        );
      }
      if (!Reason || /^unexpected|undefined|\[object/.test(Reason))
        this.accuse('clearWords', `${what} fails with the reason ${JSON.stringify(Reason)}`);
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
    if (line !== undefined)
      this.accuse('clearWords', `${what} tells a policy, a lock id, a response URL or a stack trace: ${line.slice(0, 200)}`);
  }
}
