/** Which numbers of days people mean, and which ones stand beside them by a slip. */

/** How likely it is that somebody means just that number of days. */
enum Roundness {
  NONE,
  FIVES,
  WEEKS_OR_TENS,
  YEARS_WITH_LEAP_DAYS,
  MONTHS,
  YEARS,
}

const DAYS_OF_A_YEAR = 365;
const MAX_MONTHS_IN_DAYS = 360;

function roundness(days: number): Roundness {
  if (!Number.isInteger(days) || days <= 1) return Roundness.NONE;
  if (days % DAYS_OF_A_YEAR === 0) return Roundness.YEARS;
  if (days % 30 === 0 && days <= MAX_MONTHS_IN_DAYS) return Roundness.MONTHS;
  if (isCalendarYears(days)) return Roundness.YEARS_WITH_LEAP_DAYS;
  if (days % 10 === 0 || days % 7 === 0) return Roundness.WEEKS_OR_TENS;
  return days % 5 === 0 ? Roundness.FIVES : Roundness.NONE;
}

/** So many years in a row have that many days, one leap day in four years. */
function isCalendarYears(days: number): boolean {
  const years = Math.floor(days / DAYS_OF_A_YEAR);
  const leapDays = days - years * DAYS_OF_A_YEAR;
  return years > 0 && leapDays > 0 && leapDays >= Math.floor(years / 4) && leapDays <= Math.ceil(years / 4);
}

/**
 * The number of days that was probably meant, when it is one day away.
 *
 * @param held archives are kept until they have that age, in days
 * @param written the number in the policy: `held` itself, or a day less where the policy says "or equal"
 * @param said what the statement's name says
 */
export function meantDays(held: number, written: number, said: SaidDays | undefined): number | undefined {
  if (said?.unit === 'days') return Math.abs(said.count - held) === 1 ? said.count : otherwiseMeant(held, written, said);
  return otherwiseMeant(held, written, said);
}

function otherwiseMeant(held: number, written: number, said: SaidDays | undefined): number | undefined {
  if (said?.unit === 'days' && said.count === held) return undefined;
  if (written === held - 1) return roundness(written) > roundness(held) ? written : undefined;
  if (roundness(held) >= Roundness.YEARS_WITH_LEAP_DAYS) return undefined;
  if (roundness(held + 1) >= Roundness.MONTHS) return held + 1;
  return roundness(held - 1) === Roundness.YEARS ? held - 1 : undefined;
}

export interface SaidDays {
  readonly count: number;
  readonly unit: 'days' | 'other';
}

/** A bare number is a number of days only from here on: smaller ones count statements. */
const LEAST_BARE_NUMBER = 28;

/** What a name such as "Retain365Days" says. */
export function saidDays(name: string | undefined): SaidDays | undefined {
  const [, count, unit] = /(\d+)[\s_-]*(days?|d\b|months?|years?|yrs?|y\b)/i.exec(name ?? '') ?? [];
  if (count !== undefined) return { count: Number(count), unit: /^d/i.test(unit ?? '') ? 'days' : 'other' };
  const bare = Number(/\d+/.exec(name ?? '')?.[0] ?? Number.NaN);
  return bare >= LEAST_BARE_NUMBER ? { count: bare, unit: 'days' } : undefined;
}
