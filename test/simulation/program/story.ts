import type { Judge, Operation } from './play';
import type { Program, Step } from './program';
import { restrictedTo } from './program';
import type { TemplateSpec } from './template-spec';
import type { CallRecord } from '../world/api';
import type { Answer, Event, Run } from '../world/runs';
import { DAY, HOUR, MINUTE, SECOND } from '../world/sim-clock';
import type { SimWorld } from '../world/sim-world';

/** Tells a run, line by line, with the virtual time since its beginning. */
export class Story {
  readonly lines: string[] = [];

  constructor(private readonly world: SimWorld) {}

  /** The same judge, and everything that it hears is written down. */
  told(judge: Judge): Judge {
    const line = (text: string) => this.line(text);
    return {
      get isOver() {
        return judge.isOver;
      },
      sent: (event) => (line(`  CloudFormation sends ${titleOf(event)}`), judge.sent(event)),
      started: (run) => (line(`    process ${run.number} starts on ${titleOf(run.event)}`), judge.started(run)),
      before: (operation, on, by) => judge.before(operation, on, by),
      after: (call) => (line(`      ${told(call)}`), judge.after(call)),
      logged: (run, entry) => judge.logged(run, entry),
      ended: (run) => (line(`    process ${run.number} ${endOf(run)}`), judge.ended(run)),
      begins: (operation) => (line(beginningOf(operation)), judge.begins(operation)),
      ends: (operation) => {
        line(`${operation.kind} of ${operation.stack} has ended: ${this.world.stack(operation.stack)?.status ?? 'it is gone'}`);
        judge.ends(operation);
      },
      rests: (operation) => (line('all is at rest'), judge.rests(operation)),
      interferes: (act) => (line(`somebody at the console ${act}`), judge.interferes(act)),
      passes: (ms) => (line(`${lengthOf(ms)} pass`), judge.passes(ms)),
    };
  }

  line(text: string): void {
    const { clock } = this.world;
    this.lines.push(`${timeOf(clock.offset)}  ${text}`);
  }
}

export function timeOf(ms: number): string {
  const days = Math.floor(ms / DAY);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two((ms % DAY) / HOUR)}:${two((ms % HOUR) / MINUTE)}:${((ms % MINUTE) / SECOND).toFixed(3).padStart(6, '0')}`;
  return days > 0 ? `day ${days} ${clock}` : clock;
}

function lengthOf(ms: number): string {
  if (ms >= DAY) return `${(ms / DAY).toFixed(ms % DAY ? 3 : 0)} days`;
  return ms >= MINUTE ? `${(ms / MINUTE).toFixed(0)} minutes` : `${(ms / SECOND).toFixed(0)} seconds`;
}

function titleOf({ RequestType, LogicalResourceId, PhysicalResourceId }: Event): string {
  return `${RequestType} of ${LogicalResourceId}${PhysicalResourceId ? ` (${PhysicalResourceId.slice(0, 60)})` : ''}`;
}

function told({ by, operation, on, fault, error }: CallRecord): string {
  const result = error ? `: ${error}` : '';
  return `${by.number}: ${operation} ${on.split('/').at(-1)}${result}${fault ? ` (fault: ${fault})` : ''}`;
}

function endOf({ answers, death, answerWasLost }: Run): string {
  const [body] = answers;
  if (body === undefined) return death ? `dies at its call ${death.atCall}, ${death.when} its effect` : 'ends without an answer';
  const { Status, Reason } = JSON.parse(body) as Answer;
  return `answers ${Status}${Reason ? `: ${Reason}` : ''}${answerWasLost ? ' (an answer got lost)' : ''}`;
}

function beginningOf({ kind, stack, template, statusBefore = 'new' }: Operation): string {
  return `${kind} ${stack} (${statusBefore})${template ? ` with ${templateText(template)}` : ''}`;
}

export function templateText({ glacier, backup, siblings, otherVersion }: TemplateSpec): string {
  const text = (value: object) => JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ');
  const parts = Object.entries({ ...glacier, ...backup })
    .filter(([, slot]) => Object.values(slot as object).some((content) => content !== undefined))
    .map(([name, slot]) => `${name} ${text(slot as object)}`);
  if (siblings.length > 0) parts.push(`siblings ${text(siblings)}`);
  if (otherVersion) parts.push('as another version of the library writes it');
  return parts.join('; ') || 'nothing of ours';
}

/** The program itself, step by step. */
export function programText({ slots, steps, noise, skewMs, switches, found }: Program): string {
  const unusual = Object.entries(switches).map(([name, value]) => `${name}=${value}`);
  const lines = steps.map(({ stack, step }, index) => `  ${index + 1}. ${stepText(step, slots)}${stack === 1 ? ' (second stack)' : ''}`);
  return [`noise ${noise}, clock skew ${skewMs} ms, found ${JSON.stringify(found)}`, `switches ${unusual.join(' ')}`, ...lines].join('\n');
}

function stepText(step: Step, slots: Program['slots']): string {
  if (step.do === 'pass') return `let ${lengthOf(step.ms)} pass`;
  if (step.do === 'console') return `at the console, ${step.afterMs} ms later: ${step.act} ${step.slot}`;
  const trouble = [
    ...step.faults.map(({ operation, kind, skip, times }) => `${operation} ${kind} x${times}${skip > 0 ? ` after ${skip}` : ''}`),
    ...step.deliveries.map((each) => `delivery ${JSON.stringify(each).replaceAll('"', '')}`),
    ...(step.settles ? [] : ['goes on before all is at rest']),
  ];
  const what =
    step.do === 'deploy'
      ? `deploy ${templateText(restrictedTo(slots, step.template))}, on failure ${step.onFailure}${step.cancelAfterMs === undefined ? '' : `, cancelled after ${step.cancelAfterMs} ms`}`
      : step.do;
  return trouble.length > 0 ? `${what}\n       with ${trouble.join(', ')}` : what;
}
