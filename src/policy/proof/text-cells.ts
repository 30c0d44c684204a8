import { Automaton, Choice, isSettled, State } from './automaton';
import { unitsOf } from '../symbols';

/**
 * Cuts all texts into the cells that a list of choices can tell apart, one text for each: exactly, by following all of them at once,
 * character by character, until no new combination of states turns up.
 */

/** Which texts there are: those that begin with the prefix and go on with allowed characters. */
export interface Language {
  readonly prefix: string;
  /** Whether the character (one code point) may follow. @default - any */
  readonly allowed?: RegExp;
  /** Whether something has to follow. @default false */
  readonly goesOn?: boolean;
  /** Texts to show to people where they stand for their cell; those outside the language are not used. */
  readonly preferred: readonly string[];
}

export interface TextCells {
  /** One text for each cell. */
  readonly texts: readonly string[];
  /** Whether there is no other cell; `false` when there were too many to go on. */
  readonly exact: boolean;
}

/** In steps of one choice over one character, for one list of choices; some hundred times what ordinary policies need. */
const MAX_STEPS = 200_000;

export function textCells(choices: readonly Choice[], language: Language): TextCells {
  return textCutter(choices)(language);
}

/** The same for several languages, which share what has been found out about the choices, and the limit. */
export function textCutter(choices: readonly Choice[]): (language: Language) => TextCells {
  const automata = distinct(choices).map((choice) => new Automaton(choice));
  const budget = { steps: MAX_STEPS };
  return (language) => {
    const found = new Map<string, string>();
    const keep = (states: readonly State[], text: string) => {
      const signature = states.map(({ accepts }) => (accepts ? '1' : '0')).join('');
      if (!found.has(signature)) found.set(signature, text);
    };
    for (const text of language.preferred) if (isText(language, text)) keep(statesAfter(automata, text), text);
    if (automata.length === 0) return { texts: [...(found.size > 0 ? found.values() : [language.prefix])], exact: true };
    const exact = explore(automata, language, keep, budget);
    return { texts: [...found.values()], exact };
  };
}

function isText({ prefix, allowed, goesOn }: Language, text: string): boolean {
  if (!text.startsWith(prefix) || (goesOn && text === prefix)) return false;
  return allowed === undefined || unitsOf(text.slice(prefix.length)).every((unit) => allowed.test(unit));
}

/** Policies repeat their lists from statement to statement. */
function distinct(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices.map((choice) => [choice.name, choice])).values()];
}

function statesAfter(automata: readonly Automaton[], text: string): readonly State[] {
  const units = unitsOf(text);
  return automata.map((automaton) => units.reduce<State>((state, unit) => automaton.next(state, unit), automaton.start));
}

function explore(
  automata: readonly Automaton[],
  language: Language,
  keep: (states: readonly State[], text: string) => void,
  budget: { steps: number },
): boolean {
  const first = statesAfter(automata, language.prefix);
  const queue: [readonly State[], string][] = [[first, language.prefix]];
  const seen = new Set<string>();
  if (!language.goesOn) {
    seen.add(keyOf(first));
    keep(first, language.prefix);
  }
  for (let at = 0; at < queue.length; at++) {
    const [states, text] = queue[at]!;
    if (at > 0 && states.every(isSettled)) continue;
    for (const unit of unitsAfter(states, language)) {
      budget.steps -= states.length;
      if (budget.steps < 0) return false;
      const after = states.map((state, index) => automata[index]!.next(state, unit));
      const key = keyOf(after);
      if (seen.has(key)) continue;
      seen.add(key);
      keep(after, text + unit);
      queue.push([after, text + unit]);
    }
  }
  return true;
}

function keyOf(states: readonly State[]): string {
  return states.map(({ id }) => id).join();
}

/** The characters that may follow and that the states tell apart: those that one of them waits for, and one for all others. */
function unitsAfter(states: readonly State[], { allowed }: Language): string[] {
  const awaited = new Set<string>();
  for (const state of states) for (const unit of state.awaits) awaited.add(unit);
  const isAllowed = (unit: string) => allowed === undefined || allowed.test(unit);
  const other = otherThan(awaited, isAllowed);
  return [...(other === undefined ? [] : [other]), ...[...awaited].filter(isAllowed)];
}

/** Readable ones first. */
const OTHERS = [...'xyzw0987abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ123456-_.,+=@/'];

/** A character that none waits for, and so stands for all of them; none where only awaited ones are allowed. */
function otherThan(awaited: ReadonlySet<string>, isAllowed: (unit: string) => boolean): string | undefined {
  const readable = OTHERS.find((unit) => !awaited.has(unit) && isAllowed(unit));
  if (readable !== undefined) return readable;
  // Whatever is allowed is a class of ASCII characters, or everything: there is always one beyond the awaited ones.
  for (let code = 0x4e00; code <= 0x4e00 + awaited.size; code++) {
    const unit = String.fromCodePoint(code);
    if (!awaited.has(unit)) return isAllowed(unit) ? unit : undefined;
  }
  return undefined;
}
