/** One line of the endpoint's call log. */
export interface Call {
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly outcome: string;
}

/** The calls of one operation by one kind of caller. */
export interface Tally {
  readonly by: 'functions' | 'CLI';
  readonly operation: string;
  readonly answered: number;
  /** Refused because of the rate: each of them was tried again, or its caller gave up. */
  readonly throttled: number;
}

const THROTTLED = ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'SlowDown', 'RequestLimitExceeded', 'Throttled'];
/** Functions are called after their logical id, which the library does not let change. */
const FUNCTION_SESSION = /-CdkVaultLock(Glacier|Backup)Handler/;

/** What the log has more than at the last look. It forgets its oldest lines, so a place in it does not tell. */
export function newCalls(log: readonly Call[], last: readonly Call[]): Call[] {
  const latest = last.at(-1)?.at;
  if (latest === undefined) return [...log];
  const seen = last.filter(({ at }) => at === latest).length;
  const from = log.findIndex(({ at }) => at >= latest);
  if (from < 0) return [];
  const atThatMoment = log.slice(from).filter(({ at }) => at === latest).length;
  return log.slice(from + Math.min(seen, atThatMoment));
}

/** Most calls first. */
export function tally(calls: readonly Call[]): Tally[] {
  const tallies = new Map<string, { by: Tally['by']; operation: string; answered: number; throttled: number }>();
  for (const { service, operation, caller, outcome } of calls) {
    const by = FUNCTION_SESSION.test(caller) ? 'functions' : 'CLI';
    const key = `${by} ${service}:${operation}`;
    const entry = tallies.get(key) ?? { by, operation: `${service}:${operation}`, answered: 0, throttled: 0 };
    if (THROTTLED.includes(outcome)) entry.throttled += 1;
    else entry.answered += 1;
    tallies.set(key, entry);
  }
  return [...tallies.values()].sort((a, b) => b.answered + b.throttled - (a.answered + a.throttled));
}
