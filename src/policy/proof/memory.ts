/**
 * Answers about parts of policies, which many questions about the same policy share. An answer is forgotten with the first of the
 * objects that it is about; the objects never change.
 */
export class Memory<T> {
  private readonly answers = new WeakMap<object, Map<string, T>>();

  /** @param more what else the answer hangs on */
  public recall(about: readonly object[], more: string, find: () => T): T {
    const first = about[0] ?? NOTHING;
    const known = this.answers.get(first) ?? new Map<string, T>();
    this.answers.set(first, known);
    const key = `${about.map(idOf).join()} ${more}`;
    if (!known.has(key)) {
      if (known.size >= MAX_ANSWERS) known.clear();
      known.set(key, find());
    }
    return known.get(key) as T;
  }
}

/** About nothing in particular, and so never forgotten. */
const NOTHING = {};
/** About one object; many times what a policy is asked. */
const MAX_ANSWERS = 2000;
const IDS = /* @__PURE__ */ new WeakMap<object, number>();
let lastId = 0;

function idOf(object: object): number {
  const known = IDS.get(object);
  if (known !== undefined) return known;
  lastId += 1;
  IDS.set(object, lastId);
  return lastId;
}
