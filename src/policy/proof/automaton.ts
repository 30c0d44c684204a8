import { ANY_CHARACTER, ANY_TEXT, Pattern } from '../pattern';

/** Follows the patterns of a choice all at once, character by character. */

/** One step of a pattern: a character (or symbol) of its own, any one, or any number; these two perhaps not over a colon. */
type Step = { readonly unit: string; readonly forms: readonly string[] } | { readonly many: boolean; readonly overColon: boolean };

/** A pattern. */
export type Matcher = readonly Step[];

/** A question about a text: whether one of the patterns matches it. Equal names, equal patterns. */
export interface Choice {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

/** What is left to match, of all patterns of a choice. */
export interface State {
  readonly id: number;
  /** Whether the text matches if it ends here. */
  readonly accepts: boolean;
  /** Characters that lead elsewhere than those that are not here; the colon among them where a wildcard minds it. */
  readonly awaits: ReadonlySet<string>;
  /** Pattern by pattern the steps that may come next, in ascending order. */
  readonly positions: readonly (readonly [matcher: number, steps: readonly number[]])[];
}

/** No pattern can match any more, whatever follows. */
const NEVER: State = { id: 0, accepts: false, awaits: new Set(), positions: [] };
/** One of the patterns matches, whatever follows. */
const ALWAYS: State = { id: 1, accepts: true, awaits: new Set(), positions: [] };
const SETTLED = 2;

/** Whether nothing that follows changes the state. */
export function isSettled(state: State): boolean {
  return state === NEVER || state === ALWAYS;
}

export function matcherOf(pattern: Pattern, { ignoreCase = false, overColon = true } = {}): Matcher {
  return pattern.map((piece) => {
    if (piece === ANY_TEXT || piece === ANY_CHARACTER) return { many: piece === ANY_TEXT, overColon };
    const unit = piece as string;
    return { unit, forms: ignoreCase ? formsOf(unit) : [unit] };
  });
}

/** One matcher after the other, with colons between. */
export function joinedByColons(parts: readonly Matcher[]): Matcher {
  return parts.flatMap((steps, index) => (index === 0 ? steps : [{ unit: ':', forms: [':'] }, ...steps]));
}

/** Letters whose lower case is that of another letter, too: the Kelvin sign, the sign of the ångström, the capital sharp s. */
const MORE_FORMS: ReadonlyMap<string, string> = new Map([
  ['k', '\u212a'],
  ['\u00e5', '\u212b'],
  ['\u00df', '\u1e9e'],
]);

/** All characters that are the same where case does not count. Complete up to U+00FF, and where there is no case. */
function formsOf(unit: string): readonly string[] {
  const lower = unit.toLowerCase();
  const forms = [unit, lower, unit.toUpperCase(), MORE_FORMS.get(lower) ?? lower];
  return [...new Set(forms)].filter((form) => form === unit || (form.length === 1 && form.toLowerCase() === lower));
}

/** A deterministic automaton that is built as far as it is walked. */
export class Automaton {
  public readonly start: State;
  private readonly states = new Map<string, State>();
  /** By the state's id. */
  private readonly transitions: Map<string, State>[] = [];

  public constructor(private readonly choice: Choice) {
    this.start = this.stateOf(choice.matchers.map((matcher, index) => [index, beginning(matcher)]));
  }

  public next(state: State, unit: string): State {
    if (isSettled(state)) return state;
    // All characters that nobody waits for lead to the same state.
    const character = state.awaits.has(unit) ? unit : '';
    const transitions = this.transitions[state.id] ?? new Map<string, State>();
    this.transitions[state.id] = transitions;
    const known = transitions.get(character);
    if (known) return known;
    const after = this.stateOf(
      state.positions.flatMap(([index, positions]): State['positions'] => {
        const steps = advance(this.choice.matchers[index]!, positions, unit);
        return steps.length === 0 ? [] : [[index, steps]];
      }),
    );
    transitions.set(character, after);
    return after;
  }

  private stateOf(positions: State['positions']): State {
    const { matchers } = this.choice;
    if (positions.length === 0) return NEVER;
    if (positions.some(([index, steps]) => matchesAll(matchers[index]!, steps))) return ALWAYS;
    const key = positions.map(([index, steps]) => `${index}:${steps.join()}`).join(' ');
    const known = this.states.get(key);
    if (known) return known;
    const state: State = {
      id: SETTLED + this.states.size,
      accepts: positions.some(([index, steps]) => steps.includes(matchers[index]!.length)),
      awaits: new Set(positions.flatMap(([index, steps]) => steps.flatMap((at) => awaitedAt(matchers[index]![at])))),
      positions,
    };
    this.states.set(key, state);
    return state;
  }
}

/** Whether nothing but a `*` that takes everything is left; `needed` leaves no step before that. */
function matchesAll(matcher: Matcher, [first, second, ...rest]: readonly number[]): boolean {
  return first !== undefined && isOpenStar(matcher[first]) && second === matcher.length && rest.length === 0;
}

function awaitedAt(step: Step | undefined): readonly string[] {
  if (step === undefined) return [];
  return 'unit' in step ? step.forms : step.overColon ? [] : [':'];
}

function beginning(matcher: Matcher): readonly number[] {
  const positions: number[] = [];
  reach(matcher, positions, 0);
  return needed(matcher, positions);
}

/** @param positions ascending */
function advance(matcher: Matcher, positions: readonly number[], unit: string): readonly number[] {
  const next: number[] = [];
  for (const at of positions) {
    const step = matcher[at];
    if (step === undefined) continue;
    if ('unit' in step) {
      if (step.forms.includes(unit)) reach(matcher, next, at + 1);
    } else if (unit !== ':' || step.overColon) {
      reach(matcher, next, step.many ? at : at + 1);
    }
  }
  return needed(matcher, next);
}

/** Adds the step, which is none before the last one, and those that come after it when steps are left out that may be. */
function reach(matcher: Matcher, reached: number[], position: number): void {
  for (let at = position; ; at++) {
    const last = reached[reached.length - 1];
    if (last === undefined || at > last) reached.push(at);
    const step = matcher[at];
    if (step === undefined || 'unit' in step || !step.many) return;
  }
}

/** Without the steps before a `*` that takes everything, which can do all that they can. */
function needed(matcher: Matcher, positions: number[]): readonly number[] {
  for (let index = positions.length - 1; index > 0; index--) {
    if (isOpenStar(matcher[positions[index]!])) return positions.slice(index);
  }
  return positions;
}

function isOpenStar(step: Step | undefined): boolean {
  return step !== undefined && 'many' in step && step.many && step.overColon;
}
