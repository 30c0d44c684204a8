import { ANY_CHARACTER, ANY_TEXT, Pattern } from '../pattern';
import { unitsOf } from '../symbols';

/**
 * Cuts all texts into the cells that a list of patterns can tell apart, one text for each: exactly, by following all patterns at once,
 * character by character, until no new combination of positions turns up.
 */

/** One step of a matcher: a character (or symbol) of its own, any one, or any number; these two perhaps not over a colon. */
type Step = { readonly unit: string; readonly folded: string } | { readonly many: boolean; readonly overColon: boolean };

export interface Matcher {
  readonly steps: readonly Step[];
  readonly ignoreCase: boolean;
}

/** Which texts there are: those that begin with the prefix and go on with allowed characters. */
export interface Language {
  readonly prefix: string;
  /** Whether the character (one code point) may follow. @default - any */
  readonly allowed?: RegExp;
  /** Texts to show to people where they stand for their cell; those outside the language are not used. */
  readonly preferred: readonly string[];
}

export interface TextCells {
  /** One text for each cell. */
  readonly texts: readonly string[];
  /** Whether there is no other cell; `false` when there were too many to go on. */
  readonly exact: boolean;
}

/** In steps of one pattern over one character; some hundred times what ordinary policies need. */
const MAX_STEPS = 200_000;
/** Characters that no pattern mentions all behave the same; one of these stands for them. */
const OTHERS = [...'xyzw0987', '\u4e00', '\u4e01'];

export function matcherOf(pattern: Pattern, { ignoreCase = false, overColon = true } = {}): Matcher {
  return {
    ignoreCase,
    steps: pattern.map((piece) => {
      if (piece === ANY_TEXT || piece === ANY_CHARACTER) return { many: piece === ANY_TEXT, overColon };
      const unit = piece as string;
      return { unit, folded: unit.toLowerCase() };
    }),
  };
}

/** One matcher after the other, with colons between. */
export function joinedByColons(parts: readonly Matcher[]): Matcher {
  const colon: Step = { unit: ':', folded: ':' };
  return { ignoreCase: false, steps: parts.flatMap(({ steps }, index) => (index === 0 ? steps : [colon, ...steps])) };
}

export function textCells(matchers: readonly Matcher[], language: Language): TextCells {
  const found = new Map<string, string>();
  const keep = (signature: string, text: string) => !found.has(signature) && found.set(signature, text);
  const inside = (text: string) => text.startsWith(language.prefix) && unitsOf(text.slice(language.prefix.length)).every(allows(language));

  for (const text of language.preferred.filter(inside)) keep(signatureOf(run(matchers, start(matchers), text), matchers), text);
  if (matchers.length === 0) return { texts: [...(found.size > 0 ? found.values() : [language.prefix])], exact: true };
  const exact = explore(matchers, language, keep);
  return { texts: [...found.values()], exact };
}

/** For each matcher the steps that may come next, in ascending order. */
type Positions = readonly (readonly number[])[];

function explore(matchers: readonly Matcher[], language: Language, keep: (signature: string, text: string) => unknown): boolean {
  const alphabet = alphabetOf(matchers).filter(allows(language));
  const first = run(matchers, start(matchers), language.prefix);
  const queue: [Positions, string][] = [[first, language.prefix]];
  const seen = new Set([keyOf(first)]);
  for (let next = 0; next < queue.length; next++) {
    if (next * alphabet.length * matchers.length > MAX_STEPS) return false;
    const [positions, text] = queue[next]!;
    keep(signatureOf(positions, matchers), text);
    for (const unit of alphabet) {
      const after = matchers.map((matcher, index) => advance(matcher, positions[index] ?? [], unit));
      const key = keyOf(after);
      if (!seen.has(key)) {
        seen.add(key);
        queue.push([after, text + unit]);
      }
    }
  }
  return true;
}

function keyOf(positions: Positions): string {
  return positions.join('|');
}

function allows({ allowed }: Language): (unit: string) => boolean {
  return (unit) => allowed === undefined || allowed.test(unit);
}

function alphabetOf(matchers: readonly Matcher[]): string[] {
  const mentioned = new Set([':']);
  for (const { steps, ignoreCase } of matchers) {
    for (const step of steps) {
      if (!('unit' in step)) continue;
      mentioned.add(step.unit);
      if (ignoreCase) for (const form of [step.folded, step.unit.toUpperCase()]) if ([...form].length === 1) mentioned.add(form);
    }
  }
  // Two, so that one is left where only letters or only digits are allowed.
  const others = [/\D/, /\d/].flatMap((kind) => OTHERS.find((other) => kind.test(other) && !mentioned.has(other)) ?? []);
  return [...others, ...mentioned];
}

function start(matchers: readonly Matcher[]): Positions {
  return matchers.map((matcher) => closed(matcher, [0]));
}

function run(matchers: readonly Matcher[], from: Positions, text: string): Positions {
  return unitsOf(text).reduce<Positions>((at, unit) => matchers.map((matcher, index) => advance(matcher, at[index] ?? [], unit)), from);
}

function advance(matcher: Matcher, positions: readonly number[], unit: string): readonly number[] {
  const next = positions.flatMap((at) => {
    const step = matcher.steps[at];
    if (step === undefined) return [];
    if ('unit' in step) return step.unit === unit || (matcher.ignoreCase && step.folded === unit.toLowerCase()) ? [at + 1] : [];
    return unit === ':' && !step.overColon ? [] : [step.many ? at : at + 1];
  });
  return next.length === 0 ? next : closed(matcher, next);
}

/** With the steps that may be left out; and without those before a `*` that takes everything, which can do all that they can. */
function closed({ steps }: Matcher, positions: readonly number[]): readonly number[] {
  const all = new Set<number>();
  for (const position of positions) {
    let at = position;
    all.add(at);
    for (let step = steps[at]; step !== undefined && 'many' in step && step.many; step = steps[at]) all.add(++at);
  }
  const sorted = [...all].sort((a, b) => a - b);
  const last = sorted.map((at) => isOpenStar(steps[at])).lastIndexOf(true);
  return last > 0 ? sorted.slice(last) : sorted;
}

function isOpenStar(step: Step | undefined): boolean {
  return step !== undefined && 'many' in step && step.many && step.overColon;
}

function signatureOf(positions: Positions, matchers: readonly Matcher[]): string {
  return matchers.map(({ steps }, index) => (positions[index]?.includes(steps.length) ? '1' : '0')).join('');
}
