import * as fs from 'node:fs';

/** What tells a process from every other one. Ids are used again, so where the system says it, the time of the start belongs to it. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since the system's start, as Linux counts. Absent elsewhere. */
  readonly startTime?: string;
}

export interface ProcessStatus {
  /** One letter; `Z` is a process that has ended and that its parent has not asked about. */
  readonly state: string;
  readonly startTime: string;
}

const ENDED = ['Z', 'X'];

export function ownMark(): ProcessMark {
  const startTime = readStatus(process.pid)?.startTime;
  return { pid: process.pid, ...(startTime !== undefined && { startTime }) };
}

/** `pid startTime`, or `pid` alone. */
export function writeMark({ pid, startTime }: ProcessMark): string {
  return startTime === undefined ? String(pid) : `${pid} ${startTime}`;
}

export function parseMark(text: string): ProcessMark | undefined {
  const [, pid, startTime] = /^(\d+)(?: (\d+))?\s*$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), ...(startTime !== undefined && { startTime }) };
}

/** Whether the very process still runs; a later one with the same id is another one. */
export function isRunning({ pid, startTime }: ProcessMark, statusOf: typeof readStatus = readStatus): boolean {
  const status = statusOf(pid);
  if (!status) return takesSignals(pid);
  return !ENDED.includes(status.state) && (startTime === undefined || startTime === status.startTime);
}

/**
 * Reads a line of `/proc/<pid>/stat` (proc_pid_stat(5)): the state is its third field, the start its 22nd. The second one is the
 * program's name in brackets, which may contain spaces and brackets itself.
 */
export function parseStatus(stat: string): ProcessStatus | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[22 - 3]];
  return state && startTime ? { state, startTime } : undefined;
}

function readStatus(pid: number): ProcessStatus | undefined {
  try {
    return parseStatus(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
