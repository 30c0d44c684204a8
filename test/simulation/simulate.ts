import * as fc from 'fast-check';
import type { Invariant, Violation } from './invariants/catalogue';
import { INVARIANTS } from './invariants/catalogue';
import { Court } from './invariants/court';
import { programs } from './program/generate';
import { Player } from './program/play';
import type { Program } from './program/program';
import { programText, Story, timeOf } from './program/story';
import { Tally } from './tally';
import type { Sum } from './tally';

/** Long enough for the smallest program that a person will read. */
const SHRINKING_MS = 60_000;

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly startedAt: number;
  /** Only when asked for. */
  readonly story?: readonly string[];
}

/** Plays a program and judges it. @param sum what is counted is added to */
export async function run(program: Program, { sum, tell = false }: { readonly sum?: Sum; readonly tell?: boolean } = {}): Promise<Outcome> {
  let court: Court | undefined;
  let story: Story | undefined;
  const player = new Player(program, (world) => {
    court = new Court(world);
    if (sum) world.watch(new Tally(sum));
    if (!tell) return court;
    story = new Story(world);
    return story.told(court);
  });
  await player.play();
  const { clock, operationNumber } = player.world;
  if (sum) {
    sum.runs++;
    sum.operations += operationNumber;
    sum.virtualMs += clock.offset;
  }
  return { violations: court?.violations ?? [], startedAt: clock.start, story: story?.lines };
}

/** A program that breaks an invariant, as small as it gets. */
export interface Finding {
  readonly seed: number;
  readonly invariant: Invariant;
  readonly program: Program;
}

/** Plays the program of a seed; one that breaks an invariant is shrunk, as long as it breaks the same. */
export async function simulate(
  seed: number,
  { sum, shrinks = true }: { readonly sum?: Sum; readonly shrinks?: boolean } = {},
): Promise<Finding | undefined> {
  const programOfSeed = fc.noBias(programs);
  let broken: Invariant | undefined;
  const property = fc.asyncProperty(programOfSeed, async (program) => {
    const { violations } = await run(program, { sum: broken ? undefined : sum });
    broken ??= violations[0]?.invariant;
    return !violations.some(({ invariant }) => invariant === broken);
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, {
    seed,
    numRuns: 1,
    endOnFailure: !shrinks,
    interruptAfterTimeLimit: SHRINKING_MS,
    markInterruptAsFailure: false,
  });
  if (failed && !broken) throw errorInstance;
  if (!failed || !broken || !counterexample) return undefined;
  return { seed, invariant: broken, program: counterexample[0] };
}

/** The finding as a story that a person can follow. */
export async function storyOf(title: string, { invariant, program }: Pick<Finding, 'invariant' | 'program'>): Promise<string> {
  const { violations, startedAt, story = [] } = await run(program, { tell: true });
  const broken = violations.map(
    ({ invariant: name, what, at }) => `${timeOf(at - startedAt)}  ${name}: ${what}\n    (${INVARIANTS[name]})`,
  );
  return [title, programText(program), '', ...story, '', ...broken, '', `violated: ${invariant}`].join('\n');
}

/** The program of a seed, unshrunk, as a story. */
export async function replay(seed: number): Promise<{ readonly text: string; readonly violations: readonly Violation[] }> {
  const [program] = fc.sample(fc.noBias(programs), { seed, numRuns: 1 });
  if (!program) throw new Error('no program');
  const { violations, story = [] } = await run(program, { tell: true });
  return { text: [`seed ${seed}:`, programText(program), '', ...story].join('\n'), violations };
}
