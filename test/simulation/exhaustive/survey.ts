import type { Scenario, TestedStep } from './scenario';
import { SCENARIOS } from './scenarios';
import { Adjourned, StepCourt } from './step-court';
import type { HeardEvent, Hearing } from './step-court';
import type { Trouble } from './troubles';
import { deathsIn, faultsAt, lostAnswersOf, NO_TROUBLE, repeatedDeathsIn, withoutMirrored } from './troubles';
import type { Invariant, Violation } from '../invariants/catalogue';
import { Player } from '../program/play';
import type { Program } from '../program/program';
import type { Sum } from '../tally';
import { emptySum, Tally } from '../tally';
import type { DeliveryFault } from '../world/lambda-runtime';
import { HOUR, MINUTE, SECOND } from '../world/sim-clock';

/** When an event is delivered for the second time; the late ones mostly find that nothing goes on any more. */
const AT_ONCE = 0;
const LATE = [10 * SECOND, 3 * MINUTE, HOUR] as const;
type Delay = typeof AT_ONCE | (typeof LATE)[number];

const DELAY_NAMES: { readonly [delay in Delay]: string } = {
  [AT_ONCE]: 'copy at once',
  [10 * SECOND]: 'copy after 10 s',
  [3 * MINUTE]: 'copy after 3 min',
  [HOUR]: 'copy after 1 h',
};

/** A program with one trouble, and perhaps a second delivery. */
export interface Variant {
  readonly name: string;
  readonly program: Program;
}

export interface Finding extends Variant {
  readonly invariant: Invariant;
}

/** What became of all variants of a scenario: plain data, which processes send each other. */
export interface Report {
  readonly scenario: string;
  /** How many were played. */
  readonly variants: number;
  /** Late copies that would have found what another one found. */
  readonly merged: number;
  /** What the variants broke, and how many of them. */
  readonly broken: { readonly [what: string]: number };
  readonly finding?: Finding;
  readonly sum: Sum;
  readonly cpuSeconds: number;
}

export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (!found) throw new Error(`there is no scenario ${name}`);
  return found;
}

export interface SurveyOptions {
  /** Plays what would be merged, too. */
  readonly inFull?: boolean;
  readonly told?: (variant: Variant, violations: readonly Violation[]) => void;
}

export async function surveyOf(scenario: Scenario, options: SurveyOptions = {}): Promise<Report> {
  const before = process.cpuUsage();
  const survey = new Survey(scenario, options);
  await survey.carryOut();
  const { user, system } = process.cpuUsage(before);
  return { ...survey.report, cpuSeconds: (user + system) / 1e6 };
}

interface Played {
  readonly events: readonly HeardEvent[];
  readonly isAdjourned: boolean;
  readonly endedAt: number;
}

/** The scenario itself, as no event's trouble. */
const CALM = -1;

