import { Address, networkOf } from '../ip-network';
import { dateOf, numberOf } from '../operators';

/** Cuts what has an order (numbers, dates, addresses) at every constant: the constants, a value between each two, and both ends. */

/** One value for each cell, ascending. Values below `from` there are none. */
export function numberCells(constants: readonly number[], from = Number.NEGATIVE_INFINITY): number[] {
  const cuts = [...new Set(constants.filter((value) => Number.isFinite(value) && value >= from))].sort((a, b) => a - b);
  const [first, last] = [cuts[0], cuts[cuts.length - 1]];
  if (first === undefined || last === undefined) return [Math.max(0, from)];
  const inner = cuts.flatMap((cut, index) => [cut, ...valueBetween(cut, cuts[index + 1])]);
  return [beyond(first, -1), ...inner, beyond(last, 1)].filter((value) => Number.isFinite(value) && value >= from);
}

/** None, where two constants are neighbours among the numbers that can be told apart. */
function valueBetween(a: number, b: number | undefined): number[] {
  const middle = b === undefined ? Number.NaN : a / 2 + b / 2;
  return b !== undefined && middle > a && middle < b ? [middle] : [];
}

function beyond(value: number, sign: 1 | -1): number {
  return value + sign === value ? value + sign * Math.abs(value) : value + sign;
}

/** Texts of numbers, one for each cell that these constants make. */
export function numberTexts(constants: readonly string[]): string[] {
  return numberCells(constants.map((text) => numberOf(text) ?? Number.NaN)).map(String);
}

const DAY_MS = 86_400_000;
const ANY_TIME = Date.UTC(2020, 0, 1);

/** Texts of points in time, one for each cell that these constants make. */
export function dateTexts(constants: readonly string[]): string[] {
  const times = constants.map((text) => dateOf(text) ?? Number.NaN).filter(Number.isFinite);
  if (times.length === 0) return [timeText(ANY_TIME)];
  const ends = [Math.min(...times) - DAY_MS, Math.max(...times) + DAY_MS];
  // A day away from the first and the last is easier to read than a millisecond.
  const cells = numberCells([...times, ...ends]).slice(1, -1);
  return cells
    .map((time) => timeText(times.includes(time) ? time : readableTime(time, times)))
    .filter((text) => dateOf(text) !== undefined);
}

function readableTime(time: number, times: readonly number[]): number {
  return times.includes(Math.floor(time)) ? time : Math.floor(time);
}

/** ISO 8601 where the year has four digits, else seconds since 1970; nothing for what neither can say. */
function timeText(time: number): string {
  const date = new Date(time);
  const iso = Number.isInteger(time) && !Number.isNaN(date.getTime()) ? date.toISOString() : '';
  return /^\d{4}-/.test(iso) ? iso : String(time / 1000);
}

/** The first address of every network, and the one after its last: only there the answer can change. Both families. */
export function addressTexts(networks: readonly string[]): string[] {
  const edges = networks.flatMap(edgesOf);
  const always: Address[] = [
    // 198.51.100.1, an address for documentation (RFC 5737), reads better in an example than 0.0.0.0.
    { bits: 32, value: 0xc6336401n },
    { bits: 32, value: 0n },
    { bits: 128, value: 0n },
  ];
  return [...new Set([...always, ...edges].map(addressText))];
}

function edgesOf(text: string): Address[] {
  const network = networkOf(text);
  if (network === undefined) return [];
  const { bits, size } = network;
  const value = (network.value / size) * size;
  const end = value + size;
  return [value, ...(end < 2n ** BigInt(bits) ? [end] : [])].map((edge) => ({ bits, value: edge }));
}

function addressText({ bits, value }: Address): string {
  const [count, size] = bits === 32 ? [4, 256n] : [8, 65_536n];
  const groups = Array.from({ length: count }, (_, index) => (value / size ** BigInt(count - 1 - index)) % size);
  return bits === 32 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':');
}