/** Plays a scenario with every trouble, and every trouble with every redelivery. */
class Survey {
  private readonly sum = emptySum();
  private readonly broken: { [what: string]: number } = {};
  private readonly played = new Set<string>();
  /** How things stood after steps from which a variant has gone on to the end. */
  private readonly ends = new Set<string>();
  /** The same in the middle of the step, by the event that the trouble is about, and whether that is delivered again. */
  private readonly middles = new Map<string, Set<string>>();
  /** How things stood when a late copy began, by event. */
  private readonly beginnings = new Set<string>();
  private merged = 0;
  private finding?: Finding;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: SurveyOptions,
  ) {}

  get report(): Omit<Report, 'cpuSeconds'> {
    const { scenario, played, merged, broken, finding, sum } = this;
    return { scenario: scenario.name, variants: played.size, merged, broken, finding, sum };
  }

  async carryOut(): Promise<void> {
    const calm = await this.play(NO_TROUBLE, CALM);
    for (const [index, event] of calm.events.entries()) {
      const { isBrief } = this.scenario;
      const faults = isBrief ? [] : faultsAt(event.calls, false);
      for (const trouble of [NO_TROUBLE, ...faults, ...deathsIn(event), ...(isBrief ? [] : lostAnswersOf(event))]) {
        const played = await this.play(trouble, index);
        if (trouble === NO_TROUBLE || !isBrief) await this.playLate(trouble, index, played);
      }
      await this.playAtOnce(index, event);
      for (const trouble of isBrief ? [] : repeatedDeathsIn(event)) await this.play(trouble, index);
    }
  }

  /** Both processes work call by call beside each other. */
  private async playAtOnce(index: number, event: HeardEvent): Promise<void> {
    const beside = (await this.play(NO_TROUBLE, index, AT_ONCE)).events[index];
    if (this.scenario.isBrief) return;
    const faults = faultsAt(withoutMirrored(beside?.calls ?? [], beside?.processes[0]), true);
    // An attempt that dies again finds what the copy has done: also what it would find after a late copy.
    const troubles = [...faults, ...deathsIn(event), ...repeatedDeathsIn(event), ...lostAnswersOf(event)];
    for (const trouble of troubles) await this.play(trouble, index, AT_ONCE);
  }

  private async playLate(trouble: Trouble, index: number, { events, isAdjourned, endedAt }: Played): Promise<void> {
    const event = events[index];
    for (const delay of LATE) {
      const found = event?.standings.get(delay);
      const beginning = found && `${index} ${found}`;
      const isKnown = beginning !== undefined && this.beginnings.has(beginning);
      // It went on like another one, whose late copies have been looked after.
      const isLikeAnother = event !== undefined && isAdjourned && event.sentAt + delay > endedAt;
      if (!this.options.inFull && (isKnown || (isLikeAnother && found === undefined))) {
        this.merged++;
        continue;
      }
      if (beginning) this.beginnings.add(beginning);
      const copied = (await this.play(trouble, index, delay)).events[index];
      if (trouble === NO_TROUBLE && copied && !this.scenario.isBrief) await this.playFaultsOfCopy(index, delay, copied);
    }
  }

  private async playFaultsOfCopy(index: number, delay: Delay, { calls, processes }: HeardEvent): Promise<void> {
    const ofCopy = calls.filter(({ by }) => by !== processes[0]);
    for (const trouble of faultsAt(ofCopy, true)) await this.play(trouble, index, delay);
  }

  private async play(trouble: Trouble, index: number, delay?: Delay): Promise<Played> {
    const { scenario, sum } = this;
    const step = troubled(scenario, trouble, index, delay);
    const steps = scenario.program.steps.map((each, at) => (at === scenario.tested ? { ...each, step } : each));
    const program = { ...scenario.program, steps };
    const variant = { name: `${scenario.name}: ${trouble.name}${delay === undefined ? '' : `, ${DELAY_NAMES[delay]}`}`, program };
    let court: StepCourt | undefined;
    const player = new Player(program, (world) => {
      world.watch(new Tally(sum));
      return (court = new StepCourt(world, this.hearingOf(step, index, delay !== undefined)));
    });
    await player.play().catch((error: unknown) => {
      if (!(error instanceof Adjourned)) throw error;
    });
    this.take(variant, step, court?.violations ?? []);
    const { clock, operationNumber } = player.world;
    sum.runs++;
    sum.operations += operationNumber;
    sum.virtualMs += clock.offset;
    return { events: court?.events ?? [], isAdjourned: court?.isAdjourned ?? false, endedAt: clock.now() };
  }

  private hearingOf(step: TestedStep, index: number, isCopied: boolean): Hearing {
    const { scenario, options, ends } = this;
    const common = { step, steps: scenario.program.steps.length, delays: LATE };
    if (options.inFull) return { ...common, ends: new Set(), middles: { known: [], found: new Set() } };
    const [alone, copied] = [this.middlesOf(`${index}`), this.middlesOf(`${index} copied`)];
    // What a copy has led to has not been followed by a late one.
    return { ...common, ends, middles: isCopied ? { known: [alone, copied], found: copied } : { known: [alone], found: alone } };
  }

  private middlesOf(which: string): Set<string> {
    const found = this.middles.get(which) ?? new Set<string>();
    this.middles.set(which, found);
    return found;
  }

  private take(variant: Variant, step: TestedStep, violations: readonly Violation[]): void {
    const key = JSON.stringify([step.faults, step.deliveries]);
    if (this.played.has(key)) return;
    this.played.add(key);
    this.options.told?.(variant, violations);
    const [violation] = violations;
    if (!violation) return;
    const what = `${violation.invariant}: ${violation.what}`;
    this.broken[what] = (this.broken[what] ?? 0) + 1;
    this.finding ??= { ...variant, invariant: violation.invariant };
  }
}

function troubled({ program, tested }: Scenario, { fault, delivery }: Trouble, event: number, delay: Delay | undefined): TestedStep {
  const step = program.steps[tested]?.step as TestedStep;
  const copies = delay === undefined ? [] : [delay];
  const whole: DeliveryFault = { event, copies, deaths: [], lostAnswers: 0, lostAfterwards: false, ...delivery };
  const isPlain = delay === undefined && delivery === undefined;
  return { ...step, faults: fault ? [fault] : [], deliveries: isPlain ? [] : [whole] };
}
